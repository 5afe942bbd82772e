"""What becomes of a prompt when more is added: where two cannot both be meant, one of them goes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import takewhile

from domain.parameter_table import BY_NAME
from domain.prompt_flags import Flag, read, split, text_first
from domain.prompt_text import clean

_ALTERNATIVES = (
    frozenset({"v", "niji"}),
    frozenset({"fast", "relax", "turbo"}),
    frozenset({"public", "stealth"}),
)
"""Parameters that say different things of one matter; the table names what Midjourney refuses."""


def amended(prompt: str, more: str) -> str:
    """Return a prompt with more words behind its text, and other parameters in place of its own."""
    text, flags = split(clean(prompt))
    words, others = read(text_first(clean(more)))
    return joined(f"{text} {words}", [*beside(others, flags), *others])


def with_defaults(prompt: str, defaults: str, fits: Callable[[str], bool]) -> tuple[str, str]:
    """Return a prompt with those defaults of which it says nothing itself, and these alone.

    A default that the prompt leaves no room for is left out: `fits` says whether a prompt with it
    can be sent.
    """
    _, given = split(prompt)
    used: list[Flag] = []
    for flag in beside(given, split(defaults)[1]):
        if fits(joined(prompt, [*used, flag])):
            used.append(flag)
    return joined(prompt, used), joined("", used)


def defaults_at_the_end(prompt: str, defaults: str) -> str:
    """Return those of the defaults with which a prompt ends, as `with_defaults` puts them there."""
    known = {flag.typed for flag in split(defaults)[1]}
    ending = takewhile(lambda flag: flag.typed in known, reversed(split(prompt)[1]))
    return joined("", list(ending)[::-1])


def beside(given: Iterable[Flag], others: Iterable[Flag]) -> list[Flag]:
    """Return those of the others that can be meant together with all that are given."""
    given = tuple(given)
    return [flag for flag in others if not any(_rival(flag, each) for each in given)]


def joined(text: str, flags: Iterable[Flag]) -> str:
    """Return a prompt of its text and its parameters."""
    return " ".join([*text.split(), *(flag.typed for flag in flags)])


def _rival(one: Flag, other: Flag) -> bool:
    """Whether two parameters cannot both be meant."""
    names = {one.name, other.name}
    alternatives = len(names) == 1 or any(names <= each for each in _ALTERNATIVES)
    return alternatives or other.name in _excluded(one) or one.name in _excluded(other)


def _excluded(flag: Flag) -> tuple[str, ...]:
    row = BY_NAME.get(flag.name)
    return () if row is None else row.excludes
