"""Whose messages are known to be others'."""

from __future__ import annotations

from dataclasses import replace

from domain.generation import Generation, Slot, Status, Step
from services.known import Known
from tests.builders import asked, generation, picture, progress
from tests.fakes import FakeClock


def with_grid(row: Generation, step: Step) -> Generation:
    return row.with_step(Slot.GRID, step)


def test_a_job_heard_before_our_request_got_its_id_turns_out_to_be_anothers() -> None:
    known, row = Known(FakeClock()), generation(Status.SUBMITTING)
    known.keep(with_grid(row, asked()))
    known.leave(progress(message_id=100, interaction_id=7))
    assert known.foreign() == frozenset()
    known.keep(with_grid(row, asked(interaction_id=8)))
    assert known.foreign() == {100}


def test_the_messages_of_a_complete_generation_are_its_own() -> None:
    known, row = Known(FakeClock()), generation(Status.COMPLETED, wanted=())
    finished = asked(progress_message_id=100, message_id=200)
    known.keep(with_grid(row, finished))
    assert known.foreign() == frozenset()
    known.keep(with_grid(row, replace(finished, picture=picture())))
    assert known.foreign() == {100, 200}


def test_only_so_many_are_remembered() -> None:
    known, row = Known(FakeClock()), generation(Status.SUBMITTING)
    known.keep(with_grid(row, asked(interaction_id=8)))
    for message_id in range(1, 1003):
        known.leave(progress(message_id=message_id, interaction_id=7))
    assert known.foreign() == frozenset(range(3, 1003))
