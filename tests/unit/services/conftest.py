from __future__ import annotations

import logging
from collections.abc import AsyncGenerator, Generator
from pathlib import Path

import pytest
import structlog
from stamina.instrumentation import set_on_retry_hooks

from tests.unit.services.orchestrator_harness import OrchestratorHarness, working


@pytest.fixture
async def harness(tmp_path: Path) -> AsyncGenerator[OrchestratorHarness]:
    """Give an orchestrator at work."""
    async with working(tmp_path) as harness:
        yield harness


@pytest.fixture
def logs_as_before() -> Generator[None]:
    """Give back to the other tests what `configure` changes for the whole process."""
    loggers = [logging.getLogger(name) for name in (None, "discord", "aiohttp", "httpx")]
    levels = [logger.level for logger in loggers]
    handlers = list(loggers[0].handlers)
    yield
    loggers[0].handlers[:] = handlers
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)
    structlog.reset_defaults()
    set_on_retry_hooks(None)
