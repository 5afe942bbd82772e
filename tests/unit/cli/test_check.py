"""How `bot.py check` prints what was found, and how it exits."""

from __future__ import annotations

import json
from pathlib import Path
from typing import cast

import pytest

from cli import check
from cli.check import CheckSettings, Given, run_check
from cli.exit import Exit
from services.checks.finding import Finding, doubtful, good, wrong


def given(*problems: str, legacy_key: bool = False, **slips: str) -> Given:
    return Given(Path("none/.env"), problems, slips, legacy_key=legacy_key)


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch) -> list[Finding]:
    """Give what is found of Discord, to be filled; the stores are well."""
    findings: list[Finding] = []

    async def of_stores(_: object) -> list[Finding]:
        return [good("database", "It is there.")]

    async def of_discord(_: object) -> list[Finding]:
        return findings

    monkeypatch.setattr(check, "check_stores", of_stores)
    monkeypatch.setattr(check, "check_discord", of_discord)
    return findings


class AllSettings:
    """Settings of which only these are looked at here."""

    data_dir = Path()

    def __init__(self, supabase_key: object = None) -> None:
        self.supabase_key = supabase_key


def all_settings(supabase_key: object = None) -> CheckSettings:
    return cast("CheckSettings", AllSettings(supabase_key))


@pytest.mark.parametrize(
    ("finding", "code", "last"),
    [
        (good("account", "Logged in as ann."), Exit.DONE, "All is well"),
        (doubtful("clock", "It is an hour behind."), Exit.DONE, "marked with !"),
        (wrong("channel", "There is none."), Exit.FAILED, "marked with ✗"),
    ],
)
def test_the_end_says_whether_the_worker_can_start(
    finding: Finding,
    code: Exit,
    last: str,
    found: list[Finding],
    capsys: pytest.CaptureFixture[str],
) -> None:
    found.append(finding)
    assert run_check(all_settings(), given(), as_json=False) is code
    *lines, end = capsys.readouterr().out.splitlines()
    assert last in end
    assert lines[-1].endswith(finding.words)


def test_wrong_settings_are_said_and_the_rest_is_left_out(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code = run_check(None, given("OWNER_IDS is not set: write …"), as_json=False)
    out = capsys.readouterr().out
    assert code is Exit.SETTINGS_WRONG
    assert "✗ settings      OWNER_IDS is not set: write …" in out
    assert "- account       See the settings." in out


@pytest.mark.usefixtures("found")
def test_slips_in_names_and_old_keys_are_doubts(capsys: pytest.CaptureFixture[str]) -> None:
    facts = given(legacy_key=True, OWNER_ID="OWNER_IDS")
    assert run_check(all_settings(object()), facts, as_json=True) is Exit.DONE
    told = json.loads(capsys.readouterr().out)
    assert told["health"] == "doubtful"
    doubts = {one["what"]: one["words"] for one in told["findings"] if one["health"] == "doubtful"}
    assert "OWNER_ID is no setting" in doubts["settings"]
    assert "sb_secret_" in doubts["key"]
