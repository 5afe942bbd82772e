"""A Supabase server on this machine: `@supabase/lite`, in front of a running Postgres.

It speaks the REST and Storage interfaces to the official client. It is an early version, and nobody
else's data belongs into it; `tests/supabase_server.py` tells what it does otherwise than Supabase.
"""

# dev.py reads this with an older Python, to be able to say that it is too old: no newer syntax.
from __future__ import annotations

import contextlib
import os
import secrets
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from tools import npm
from tools.environment import SetupProblem
from tools.ports import free_port

if TYPE_CHECKING:
    from collections.abc import Generator

KIT = npm.kit("supabase-lite", "20 s")
START_SECONDS = 30.0
STOP_SECONDS = 10.0

_CLI = "node_modules/@supabase/lite/dist/cli/index.js"
# It ends with whoever started it, however that one ends: then its standard input is closed. After
# a signal it would wait for its clients to leave.
_LEASH = "process.stdin.resume().on('end', () => process.exit())"
_SWITCHES = {"LITE_TELEMETRY": "0", "EXPERIMENTAL_STORAGE": "1"}
# It hands on times as Postgres prints them, and Supabase's client cannot read an offset of `+00`.
# In a zone with an odd offset the minutes are printed, too.
_TIME_ZONE = "Asia/Kolkata"
_CONFIG = """\
project_id = "atelier"

[api]
port = {port}

[db]
driver = "postgres"
url = "{database}?timezone={time_zone}"

[auth]
enabled = true
jwt_secret = "{jwt_secret}"
publishable_key = "{publishable_key}"
secret_key = "{secret_key}"

[storage]
enabled = true
"""


class SupabaseLite(NamedTuple):
    """A running server: its address, its two keys, and its log file."""

    url: str
    secret_key: str
    publishable_key: str
    log: Path


def ensure() -> None:
    """Install it into .venv if it is missing; the development packages must be installed."""
    npm.ensure(KIT, "a Supabase server for tests")


@contextlib.contextmanager
def serving(database: str, folder: Path) -> Generator[SupabaseLite]:
    """Serve a database until the block is left. `folder` is an empty one; the objects go there.

    `database` is the URL of a superuser, over TCP. Tables and functions made later are not seen.
    """
    if not npm.is_installed(KIT):
        raise SetupProblem("The Supabase server is not installed: run `python3 dev.py test` once.")
    server = _configured(database, folder)
    with server.log.open("wb") as log, _start(folder, log) as process:
        try:
            _wait_for(process, server)
            yield server
        finally:
            _stop(process)


def _start(folder: Path, log: BinaryIO) -> subprocess.Popen[bytes]:
    command = [
        str(npm.node()),
        "--import",
        f"data:text/javascript,{_LEASH}",
        str(npm.folder(KIT) / _CLI),
    ]
    own = {**os.environ, **_SWITCHES, "HOME": str(folder)}  # noqa: TID251 -- handed on, not read
    return subprocess.Popen(
        [*command, "start", "--no-admin"],
        cwd=folder,
        env=own,
        stdin=subprocess.PIPE,
        start_new_session=True,  # Ctrl-C is for whoever started it
        stdout=log,
        stderr=log,
    )


def _configured(database: str, folder: Path) -> SupabaseLite:
    port = free_port()
    server = SupabaseLite(
        url=f"http://127.0.0.1:{port}",
        secret_key=f"sb_secret_{secrets.token_hex(16)}",
        publishable_key=f"sb_publishable_{secrets.token_hex(16)}",
        log=folder / "log",
    )
    config = _CONFIG.format(
        port=port,
        database=database,
        time_zone=_TIME_ZONE,
        jwt_secret=secrets.token_urlsafe(32),
        publishable_key=server.publishable_key,
        secret_key=server.secret_key,
    )
    (folder / "supabase").mkdir()
    (folder / "supabase/config.toml").write_text(config)
    return server


def _wait_for(process: subprocess.Popen[bytes], server: SupabaseLite) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not _answers(server.url):
        if process.poll() is not None or time.monotonic() > deadline:
            raise SetupProblem(f"The Supabase server does not start:\n{server.log.read_text()}")
        time.sleep(0.05)


def _answers(url: str) -> bool:
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        direct.open(url, timeout=5).close()
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


def _stop(process: subprocess.Popen[bytes]) -> None:
    try:
        process.communicate(timeout=STOP_SECONDS)  # with nothing: that closes its standard input
    except subprocess.TimeoutExpired:
        process.kill()
