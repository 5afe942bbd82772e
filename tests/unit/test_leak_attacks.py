"""Whatever fails in whatever part of the process: nothing that it prints has a secret in it."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path

import pytest

import bot
import config
from cli import check as check_module
from cli import commands as commands_module
from cli import gallery as gallery_module
from services import logs
from services.logs import LogFormat
from tests.leaks import ALL, ENVIRONMENT, ERRORS, found_in
from tests.unit.services.log_harness import FORMATS

ROOT = Path(__file__).parents[2]
REQUIRED = {"DISCORD_CHANNEL_ID": "200000000000000002", "OWNER_IDS": "100000000000000002"}


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Generator[None]:
    """Set every secret, and put back what a process changes for itself."""
    monkeypatch.chdir(tmp_path)
    for name, value in (ENVIRONMENT | REQUIRED).items():
        monkeypatch.setenv(name, value)
    yield
    logging.disable(logging.NOTSET)


def test_each_error_has_each_secret_in_it() -> None:
    """So that what is not found was masked, and not just absent."""
    for make in ERRORS.values():
        assert len(found_in(logs.traceback.format_exception(make()))) == 4


@pytest.mark.parametrize(
    ("kind", "log_format"),
    [(kind, "logfmt") for kind in ERRORS]
    + [(kind, form) for kind in ("groups", "in handling", "noted") for form in FORMATS[1:]],
)
def test_no_end_of_the_worker_is_logged_with_a_secret(
    kind: str,
    log_format: LogFormat,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    async def fail(*_: object) -> None:
        error = ERRORS[kind]()
        raise error

    monkeypatch.setenv("LOG_FORMAT", log_format)
    monkeypatch.setattr(bot.AtelierBot, "open_stores", fail)
    assert bot.main([]) != bot.Exit.DONE
    said = "".join(capfd.readouterr())
    assert said
    assert found_in(said) == []


SUBCOMMANDS = {
    "list": (commands_module, "open_for_reading"),
    "show x": (commands_module, "open_for_reading"),
    "list --json": (commands_module, "open_for_reading"),
    "clean": (commands_module, "open_to_write"),
    "gallery": (gallery_module, "open_for_gallery"),
    "export --html out": (gallery_module, "open_for_gallery"),
    "check": (check_module, "check_stores"),
    "check --json": (check_module, "check_discord"),
    "health": (commands_module, "ask_health"),
    "backup f": (commands_module, "run_backup"),
    "restore f": (commands_module, "run_restore"),
    "move --to folder": (commands_module, "run_move"),
}


@pytest.mark.parametrize("kind", ["plain", "groups", "store away", "store refused", "disk"])
@pytest.mark.parametrize("typed", SUBCOMMANDS)
def test_no_subcommand_prints_a_secret(
    typed: str,
    kind: str,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    async def fail(*_: object, **__: object) -> None:
        error = ERRORS[kind]()
        raise error

    monkeypatch.setenv("RETENTION_DAYS", "3")
    module, name = SUBCOMMANDS[typed]
    monkeypatch.setattr(module, name, fail)
    assert bot.main(typed.split()) == bot.Exit.FAILED
    said = "".join(capfd.readouterr())
    assert said
    assert found_in(said) == []


@pytest.mark.parametrize(
    ("kind", "as_json"), [*((kind, True) for kind in ERRORS), ("groups", False)]
)
def test_no_finding_of_a_check_has_a_secret(
    kind: str, as_json: bool, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    async def found(_: object) -> list[check_module.Finding]:
        return [check_module.wrong("database", f"{ERRORS[kind]()}: {ERRORS[kind]()!r}.")]

    monkeypatch.setattr(check_module, "check_stores", found)
    monkeypatch.setattr(check_module, "check_discord", found)
    assert bot.main(["check", *["--json"] * as_json]) == bot.Exit.FAILED
    said = capfd.readouterr()
    assert found_in(said) == []
    if as_json:
        assert len(json.loads(said.out)["findings"]) > 3


@pytest.mark.parametrize("typed", ["migrate", "list", "check --json", "check"])
def test_what_really_fails_has_no_secret_either(
    typed: str, capfd: pytest.CaptureFixture[str]
) -> None:
    """Nobody listens at any of the addresses."""
    assert bot.main(typed.split()) == bot.Exit.FAILED
    said = "".join(capfd.readouterr())
    assert said
    assert found_in(said) == []


@pytest.mark.parametrize(
    "name", sorted((ENVIRONMENT | REQUIRED).keys() - {"SUPABASE_KEY", "GALLERY_PASSWORD"})
)
@pytest.mark.parametrize("typed", ["", "list", "check --json"])
def test_no_wrong_setting_is_repeated(
    name: str, typed: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Every secret stands in the wrong variable."""
    monkeypatch.setenv(name, f"{ALL} \N{SNOWMAN}")
    with pytest.raises(config.SettingsError) as caught:
        config.load(None)
    assert found_in(logs.traceback.format_exception(caught.value)) == []
    if typed != "list" or name not in {"DISCORD_TOKEN", *REQUIRED}:
        assert bot.main(typed.split()) == bot.Exit.SETTINGS_WRONG
    assert found_in("".join(capfd.readouterr())) == []


CRASHES = """
import asyncio, gc, sys, threading, warnings
sys.path.insert(0, {root!r})
import bot, config
from tests.leaks import ALL, ERRORS

class Clinging:
    def __del__(self):
        raise ERRORS["groups"]()

def in_a_thread():
    raise ERRORS["in handling"]()

async def fail(*_):
    thread = threading.Thread(target=in_a_thread)
    thread.start()
    thread.join()
    Clinging()
    warnings.warn(ALL, stacklevel=1)
    asyncio.get_running_loop().call_soon(in_a_thread)
    lost = asyncio.get_running_loop().create_future()
    lost.set_exception(ERRORS["plain"]())
    del lost
    await asyncio.sleep(0)
    gc.collect()
    raise ERRORS[sys.argv[1]]()

bot.run_worker = fail
sys.exit(bot.main([]))
"""


@pytest.mark.long
@pytest.mark.parametrize("kind", ["plain", "groups", "in handling"])
def test_a_crash_prints_no_secret_wherever_it_happens(kind: str) -> None:
    """In a thread, in a callback, in a lost task, in `__del__`, in a warning, and at last."""
    done = subprocess.run(
        [sys.executable, "-X", "dev", "-c", CRASHES.format(root=str(ROOT)), kind],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == bot.Exit.FAILED, done.stderr
    assert done.stderr.count("failed_in_background") == 2
    assert done.stderr.count("failed_unexpectedly") == 1
    for word in ("py.warnings", "never retrieved", "Exception in callback"):
        assert word in done.stderr, word
    assert found_in(done.stdout + done.stderr) == []
