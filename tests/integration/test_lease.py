"""Nothing is sent or written while another process may be at work."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from domain.generation import Status
from domain.slots import Slot
from services.updates import GenerationUpdate, Update
from tests.integration.conftest import RunningBot
from tests.integration.quick_time import PATIENCE

pytestmark = pytest.mark.integration


class LeaseGate:
    """Replaces `assured` of the lease: tasks wait there until the gate is open."""

    def __init__(self, running_bot: RunningBot) -> None:
        self._open = asyncio.Event()
        self._arrived = asyncio.Condition()
        self.waiting: set[str] = set()
        running_bot.atelier.lease_keeper.assured = self._assured

    async def _assured(self) -> None:
        task = asyncio.current_task()
        assert task is not None
        if not self._open.is_set():
            async with self._arrived:
                self.waiting.add(task.get_name())
                self._arrived.notify_all()
        await self._open.wait()

    async def until(self, condition: Callable[[set[str]], bool]) -> None:
        """Wait until the expected tasks are waiting."""
        async with asyncio.timeout(PATIENCE), self._arrived:
            await self._arrived.wait_for(lambda: condition(self.waiting))

    def open(self) -> None:
        self.waiting.clear()
        self._open.set()

    def close(self) -> None:
        self._open.clear()


def own_messages(running_bot: RunningBot) -> list[str]:
    """Return the current texts of the bot's messages."""
    account = str(running_bot.sandbox.account.id)
    return [m["content"] for m in running_bot.sandbox.messages if m["author"]["id"] == account]


async def test_request_status_and_notice_wait_until_the_lease_is_sure(
    running_bot: RunningBot,
) -> None:
    gate = LeaseGate(running_bot)

    def hear(news: Update) -> None:
        if isinstance(news, GenerationUpdate) and news.generation.status == Status.COMPLETED:
            gate.close()

    running_bot.atelier.orchestrator.notifier.subscribe(hear)
    await running_bot.imagine("a cat")
    asked = await running_bot.until(lambda told: told.generation.status == Status.SUBMITTING)
    request = f"send {asked.code} {Slot.GRID.title}"
    await gate.until(lambda waiting: {request, "status messages"} <= waiting)
    assert running_bot.sandbox.interactions == ()
    (reply,) = own_messages(running_bot)
    assert reply.endswith("starting")

    gate.open()
    await running_bot.until(lambda told: told.generation.status == Status.COMPLETED)
    await gate.until(lambda waiting: bool(waiting - {"status messages"}))
    assert len(own_messages(running_bot)) == 1

    gate.open()
    await running_bot.ended("a cat")
    assert len(own_messages(running_bot)) == 2


@pytest.mark.fault(name="F14")
async def test_request_that_was_frozen_right_before_it_is_sent_is_made_anew(
    running_bot: RunningBot,
) -> None:
    lasts = iter([False])
    running_bot.atelier.lease_keeper.lasts = lambda: next(lasts, True)
    running_bot.atelier.lease_keeper.assured = nothing
    await running_bot.imagine("a cat")
    ended = await running_bot.ended("a cat")
    assert next(lasts, None) is None
    assert ended.step(Slot.GRID).attempts == 1
    assert [asked.kind for asked in running_bot.sandbox.interactions] == ["imagine"] + ["press"] * 4


async def nothing() -> None:
    """Wait for nothing."""
