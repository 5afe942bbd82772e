"""What is posted opens its files only when it is sent."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import discord
import pytest

from services.discord.messenger import Messenger
from tests.fakes import FakeClock


async def test_a_message_that_is_held_back_opens_no_file(tmp_path: Path) -> None:
    """Nobody would close it again."""
    nothing = cast("Any", None)
    messenger = Messenger(nothing, nothing, FakeClock())

    async def refuse(*_: object, **__: object) -> discord.Message:
        raise discord.RateLimited(60)

    for files in ({}, {"grid.png": tmp_path / "missing.png"}):
        with pytest.raises(discord.RateLimited):
            await messenger.post(refuse, "done", files=files, nonce="1", patient=False)
