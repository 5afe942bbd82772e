"""How often the database and Discord are asked: what can be counted is a test, not a benchmark."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest

from domain.slots import UPSCALES
from tests.model.channel import ANN
from tests.model.people import People
from tests.model.stories import HOUR, MINUTE, play, rows, until
from tests.model.world import SimulatedWorld

DEFAULT_LEASE = 30.0


@pytest.fixture(autouse=True)
def default_lease(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the lease last as long as it does by default; the model has a longer one."""
    monkeypatch.setattr("tests.model.process.LEASE_SECONDS", DEFAULT_LEASE)


def test_an_idle_hour_asks_the_database_at_most_250_times() -> None:
    async def story(world: SimulatedWorld, _: People) -> None:
        await asyncio.sleep(5 * MINUTE)
        calls = Counter(world.parts["store"].calls)
        await asyncio.sleep(HOUR)
        asked = Counter(world.parts["store"].calls) - calls
        assert asked.total() <= 250, asked
        assert set(asked) == {"renew_lease", "claim_next"}

    play(story)


def test_a_generation_with_four_upscales_asks_the_database_at_most_30_times() -> None:
    async def story(world: SimulatedWorld, people: People) -> None:
        await asyncio.sleep(MINUTE)
        calls = Counter(world.parts["store"].calls)
        people.say(ANN, "!imagine a cat")
        await until(world, lambda: [r.notice_message_id is not None for r in rows(world)] == [True])
        await asyncio.sleep(1)
        asked = Counter(world.parts["store"].calls) - calls
        assert asked.total() <= 30, asked

    play(story, UPSCALES)
