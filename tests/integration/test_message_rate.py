"""Discord takes no messages for a while: none is sent before the time that it names."""

from __future__ import annotations

import pytest
from structlog.testing import capture_logs

from domain.generation import Status
from domain.slots import Slot
from tests.integration.conftest import RunningBot

pytestmark = pytest.mark.integration

MESSAGES = "POST /channels/{channel}/messages"
SECONDS, MINUTE = 600.0, 60.0
EMPTY = "The queue is empty"
CAUGHT_UP = 15.0  # seconds after the start


def posts(running_bot: RunningBot) -> int:
    return running_bot.sandbox.requests[MESSAGES]


def said(running_bot: RunningBot, words: str) -> int:
    account = str(running_bot.sandbox.account.id)
    own = (m["content"] for m in running_bot.sandbox.messages if m["author"]["id"] == account)
    return sum(words in content for content in own)


def hold_back(running_bot: RunningBot, times: int = 1, seconds: float = SECONDS) -> None:
    """Refuse the next messages."""
    running_bot.sandbox.switches.retry_after.set(seconds)
    running_bot.sandbox.switches.answer_request.arm("429", only=MESSAGES, times=times)


async def test_an_answer_comes_when_discord_takes_messages_again(running_bot: RunningBot) -> None:
    clock, sandbox = running_bot.atelier.clock, running_bot.sandbox
    await clock.sleep(CAUGHT_UP)
    hold_back(running_bot)
    before = posts(running_bot)
    await sandbox.say("ann", "!queue")
    await clock.sleep(SECONDS / 2)
    await sandbox.say("ann", "!queue")
    await clock.sleep(SECONDS / 2 - 5)
    assert posts(running_bot) == before + 1
    await clock.sleep(60)
    assert posts(running_bot) == before + 3
    assert said(running_bot, EMPTY) == 2


async def test_meanwhile_everything_else_goes_on(running_bot: RunningBot) -> None:
    clock, sandbox = running_bot.atelier.clock, running_bot.sandbox
    await running_bot.imagine("a cat")
    await clock.sleep(CAUGHT_UP)
    hold_back(running_bot)
    before = posts(running_bot)
    await sandbox.say("ann", "!queue")
    await clock.sleep(SECONDS / 2)
    (row,) = await running_bot.generations()
    assert row.stored == tuple(Slot)
    await sandbox.say("ann", "!pause")
    await clock.sleep(5)
    await sandbox.say("ann", "!resume")
    await sandbox.say("ann", "!pause still")
    await clock.sleep(5)
    assert running_bot.atelier.generations.paused is not None
    assert running_bot.atelier.generations.paused.words == "still"
    assert posts(running_bot) == before + 1
    await running_bot.ended("a cat")


async def test_the_final_notice_comes_as_well(running_bot: RunningBot) -> None:
    clock = running_bot.atelier.clock
    await running_bot.imagine("a cat")
    await running_bot.until(lambda told: told.generation.status == Status.SUBMITTED)
    hold_back(running_bot)
    before = posts(running_bot)
    began = clock.monotonic()
    await running_bot.ended("a cat")
    assert clock.monotonic() - began >= SECONDS
    assert posts(running_bot) == before + 2


async def test_tries_without_end_end_as_ever(running_bot: RunningBot) -> None:
    clock, sandbox = running_bot.atelier.clock, running_bot.sandbox
    await clock.sleep(CAUGHT_UP)
    hold_back(running_bot, times=100, seconds=MINUTE)
    before = posts(running_bot)
    with capture_logs() as lines:
        await sandbox.say("ann", "!queue")
        await clock.sleep(20 * MINUTE)
    assert posts(running_bot) == before + 4
    assert "answer_not_sent" in {line["event"] for line in lines}
