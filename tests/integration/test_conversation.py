"""Three people, the real bot and Midjourney: a whole conversation, word for word.

This test writes docs/conversation.md; `tests/golden.py` explains how to regenerate it. Codes,
links, times and durations are replaced by fixed ones; everything else is as it was said.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from cogs.help import Command
from cogs.sentences.english import ENGLISH
from domain.generation import Generation, Status
from domain.slots import Slot
from sandbox import Sandbox
from tests.golden import CONVERSATION, DURATIONS, Codes, assert_golden, the_same_every_time
from tests.integration.conftest import RunningBot, running, settings
from tests.integration.replies_harness import answer_to
from tests.sandbox.clients import is_grid

pytestmark = pytest.mark.integration

DOCS = Path(__file__).parents[2] / "docs"
INTRODUCTION = """\
# A conversation

Ann owns the bot; Ben and Cleo are friends whom she lets use it. What follows was really said:
`tests/integration/test_conversation.py` plays it with the real bot against a loopback Discord with
a scripted Midjourney in it, and fails when this page does not say the same. Only codes, links,
times and durations are put in afterwards, so that they are the same every time. The settings are
the defaults, but for `AUTO_UPSCALE=1,2`, so that there is something left to ask for. Pictures are
kept in a folder here, and so attached (📎); with Supabase, their links are in the message.

Each generation has one message of the bot's, which is edited until it has ended; only its last text
is shown here, where it is shown at all. What every command does is in [commands.md](commands.md).
"""


class Conversation:
    """The conversation as a page: people take turns; ends appear where the test waits for them."""

    def __init__(self, running_bot: RunningBot) -> None:
        """Begin with the introduction."""
        self._running_bot = running_bot
        self._codes = Codes()
        self._told: set[int | None] = {None}
        self._parts = [INTRODUCTION]

    def scene(self, title: str, text: str = "") -> None:
        """Begin a chapter."""
        self._parts.append(f"## {title}\n")
        self.aside(text)

    def aside(self, text: str) -> None:
        """Add a remark that nobody says."""
        if text:
            self._parts.append(f"{text}\n")

    async def say(self, name: str, text: str, reply_to: int | None = None, what: str = "") -> str:
        """Let a person type something and record the answer; return the command's id."""
        typed = await self._running_bot.sandbox.say(name, text, reply_to=reply_to)
        answer = await answer_to(self._running_bot, typed["id"])
        how = f", replying to {what}" if what else ""
        self._parts.append(f"**{name.title()}**{how}: `{text}`\n")
        self._quote(answer.text)
        self._codes.learn(await self._running_bot.generations())
        return typed["id"]

    async def react(self, name: str, emoji: str, message_id: int | None, what: str) -> Generation:
        """Let a person react, record the answer, and return the generation that comes of it."""
        sandbox = self._running_bot.sandbox
        sandbox.react(name, message_id or 0, emoji)
        answer = await answer_to(self._running_bot, str(message_id))
        self._parts.append(f"**{name.title()}** reacts to {what} with {emoji}\n")
        rows = await self._running_bot.generations()
        self._codes.learn(rows)
        self._quote(answer.text)
        return rows[-1]

    async def ask(
        self, name: str, text: str, reply_to: int | None = None, what: str = ""
    ) -> Generation:
        """Let a person type a command that makes a generation; return the new generation."""
        typed = await self.say(name, text, reply_to, what)
        rows = await self._running_bot.generations()
        return next(row for row in rows if str(row.command_message_id) == typed)

    async def end(
        self, row: Generation, status: Status = Status.COMPLETED, *, last: str = ""
    ) -> Generation:
        """Wait for an end; record its notice, and the status message that contains `last`."""
        ended = await self._running_bot.until(
            lambda told: (
                told.generation.id == row.id
                and told.generation.status == status
                and told.generation.notice_message_id not in self._told
            )
        )
        self._told.add(ended.notice_message_id)
        if last:
            await self._running_bot.sandbox.wait_until(
                lambda: last in self._text(ended.status_message_id)
            )
            self._parts.append(f"In the end, the message of `{ended.code}` says:\n")
            self._quote(self._text(ended.status_message_id))
        self._parts.append(f"A new message, which notifies {ended.author_name}:\n")
        self._quote(self._text(ended.notice_message_id))
        return ended

    def page(self) -> str:
        """Return the whole page with everything that differs each time made the same."""
        text = self._codes.put_into("\n".join(self._parts))
        return the_same_every_time(text, DURATIONS)

    def _text(self, message_id: int | None) -> str:
        message = self._running_bot.sandbox.message(message_id or 0)
        assert message is not None
        files = [file["filename"] for file in message["attachments"]]
        return "\n".join([message["content"], *(f"📎 `{name}`" for name in files)])

    def _quote(self, text: str) -> None:
        for name, person in self._running_bot.sandbox.people.items():
            text = text.replace(person.mention, f"@{name.title()}")
        lines = "\\\n> ".join(text.splitlines())
        self._parts.append(f"> {lines}\n")


