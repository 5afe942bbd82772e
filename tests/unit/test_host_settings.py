"""The settings of Atelier inside another bot."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

import config

GIVEN = {"DISCORD_CHANNEL_ID": 200000000000000002, "OWNER_IDS": [100000000000000002]}


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Set two variables, in a folder without `.env`."""
    monkeypatch.chdir(tmp_path)
    for name in config.HostSettings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("OWNER_IDS", "100000000000000003")
    monkeypatch.setenv("REPLY_LANGUAGE", "fr")


def test_the_environment_is_read_and_needs_no_token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_CHANNEL_ID", "200000000000000002")
    settings = config.load_for_host(None, "?")
    assert settings.owner_ids == {100000000000000003}
    assert (settings.reply_language, settings.command_prefix) == ("fr", "?")


def test_beside_a_mapping_nothing_else_is_read() -> None:
    settings = config.load_for_host(GIVEN, None)
    assert settings.owner_ids == {100000000000000002}
    assert (settings.reply_language, settings.command_prefix) == ("en", "!")


def test_a_prefix_that_is_given_goes_before_the_bots() -> None:
    assert config.load_for_host({**GIVEN, "command_prefix": "%"}, "?").command_prefix == "%"


def test_all_that_is_wrong_with_a_mapping_is_told_without_its_values() -> None:
    with pytest.raises(config.SettingsError) as raised:
        config.load_for_host({"OWNER_IDS": "secret", "RETENTION_DAY": 3}, "?")
    channel, owners, unknown = sorted(raised.value.problems)
    assert channel.startswith("DISCORD_CHANNEL_ID is not set")
    assert owners.startswith("OWNER_IDS is wrong")
    assert unknown == "RETENTION_DAY is no setting of Atelier's."
    assert "secret" not in str(raised.value)


def test_other_settings_are_taken_as_they_are() -> None:
    own = SimpleNamespace(command_prefix="!")
    assert config.load_for_host(own, "?") is own
