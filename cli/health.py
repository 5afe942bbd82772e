"""`bot.py health`: asks the worker on this machine, for containers and systemd."""

from __future__ import annotations

import argparse
import sys
from typing import Protocol

import aiohttp
from yarl import URL

from cli.exit import Exit
from services.web_server import reached_here

PATIENCE = aiohttp.ClientTimeout(total=5)
"""How long the worker may take to answer."""


class HealthSettings(Protocol):
    """Where the worker answers."""

    @property
    def pictures_address(self) -> str:
        """Where it serves: `host:port`; a platform's PORT is for the gallery's process alone."""
        ...


async def ask_health(settings: HealthSettings, _: argparse.Namespace) -> Exit:
    """Print how the worker is, and return 0 if it is well."""
    url = reached_here(URL(f"http://{settings.pictures_address}/health"))
    try:
        async with aiohttp.ClientSession(timeout=PATIENCE) as session, session.get(url) as answer:
            wrong: list[str] = (await answer.json())["wrong"]
    except (aiohttp.ContentTypeError, ValueError, KeyError, TypeError):
        sys.stdout.write(f"Something else than the worker answers at {url}.\n")
        return Exit.FAILED
    except (aiohttp.ClientError, TimeoutError) as error:
        sys.stdout.write(f"Nothing answers at {url}: {error or 'it took too long'}.\n")
        return Exit.FAILED
    sys.stdout.write(f"Not well: {'; '.join(wrong)}.\n" if wrong else "It is well.\n")
    return Exit.FAILED if wrong else Exit.DONE
