"""Names that are nearly those of settings: found in the environment and in the file."""

from __future__ import annotations

from pathlib import Path

import pytest

import config
from config_names import find_slips, slips

KNOWN = {name.upper() for name in config.FIELDS}


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("ALLOWED_USERS_IDS", "ALLOWED_USER_IDS"),
        ("RETENTION_DAY", "RETENTION_DAYS"),
        ("OWNER_ID", "OWNER_IDS"),
        ("DISCORD_CHANNEL", "DISCORD_CHANNEL_ID"),
        ("SUPABASE_KEYS", "SUPABASE_KEY"),
        ("DISCORDTOKEN", "DISCORD_TOKEN"),
        ("AUTO_UPSCALES", "AUTO_UPSCALE"),
    ],
)
def test_a_slip_is_found(name: str, meant: str) -> None:
    assert slips([name, "PATH"], KNOWN) == {name: meant}


@pytest.mark.parametrize(
    "name", ["HOME", "XDG_DATA_DIRS", "LOG_LEVEL", "PORTS_OPEN", "DATABASE_URL", "PYTHONPATH"]
)
def test_other_names_are_left_alone(name: str) -> None:
    assert slips([name], KNOWN) == {}


def test_a_name_is_no_slip_beside_the_right_one() -> None:
    assert slips(["OWNER_ID", "OWNER_IDS"], KNOWN) == {}


def test_both_the_environment_and_the_file_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / ".env"
    file.write_text("RETENTION_DAY=3\nOWNER_IDS=1\n")
    monkeypatch.setenv("ALLOWED_USERS_IDS", "1")
    for name in ("ALLOWED_USER_IDS", "RETENTION_DAYS"):
        monkeypatch.delenv(name, raising=False)
    assert find_slips(file) == {
        "ALLOWED_USERS_IDS": "ALLOWED_USER_IDS",
        "RETENTION_DAY": "RETENTION_DAYS",
    }


def test_a_file_that_cannot_be_read_is_the_settings_own_problem(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_bytes(b"OWNER_ID=\xff\xfe")
    assert "OWNER_ID" not in find_slips(file)
