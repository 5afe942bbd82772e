import os
from pathlib import Path

import pytest

import config
from demo.bot_settings import environment, settings, values_for
from demo.project import Project
from sandbox import Sandbox


def test_the_bots_settings_come_from_the_sandbox_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody who tries the demo may already have real settings."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("PRESS_INTERVAL=60\nREPLY_LANGUAGE=fr\nAUTO_UPSCALE=2\n")
    for name, value in {
        "DISCORD_TOKEN": "real",
        "ALLOWED_USER_IDS": "100000000000000002",
        "AUTO_UPSCALE": "1",
        "PROXY_URL": "http://127.0.0.1:9",
        "SUPABASE_URL": "http://127.0.0.1:9",
        "COMMAND_PREFIX": "?",
    }.items():
        monkeypatch.setenv(name, value)
    sandbox = Sandbox(speed=20)
    values = values_for(sandbox, tmp_path)
    for name, value in environment(values).items():
        monkeypatch.setenv(name, value)
    made = config.load()
    assert made.model_dump() == settings(values).model_dump()
    assert made.discord_token.get_secret_value() == sandbox.token
    assert (made.auto_upscale, made.proxy_url, made.command_prefix) == ((1, 2, 3, 4), None, "!")
    assert (made.press_interval, made.allow_everybody) == (0.075, True)
    assert (made.reply_language, made.supabase_url) == ("en", None)


def test_what_is_no_setting_reaches_the_bot(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    made = environment(values_for(Sandbox(), tmp_path))
    assert made["TMPDIR"] == str(tmp_path)
    assert made["PATH"] == os.environ["PATH"]


def test_a_project_takes_the_place_of_the_files(tmp_path: Path) -> None:
    project = Project(
        url="http://127.0.0.1:1", key="sb_secret_1", database="postgresql://127.0.0.1:1/x"
    )
    made = settings(values_for(Sandbox(), tmp_path, project))
    assert made.supabase_url == "http://127.0.0.1:1"
    assert made.supabase_key is not None
    assert made.supabase_key.get_secret_value() == "sb_secret_1"
    assert made.lease_seconds == 6
    assert settings(values_for(Sandbox(), tmp_path)).supabase_url is None


def test_the_slowest_demo_presses_as_slowly_as_is_allowed(tmp_path: Path) -> None:
    made = settings(values_for(Sandbox(speed=0.01), tmp_path))
    assert (made.press_interval, made.progress_seconds) == (60, 900)


def test_nobody_waits_long_for_a_midjourney_that_is_silent(tmp_path: Path) -> None:
    made = settings(values_for(Sandbox(speed=1), tmp_path))
    assert (made.answer_seconds, made.progress_seconds) == (60, 120)
    assert settings(values_for(Sandbox(speed=200), tmp_path)).progress_seconds == 60
