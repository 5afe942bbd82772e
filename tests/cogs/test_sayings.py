"""What people really type, each line with what it does: `tests/fixtures/sayings.csv`.

The lines are from the command lists of Midjourney and of other picture bots, and from what their
users ask about. `does` is the command that a line stands for, `asks` a question about one,
`midjourney` what only Midjourney does, or `nothing`. `{code}` is the code of the person's picture.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import discord
import pytest

from cogs.base import AtelierCog
from domain.generation import Generation
from domain.ports import Query
from tests.cogs.channel_harness import BEN, ChannelHarness, open_channel
from tests.cogs.stored_rows import message_of_midjourneys, painted
from tests.dpytest_shim import backend

SAYINGS = Path(__file__).parents[1] / "fixtures" / "sayings.csv"
NO_COMMANDS = ("asks ", "midjourney ", "nothing")
PAID = {"imagine", "vary", "reroll", "adopt"}
FREE_ANSWERS = ("`!", "Which", "Quelle", "Reply", "That grid", "Nobody", "Personne")
"""How an answer begins to a command that may cost, but does not in this form."""


@dataclass(frozen=True, slots=True)
class Saying:
    """One line of the table."""

    language: str
    context: str
    text: str
    does: str
    answer: str

    def __str__(self) -> str:
        return f"{self.language}, {self.context}: {self.text}"

    @property
    def is_silent(self) -> bool:
        return self.does == "nothing"

    def meant(self, code: str) -> str:
        """Return the command that is found to be meant, with what follows; none if none is sure."""
        return "" if self.does.startswith(NO_COMMANDS) else self.does.format(code=code)

    @property
    def may_cost(self) -> bool:
        return self.does.split()[0] in PAID


@dataclass(frozen=True, slots=True)
class SayingScene:
    """A person, a complete generation of theirs, and the messages that they can reply to."""

    person: discord.Member
    row: Generation
    contexts: dict[str, int | None]


def sayings() -> list[Saying]:
    with SAYINGS.open(encoding="utf-8", newline="") as file:
        return [Saying(**row) for row in csv.DictReader(file)]


async def scene(harness: ChannelHarness, number: int) -> SayingScene:
    """Make a person, for whom nothing has happened yet but one picture."""
    person_id, message_id = 1_300_000_000_000_000_000 + number, 1_400_000_000_000_000_000 + number
    user = backend.make_user(f"Person {number}", "0001", id_num=person_id)
    person = backend.make_member(user, harness.guild)
    grid = message_of_midjourneys("imagine_final", message_id)
    row = await painted(harness, 1, 2, 3, 4, grid_message=grid, author_id=person_id)
    solo = message_of_midjourneys("u_solo", message_id + 1000, reference=grid)
    return SayingScene(
        person,
        row,
        {
            "plain": None,
            "grid": grid,
            "solo": solo,
            "unheld": message_of_midjourneys("imagine_final", message_id + 2000),
            "notice": harness.unheard(f"✅ `{row.code}` · a cat", harness.account),
            "person": harness.unheard("nice", BEN),
        },
    )


def typed(harness: ChannelHarness, at: SayingScene, saying: Saying) -> dict[str, Any]:
    """Return the message as the gateway delivers it."""
    text = saying.text.format(code=at.row.code).replace("@bot", f"<@{harness.account.id}>")
    replied_to = at.contexts[saying.context]
    more = {} if replied_to is None else harness.reference(replied_to)
    return harness.typed(text, at.person, **more)


async def command(harness: ChannelHarness, message: dict[str, Any]) -> str:
    """Return the command that a message is found to mean, as it would be typed without a prefix."""
    cog = harness.bot.get_cog("Generation")
    assert isinstance(cog, AtelierCog)
    read = discord.Message(state=backend.get_state(), channel=harness.channel, data=message)  # pyright: ignore[reportArgumentType] -- dpytest's
    ctx = await cog.interpreter.context(read)
    rest = ctx.view.read_rest().strip()
    return "" if ctx.command is None else f"{ctx.command.name} {rest}".strip()


async def faults(harness: ChannelHarness, at: SayingScene, saying: Saying) -> list[str]:
    """Say it, and return what is wrong with what the bot does."""
    message, before = typed(harness, at, saying), await latest(harness)
    meant = await command(harness, message)
    sent = await harness.receive(message)
    answers = [one.text for one in sent if (one.reference or {}).get("message_id") == message["id"]]
    told, expected = "".join(answers), saying.answer.format(code=at.row.code)
    costs = saying.may_cost and not told.startswith(FREE_ANSWERS)
    return [
        *([] if meant == saying.meant(at.row.code) else [f"{saying}: means {meant}"]),
        *([] if bool(told) != saying.is_silent and expected in told else [f"{saying}: {answers}"]),
        *([] if await latest(harness) - before == costs else [f"{saying}: costs {not costs}"]),
    ]


async def latest(harness: ChannelHarness) -> int:
    (row,) = await harness.atelier.store.list_generations(Query(limit=1))
    return row.seq


@pytest.mark.parametrize("language", ["en", "fr"])
async def test_each_line_is_understood_or_left_to_others(tmp_path: Path, language: str) -> None:
    """Nothing that means something meets silence, and nothing costs that was not asked for."""
    settings: dict[str, Any] = {
        "queue_limit": 0,
        "waiting_per_person": 0,
        "reply_language": language,
    }
    async with open_channel(tmp_path, allowed_user_ids="*", **settings) as harness:
        unchanged = await scene(harness, 0)
        scenes = {
            saying: await scene(harness, number) if saying.may_cost else unchanged
            for number, saying in enumerate(sayings(), start=1)
            if saying.language == language
        }
        wrong = [
            each for saying, at in scenes.items() for each in await faults(harness, at, saying)
        ]
    assert [each for found in wrong for each in found] == []


@pytest.mark.parametrize("language", ["en", "fr"])
async def test_each_line_means_the_same_whatever_the_language_of_the_answers(
    tmp_path: Path, language: str
) -> None:
    async with open_channel(tmp_path, reply_language=language) as harness:
        at = await scene(harness, 0)
        found = {line: await command(harness, typed(harness, at, line)) for line in sayings()}
    assert found == {line: line.meant(at.row.code) for line in found}
