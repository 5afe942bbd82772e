"""Points discord.py-self at a sandbox: the only place that changes the library's settings."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import discord.asset
import discord.gateway
import discord.http
import discord.utils
import yarl

from sandbox import browser

if TYPE_CHECKING:
    from collections.abc import Generator

    from sandbox.addresses import Addresses


@contextmanager
def point_library_at(sandbox: Addresses) -> Generator[None]:
    """Send every client of this process to the sandbox, and to the real addresses afterwards.

    Four public attributes are replaced. The last one, `Headers.default`, would otherwise ask three
    hosts on the internet which browser to imitate.
    """
    settings: list[tuple[Any, str, object]] = [
        (discord.http.Route, "BASE", sandbox.api_base),
        (discord.gateway.DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(sandbox.gateway_url)),
        (discord.asset.Asset, "BASE", sandbox.cdn_base),
        (discord.utils.Headers, "default", _static_headers),
    ]
    before: list[tuple[Any, str, object]] = [
        (owner, name, vars(owner)[name]) for owner, name, _ in settings
    ]
    try:
        for owner, name, value in settings:
            setattr(owner, name, value)
        yield
    finally:
        for owner, name, value in before:
            setattr(owner, name, value)


async def _static_headers(*_: object, **__: object) -> discord.utils.Headers:
    return discord.utils.Headers(
        platform="Windows",
        major_version=browser.VERSION,
        super_properties=dict(browser.PROPERTIES),
        encoded_super_properties=browser.ENCODED,
    )
