"""The page's server: who gets it, what it begins with, and what can be done with it."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from typing import Any

import aiohttp
import pytest
from yarl import URL

from demo.page import feed as feeds
from demo.page.parts import Contents
from domain.generation import Status
from sandbox.troubles import TROUBLES
from services.database.rows import to_row
from tests.builders import generation
from tests.demo.page_harness import GALLERY, Json, PageHarness, open_harness

LARGE = 200_000_000_000_000_003


@pytest.fixture
async def harness() -> AsyncGenerator[PageHarness]:
    async with open_harness() as opened:
        yield opened


def said(text: str) -> dict[str, Any]:
    return {"type": "say", "person": "ben", "content": text}


# ---------------------------------------------------------------------------------- who gets it


@pytest.mark.parametrize("path", ["", "live", "static/page.js", "files/1/a.png"])
async def test_who_does_not_know_the_secret_gets_nothing(harness: PageHarness, path: str) -> None:
    wrong = URL(harness.origin) / "wrong" / path
    async with harness.web.get(wrong, headers={"Origin": harness.origin}) as answer:
        assert answer.status == 404
    async with harness.web.get(harness.origin) as answer:
        assert answer.status == 404


@pytest.mark.parametrize("host", ["elsewhere.example", "localhost", "127.0.0.1"])
async def test_another_name_for_this_machine_is_refused(harness: PageHarness, host: str) -> None:
    """A site may have its own name lead here for a moment."""
    async with await harness.get("", headers={"Host": host}) as answer:
        assert answer.status == 421


@pytest.mark.parametrize("origin", ["http://elsewhere.example", "null", None])
async def test_another_sites_page_cannot_connect(harness: PageHarness, origin: str | None) -> None:
    headers = {} if origin is None else {"Origin": origin}
    with pytest.raises(aiohttp.WSServerHandshakeError, match="403"):
        await harness.web.ws_connect(harness.url / "live", headers=headers)


async def test_it_listens_at_the_loopback_address_alone(harness: PageHarness) -> None:
    assert harness.url.host == "127.0.0.1"


async def test_browsers_are_told_to_load_nothing_else(harness: PageHarness) -> None:
    async with await harness.get("") as answer:
        policy = answer.headers["Content-Security-Policy"]
        page = await answer.text()
    assert policy.startswith("default-src 'none'; img-src 'self'; style-src 'self'; script-src 's")
    assert "unsafe" not in policy
    assert answer.headers["Referrer-Policy"] == "no-referrer"  # it would have the secret
    assert "style=" not in page
    assert page.count("<script") == page.count('<script type="module" src=') == 1


async def test_only_the_pages_own_files_are_served(harness: PageHarness) -> None:
    for name in ("page.js", "gallery.css", "icon.svg"):
        async with await harness.get(f"static/{name}") as answer:
            assert answer.status == 200
    for name in ("gallery.js", "..%2Fserver.py"):
        url = URL(f"{harness.url}static/{name}", encoded=True)
        async with harness.web.get(url) as answer:
            assert answer.status == 404


# ------------------------------------------------------------------------------ what it begins with


async def test_a_page_begins_with_all_that_is_there(harness: PageHarness) -> None:
    first = await harness.sandbox.say("ann", "hello")
    harness.sandbox.react("ben", int(first["id"]), "👍")
    async with harness.opened() as (_, told):
        assert [each["content"] for each in told["messages"]] == ["hello"]
        assert told["messages"][0]["reactions"] == [{"emoji": "👍", "people": ["ben"]}]
        assert (told["people"], told["prefix"], told["gallery"]) == (["ann", "ben"], "!", GALLERY)
        assert told["names"][first["author"]["id"]] == "Ann"
        assert {"name": "imagine", "usage": "<prompt>"}.items() <= told["commands"][0].items()
        kill = {"name": "kill", "title": "Kill", "outcome": "It ends."}
        assert told["controls"][0] == kill
        assert [each["name"] for each in told["troubles"]] == [each.name for each in TROUBLES]


async def test_what_happens_is_told_to_every_page(harness: PageHarness) -> None:
    async with harness.opened() as (one, _), harness.opened() as (other, _):
        await one.ask(**said("hello"))
        for page in (one, other):
            message = await page.message(lambda message: message["content"] == "hello")
            assert message["author"]["username"] == "ben"
        harness.sandbox.edit_message(int(message["id"]), "hello!")
        assert (await one.message(lambda message: True))["edited_timestamp"]
        harness.sandbox.delete_message(int(message["id"]))
        gone = await one.told(lambda news: news.get("event") == "MESSAGE_DELETE")
        assert gone["message"] == {"id": message["id"]}


async def test_a_page_that_is_far_behind_is_let_go(
    harness: PageHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeds, "MOST_BEHIND", 3)
    async with harness.opened() as (page, _):
        for number in range(10):  # without a pause in which any of it could be sent
            harness.sandbox.edit_message(0, str(number))
            await harness.sandbox.say("ann", str(number))
        assert await page.is_closed()
    async with harness.opened() as (_, told):
        assert len(told["messages"]) == 10


# -------------------------------------------------------------------------------- what can be done


async def test_a_reply_quotes_its_message(harness: PageHarness) -> None:
    first = await harness.sandbox.say("ann", "hello")
    async with harness.opened() as (page, _):
        await page.ask(**said("hello, too"), reply_to=first["id"])
        message = await page.message(lambda message: message["content"] == "hello, too")
        assert message["referenced_message"]["content"] == "hello"


def buttons(message: Json) -> dict[str, str]:
    return {
        each["label"]: each.get("custom_id")
        for row in message["components"]
        for each in row["components"]
    }


async def test_a_button_is_pressed_for_real(harness: PageHarness) -> None:
    async with harness.opened() as (page, _):
        harness.sandbox.imagine_elsewhere("a cat", "ann")
        grid = await page.message(lambda message: "U2" in buttons(message))
        custom_id = buttons(grid)["U2"]
        await page.ask(type="press", person="ben", message=grid["id"], custom_id=custom_id)
        upscale = await page.message(lambda message: "Image #2" in message["content"])
        assert upscale["referenced_message"]["id"] == grid["id"]


async def test_a_reaction_is_added_and_taken_back(harness: PageHarness) -> None:
    first = await harness.sandbox.say("ann", "hello")
    async with harness.opened() as (page, _):
        ask = {"type": "react", "person": "ben", "message": first["id"], "emoji": "❌"}
        await page.ask(**ask, on=True)
        shown = await page.message(lambda message: bool(message["reactions"]))
        assert shown["reactions"] == [{"emoji": "❌", "people": ["ben"]}]
        await page.ask(**ask, on=False)
        await page.message(lambda message: message["reactions"] == [])


async def test_a_trouble_is_on_until_its_occasion_or_until_it_is_switched_off(
    harness: PageHarness,
) -> None:
    refusal = harness.sandbox.switches.refusal
    async with harness.opened() as (page, _):
        await page.ask(type="trouble", name="banned-prompt", on=True)
        await page.state(lambda state: state["troubles"] == ["banned-prompt"])
        assert refusal.take("imagine") == "Banned prompt"
        await harness.sandbox.say("ann", "hello")
        await page.state(lambda state: state["troubles"] == [])
        for on in (True, False):
            await page.ask(type="trouble", name="banned-prompt", on=on)
            await page.state(lambda state, on=on: bool(state["troubles"]) == on)
        assert refusal.take("imagine") == ""


async def test_the_bot_and_midjourneys_pace_are_controlled(harness: PageHarness) -> None:
    async with harness.opened() as (page, _):
        await page.ask(type="bot", action="kill")
        await page.state(lambda state: not state["bot"]["running"])
        await page.ask(type="bot", action="start")
        bot = {"running": True, "ready": True, "starts": 2}
        await page.state(lambda state: state["bot"] == bot)
        await page.ask(type="pace", speed=5)
        await page.state(lambda state: state["pace"] == 5)
        assert harness.sandbox.clock.speed == 5


@pytest.mark.parametrize(
    ("request_text", "why"),
    [
        ("", "Invalid JSON"),
        ("{", "Invalid JSON"),
        ("[]", "Input should be an object."),
        ("{}", "Unable to extract tag"),
        ('{"type": "dance"}', "does not match any of the expected tags"),
        (json.dumps(said("")), "say.content: String should have at least 1 character."),
        (json.dumps(said(" \n")), "There is nothing in that message."),
        (json.dumps(said("x" * 4001)), "at most 4000"),
        (json.dumps(said("hello") | {"more": 1}), "say.more: Extra inputs are not permitted."),
        (json.dumps(said("hello") | {"person": "eve"}), "There is nobody called eve."),
        (json.dumps(said("hello") | {"person": "atelier"}), "There is nobody called atelier."),
        (json.dumps(said("hello") | {"reply_to": "5"}), "That message is gone."),
        (json.dumps(said("hello") | {"reply_to": "-5"}), "greater than or equal to 0"),
        ('{"type": "pace", "speed": 0}', "greater than or equal to 0.1"),
        ('{"type": "bot", "action": "sell"}', "There is nothing called sell to do with the bot."),
        ('{"type": "trouble", "name": "war", "on": true}', "There is no trouble called war."),
    ],
)
async def test_what_makes_no_sense_is_answered_and_nothing_else_happens(
    harness: PageHarness, request_text: str, why: str
) -> None:
    async with harness.opened() as (page, _):
        await page.ask_text(request_text)
        assert why in (await page.of_type("error"))["text"]
        await page.ask(**said("still here"))
        await page.message(lambda message: message["content"] == "still here")
    assert len(harness.sandbox.messages) == 1


async def test_only_buttons_of_midjourney_that_are_there_can_be_pressed(
    harness: PageHarness,
) -> None:
    mine = await harness.sandbox.say("ann", "hello")
    async with harness.opened() as (page, _):
        harness.sandbox.imagine_elsewhere("a cat", "ann")
        grid = await page.message(lambda message: "U2" in buttons(message))
        for message in (mine, grid):
            ask = {"type": "press", "person": "ben", "message": message["id"], "custom_id": "MJ::x"}
            await page.ask(**ask)
            assert (await page.of_type("error"))[
                "text"
            ] == "That message has no such button any more."


# ----------------------------------------------------------------------- pictures, and state


async def test_a_preview_can_be_loaded_a_moment_after_it_was_replaced(harness: PageHarness) -> None:
    async with harness.opened() as (page, _):
        harness.sandbox.imagine_elsewhere("a cat", "ann")
        preview = await page.message(lambda message: bool(message["attachments"]))
        grid = await page.message(lambda message: "U2" in buttons(message))
        for message in (preview, grid):
            async with await harness.get(message["attachments"][0]["url"]) as answer:
                assert (answer.status, answer.content_type[:6]) == (200, "image/")
    async with await harness.get("files/1/none.png") as answer:
        assert answer.status == 404


async def test_the_page_uses_up_no_trouble_that_is_meant_for_the_bot(harness: PageHarness) -> None:
    harness.sandbox.switches.answer_download.arm("404")
    async with harness.opened() as (page, _):
        harness.sandbox.imagine_elsewhere("a cat", "ann")
        grid = await page.message(lambda message: "U2" in buttons(message))
        async with await harness.get(grid["attachments"][0]["url"]) as answer:
            assert answer.status == 200
    assert harness.sandbox.switches.answer_download.pending == 1


async def test_what_is_no_picture_is_not_shown_by_the_browser(harness: PageHarness) -> None:
    files = (("page.html", b"<script>alert(1)</script>"), ("false.png", b"<script>"))
    sent = await harness.sandbox.say("ann", "files", attachments=files)
    for each in sent["attachments"]:
        async with await harness.get(f"files/{each['id']}/{each['filename']}") as answer:
            assert answer.headers["Content-Disposition"] == "attachment"
            assert answer.content_type == "application/octet-stream"
            assert answer.headers["X-Content-Type-Options"] == "nosniff"


async def test_what_the_database_has_is_told_when_it_changes(harness: PageHarness) -> None:
    row = to_row(generation(Status.SUBMITTED, command_message_id=LARGE))
    async with harness.opened() as (page, _):
        assert (await page.of_type("state"))["state"]["rows"] == []
        harness.database.contents = Contents([row])
        state = await page.state(lambda state: bool(state["rows"]))
        assert state["rows"][0]["command_message_id"] == str(LARGE)
        assert state["work"]["status"] == "submitted"


async def test_a_row_that_nobody_can_read_ends_nothing(harness: PageHarness) -> None:
    row = to_row(generation(Status.SUBMITTED))
    async with harness.opened() as (page, _):
        await page.of_type("state")
        harness.database.contents = Contents([row | {"status": "made up by hand"}])
        harness.database.was_read.clear()
        await harness.database.was_read.wait()
        harness.database.contents = Contents([row])
        await page.state(lambda state: bool(state["rows"]))
