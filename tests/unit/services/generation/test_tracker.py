"""Whose messages are known to be others'."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from domain.generation import Generation, Status, Step
from domain.matching import Match
from domain.slots import Slot
from domain.snowflakes import first_at
from domain.text_matching import CLOCK_TOLERANCE
from services.generation.history_reading import HistoryReading
from services.generation.tracker import Tracker
from tests.builders import NOW, asked, generation, notice, picture, progress
from tests.fakes import FakeClock


def with_grid(row: Generation, step: Step) -> Generation:
    return row.with_step(Slot.GRID, step)


def test_a_job_heard_before_our_request_got_its_id_turns_out_to_be_anothers() -> None:
    known, row = Tracker(FakeClock()), generation(Status.SUBMITTING)
    known.keep(with_grid(row, asked()))
    known.heard.leave(progress(message_id=100, interaction_id=7))
    assert known.gap(look()).ruled_out == {row.id: frozenset()}
    known.keep(with_grid(row, asked(interaction_id=8)))
    assert known.gap(look()).ruled_out == {row.id: {100}}


def test_what_waits_behind_does_not_hide_that_a_job_is_anothers() -> None:
    """Another job's first message names its request, and its grid does not."""
    known, row, waiting = Tracker(FakeClock()), generation(Status.SUBMITTED), generation()
    known.keep(with_grid(row, asked(interaction_id=8)))
    known.keep(waiting)
    known.heard.leave(progress(message_id=100, interaction_id=7))
    assert known.gap(look()).ruled_out == {row.id: {100}, waiting.id: frozenset()}


def test_the_messages_of_a_complete_generation_are_its_own() -> None:
    known, row = Tracker(FakeClock()), generation(Status.COMPLETED, wanted=())
    finished = asked(progress_message_id=100, message_id=200)
    known.keep(with_grid(row, finished))
    assert known.gap(look()).foreign == frozenset()
    known.keep(with_grid(row, replace(finished, picture=picture())))
    assert known.gap(look()).foreign == {100, 200}


def test_only_so_many_are_remembered() -> None:
    known, row = Tracker(FakeClock()), generation(Status.SUBMITTING)
    known.keep(with_grid(row, asked(interaction_id=8)))
    for message_id in range(1, 1003):
        known.heard.leave(progress(message_id=message_id, interaction_id=7))
    assert known.gap(look()).ruled_out == {row.id: frozenset(range(3, 1003))}


DAYS = 60
OLD_GRID = first_at(NOW - timedelta(days=DAYS))
LATELY = first_at(NOW - CLOCK_TOLERANCE)
"""The lowest id that an answer to what was asked now may have, if our clock is ahead."""


def pressing(**facts: Any) -> Tracker:
    """Return what is known of a generation whose grid is old, and whose U1 was pressed now."""
    known, row = Tracker(FakeClock()), generation(Status.VARIATIONS_IN_PROGRESS)
    row = row.with_step(Slot.GRID, asked(message_id=OLD_GRID, picture=picture()))
    known.keep(row.with_step(Slot.UPSCALE_1, asked(**facts)))
    return known


def test_the_history_is_read_from_the_request_on_that_is_awaited() -> None:
    assert pressing().first_unknown() == LATELY - 1
    assert pressing(interaction_id=7 + OLD_GRID).first_unknown() == 6 + OLD_GRID
    assert pressing(picture=picture()).first_unknown() is None


def test_what_exists_already_is_looked_for_once_from_the_grid_on() -> None:
    known = pressing()
    assert known.active is not None
    known.seek_existing(Match(known.active.id, Slot.UPSCALE_1))
    assert known.seeks_existing()
    assert known.first_unknown() == OLD_GRID
    known.looked(look(since=OLD_GRID + 1))
    assert known.seeks_existing()
    known.looked(look(since=OLD_GRID))
    assert not known.seeks_existing()
    assert known.first_unknown() == LATELY - 1


def test_what_may_have_been_made_before_is_looked_for_from_then_on() -> None:
    """A press that nobody heard of is made once more: of the first one may be in the history."""
    known, since = pressing(), NOW - timedelta(days=1)
    assert known.active is not None
    known.seek_existing(Match(known.active.id, Slot.UPSCALE_1), since)
    assert known.first_unknown() == first_at(since - CLOCK_TOLERANCE)
    known.seek_existing(Match(known.active.id, Slot.UPSCALE_1), NOW)
    assert known.first_unknown() == first_at(since - CLOCK_TOLERANCE)
    known.seek_existing(Match(known.active.id, Slot.UPSCALE_1))
    assert known.first_unknown() == OLD_GRID
    known.seek_existing(Match(known.active.id, Slot.UPSCALE_1), since)
    assert known.first_unknown() == OLD_GRID


def look(*message_ids: int, since: int = 1) -> HistoryReading:
    reading = HistoryReading(since=since, account_id=7, at=NOW, began=0.0)
    for one in message_ids:
        reading.take(progress(message_id=one), matched=False, candidates=())
    return reading


def test_a_job_was_first_heard_when_none_of_ours_awaited_it() -> None:
    clock = FakeClock()
    known, first = Tracker(clock), clock.now()
    known.heard.leave(progress(message_id=100, job_id=None))
    known.heard.leave(progress(message_id=200, job_id="J1"))
    clock.jump(60)
    known.heard.leave(progress(message_id=100, job_id="J1"))
    known.heard.leave(progress(message_id=300, job_id=None))
    assert known.gap(look()).first_heard == {
        100: first,
        200: first,
        "J1": first,
        300: clock.now(),
    }


def test_only_what_was_said_before_the_history_ends_can_be_gone_from_it() -> None:
    known, row = Tracker(FakeClock()), generation(Status.SUBMITTED)
    known.keep(with_grid(row, asked(progress_message_id=100)))
    assert known.gap(look(50, 150)).gone == {100}
    assert known.gap(look(50, 100, 150)).gone == frozenset()
    assert known.gap(look(50)).gone == frozenset()
    assert known.gap(look()).gone == frozenset()
    assert known.gap(look(150, since=100)).gone == frozenset()


def test_a_notice_is_news_again_only_when_nothing_was_known_of_it() -> None:
    known = Tracker(FakeClock())
    assert not known.heard.was_noted(notice(), None)
    assert known.heard.was_noted(notice(), None)
    assert not known.heard.was_noted(notice(), Match("g", Slot.GRID))
    assert known.heard.was_noted(notice(), Match("g", Slot.UPSCALE_1))
    assert known.heard.was_noted(notice(), None)
