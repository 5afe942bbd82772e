"""Lets dpytest 0.7.0, made for discord.py, run on discord.py-self, for as long as a block lasts.

It fixes three things: a name that dpytest imports, the start of its copy of the library's state,
and messages without `components`, which Discord always sends. All changes are undone.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Generator
from contextlib import contextmanager
from importlib import import_module
from typing import Any
from unittest.mock import patch

import discord
from discord.http import HTTPClient
from discord.state import ConnectionState

# Imported by name because it has no types: everything from it is `Any`.
dpytest = import_module("discord.ext.test")
backend = import_module("discord.ext.test.backend")
factories = import_module("discord.ext.test.factories")
FakeState = import_module("discord.ext.test.state").FakeState


class ShardedClient:
    """A class that dpytest refuses to test; no client of this library is one."""


def begin(
    self: Any,
    client: discord.Client,
    http: HTTPClient,
    user: discord.ClientUser | None = None,
    loop: asyncio.AbstractEventLoop | None = None,
) -> None:
    """Do the same as dpytest's own, without intents and shards, for a person's account."""

    def dispatch(event: str, *arguments: Any) -> None:
        if self._do_dispatch:
            client.dispatch(event, *arguments)

    ConnectionState.__init__(
        self,
        client=client,
        http=http,
        dispatch=dispatch,
        handlers={},
        hooks={},
        guild_subscriptions=False,  # they would look for a gateway twice a second
    )
    self.loop = loop or asyncio.get_running_loop()
    account = factories.make_user_dict("atelier", "0001", None)
    self.user = user or discord.ClientUser(state=self, data=account)
    self.start_dispatch()


def whole(make: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    """Wrap a function that makes messages, so that they are as Discord sends them."""
    return lambda *arguments, **named: {"components": [], **make(*arguments, **named)}


@contextmanager
def dpytest_on_this_library() -> Generator[None]:
    """Make dpytest usable; restore the library at the end of the block."""
    with (
        patch.object(discord, "AutoShardedClient", ShardedClient, create=True),
        patch.object(FakeState, "__init__", begin),
        patch.object(factories, "make_message_dict", whole(factories.make_message_dict)),
        patch.object(factories, "dict_from_message", whole(factories.dict_from_message)),
    ):
        yield
