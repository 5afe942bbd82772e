"""What a benchmark says: medians with their spread, ratios of pairs, and whether a goal holds."""

from __future__ import annotations

import math
import statistics
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_SPREAD = 1.5
"""How many times its 10th percentile the reference's 90th may be; beyond it, nothing is said."""


class GoalVerdict(StrEnum):
    """Whether what was measured keeps to its goal."""

    HOLDS = "holds"
    BROKEN = "broken"
    NOISY = "too noisy"


@dataclass(frozen=True, slots=True)
class Spread:
    """Of some values: the middle one, those below and above which a tenth is, and how many."""

    median: float
    p10: float
    p90: float
    n: int

    @property
    def ratio(self) -> float:
        """How far the values are apart."""
        return self.p90 / self.p10 if self.p10 > 0 else math.inf


def spread(values: Sequence[float]) -> Spread:
    """Return the spread of at least one value."""
    ordered = sorted(values)
    return Spread(
        statistics.median(ordered), percentile(ordered, 0.1), percentile(ordered, 0.9), len(ordered)
    )


def percentile(ordered: Sequence[float], share: float) -> float:
    """Return the value below which a share of the sorted values is, between two of them if need be.

    Few values have no 95th percentile of their own: it is between the last two.
    """
    at = share * (len(ordered) - 1)
    below = math.floor(at)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (at - below)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One line: ours beside its reference, or alone.

    The goal is for the ratio where there is one, and else for our own value: at most that much, or
    at least where `more_is_better`.
    """

    name: str
    unit: str
    ours: Spread
    goal: float
    stretch: float | None = None
    reference: Spread | None = None  #: the same unit
    ratio: Spread | None = None  #: of each pair
    more_is_better: bool = False
    calm: bool = True  #: False if a yardstick that was measured meanwhile spread too much

    @property
    def value(self) -> float:
        """What the goal is for."""
        return self.ours.median if self.ratio is None else self.ratio.median

    @property
    def verdict(self) -> GoalVerdict:
        """Noise counts first: then neither a good value nor a bad one means anything."""
        if not self.calm or (self.reference and self.reference.ratio > MOST_SPREAD):
            return GoalVerdict.NOISY
        return GoalVerdict.HOLDS if self._reaches(self.goal) else GoalVerdict.BROKEN

    @property
    def is_stretch(self) -> bool:
        """Whether it even reaches what is hoped for."""
        return self.stretch is not None and self._reaches(self.stretch)

    def _reaches(self, limit: float) -> bool:
        return self.value >= limit if self.more_is_better else self.value <= limit

    def as_json(self) -> dict[str, Any]:
        """Return everything; a run that was too noisy says so instead of a ratio."""
        found = asdict(self) | {"verdict": self.verdict.value, "stretch_holds": self.is_stretch}
        if self.verdict == GoalVerdict.NOISY:
            found |= {"ratio": None, "stretch_holds": False}
        return found


def paired(
    name: str,
    unit: str,
    pairs: Sequence[tuple[float, float]],
    *,
    goal: float,
    stretch: float | None = None,
) -> Figure:
    """Return the figure of pairs: ours and the reference, measured one after the other."""
    return Figure(
        name=name,
        unit=unit,
        ours=spread([ours for ours, _ in pairs]),
        reference=spread([reference for _, reference in pairs]),
        ratio=spread([ours / reference for ours, reference in pairs]),
        goal=goal,
        stretch=stretch,
    )


def table(figures: Sequence[Figure]) -> str:
    """Return them as a table in Markdown."""
    head = "| What | ours | reference | ratio | goal (stretch) | n | |"
    return "\n".join((head, "| --- | --- | --- | --- | --- | --- | --- |", *map(_row, figures)))


def _row(figure: Figure) -> str:
    reference, ratio = figure.reference, figure.ratio
    noisy = figure.verdict == GoalVerdict.NOISY
    sign = "at least " if figure.more_is_better else ""
    goal = f"{sign}{figure.goal:g}" + ("" if figure.stretch is None else f" ({figure.stretch:g})")
    said = figure.verdict.value + (
        ", and the stretch goal" if figure.is_stretch and not noisy else ""
    )
    cells = (
        figure.name,
        "-" if noisy else f"{_said(figure.ours)} {figure.unit}",
        "-" if reference is None else f"{_said(reference)} {figure.unit}",
        "-" if ratio is None or noisy else _said(ratio),
        goal,
        str(figure.ours.n),
        said,
    )
    return f"| {' | '.join(cells)} |"


def _said(one: Spread) -> str:
    if one.n == 1:
        return _short(one.median)
    return f"{_short(one.median)} ({_short(one.p10)} to {_short(one.p90)})"


def _short(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"  # noqa: PLR2004 -- three digits
