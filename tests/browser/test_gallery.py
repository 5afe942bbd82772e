"""The gallery in a real browser: it moves, scrolls, opens, and can be used by everybody."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any
from unittest.mock import AsyncMock

import pytest
from yarl import URL

from benchmarks.gallery import fill
from domain.errors import PicturesGone
from domain.generation import Generation, Origin, OriginKind, Problem, ProblemKind
from domain.slots import Slot
from sandbox import Sandbox
from services.clock import SystemClock
from services.updates import GenerationUpdate
from tests.browser.chromium import Tab
from tests.gallery.gallery_harness import (
    ANN,
    CHANNEL,
    SECRET,
    GalleryHarness,
    open_gallery,
)
from tests.integration.conftest import running, settings
from tests.pictures import png
from tools import environment

pytestmark = [pytest.mark.browser, pytest.mark.long]

NASTY = '<script>document.title="hacked"</script><img src=x onerror="document.title=1">'
LONG = "w" * 900
RIGHT_TO_LEFT = "שועל אדום בשלג"
AXE = environment.VENV / "supabase-lite/node_modules/axe-core/axe.min.js"
GRAVE = {"serious", "critical"}
SIZES = "[...document.querySelectorAll('.full img')].map(i => [i.naturalWidth, i.naturalHeight])"
SHOWN = "[...document.querySelectorAll('.card')].map(card => card.dataset.code)"
PRESSED = "document.querySelector('.star button').ariaPressed"
ANSWERED = "performance.getEntriesByType('resource').filter(one => one.name.endsWith('/star'))"
WATCH = """
    window.seen = [];
    (function look() {
        const bar = document.querySelector("progress");
        if (bar !== null) seen.push(bar.value);
        requestAnimationFrame(look);
    })()
