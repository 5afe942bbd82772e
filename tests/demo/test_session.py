import asyncio
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, cast

import pytest

from demo import rows
from demo import session as sessions
from demo.failure import DemoFailure
from demo.rows import is_over
from demo.session import DemoSession
from domain.errors import StoreUnavailable
from domain.generation import Generation, Status
from domain.pause import Pause
from domain.ports import Query
from domain.reasons import Reason
from sandbox import Sandbox
from tests.builders import NOW, generation

PAUSE = Pause(words=Reason.SILENCE, since=NOW)


@pytest.mark.parametrize("status", Status)
def test_a_generation_is_over_when_it_has_ended_and_its_person_knows(status: Status) -> None:
    ended = status in {Status.COMPLETED, Status.FAILED, Status.CANCELLED, Status.NEEDS_ATTENTION}
    assert is_over(generation(status, notice_message_id=1)) == ended
    assert is_over(generation(status)) == (status == Status.CANCELLED)


class DemoHarness:
    """A demo session on rows that a test writes, and looks at when it says so."""

    def __init__(self) -> None:
        self.rows: dict[str, Generation] = {}
        self.pause: Pause | None = None
        self.is_away = False
        reader = SimpleNamespace(
            get_pause=self._get_pause, list_generations=self._list, get_generation=self._get
        )
        stores = cast("Any", (reader, None))
        self.stage = DemoSession(Sandbox(), cast("Any", None), stores, None)

    async def tell(self, *told: Generation) -> None:
        """Write rows; the session looks at them."""
        self.rows |= {row.id: row for row in told}
        await self.stage.rows.look()

    async def _get_pause(self) -> Pause | None:
        return self.pause

    async def _get(self, generation_id: str) -> Generation | None:
        return self.rows.get(generation_id)

    async def _list(self, query: Query) -> list[Generation]:
        if self.is_away:
            raise StoreUnavailable("away")
        found = sorted(self.rows.values(), key=lambda row: -row.seq)
        statuses = query.statuses or set(Status)
        return [row for row in found if row.status in statuses][: query.limit]


GENERATION_ID = "0f0e0d0c-1111-4222-8333-444455556666"
QUEUED = generation(id=GENERATION_ID)
SUBMITTED = generation(Status.SUBMITTED, id=GENERATION_ID)
STORED = generation(Status.COMPLETED, id=GENERATION_ID, completed_at=NOW)
DONE = generation(Status.COMPLETED, id=GENERATION_ID, completed_at=NOW, notice_message_id=1)


async def over(stage: DemoSession) -> Generation:
    return await stage.over(QUEUED)


WAITS = pytest.mark.parametrize("wait", [over, DemoSession.idle])


async def is_waiting(task: asyncio.Task[Any]) -> bool:
    """Return whether a task still waits after everything that is ready has run."""
    for _ in range(10):
        await asyncio.sleep(0)
    return not task.done()


@WAITS
async def test_the_notice_is_waited_for(wait: Callable[[DemoSession], Any]) -> None:
    running_bot = DemoHarness()
    await running_bot.tell(SUBMITTED)
    task = asyncio.create_task(wait(running_bot.stage))
    assert await is_waiting(task)
    await running_bot.tell(STORED)
    assert await is_waiting(task)
    await running_bot.tell(DONE)
    assert await task in (None, DONE)


@WAITS
async def test_a_notice_that_does_not_come_is_done_without(
    wait: Callable[[DemoSession], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "ANSWER_SECONDS", 0)
    running_bot = DemoHarness()
    await running_bot.tell(STORED)
    assert await wait(running_bot.stage) in (None, STORED)


async def test_when_the_queue_stops_nobody_waits_for_its_pictures(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sessions, "ANSWER_SECONDS", 0)
    running_bot = DemoHarness()
    await running_bot.tell(SUBMITTED)
    waiting = asyncio.create_task(over(running_bot.stage))
    idle = asyncio.create_task(running_bot.stage.idle())
    assert await is_waiting(waiting)
    running_bot.pause = PAUSE
    await running_bot.tell()
    with pytest.raises(DemoFailure, match="The queue is paused: Midjourney didn't answer"):
        await waiting
    await idle


async def test_a_generation_is_completed_once() -> None:
    running_bot = DemoHarness()
    completed: list[Generation] = []
    running_bot.stage.when_completed(completed.append)
    for told in (QUEUED, STORED, DONE, DONE):
        await running_bot.tell(told)
    await running_bot.tell(generation(Status.FAILED, notice_message_id=2))
    assert completed == [DONE]


async def test_a_generation_is_followed_however_many_newer_ones_there_are() -> None:
    running_bot = DemoHarness()
    completed: list[Generation] = []
    running_bot.stage.when_completed(completed.append)
    await running_bot.tell(SUBMITTED)
    newer = [generation(id=str(number), seq=number) for number in range(2, rows.NEWEST + 3)]
    await running_bot.tell(*newer)
    await running_bot.tell(DONE)
    assert completed == [DONE]


async def test_what_was_completed_in_an_earlier_demo_is_no_news() -> None:
    running_bot = DemoHarness()
    completed: list[Generation] = []
    running_bot.rows = {DONE.id: DONE}
    await running_bot.stage.rows.begin()
    running_bot.stage.when_completed(completed.append)
    await running_bot.stage.rows.look()
    assert completed == []


async def test_rows_are_looked_at_after_a_change_of_the_channel_and_while_the_store_is_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rows, "LOOK_SECONDS", 3600)
    running_bot = DemoHarness()
    completed: list[Generation] = []
    running_bot.stage.when_completed(completed.append)
    following = asyncio.create_task(running_bot.stage.rows.follow(running_bot.stage.sandbox))
    running_bot.is_away = True
    assert await is_waiting(following)
    running_bot.is_away, running_bot.rows = False, {DONE.id: DONE}
    assert await is_waiting(following)
    assert completed == []
    await running_bot.stage.type("hello")
    assert await is_waiting(following)
    assert completed == [DONE]
    following.cancel()
