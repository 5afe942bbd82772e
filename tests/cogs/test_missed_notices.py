"""Answers, ends and stops that a process could not send before it ended are sent later, once."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import discord
import pytest

from domain.generation import Generation, Origin, OriginKind, Problem, ProblemKind, Status
from domain.pause import Pause
from domain.settling import claimed_status
from domain.slots import Slot
from tests.cogs.channel_harness import ANN, BEN, CHANNEL, OLGA, ChannelHarness, open_channel
from tests.cogs.recording_http import history, refused
from tests.cogs.stored_rows import changed, grid_by_hand, painted, queued
from tests.dpytest_shim import factories

NO_SAVING = "I can't save anything right now; I'll do this as soon as I can."


async def without_answer(harness: ChannelHarness, **changes: int) -> Generation:
    """Return a generation that was accepted just before the process ended."""
    return await queued(harness, command_message_id=harness.unheard("!imagine a cat"), **changes)


def spoken(harness: ChannelHarness, text: str, to: int) -> int:
    """Put a reply of the bot's own, sent before the process ended, into the history."""
    answer = harness.unheard(text, harness.account)
    history(CHANNEL)[-1]["message_reference"] = {
        "message_id": to,
        "channel_id": CHANNEL,
        "guild_id": harness.guild.id,
    }
    return answer


async def test_answer_that_was_sent_but_not_noted_is_found(harness: ChannelHarness) -> None:
    row = await without_answer(harness)
    spoken(harness, "something else", to=5)
    spoken(harness, "I can't save anything right now", to=row.command_message_id)
    answer = spoken(harness, f"🎨 `{row.code}` · starting", to=row.command_message_id)
    assert await harness.back() == []
    (row,) = await harness.rows()
    assert row.status_message_id == answer


async def test_answer_that_was_not_sent_is_sent(harness: ChannelHarness) -> None:
    await without_answer(harness, author_id=BEN)
    row = await without_answer(harness)
    await changed(harness, row, prompt="a dog")
    replies = await harness.back()
    assert len(replies) == 2
    first, second = await harness.rows()
    assert [reply.text for reply in replies] == [
        f"🎨 `{first.code}` · starting",
        f"🎨 `{second.code}` · queued, 1 ahead",
    ]
    assert [row.status_message_id for row in (first, second)] == [reply.id for reply in replies]


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", ["with your `--ar 3:2`", "`{0}` again · with your `--ar 3:2`", "V3 of `{0}`"]),
        (
            "fr",
            [
                "avec vos paramètres `--ar 3:2`",
                "`{0}` à nouveau · avec vos paramètres `--ar 3:2`",
                "V3 de `{0}`",
            ],
        ),
    ],
)
async def test_answer_that_is_sent_later_says_as_much_as_one_at_once(
    tmp_path: Path, language: str, told: list[str]
) -> None:
    async with open_channel(tmp_path, reply_language=language) as harness:
        parent = await painted(harness, wanted=())
        await harness.say("!prefer --ar 3:2")
        for origin in (
            Origin(),
            Origin(parent_id=parent.id),
            Origin(kind=OriginKind.VARIATION, parent_id=parent.id, index=3),
        ):
            asked = harness.unheard("!imagine a cat")
            prompt = "a cat --s 50 --ar 3:2"
            await queued(harness, command_message_id=asked, prompt=prompt, origin=origin)
        answers = [answer.text.split(" · ", maxsplit=2)[2] for answer in await harness.back()]
        assert answers == [one.format(parent.code) for one in told]


async def test_adopted_grid_is_kept_also_if_the_end_comes_before_the_answer(
    tmp_path: Path,
) -> None:
    async with open_channel(tmp_path) as harness:
        await harness.say("!pause", OLGA)
        grid = grid_by_hand()
        harness.http.refusal = refused(discord.Forbidden, 403)
        assert await harness.reply("!adopt", grid) == []
    async with open_channel(tmp_path, ready=False) as harness:
        harness.bot.dispatch("ready")
        (answer,) = await harness.caught_up()
        (row,) = await harness.rows()
        assert row.step(Slot.GRID).message_id == grid
        assert claimed_status(row) == Status.SUBMITTED
        assert answer.text.startswith(f"📥 `{row.code}` · keeping that grid, up next")
        assert row.status_message_id == answer.id


