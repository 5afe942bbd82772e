"""One switch: a named behaviour with a usual value, until a test changes it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(slots=True)
class _Armed(Generic[T]):
    value: T
    left: int
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
        self._armed: list[_Armed[T]] = []

    def set(self, value: T) -> None:
        """Behave like this from now on, whenever nothing is armed."""
        self._standing = value

    def arm(self, value: T, *, times: int = 1, only: str = "") -> None:
        """Behave like this on the next `times` occasions, of the kind `only` if one is named."""
        if only and self.kinds and only not in self.kinds:
            raise ValueError(f"{only!r} is none of {', '.join(self.kinds)}")
        self._armed.append(_Armed(value, times, only))

    @property
    def pending(self) -> int:
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
        self._armed.clear()
