"""A picture in the folder is there whole or not at all, whatever crashes or is full."""

import os
import resource
import shutil
import tempfile
from collections.abc import Generator
from pathlib import Path

import pytest

from domain.errors import StoreUnavailable
from services.storage import folder as module
from services.storage.folder import FolderImageStore
from tests.pictures import png
from tests.unit.services.storage.folder_harness import ID, KEY, names


@pytest.fixture
def other_disk() -> Generator[Path]:
    """Yield a folder on another disk, to which no file of ours can be moved."""
    with tempfile.TemporaryDirectory(dir="/dev/shm") as path:
        yield Path(path)


async def test_who_reads_the_old_picture_reads_it_to_its_end(
    store: FolderImageStore, folder: Path, source: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.png"
    shutil.copy(source, other)
    await store.put(KEY, source)
    with (folder / KEY).open("rb") as reader, other.open("ab") as longer:
        longer.write(b"more")
        longer.flush()
        await store.put(KEY, other)
        assert reader.read() == png()
    assert (folder / KEY).read_bytes() == png() + b"more"


async def test_a_picture_is_not_written_twice(
    store: FolderImageStore, folder: Path, source: Path
) -> None:
    await store.put(KEY, source)
    assert os.stat(folder / KEY).st_ino == os.stat(source).st_ino  # noqa: PTH116 -- a test may wait
    os.unlink(source)  # noqa: PTH108 -- as above
    assert (folder / KEY).read_bytes() == png()
    assert names(folder) == {KEY}


async def test_a_picture_from_another_disk_is_copied(
    store: FolderImageStore, folder: Path, other_disk: Path
) -> None:
    source = other_disk / "source.png"
    source.write_bytes(png())
    assert os.stat(source).st_dev != os.stat(folder).st_dev  # noqa: PTH116 -- a test may wait
    await store.put(KEY, source)
    assert (folder / KEY).read_bytes() == source.read_bytes() == png()
    assert names(folder) == {KEY}


@pytest.mark.fault(name="F17")
async def test_a_picture_that_does_not_fit_leaves_the_old_one_whole(
    store: FolderImageStore, folder: Path, source: Path, other_disk: Path
) -> None:
    await store.put(KEY, source)
    big = other_disk / "big.png"
    big.write_bytes(bytes(100_000))
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, before[1]))
    try:
        with pytest.raises(StoreUnavailable):
            await store.put(KEY, big)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert names(folder) == {KEY}
    assert (folder / KEY).read_bytes() == png()


async def test_a_folder_that_cannot_be_made_makes_the_store_unavailable(
    store: FolderImageStore, folder: Path, source: Path
) -> None:
    shutil.copy(source, folder / ID)  # in the way
    with pytest.raises(StoreUnavailable):
        await store.put(KEY, source)
    assert names(folder) == {ID}


@pytest.fixture
def synced(folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Say what is flushed to the disk, and whether the picture has its name by then."""
    steps: list[str] = []
    real = module.flush

    def sync(path: Path) -> None:
        there = "named" if (folder / KEY).exists() else "unnamed"
        steps.append(f"{there} {'file' if path.is_file() else path.name}")
        real(path)

    monkeypatch.setattr(module, "flush", sync)
    return steps


async def test_the_bytes_are_on_the_disk_before_the_name_and_the_name_before_the_return(
    store: FolderImageStore, source: Path, synced: list[str]
) -> None:
    """A power cut leaves no picture of zeros, and none that the database alone knows of."""
    await store.put(KEY, source)
    assert synced == ["unnamed file", f"named {ID}", "named pictures"]


async def test_the_name_of_a_generations_folder_is_flushed_once(
    store: FolderImageStore, source: Path, synced: list[str]
) -> None:
    """Unless the folder was made again meanwhile, or by a process before that one."""
    for key in (KEY, f"{ID}/upscale_1.png"):
        await store.put(key, source)
    assert synced.count("named pictures") == 1
    await store.delete([KEY, f"{ID}/upscale_1.png"])
    await store.put(KEY, source)
    assert synced.count("named pictures") == 2
    await FolderImageStore(store._folder, store._server).put(KEY, source)  # pyright: ignore[reportPrivateUsage] -- a process after it
    assert synced.count("named pictures") == 3


async def test_no_file_is_made_for_a_picture_that_only_gets_a_second_name(
    store: FolderImageStore, folder: Path, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Path] = []

    def touch(path: Path, *, exist_ok: bool = True) -> None:
        made.append(path)
        path.open("xb" if not exist_ok else "ab").close()

    monkeypatch.setattr(Path, "touch", touch)
    await store.put(KEY, source)
    assert made == []
    assert (folder / KEY).samefile(source)
