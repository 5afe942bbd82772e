"""Errors with every secret in them, for tests that look for these in all that comes out."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

import discord
import httpx
import psycopg
from curl_cffi import CurlError
from postgrest import APIError

from domain.errors import ChannelUnavailable, DownloadFailed, StoreRefused, StoreUnavailable
from tests.dpytest_shim import backend

PASSWORD = "Hidden-2024-pass"  # in three places
ENVIRONMENT = {
    "DISCORD_TOKEN": ".".join(("MTAx" * 6, "GqWkzs", "leakedLEAKED" * 3)),
    "SUPABASE_URL": "http://127.0.0.1:9",
    "SUPABASE_KEY": "sb_secret_leaked0123456789",
    "SUPABASE_DB_URL": f"postgresql://postgres.abc:{PASSWORD}@127.0.0.1:9/postgres",
    "PROXY_URL": f"http://ann:{PASSWORD}@127.0.0.1:9",
    "GALLERY_PASSWORD": "gallery-leaked-word",
    "ALERT_WEBHOOK_URL": "http://127.0.0.1:9/api/webhooks/1/hookleaked0123456789",
    "SENTRY_DSN": "http://dsnleaked0123456789@127.0.0.1:9/1",
}
SIGNED = "https://cdn.discordapp.com/attachments/1/2/a.png?ex=65b2&is=65a1&hm=leakedsignature&"
FOUND = ("leaked", PASSWORD, "2024-pass", "LEAKED")
"""Pieces by which each of them is found."""
HOOK_PATH = ENVIRONMENT["ALERT_WEBHOOK_URL"].split("/", 3)[-1]
"""As a library names it, beside its host."""
SECRETS = (*ENVIRONMENT.values(), HOOK_PATH)
ALL = " ".join((*SECRETS, SIGNED, f"authorization: {ENVIRONMENT['DISCORD_TOKEN']}"))


def found_in(text: object) -> list[str]:
    """Return the pieces of secrets in something."""
    written = str(text)
    return [piece for piece in FOUND if piece in written]


def _fail(error: Exception) -> None:
    raise error


def _caused() -> Exception:
    try:
        try:
            _fail(LookupError(ALL))
        except LookupError as error:
            raise RuntimeError("harmless") from error
    except RuntimeError as error:
        return error
    raise AssertionError


def _during() -> Exception:
    try:
        try:
            _fail(LookupError(ALL))
        except LookupError:
            _fail(RuntimeError(ALL))
    except RuntimeError as error:
        return error
    raise AssertionError


def _noted() -> Exception:
    error = RuntimeError("harmless")
    error.add_note(ALL)
    return error


def _in_groups() -> Exception:
    return ExceptionGroup(ALL, [ExceptionGroup("inner", [ValueError(ALL)]), _caused()])


ERRORS: dict[str, Callable[[], Exception]] = {
    "plain": lambda: RuntimeError(ALL),
    "chained": _caused,
    "in handling": _during,
    "noted": _noted,
    "groups": _in_groups,
    "store away": lambda: StoreUnavailable(ALL),
    "store refused": lambda: StoreRefused(ALL),
    "channel": lambda: ChannelUnavailable(ALL),
    "download": lambda: DownloadFailed(ALL),
    "discord": lambda: discord.HTTPException(backend.FakeRequest(400, ALL), ALL),
    "forbidden": lambda: discord.Forbidden(backend.FakeRequest(403, ALL), ALL),
    "login": lambda: discord.LoginFailure(ALL),
    "transport": lambda: CurlError(ALL),
    "supabase": lambda: httpx.ConnectError(ALL),
    "postgrest": lambda: APIError({"message": ALL, "code": "XX000", "hint": ALL, "details": ALL}),
    "psycopg": lambda: psycopg.OperationalError(ALL),
    "sqlite": lambda: sqlite3.OperationalError(ALL),
    "disk": lambda: OSError(5, ALL, ALL),
    "letters": lambda: UnicodeDecodeError("utf-8", ALL.encode(), 0, 1, ALL),
    "key": lambda: KeyError(ALL),
}
