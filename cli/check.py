"""`bot.py check`: is everything there that the worker needs? It sends nothing that costs."""

from __future__ import annotations

import asyncio
import dataclasses
import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Protocol

from cli.exit import Exit
from services.checks.finding import Finding, Health, doubtful, good, skipped, wrong
from services.checks.machine import check_disk, check_memory, check_secrets_file
from services.checks.stores import check_stores
from services.discord.account_check import AccountSettings, check_discord
from services.logs import masked
from services.settings import StorageSettings

MARKS = {
    Health.GOOD: "✓",
    Health.DOUBTFUL: "!",
    Health.WRONG: "✗",
    Health.SKIPPED: "-",
}
LEGACY_KEY = (
    "SUPABASE_KEY is a key of the older kind (service_role), which Supabase gives up by the end "
    "of 2026: make a secret key (sb_secret_...) in the project's API settings."
)
_WIDTH = 14


class CheckSettings(AccountSettings, StorageSettings, Protocol):
    """All that is checked."""


@dataclasses.dataclass(frozen=True, slots=True)
class Given:
    """How the settings were read: from which file, what is wrong with them, and slips in names."""

    file: Path
    problems: tuple[str, ...]
    slips: Mapping[str, str]
    legacy_key: bool


def run_check(settings: CheckSettings | None, given: Given, *, as_json: bool) -> Exit:
    """Print each finding as it comes, or all as JSON; `settings` is None where they are wrong."""
    found: list[Finding] = []
    for step in _steps(settings, given):
        findings = [dataclasses.replace(one, words=masked(one.words)) for one in step]
        found += findings
        if not as_json:
            sys.stdout.writelines(f"{line}\n" for line in map(_line, findings))
            sys.stdout.flush()
    health = _health(found)
    if as_json:
        facts = {"health": health.value, "findings": [dataclasses.asdict(one) for one in found]}
        sys.stdout.write(json.dumps(facts, ensure_ascii=False, indent=2) + "\n")
    else:
        sys.stdout.write(f"{_SUMMARY[health]}\n")
    if given.problems:
        return Exit.SETTINGS_WRONG
    return Exit.FAILED if health is Health.WRONG else Exit.DONE


_SUMMARY = {
    Health.GOOD: "All is well: start the worker.",
    Health.DOUBTFUL: "The worker can start; see what is marked with !.",
    Health.WRONG: "The worker can't do its work yet; see what is marked with ✗.",
}


def _steps(settings: CheckSettings | None, given: Given) -> Iterable[list[Finding]]:
    yield _settings(given)
    yield [check_secrets_file(given.file), check_memory()]
    if settings is None:
        left = ("disk", "database", "pictures", "account", "channel")
        yield [skipped(name, "See the settings.") for name in left]
        return
    yield [check_disk(settings.data_dir)]
    yield [*_key(settings, given), *asyncio.run(check_stores(settings))]
    yield asyncio.run(check_discord(settings))


def _settings(given: Given) -> list[Finding]:
    found = [wrong("settings", problem) for problem in given.problems]
    found += [doubtful("settings", slip(name, meant)) for name, meant in given.slips.items()]
    return found or [good("settings", "All are as they should be.")]


def _key(settings: CheckSettings, given: Given) -> list[Finding]:
    if settings.supabase_key is None:
        return []
    return [doubtful("key", LEGACY_KEY) if given.legacy_key else good("key", "A secret key.")]


def slip(name: str, meant: str) -> str:
    """Return what to do about a name that is nearly one of ours."""
    return f"{name} is no setting, and has no effect: is it to be {meant}?"


def _health(found: Iterable[Finding]) -> Health:
    found_ones = {one.health for one in found}
    worst = (each for each in (Health.WRONG, Health.DOUBTFUL) if each in found_ones)
    return next(worst, Health.GOOD)


def _line(finding: Finding) -> str:
    return f"{MARKS[finding.health]} {finding.what:{_WIDTH}}{finding.words}"
