"""What a text asks for that is not a command's name after the prefix, as people type it."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from cogs.synonyms import MIDJOURNEYS, SIGNS, UNSURE, folded

SLASH = "/"
"""What Midjourney's own commands begin with; typed as text, they are messages like any other."""


@dataclass(frozen=True, slots=True)
class Meant:
    """It is this command, followed by `rest`."""

    topic: str
    rest: str = ""


@dataclass(frozen=True, slots=True)
class Unsure:
    """It may be this command: the person is asked, and nothing is done."""

    topic: str


@dataclass(frozen=True, slots=True)
class Midjourneys:
    """It is something that only Midjourney itself does."""

    word: str


Phrase = Meant | Unsure | Midjourneys

_BUTTONS = {"u": "upscale", "v": "vary"}
_BUTTON = re.compile(r"([uv])([0-9])")
_PRESSED = re.compile(r"([uv])([1-4])")
_WORD = re.compile(r"(\s*)(\S+)\s*(.*)", re.DOTALL)
_MENTION = re.compile(r"<@!?([0-9]{1,20})>")
_PROMPT = re.compile(r"imagine\s.*(?:\s--[a-z]|\bprompt:)", re.IGNORECASE | re.DOTALL)
_POINTS = ":,.;!?"
_SHORTEST, _LIKENESS, _NEAR = 4, 0.7, 3


@dataclass(frozen=True, slots=True, kw_only=True)
class PhraseReader:
    """Reads texts by the words for the commands of one bot.

    They are only asked for where a text is addressed to the bot: most in a channel are not.
    """

    prefix: str
    begin: str  #: what goes before a command's name, and belongs to no word
    words: Callable[[], Mapping[str, str]]  #: folded, with the topic of each one's command

    def read(self, text: str, *, account_id: int, pressing: bool) -> Phrase | None:
        """Return what a text asks for; None for what isn't meant for the bot.

        `account_id` is whom people mention. `pressing`: it replies to a grid or to the bot, where
        the name of a button is enough.
        """
        text = text.strip()
        if pressing and (pressed := _pressed(folded(text))):
            return pressed
        for start in (self.prefix, SLASH):
            if text.startswith(f"{start}{self.begin}"):
                return self._command(text.removeprefix(f"{start}{self.begin}"))
        if (mention := _MENTION.match(text)) and int(mention[1]) == account_id:
            return self._mentioned(text[mention.end() :])
        return Unsure("imagine") if _PROMPT.match(text) else None

    def nearest(self, word: str) -> str | None:
        """Return the topic that a typo probably meant; None if none is close."""
        words = self.words()
        known = [each for each in words if len(each) >= _SHORTEST]
        near = difflib.get_close_matches(folded(word), known, n=_NEAR, cutoff=_LIKENESS)
        swapped = [each for each in near if sorted(each) == sorted(folded(word))]
        return words[(swapped or near)[0]] if near else None

    def _command(self, text: str) -> Phrase | None:
        found = _WORD.match(text)
        if found is None:
            return None
        space, typed, rest = found.groups()
        word = folded(typed).rstrip(_POINTS) or typed
        if button := _BUTTON.fullmatch(word):
            return Meant(_BUTTONS[button[1]], f"{button[2]} {rest}".strip())
        topic = self.words().get(word) or SIGNS.get(word)
        if topic is not None:
            return Meant(topic, rest)
        return None if space else self._guess(word)

    def _guess(self, word: str) -> Phrase | None:
        if word in MIDJOURNEYS:
            return Midjourneys(word)
        topic = UNSURE.get(word) or self.nearest(word)
        return None if topic is None else Unsure(topic)

    def _mentioned(self, text: str) -> Phrase | None:
        """Ask about a command after a mention: the account may also be a person, spoken to."""
        found = _WORD.match(text)
        topic = "help" if found is None else self.words().get(folded(found[2]).rstrip(_POINTS))
        return None if topic is None else Unsure(topic)


def _pressed(word: str) -> Meant | None:
    if word in SIGNS:
        return Meant(SIGNS[word])
    button = _PRESSED.fullmatch(word)
    return None if button is None else Meant(_BUTTONS[button[1]], button[2])
