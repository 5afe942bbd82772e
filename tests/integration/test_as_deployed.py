"""A generation by a process that was started as Heroku and systemd would, release command first.

The command lines come from the files that those read. The process has the files that they would
give it, nothing in its environment but PATH and what is documented, and 512 MB of memory, with all
that it starts: a control group's limit, or, where this account may not make one, the sum of the
peaks. A proxy leads to the sandbox, and nowhere else.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import re
import shlex
import shutil
import signal
import sys
from asyncio.subprocess import PIPE, STDOUT
from collections.abc import AsyncIterator, Generator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import pytest

from benchmarks.peaks import Peaks
from sandbox import Sandbox
from sandbox.people import Json
from sandbox.proxy import TlsProxy
from services.database.supabase.schema import SCRIPTS
from tests.integration.memory_group import MemoryGroup, memory_group
from tests.unit.test_deployment import COPIED, procfile
from tools import supabase_lite
from tools.postgres import Cluster

pytestmark = [pytest.mark.integration, pytest.mark.long, pytest.mark.timeout(120)]

ROOT = Path(__file__).parents[2]
UNIT = (ROOT / "deploy/atelier.service").read_text(encoding="utf-8")
HEROKU_BYTES = 512 * 2**20
"""What an Eco, Basic or Standard-1X dyno has."""
GRACE = 30.0
"""Seconds from SIGTERM to SIGKILL, on Heroku and in the unit."""
DOCUMENTED = set(
    re.findall(r"`([A-Z][A-Z_]+)`", (ROOT / "docs/configuration.md").read_text(encoding="utf-8"))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """How a platform starts a process."""

    folder: Path
    environment: Mapping[str, str]
    release: list[str]
    worker: list[str]
    bytes: int


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(speed=60, seed=7, picture_size=2048, public=True) as sandbox:
        yield sandbox
        assert sandbox.unexpected == ()


@pytest.fixture
async def account(sandbox: Sandbox) -> AsyncIterator[dict[str, str]]:
    """Give what an operator writes for the sandbox's account and channel, behind a proxy."""
    async with TlsProxy(sandbox) as proxy:
        yield {
            "DISCORD_TOKEN": sandbox.token,
            "DISCORD_CHANNEL_ID": str(sandbox.channel_id),
            "OWNER_IDS": str(sandbox.people["ben"].id),
            "PICTURES_ADDRESS": "127.0.0.1:0",
            "PROXY_URL": proxy.url,
            "SSL_CERT_FILE": str(proxy.ca_file),
            "REQUESTS_CA_BUNDLE": str(proxy.ca_file),
        }
        assert proxy.refused == []


@pytest.fixture
def empty_project(cluster: Cluster) -> Generator[str]:
    """Yield the database of a project before its first release."""
    url = cluster.new_database("empty")
    yield url
    cluster.drop(url)


def slug(folder: Path) -> Path:
    """Copy what Heroku keeps of the repository."""
    left_out = (ROOT / ".slugignore").read_text(encoding="utf-8").split()
    shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns(*left_out, ".git", ".venv"))
    return folder


def installed(folder: Path) -> Path:
    """Copy the files of the product, and no others."""
    for name in COPIED:
        source, target = ROOT / name, folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target)
    return folder


def path() -> dict[str, str]:
    """Return the only variable that every platform sets itself; `python` is found there."""
    return {"PATH": os.pathsep.join([str(Path(sys.executable).parent), os.defpath])}


def dyno(folder: Path, values: Mapping[str, str]) -> Platform:
    """Return what Heroku does for an app that was made by the button."""
    asked = json.loads((ROOT / "app.json").read_text(encoding="utf-8"))["env"]
    preset: dict[str, str] = {
        name: told["value"] for name, told in asked.items() if "value" in told
    }
    assert {name for name, told in asked.items() if told.get("required")} <= set(values)
    commands = {name: ["bash", "-c", command] for name, command in procfile().items()}
    return Platform(
        folder=slug(folder),
        environment=path() | preset | dict(values),
        release=commands["release"],
        worker=commands["worker"],
        bytes=HEROKU_BYTES,
    )


def service(folder: Path, values: Mapping[str, str]) -> Platform:
    """Return what systemd does, with a file of settings made of `.env.example`."""
    state = folder / "state/atelier"
    state.mkdir(parents=True)
    words = [word for line in of_unit("Environment") for word in shlex.split(line)]
    own = dict(word.replace("%S/atelier", str(state)).split("=", 1) for word in words)
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    file = dict.fromkeys(cast("list[str]", re.findall(r"^([A-Z_]+)=", example, re.MULTILINE)), "")
    assert set(file) <= set(values)
    [command], [limit], [where] = map(of_unit, ("ExecStart", "MemoryMax", "WorkingDirectory"))
    assert command.startswith(f"{where}/.venv/bin/python ")
    worker = [sys.executable, *shlex.split(command)[1:]]
    return Platform(
        folder=installed(folder / "opt"),
        environment=path() | own | file | dict(values),
        release=["sh", "-c", procfile()["release"]],
        worker=worker,
        bytes=int(limit.removesuffix("M")) * 2**20,
    )