async def test_nobody_waits_in_silence_while_an_answer_waits_for_the_lease(
    harness: ChannelHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A later catch-up sends the answer; a person who types meanwhile gets the promise."""
    await without_answer(harness)
    with monkeypatch.context() as database:

        async def never(*arguments: object) -> None:
            await asyncio.Event().wait()

        database.setattr(harness.atelier.store, "renew_lease", never)
        harness.clock.jump(harness.atelier.settings.lease_seconds * 0.9)
        assert await harness.back() == []
        harness.unheard("!imagine a dog")
        (reply,) = await harness.receive(history(CHANNEL)[-1])
        assert reply.text == NO_SAVING


async def test_answer_of_another_person_is_not_taken_for_ours(harness: ChannelHarness) -> None:
    row = await without_answer(harness)
    foreign = spoken(harness, "nice", to=row.command_message_id)
    history(CHANNEL)[-1]["author"] = factories.dict_from_user(harness.people[BEN])
    (reply,) = await harness.back()
    assert reply.id != foreign


async def test_end_that_nobody_was_told_of_is_told(harness: ChannelHarness) -> None:
    row = await queued(harness, command_message_id=harness.unheard("!imagine a cat"))
    stopped = Problem(ProblemKind.STOPPED)
    row = await changed(harness, row, status=Status.FAILED, problem=stopped)
    (notice,) = await harness.back()
    assert notice.text.startswith(f"⚠️ `{row.code}`")
    (row,) = await harness.rows()
    assert row.notice_message_id == notice.id
    assert await harness.back() == []


async def test_end_of_what_was_asked_for_long_before_many_others_is_told(
    harness: ChannelHarness,
) -> None:
    row = await queued(harness, command_message_id=harness.unheard("!imagine a cat"))
    for _ in range(100):
        other = await queued(harness)
        await changed(harness, other, status=Status.NEEDS_ATTENTION, notice_message_id=5)
    row = await changed(harness, row, status=Status.FAILED, problem=Problem(ProblemKind.STOPPED))
    (notice,) = await harness.back()
    assert notice.text.startswith(f"⚠️ `{row.code}`")


async def test_end_of_the_day_before_yesterday_is_no_news(harness: ChannelHarness) -> None:
    row = await queued(harness, command_message_id=harness.unheard("!imagine a cat"))
    await changed(harness, row, status=Status.FAILED, problem=Problem(ProblemKind.STOPPED))
    harness.clock.jump(2 * 24 * 60 * 60)
    assert [sent for sent in await harness.back() if "⚠️" in sent.text] == []


async def stop(harness: ChannelHarness, *, ago: int = 1, by: int | None = None) -> None:
    """Stop the queue like a process that was killed right afterwards, this many seconds ago."""
    since = harness.clock.now() - timedelta(seconds=ago)
    pause = Pause(words="captcha", since=since, by=by)
    await harness.atelier.store.set_pause(pause, fence=harness.atelier.lease_keeper.lease.fence)


async def test_owners_are_called_for_a_stop_that_they_were_not_told_of(
    harness: ChannelHarness,
) -> None:
    await stop(harness)
    (call,) = await harness.back()
    assert "captcha" in call.text
    assert call.pings["users"] == [OLGA]
    assert await harness.back() == []


async def test_owners_are_not_called_again_after_a_restart(harness: ChannelHarness) -> None:
    await stop(harness)
    harness.unheard(f"The queue has stopped. <@{OLGA}>", harness.account)
    assert await harness.back() == []


async def test_owners_are_not_called_twice_for_a_stop_of_this_very_process(
    harness: ChannelHarness,
) -> None:
    await stop(harness, ago=0)
    assert await harness.back() == []


async def test_owners_are_not_called_for_a_pause_of_their_own(harness: ChannelHarness) -> None:
    await stop(harness, by=OLGA)
    harness.unheard(f"I am back, <@{OLGA}>", ANN)
    assert await harness.back() == []
