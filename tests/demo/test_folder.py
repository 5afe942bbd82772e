import contextlib
from pathlib import Path

import pytest

from demo.failure import DemoFailure
from demo.folder import data_folder, picture_count


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))


def put_picture(data: Path) -> None:
    (data / "pictures" / "17").mkdir(parents=True)
    (data / "pictures" / "17" / "grid.png").touch()


def test_a_temporary_folder_with_pictures_stays() -> None:
    with data_folder(None) as data:
        put_picture(data)
    assert picture_count(data) == 1


def test_one_without_is_removed(tmp_path: Path) -> None:
    with data_folder(None) as data:
        (data / "atelier.log").touch()
        (data / "pictures").mkdir()
    assert list(tmp_path.iterdir()) == []


def test_after_a_failure_it_stays_for_its_log() -> None:
    opened = contextlib.ExitStack()
    data = opened.enter_context(data_folder(None))
    with pytest.raises(DemoFailure), opened:
        raise DemoFailure("The bot has ended by itself.")
    assert data.exists()


def test_a_folder_of_the_persons_own_stays_in_any_case(tmp_path: Path) -> None:
    with data_folder(tmp_path / "mine") as data:
        pass
    assert data == (tmp_path / "mine").resolve()
    assert data.exists()
