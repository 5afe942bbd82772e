"""The address that alerts are sent to: a webhook of Discord's or Slack's, or anything like it."""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import urlsplit

import aiohttp

from services.settings import Secret

TIMEOUT = aiohttp.ClientTimeout(total=5)
"""Seconds; a process that ends waits for it."""
_DISCORD = frozenset({"discord.com", "discordapp.com", "ptb.discord.com", "canary.discord.com"})


class NotTaken(Exception):
    """A message was not taken; the text says why, without the address, which is a secret."""


class Webhook:
    """Sends one message at a time; a proxy is for what goes to Discord."""

    def __init__(self, url: Secret, proxy: str | None = None) -> None:
        self._url = url
        self._proxy = proxy

    async def send(self, text: str) -> None:
        """Send a text, in which nothing calls anybody; or raise `NotTaken`."""
        url = self._url.get_secret_value()
        # Discord reads `content`, Slack and most others `text`.
        body = {"content": text, "text": text, "allowed_mentions": {"parse": list[str]()}}
        proxy = self._proxy if urlsplit(url).hostname in _DISCORD else None
        try:
            async with (
                aiohttp.ClientSession(timeout=TIMEOUT) as session,
                session.post(url, json=body, proxy=proxy, allow_redirects=False) as answer,
            ):
                status = answer.status
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise NotTaken(type(error).__name__) from None
        if not HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
            raise NotTaken(f"HTTP {status}")
