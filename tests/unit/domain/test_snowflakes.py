"""Discord's ids, and many of them in little memory."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from domain.snowflakes import SortedIds

IDS = st.integers(min_value=1, max_value=2**63)


@given(st.lists(IDS), st.lists(IDS))
def test_many_ids_are_a_set_in_whatever_order_they_come(first: list[int], more: list[int]) -> None:
    ids = SortedIds()
    for one in first:
        ids.add(one)
    both = ids.including(more)
    everything = {*first, *more}
    assert {one for one in everything if one in ids} == set(first)
    assert all(one in both for one in everything)
    assert (ids.newest, both.newest) == (max(first, default=0), max(everything, default=0))


def test_what_is_no_id_is_none_of_them() -> None:
    ids = SortedIds([1, 5])
    assert not any(one in ids for one in (None, "5", -1, 0, 3, 6))
