"""`!help`, and what every command must have to be found and understood."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from discord.ext import commands

import cogs
from bot import EXTENSIONS
from tests.cogs.room import ANN, OLGA, Room, open_room

EXAMPLE = re.compile(r" Like `(.+)`$", re.MULTILINE)


@pytest.fixture
async def help_text(room: Room) -> str:
    """Return what an owner reads."""
    (reply,) = await room.say("!help", OLGA)
    return reply.text


def test_help_is_one_message_with_a_line_for_each_command(room: Room, help_text: str) -> None:
    first, *lines = help_text.splitlines()
    assert first == "**Atelier**"
    assert [re.match(r"`!(\w+)", line)[1] for line in lines] == sorted(  # pyright: ignore[reportOptionalSubscript] -- the test fails
        command.name for command in room.bot.commands
    )
    assert len(help_text) <= 2000


def test_help_shows_usage_purpose_and_an_example(help_text: str) -> None:
    assert (
        "`!imagine <prompt>` Make a grid and its upscales. "
        "Like `!imagine a lighthouse at dusk --ar 3:2`"
    ) in help_text.splitlines()


async def test_every_example_can_be_typed_as_it_stands(room: Room, help_text: str) -> None:
    examples = EXAMPLE.findall(help_text)
    assert len(examples) == len(room.bot.commands)
    for example in examples:
        (reply,) = await room.say(example, OLGA)
        assert not re.search("went wrong|Add a prompt|no command", reply.text)


async def test_help_hides_what_the_reader_may_not_use(room: Room, help_text: str) -> None:
    (reply,) = await room.say("!help", ANN)
    lines = [line for line in help_text.splitlines() if not re.match("`!(pause|resume)", line)]
    assert reply.text.splitlines() == lines
    assert len(lines) < len(help_text.splitlines())


@pytest.mark.parametrize("words", ["!help imagine", "!help IM", "!? i"])
async def test_help_about_one_command_names_its_short_forms(room: Room, words: str) -> None:
    (reply,) = await room.say(words)
    assert reply.text == (
        "`!imagine <prompt>` Make a grid and its upscales. "
        "Like `!imagine a lighthouse at dusk --ar 3:2`\n"
        "Also: `!i`, `!im`"
    )


async def test_command_without_short_forms_has_its_one_line(room: Room) -> None:
    (reply,) = await room.say("!help resume", OLGA)
    assert reply.text == (
        "`!resume` Go on after a pause or a stop, having read what happened meanwhile. "
        "Like `!resume`"
    )


@pytest.mark.parametrize(
    ("name", "shown"),
    [("imagin", "imagin"), ("Grid", "Grid"), ("`@everyone`", "'@\u200beveryone'")],
)
async def test_help_about_nothing_says_so(room: Room, name: str, shown: str) -> None:
    """The names of cogs are no words for people."""
    (reply,) = await room.say(f"!help {name}")
    assert reply.text == f"There is no command `{shown}`. `!help` lists them all."


def test_no_two_commands_answer_to_the_same_word(room: Room) -> None:
    words = [
        word.casefold()
        for command in room.bot.walk_commands()
        for word in (command.name, *command.aliases)
    ]
    assert sorted(words) == sorted(set(words))


def test_every_command_says_what_it_does_and_shows_how(room: Room) -> None:
    for command in room.bot.walk_commands():
        assert command.help, command.name
        assert "example" in command.extras, command.name
        takes_words = bool(command.clean_params)
        assert bool(command.usage) == bool(command.extras["example"]) == takes_words, command.name


def test_every_cog_that_can_be_loaded_is_loaded() -> None:
    modules = [f"cogs.{module.name}" for module in pkgutil.iter_modules(cogs.__path__)]
    loadable = {name for name in modules if hasattr(importlib.import_module(name), "setup")}
    assert loadable == set(EXTENSIONS)


@pytest.fixture
async def foreign(tmp_path: Path) -> AsyncGenerator[Room]:
    """Load the cogs into somebody else's bot."""
    bot = commands.Bot(command_prefix="?", owner_ids={1})
    async with open_room(tmp_path, bot=bot, command_prefix="?") as room:
        yield room


async def test_cogs_work_in_somebody_elses_bot(foreign: Room) -> None:
    (reply,) = await foreign.say("?imagine a cat")
    (row,) = await foreign.rows()
    assert reply.text == f"🎨 `{row.code}` · starting"
    (reply,) = await foreign.say("?imagine")
    assert reply.text == "Add a prompt: `?imagine a cat in a hat --ar 3:2`"


async def test_help_of_somebody_elses_bot_is_left_alone(foreign: Room) -> None:
    assert foreign.bot.help_command is not None
    assert foreign.bot.help_command.cog is None


@pytest.mark.parametrize("extension", EXTENSIONS)
async def test_extension_without_the_services_says_what_to_do(extension: str) -> None:
    bot = commands.Bot(command_prefix="!")
    with pytest.raises(commands.ExtensionFailed) as raised:
        await bot.load_extension(extension)
    assert type(raised.value.original).__name__ == "NotAttached"
    assert str(raised.value.original) == (
        f"{extension} needs the services: call `await services.attach(bot, settings)` first"
    )
    assert bot.cogs == {}
