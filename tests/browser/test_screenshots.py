"""`dev.py screenshots` takes the pictures of the pages."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from tests.browser import screenshots
from tests.browser.chromium import program

MOST_BYTES = 400_000


def test_without_a_chromium_it_says_what_is_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(screenshots, "program", lambda: None)
    assert screenshots.main([str(tmp_path / "shots")]) == 1
    assert capsys.readouterr().err.startswith("Screenshots need a Chromium, one of: chromium, ")
    assert not (tmp_path / "shots").exists()


@pytest.mark.browser
@pytest.mark.long
@pytest.mark.timeout(240)
def test_every_shot_is_taken_in_its_size(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if program() is None:
        pytest.skip("there is no Chromium")
    assert screenshots.main([str(tmp_path)]) == 0
    sizes: dict[str, tuple[int, int]] = {}
    for path in tmp_path.iterdir():
        with Image.open(path) as image:
            sizes[path.name] = image.size
        assert path.stat().st_size < MOST_BYTES
    wide, phone = (1440, 900), (390, 844)
    assert sizes == {
        f"{page}{kind}.webp": phone if kind == "-phone" else wide
        for page in ("gallery", "opened", "channel")
        for kind in ("", "-dark", "-phone")
    } | {"trouble.webp": wide}
    assert capsys.readouterr().out.count(" kB") == len(sizes)