@pytest.fixture
async def frugal(sandbox: Sandbox, tmp_path: Path) -> AsyncGenerator[RunningBot]:
    """Run a bot that makes two automatic upscales."""
    async with running(sandbox, settings(sandbox, tmp_path, auto_upscale="1,2")) as running_bot:
        yield running_bot


async def one_picture(talk: Conversation) -> Generation:
    """Play the first scene: from a prompt to its pictures."""
    talk.scene("A picture")
    await talk.say("ben", "!imagin a lighthouse")
    await talk.say("ben", "/imagine a lighthouse --ar 3:2 --repeat 4")
    lighthouse = await talk.ask("ben", "!imagine a lighthouse at dusk --ar 3:2")
    await talk.end(lighthouse, last="done")
    await talk.say("ben", f"!upscale {lighthouse.code} 4")
    return await talk.end(lighthouse)


async def the_queue(talk: Conversation, running_bot: RunningBot) -> Generation:
    """Play the second scene: several people want something, and Midjourney stalls."""
    talk.scene("The queue", "Midjourney begins Ben's next picture, and then nothing more comes.")
    running_bot.sandbox.switches.job.arm("stalled", only="imagine")
    storm = await talk.ask("ben", "!imagine a lighthouse in a storm")
    storm = await running_bot.until(
        lambda told: (
            told.generation.id == storm.id
            and told.percent is not None
            and told.generation.status_message_id is not None
        )
    )
    fox = await talk.ask("cleo", "!imagine a fox in the snow")
    boat = await talk.ask("ann", "!imagine a paper boat")
    rain = await talk.ask("cleo", "!imagine a fox in the rain")
    await talk.say("cleo", "!queue")
    await talk.say("cleo", f"!cancel {storm.code}")
    await talk.say("cleo", f"!cancel {rain.code}")
    talk.aside("Ben gives up, and Discord refuses the request that comes next.")
    running_bot.sandbox.switches.answer_interaction.arm("403", only="imagine")
    await talk.say("ben", "!cancel", storm.status_message_id, f"the message of `{storm.code}`")
    await talk.end(fox, Status.FAILED, last="failed")
    await talk.end(boat)
    await talk.say("cleo", f"!retry {fox.code}")
    return await talk.end(fox)


async def from_a_grid(talk: Conversation, fox: Generation) -> None:
    """Play the third scene: the buttons of a grid."""
    talk.scene("More of a grid")
    grid, solo = (fox.step(slot).message_id for slot in (Slot.GRID, Slot.UPSCALE_1))
    await talk.say("cleo", "!upscale", solo, "Midjourney's picture U1")
    await talk.end(await talk.ask("ben", "V2", grid, "Midjourney's grid"))
    await talk.end(await talk.ask("cleo", f"!reroll {fox.code}"))
    notice = f"the last message of `{fox.code}`"
    await talk.end(await talk.react("ben", "3️⃣", fox.notice_message_id, notice))