"""


@pytest.fixture
async def harness(tmp_path: Path) -> AsyncGenerator[GalleryHarness]:
    async with open_gallery(tmp_path) as opened:
        yield opened


async def many(harness: GalleryHarness, number: int) -> None:
    """Add so many generations at once; all show one grid."""
    await harness.made("the first")
    fill(harness.folder / "atelier.sqlite3", number)


async def five_pictures(tab: Tab, sizes: list[list[int]]) -> None:
    """Wait until the five are loaded in full, in their true sizes."""
    await tab.until("document.querySelectorAll('.full img').length === 5")
    await tab.run("document.querySelectorAll('img').forEach(one => one.loading = 'eager')")
    await tab.until(f"JSON.stringify({SIZES}) === '{json.dumps(sizes, separators=(',', ':'))}'")


async def audit(tab: Tab) -> list[str]:
    """Return what would keep people from using the page, by axe-core."""
    if not AXE.is_file():
        pytest.skip("axe-core is not installed: run `python3 dev.py test` once")
    await tab.run(AXE.read_text(encoding="utf-8") + ";1")
    found: list[dict[str, Any]] = await tab.run("axe.run().then(told => told.violations)")
    return [f"{one['id']}: {one['nodes'][0]['html']}" for one in found if one["impact"] in GRAVE]


async def test_a_generation_moves_arrives_and_opens(harness: GalleryHarness, tab: Tab) -> None:
    await tab.open(harness.url("/"))
    await tab.until("document.querySelector('.empty')")
    row = await harness.painting("a red fox")
    harness.gallery.hear(GenerationUpdate(row))
    await tab.until("document.querySelector('.card')")
    assert await tab.run("document.querySelector('.empty')") is None
    for percent, whole in ((31, "33%"), (62, "41%")):
        harness.gallery.hear(GenerationUpdate(row, percent=percent))
        await tab.until(f"document.querySelector('.percent').textContent === '{whole}'")
    for slot in Slot:
        row = await harness.stored(row, slot, png())
        harness.gallery.hear(GenerationUpdate(row))
    await tab.until("!document.querySelector('progress')")
    await tab.until("document.querySelector('.card img')?.naturalWidth === 48")
    await tab.click(".card .picture")
    await five_pictures(tab, [[64, 48]] * 5)


async def test_an_opened_generation_moves_too(harness: GalleryHarness, tab: Tab) -> None:
    row = await harness.painting("a red fox")
    await tab.open(harness.url(f"/g/{row.code}"))
    harness.gallery.hear(GenerationUpdate(row, percent=48))
    await tab.until("document.querySelector('progress').value === 37")
    row = await harness.stored(row, Slot.GRID, png())
    harness.gallery.hear(GenerationUpdate(row))
    await tab.until("document.querySelector('.full.grid img')?.naturalWidth === 64")


async def test_a_card_has_its_place_by_when_it_was_asked_for(
    harness: GalleryHarness, tab: Tab
) -> None:
    rows: list[Generation] = []
    for number in range(30):
        rows.append(await harness.made(f"number {number}"))
        harness.clock.jump(1)
    await tab.open(harness.url("/"))
    newer = await harness.asked("the newest")
    harness.gallery.hear(GenerationUpdate(rows[0]))  # it is on the second page
    harness.gallery.hear(GenerationUpdate(newer))
    await tab.until("document.querySelector('.card .prompt').textContent === 'the newest'")
    shown = [row.code for row in reversed([*rows, newer])]
    assert (await tab.run(SHOWN))[:24] == shown[:24]


async def test_a_thousand_are_scrolled_and_none_is_missing_or_twice(
    harness: GalleryHarness, tab: Tab
) -> None:
    await many(harness, 1000)
    await tab.open(harness.url("/"))
    await tab.run("setInterval(() => scrollTo(0, document.body.scrollHeight), 20); 0")
    await tab.until("document.querySelectorAll('.card').length >= 1001")
    codes = await tab.run(SHOWN)
    assert len(codes) == len(set(codes)) == 1001
    await tab.until("document.querySelector('.more').textContent === 'That\\'s all.'")


async def test_searching_and_going_back_to_everything(harness: GalleryHarness, tab: Tab) -> None:
    await many(harness, 300)
    fox = await harness.made("a red fox in snow")
    await harness.made("a boat")
    await tab.open(harness.url("/"))
    await tab.press("/")
    await tab.type("FOX snow")
    await tab.press("Enter")
    await tab.until("location.search.includes('q=FOX')")
    await tab.until(f"JSON.stringify({SHOWN}) === '[\"{fox.code}\"]'")
    await tab.click(".clear")
    await tab.until("document.querySelectorAll('.card').length > 20")


async def test_a_choice_of_person_needs_no_further_click(harness: GalleryHarness, tab: Tab) -> None:
    await harness.made("Ann's")
    bens = await harness.made("Ben's", author_id=302_000_000_000_000_002, author_name="Ben")
    await tab.open(harness.url("/"))
    await tab.run(
        f"(() => {{ const one = document.querySelector('[name=by]'); one.value = '{bens.code}';"
        "one.dispatchEvent(new Event('change', {bubbles: true})); })()"
    )
    await tab.until(f"location.search.includes('by={bens.code}')")
    await tab.until(f"JSON.stringify({SHOWN}) === '[\"{bens.code}\"]'")


async def test_the_keyboard_is_enough(harness: GalleryHarness, tab: Tab) -> None:
    row = await harness.made("a red fox")
    await tab.open(harness.url("/"))
    for _ in range(20):
        await tab.press("Tab")
        if await tab.run("document.activeElement.matches('.card .picture')"):
            break
    assert await tab.run("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    await tab.press("Enter")
    await tab.until(f"location.pathname === '/g/{row.code}'")
    await tab.until("document.readyState === 'complete' && document.querySelector('.opened')")
    await tab.press("Tab")
    assert await tab.run("document.activeElement.className") == "skip"


async def favourites(harness: GalleryHarness) -> list[str]:
    """Return the codes of what `!favs` lists for the owner."""
    collection = harness.worker.store.collection
    return [row.code for row in await collection.list_favourites(CHANNEL, ANN, offset=0, limit=9)]


async def test_a_star_is_given_by_mouse_and_taken_back_by_keyboard(
    harness: GalleryHarness, tab: Tab
) -> None:
    row = await harness.made("a red fox")
    await tab.open(harness.url("/"))
    await tab.click(".star button")
    await tab.until(f"{PRESSED} === 'true' && {ANSWERED}.length === 1")
    assert await favourites(harness) == [row.code]
    assert await tab.run("location.pathname") == "/"
    await tab.open(harness.url(f"/g/{row.code}"))
    assert await tab.run(PRESSED) == "true"
    await tab.run("document.querySelector('.star button').focus()")
    await tab.press("Enter")
    await tab.until(f"{PRESSED} === 'false' && {ANSWERED}.length === 1")
    assert await favourites(harness) == []


async def test_a_card_that_changes_keeps_its_star(harness: GalleryHarness, tab: Tab) -> None:
    row = await harness.painting("a red fox")
    await tab.open(harness.url("/"))
    await tab.run("document.querySelector('.star button').focus()")
    await tab.press("Enter")
    await tab.until("document.querySelector('[aria-pressed=true]')")
    row = await harness.stored(row, Slot.GRID, png())
    harness.gallery.hear(GenerationUpdate(row))
    await tab.until("document.querySelector('.card img')")
    assert await tab.run("document.activeElement.ariaPressed") == "true"


async def test_a_star_that_cannot_be_given_is_taken_back(
    harness: GalleryHarness, tab: Tab, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = AsyncMock(side_effect=PicturesGone)  # deleted meanwhile
    monkeypatch.setattr(harness.gallery.source, "star", gone)
    await harness.made("a red fox")
    await tab.open(harness.url("/"))
    await tab.click(".star button")
    await tab.until(f"{ANSWERED}.length === 1 && {PRESSED} === 'false'")
    assert ["409" in error for error in tab.errors] == [True]
    tab.errors.clear()


async def test_the_prompt_is_copied(harness: GalleryHarness, tab: Tab) -> None:
    row = await harness.made('a "red" fox & <b> --ar 3:2')
    await tab.open(harness.url(f"/g/{row.code}"))
    origin = str(harness.url("/").origin())
    for name in ("clipboard-read", "clipboard-write"):
        may = {"name": name}
        await tab.call("Browser.setPermission", permission=may, setting="granted", origin=origin)
    await tab.click("button.copy")
    await tab.until("document.querySelector('button.copy').textContent === 'Copied'")
    assert await tab.run("navigator.clipboard.readText()") == row.prompt


async def test_what_people_write_stays_text_and_within_its_place(
    harness: GalleryHarness, tab: Tab
) -> None:
    nasty = await harness.made(f"{NASTY} {LONG}", author_name="<b>Ann</b>" + "n" * 60)
    rtl = await harness.made(RIGHT_TO_LEFT)
    for width in (360, 1360):
        await tab.look_like(width, 800)
        for path in ("/", f"/g/{nasty.code}", f"/g/{rtl.code}"):
            await tab.open(harness.url(path))
            await tab.until("document.querySelector('.prompt')")
            assert "hacked" not in (await tab.run("document.title"))[:20]
            assert await tab.run("document.querySelector('.about b, .facts b')") is None
            assert await tab.run("document.documentElement.scrollWidth <= innerWidth")
    direction = "getComputedStyle(document.querySelector('.facts .prompt')).direction"
    assert await tab.run(direction) == "rtl"


async def family(harness: GalleryHarness) -> Generation:
    """Return one of everything that a page can show, in the middle of its family."""
    first = await harness.made("the first --ar 3:2")
    variation = Origin(kind=OriginKind.VARIATION, parent_id=first.id, index=2)
    second = await harness.made("the second --ar 3:2 --no text", origin=variation)
    await harness.made("the third", origin=Origin(parent_id=second.id))
    await harness.failed("a dog", problem=Problem(ProblemKind.REFUSED, "Banned prompt: dog"))
    await harness.painting("a horse")
    return second


@pytest.mark.parametrize("dark", [False, True])
async def test_axe_finds_nothing_that_keeps_people_from_using_it(
    tab: Tab, tmp_path: Path, *, dark: bool
) -> None:
    async with open_gallery(tmp_path, gallery_password=SECRET) as harness:
        row = await family(harness)
        await tab.look_like(1360, 900, dark=dark)
        await tab.open(harness.url("/login-is-shown-for-this").with_path("/"))
        tab.errors.clear()  # the answer 403, which is meant
        assert await audit(tab) == []
        link = harness.gallery.link(ANN)
        assert link is not None
        await tab.open(URL(link.url))
        await tab.until("document.querySelectorAll('.card').length === 5")
        assert await audit(tab) == []
        await tab.open(harness.url(f"/g/{row.code}"))
        await tab.until("document.querySelector('.family')")
        assert await audit(tab) == []
        await tab.open(harness.url("/?q=nothing"))
        await tab.until("document.querySelector('.empty')")
        assert await audit(tab) == []
        await tab.open("about:blank")


async def test_the_password_is_typed(tab: Tab, tmp_path: Path) -> None:
    async with open_gallery(tmp_path, gallery_password=SECRET) as harness:
        row = await harness.made("a red fox")
        await tab.open(harness.url(f"/g/{row.code}"))
        await tab.until("document.activeElement.type === 'password'")
        await tab.type(SECRET)
        await tab.press("Enter")
        await tab.until("document.querySelector('.opened')")
        tab.errors.clear()  # the answer 403, which is meant
        await tab.open("about:blank")


@pytest.mark.integration
async def test_a_typed_prompt_is_watched_from_nothing_to_five_pictures(
    tab: Tab, tmp_path: Path
) -> None:
    """The real bot in the sandbox, at a pace that can be seen."""
    async with (
        Sandbox(seed=7, picture_size=128, speed=15) as sandbox,
        running(sandbox, settings(sandbox, tmp_path), SystemClock()) as bot,
    ):
        link = bot.atelier.gallery.link(sandbox.people["ann"].id)
        assert link is not None
        await tab.open(link.url)
        await tab.run(WATCH)
        await bot.imagine("a lighthouse at dusk")
        done = await bot.ended("a lighthouse at dusk")
        await tab.until("document.querySelector('.card img')")
        await tab.until("!document.querySelector('progress')")
        seen: list[float] = await tab.run("[...new Set(seen)]")
        await tab.click(".card .picture")
        steps = [done.step(slot).picture for slot in Slot]
        await five_pictures(tab, [[one.width, one.height] for one in steps if one is not None])
        await tab.open("about:blank")
    assert seen == sorted(seen)
    assert [value for value in seen if 25 < value < 50] != []
    assert {25, 50} <= set(seen)