def of_unit(name: str) -> list[str]:
    """Return all values of a name; some are there several times."""
    return re.findall(rf"^{name}=(.+)$", UNIT, re.MULTILINE)


async def released(platform: Platform) -> str:
    """Run the release command, and return what it prints."""
    process = await asyncio.create_subprocess_exec(
        *platform.release,
        cwd=platform.folder,
        env=dict(platform.environment),
        stdout=PIPE,
        stderr=STDOUT,
    )
    printed, _ = await process.communicate()
    assert process.returncode == 0, printed.decode()
    return printed.decode()


async def kept(platform: Platform, sandbox: Sandbox) -> Json:
    """Start the worker, let its owner ask for a picture, end it; return the final notice."""
    with contextlib.ExitStack() as opened:
        group = opened.enter_context(memory_group(platform.bytes))
        process = await asyncio.create_subprocess_exec(
            *(group.command(platform.worker) if group else platform.worker),
            cwd=platform.folder,
            env=dict(platform.environment),
            stderr=PIPE,
            start_new_session=True,
        )
        peaks = opened.enter_context(Peaks(process.pid))
        try:
            await sandbox.wait_until(lambda: bool(sandbox.gateway.sessions), 30)
            await sandbox.say("ben", "!imagine a lighthouse at dusk --ar 3:2")
            notice = await sandbox.wait_for(lambda _, message: is_final(sandbox, message), 60)
            os.killpg(process.pid, signal.SIGTERM)  # Heroku tells all processes
            async with asyncio.timeout(GRACE):
                _, log = await process.communicate()
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        assert process.returncode == 0, log.decode()
        assert 0 < held(group, peaks) <= platform.bytes
    return notice


def is_final(sandbox: Sandbox, message: Json) -> bool:
    own = message["author"]["id"] == str(sandbox.account.id)
    return own and message["content"].startswith(("✅", "⚠"))


def held(group: MemoryGroup | None, peaks: Peaks) -> int:
    """Return the most memory, in bytes, that the process and its children held."""
    return int(group.peak.read_text()) if group else peaks.own + sum(peaks.children)


def only_documented(platform: Platform) -> bool:
    of_systemd = {word.partition("=")[0] for word in " ".join(of_unit("Environment")).split()}
    return set(platform.environment) <= DOCUMENTED | of_systemd | {"PATH"}


@pytest.mark.postgres
async def test_heroku_releases_and_runs_a_worker_that_keeps_a_generation_in_a_project(
    sandbox: Sandbox, account: dict[str, str], empty_project: str, tmp_path: Path
) -> None:
    (tmp_path / "lite").mkdir()
    project = {
        "SUPABASE_URL": "http://127.0.0.1:9",  # the release needs its database alone
        "SUPABASE_KEY": "sb_secret_to_come",
        "SUPABASE_DB_URL": empty_project,
    }
    release = dyno(tmp_path / "released", account | project)
    assert await released(release) == "".join(f"applied {script.name}\n" for script in SCRIPTS)
    with supabase_lite.serving(empty_project, tmp_path / "lite") as server:
        project |= {"SUPABASE_URL": server.url, "SUPABASE_KEY": server.secret_key}
        platform = dyno(tmp_path / "app", account | project)
        assert only_documented(platform)
        assert await released(platform) == "nothing to do\n"
        notice = await kept(platform, sandbox)
    assert notice["content"].startswith("✅")
    assert notice["content"].count(f"{server.url}/storage/v1/object/public/generations/") == 5
    assert list(platform.folder.rglob("*.png")) == []


async def test_systemd_runs_a_worker_that_keeps_a_generation_in_its_folder_alone(
    sandbox: Sandbox, account: dict[str, str], tmp_path: Path
) -> None:
    platform = service(tmp_path, account)
    assert only_documented(platform)
    before = everything_in(platform.folder)
    assert "migrates by itself" in await released(platform)
    notice = await kept(platform, sandbox)
    assert notice["content"].startswith("✅")
    pictures = Path(platform.environment["DATA_DIR"]) / "pictures"
    assert len(list(pictures.rglob("*.png"))) == 5
    assert everything_in(platform.folder) == before


def everything_in(folder: Path) -> set[Path]:
    return set(folder.rglob("*"))
