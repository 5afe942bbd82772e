"""Months as people name them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from domain.months import Month

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("", "2026-11"),
        ("2026-10", "2026-10"),
        ("2026/1", "2026-01"),
        ("10.2025", "2025-10"),
        ("9/2024", "2024-09"),
        ("11", "2026-11"),
        ("1", "2026-01"),
        ("12", "2025-12"),
        ("2027-03", "2027-03"),
    ],
)
def test_month_is_read_as_people_write_it(text: str, month: str) -> None:
    assert str(Month.read(text, NOW)) == month


@pytest.mark.parametrize(
    "text",
    [
        *("0", "13", "2026-13", "2026-00", "october", "26-10", "2021-12", "1999-01", "2026-10-1"),
        *("9999-12", "12/9999"),
    ],
)
def test_anything_else_is_none(text: str) -> None:
    assert Month.read(text, NOW) is None


def test_month_is_that_of_utc() -> None:
    east = timezone(timedelta(hours=2))
    assert Month.of(datetime(2026, 12, 1, 1, 30, tzinfo=east)) == Month(2026, 11)


@pytest.mark.parametrize(
    ("month", "since", "until"),
    [
        (Month(2026, 11), (2026, 11, 1), (2026, 12, 1)),
        (Month(2026, 12), (2026, 12, 1), (2027, 1, 1)),
    ],
)
def test_month_ends_where_the_next_begins(
    month: Month, since: tuple[int, int, int], until: tuple[int, int, int]
) -> None:
    assert month.since == datetime(*since, tzinfo=UTC)
    assert month.until == datetime(*until, tzinfo=UTC)
