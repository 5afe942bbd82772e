"""Reactions in the whole bot: live, after a gap, and over a restart."""

from __future__ import annotations

from pathlib import Path

import pytest

from domain.generation import Generation, OriginKind, Status
from domain.slots import Slot
from sandbox import Sandbox
from sandbox.answers import ApiError
from sandbox.guild import ADD_REACTIONS
from tests.integration.conftest import RunningBot, running, settings
from tests.integration.replies_harness import kinds

pytestmark = pytest.mark.integration

PROMPT = "a lighthouse"


async def made(running_bot: RunningBot) -> Generation:
    """Return a generation that is done."""
    await running_bot.imagine(PROMPT)
    return await running_bot.ended(PROMPT)


async def child(running_bot: RunningBot, kind: OriginKind) -> Generation:
    """Wait for the generation that comes of a reaction."""
    return await running_bot.until(
        lambda told: (
            told.generation.origin.kind == kind
            and told.generation.status == Status.COMPLETED
            and told.generation.notice_message_id is not None
        )
    )


async def test_reactions_to_the_notice_and_the_grid_make_others_of_them(
    running_bot: RunningBot,
) -> None:
    sandbox, row = running_bot.sandbox, await made(running_bot)
    grid, notice = row.step(Slot.GRID).message_id, row.notice_message_id
    assert grid is not None
    assert notice is not None
    sandbox.react("ben", notice, "2️⃣")
    varied = await child(running_bot, OriginKind.VARIATION)
    assert (varied.origin.index, varied.author_name) == (2, "Ben")
    sandbox.react("ann", grid, "🔁")
    rerolled = await child(running_bot, OriginKind.REROLL)
    shown = {int(each["id"]): each for each in sandbox.messages}
    told = shown[rerolled.notice_message_id or 0]
    assert told["message_reference"]["message_id"] == str(rerolled.status_message_id)
    assert "ann" in {each["username"] for each in told["mentions"]}


async def test_bot_needs_no_permission_to_react(sandbox: Sandbox, tmp_path: Path) -> None:
    """It reacts to nothing itself; here only the owner of the server may begin with an emoji."""
    sandbox.guild_setup.taken = ADD_REACTIONS
    async with running(sandbox, settings(sandbox, tmp_path)) as running_bot:
        notice = (await made(running_bot)).notice_message_id
        assert notice is not None
        with pytest.raises(ApiError):
            sandbox.react("ben", notice, "🔁")
        sandbox.react("ann", notice, "🔁")
        assert (await child(running_bot, OriginKind.REROLL)).author_name == "Ann"
    assert not any("permission" in each["content"] for each in sandbox.messages)


async def test_reaction_during_a_gap_is_done_once_and_not_again_by_the_next_process(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    values = settings(sandbox, tmp_path)
    async with running(sandbox, values) as running_bot:
        row = await made(running_bot)
    notice = row.notice_message_id
    assert notice is not None
    sandbox.react("ben", notice, "🔁")
    sandbox.react("ann", notice, "❌")
    async with running(sandbox, values) as running_bot:
        rerolled = await child(running_bot, OriginKind.REROLL)
    assert rerolled.author_name == "Ben"
    async with running(sandbox, values) as running_bot:
        await running_bot.imagine("a cat")
        await running_bot.ended("a cat")
        rows = await running_bot.generations()
    assert [row.prompt for row in rows] == [PROMPT, PROMPT, "a cat"]
    assert kinds(running_bot).count("imagine") == 2
    asked = [m for m in sandbox.messages if m["content"].startswith("❌ <@")]
    assert len(asked) == 1
