"""A whole conversation in each language, and whatever else can be said, word for word.

After a change of sentences, write the transcripts anew and read what differs:

    WRITE_TRANSCRIPTS=1 python -m pytest tests/cogs/test_transcripts.py
"""

from __future__ import annotations

import os
import re
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import pytest

from cogs import replies
from cogs.replies import LANGUAGES, Replies
from cogs.sentences import CommandHelp, Sentences
from domain.generation import ProblemKind
from tests.cogs.channel_harness import ANN, BEN, OLGA, STRANGER, ChannelHarness, open_channel
from tests.cogs.sayings import SAYINGS
from tests.cogs.stored_rows import failed, painted, queued, unknown
from tests.cogs.test_sentences import sentences

FOLDER = Path(__file__).parent / "transcripts"
NAMES = {OLGA: "Olga", ANN: "Ann", BEN: "Ben", STRANGER: "Sam"}

FIRST_SIGN = 0xE000
"""Where Unicode's signs for private use begin."""
NORMAL = (
    (re.compile(r"http://127\.0\.0\.1:\d+/[0-9a-f-]{36}"), "http://pictures/id"),
    (re.compile(r"<t:\d+:(\w)>"), r"<t:now:\1>"),
    (re.compile(r"a{100,}"), "aaa..."),
    (re.compile(r"\d+ ms|\? ms"), "0 ms"),
    (re.compile(r"version \S+"), "version 1"),
)


class GoldenTranscript:
    """What was typed and answered, with codes that are the same each time."""

    def __init__(self, harness: ChannelHarness) -> None:
        self._room = harness
        self._codes: dict[str, str] = {}
        self.lines: list[str] = []

    async def say(self, text: str, by: int = ANN) -> None:
        """Type something, and write down what is answered."""
        answers = await self._room.say(text, by)
        for row in await self._room.rows():
            self._codes.setdefault(row.code, f"code{len(self._codes) + 1:02}")
        self.lines.append(f"{NAMES[by]}: {text}")
        self.lines += [f"    {line}" for each in answers for line in each.text.splitlines()]

    def __str__(self) -> str:
        text = "\n".join(self.lines) + "\n"
        for code, name in self._codes.items():
            text = text.replace(code, name)
        return normal(text)


def normal(text: str) -> str:
    """Return a text without what differs each time."""
    for pattern, always in NORMAL:
        text = pattern.sub(always, text)
    return text


async def talk(harness: ChannelHarness, told: GoldenTranscript) -> None:
    """Play the first part: what is typed by those who begin."""
    for text in ("!status", "!queue", "!history", "!help"):
        await told.say(text)
    for text in ("!help imagine", "!help x", "!help imagin", "!imagin"):
        await told.say(text)
    await told.say("!help", OLGA)
    await told.say("!imagine a cat", STRANGER)
    for text in ("", " a {red, blue} cat", " <@1>", " a --s 5000", " a --turbo", " a --video"):
        await told.say(f"!imagine{text}")
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
    """Play the second part: what is typed about generations in every state."""
    refused, stopped = await failed(harness), await failed(harness, ProblemKind.NOT_SENT)
    doubtful = await unknown(harness)
    whole, bare = await painted(harness, 1, 2, 3, 4), await painted(harness, wanted=())
    waiting = await queued(harness)
    for row in (refused, stopped, doubtful, whole):
        for command in ("status", "retry", "cancel"):
            await told.say(f"!{command} {row.code}")
    for text in (
        "!cancel",
        "!cancel zzzzzz",
        f"!show {waiting.code}",
        f"!delete {waiting.code} yes",
    ):
        await told.say(text)
    await told.say(f"!cancel {waiting.code}", BEN)
    for command in ("show {}", "upscale {} 1", "upscale {}", "vary {} 7", "adopt", "delete {}"):
        await told.say("!" + command.format(whole.code))
    await told.say(f"!upscale {bare.code} 2")
    for command in ("vary {} 2", "reroll {}"):
        await told.say("!" + command.format(whole.code), OLGA)
    await told.say(f"!delete {whole.code} yes")
    await told.say(f"!show {whole.code}")


async def administer(harness: ChannelHarness, told: GoldenTranscript) -> None:
    """Play the third part: what owners type."""
    await told.say("!pause")
    for text in ("!pause back at noon", "!pause", "!imagine a horse", "!queue", "!resume"):
        await told.say(text, OLGA)
    await told.say("!resume", OLGA)
    for who in (f"<@{STRANGER}>", f"<@{STRANGER}>", f"<@{OLGA}>", "Sam"):
        await told.say(f"!allow {who}", OLGA)
    for who in (f"<@{STRANGER}>", f"<@{STRANGER}>", f"<@{OLGA}>", "Sam"):
        await told.say(f"!deny {who}", OLGA)


def marked(words: Sentences) -> tuple[Sentences, dict[str, str]]:
    """Put a sign of its own before every sentence; return them with the sentences' names."""
    signs = {name: chr(FIRST_SIGN + at) for at, (name, text) in enumerate(sentences(words)) if text}

    def sign(name: str, value: Any) -> Any:
        if isinstance(value, str):
            return signs.get(name, "") + value
        if isinstance(value, CommandHelp):
            return CommandHelp(
                **{part: sign(f"{name}.{part}", text) for part, text in asdict(value).items()}
            )
        return {key: sign(f"{name}.{key}", text) for key, text in value.items()}

    told = {field.name: sign(field.name, getattr(words, field.name)) for field in fields(words)}
    return Sentences(**told), {sign: name for name, sign in signs.items()}


@pytest.mark.parametrize("language", ["en", "fr"])
async def test_every_sentence_is_said_and_reads_as_it_was_approved(
    tmp_path: Path, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    words, signs = marked(LANGUAGES[language])
    monkeypatch.setattr(replies, "LANGUAGES", {language: words})
    parts: list[str] = []
    for part in (talk, work, administer):
        (folder := tmp_path / part.__name__).mkdir()
        async with open_channel(folder, reply_language=language) as harness:
            told = GoldenTranscript(harness)
            await part(harness, told)
            parts.append(f"# {part.__name__}\n{told}")
    for saying in SAYINGS:
        told = "\n".join(saying(Replies(language, "!")))
        parts.append(f"# {saying.__name__}\n{normal(told)}\n")
    text, path = "\n".join(parts), FOLDER / f"{language}.txt"
    unsaid = {name for sign, name in signs.items() if sign not in text}
    text = text.translate(dict.fromkeys(map(ord, signs)))
    if os.environ.get("WRITE_TRANSCRIPTS"):
        FOLDER.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert unsaid == set()
    assert text.splitlines() == path.read_text(encoding="utf-8").splitlines()
