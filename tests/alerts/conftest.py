"""A webhook, and alerts that are sent to it."""

from collections.abc import AsyncGenerator

import pytest

from tests.alerts.webhook_server import WebhookServer, serving
from tests.fakes import FakeClock


@pytest.fixture
async def webhook() -> AsyncGenerator[WebhookServer]:
    async with serving() as server:
        yield server


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()
