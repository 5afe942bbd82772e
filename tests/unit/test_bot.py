"""The process around the worker: subcommands, messages and exit codes, without Discord."""

from __future__ import annotations

import asyncio
import gc
import json
import os
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import discord
import pytest
from curl_cffi import CurlError
from structlog.testing import capture_logs

import bot
import config
from domain.errors import GatewayLoop, LeaseHeld, StaleFence, StoreUnavailable
from domain.generation import Generation, Status
from domain.slots import Slot, picture_key
from services.database.sqlite import SqliteGenerationStore
from services.storage.folder import FolderImageStore
from services.version import VERSION
from tests.builders import new_generation, picture
from tests.contract.databases import LeasedStore, done
from tests.fakes import FakeClock
from tests.unit.variables import key_of

ORPHAN = "0b2e4c6a-1d3f-4a5b-8c7d-9e0f1a2b3c4d"
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


def test_the_table_asks_for_no_links(
    stored: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of a private bucket each would be a request."""
    monkeypatch.delattr(FolderImageStore, "url")
    assert bot.main(["list"]) == bot.Exit.DONE
    assert stored in capsys.readouterr().out


@pytest.mark.parametrize(
    ("wanted", "count"), [("--status=queued", 1), ("--status=failed", 0), ("--by=7", 0)]
)
def test_the_list_can_be_of_some(
    stored: str, capsys: pytest.CaptureFixture[str], wanted: str, count: int
) -> None:
    assert bot.main(["list", "--since", "1h", wanted, "--json"]) == bot.Exit.DONE
    assert [row["code"] for row in json.loads(capsys.readouterr().out)] == [stored] * count


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


@pytest.fixture
def ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Generation:
    """Have one generation that ended long ago, with its grid, an orphan, and a rule."""
    monkeypatch.setenv("RETENTION_DAYS", "30")
    clock = FakeClock(datetime.now(UTC) - timedelta(days=40))

    async def put() -> Generation:
        store = await SqliteGenerationStore.open(tmp_path / "data" / "atelier.sqlite3", clock=clock)
        worker = LeasedStore(store, (await store.acquire_lease("test", 30)).fence)
        row = await worker.moved(await worker.accepted(), Status.FAILED)
        row = done(await worker.record(row, Slot.GRID, size=2_000_000))
        await store.close()
        return row

    row = asyncio.run(put())
    for generation_id in (row.id, ORPHAN):
        path = tmp_path / "data" / "pictures" / picture_key(generation_id, Slot.GRID)
        path.parent.mkdir(parents=True)
        path.write_bytes(b"x" * 500_000)
        os.utime(path, (0, 0))
    return row


def pictures(tmp_path: Path) -> set[str]:
    return {path.parent.name for path in tmp_path.glob("data/pictures/*/*.png")}


def test_what_would_be_cleaned_away_is_told_with_its_reason(
    ended: Generation, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert bot.main(["clean", "--dry-run"]) == bot.Exit.DONE
    assert capsys.readouterr().out.splitlines() == [
        f"{ended.code}  1 picture, 2.0 MB: older than 30 days",
        f"{ORPHAN}/grid.png  0.5 MB: belongs to no generation that has pictures",
        "1 generation: older than 30 days",
        "1 object: belongs to no generation that has pictures",
        "2.5 MB to delete.",
    ]
    assert pictures(tmp_path) == {ended.id, ORPHAN}


def test_what_is_cleaned_away_is_gone_and_its_row_says_so(
    ended: Generation, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert bot.main(["clean"]) == bot.Exit.DONE
    said = capsys.readouterr()
    assert said.out.splitlines()[-1] == "Archived 1 generation, deleted 1 orphan."
    assert said.err.splitlines() == ["1 of 2", "2 of 2"]
    assert pictures(tmp_path) == set()
    assert bot.main(["clean"]) == bot.Exit.DONE
    assert capsys.readouterr().out.splitlines()[0] == "Nothing to clean away."
    assert bot.main(["show", ended.code]) == bot.Exit.DONE
    shown = capsys.readouterr().out
    assert "grid_url" not in shown
    assert shown.endswith("Its pictures were cleaned away; everything else stays.\n")
    assert bot.main(["list"]) == bot.Exit.DONE
    assert "failed, archived" in capsys.readouterr().out


@pytest.mark.parametrize("dry", [True, False])
def test_the_clean_up_is_told_to_programs(
    ended: Generation,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    *,
    dry: bool,
) -> None:
    monkeypatch.setenv("EVENT_RETENTION_DAYS", "30")
    assert bot.main(["clean", "--json", *(["--dry-run"] if dry else [])]) == bot.Exit.DONE
    assert json.loads(capsys.readouterr().out) == {
        "retention_days": 30,
        "retention_per_person": None,
        "event_retention_days": 30,
        "generations": [
            {
                "id": ended.id,
                "code": ended.code,
                "reason": "too_old",
                "pictures": 1,
                "bytes": 2_000_000,
            }
        ],
        "orphans": [{"key": f"{ORPHAN}/grid.png", "bytes": 500_000}],
        "bytes": 2_500_000,
        "events": 3,
        "archived": None if dry else 1,
        "changed_meanwhile": None if dry else 0,
        "orphans_deleted": None if dry else 1,
        "events_deleted": None if dry else 3,
    }


@pytest.mark.usefixtures("stored")
@pytest.mark.parametrize("arguments", [["clean"], ["clean", "--dry-run", "--json"]])
def test_without_a_rule_the_clean_up_names_the_settings(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert bot.main(arguments) == bot.Exit.SETTINGS_WRONG
    said = capsys.readouterr()
    assert said.out == ""
    assert "RETENTION_DAYS" in said.err
    assert "RETENTION_PER_PERSON" in said.err
    assert "EVENT_RETENTION_DAYS" in said.err


def test_without_a_database_there_is_nothing_to_clean(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RETENTION_PER_PERSON", "5")
    assert bot.main(["clean"]) == bot.Exit.FAILED
    assert "there is no database" in capsys.readouterr().err
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (LeaseHeld(), bot.Exit.LEASE_HELD),
        (ExceptionGroup("g", [ExceptionGroup("h", [StaleFence()])]), bot.Exit.LEASE_HELD),
        (
            ExceptionGroup("g", [ExceptionGroup("h", [StaleFence()]), OSError()]),
            bot.Exit.LEASE_HELD,
        ),
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


@pytest.mark.parametrize("depth", range(3))
def test_the_last_line_names_the_one_error_inside_all_groups(depth: int) -> None:
    error: Exception = GatewayLoop("hung up 10 times in a row")
    for _ in range(depth):
        error = ExceptionGroup[Exception]("unhandled errors in a TaskGroup", [error])
    with capture_logs() as lines:
        bot._explain(error)  # pyright: ignore[reportPrivateUsage] -- as above
    assert (lines[-1]["error"], lines[-1]["why"]) == ("GatewayLoop", "hung up 10 times in a row")


@pytest.mark.parametrize(("turbo", "told"), [("true", ["setting_renamed"]), ("false", [])])
def test_an_older_name_of_a_setting_works_and_the_new_one_is_told(
    turbo: str, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALLOW_TURBO", turbo)
    with capture_logs() as lines:
        bot.tell_about_settings(config.load(None))
    assert [line["event"] for line in lines] == told
    assert all("ALLOW_COSTLY=turbo" in line["hint"] for line in lines)


def test_what_is_doubtful_about_the_settings_is_told_at_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / ".env"
    file.write_text("RETENTION_DAY=3")
    file.chmod(0o644)
    monkeypatch.setenv("SUPABASE_URL", "https://abc.supabase.co")
    monkeypatch.setenv("SUPABASE_KEY", key_of("service_role"))
    with capture_logs() as lines:
        bot.tell_about_settings(config.load(file), file)
    assert [line["event"] for line in lines] == [
        "setting_unknown",
        "key_deprecated",
        "secrets_readable",
    ]
    assert (lines[0]["name"], lines[0]["meant"]) == ("RETENTION_DAY", "RETENTION_DAYS")


def test_the_changelog_begins_with_this_version() -> None:
    """Above it stands at most what is not released yet."""
    titles = re.findall(
        r"^## (\S+)", (Path(__file__).parents[2] / "CHANGELOG.md").read_text(), re.MULTILINE
    )
    assert next(title for title in titles if title != "Unreleased") == VERSION


async def test_a_worker_looks_through_what_is_there_at_the_start_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    frozen: list[int] = []
    later: list[object] = []  # that is there from then on, and would be taken too

    async def ready_twice(worker: bot.AtelierBot) -> bot.Exit:
        for _ in range(2):
            for listener in tuple(worker.extra_events.get("on_ready", ())):
                await listener()
            frozen.append(gc.get_freeze_count())
            later.append([[number] for number in range(1000)])
        return bot.Exit.DONE

    before = gc.get_freeze_count()
    monkeypatch.setattr(bot, "run", ready_twice)
    try:
        assert await bot.run_worker(config.load(None)) == bot.Exit.DONE
    finally:
        gc.unfreeze()
    assert before < frozen[0] == frozen[1]
