"""The pause while the database is away."""

from __future__ import annotations

import asyncio

import pytest

from domain.errors import StoreUnavailable
from domain.pause import Pause
from domain.ports import Outcome
from tests.builders import ANN
from tests.unit.services.studio import Studio


async def away(*_: object, **__: object) -> Outcome:
    raise StoreUnavailable("away")


async def test_a_pause_by_command_holds_nobody_up_and_is_kept_at_once(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Other commands wait for it; it is left for later like them."""
    monkeypatch.setattr(studio.store, "set_pause", away)
    pause = Pause(words="", since=studio.clock.now(), by=ANN)
    async with asyncio.timeout(5):
        with pytest.raises(StoreUnavailable):
            await studio.desk.pause(pause, 1)
    assert studio.desk.paused == pause
