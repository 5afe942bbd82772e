"""The demo's channel in a real browser: it can be used by everybody, and shows what happens."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import pytest

from demo.page.parts import Contents
from domain.generation import Status
from services.database.rows import to_row
from tests.browser.channel import TEXTS, choose, send, start
from tests.browser.chromium import Tab
from tests.browser.test_gallery import LONG, NASTY, RIGHT_TO_LEFT, audit
from tests.builders import generation
from tests.demo.page_harness import PageHarness, open_harness

pytestmark = [pytest.mark.browser, pytest.mark.long]

LAST = "document.querySelector('.post:last-child')"


@pytest.fixture
async def harness(tab: Tab) -> AsyncGenerator[PageHarness]:
    async with open_harness() as opened:
        yield opened
        await tab.open("about:blank")


# ------------------------------------------------------------------------------------ the messages


async def test_markdown_is_shown_as_discord_shows_it(harness: PageHarness, tab: Tab) -> None:
    ann = harness.sandbox.people["ann"]
    text = (
        "**bold *both*** `a*b*` ~~gone~~ \\*plain\\* snake_case_name "
        f"{ann.mention} [words](<https://example.org/a>) https://example.org/b.\n"
        "> quoted\n-# small\n```\ncode <b>\n```\n<t:1700000000:R>"
    )
    await harness.sandbox.say("ben", text)
    await start(tab, harness.url)
    shown = {
        "strong": "bold both",
        "strong em": "both",
        "code": "a*b*",
        "s": "gone",
        ".mention": "@Ann",
        "a": "words",
        "blockquote": "quoted",
        "small": "small",
        "pre code": "code <b>",
    }
    for selector, wanted in shown.items():
        found = await tab.run(f"{LAST}.querySelector('.content {selector}').textContent")
        assert (selector, found) == (selector, wanted)
    said: str = await tab.run(f"{LAST}.querySelector('.content').textContent")
    assert "*plain* snake_case_name" in said
    assert "years ago" in said
    links = f"[...{LAST}.querySelectorAll('.content a')].map(a => [a.href, a.rel])"
    rel = "noopener noreferrer"
    assert await tab.run(links) == [["https://example.org/a", rel], ["https://example.org/b", rel]]


async def test_what_people_write_stays_text_and_within_its_place(
    harness: PageHarness, tab: Tab
) -> None:
    long = "w" * 2000
    for text in (NASTY, long, f"**{long}**", RIGHT_TO_LEFT, "[x](javascript:alert(1))", "*" * 999):
        await harness.sandbox.say("ann", text)
    row = generation(Status.SUBMITTED, prompt=f"{NASTY} {LONG}", author_name="<b>Ann</b>")
    harness.database.contents = Contents([to_row(row)])
    for width in (390, 1360):
        await tab.look_like(width, 800)
        await start(tab, harness.url)
        await tab.until("document.querySelector('#work .prompt')")
        assert await tab.run("document.title") == "The channel · Atelier"
        for view in ("side", "channel"):
            await tab.run(f"document.querySelector('button[data-view={view}]').click()")
            assert await tab.run("document.documentElement.scrollWidth <= innerWidth")
            for place in ("#log", ".side"):
                one = f"document.querySelector('{place}')"
                assert await tab.run(f"{one}.scrollWidth <= {one}.clientWidth")
        assert (
            await tab.run("document.querySelector('#log script, #log img, #log a, .side b b')")
            is None
        )
    assert (await tab.run(TEXTS))[0] == NASTY
    said = (
        "[...document.querySelectorAll('.post .text')].find(each => /[א-ת]/.test(each.textContent))"
    )
    assert await tab.run(f"getComputedStyle({said}).direction") == "rtl"


async def test_a_reply_an_edit_and_reactions_are_live(harness: PageHarness, tab: Tab) -> None:
    first = await harness.sandbox.say("ann", "hello")
    await start(tab, harness.url)
    await choose(tab, "ben")
    await tab.click(".post:last-child .reply")
    assert await tab.run("document.querySelector('#replying').textContent") == (
        "Replying to Ann: hello Don't reply"
    )
    await send(tab, "hello, too")
    await tab.until(f"{LAST}.querySelector('.quoted').textContent === 'Ann hello'")
    harness.sandbox.edit_message(int(first["id"]), "hello!")
    await tab.until("document.querySelector('.post .content').textContent === 'hello! (edited)'")
    await tab.click(".post:first-child .react")
    await tab.click(".post:first-child .picker .emoji")
    await tab.until("document.querySelector('.reaction')?.textContent === '👍 1'")
    harness.sandbox.react("cleo", int(first["id"]), "👍")
    await tab.until("document.querySelector('.reaction').textContent === '👍 2'")
    assert await tab.run("document.querySelector('.reaction').ariaPressed") == "true"
    await tab.click(".reaction")
    await tab.until("document.querySelector('.reaction').textContent === '👍 1'")
    assert await tab.run("document.querySelector('.reaction').ariaPressed") == "false"
    harness.sandbox.delete_message(int(first["id"]))
    await tab.until("document.querySelectorAll('.post').length === 1")


async def test_a_page_that_was_cut_off_comes_back_and_has_everything(
    harness: PageHarness, tab: Tab
) -> None:
    await harness.sandbox.say("ann", "before")
    await start(tab, harness.url)
    await tab.run("document.querySelector('.post').dataset.mine = 'yes'")
    harness.feed.end()
    await harness.sandbox.say("ann", "meanwhile")
    await tab.until(f'JSON.stringify({TEXTS}) === \'["before","meanwhile"]\'')
    assert await tab.run("document.querySelector('.post').dataset.mine") == "yes"
    await send(tab, "after")
    await tab.until("document.querySelectorAll('.post').length === 3")


# ----------------------------------------------------------------------------------------- the box


async def test_the_keyboard_is_enough_to_write(harness: PageHarness, tab: Tab) -> None:
    await start(tab, harness.url)
    value = "document.querySelector('#box').value"
    assert await tab.run("document.activeElement.id") == "box"
    await tab.type("!ima")
    await tab.until("document.querySelectorAll('#choices [role=option]').length === 1")
    await tab.press("Tab")
    assert await tab.run(value) == "!imagine "
    await tab.type("a cat for @be")
    await tab.press("ArrowDown")
    chosen = (
        "document.querySelector('#' + document.activeElement.getAttribute('aria-activedescendant'))"
    )
    assert await tab.run(f"{chosen}.textContent") == "@Ben"
    await tab.press("Enter")
    await tab.press("Enter")
    mention = harness.sandbox.people["ben"].mention
    await harness.sandbox.wait_until(lambda: bool(harness.sandbox.messages))
    assert harness.sandbox.messages[0]["content"] == f"!imagine a cat for {mention} "
    await send(tab, "second")
    await tab.type("draft")
    for key, wanted in (
        ("ArrowUp", "second"),
        ("ArrowUp", "!imagine a cat for @Ben "),
        ("ArrowUp", "!imagine a cat for @Ben "),
        ("ArrowDown", "second"),
        ("ArrowDown", "draft"),
    ):
        await tab.press(key)
        assert await tab.run(value) == wanted


async def test_new_messages_are_read_out_and_each_only_once(harness: PageHarness, tab: Tab) -> None:
    await harness.sandbox.say("ann", "before")
    await start(tab, harness.url)
    sent = await harness.sandbox.say("ann", "**new**")
    harness.sandbox.edit_message(int(sent["id"]), "newer")
    await tab.until("document.querySelector('.edited')")
    news = "[...document.querySelector('#news[aria-live=polite]').children].map(p => p.textContent)"
    assert await tab.run(news) == ["Ann: new"]


async def test_what_cannot_be_done_is_said(harness: PageHarness, tab: Tab) -> None:
    sent = await harness.sandbox.say("ann", "hello")
    await start(tab, harness.url)
    await tab.click(".post:last-child .reply")
    harness.sandbox.delete_message(int(sent["id"]))
    await tab.until("document.querySelectorAll('.post').length === 0")
    await send(tab, "too late")
    problem = "document.querySelector('#problem[role=alert]')"
    await tab.until(f"{problem}.textContent === 'That message is gone.' && !{problem}.hidden")


@pytest.mark.parametrize(("width", "dark"), [(1360, False), (1360, True), (390, False)])
async def test_axe_finds_nothing_that_keeps_people_from_using_it(
    harness: PageHarness, tab: Tab, *, width: int, dark: bool
) -> None:
    await harness.sandbox.say("ann", "**hello** `code` https://example.org\n> quoted")
    harness.sandbox.imagine_elsewhere("a cat", "ann")
    message = await harness.sandbox.wait_for(lambda _, told: len(told["components"]) > 1)
    harness.sandbox.react("ann", int(message["id"]), "👍")
    row = generation(Status.SUBMITTED)
    harness.database.contents = Contents([to_row(row), to_row(generation(seq=2))])
    await tab.look_like(width, 900, dark=dark)
    await start(tab, harness.url)
    await tab.until("document.querySelector('.queue li') && document.querySelector('.press')")
    await tab.type("!s")
    assert await audit(tab) == []
    await tab.run("document.querySelector('button[data-view=side]').click()")
    assert await audit(tab) == []
