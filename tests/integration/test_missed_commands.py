"""Commands typed while the bot was away, or accepted while it could not answer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from domain.generation import Generation, Status
from sandbox import Sandbox
from sandbox.guild import MEMBERS_ROLE
from services.database.sqlite import SqliteGenerationStore
from tests.builders import new_generation
from tests.fakes import FakeClock
from tests.integration.conftest import RunningBot, running, settings
from tests.integration.replies_harness import answer_to, ask, kinds

pytestmark = pytest.mark.integration

MINUTE = 60.0


async def been_there(sandbox: Sandbox, folder: Path) -> None:
    """Run a bot briefly, because the very first start has nothing to catch up with."""
    async with running(sandbox, settings(sandbox, folder)) as running_bot:
        await ask(running_bot, "!imagine a lighthouse")
        await running_bot.ended("a lighthouse")


def own_replies(sandbox: Sandbox, message_id: str) -> list[str]:
    """Return what the account has replied to a message."""
    account = str(sandbox.account.id)
    return [
        message["content"]
        for message in sandbox.messages
        if message["author"]["id"] == account
        and (message.get("message_reference") or {"message_id": None})["message_id"] == message_id
    ]


async def test_what_was_typed_meanwhile_is_done_in_its_order(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    await been_there(sandbox, tmp_path)
    for prompt in ("a cat", "a dog"):
        await sandbox.say("ann", f"!imagine {prompt}")
    await sandbox.say("ann", "!status")
    await sandbox.say("ann", "good morning")
    async with running(sandbox, settings(sandbox, tmp_path)) as running_bot:
        await running_bot.ended("a cat")
        await running_bot.ended("a dog")
        rows = await running_bot.generations()
    assert [row.prompt for row in rows] == ["a lighthouse", "a cat", "a dog"]
    assert kinds(running_bot).count("imagine") == 3
    status = next(m["id"] for m in sandbox.messages if m["content"] == "!status")
    assert own_replies(sandbox, status) == []


async def test_what_people_typed_meanwhile_who_are_allowed_by_a_role_is_done(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    """The history has no roles, and the library knows no members at its start."""
    await been_there(sandbox, tmp_path)
    roles = {"allowed_user_ids": "", "allowed_role_ids": str(MEMBERS_ROLE)}
    await sandbox.say("ben", "!imagine a cat")
    async with running(sandbox, settings(sandbox, tmp_path, **roles)) as running_bot:
        await running_bot.ended("a cat")


async def test_what_is_too_old_is_named_and_not_done(sandbox: Sandbox, tmp_path: Path) -> None:
    await been_there(sandbox, tmp_path)
    for prompt in ("a cat", "a dog"):
        typed = await sandbox.say("ann", f"!imagine {prompt}")
    sandbox.clock.shift(20 * MINUTE)
    late = FakeClock(datetime.now(UTC) + timedelta(minutes=20))
    async with running(sandbox, settings(sandbox, tmp_path), late) as running_bot:
        line = await answer_to(running_bot, typed["id"])
        assert "2 commands" in line.text
        await ask(running_bot, "!resume")  # has to wait until the gap is caught up with
        assert len(await running_bot.generations()) == 1
    async with running(sandbox, settings(sandbox, tmp_path)) as running_bot:
        await ask(running_bot, "!imagine a hare")
        assert len(await running_bot.generations()) == 2
    assert len(own_replies(sandbox, typed["id"])) == 1


@pytest.mark.fault(name="F16")
@pytest.mark.parametrize("wrong", [-20, 20])
async def test_how_old_a_command_is_does_not_depend_on_the_machines_clock(
    sandbox: Sandbox, tmp_path: Path, wrong: int
) -> None:
    """Of two commands, one was typed half an hour ago, and one a minute ago."""
    await been_there(sandbox, tmp_path)
    old = await sandbox.say("ann", "!imagine a cat")
    sandbox.clock.shift(29 * MINUTE)
    await sandbox.say("ann", "!imagine a dog")
    sandbox.clock.shift(MINUTE)
    now = datetime.fromtimestamp(sandbox.clock.now(), UTC)
    clock = FakeClock(now + timedelta(minutes=wrong))
    async with running(sandbox, settings(sandbox, tmp_path), clock) as running_bot:
        await answer_to(running_bot, old["id"])
        await running_bot.until(lambda told: told.generation.prompt == "a dog")
        assert [row.prompt for row in await running_bot.generations()] == ["a lighthouse", "a dog"]


@pytest.mark.fault(name="F16")
@pytest.mark.parametrize("wrong", [-20, 0, 20])
async def test_only_what_is_from_after_the_first_start_of_all_is_done(
    sandbox: Sandbox, tmp_path: Path, wrong: int
) -> None:
    """By Discord's clock, if the machine's is wrong; the first process has nothing to do."""
    values = settings(sandbox, tmp_path)
    for typed in ("!imagine a cat", "!imagine a dog"):
        await sandbox.say("ann", typed)
        sandbox.clock.shift(MINUTE)
        now = datetime.fromtimestamp(sandbox.clock.now(), UTC)
        clock = FakeClock(now + timedelta(minutes=wrong))
        async with running(sandbox, values, clock) as running_bot:
            await ask(running_bot, "!resume")  # has to wait until the gap is caught up with
            rows = await running_bot.generations()
    assert [row.prompt for row in rows] == ["a dog"]


async def accepted_before(folder: Path, command: str, sandbox: Sandbox) -> Generation:
    """Kill a process right after it accepted a command."""
    store = await SqliteGenerationStore.open(folder / "atelier.sqlite3")
    fence = (await store.acquire_lease("killed", 30)).fence
    new = new_generation(
        prompt="a cat",
        command_message_id=int(command),
        channel_id=int(sandbox.channel_id),
        guild_id=int(sandbox.guild_id),
    )
    row = (await store.create_generation(new, fence=fence)).row
    await store.close()
    return row


@pytest.mark.parametrize("answered", [False, True], ids=["not answered", "answered, not noted"])
async def test_what_was_accepted_is_answered_once(
    sandbox: Sandbox, tmp_path: Path, answered: bool
) -> None:
    await been_there(sandbox, tmp_path)
    typed = await sandbox.say("ann", "!imagine a cat")
    before = await accepted_before(tmp_path, typed["id"], sandbox)
    said = None
    if answered:
        text = f"\U0001f3a8 `{before.code}` · starting"
        said = await sandbox.say("atelier", text, reply_to=int(typed["id"]))
    async with running(sandbox, settings(sandbox, tmp_path)) as running_bot:
        done = await running_bot.ended("a cat")
    assert len(own_replies(sandbox, typed["id"])) == 2, "its status message and its notice"
    assert done.status_message_id is not None
    if said is not None:
        assert done.status_message_id == int(said["id"])


async def test_what_was_typed_while_the_gateway_was_gone_is_done_once(
    running_bot: RunningBot,
) -> None:
    await ask(running_bot, "!imagine a lighthouse")
    gateway = running_bot.sandbox.gateway
    running_bot.sandbox.switches.answer_connect.set("refuse")
    gateway.drop(forget=True)
    typed = await running_bot.sandbox.say("ann", "!imagine a cat")
    running_bot.sandbox.switches.answer_connect.reset()
    await running_bot.ended("a cat")
    assert len([row for row in await running_bot.generations() if row.prompt == "a cat"]) == 1
    assert len(own_replies(running_bot.sandbox, typed["id"])) == 2


async def test_a_pause_and_who_was_let_in_outlive_the_process(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    values = settings(sandbox, tmp_path, allowed_user_ids=str(sandbox.people["ann"].id))
    ben = sandbox.people["ben"].mention
    async with running(sandbox, values) as running_bot:
        assert "can use me" in (await ask(running_bot, f"!allow {ben}")).text
        assert "Paused" in (await ask(running_bot, "!pause back at noon")).text
    async with running(sandbox, values) as running_bot:
        assert "back at noon" in (await ask(running_bot, "!imagine a cat", "ben")).text
        assert (await running_bot.generations())[0].status == Status.QUEUED
        assert "can't use me any more" in (await ask(running_bot, f"!deny {ben}")).text
    async with running(sandbox, values) as running_bot:
        assert "can't use this bot" in (await ask(running_bot, "!imagine a dog", "ben")).text
        assert "Back to work" in (await ask(running_bot, "!resume")).text
        await running_bot.ended("a cat")


async def test_turns_and_limits_outlive_the_process(sandbox: Sandbox, tmp_path: Path) -> None:
    values = settings(sandbox, tmp_path, waiting_per_person=2)
    async with running(sandbox, values) as running_bot:
        await ask(running_bot, "!pause")
        for prompt in ("b1", "b2"):
            await ask(running_bot, f"!imagine {prompt}", "ben")
        await ask(running_bot, "!imagine c1", "cleo")
    async with running(sandbox, values) as running_bot:
        assert "2 waiting" in (await ask(running_bot, "!imagine b3", "ben")).text
        await ask(running_bot, "!resume")
        for prompt in ("b1", "c1", "b2"):
            await running_bot.ended(prompt)
        ends = {row.prompt: row.completed_at for row in await running_bot.generations()}
    order = sorted(ends, key=lambda prompt: ends[prompt] or datetime.max.replace(tzinfo=UTC))
    assert order == ["b1", "c1", "b2"]
