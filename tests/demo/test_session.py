import asyncio
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from demo import session as sessions
from demo.project import Project
from demo.session import DemoFailure, DemoSession, is_over, settings
from domain.generation import Generation, Status
from domain.pause import Pause
from domain.ports import Query
from domain.reasons import Reason
from sandbox import Sandbox
from services.updates import GenerationUpdate, QueueStopped, Update
from tests.builders import NOW, generation

PAUSE = Pause(words=Reason.SILENCE, since=NOW)


def test_the_bots_settings_come_from_the_sandbox_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody who tries the demo may already have real settings."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("PRESS_INTERVAL=60\nALLOWED_USER_IDS=100000000000000002\n")
    for name, value in {
        "DISCORD_TOKEN": "real",
        "AUTO_UPSCALE": "1",
        "PROXY_URL": "http://127.0.0.1:9",
        "COMMAND_PREFIX": "?",
    }.items():
        monkeypatch.setenv(name, value)
    sandbox = Sandbox(speed=20)
    made = settings(sandbox, tmp_path)
    assert made.discord_token.get_secret_value() == sandbox.token
    assert (made.auto_upscale, made.proxy_url, made.command_prefix) == ((1, 2, 3, 4), None, "!")
    assert (made.press_interval, made.allow_everybody) == (0.075, True)


def test_a_project_takes_the_place_of_the_files(tmp_path: Path) -> None:
    made = settings(Sandbox(), tmp_path, Project(url="http://127.0.0.1:1", key="sb_secret_1"))
    assert made.supabase_url == "http://127.0.0.1:1"
    assert made.supabase_key is not None
    assert made.supabase_key.get_secret_value() == "sb_secret_1"
    assert settings(Sandbox(), tmp_path).supabase_url is None


def test_the_slowest_demo_presses_as_slowly_as_is_allowed(tmp_path: Path) -> None:
    assert settings(Sandbox(speed=0.01), tmp_path).press_interval == 60


@pytest.mark.parametrize("status", Status)
def test_a_generation_is_over_when_it_has_ended_and_its_person_knows(status: Status) -> None:
    ended = status in {Status.COMPLETED, Status.FAILED, Status.CANCELLED, Status.NEEDS_ATTENTION}
    assert is_over(generation(status, notice_message_id=1)) == ended
    assert is_over(generation(status)) == (status == Status.CANCELLED)


class DemoHarness:
    """The parts of the services that a demo session uses, with scripted answers."""

    def __init__(self) -> None:
        self.orchestrator = SimpleNamespace(notifier=SimpleNamespace(subscribe=self._subscribe))
        self.store = SimpleNamespace(get_pause=self._get_pause, list_generations=self._list)
        self.unfinished: list[Generation] = []
        self._pause: Pause | None = None
        self._listener: Callable[[Update], None] = print
        self.stage = DemoSession(Sandbox(), cast("Any", self))

    def tell(self, told: Generation) -> None:
        self.unfinished = [] if told.completed_at else [told]
        self._listener(GenerationUpdate(told))

    def stop(self) -> None:
        self._pause = PAUSE
        self._listener(QueueStopped(PAUSE))

    def _subscribe(self, listener: Callable[[Update], None]) -> None:
        self._listener = listener

    async def _get_pause(self) -> Pause | None:
        return self._pause

    async def _list(self, query: Query) -> list[Generation]:
        assert {Status.QUEUED, Status.SUBMITTED} < query.statuses
        return self.unfinished


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
    running_bot.tell(SUBMITTED)
    task = asyncio.create_task(wait(running_bot.stage))
    assert await is_waiting(task)
    running_bot.tell(STORED)
    assert await is_waiting(task)
    running_bot.tell(DONE)
    assert await task in (None, DONE)


@WAITS
async def test_a_notice_that_does_not_come_is_done_without(
    wait: Callable[[DemoSession], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "ANSWER_SECONDS", 0)
    running_bot = DemoHarness()
    running_bot.tell(STORED)
    assert await wait(running_bot.stage) in (None, STORED)


async def test_when_the_queue_stops_nobody_waits_for_its_pictures(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sessions, "ANSWER_SECONDS", 0)
    running_bot = DemoHarness()
    running_bot.tell(SUBMITTED)
    waiting = asyncio.create_task(over(running_bot.stage))
    idle = asyncio.create_task(running_bot.stage.idle())
    assert await is_waiting(waiting)
    running_bot.stop()
    with pytest.raises(DemoFailure, match="The queue is paused: Midjourney didn't answer"):
        await waiting
    running_bot.stop()
    await idle


async def test_a_generation_is_completed_once() -> None:
    running_bot = DemoHarness()
    completed: list[Generation] = []
    running_bot.stage.when_completed(completed.append)
    for told in (QUEUED, STORED, DONE, DONE):
        running_bot.tell(told)
    running_bot.tell(generation(Status.FAILED, notice_message_id=2))
    assert completed == [DONE]
