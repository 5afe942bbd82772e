"""`bot.py check` beside a Discord where one thing after another is wrong; each has its remedy."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from sandbox import Sandbox
from sandbox.guild import GuildSetup
from sandbox.people import ACCOUNT
from sandbox.pointing import point_library_at
from services.checks.finding import Finding, Health
from services.discord.account_check import check_discord
from tests.integration.conftest import settings

ATTACH_FILES, HISTORY, COMMANDS = 1 << 15, 1 << 16, 1 << 31


@pytest.fixture
async def sandbox() -> AsyncGenerator[Sandbox]:
    async with Sandbox(speed=100) as opened:
        with point_library_at(opened):
            yield opened


async def look(sandbox: Sandbox, folder: Path, **changes: Any) -> list[Finding]:
    return await check_discord(settings(sandbox, folder, **changes))


def troubles(found: Iterable[Finding]) -> dict[str, str]:
    return {one.what: one.words for one in found if one.health is not Health.GOOD}


async def test_all_is_well_and_nothing_is_written(sandbox: Sandbox, tmp_path: Path) -> None:
    found = await look(sandbox, tmp_path)
    assert troubles(found) == {}
    assert [one.what for one in found] == [
        *("account", "channel", "privacy", "owners", "own commands", "permissions", "slow mode"),
        *("history", "midjourney", "clock"),
    ]
    assert not [request for request in sandbox.requests if not request.startswith("GET")]
    assert not sandbox.messages


@pytest.mark.parametrize(
    ("setup", "what", "health", "remedy"),
    [
        pytest.param(
            GuildSetup(everybody_sees=True), "privacy", "doubtful", "from @everyone", id="public"
        ),
        pytest.param(
            GuildSetup(taken=ATTACH_FILES | COMMANDS),
            *("permissions", "wrong", "attach_files, use_application_commands"),
            id="permissions",
        ),
        pytest.param(GuildSetup(slow_mode=30), "slow mode", "wrong", "30 s", id="slow mode"),
        pytest.param(
            GuildSetup(absent=frozenset({"ann"})), "owners", "doubtful", "OWNER_IDS", id="owner"
        ),
        pytest.param(
            GuildSetup(imagine_offered=False), "midjourney", "wrong", "Integrations", id="imagine"
        ),
        pytest.param(
            GuildSetup(imagine_offered=False, absent=frozenset({"midjourney"})),
            *("midjourney", "wrong", "invite it"),
            id="midjourney",
        ),
    ],
)
async def test_what_is_wrong_with_the_server_is_named(
    setup: GuildSetup, what: str, health: str, remedy: str, sandbox: Sandbox, tmp_path: Path
) -> None:
    for name in vars(setup):
        setattr(sandbox.guild_setup, name, getattr(setup, name))
    (found,) = [one for one in await look(sandbox, tmp_path) if one.health is not Health.GOOD]
    assert (found.what, found.health) == (what, health)
    assert remedy in found.words


async def test_a_history_that_may_not_be_read_is_named(sandbox: Sandbox, tmp_path: Path) -> None:
    sandbox.guild_setup.taken = HISTORY
    found = troubles(await look(sandbox, tmp_path))
    assert "read_message_history" in found["permissions"]
    assert found["history"] == "See the permissions."


@pytest.mark.parametrize(
    ("changes", "what", "remedy"),
    [
        ({"discord_token": "x" * 60}, "account", "DISCORD_TOKEN"),
        ({"discord_channel_id": 300_000_000_000_000_007}, "channel", "DISCORD_CHANNEL_ID"),
    ],
)
async def test_what_comes_behind_a_trouble_is_left_out_and_said(
    changes: dict[str, Any], what: str, remedy: str, sandbox: Sandbox, tmp_path: Path
) -> None:
    found = await look(sandbox, tmp_path, **changes)
    (trouble,) = [one for one in found if one.health is Health.WRONG]
    assert trouble.what == what
    assert remedy in trouble.words
    behind = found[found.index(trouble) + 1 :]
    assert behind
    assert {one.health for one in behind} == {Health.SKIPPED}


async def test_discord_that_cannot_be_reached_is_no_wrong_token(tmp_path: Path) -> None:
    async with Sandbox() as sandbox:
        values = settings(sandbox, tmp_path)
        with point_library_at(sandbox):
            await sandbox.close()
            found = troubles(await check_discord(values))
    assert "PROXY_URL" in found["account"]


@pytest.mark.parametrize(("own", "health"), [(False, Health.WRONG), (True, Health.GOOD)])
async def test_somebody_alone_is_told_how_to_be_heard(
    own: bool,
    health: Health,
    sandbox: Sandbox,
    tmp_path: Path,
) -> None:
    account = str(sandbox.people[ACCOUNT].id)
    found = await look(sandbox, tmp_path, owner_ids=account, allow_own_commands=own)
    (finding,) = [one for one in found if one.what == "own commands"]
    assert finding.health is health
    assert own or "ALLOW_OWN_COMMANDS" in finding.words


@pytest.mark.parametrize(("hours", "way"), [(1, "behind"), (-1, "ahead of")])
async def test_a_wrong_clock_is_named(
    hours: int, way: str, sandbox: Sandbox, tmp_path: Path
) -> None:
    sandbox.clock.shift(timedelta(hours=hours).total_seconds())
    assert way in troubles(await look(sandbox, tmp_path))["clock"]
