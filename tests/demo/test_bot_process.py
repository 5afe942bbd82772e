import asyncio
import signal
from pathlib import Path
from typing import Any

import pytest

from cli.exit import Exit
from demo import bot_process
from demo.actions import ACTIONS
from demo.bot_process import DemoBot
from demo.failure import DemoFailure
from sandbox import Sandbox
from tests.integration.quick_time import QuickTime


class ScriptedProcess:
    """A process that does nothing but end when it is told to."""

    pid = 1

    def __init__(self, *, heeds: bool = True) -> None:
        self.returncode: int | None = None
        self.heeds = heeds
        self._ended = asyncio.Event()

    def end(self, code: int) -> None:
        self.returncode = code
        self._ended.set()

    def kill(self) -> None:
        self.end(-signal.SIGKILL)

    def terminate(self) -> None:
        if self.heeds:
            self.end(Exit.DONE)

    async def wait(self) -> int | None:
        await self._ended.wait()
        return self.returncode


@pytest.fixture
def processes(monkeypatch: pytest.MonkeyPatch) -> list[ScriptedProcess]:
    """Return the processes that are started; one that is added before is the first of them."""
    made: list[ScriptedProcess] = []

    async def start(*_: object, **__: object) -> Any:
        made.append(ScriptedProcess())
        return made[-1]

    monkeypatch.setattr(bot_process.asyncio, "create_subprocess_exec", start)
    return made


async def test_one_process_at_a_time(processes: list[ScriptedProcess], tmp_path: Path) -> None:
    async with asyncio.TaskGroup() as tasks:
        bot = DemoBot(tasks, Sandbox(), {}, tmp_path)
        await asyncio.gather(bot.start(), bot.start())
        assert (bot.running, bot.ready, bot.starts, len(processes)) == (True, False, 1, 1)
        await asyncio.gather(bot.restart(), bot.start())
        assert (bot.running, bot.starts, len(processes)) == (True, 2, 2)
        await bot.kill()
    assert not bot.running
    assert [each.returncode for each in processes] == [Exit.DONE, -signal.SIGKILL]


@pytest.mark.usefixtures("processes")
@pytest.mark.parametrize(("values", "seconds"), [({"lease_seconds": "6"}, 6), ({}, 0)])
async def test_the_next_one_waits_for_the_lease_of_one_that_was_killed(
    values: dict[str, str], seconds: float, tmp_path: Path
) -> None:
    loop = asyncio.get_running_loop()
    with QuickTime(loop).passing():
        async with asyncio.TaskGroup() as tasks:
            bot = DemoBot(tasks, Sandbox(), values, tmp_path)
            await bot.start()
            await bot.kill()
            begun = loop.time()
            await bot.start()
            assert loop.time() - begun == pytest.approx(seconds)
            await bot.restart()  # one that ends in order gives the lease back
            assert loop.time() - begun == pytest.approx(seconds)
            await bot.stop()


@pytest.mark.parametrize(
    ("code", "sentence"),
    [(Exit.LEASE_HELD, "Another demo or bot is at work in"), (1, "ended by itself")],
)
async def test_an_end_that_nobody_wanted_is_a_failure(
    processes: list[ScriptedProcess], tmp_path: Path, code: int, sentence: str
) -> None:
    async def lose_it() -> None:
        async with asyncio.TaskGroup() as tasks:
            bot = DemoBot(tasks, Sandbox(), {}, tmp_path)
            await bot.start()
            processes[0].end(code)
            await asyncio.Event().wait()

    with pytest.raises(ExceptionGroup) as caught:
        await lose_it()
    assert caught.group_contains(DemoFailure, match=sentence)


async def test_one_that_does_not_end_is_killed(
    processes: list[ScriptedProcess], tmp_path: Path
) -> None:
    with QuickTime(asyncio.get_running_loop()).passing():
        async with asyncio.TaskGroup() as tasks:
            bot = DemoBot(tasks, Sandbox(), {}, tmp_path)
            await bot.start()
            processes[0].heeds = False
            await bot.stop()
    assert processes[0].returncode == -signal.SIGKILL


def test_actions_have_names_of_their_own_and_sentences() -> None:
    assert len({action.name for action in ACTIONS}) == len(ACTIONS)
    assert all(action.outcome.endswith(".") for action in ACTIONS)
