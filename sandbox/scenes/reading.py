"""Reads a prompt: which subjects it names, in which colours, where, when, and in what weather."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from types import MappingProxyType

from sandbox.prompts import split_flags
from sandbox.scenes import words
from sandbox.scenes.colours import NAMED, Colour

_TOKEN = re.compile(r"[a-z]+|[2-9]|[,.;:!?]")
_LINK = re.compile(r"<?https?://\S+")
_MANY = 3  # of what is named in the plural without a number
_MOST = 5


@dataclass(frozen=True, slots=True)
class Mention:
    """A subject of a prompt: "two red foxes"."""

    name: str
    colour: Colour | None = None
    count: int = 1
    relation: str = ""  # of the one before to it: "on", "in", "over" or "with"


@dataclass(frozen=True, slots=True)
class Depiction:
    """All that a prompt names, as far as it is understood."""

    mentions: tuple[Mention, ...] = ()
    places: tuple[str, ...] = ()
    time: str = ""
    weather: frozenset[str] = frozenset()
    season: str = ""
    heavens: Mapping[str, Colour | None] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def empty(self) -> bool:
        """Whether nothing was understood."""
        return self == Depiction()


@lru_cache(maxsize=256)
def read(prompt: str) -> Depiction:
    """Return what a prompt names, without what follows `--no`."""
    text, flags = split_flags(_LINK.sub(" ", prompt))
    unwanted = frozenset(
        found.name
        for flag in flags
        if flag.startswith("--no ")
        for token in _tokens(flag.removeprefix("--no "))
        if (found := _noun(token)) is not None
    )
    reader = _Reader(unwanted)
    for token in _tokens(text):
        reader.take(token)
    return reader.depiction


def _tokens(text: str) -> Sequence[str]:
    """Return words without accents, numbers and what separates them; phrases become one word."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    found = _TOKEN.findall("".join(each for each in plain if not unicodedata.combining(each)))
    joined: str = f" {' '.join(found)} "
    for phrase, word in words.PHRASES.items():
        joined = joined.replace(f" {phrase} ", f" {word} ")
    return joined.split()


def _noun(token: str) -> Mention | None:
    """Return the subject that a word names, or None."""
    for word, plural in (
        (token, token in words.PLURALS),
        *((short, True) for short in _short(token)),
    ):
        if name := words.SUBJECTS.get(word):
            return Mention(name, count=_MANY if plural else 1)
    return None


def _short(token: str) -> tuple[str, ...]:
    """Return a word without the ending of a plural."""
    if not token.endswith(("s", "x")):
        return ()
    return (token[:-1], token[:-2]) if token.endswith("es") else (token[:-1],)


def _named(table: Mapping[str, str], token: str) -> str:
    return next((table[word] for word in (token, *_short(token)) if word in table), "")


class _Reader:
    """Takes the words one after another."""

    def __init__(self, unwanted: frozenset[str]) -> None:
        self.depiction: Depiction = Depiction()
        self._unwanted = unwanted
        self._colour: Colour | None = None
        self._count = 0
        self._relation = ""
        self._fresh = ""  # what the last word named: a colour behind it is its colour

    def take(self, token: str) -> None:
        """Take the next word."""
        named, self._fresh = self._fresh, ""
        if named and (colour := words.COLOURS_BEHIND.get(token) or _named(words.COLOURS, token)):
            self._paint(named, NAMED[colour])
        elif token in words.COUNTS or token.isdigit():
            self._count = min(_MOST, words.COUNTS.get(token) or int(token))
        elif relation := _relation(token):
            self._relation, self._colour = relation, None
        elif not token.isalpha():
            self._forget()
        elif noun := _noun(token):
            self._add(noun)
        elif colour := _named(words.COLOURS, token):
            self._colour = self._colour or NAMED[colour]
        else:
            self._surround(token)

    def _add(self, noun: Mention) -> None:
        again = noun.name in [mention.name for mention in self.depiction.mentions[-1:]]
        if again and not (self._colour or self._count):
            return  # "a cup of coffee" is one cup
        if noun.name not in self._unwanted:
            mention = replace(
                noun,
                colour=self._colour,
                count=self._count or noun.count,
                relation=self._relation if self.depiction.mentions else "",
            )
            self.depiction = replace(self.depiction, mentions=(*self.depiction.mentions, mention))
            self._fresh = noun.name
        self._forget()

    def _surround(self, token: str) -> None:
        """Note what is no subject: a place, a time, the weather, a season, or something above."""
        now = self.depiction
        if place := _named(words.PLACES, token):
            self.depiction = now = replace(now, places=(*now.places, place))
            self._forget()
        if heaven := _named(words.HEAVENS, token):
            heavens = MappingProxyType({**now.heavens, heaven: self._colour})
            self.depiction = now = replace(now, heavens=heavens)
            self._fresh = heaven
            self._forget()
        weather = _named(words.WEATHERS, token)
        self.depiction = replace(
            now,
            time=now.time or _named(words.TIMES, token),
            season=now.season or _named(words.SEASONS, token),
            weather=now.weather | ({weather} if weather else set()),
        )

    def _paint(self, name: str, colour: Colour) -> None:
        """Give a colour to what was named just before."""
        now = self.depiction
        if name in now.heavens:
            self.depiction = replace(now, heavens=MappingProxyType({**now.heavens, name: colour}))
        else:
            last = replace(now.mentions[-1], colour=now.mentions[-1].colour or colour)
            self.depiction = replace(now, mentions=(*now.mentions[:-1], last))

    def _forget(self) -> None:
        self._colour, self._count, self._relation = None, 0, ""


def _relation(token: str) -> str:
    tables = (
        ("on", words.ON),
        ("in", words.IN),
        ("over", words.OVER),
        ("with", words.WITH),
    )
    return next((name for name, table in tables if token in table), "")
