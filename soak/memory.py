"""Whether the processes grow: the slope of their memory over time."""

from __future__ import annotations

from collections.abc import Sequence

WARM_UP = 300.0
"""Seconds that a process has to fill its caches; what it takes then says nothing."""
LONG_ENOUGH = 900.0
"""Seconds after that over which a slope means anything,"""
FEWEST = 10
"""and how many samples it takes."""

Samples = Sequence[tuple[float, float]]
"""Pairs of seconds since a process was started, and the megabytes it held."""


def slope(lives: Sequence[Samples]) -> float | None:
    """Return the growth in MB per hour, over all lives that were long enough; None without any."""
    steady = [[(at, mb) for at, mb in life if at >= WARM_UP] for life in lives]
    long = [life for life in steady if _is_long(life)]
    if not long:
        return None
    above = sum(_covariance(life) for life in long)
    below = sum(_variance(life) for life in long)
    return 3600 * above / below


def _is_long(life: Samples) -> bool:
    return len(life) >= FEWEST and life[-1][0] - life[0][0] >= LONG_ENOUGH


def _covariance(life: Samples) -> float:
    """Measure each life from its own mean: they begin at different heights."""
    mean_at, mean_mb = (sum(each) / len(life) for each in zip(*life, strict=True))
    return sum((at - mean_at) * (mb - mean_mb) for at, mb in life)


def _variance(life: Samples) -> float:
    return _covariance([(at, at) for at, _ in life])
