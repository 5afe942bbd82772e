"""`!help`, and what every command needs to be found and understood."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest
from discord.ext import commands

import cogs
from bot import EXTENSIONS
from cogs.sentences import HELP_GROUPS
from cogs.sentences.english import ENGLISH
from cogs.sentences.languages import LANGUAGES
from domain.errors import StoreUnavailable
from domain.parameter_table import TABLE
from tests.cogs.channel_harness import ANN, BEN, OLGA, ChannelHarness, open_channel
from tests.cogs.stored_rows import painted, queued

CODES = re.compile("`!(?:status|show|cancel|vary|upscale|reroll|fav) ([a-z0-9]{6})")
EXAMPLE = re.compile(r"^`(!\w+ .+?)`", re.MULTILINE)
ABOUT_PROMPTS = {
    "en": (
        "I save each grid and its U1, U2, U3, U4. A prompt can have up to 1,500 characters.",
        "Limits: 20 waiting in all",
        "Reply to Midjourney's grid or to a message of mine, and no code is needed: ",
    ),
    "fr": (
        "J'enregistre chaque grille, puis U1, U2, U3, U4.",
        "Limites : 20 en attente en tout",
        "En réponse à la grille de Midjourney ou à un de mes messages, pas besoin de code : ",
    ),
}
OWNERS_ONLY = ("allow", "deny", "pause", "resume")


@pytest.fixture
async def help_text(harness: ChannelHarness) -> str:
    """Return what an owner reads."""
    (reply,) = await harness.say("!help", OLGA)
    return reply.text


def test_help_is_one_message_with_a_line_for_each_command(
    harness: ChannelHarness, help_text: str
) -> None:
    first, *lines = help_text.splitlines()
    assert first == "**Atelier**"
    named = [found for line in lines for found in re.findall(r"^`!(\w+)", line)]
    assert sorted(named) == sorted(command.name for command in harness.bot.commands)
    assert len(named) + len(HELP_GROUPS) == len(help_text.splitlines())


def test_help_begins_with_what_people_need_first_and_groups_the_rest(help_text: str) -> None:
    first, *others = help_text.replace("**\n", "**").split("\n**")
    assert re.findall(r"`!(\w+)", first) == ["imagine", "status", "show", "cancel"]
    headings = [other.partition("**")[0] for other in others]
    assert headings == [
        "More from a picture",
        "For all your prompts",
        "Finding pictures",
        "The queue and the bot",
        "For owners",
    ]


def test_every_command_is_in_one_group() -> None:
    grouped = [topic for topics in HELP_GROUPS.values() for topic in topics]
    for language in LANGUAGES.values():
        assert sorted(grouped) == sorted(language.help)


def test_help_shows_what_can_be_typed_and_what_for(help_text: str) -> None:
    assert help_text.splitlines()[1] == (
        "`!imagine a lighthouse at dusk --ar 3:2` Make a grid and its upscales."
    )


async def test_examples_name_the_readers_latest_code(harness: ChannelHarness) -> None:
    await queued(harness)
    row = await painted(harness)
    await queued(harness, author_id=BEN)
    (reply,) = await harness.say("!help")
    assert set(CODES.findall(reply.text)) == {row.code}
    (reply,) = await harness.say("!help vary")
    assert f"`!vary {row.code} 3`" in reply.text
    (reply,) = await harness.say("!vary ?")
    assert f"`!vary {row.code} 3`" in reply.text
    (reply,) = await harness.say("!help", OLGA)
    assert set(CODES.findall(reply.text)) == {"k7m2qx"}


async def test_help_is_there_while_the_database_is_away(
    harness: ChannelHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object) -> None:
        raise StoreUnavailable("no answer")

    monkeypatch.setattr(harness.atelier.store, "list_generations", away)
    (reply,) = await harness.say("!help")
    assert "`!show k7m2qx`" in reply.text


async def test_every_example_can_be_typed_as_it_stands(
    harness: ChannelHarness, help_text: str
) -> None:
    examples = EXAMPLE.findall(help_text)
    takes_words = [command for command in harness.bot.commands if command.clean_params]
    assert len(examples) == len(takes_words)
    for example in examples:
        (reply,) = await harness.say(example, OLGA)
        assert not re.search("went wrong|Add a prompt|no command|Which one", reply.text)


async def test_help_hides_what_the_reader_may_not_use(
    harness: ChannelHarness, help_text: str
) -> None:
    (reply,) = await harness.say("!help", ANN)
    hidden = tuple(f"`!{name}" for name in OWNERS_ONLY)
    hidden += ("**For owners**",)
    lines = [line for line in help_text.splitlines() if not line.startswith(hidden)]
    assert reply.text.splitlines() == lines
    assert len(lines) == len(help_text.splitlines()) - len(OWNERS_ONLY) - 1


async def test_help_about_a_command_that_the_reader_may_not_use_is_given_all_the_same(
    harness: ChannelHarness,
) -> None:
    """It is not secret, and tells people what they can ask an owner for."""
    (reply,) = await harness.say("!help pause")
    assert reply.text.startswith("`!pause [reason]`")


@pytest.mark.parametrize("language", ["en", "fr"])
async def test_help_fits_one_message_in_every_language(tmp_path: Path, language: str) -> None:
    """With the longest prefix, and everything that can be allowed and limited."""
    most: dict[str, Any] = {
        "reply_language": language,
        "command_prefix": "mjbot",
        "allow_costly": "all",
        "daily_per_person": 50,
        "cooldown_seconds": 90,
    }
    async with open_channel(tmp_path, **most) as harness:
        (reply,) = await harness.say("mjbothelp", OLGA)
        assert len(reply.text.splitlines()) == len(HELP_GROUPS) + len(harness.bot.commands)
        assert len(reply.text) <= 2000
        (reply,) = await harness.say("mjbothelp imagine")
        assert len(reply.text) <= 2000


@pytest.mark.parametrize(
    "words",
    ["!help imagine", "!help IM", "!? i", "!help !imagine", "!help imagine a cat", "!help !i a b"],
)
async def test_help_about_one_command_names_its_short_forms(
    harness: ChannelHarness, words: str
) -> None:
    (reply,) = await harness.say(words)
    assert reply.text.startswith(
        "`!imagine <prompt>` Make a grid and its upscales. "
        "`!imagine a lighthouse at dusk --ar 3:2`\n"
        "Also: `!i`, `!im`\n"
        "Midjourney's parameters, after the prompt: `--ar W:H (16:9)` · `--c 0-100` · "
    )


async def test_help_about_imagine_has_each_parameter_once(harness: ChannelHarness) -> None:
    (reply,) = await harness.say("!help imagine")
    _, _, free, off, *_ = reply.text.splitlines()
    assert off == (
        "Off here, because they cost more than an ordinary grid: `--hd` (1.6 times) · "
        "`--oref` (2 times) · `--q 2` (2 times) · `--q 4` (4 times) · `--turbo` (2 times) · "
        "`--video` (2-26 times)"
    )
    named = set(re.findall(r"`--(\w+)", free + off))
    films = {row.name for row in TABLE if row.needs == "video"}
    assert named == {row.name for row in TABLE if not row.multiplies} - films


@pytest.mark.parametrize("language", ["en", "fr"])
async def test_help_about_imagine_says_what_is_allowed_at_a_higher_cost(
    tmp_path: Path, language: str
) -> None:
    async with open_channel(tmp_path, allow_costly="all", reply_language=language) as harness:
        (reply,) = await harness.say("!help imagine")
        assert "`--bs 1, 2, 4`" in reply.text
        assert "`--video` (2-26" in reply.text
        assert {"en": "(1.6 times)", "fr": "(1,6 fois)"}[language] in reply.text


@pytest.mark.parametrize(("language", "told"), ABOUT_PROMPTS.items())
async def test_help_about_imagine_tells_limits_and_replies(
    tmp_path: Path, language: str, told: tuple[str, ...]
) -> None:
    async with open_channel(tmp_path, reply_language=language) as harness:
        (reply,) = await harness.say("!help imagine")
        (alone,) = await harness.say("!imagine")
        assert alone.text == reply.text
        for line in told:
            assert f"\n{line}" in reply.text


async def test_command_without_short_forms_has_its_one_line(harness: ChannelHarness) -> None:
    (reply,) = await harness.say("!help resume", OLGA)
    assert reply.text == "`!resume` Continue after a pause or a stop."


@pytest.mark.parametrize(
    ("name", "shown"),
    [("x", "x"), ("Grid", "Grid"), ("`@everyone`", "'@\u200beveryone'")],
)
async def test_help_about_nothing_says_so(harness: ChannelHarness, name: str, shown: str) -> None:
    """People do not know the names of cogs."""
    (reply,) = await harness.say(f"!help {name}")
    assert reply.text == f"There's no command `{shown}`. `!help` lists them all."


async def test_help_about_nearly_a_command_names_the_one_that_was_meant(
    harness: ChannelHarness,
) -> None:
    (reply,) = await harness.say("!help imagin a cat")
    assert reply.text == "Did you mean `!help imagine`?"


async def test_help_with_a_bare_prefix_lists_all(harness: ChannelHarness, help_text: str) -> None:
    (reply,) = await harness.say("!help !", OLGA)
    assert reply.text == help_text


def test_no_two_commands_answer_to_the_same_word(harness: ChannelHarness) -> None:
    words = [
        word.casefold()
        for command in harness.bot.walk_commands()
        for word in (command.name, *command.aliases)
    ]
    assert sorted(words) == sorted(set(words))


@pytest.mark.parametrize("language", LANGUAGES)
def test_help_names_every_command_and_no_other(harness: ChannelHarness, language: str) -> None:
    topics = {command.extras["topic"] for command in harness.bot.walk_commands()}
    assert set(LANGUAGES[language].help) == topics


def test_every_command_says_what_it_does_and_shows_how(harness: ChannelHarness) -> None:
    for command in harness.bot.walk_commands():
        topic = ENGLISH.help[command.extras["topic"]]
        assert topic.does.endswith("."), command.name
        assert bool(topic.usage) == bool(topic.example) == bool(command.clean_params), command.name


def test_every_command_says_whether_it_may_be_run_late(harness: ChannelHarness) -> None:
    """Commands that change something are run after a gap; those that only read are not."""
    reading = {
        command.name for command in harness.bot.commands if not command.extras.get("changes")
    }
    assert reading == {
        *("favs", "gallery", "health", "help", "history", "limits", "presets"),
        *("queue", "random", "search", "show", "stats", "status"),
    }


def test_every_cog_that_can_be_loaded_is_loaded() -> None:
    modules = [f"cogs.{module.name}" for module in pkgutil.iter_modules(cogs.__path__)]
    loadable = {name for name in modules if hasattr(importlib.import_module(name), "setup")}
    assert loadable == set(EXTENSIONS)


@pytest.fixture
async def foreign(tmp_path: Path) -> AsyncGenerator[ChannelHarness]:
    """Load the cogs into somebody else's bot."""
    bot = commands.Bot(command_prefix="?", owner_ids={1})
    async with open_channel(tmp_path, bot=bot, command_prefix="?") as harness:
        yield harness


async def test_cogs_work_in_somebody_elses_bot(foreign: ChannelHarness) -> None:
    (reply,) = await foreign.say("?imagine a cat")
    (row,) = await foreign.rows()
    assert reply.text == f"🎨 `{row.code}` · starting"
    (reply,) = await foreign.say("?imagine")
    assert reply.text.startswith("`?imagine <prompt>` Make a grid and its upscales.")


async def test_help_of_somebody_elses_bot_is_left_alone(foreign: ChannelHarness) -> None:
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
