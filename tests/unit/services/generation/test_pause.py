"""The pause while the database is away."""

from __future__ import annotations

import pytest

from domain.errors import StoreUnavailable
from domain.pause import Pause
from domain.ports import Outcome
from tests.builders import ANN
from tests.unit.services.orchestrator_harness import OrchestratorHarness


async def away(*_: object, **__: object) -> Outcome:
    raise StoreUnavailable("away")


async def test_a_pause_by_command_holds_nobody_up_and_is_kept_at_once(
    harness: OrchestratorHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Other commands wait for it; it is left for later like them."""
    monkeypatch.setattr(harness.store, "set_pause", away)
    pause = Pause(words="", since=harness.clock.now(), by=ANN)
    with pytest.raises(StoreUnavailable):
        await harness.generations.pause(pause, 1)
    assert harness.generations.paused == pause
