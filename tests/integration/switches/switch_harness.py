"""Helpers for the tests of switches."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from typing import TypeVar

import pytest

from cogs.generation_replies import GenerationReplies
from cogs.replies import Replies, shown
from domain.generation import ACTIVE, Generation, Problem, ProblemKind, Status
from sandbox.switch import Switch
from tests.integration.conftest import RunningBot
from tests.integration.quick_time import PATIENCE

T = TypeVar("T")

PROMPT, NEXT = "a cat", "a dog"
RESTING = {Status.COMPLETED, Status.FAILED, Status.NEEDS_ATTENTION}


def one_of_each(
    cases: Iterable[T], kind: Callable[[T], object], rare: Callable[[T], bool] = lambda _: False
) -> list[pytest.ParameterSet]:
    """Run a test with the first case of each kind, or with all cases in the long run.

    All cases of a kind end in the same way: `domain` decides that, and its own tests cover every
    case. Here one case of each kind is enough to test the whole way.
    """
    seen: set[object] = set()
    rows: list[pytest.ParameterSet] = []
    for case in cases:
        later = rare(case) or kind(case) in seen
        if not later:
            seen.add(kind(case))
        rows.append(pytest.param(case, id=str(case), marks=[pytest.mark.long] * later))
    return rows


def turn(running_bot: RunningBot, name: str, value: object, only: str = "", times: int = 1) -> None:
    """Arm a switch."""
    switch: Switch[object] = getattr(running_bot.sandbox.switches, name)
    switch.arm(value, only=only, times=times)


async def ended(running_bot: RunningBot, prompt: str, status: Status) -> Generation:
    """Wait for the first end of a generation and its notice; it must be this one."""
    end = await running_bot.until(
        lambda told: (
            told.generation.prompt == prompt
            and told.generation.notice_message_id is not None
            and told.generation.status not in ACTIVE | {Status.QUEUED}
        )
    )
    assert end.status == status, f"{end.status.value}: {end.problem}"
    return end


async def comes_to(
    running_bot: RunningBot,
    status: Status,
    why: ProblemKind | None,
    words: str = "",
) -> Generation:
    """Request a grid and check its end and reason; then the queue must go on to the next one."""
    await running_bot.imagine(PROMPT)
    end = await ended(running_bot, PROMPT, status)
    problem = end.problem or Problem(ProblemKind.NO_ANSWER)
    assert (end.problem and problem.kind) == why
    assert words in problem.detail
    if end.notice_message_id is not None and end.problem is not None:
        notice = running_bot.sandbox.message(end.notice_message_id)
        assert notice is not None
        assert GenerationReplies(Replies("en", "!")).because(end.problem, end) in notice["content"]
        assert shown(words.removesuffix(".")) in notice["content"]  # it may be quoted
    if status != Status.COMPLETED:
        await running_bot.imagine(NEXT)
        await running_bot.until(
            lambda told: (
                told.generation.prompt == NEXT and told.generation.status == Status.SUBMITTED
            )
        )
    return end


def imagined(running_bot: RunningBot, prompt: str = PROMPT) -> int:
    """Return how often /imagine was accepted by Discord for a prompt."""
    return sum(
        asked.kind == "imagine" and asked.accepted and asked.prompt == prompt
        for asked in running_bot.sandbox.interactions
    )


async def its_end(running_bot: RunningBot) -> Generation:
    """Wait for the end of the only generation; its prompt may have been cleaned."""
    return await running_bot.until(
        lambda told: (
            told.generation.status in RESTING and told.generation.notice_message_id is not None
        )
    )


async def at_rest(running_bot: RunningBot, count: int) -> list[Generation]:
    """Resume the queue whenever it stops, until every generation has ended."""
    async with asyncio.timeout(PATIENCE):
        while True:
            rows = await running_bot.generations()
            if len(rows) == count and all(row.status in RESTING for row in rows):
                return rows
            if await running_bot.atelier.store.get_pause() is not None:
                await running_bot.sandbox.say("ann", "!resume")
            await running_bot.atelier.clock.sleep(20)


def leave_all(_: RunningBot) -> None:
    """Leave everything as usual."""


def leave_only_the_words(running_bot: RunningBot) -> None:
    """Let the next grid be made unnoticed, and without any id that identifies it."""
    turn(running_bot, "acknowledge", "nothing", "imagine")
    turn(running_bot, "deliver_event", "lost", "waiting")
    turn(running_bot, "interaction_fields", "neither", times=100)
    leave_only_the_first_words(running_bot)


def leave_only_the_first_words(running_bot: RunningBot) -> None:
    """Let the next grid begin as usual, go on unnoticed, and not refer to its first message."""
    turn(running_bot, "deliver_event", "lost", "progress", times=6)
    turn(running_bot, "deliver_event", "lost", "grid")
    turn(running_bot, "reference_on_final", value=False)
