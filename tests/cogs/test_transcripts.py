"""The commands and answers in each language, and all other sentences, word for word.

`tests/golden.py` explains how to regenerate them.
"""

from __future__ import annotations

from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import pytest

from cogs import replies
from cogs.replies import Replies
from cogs.sentences import CommandHelp, Sentences
from cogs.sentences.languages import LANGUAGES
from domain.generation import ProblemKind
from tests.cogs.channel_harness import ANN, BEN, OLGA, STRANGER, ChannelHarness, open_channel
from tests.cogs.sayings import SAYINGS
from tests.cogs.stored_rows import failed, painted, queued, unknown
from tests.cogs.test_sentences import Part, sentences
from tests.golden import FOLDER, Codes, assert_golden, the_same_every_time

NAMES = {OLGA: "Olga", ANN: "Ann", BEN: "Ben", STRANGER: "Sam"}

FIRST_SIGN = 0xE000
"""Where Unicode's signs for private use begin."""


class GoldenTranscript:
    """The commands and answers, with codes that are the same each time."""

    def __init__(self, harness: ChannelHarness) -> None:
        self._harness = harness
        self._codes = Codes()
        self.lines: list[str] = []

    async def say(self, text: str, by: int = ANN) -> None:
        """Type something, and record the answer."""
        answers = await self._harness.say(text, by)
        self._codes.learn(await self._harness.rows())
        self.lines.append(f"{NAMES[by]}: {text}")
        self.lines += [f"    {line}" for each in answers for line in each.text.splitlines()]

    def __str__(self) -> str:
        return the_same_every_time(self._codes.put_into("\n".join(self.lines) + "\n"))


async def talk(harness: ChannelHarness, told: GoldenTranscript) -> None:
    """Play the first part: what beginners type."""
    for text in ("!status", "!queue", "!history", "!gallery", "!help"):
        await told.say(text)
    for text in ("!help imagine", "!help x", "!help imagin", "!imagin"):
        await told.say(text)
    for text in ("!upscale ?", "!describe"):
        await told.say(text)
    await told.say("!help", OLGA)
    await told.say("!imagine a cat", STRANGER)
    for text in (
        " --ar 3:2",
        " a {red, blue} cat",
        " <@1>",
        " a --s 5000",
        " a --turbo",
        " a --video",
    ):
        await told.say(f"!imagine{text}")
    for text in ("--ar16:9", "--stop 80 --v 7", "--bs 2", "--ar 3:2,"):
        await told.say(f"!imagine a {text}")
    await told.say("!imagine https://e.test/a.png in oil")
    await told.say("!imagine " + "a" * 1812)
    await told.say("!imagine a lighthouse at dusk --ar 3:2")
    for _ in range(3):
        await told.say("!imagine a cat")
    await told.say("!imagine a cat")
    await told.say("!imagine a dog", BEN)
    for text in ("!status", "!queue", "!history 2", "!history all 99", "!health"):
        await told.say(text)


async def work(harness: ChannelHarness, told: GoldenTranscript) -> None:
    """Play the second part: commands about generations in every state."""
    refused, stopped = await failed(harness), await failed(harness, ProblemKind.NOT_SENT)
    doubtful = await unknown(harness)
    whole, bare = await painted(harness, 1, 2, 3, 4), await painted(harness, wanted=())
    waiting = await queued(harness)
    for row in (refused, stopped, doubtful, whole):
        for command in ("status", "retry", "cancel"):
            await told.say(f"!{command} {row.code}")
    for text in (
        "!delete",
        "!show",
        "!cancel zzzzzz",
        f"!show {waiting.code}",
        f"!delete {waiting.code} yes",
    ):
        await told.say(text)
    await told.say(f"!cancel {waiting.code}", BEN)
    await told.say("!cancel")
    for command in ("show {}", "upscale {} 1", "upscale {}", "vary {} 7", "adopt", "delete {}"):
        await told.say("!" + command.format(whole.code))
    await told.say(f"!upscale {bare.code} 2")
    for command in ("vary {} 2", "reroll {}"):
        await told.say("!" + command.format(whole.code), OLGA)
    await told.say(f"!delete {whole.code} yes")
    await told.say(f"!show {whole.code}")


