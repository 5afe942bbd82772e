"""The exported gallery in a real browser: plain files, without a server."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from cli.commands import parse
from cli.exit import Exit
from cli.gallery import export
from domain.collection import Favourite
from tests.browser.chromium import Tab
from tests.browser.test_gallery import NASTY, SHOWN, five_pictures, many
from tests.gallery.gallery_harness import ANN, GalleryHarness, open_gallery

pytestmark = [pytest.mark.browser, pytest.mark.long]


@pytest.fixture
async def harness(tmp_path: Path) -> AsyncGenerator[GalleryHarness]:
    async with open_gallery(tmp_path) as opened:
        yield opened


async def test_exported_files_are_looked_at_without_a_server(
    harness: GalleryHarness, tab: Tab
) -> None:
    row = await harness.made("a red fox")
    folder = harness.folder / "files"
    arguments = parse(["export", "--html", str(folder)])
    assert await export(harness.settings, arguments) == Exit.DONE
    await tab.open((folder / "index.html").as_uri())
    await tab.until("document.querySelector('.card img')?.naturalWidth === 64")
    assert "UTC" not in await tab.run("document.querySelector('time').textContent")
    await tab.click(".card .picture")
    await tab.until(f"location.pathname.endsWith('/g/{row.code}.html')")
    await five_pictures(tab, [[96, 64]] * 5)
    assert not await tab.run("document.querySelector('button.copy').hidden")


async def test_exported_files_are_searched_without_a_server(
    harness: GalleryHarness, tab: Tab
) -> None:
    await many(harness, 130)
    fox = await harness.made("a red FOX in snow")
    bens = await harness.made(f"a fox {NASTY}", author_id=302, author_name="Ben")
    kept = Favourite(person_id=ANN, generation_id=fox.id, kept=True)
    await harness.worker.store.collection.set_favourite(kept, fence=None)
    folder = harness.folder / "files"
    arguments = parse(["export", "--html", str(folder)])
    assert await export(harness.settings, arguments) == Exit.DONE
    index = (folder / "index.html").as_uri()
    await tab.open(index)
    await tab.press("/")
    await tab.type("fox")
    await tab.press("Enter")
    await tab.until(f'JSON.stringify({SHOWN}) === \'["{bens.code}","{fox.code}"]\'')
    assert await tab.run("document.querySelector('.about b, .about script')") is None
    assert "UTC" not in await tab.run("document.querySelector('time').textContent")
    await tab.open(f"{index}?by=Ben&state=done")
    await tab.until(f"JSON.stringify({SHOWN}) === '[\"{bens.code}\"]'")
    await tab.open(f"{index}?state=favourites&q=RED")
    await tab.until(f"JSON.stringify({SHOWN}) === '[\"{fox.code}\"]'")
    await tab.open(f"{index}?q=nowhere")
    await tab.until("document.querySelector('.more').textContent.startsWith('Nothing matches')")
    await tab.click(".clear")
    await tab.until("document.querySelectorAll('.card').length === 60")
    await tab.open(f"{index}?q=long")
    await tab.run("setInterval(() => scrollTo(0, document.body.scrollHeight), 20); 0")
    await tab.until("document.querySelectorAll('.card').length === 130")
    await tab.until("document.querySelector('.more').textContent === 'That\\'s all.'")
