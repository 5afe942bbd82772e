"""One switch: a named behaviour with a usual value, until a test changes it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


ALWAYS = math.inf
"""As often as there is an occasion, until it is disarmed."""


@dataclass(slots=True, eq=False)
class Armed(Generic[T]):
    """A value for the next occasions, of which `left` are still to come."""

    value: T
    left: float
    only: str


class Switch(Generic[T]):
    """A current value, and values armed for the next occasions.

    `what` says what the sandbox does, `outcome` how a generation ends nevertheless, `kinds` the
    kinds of occasion that it can be armed for.
    """

    def __init__(self, usual: T, what: str, outcome: str, kinds: tuple[str, ...] = ()) -> None:
        self.usual = usual
        self.what = what
        self.outcome = outcome
        self.kinds = kinds
        self._standing = usual
        self._armed: list[Armed[T]] = []

    def set(self, value: T) -> None:
        """Behave like this from now on, whenever nothing is armed."""
        self._standing = value

    def arm(self, value: T, *, times: float = 1, only: str = "") -> Armed[T]:
        """Behave like this on the next `times` occasions, of the kind `only` if one is named."""
        if only and self.kinds and only not in self.kinds:
            raise ValueError(f"{only!r} is none of {', '.join(self.kinds)}")
        armed = Armed(value, times, only)
        self._armed.append(armed)
        return armed

    def disarm(self, armed: Armed[T]) -> None:
        """Take back what was armed; nothing happens if it is used up."""
        if armed in self._armed:
            self._armed.remove(armed)
            armed.left = 0

    @property
    def standing(self) -> T:
        """How it behaves whenever nothing is armed."""
        return self._standing

    @property
    def pending(self) -> float:
        """For how many further occasions something is armed."""
        return sum(armed.left for armed in self._armed)

    def take(self, kind: str = "") -> T:
        """Return how to behave on this occasion, and use up what was armed for it."""
        for armed in self._armed:
            if armed.only in ("", kind):
                armed.left -= 1
                if not armed.left:
                    self._armed.remove(armed)
                return armed.value
        return self._standing

    def reset(self) -> None:
        """Return to the usual behaviour."""
        self._standing = self.usual
        for armed in tuple(self._armed):
            self.disarm(armed)
