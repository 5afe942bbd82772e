"""The wheel beside a bot whose modules have the names of ours, as docs/plug-in.md describes it.

The host is a process of its own, with the library as it is and nothing of this tree on its path.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import subprocess
import sys
import venv
import zipfile
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncGenerator, AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from domain.slots import Slot
from sandbox import Sandbox
from sandbox.proxy import TlsProxy
from services.version import VERSION
from tests.integration.replies_harness import answered
from tests.integration.test_signals import lease_is_given_back
from tests.integration.test_unmodified_process import (
    FIVE,
    accepted,
    ended,
    kept,
)
from tests.unit.variables import REQUIRED

pytestmark = [pytest.mark.integration, pytest.mark.long, pytest.mark.timeout(240)]

ROOT = Path(__file__).parents[2]
HOST = '''
"""A bot with modules of its own, of names that Atelier has, too."""

import asyncio
import json
import logging
import os
import sys
import threading

import cogs
import config
import domain
import services
from discord.ext import commands

logging.basicConfig(level=logging.INFO, format="HOST %(levelname)s %(name)s %(message)s")


class Host(commands.Bot):
    async def setup_hook(self):
        await self.load_extension("cogs.own")
        await self.load_extension("atelier")


bot = Host(command_prefix="?", proxy=os.environ["PROXY_URL"])
if "GIVEN" in os.environ:
    bot.atelier_settings = json.loads(os.environ["GIVEN"])
    bot.atelier_commands_begin_with = "atelier_"
assert (cogs.MINE, config.MINE, domain.MINE, services.MINE) == ("host",) * 4
bot.run(os.environ["HOST_TOKEN"], log_handler=None)
print("closed in order")
'''
OWN = '''
"""The host's commands: load and unload Atelier, and say what there is of it."""

import asyncio
import json
import os
import sys
import threading

from discord.ext import commands


class Own(commands.Cog):
    def __init__(self, bot):
        self.bot = bot

    @commands.command()
    async def do(self, ctx, what):
        await getattr(self.bot, f"{what}_extension")("atelier")
        await ctx.reply("done")

    @commands.command()
    async def count(self, ctx):
        bot = self.bot
        files = [os.path.realpath(f"/proc/self/fd/{name}") for name in os.listdir("/proc/self/fd")]
        counts = {
            "cogs": sorted(bot.cogs),
            "extensions": sorted(bot.extensions),
            "commands": len(bot.all_commands),
            "listeners": sum(map(len, bot.extra_events.values())),
            "frames": len(bot.ws._dispatch_listeners),
            "own": [name for name in ("connect",) if "later" in getattr(bot, name).__name__],
            "files": [file for file in files if file.startswith(os.environ["DATA_DIR"])],
            "modules": sum(name.partition(".")[0] == "atelier" for name in sys.modules),
            "tasks": sorted(
                task.get_name() for task in asyncio.all_tasks()
                if "atelier" in repr(task.get_coro())
                or not task.get_name().startswith(("Task-", "discord.py: ", "WebSocket-"))
            ),
            "threads": sorted(
                thread.name for thread in threading.enumerate()
                if "asyncio" not in thread.name
            ),
        }
        await ctx.reply(json.dumps(counts))


async def setup(bot):
    await bot.add_cog(Own(bot))
