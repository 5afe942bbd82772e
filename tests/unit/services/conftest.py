from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from tests.unit.services.studio import Studio, working


@pytest.fixture
async def studio(tmp_path: Path) -> AsyncGenerator[Studio]:
    """Give an orchestrator at work."""
    async with working(tmp_path) as studio:
        yield studio