async def administer(harness: ChannelHarness, told: GoldenTranscript) -> None:
    """Play the third part: the owners' commands."""
    await told.say("!pause")
    for text in ("!pause back at noon", "!pause", "!imagine a horse", "!queue", "!resume"):
        await told.say(text, OLGA)
    await told.say("!resume", OLGA)
    for who in (f"<@{STRANGER}>", f"<@{STRANGER}>", f"<@{OLGA}>", "Sam"):
        await told.say(f"!allow {who}", OLGA)
    for who in (f"<@{STRANGER}>", f"<@{STRANGER}>", f"<@{OLGA}>", "Sam"):
        await told.say(f"!deny {who}", OLGA)


async def explained(harness: ChannelHarness, told: GoldenTranscript) -> None:
    """Play the last part: what each command does."""
    for name in sorted(command.name for command in harness.bot.commands):
        await told.say(f"!help {name}", OLGA)


async def personal(harness: ChannelHarness, told: GoldenTranscript) -> None:
    """Play the fourth part: prompts sent again, and what people keep."""
    cat = await painted(harness, wanted=(), prompt="a cat --ar 3:2")
    for text in (f"!again {cat.code} at night --ar 9:16", "!again", "!again --ar 9.16"):
        await told.say(text, BEN)
    await told.say("!favs")
    for _ in range(2):
        await told.say(f"!fav {cat.code}", BEN)
    for text in (f"!fav {cat.code}", "!favs all"):
        await told.say(text)
    for text in ("!random", "!search", "!search owl", "!search CAT night", "!stats october"):
        await told.say(text)
    await told.say(f"!delete {cat.code} yes")
    for command in ("again", "fav"):
        await told.say(f"!{command} {cat.code}")


async def parts_of_prompts(harness: ChannelHarness, told: GoldenTranscript) -> None:
    """Play the fifth part: what people prefer, and presets."""
    for text in ("!prefer", "!prefer ar 3:2", "!prefer --s 50", "!imagine a dog"):
        await told.say(text, OLGA)
    for text in ("!presets", "!preset noir", "!preset film noir = rain", "!preset noir = rain"):
        await told.say(text, OLGA)
    for text in ("!presets", "!preset noir", "!imagine a fox +nior", "!preset noir = fog"):
        await told.say(text)
    await told.say("!preset noir none", OLGA)
    for _ in range(2):
        await told.say("!cancel all", OLGA)


def marked(words: Sentences) -> tuple[Sentences, dict[str, str]]:
    """Put a unique mark before every sentence; return the marks with the sentences' names."""
    signs = {name: chr(FIRST_SIGN + at) for at, (name, text) in enumerate(sentences(words)) if text}

    def sign(name: str, value: Any) -> Any:
        if isinstance(value, str):
            return signs.get(name, "") + value
        if isinstance(value, CommandHelp):
            return CommandHelp(
                **{part: sign(f"{name}.{part}", text) for part, text in asdict(value).items()}
            )
        if isinstance(value, Part):
            return type(value)(
                **{part: sign(f"{name}.{part}", text) for part, text in asdict(value).items()}
            )
        return {key: sign(f"{name}.{key}", text) for key, text in value.items()}

    told = {field.name: sign(field.name, getattr(words, field.name)) for field in fields(words)}
    return Sentences(**told), {sign: name for name, sign in signs.items()}


@pytest.mark.golden
@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_sentence_is_said_and_reads_as_it_was_approved(
    tmp_path: Path, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    words, signs = marked(LANGUAGES[language])
    monkeypatch.setattr(replies, "LANGUAGES", {language: words})
    parts: list[str] = []
    for part in (talk, work, administer, personal, parts_of_prompts, explained):
        (folder := tmp_path / part.__name__).mkdir()
        async with open_channel(folder, reply_language=language) as harness:
            told = GoldenTranscript(harness)
            await part(harness, told)
            parts.append(f"# {part.__name__}\n{told}")
    for saying in SAYINGS:
        told = "\n".join(saying(Replies(language, "!")))
        parts.append(f"# {saying.__name__}\n{the_same_every_time(told)}\n")
    text = "\n".join(parts)
    unsaid = {name for sign, name in signs.items() if sign not in text}
    assert unsaid == set()
    assert_golden(text.translate(dict.fromkeys(map(ord, signs))), FOLDER / f"{language}.txt")
