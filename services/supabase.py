"""The connection to a Supabase project, shared by the database and the image store.

The client has three families of errors (`PostgrestAPIError`, `StorageException` and those of
httpx), none of which says reliably whether the same call may succeed later. So outages are detected
by the HTTP status of each response; every other error is a refusal.
"""

from __future__ import annotations

import re
import ssl
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from typing import Self

import httpx
from supabase import (
    AsyncClient,
    AsyncClientOptions,
    AsyncSupabaseException,
    PostgrestAPIError,
    StorageException,
    acreate_client,
)

from domain.errors import KeyRefused, StoreRefused, StoreUnavailable, WrongSchema

TIMEOUT = httpx.Timeout(10, connect=5, read=30, write=30, pool=5)
"""Seconds; sending and storing a large picture takes longest."""
LIMITS = httpx.Limits(max_connections=10, max_keepalive_connections=5)

_PAUSED = frozenset({503, 540})
"""The answer of a paused project; 503 can also be an ordinary outage."""
_RESTORE = "if the project is paused, restore it in the Supabase dashboard"
_ADDRESS = "SUPABASE_URL is no address like https://<project>.supabase.co, or SUPABASE_KEY is empty"
_ELSEWHERE = "SUPABASE_URL leads elsewhere: write the address that the Supabase dashboard shows"
KEY = "SUPABASE_KEY is not accepted: it must be the project's secret key (sb_secret_...)"
_GRANT = (
    "SUPABASE_KEY may not do that: it must be the project's secret key (sb_secret_...); "
    "if it is, run `python bot.py migrate`"
)
_MIGRATE = "the database lacks something that this version needs: run `python bot.py migrate`"
_EXPOSE = "add the schema `public` to the exposed schemas in the project's API settings"
_SCHEMA = frozenset({"PGRST202", "PGRST204", "PGRST205", "42883", "42P01", "42703"})
"""A function, column or table is missing; the first three codes are the REST server's."""
_REMEDIES = {"42501": _GRANT, "PGRST301": KEY, "PGRST302": KEY, "PGRST106": _EXPOSE}
_CERTIFICATES = "SSL_CERT_FILE must name a readable PEM file of trusted certificates, or be unset"
_UNSENDABLE = re.compile(r"[^\x21-\x7e]")
"""What no header can have: then the HTTP client's error would repeat the whole key."""
_SHOWN = 200
"""How many characters of other people's error messages to repeat."""


@dataclass(frozen=True, slots=True)
class Supabase:
    """The official client, and the HTTP client that all its parts use."""

    client: AsyncClient
    http: httpx.AsyncClient

    @classmethod
    async def connect(cls, url: str, key: str) -> Self:
        """Create the client without a request; raise `StoreRefused` for an unusable setting."""
        if _UNSENDABLE.search(key):
            raise KeyRefused(KEY)
        http = httpx.AsyncClient(
            timeout=TIMEOUT,
            limits=LIMITS,
            http2=True,
            follow_redirects=False,  # the key would go along, to whatever host is named
            verify=_certificates(),
            event_hooks={"response": [_see_outage]},
        )
        # Retries are left to callers, who know what can be repeated.
        options = AsyncClientOptions(
            httpx_client=http,
            postgrest_client_retry=False,
            auto_refresh_token=False,
            persist_session=False,
        )
        try:
            return cls(await acreate_client(url, key, options), http)
        except (AsyncSupabaseException, ValueError):
            await http.aclose()
            raise StoreRefused(_ADDRESS) from None

    async def close(self) -> None:
        """Close the connections."""
        await self.http.aclose()


@contextmanager
def translated() -> Generator[None]:
    """Turn every error of the client into ours: `StoreUnavailable`, or a `Permanent` one."""
    try:
        yield
    except httpx.RequestError as error:  # also of a connection that the server closes politely
        words = f"{type(error).__name__} {_short(error)}".rstrip()
        raise StoreUnavailable(f"Supabase does not answer: {words}") from error
    except PostgrestAPIError as error:
        if error.code in _SCHEMA:
            raise WrongSchema(f"{_MIGRATE} ({_short(error.message)})") from error
        remedy = _REMEDIES.get(error.code or "", "Supabase refuses")
        kind = KeyRefused if remedy in {KEY, _GRANT} else StoreRefused
        raise kind(f"{remedy} ({_short(error.code, error.message)})") from error
    except StorageException as error:
        raise StoreRefused(f"Supabase Storage refuses ({_short(error)})") from error


@cache
def _certificates() -> ssl.SSLContext:
    """Return the trusted certificates; the client would read them again for each proxy."""
    try:
        return httpx.create_ssl_context()
    except OSError as error:
        raise StoreRefused(f"{_CERTIFICATES} ({error.strerror})") from error


async def _see_outage(response: httpx.Response) -> None:
    """Raise for answers that are not about the request: an outage, a limit, no access, a detour."""
    status = response.status_code
    if status == HTTPStatus.UNAUTHORIZED:
        raise KeyRefused(KEY)
    if response.has_redirect_location:
        raise StoreRefused(_ELSEWHERE)
    if status < HTTPStatus.INTERNAL_SERVER_ERROR and status != HTTPStatus.TOO_MANY_REQUESTS:
        return
    await response.aread()
    words = _short(status, response.reason_phrase, response.text)
    hint = f"; {_RESTORE}" if status in _PAUSED else ""
    raise StoreUnavailable(f"Supabase answers {words}{hint}")


def _short(*parts: object) -> str:
    text = " ".join(" ".join(str(part) for part in parts if part).split())
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."
