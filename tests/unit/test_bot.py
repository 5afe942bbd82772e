"""The process around the worker: subcommands, sentences and exit codes, without any Discord."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import discord
import pytest
from curl_cffi import CurlError

import bot
from domain.errors import LeaseHeld, StaleFence, StoreUnavailable
from domain.generation import Slot
from services.database.sqlite import SqliteGenerationStore
from tests.builders import new_generation, picture

ENVIRONMENT = {
    "DISCORD_TOKEN": "x" * 30,
    "DISCORD_CHANNEL_ID": "200000000000000002",
    "OWNER_IDS": "100000000000000002",
}


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Give every test an empty folder and the required variables."""
    monkeypatch.chdir(tmp_path)
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def stored(tmp_path: Path) -> str:
    """Put one generation into the database that `main` will read; return its code."""

    async def put() -> str:
        store = await SqliteGenerationStore.open(tmp_path / "data" / "atelier.sqlite3")
        try:
            lease = await store.acquire_lease("test", 30)
            new = new_generation(prompt="a cat")
            await store.create_generation(new, fence=lease.fence)
            await store.record_picture(new.id, Slot.GRID, picture(new.id), fence=lease.fence)
            return new.code
        finally:
            await store.close()

    return asyncio.run(put())


def test_wrong_settings_end_with_every_problem(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.delenv("DISCORD_TOKEN")
    monkeypatch.setenv("LOG_FORMAT", "loud")
    assert bot.main([]) == bot.Exit.SETTINGS_WRONG
    said = capsys.readouterr().err
    assert "DISCORD_TOKEN" in said
    assert "LOG_FORMAT" in said


def test_the_list_is_for_people_or_for_programs(
    stored: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert bot.main(["list"]) == bot.Exit.DONE
    assert stored in capsys.readouterr().out
    assert bot.main(["list", "--json"]) == bot.Exit.DONE
    (row,) = json.loads(capsys.readouterr().out)
    assert (row["code"], row["prompt"]) == (stored, "a cat")


def test_one_generation_is_shown_by_its_code_in_any_case(
    stored: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert bot.main(["show", stored.upper()]) == bot.Exit.DONE
    assert "a cat" in capsys.readouterr().out
    assert bot.main(["show", stored, "--json"]) == bot.Exit.DONE
    shown = json.loads(capsys.readouterr().out)
    assert shown["grid_url"] == f"http://127.0.0.1:8764/{shown['id']}/grid.png"


@pytest.mark.usefixtures("stored")
def test_an_unknown_generation_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert bot.main(["show", "zzzzzz"]) == bot.Exit.FAILED
    assert capsys.readouterr().err == "There is no generation zzzzzz.\n"


def test_without_a_database_there_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert bot.main(["list"]) == bot.Exit.FAILED
    assert "there is no database" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (LeaseHeld(), bot.Exit.LEASE_HELD),
        (ExceptionGroup("g", [ExceptionGroup("h", [StaleFence()])]), bot.Exit.LEASE_HELD),
        (discord.LoginFailure(), bot.Exit.TOKEN_REFUSED),
        (TimeoutError(), bot.Exit.FAILED),
        (CurlError("nobody there"), bot.Exit.FAILED),
        (StoreUnavailable("the disk is full"), bot.Exit.FAILED),
        (ExceptionGroup("g", [ValueError("a"), KeyError("b")]), bot.Exit.FAILED),
        (ZeroDivisionError(), bot.Exit.FAILED),
    ],
)
def test_every_end_has_its_exit_code(error: BaseException, code: bot.Exit) -> None:
    assert bot._explain(error) == code  # pyright: ignore[reportPrivateUsage] -- one table of all ends
