"""A stop or a wait is told to the person whom it hits."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from cogs.replies import Replies
from domain.events import Intended, MidjourneyNotice
from domain.generation import Generation, Status
from domain.messages import parse
from domain.reasons import Reason
from domain.slots import Slot
from tests import mj
from tests.builders import asked
from tests.cogs.channel_harness import ANN, BEN, OLGA, ChannelHarness, open_channel
from tests.cogs.stored_rows import changed, now, queued


async def only(harness: ChannelHarness, text: str, by: int = ANN) -> str:
    """Type something that gets one answer, and return it."""
    (answer,) = await harness.say(text, by)
    return answer.text


async def test_what_holds_everything_back_is_said_wherever_one_asks(
    harness: ChannelHarness,
) -> None:
    row = await queued(harness)
    harness.atelier.orchestrator.hold.begin(Reason.MIDJOURNEY_FULL)
    until = int(harness.clock.now().timestamp()) + 60
    told = f"Midjourney's queue is full; trying again <t:{until}:R>."
    queue = await only(harness, "!queue")
    assert queue.splitlines()[0] == f"⏳ {told}"
    assert (await only(harness, f"!status {row.code}")).splitlines()[2] == f"⏳ {told}"
    assert (await only(harness, "!health")).splitlines()[0].endswith(f" · {told}")


async def test_whoever_asks_while_all_is_held_back_is_told(harness: ChannelHarness) -> None:
    harness.atelier.orchestrator.hold.begin(Reason.MIDJOURNEY_FULL)
    first, second = await only(harness, "!imagine a cat"), await only(harness, "!imagine a dog")
    until = int(harness.clock.now().timestamp()) + 60
    assert first.endswith(
        f"· queued, up next · Midjourney's queue is full; trying again <t:{until}:R>."
    )
    assert second.endswith("· queued, 1 ahead")


async def test_stop_is_told_to_whom_it_hits(harness: ChannelHarness) -> None:
    """After a human check, of the one that was to be sent and of the one that waits."""
    row = await harness.imagined()
    waiting = await queued(harness)
    assert (await harness.edit()).text.endswith("· asking Midjourney · 0:00")
    check = parse(mj.snapshot("refusal_human_check", flags=64))
    assert isinstance(check, MidjourneyNotice)
    harness.atelier.orchestrator.hear(check)
    await harness.atelier.generations.catch_up()
    (called,) = await harness.sent()
    assert called.text.startswith(f"⏸️ <@{OLGA}> The queue has stopped: Action required")
    pause = harness.atelier.generations.paused
    assert pause is not None
    told = f"⏸️ {Replies('en', '!').paused(pause)}"
    await harness.clock.advance(5)
    assert (await harness.edit()).text.endswith(told)
    for code in (row.code, waiting.code):
        assert told in (await only(harness, f"!status {code}")).splitlines()


@pytest.mark.parametrize(
    ("refusal", "told"),
    [
        ("refusal_queue_full", "⏳ Midjourney's queue is full; trying again <t:"),
        ("refusal_human_check", "⏸️ paused (Action required to continue"),
    ],
)
async def test_what_stops_a_request_is_told_in_its_status_message(
    harness: ChannelHarness, refusal: str, told: str
) -> None:
    row = await harness.imagined()
    await harness.edit()
    await harness.atelier.orchestrator.report(row.id, Intended(Slot.GRID, "12", "session"))
    heard = parse(mj.snapshot(refusal, nonce="12"))
    assert isinstance(heard, MidjourneyNotice)
    harness.atelier.orchestrator.hear(heard)
    await harness.atelier.generations.catch_up()
    await harness.sent()
    await harness.clock.advance(5)
    assert (await harness.edit()).text.splitlines()[2].startswith(told)
    assert told in await only(harness, "!status")


async def test_pause_is_not_told_of_what_goes_on(harness: ChannelHarness) -> None:
    row = (await queued(harness)).with_step(Slot.GRID, asked())
    row = await changed(harness, row, status=Status.SUBMITTED)
    await harness.say("!pause", OLGA)
    assert "paused" not in await only(harness, f"!status {row.code}")


async def test_wait_of_one_alone_is_told_while_it_lasts(harness: ChannelHarness) -> None:
    until = harness.clock.now() + timedelta(seconds=40)
    row = await changed(harness, await queued(harness), not_before=until)
    told = f"⏳ It wasn't accepted; trying again <t:{int(until.timestamp())}:R>."
    assert (await only(harness, "!status")).splitlines()[2] == told
    harness.clock.jump(40)
    assert told not in await only(harness, f"!status {row.code}")


async def test_status_message_says_what_a_request_waits_for_until_it_is_sent(
    harness: ChannelHarness,
) -> None:
    row = await harness.imagined()
    assert (await harness.edit()).text.endswith("· asking Midjourney · 0:00")
    harness.atelier.orchestrator.hold.begin(Reason.UNREACHABLE)
    harness.atelier.orchestrator.notifier.tell_again(await now(harness, row))
    await harness.clock.advance(5)
    assert "Discord can't be reached; trying again <t:" in (await harness.edit()).text
    await harness.atelier.orchestrator.report(row.id, Intended(Slot.GRID, "12", "session"))
    await harness.clock.advance(5)
    assert "trying again" not in (await harness.edit()).text


@pytest.mark.parametrize(
    ("language", "told", "over"),
    [
        (
            "en",
            "🎨 `{}` · queued, {} · paused (no reason given)",
            "🎨 `{}` · queued, {}",
        ),
        (
            "fr",
            "🎨 `{}` · en file d'attente, {} · en pause (sans raison donnée)",
            "🎨 `{}` · en file d'attente, {}",
        ),
    ],
)
async def test_pause_is_told_in_the_messages_of_those_that_wait_and_so_is_its_end(
    tmp_path: Path, language: str, told: str, over: str
) -> None:
    async with open_channel(tmp_path, reply_language=language) as harness:
        await harness.imagined()
        await harness.edit()
        waiting = [await harness.imagined(f"{number} cats") for number in range(2)]
        ahead = [Replies(language, "!").ahead(place) for place in (1, 2)]
        for command, text in (("!pause", told), ("!resume", over)):
            await harness.say(command, by=OLGA)
            for row, where in zip(waiting, ahead, strict=True):
                edit = await harness.edit()
                assert edit.message_id == row.status_message_id
                assert edit.text == text.format(row.code, where)
                await harness.clock.advance(1)
            await harness.clock.advance(5)
            assert harness.http.edits.empty()


async def test_stop_is_told_in_the_messages_of_the_first_that_wait(
    harness: ChannelHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cogs.notices.WAITING_TOLD", 2)
    await harness.imagined()
    await harness.edit()
    waiting = [await harness.imagined(f"{number} cats", by=BEN) for number in range(3)]
    check = parse(mj.snapshot("refusal_human_check", flags=64))
    assert isinstance(check, MidjourneyNotice)
    harness.atelier.orchestrator.hear(check)
    await harness.atelier.generations.catch_up()
    await harness.sent()
    await harness.clock.advance(10)
    edits = [harness.http.edits.get_nowait() for _ in range(harness.http.edits.qsize())]
    told = {edit.message_id for edit in edits if "paused (Action required" in edit.text}
    assert told >= {row.status_message_id for row in waiting[:2]}
    assert waiting[2].status_message_id not in told


async def test_what_has_changed_since_the_queue_was_read_is_left_as_it_is(
    harness: ChannelHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    await harness.imagined()
    await harness.imagined("a dog")
    await harness.clock.advance(5)
    store = harness.atelier.store
    before = await store.list_queue(5)
    await harness.say(f"!cancel {before[0].code}")
    await harness.clock.advance(5)

    async def read_before(_: int) -> list[Generation]:
        return before

    monkeypatch.setattr(store, "list_queue", read_before)
    edits = harness.http.edits
    latest = [edits.get_nowait() for _ in range(edits.qsize())][-1]
    assert latest.text.splitlines()[1].startswith("░░░░░░░░░░ 0% · cancelled")
    await harness.say("!pause", by=OLGA)
    await harness.clock.advance(5)
    assert edits.empty()
