"""Months as people name them, in UTC."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import MAXYEAR, UTC, datetime

_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})", re.ASCII)
_MONTH_FIRST = re.compile(r"(\d{1,2})(?:[-/.](\d{4}))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Month:
    """A month of a year."""

    year: int
    number: int  #: 1 to 12

    @classmethod
    def of(cls, moment: datetime) -> Month:
        """Return the month of a moment."""
        there = moment.astimezone(UTC)
        return cls(there.year, there.month)

    @classmethod
    def read(cls, text: str, now: datetime) -> Month | None:
        """Read `2026-10`, `10/2026`, or `10` for the last one; empty is this month.

        None for anything else.
        """
        this = cls.of(now)
        if not text:
            return this
        if (found := _YEAR_FIRST.fullmatch(text)) is not None:
            year, number = int(found[1]), int(found[2])
        elif (found := _MONTH_FIRST.fullmatch(text)) is not None:
            number = int(found[1])
            last = this.year if number <= this.number else this.year - 1
            year = int(found[2]) if found[2] else last
        else:
            return None
        fits = 1 <= number <= MONTHS and FIRST_YEAR <= year < MAXYEAR
        return cls(year, number) if fits else None

    @property
    def since(self) -> datetime:
        """Its first moment."""
        return datetime(self.year, self.number, 1, tzinfo=UTC)

    @property
    def until(self) -> datetime:
        """The first moment of the next one."""
        years, number = divmod(self.number, MONTHS)
        return datetime(self.year + years, number + 1, 1, tzinfo=UTC)

    def __str__(self) -> str:
        """Return `2026-10`."""
        return f"{self.year}-{self.number:02}"


MONTHS, FIRST_YEAR = 12, 2022
"""In a year; and when Midjourney began."""