'''


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build it as an operator does."""
    return built(ROOT, tmp_path_factory.mktemp("wheel"))


def built(source: Path, folder: Path) -> Path:
    pip("wheel", str(source), "--no-build-isolation", f"--wheel-dir={folder}")
    (made,) = folder.glob("*.whl")
    return made


def contents(wheel: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def pip(*arguments: str) -> None:
    command = [sys.executable, "-m", "pip", *arguments, "--no-deps", "--no-index", "--quiet"]
    subprocess.run(command, check=True, cwd=ROOT.parent)


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel into an environment that has the libraries, but not this tree."""
    folder = tmp_path_factory.mktemp("environment") / "venv"
    venv.create(folder, symlinks=True)
    python = folder / "bin/python"
    (libraries,) = (Path(path) for path in sys.path if path.endswith("site-packages"))
    (site,) = folder.glob("lib/python*/site-packages")
    (site / "libraries.pth").write_text(f"{libraries}\n")
    pip(f"--python={python}", "install", str(wheel))
    return python


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(speed=200, seed=7, picture_size=64, public=True) as sandbox:
        yield sandbox
        assert sandbox.unexpected == ()


@pytest.fixture
async def host(sandbox: Sandbox, tmp_path: Path) -> AsyncIterator[dict[str, str]]:
    """Write the host's files, and return its environment."""
    for name in ("cogs", "services", "domain"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text('MINE = "host"\n')
    (tmp_path / "config.py").write_text('MINE = "host"\n')
    (tmp_path / "bot.py").write_text(HOST)
    (tmp_path / "cogs/own.py").write_text(OWN)
    async with TlsProxy(sandbox) as proxy:
        yield {
            "HOST_TOKEN": sandbox.token,
            "DISCORD_CHANNEL_ID": str(sandbox.channel_id),
            "OWNER_IDS": str(sandbox.people["ann"].id),
            "DATA_DIR": str(tmp_path / "data"),
            "PICTURES_ADDRESS": "127.0.0.1:0",
            "PRESS_INTERVAL": "0",
            "PROXY_URL": proxy.url,
            "SSL_CERT_FILE": str(proxy.ca_file),
            "REQUESTS_CA_BUNDLE": str(proxy.ca_file),
        }


async def connected(sandbox: Sandbox) -> None:
    """Wait for a new interpreter to load everything, which on a busy machine takes its time."""
    await sandbox.wait_until(lambda: bool(sandbox.gateway.sessions), 60)


async def noticed(sandbox: Sandbox, prompt: str) -> None:
    """Wait for the final notice of a generation, with all five pictures."""

    def notices() -> list[object]:
        own = (m for m in sandbox.messages if len(m["attachments"]) == len(Slot))
        return [m for m in own if prompt in m["content"]]

    await sandbox.wait_until(lambda: bool(notices()), 30)


@contextlib.asynccontextmanager
async def started(python: Path, environment: dict[str, str]) -> AsyncGenerator[Process]:
    process = await asyncio.create_subprocess_exec(
        *(python, "bot.py"),
        cwd=Path(environment["DATA_DIR"]).parent,
        env=os.environ | environment,
        stdout=PIPE,
        stderr=PIPE,
    )
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def asked(sandbox: Sandbox, text: str) -> str:
    typed = await sandbox.say("ann", text)
    return (await answered(sandbox, typed["id"], 20)).text


async def counted(sandbox: Sandbox) -> dict[str, Any]:
    return json.loads(await asked(sandbox, "?count"))


async def test_a_generation_completes_beside_modules_of_the_same_names(
    sandbox: Sandbox, host: dict[str, str], python: Path
) -> None:
    """It is loaded, reloaded in that process, unloaded without a trace, and ended by SIGTERM."""
    async with started(python, host) as process:
        await connected(sandbox)
        await sandbox.say("ann", "?imagine a cat")
        await noticed(sandbox, "a cat")
        assert await asked(sandbox, "?do reload") == "done"
        await sandbox.say("ann", "?imagine a dog")
        await noticed(sandbox, "a dog")
        assert await asked(sandbox, "?do unload") == "done"
        without = await counted(sandbox)
        assert await asked(sandbox, "?do load") == "done"
        assert "atelier.cogs.admin" in (await counted(sandbox))["extensions"]
        assert await asked(sandbox, "?do unload") == "done"
        again = await counted(sandbox)
        assert await asked(sandbox, "?do load") == "done"
        process.terminate()
        process.terminate()
        assert process.stdout is not None
        said = await process.stdout.read()
        code, log = await ended(process)
    assert (code, said) == (0, b"closed in order\n"), log
    assert without == again
    assert without == {
        **dict.fromkeys(("frames", "listeners", "modules"), 0),
        **{name: [] for name in ("files", "own", "tasks")},
        "cogs": ["Own"],
        "extensions": ["cogs.own"],
        "commands": 3,
        "threads": without["threads"],
    }
    assert lease_is_given_back(host)
    assert "HOST INFO atelier.services." in log
    assert all(line.startswith("HOST ") for line in log.splitlines()), log
    assert len(await kept(host)) == 2
    assert accepted(sandbox) == [*FIVE, *FIVE]


async def test_settings_in_a_mapping_stand_for_those_of_the_environment(
    sandbox: Sandbox, host: dict[str, str], python: Path
) -> None:
    own = {"HOST_TOKEN", "PROXY_URL", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"}
    given = {name: value for name, value in host.items() if name not in own - {"PROXY_URL"}}
    environment = {**host, "OWNER_IDS": "not one", "GIVEN": json.dumps(given)}
    async with started(python, environment) as process:
        await connected(sandbox)
        assert "`?atelier_imagine" in await asked(sandbox, "?atelier_status")
        process.terminate()
        code, log = await ended(process)
    assert code == 0, log


def test_a_source_distribution_gives_the_same_wheel(wheel: Path, tmp_path: Path) -> None:
    code = "import sys; from tools.wheel import build_sdist; build_sdist(sys.argv[1])"
    command = [sys.executable, "-c", code, tmp_path]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    (source,) = tmp_path.glob("*.tar.gz")
    assert contents(built(source, tmp_path)) == contents(wheel)


def test_the_installed_program_has_the_subcommands_and_the_version(
    python: Path, tmp_path: Path
) -> None:
    program = python.with_name("atelier")
    for command in ([program], [python, "-m", "atelier"]):
        listed = subprocess.run(
            [*command, "list"], cwd=tmp_path, env={}, capture_output=True, text=True, check=False
        )
        assert listed.returncode == 1
        assert "Traceback" not in listed.stderr
    checked = subprocess.run(
        [program, "check"], cwd=tmp_path, env={}, capture_output=True, text=True, check=False
    )
    assert "DISCORD_TOKEN is not set" in checked.stdout
    code = "from atelier.services.version import VERSION; print(VERSION)"
    version = subprocess.run(
        [python, "-c", code], cwd=tmp_path, env={}, capture_output=True, text=True, check=True
    )
    assert version.stdout == f"{VERSION}\n"


def test_the_installed_program_names_the_extra_that_it_lacks(python: Path, tmp_path: Path) -> None:
    environment = REQUIRED | {"SENTRY_DSN": "https://key@sentry.example/42"}
    without = "import sys; sys.modules['sentry_sdk'] = None; from atelier.bot import main; main([])"
    ended = subprocess.run(
        [python, "-c", without],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert 'pip install "atelier[sentry]"' in ended.stderr


def test_the_wheel_is_one_package_that_asks_for_what_the_project_asks_for(wheel: Path) -> None:
    files = contents(wheel)
    assert {name.partition("/")[0] for name in files} == {"atelier", f"atelier-{VERSION}.dist-info"}
    (metadata,) = (text for name, text in files.items() if name.endswith("/METADATA"))
    lines = metadata.decode().splitlines()
    assert f"Version: {VERSION}" in lines
    assert "Requires-Dist: discord.py-self==2.1.0" in lines
    assert [line for line in lines if "xtra" in line] == [
        "Provides-Extra: sentry",
        'Requires-Dist: sentry-sdk<3,>=2.40; extra == "sentry"',
    ]
