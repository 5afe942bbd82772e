"""What the library is told to do when the next connection may not begin for a while."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any, cast

import pytest
from discord.gateway import ReconnectWebSocket

from domain.hang_ups import HangUps
from services.discord.hang_up_guard import ASLEEP_SECONDS, HangUpGuard
from tests.fakes import FakeClock


class WaitingBot:
    """A bot whose gateway hung up often, and whose session may have ended."""

    def __init__(self, session_id: str | None) -> None:
        self.ws = SimpleNamespace(session_id=session_id)
        self.http = SimpleNamespace(ws_connect=None)

    async def connect(self) -> None: ...

    async def add_cog(self, _: object) -> None: ...

    def is_closed(self) -> bool:
        return False


@pytest.mark.parametrize(("session_id", "resumes"), [("session", True), (None, False)])
async def test_a_session_that_has_ended_is_not_resumed(
    session_id: str | None, *, resumes: bool
) -> None:
    """The gateway would end that connection, too, and the next, each after a longer distance."""
    clock, bot = FakeClock(), WaitingBot(session_id)

    async def often() -> HangUps:
        return HangUps(in_a_row=9, last_at=clock.now())

    guard = HangUpGuard(cast("Any", SimpleNamespace(get_hang_ups=often)), cast("Any", None), clock)
    await guard.guard(cast("Any", bot))
    opening = asyncio.create_task(cast("Any", bot.http).ws_connect("wss://gateway"))
    await clock.advance(ASLEEP_SECONDS + 1)
    with pytest.raises(ReconnectWebSocket) as raised:
        await opening
    assert raised.value.resume is resumes
