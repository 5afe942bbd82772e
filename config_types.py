"""How the variables of the environment are read: lists, durations, limits, addresses."""

from __future__ import annotations

import base64
import json
import re
from typing import Annotated, Any
from urllib.parse import SplitResult, parse_qsl, urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr
from pydantic_settings import NoDecode

from domain.acceptance import MOST_COUNTED
from domain.parameters import Costly
from domain.slots import UPSCALE_NUMBERS

DAY = 86_400
ALL = "all"
FIRST, *_, LAST = UPSCALE_NUMBERS
_SIGNS = re.compile(r"[@/?#:\s]+")
"""What ends a part of an address."""


def as_list(value: object) -> object:
    """Split `1, 2,3` into its parts; an empty text has none."""
    if isinstance(value, str):
        return [part.strip() for part in value.split(",") if part.strip()]
    return value


def _words(value: object) -> object:
    """Split `HD, turbo` into its words; `all` stands for every one."""
    if not isinstance(value, str):
        return value
    words = {word.strip() for word in value.lower().split(",")} - {""}
    return frozenset(Costly) if ALL in words else words


def _encrypted(address: str) -> SplitResult:
    """Return an address that nobody on the way can read: https, or at this machine."""
    url = urlsplit(address)
    local = url.hostname in {"127.0.0.1", "localhost", "::1"}
    if not url.hostname or url.scheme not in ({"http", "https"} if local else {"https"}):
        raise ValueError
    return url


def _webhook_url(address: SecretStr) -> SecretStr:
    text = address.get_secret_value()
    if not (text.isascii() and text.isprintable()) or " " in text:
        raise ValueError
    if _encrypted(text).port == 0:  # reading it also refuses one that is not a number
        raise ValueError
    return address


def _sentry_dsn(address: SecretStr) -> SecretStr:
    text = address.get_secret_value()
    url = _encrypted(text)
    if not (text.isascii() and text.isprintable() and url.username and url.path.strip("/")):
        raise ValueError
    if url.port == 0:  # reading it also refuses one that is not a number
        raise ValueError
    return address


def _project_url(address: str) -> str:
    url = _encrypted(address)
    if url.path.strip("/") or url.query or url.fragment:
        raise ValueError
    return address


def _postgres_url(address: SecretStr) -> SecretStr:
    text = address.get_secret_value()
    if not text.startswith(("postgres:", "postgresql:")) or "YOUR-PASSWORD" in text:
        raise ValueError
    urlsplit(text)  # raises ValueError for an invalid address
    return address


def _host_and_port(address: str) -> str:
    url = urlsplit(f"//{address}")
    if url.netloc != address or not url.hostname or url.port is None or "@" in address:
        raise ValueError
    return address


def _http_proxy(address: str) -> str:
    url = urlsplit(address)
    # Reading the port also refuses one that is not a number.
    # A path would be the end of a password with a slash in it.
    if url.scheme != "http" or not url.hostname or url.port == 0 or url.path.strip("/"):
        raise ValueError
    return address


def _public_url(address: str) -> str:
    url = urlsplit(address)
    if url.scheme not in {"http", "https"} or not url.hostname or url.port == 0 or "@" in address:
        raise ValueError
    if url.path.strip("/") or url.query or url.fragment:
        raise ValueError
    return address.rstrip("/")


_LIST = (NoDecode, BeforeValidator(as_list))
# Discord's ids have had 17 digits since its first month, and fit into 63 bits.
Id = Annotated[int, Field(ge=10**16, lt=2**63)]
Ids = Annotated[frozenset[Id], *_LIST]
UpscaleNumbers = Annotated[tuple[Annotated[int, Field(ge=FIRST, le=LAST)], ...], *_LIST]
CostlyWords = Annotated[frozenset[Costly], NoDecode, BeforeValidator(_words)]
HostAndPort = Annotated[str, AfterValidator(_host_and_port)]
HttpProxy = Annotated[str, AfterValidator(_http_proxy)]
ProjectUrl = Annotated[str, AfterValidator(_project_url)]
PostgresUrl = Annotated[SecretStr, AfterValidator(_postgres_url)]
WebhookUrl = Annotated[SecretStr, AfterValidator(_webhook_url)]
SentryDsn = Annotated[SecretStr, AfterValidator(_sentry_dsn)]
PublicUrl = Annotated[str, AfterValidator(_public_url)]


def seconds(least: int, most: int, default: float) -> Any:
    """Return the field of a duration."""
    advice = f"write seconds from {least} to {most}, like {default:g}"
    return Field(default=default, ge=least, le=most, description=advice)


def count(default: int) -> Any:
    """Return the field of a limit; the stores count only up to `MOST_COUNTED`."""
    advice = f"write a whole number up to {MOST_COUNTED}, or 0 for no limit"
    return Field(default=default, ge=0, le=MOST_COUNTED, description=advice)


def is_no_secret_key(key: str) -> bool:
    """Whether it is of another kind than the key of a project's server.

    Keys for browsers and users can't do our work; those of the database's own roles, and of a
    person's account at Supabase, could do far more.
    """
    if key.startswith(("sb_publishable_", "sbp_")):
        return True
    return _role(key) not in (None, "service_role")


def passwords_in(address: str) -> tuple[str, ...]:
    """Return what may be the password in an address, and the pieces of one.

    If signs such as `@` are not in percent form, programs take the end of it for the host, and
    repeat that. A name without a password is one itself, as some proxies have it.
    """
    written = urlsplit(address)
    name, colon, word = address.partition("://")[2].rpartition("@")[0].partition(":")
    asked = [value for key, value in parse_qsl(written.query) if "password" in key]
    found = (word if colon else name, *_SIGNS.split(word), *asked)
    return tuple(dict.fromkeys(text for text in found if text))


def is_legacy(key: str) -> bool:
    """Whether it is a key of the older kind, which Supabase gives up by the end of 2026."""
    return _role(key) == "service_role"


def _role(key: str) -> object:
    """Return whose rights a key of the older kind gives, which is a JWT; None of another."""
    payload = key.split(".")[1] if key.count(".") == 2 else ""  # noqa: PLR2004 -- the parts of a JWT
    try:
        return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))["role"]
    except (ValueError, KeyError, TypeError):
        return None
