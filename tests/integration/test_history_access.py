"""The account may not read the channel's history: it is said, and nothing waits without end."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import discord
import pytest
from structlog.testing import capture_logs

from domain.generation import ProblemKind, Status
from domain.reasons import Reason
from domain.slots import Slot
from sandbox import Sandbox
from tests.integration.conftest import RunningBot, running, settings

pytestmark = pytest.mark.integration

HISTORY = "GET /channels/{channel}/messages"
CLOSED, OPEN = "I'm not allowed to read this channel's history, so", "I can read this channel's"
WHY = "I'm not allowed to read this channel's history, where its answer may be."
ALWAYS = 10**6
TEN_MINUTES = 600.0
MOST_IN_TEN_MINUTES = 16
"""Of both that read it: who looks for missed commands, and who looks for Midjourney's answers."""


def said(running_bot: RunningBot, words: str) -> int:
    account = str(running_bot.sandbox.account.id)
    own = (m["content"] for m in running_bot.sandbox.messages if m["author"]["id"] == account)
    return sum(words in content for content in own)


def asked(running_bot: RunningBot) -> int:
    return running_bot.sandbox.requests[HISTORY]


async def close(running_bot: RunningBot) -> None:
    """Close it once the commands before are caught up with: later ones come live."""
    await running_bot.atelier.clock.sleep(30)
    running_bot.sandbox.switches.answer_request.arm("403", only=HISTORY, times=ALWAYS)


async def test_a_paid_request_whose_answer_is_lost_needs_attention_and_says_why(
    running_bot: RunningBot,
) -> None:
    """The history would have it; but nobody can wait for a permission without end."""
    await close(running_bot)
    running_bot.sandbox.switches.job.arm("silence", only="imagine")
    await running_bot.imagine("a cat")
    row = await running_bot.ended("a cat", Status.NEEDS_ATTENTION)
    assert row.problem is not None
    assert (row.problem.kind, row.problem.detail) == (ProblemKind.NO_ANSWER, Reason.NO_HISTORY)
    assert row.notice_message_id is not None
    notice = running_bot.sandbox.message(row.notice_message_id)
    assert notice is not None
    assert WHY in notice["content"]
    await running_bot.imagine("a dog")
    assert (await running_bot.ended("a dog")).stored == tuple(Slot)


async def test_a_lost_press_is_given_up_after_the_second_and_the_queue_goes_on(
    running_bot: RunningBot,
) -> None:
    running_bot.sandbox.switches.job.arm("silence", only="press", times=8)
    await running_bot.imagine("a cat")
    await close(running_bot)
    row = await running_bot.ended("a cat", Status.FAILED)
    assert row.stored == (Slot.GRID,)
    assert said(running_bot, WHY) >= 1
    await running_bot.imagine("a dog")
    assert (await running_bot.ended("a dog")).stored == tuple(Slot)


async def test_it_is_said_once_and_once_more_when_it_is_over(running_bot: RunningBot) -> None:
    clock, sandbox = running_bot.atelier.clock, running_bot.sandbox
    await close(running_bot)
    with capture_logs() as lines:
        for _ in range(3):
            sandbox.gateway.drop(forget=True)
            await clock.sleep(TEN_MINUTES)
        assert said(running_bot, CLOSED) == 1
        assert said(running_bot, OPEN) == 0
        sandbox.switches.answer_request.reset()
        await clock.sleep(TEN_MINUTES)
        assert (said(running_bot, CLOSED), said(running_bot, OPEN)) == (1, 1)
    events = [line["event"] for line in lines]
    assert events.count("history_forbidden") == events.count("history_allowed") == 1
    assert events.count("not_caught_up") <= 3


@pytest.mark.parametrize("answer", ["403", "500"])
async def test_it_is_asked_for_less_and_less_often(
    running_bot: RunningBot, answer: Literal["403", "500"]
) -> None:
    clock, sandbox = running_bot.atelier.clock, running_bot.sandbox
    sandbox.switches.answer_request.arm(answer, only=HISTORY, times=ALWAYS)
    sandbox.gateway.drop(forget=True)
    sandbox.switches.job.arm("silence", only="imagine")
    await clock.sleep(1)
    before = asked(running_bot)
    await clock.sleep(TEN_MINUTES)
    assert asked(running_bot) - before <= MOST_IN_TEN_MINUTES
    before = asked(running_bot)
    await clock.sleep(2 * TEN_MINUTES)
    assert asked(running_bot) - before <= 2 * 2 * 10 / 5


async def test_after_a_restart_it_may_be_said_once_more(sandbox: Sandbox, tmp_path: Path) -> None:
    values = settings(sandbox, tmp_path)
    async with running(sandbox, values) as first:
        await first.imagine("a cat")
        await first.ended("a cat")
    sandbox.switches.answer_request.arm("403", only=HISTORY, times=ALWAYS)
    for count in (1, 2):
        async with running(sandbox, values) as bot:
            await bot.atelier.clock.sleep(TEN_MINUTES)
            assert said(bot, CLOSED) == count


async def test_an_empty_answer_without_the_permission_is_no_history(
    running_bot: RunningBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Discord refuses nothing, but answers that there are no messages."""

    def all_but_one(*_: object) -> discord.Permissions:
        may = discord.Permissions.all()
        may.update(read_message_history=False)
        return may

    await running_bot.atelier.clock.sleep(30)  # what is read at the start comes before
    with monkeypatch.context() as lacking:
        lacking.setattr(discord.TextChannel, "permissions_for", all_but_one)
        before = asked(running_bot)
        running_bot.sandbox.gateway.drop(forget=True)
        await running_bot.atelier.clock.sleep(TEN_MINUTES)
        assert asked(running_bot) == before
        assert said(running_bot, CLOSED) == 1
    await running_bot.atelier.clock.sleep(TEN_MINUTES)
    assert said(running_bot, OPEN) == 1
