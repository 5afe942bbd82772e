"""The pause of the queue, where it races with the database, or with a stop."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.errors import StoreUnavailable
from domain.pause import Pause
from domain.ports import Outcome
from domain.snowflakes import first_at
from tests.builders import ANN
from tests.unit.services.orchestrator_harness import OrchestratorHarness


async def away(*_: object, **__: object) -> Outcome:
    raise StoreUnavailable("away")


def typed(harness: OrchestratorHarness, seconds: float) -> int:
    """Return the id of a command that is typed so many seconds from now."""
    return first_at(harness.clock.now() + timedelta(seconds=seconds))


def stop(harness: OrchestratorHarness, words: str = "Blocked") -> Pause:
    return Pause(words=words, since=harness.clock.now())


async def test_a_pause_by_command_holds_nobody_up_and_is_kept_at_once(
    harness: OrchestratorHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Other commands wait for it; it is left for later like them."""
    monkeypatch.setattr(harness.store, "set_pause", away)
    pause = Pause(words="", since=harness.clock.now(), by=ANN)
    with pytest.raises(StoreUnavailable):
        await harness.generations.pause(pause, 1)
    assert harness.generations.paused == pause


async def test_a_command_ends_no_stop_that_is_newer_than_it(
    harness: OrchestratorHarness,
) -> None:
    """It was typed before anybody could know of the stop, and handled after it."""
    pauses = harness.orchestrator.queue_pause
    await pauses.begin(stop(harness))
    await harness.clock.advance(60)
    latest = stop(harness, "Credits exhausted")
    await pauses.begin(latest)
    assert not await harness.generations.resume(typed(harness, -1))
    assert harness.generations.paused == latest
    assert await harness.store.get_pause() is not None
    assert await harness.generations.resume(typed(harness, 0))
    assert harness.generations.paused is None


async def test_a_stop_that_the_last_process_left_is_newer_than_a_missed_command(
    harness: OrchestratorHarness,
) -> None:
    left = stop(harness)
    await harness.store.set_pause(left, fence=harness.lease.fence)
    await harness.orchestrator.queue_pause.load()
    assert not await harness.generations.resume(typed(harness, -60))
    assert harness.generations.paused == left


async def test_a_command_ends_no_stop_that_comes_while_the_database_does_so(
    harness: OrchestratorHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The stop that was there stays, but for the command that is just about to end it."""
    pauses, set_pause = harness.orchestrator.queue_pause, harness.store.set_pause
    await pauses.begin(stop(harness))
    await harness.clock.advance(60)
    latest = stop(harness, "Credits exhausted")

    async def stopped_meanwhile(pause: Pause | None, *, fence: int, command: int | None) -> Outcome:
        monkeypatch.undo()
        await pauses.begin(latest)
        return await set_pause(pause, fence=fence, command=command)

    monkeypatch.setattr(harness.store, "set_pause", stopped_meanwhile)
    await harness.generations.resume(typed(harness, -1))
    assert harness.generations.paused == latest
    assert await harness.store.get_pause() == latest
