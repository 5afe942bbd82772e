"""Applies the schema to a Supabase project, over a direct connection to its Postgres.

Applied scripts are recorded where the Supabase CLI records them, so either can continue after the
other.
"""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import Generator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.pq import Conninfo

from domain.errors import StoreRefused, StoreUnavailable
from services.database.supabase.schema import SCRIPTS, VERSION, version_of

if TYPE_CHECKING:
    from pathlib import Path

ConnDict = dict[str, Any]
Connection = psycopg.Connection[tuple[Any, ...]]

CONNECT_SECONDS = 10
LOCK_WAIT = "5s"
"""How long a script waits for the bot's locks; the bot in turn waits for the script."""
_UNWRITTEN = re.compile(r"[@/?#\s]")
"""What must be percent-encoded in a user's name and password."""
_SHOWN = ("password", "user", "host", "dbname")
"""Parts of an address that libpq's messages may repeat."""
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1", ""})
_NO_ADDRESS = (
    "SUPABASE_DB_URL is no address of a Postgres database: copy it from the Supabase dashboard, at "
    "Connect, Session pooler, and write special characters of the password as %40 for @ and so on"
)
_UNKNOWN = (
    "SUPABASE_DB_URL has a parameter that Postgres does not know, as other programs do: take out {}"
)
_POOLER = (
    "; this host has only an IPv6 address, which many platforms cannot reach: "
    "take the address of the session pooler from the Supabase dashboard, at Connect"
)
_GONE = (
    "the list of migrations has all of them, but the schema is not there, or is that of an older "
    "version: after a look at what is left, run this in the SQL editor of the Supabase dashboard, "
    "and then `python bot.py migrate` again: "
    "delete from supabase_migrations.schema_migrations where version in ({})"
)
# Any number, the same in every process: its lock lasts until the end of the transaction.
_ALONE = "SELECT pg_advisory_xact_lock(4158471)"
_IMPATIENT = "SELECT set_config('lock_timeout', %s, true)"
# As the Supabase CLI creates it.
_HISTORY = """
    CREATE SCHEMA IF NOT EXISTS supabase_migrations;
    CREATE TABLE IF NOT EXISTS supabase_migrations.schema_migrations (version text PRIMARY KEY);
    ALTER TABLE supabase_migrations.schema_migrations ADD COLUMN IF NOT EXISTS statements text[];
    ALTER TABLE supabase_migrations.schema_migrations ADD COLUMN IF NOT EXISTS name text
"""
_RECORDED = "SELECT 1 FROM supabase_migrations.schema_migrations WHERE version = %s"
_RECORD = """
    INSERT INTO supabase_migrations.schema_migrations (version, name, statements)
    VALUES (%s, %s, %s)
"""


async def migrate(db_url: str) -> list[str]:
    """Apply the scripts that are missing, each in one transaction, and return their names.

    A bot may be running meanwhile. Raises `StoreUnavailable` if it is not possible now; scripts
    applied so far stay. Raises `StoreRefused` if the address is invalid or a script is refused.
    """
    return await asyncio.to_thread(_migrate, db_url)


def _migrate(db_url: str) -> list[str]:
    with _connected(db_url) as connection:
        with _alone(connection, "the list of migrations"):
            connection.execute(_HISTORY)
        applied = [script.name for script in SCRIPTS if _apply(connection, script)]
        with _alone(connection, "the version of the schema"):
            _check(connection)
        return applied


def _apply(connection: Connection, script: Path) -> bool:
    """Apply a script and record it, unless that was done before; return whether it was needed."""
    version, _, name = script.stem.partition("_")
    text = script.read_text(encoding="utf-8")
    with _alone(connection, script.name):
        if connection.execute(_RECORDED, (version,)).fetchone():
            return False
        # A script run in the dashboard's SQL editor is not recorded, but the schema shows it.
        missing = _version(connection) < version_of(script)
        if missing:
            connection.execute(text.encode())
        connection.execute(_RECORD, (version, name, [text]))
    return missing


def _check(connection: Connection) -> None:
    """Raise `StoreRefused` if the schema does not match the list of migrations."""
    found = _version(connection)
    if found < VERSION:
        lost = [f"'{version_of(script)}'" for script in SCRIPTS if version_of(script) > found]
        raise StoreRefused(_GONE.format(", ".join(lost)))


@contextmanager
def _alone(connection: Connection, what: str) -> Generator[None]:
    """Do all or nothing, while no other process migrates; `what` is for error messages."""
    try:
        with connection.transaction():
            connection.execute(_ALONE)
            connection.execute(_IMPATIENT, (LOCK_WAIT,))
            yield
    except psycopg.OperationalError as error:  # also a lock that another client holds for too long
        raise StoreUnavailable(f"{what}: {_words(error)}") from error
    except psycopg.Error as error:
        raise StoreRefused(f"{what}: {_words(error)}") from error


def _version(connection: Connection) -> int:
    """Return the version that the database itself reports; 0 if it has none."""
    there = connection.execute("SELECT to_regproc('public.atelier_schema_version')").fetchone()
    if there is None or there[0] is None:
        return 0
    row = connection.execute("SELECT public.atelier_schema_version()").fetchone()
    return 0 if row is None else int(row[0])


def _connected(db_url: str) -> Connection:
    parts = _parts(db_url)
    host, port = str(parts["host"]), str(parts["port"])
    parts.setdefault("connect_timeout", CONNECT_SECONDS)
    if host not in _LOOPBACK:
        parts.setdefault("sslmode", "require")
    try:
        # A pooler may use another connection for each transaction, without our prepared statements.
        return psycopg.connect(make_conninfo("", **parts), autocommit=True, prepare_threshold=None)
    except psycopg.OperationalError as error:
        hint = _POOLER if _has_only_ipv6(host, port) else ""
        words = _without(_words(error), parts)
        raise StoreUnavailable(f"SUPABASE_DB_URL: {words}{hint}") from None


def _parts(db_url: str) -> ConnDict:
    """Parse the address; if that fails, any part of it may belong to a password."""
    parts: ConnDict = {"host": "@", "port": "5432"}
    before, at, _ = db_url.partition("://")[2].rpartition("@")
    if at and _UNWRITTEN.search(before):  # libpq would take the end of the password for the host
        raise StoreRefused(_NO_ADDRESS)
    with suppress(psycopg.ProgrammingError):
        parts |= {"host": ""} | conninfo_to_dict(db_url)
    if "@" in str(parts["host"]) or not str(parts["port"]).isdecimal():
        unknown = _unknown_parameters(db_url)
        raise StoreRefused(_UNKNOWN.format(unknown) if unknown else _NO_ADDRESS)
    return parts


def _without(words: str, parts: ConnDict) -> str:
    """Return libpq's words without any part of the address."""
    shown = sorted({str(parts.get(name) or "") for name in _SHOWN} - {""}, key=len, reverse=True)
    return re.sub("|".join(map(re.escape, shown)), "***", words) if shown else words


def _unknown_parameters(db_url: str) -> str:
    """Return the parameters that Postgres does not know; they contain no password."""
    _, at, rest = db_url.rpartition("@")
    query = rest.partition("?")[2] if at else ""
    known = {option.keyword.decode() for option in Conninfo.get_defaults()}
    return ", ".join(name for name, _ in parse_qsl(query) if name not in known)


def _has_only_ipv6(host: str, port: str) -> bool:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError:
        return False
    return {family for family, *_ in found} == {socket.AF_INET6}


def _words(error: psycopg.Error) -> str:
    return " ".join((error.diag.message_primary or str(error)).split())
