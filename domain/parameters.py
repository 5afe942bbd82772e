"""What a row of the table of parameters says, and how it is asked.

The rows are in `domain.parameter_table`; what a prompt may not contain is in `domain.prompt_check`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from math import inf


class Model(StrEnum):
    """Midjourney's models, the newest first; `niji 6` and `V5` stand for older ones, too."""

    V8_2 = "V8.2"
    V8_1 = "V8.1"
    V7 = "V7"
    NIJI_7 = "niji 7"
    V6 = "V6"
    NIJI_6 = "niji 6"
    V5 = "V5"


class Costly(StrEnum):
    """What costs more than an ordinary grid, by its word in ALLOW_COSTLY."""

    HD = "hd"
    QUALITY = "quality"
    TURBO = "turbo"
    OREF = "oref"
    VIDEO = "video"


@dataclass(frozen=True, slots=True)
class Source:
    """Who says so, and when; public repositories are named as on GitHub."""

    page: str
    of: date


@dataclass(frozen=True, slots=True)
class Price:
    """How many times an ordinary grid's cost it is, up to `most`; `value` is when, empty always."""

    kind: Costly
    times: float
    most: float = 0.0
    value: str = ""

    def and_also(self, other: Price) -> Price:
        """Return the price of both together."""
        most = (self.most or self.times) * (other.most or other.times)
        times = self.times * other.times
        return Price(self.kind, times, 0.0 if most == times else most)


@dataclass(frozen=True, slots=True, kw_only=True)
class Values:
    """Which values are taken: a pattern, a range for numbers, and `told` for people.

    `cheapest` is offered in place of a wrong one. `word` is the pattern of a single word of a
    value that may have several. `read` makes a value of what was probably meant.
    """

    form: str
    told: str = ""
    low: float = -inf
    high: float = inf
    cheapest: str = ""
    word: str = ""
    read: Callable[[str], str] | None = None

    @property
    def is_nothing(self) -> bool:
        """Whether no value is taken."""
        return not self.form

    @property
    def is_text(self) -> bool:
        """Whether any text is a value."""
        return self.form in {_TEXT, _MAY_BE_TEXT, _WORD}

    def admits(self, value: str) -> bool:
        """Whether this is a value."""
        fits = re.fullmatch(self.form, value, re.ASCII) is not None
        return fits and (self.low == -inf or self.low <= float(value) <= self.high)

    def nearest(self, value: str) -> str:
        """Return the value to offer in the place of a wrong one; empty if there is none."""
        bare = value.lstrip("=: ").strip(_AROUND)
        first = bare.partition(" ")[0].rstrip(_AROUND)
        read = self.read(bare) if self.read is not None else ""
        for meant in (bare, first, read):
            if meant and not self.is_text and self.admits(meant):
                return meant
        if self.low == -inf or re.fullmatch(_ANY_NUMBER, bare, re.ASCII) is None:
            return self.cheapest
        near = min(max(float(bare), self.low), self.high)
        return f"{near if '.' in self.form else round(near):.10g}"

    def length(self, words: Sequence[str]) -> int | None:
        """Return how many of these words are the value; None if nobody can tell."""
        if self.word:
            others = (n for n, w in enumerate(words) if not re.fullmatch(self.word, w, re.ASCII))
            return next(others, len(words)) or None
        if self.form in {_TEXT, _MAY_BE_TEXT}:
            return None
        if words and self.admits(words[0]):
            return 1
        return 0 if self.admits("") else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A row: `values` by model, for those that take it; where nobody knows, it is taken.

    `excludes` are parameters that it cannot be together with, `needs` is one that it has no use
    without, `widest` is the longest picture with it, as its long side divided by its short one.
    """

    name: str
    also: tuple[str, ...] = ()
    values: Mapping[Model, Values]
    excludes: tuple[str, ...] = ()
    needs: str = ""
    widest: int = 0
    multiplies: bool = False
    costs: tuple[Price, ...] = ()
    source: Source

    def of(self, model: Model | None) -> Values | None:
        """Return the values of a model, or those of the newest that has any if it is unknown."""
        if model is not None:
            return self.values.get(model)
        return next(self.values[each] for each in Model if each in self.values)

    def admits(self, value: str, model: Model | None) -> bool:
        """Whether the model, or any if it is unknown, takes this value."""
        asked = self.values.values() if model is None else [self.values.get(model)]
        return any(values is not None and values.admits(value) for values in asked)

    def length(self, words: Sequence[str]) -> int | None:
        """Return how many of these words are its value, with any model; None if unclear."""
        lengths = [values.length(words) for values in self.values.values()]
        return max((length for length in lengths if length is not None), default=None)

    def cost(self, value: str) -> Price | None:
        """Return what it costs if that is more than an ordinary grid."""
        return next((each for each in self.costs if each.value in {"", value}), None)


_TEXT, _MAY_BE_TEXT, _WORD = r"(?s:.+)", r"(?s:.*)", r"\S+"
_ANY_NUMBER = r"-?(\d{1,10}(\.\d{1,4})?|\.\d{1,4})"
_AROUND = ",.;:'\"`()[]{}<> "
"""Signs around a value that people write and do not mean."""

NOTHING = Values(form="")
TEXT = Values(form=_TEXT, told="…")
WORD = Values(form=_WORD, told="raw …")
PERHAPS_TEXT = Values(form=_MAY_BE_TEXT, told="[…]")


def whole(low: int, high: int) -> Values:
    """Return whole numbers in a range."""
    return Values(told=f"{low}-{high}", form=r"\d{1,10}", low=low, high=high)


def number(low: float, high: float) -> Values:
    """Return numbers in a range, also with a point."""
    form = r"\d{1,3}(\.\d{1,4})?|\.\d{1,4}"
    return Values(told=f"{low:g}-{high:g}", form=form, low=low, high=high)


def one_of(*values: str, told: str = "") -> Values:
    """Return some words; the first is the cheapest."""
    form = "|".join(map(re.escape, values))
    return Values(form=form, told=told or ", ".join(values), cheapest=values[0])
