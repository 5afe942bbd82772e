"""How the process starts and ends: exit codes, sentences, one holder of the lease, a restart."""

from __future__ import annotations

import asyncio
import inspect
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from structlog.testing import capture_logs

import bot as worker
from domain.generation import Generation, Status
from domain.slots import Slot
from sandbox import Sandbox
from sandbox.pointing import point_library_at
from services import supabase as supabase_module
from tests.integration.conftest import RunningBot, running, settings

pytestmark = pytest.mark.integration

ROOT = Path(__file__).parents[2]
REQUIRED = {
    "DISCORD_TOKEN": "x" * 30,
    "DISCORD_CHANNEL_ID": "200000000000000002",
    "OWNER_IDS": "100000000000000002",
}


def start(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run `python bot.py` in an empty folder with this environment alone."""
    inherited = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, str(ROOT / "bot.py"), *arguments],
        cwd=folder,
        env=inherited | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )


def test_missing_settings_are_all_named_at_once(tmp_path: Path) -> None:
    ended = start(tmp_path, PRESS_INTERVAL="soon")
    assert ended.returncode == worker.Exit.SETTINGS_WRONG
    for name in (*REQUIRED, "PRESS_INTERVAL"):
        assert name in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.long
def test_an_unknown_generation_ends_with_one_sentence(
    running_bot: RunningBot, tmp_path: Path
) -> None:
    assert running_bot.atelier is not None
    ended = start(tmp_path, "show", "zzzzzz", DATA_DIR=str(tmp_path), **REQUIRED)
    assert (ended.returncode, ended.stdout) == (1, "")
    assert "zzzzzz" in ended.stderr


@pytest.mark.long
async def test_generations_are_printed_beside_a_running_worker(
    running_bot: RunningBot,
    tmp_path: Path,
) -> None:
    await running_bot.imagine("a cat")
    await running_bot.imagine("a dog")
    done = await running_bot.ended("a cat")
    await running_bot.ended("a dog")
    environment = REQUIRED | {"DATA_DIR": str(tmp_path)}
    listed = await asyncio.to_thread(lambda: start(tmp_path, "list", "--json", **environment))
    shown = await asyncio.to_thread(
        lambda: start(tmp_path, "show", done.code.upper(), "--json", **environment),
    )
    table = await asyncio.to_thread(lambda: start(tmp_path, "list", **environment))
    facts = json.loads(listed.stdout)
    assert [row["prompt"] for row in facts] == ["a dog", "a cat"]
    assert json.loads(shown.stdout) == facts[1]
    assert facts[1]["upscale_4_url"].endswith(f"{done.id}/upscale_4.png")
    assert done.code in table.stdout


@pytest.mark.long
@pytest.mark.parametrize("subcommand", ["list", "clean"])
def test_certificates_that_are_not_there_are_one_sentence(tmp_path: Path, subcommand: str) -> None:
    environment = REQUIRED | {
        "SUPABASE_URL": "http://127.0.0.1:9",
        "SUPABASE_KEY": "sb_secret_abcdef",
        "RETENTION_DAYS": "90",
        "SSL_CERT_FILE": str(tmp_path / "none.pem"),
    }
    ended = start(tmp_path, subcommand, **environment)
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.startswith("SSL_CERT_FILE must name a readable PEM file")
    assert ended.stderr.count("\n") == 1


@pytest.mark.long
async def test_a_worker_without_certificates_ends_with_one_sentence(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = {"supabase_url": "http://127.0.0.1:9", "supabase_key": "sb_secret_abcdef"}
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "none.pem"))
    # The function that keeps the certificates is put aside: it may have some.
    read = inspect.unwrap(vars(supabase_module)["_certificates"])
    monkeypatch.setattr(supabase_module, "_certificates", read)
    bot = worker.AtelierBot(settings(sandbox, tmp_path, **project))
    with point_library_at(sandbox), capture_logs() as lines:
        assert await worker.run(bot) == worker.Exit.STORE_REFUSED
    (error,) = [line for line in lines if line["log_level"] == "error"]
    assert error["event"] == "failed"
    assert error["error"] == "StoreRefused"
    assert error["why"].startswith("SSL_CERT_FILE must name a readable PEM file")


@pytest.mark.long
def test_before_the_first_start_there_is_nothing_to_list(tmp_path: Path) -> None:
    ended = start(tmp_path, "list", DATA_DIR=str(tmp_path / "none"), **REQUIRED)
    assert ended.returncode == 1
    assert "Traceback" not in ended.stderr


@pytest.mark.fault(name="F10")
async def test_a_token_that_discord_does_not_know_has_its_own_exit_code(
    sandbox: Sandbox,
    tmp_path: Path,
) -> None:
    values = settings(sandbox, tmp_path, discord_token="wrong" * 6)
    with point_library_at(sandbox):
        code = await worker.run(worker.AtelierBot(values, frozenset({sandbox.cdn_base})))
    assert code == worker.Exit.TOKEN_REFUSED


async def test_a_second_worker_on_the_same_data_leaves_at_once(
    running_bot: RunningBot,
    tmp_path: Path,
) -> None:
    values = settings(running_bot.sandbox, tmp_path)
    assert await worker.run(worker.AtelierBot(values)) == worker.Exit.LEASE_HELD


@pytest.mark.fault(name="F10")
async def test_a_gateway_that_closes_for_a_dead_token_ends_the_process(
    sandbox: Sandbox,
    tmp_path: Path,
) -> None:
    values = settings(sandbox, tmp_path)
    bot = worker.AtelierBot(values)

    async def on_ready() -> None:
        sandbox.gateway.close(4004)

    bot.add_listener(on_ready)
    with point_library_at(sandbox):
        assert await worker.run(bot) == worker.Exit.TOKEN_REFUSED


STOPS: dict[str, Callable[[Generation], bool]] = {
    "queued": lambda generation: generation.status == Status.QUEUED,
    "submitted": lambda generation: generation.status == Status.SUBMITTED,
    "grid stored": lambda generation: generation.status == Status.GRID_COMPLETED,
    "first press answered": lambda generation: bool(generation.steps[1].accepted_at),
    "first upscale stored": lambda generation: Slot.UPSCALE_1 in generation.stored,
}


@pytest.mark.parametrize("stop", STOPS)
async def test_a_restart_goes_on_where_the_last_process_stopped(
    tmp_path: Path,
    stop: str,
) -> None:
    """Midjourney's later messages are heard by the next process; nothing is asked for twice."""
    async with Sandbox(seed=7, picture_size=64) as sandbox:
        values = settings(sandbox, tmp_path)
        async with running(sandbox, values) as first:
            await first.imagine("a cat")
            await first.imagine("a dog")
            await first.until(lambda told: STOPS[stop](told.generation))
        async with running(sandbox, values) as second:
            done = await second.ended("a cat")
            await second.ended("a dog")
        assert done.stored == tuple(Slot)
        imagined = [i.prompt for i in sandbox.interactions if i.kind == "imagine"]
        assert imagined == ["a cat", "a dog"]
