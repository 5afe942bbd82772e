"""Texts of any length are sent whole, in messages that Discord takes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from services.discord.message_parts import MESSAGE_LIMIT, parts

LINES = st.lists(st.text("ab ", min_size=1, max_size=3 * MESSAGE_LIMIT), max_size=8)


@given(LINES)
def test_every_part_fits_and_nothing_but_blanks_is_lost(lines: list[str]) -> None:
    found = parts("\n".join(lines))
    assert all(len(part) <= MESSAGE_LIMIT for part in found)
    assert all(part.strip() for part in found) or found == [""]
    assert "".join("".join(found).split()) == "".join("".join(lines).split())


def test_a_line_is_split_only_if_it_is_longer_than_a_message() -> None:
    links = [f"U{number}: https://{'x' * 600}" for number in range(5)]
    found = parts("\n".join(links))
    assert [line for part in found for line in part.splitlines()] == links
    assert len(found) == 2


def test_what_fits_is_one_part() -> None:
    assert parts("") == [""]
    assert parts("a\n\nb") == ["a\n\nb"]
