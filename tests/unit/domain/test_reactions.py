"""What each emoji asks for, by what it was put on and how that generation is."""

from __future__ import annotations

import pytest

from domain.generation import TERMINAL, Status
from domain.reactions import Asked, ReactedTo, asked, means_something, sign
from domain.snowflakes import is_snowflake, reaction_key

NUMBERS = ("1️⃣", "2️⃣", "3️⃣", "4️⃣")


@pytest.mark.parametrize("place", [ReactedTo.GRID, ReactedTo.NOTICE, ReactedTo.OTHER])
@pytest.mark.parametrize("status", Status)
def test_signs_that_mean_the_same_everywhere(place: ReactedTo, status: Status) -> None:
    ends = Asked("delete" if status in TERMINAL else "cancel")
    assert asked("❌", place, status) == ends
    assert asked("🔁", place, status) == asked("🔄", place, status) == Asked("reroll")
    assert asked("⭐", place, status) == Asked("fav")
    assert asked("💾", place, status) is None


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize(
    ("place", "topic"),
    [(ReactedTo.GRID, "upscale"), (ReactedTo.NOTICE, "vary"), (ReactedTo.OTHER, None)],
)
def test_numbers_mean_pictures_of_the_grid_or_the_notice(
    number: str, place: ReactedTo, topic: str | None
) -> None:
    means = None if topic is None else Asked(topic, number[0])
    assert asked(number, place, Status.COMPLETED) == means


@pytest.mark.parametrize("place", ReactedTo)
def test_what_nobody_holds_can_only_be_adopted(place: ReactedTo) -> None:
    adopts = Asked("adopt") if place == ReactedTo.UNHELD_GRID else None
    assert asked("💾", place, None) == adopts
    for emoji in ("❌", "🔁", "⭐", *NUMBERS):
        assert asked(emoji, place, None) is None


@pytest.mark.parametrize("emoji", ["👍", "0️⃣", "5️⃣", "1", "X", "🗑️", ""])
def test_other_emoji_mean_nothing(emoji: str) -> None:
    assert not means_something(emoji)
    assert all(asked(emoji, place, Status.COMPLETED) is None for place in ReactedTo)


def test_emoji_is_the_same_in_each_way_of_writing_it() -> None:
    assert sign("1️⃣") == sign("1⃣")
    assert sign("⭐️") == sign("⭐") == "⭐"
    assert sign("🔄") == sign("🔁")


def test_key_of_a_reaction_is_no_id_and_always_the_same() -> None:
    keys = [reaction_key(message, person, "🔁") for message in range(50) for person in range(50)]
    assert len(set(keys)) == len(keys)
    assert all(-(2**63) <= key < 0 for key in keys)
    assert not any(is_snowflake(key) for key in keys)
    assert is_snowflake(1)
    assert reaction_key(1, 2, "❌") == -1_148_155_021_935_982_388