async def by_hand(talk: Conversation, running_bot: RunningBot) -> None:
    """Play the fourth scene: a grid that the bot does not know."""
    talk.scene("A grid made by hand", "Cleo uses Midjourney's own `/imagine`, and likes the grid.")
    running_bot.sandbox.imagine_elsewhere("a hare", "cleo")
    made = await running_bot.sandbox.wait_for(is_grid)
    await talk.say("cleo", "!show", int(made["id"]), "that grid")
    await talk.say("cleo", "!adopt", int(made["id"]), "that grid")
    await talk.end((await running_bot.generations())[-1])


async def again_and_ones_own(talk: Conversation, lighthouse: Generation) -> None:
    """Play the fifth scene: prompts sent again, and what people keep."""
    talk.scene("Again, and one's own")
    rain = await talk.ask("cleo", f"!again {lighthouse.code} in the rain --ar 1:1")
    rain = await talk.end(rain)
    await talk.say("ben", "!preset noir = film noir, long shadows")
    await talk.say("ben", "!prefer --ar 3:2 --s 50")
    await talk.say("ben", "!imagine a harbour +nior")
    await talk.end(await talk.ask("ben", "!imagine a harbour +noir --s 200"))
    await talk.say("ben", "!prefer none")
    notice = f"the notice of `{rain.code}`"
    await talk.say("ben", "!fav", rain.notice_message_id, notice)
    await talk.say("cleo", f"!fav {lighthouse.code}")
    await talk.say("cleo", "!favs all")
    await talk.say("cleo", "!search lighthouse rain")


async def looking_back(talk: Conversation, lighthouse: Generation) -> None:
    """Play the sixth scene: what is stored, and what to delete."""
    talk.scene("Looking back")
    await talk.say("cleo", "!history 3")
    await talk.say("ben", "!history all 4 3")
    await talk.say("ben", f"!show {lighthouse.code}")
    await talk.say("cleo", f"!delete {lighthouse.code}")
    await talk.say("ben", f"!delete {lighthouse.code}")
    await talk.say("ben", f"!delete {lighthouse.code} yes")
    await talk.say("ben", f"!show {lighthouse.code}")


async def administration(talk: Conversation) -> None:
    """Play the last scene: what owners do."""
    talk.scene("What only Ann may do")
    await talk.say("ben", "!pause")
    await talk.say("ann", "!pause back at noon")
    teapot = await talk.ask("ben", "!imagine a teapot in the sky")
    await talk.say("ben", "!status")
    await talk.say("ann", "!health")
    await talk.say("ann", "!resume")
    await talk.end(teapot)
    await talk.say("ann", "!help")
    await talk.say("ben", "!help upscale")


@pytest.mark.golden
async def test_a_conversation_of_three_reads_as_its_page_says(frugal: RunningBot) -> None:
    talk = Conversation(frugal)
    lighthouse = await one_picture(talk)
    fox = await the_queue(talk, frugal)
    await from_a_grid(talk, fox)
    await by_hand(talk, frugal)
    await again_and_ones_own(talk, lighthouse)
    await looking_back(talk, lighthouse)
    await administration(talk)
    assert_golden(talk.page(), CONVERSATION)


async def test_every_command_is_on_the_page_of_commands(running_bot: RunningBot) -> None:
    """Each is written as in the help, with its short forms, and marked if it is for owners."""
    page = (DOCS / "commands.md").read_text(encoding="utf-8")
    (table,) = [part for part in page.split("\n\n") if part.startswith("| You type |")]
    rows = table.splitlines()[2:]
    assert sorted(row.rsplit("|", 3)[0] for row in rows) == sorted(
        row_of(command) for command in running_bot.bot.commands
    )
    owners = {row.split("`")[1].split()[0] for row in rows if row.endswith("| owners |")}
    assert owners == {"!pause", "!resume", "!allow", "!deny"}


def row_of(command: Command) -> str:
    """Return how the row of a command begins: how it is typed, and its short forms."""
    usage = ENGLISH.help[command.name].usage.replace("|", "\\|")
    short = ", ".join(f"`!{alias}`" for alias in command.aliases)
    return f"| `{f'!{command.name} {usage}'.strip()}` | {short} "
