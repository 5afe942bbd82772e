"""The tests' Supabase server is stopped when its parent process ends."""

import signal
import socket
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.dev.conftest import DEV, put_node
from tools import environment, supabase_lite
from tools.environment import SetupProblem
from tools.postgres import Cluster
from tools.supabase_lite import KIT


def test_it_does_not_run_before_it_is_installed(finished: Path, tmp_path: Path) -> None:
    environment.stamp(finished / ".venv", KIT).unlink()
    with (
        pytest.raises(SetupProblem, match=r"run `python3 dev\.py test` once"),
        supabase_lite.serving("postgresql://nobody", tmp_path),
    ):
        raise AssertionError


def test_a_server_that_does_not_start_is_quoted(finished: Path, tmp_path: Path) -> None:
    put_node(finished, "echo the database is not there; exit 1")
    folder = tmp_path / "empty"
    folder.mkdir()
    with (
        pytest.raises(SetupProblem, match="does not start:\nthe database is not there"),
        supabase_lite.serving("postgresql://nobody", folder),
    ):
        raise AssertionError


STARTER = """
import sys
from pathlib import Path
from tools.supabase_lite import serving
with serving(sys.argv[1], Path(sys.argv[2])) as server:
    print(server.url, flush=True)
    sys.stdin.read()
"""


@pytest.mark.postgres
@pytest.mark.parametrize(
    "end",
    [
        signal.SIGKILL,
        *(pytest.param(each, marks=pytest.mark.long) for each in (signal.SIGTERM, None)),
    ],
    ids=str,
)
def test_it_ends_with_whoever_started_it(
    cluster: Cluster, tmp_path: Path, end: signal.Signals | None
) -> None:
    database = cluster.new_database("empty")
    command = [sys.executable, "-c", STARTER, database, str(tmp_path)]
    with subprocess.Popen(
        command, cwd=DEV.parent, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as starter:
        assert starter.stdout is not None
        address = urlsplit(str(starter.stdout.readline()))
        with socket.create_connection((address.hostname, address.port), 20) as connection:
            if end:
                starter.send_signal(end)
            else:
                starter.communicate()
            assert connection.recv(1) == b""  # the other end is closed
    cluster.drop(database)
