"""The store's contract: which changes of a generation are allowed, and what is never lost."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from domain.generation import (
    TRANSITIONS,
    Button,
    Origin,
    OriginKind,
    Problem,
    ProblemKind,
    Proof,
    Status,
    Step,
    may_follow,
)
from domain.ports import Outcome
from domain.slots import UPSCALES, Slot
from tests.builders import NOW, generation, picture
from tests.contract.databases import Database, LeasedStore, done

FULL_STEP = Step(
    asked_at=NOW,
    intended_at=NOW,
    nonce="123",
    session_id="session",
    attempts=2,
    unanswered=1,
    delivered_at=NOW,
    accepted_at=NOW,
    accepted_by=Proof.PROGRESS,
    job_queued=True,
    interaction_id=2**63 - 1,
    progress_message_id=2,
    gone_at=NOW,
    job_id="job",
    message_id=3,
    picture_url="https://cdn.example/grid.webp?hm=1",
    problem=Problem(ProblemKind.STOPPED, "by a: person"),
)


async def test_an_update_keeps_every_field(worker: LeasedStore) -> None:
    before = await worker.claimed()
    wanted = replace(
        before,
        status=Status.SUBMITTED,
        wanted=(Slot.UPSCALE_4,),
        origin=Origin(kind=OriginKind.ADOPTED),
        not_before=NOW,
        echo="the prompt, “as repeated” \n",
        buttons=(Button("MJ::JOB::upsample::1::x", "U1", pressed=True), Button("other")),
        message_flags=64,
        steps=(*(FULL_STEP for _ in UPSCALES), Step()),
        status_message_id=2**63 - 1,
        status_replaced=True,
        notice_message_id=2,
        problem=Problem(ProblemKind.REFUSED, "no"),
        submitted_at=NOW,
        completed_at=NOW,
    )
    after = done(await worker.update(before, wanted))
    theirs = {"version": after.version, "updated_at": after.updated_at, "progress": 25.0}
    assert after == replace(wanted, **theirs)
    assert await worker.store.get_generation(before.id) == after


async def test_each_change_has_the_next_version(worker: LeasedStore) -> None:
    queued = await worker.accepted()
    claimed = done(await worker.claim())
    submitted = await worker.moved(claimed, Status.SUBMITTED)
    stored = done(await worker.record(submitted, Slot.GRID))
    rows = (queued, claimed, submitted, stored)
    assert [row.version for row in rows] == [1, 2, 3, 4]


async def test_an_update_of_an_outdated_version_changes_nothing(worker: LeasedStore) -> None:
    old = await worker.claimed()
    current = done(await worker.update(old, replace(old, echo="newer")))
    change = await worker.update(old, replace(old, echo="older"))
    assert (change.outcome, change.generation) == (Outcome.CONFLICT, current)
    assert await worker.store.get_generation(old.id) == current


async def test_an_update_of_another_status_changes_nothing(worker: LeasedStore) -> None:
    claimed = await worker.claimed()
    taken_for = replace(claimed, status=Status.QUEUED)
    change = await worker.update(taken_for, replace(taken_for, status=Status.CANCELLED))
    assert (change.outcome, change.generation) == (Outcome.CONFLICT, claimed)


async def test_an_update_of_an_unknown_row_is_a_conflict(worker: LeasedStore) -> None:
    unknown = generation(Status.SUBMITTING)
    change = await worker.update(unknown, replace(unknown, status=Status.FAILED))
    assert (change.outcome, change.generation) == (Outcome.CONFLICT, None)


async def test_racing_updates_have_one_winner(worker: LeasedStore, twin: LeasedStore) -> None:
    before = await worker.claimed()
    changes = await asyncio.gather(
        *(
            by.update(before, replace(before, echo=f"by {number}"))
            for number, by in enumerate([worker, twin] * 4)
        ),
    )
    assert sorted(change.outcome for change in changes) == [Outcome.CONFLICT] * 7 + [Outcome.DONE]


async def test_an_update_made_again_because_its_answer_was_lost_is_already_done(
    worker: LeasedStore, database: Database
) -> None:
    before = await worker.claimed()
    wanted = replace(before, status=Status.SUBMITTED, submitted_at=NOW)
    first = done(await worker.update(before, wanted))
    events = await database.rows("generation_events")
    again = await worker.update(before, wanted)
    assert (again.outcome, again.generation) == (Outcome.ALREADY, first)
    assert await database.rows("generation_events") == events


@pytest.mark.parametrize("before", list(Status))
async def test_what_must_not_follow_is_refused(worker: LeasedStore, before: Status) -> None:
    row = await worker.moved(await worker.accepted(), *PATHS[before])
    for after in Status:
        if not may_follow(before, after):
            with pytest.raises(ValueError, match=f"{after} must not follow {before}"):
                await worker.update(row, replace(row, status=after))
    assert await worker.store.get_generation(row.id) == row


@pytest.mark.parametrize("before", list(Status))
async def test_what_may_follow_is_done(worker: LeasedStore, before: Status) -> None:
    for after in TRANSITIONS[before]:
        row = await worker.moved(await worker.accepted(), *PATHS[before])
        changed = done(await worker.update(row, replace(row, status=after)))
        assert changed.status == after
        if changed.active:
            await worker.moved(changed, Status.FAILED)


PATHS: dict[Status, tuple[Status, ...]] = {
    Status.QUEUED: (),
    Status.SUBMITTING: (Status.SUBMITTING,),
    Status.SUBMITTED: (Status.SUBMITTED,),
    Status.GRID_COMPLETED: (Status.SUBMITTED, Status.GRID_COMPLETED),
    Status.VARIATIONS_IN_PROGRESS: (Status.VARIATIONS_IN_PROGRESS,),
    Status.COMPLETED: (Status.SUBMITTED, Status.COMPLETED),
    Status.FAILED: (Status.FAILED,),
    Status.CANCELLED: (Status.CANCELLED,),
    Status.NEEDS_ATTENTION: (Status.NEEDS_ATTENTION,),
}
"""How a new row gets into each status."""


async def test_a_second_generation_does_not_become_active(worker: LeasedStore) -> None:
    active = await worker.claimed()
    waiting = await worker.accepted()
    change = await worker.update(waiting, replace(waiting, status=Status.SUBMITTED))
    assert (change.outcome, change.generation) == (Outcome.CONFLICT, waiting)
    assert await worker.store.get_processing_generation() == active


async def test_progress_comes_from_the_facts(worker: LeasedStore) -> None:
    claimed = await worker.claimed(wanted=UPSCALES)
    submitted = await worker.moved(claimed, Status.SUBMITTED)
    with_grid = done(await worker.record(submitted, Slot.GRID))
    with_one = done(await worker.record(with_grid, Slot.UPSCALE_3))
    pressed = replace(with_one, status=Status.VARIATIONS_IN_PROGRESS, progress=99.0)
    pressing = done(await worker.update(with_one, pressed))
    failed = await worker.moved(pressing, Status.FAILED)
    rows = (claimed, submitted, with_grid, with_one, pressing, failed)
    assert [row.progress for row in rows] == [0, 25, 50, 62.5, 62.5, 62.5]


async def test_what_is_completed_with_fewer_upscales_is_at_100(worker: LeasedStore) -> None:
    with_grid = await worker.with_grid(wanted=(Slot.UPSCALE_2,))
    completed = done(await worker.record(with_grid, Slot.UPSCALE_2))
    assert (completed.status, completed.progress) == (Status.COMPLETED, 100)


async def test_the_grid_moves_a_generation_on(worker: LeasedStore) -> None:
    submitted = await worker.moved(await worker.claimed(), Status.SUBMITTED)
    stored = done(await worker.record(submitted, Slot.GRID, width=2048))
    assert stored.status == Status.GRID_COMPLETED
    assert stored.step(Slot.GRID).picture == picture(stored.id, Slot.GRID, width=2048)


async def test_upscales_recorded_at_once_lose_nothing(
    worker: LeasedStore, twin: LeasedStore, database: Database
) -> None:
    with_grid = await worker.with_grid()
    changes = await asyncio.gather(
        *(by.record(with_grid, slot) for by in (worker, twin) for slot in UPSCALES),
    )
    made = [done(change) for change in changes if change.outcome == Outcome.DONE]
    assert sorted(row.progress for row in made) == [62.5, 75, 87.5, 100]
    assert [row.progress for row in made if row.status == Status.COMPLETED] == [100]
    repeated = [change for change in changes if change.outcome == Outcome.ALREADY]
    assert len(repeated) == 4
    row = await worker.store.get_generation(with_grid.id)
    assert row is not None
    assert (row.stored, row.status) == (tuple(Slot), Status.COMPLETED)
    events = await database.rows("generation_events")
    assert [e["status_after"] for e in events].count(Status.COMPLETED) == 1


async def test_the_last_picture_ends_it_by_the_clock_of_the_database(worker: LeasedStore) -> None:
    """The clock of the process that stored the picture may be wrong."""
    row = await worker.with_grid()
    for slot in UPSCALES:
        row = done(await worker.record(row, slot, stored_at=NOW - timedelta(hours=1)))
    assert row.completed_at == row.updated_at


async def test_the_first_picture_of_a_slot_stays(worker: LeasedStore) -> None:
    with_grid = await worker.with_grid()
    again = await worker.record(with_grid, Slot.GRID, sha256="f" * 64)
    assert (again.outcome, again.generation) == (Outcome.ALREADY, with_grid)


@pytest.mark.parametrize(
    "status", [Status.FAILED, Status.CANCELLED, Status.NEEDS_ATTENTION, Status.QUEUED]
)
async def test_a_late_picture_is_recorded_and_the_status_stays(
    worker: LeasedStore, status: Status
) -> None:
    inactive = await worker.moved(await worker.accepted(), *PATHS[status])
    recorded = done(await worker.record(inactive, Slot.UPSCALE_1))
    assert (recorded.status, recorded.stored) == (status, (Slot.UPSCALE_1,))


async def test_a_picture_of_nobody_is_a_conflict(worker: LeasedStore) -> None:
    change = await worker.record(generation(), Slot.GRID)
    assert (change.outcome, change.generation) == (Outcome.CONFLICT, None)


@pytest.mark.parametrize("there", [None, picture("other", Slot.GRID)], ids=["none", "another"])
async def test_an_update_neither_takes_nor_replaces_a_stored_picture(
    worker: LeasedStore, there: None
) -> None:
    with_grid = await worker.with_grid()
    step = with_grid.step(Slot.GRID)
    without = with_grid.with_step(Slot.GRID, replace(step, picture=there, message_id=9))
    after = done(await worker.update(with_grid, without))
    assert after.step(Slot.GRID) == replace(step, message_id=9)


async def test_an_update_and_a_picture_at_once_both_end_up_in_the_row(
    worker: LeasedStore, twin: LeasedStore
) -> None:
    """The second update gets a conflict, and is made again on the newer row."""
    before = await worker.with_grid()
    updated, recorded = await asyncio.gather(
        worker.update(before, replace(before, notice_message_id=5)),
        twin.record(before, Slot.UPSCALE_1),
    )
    if updated.outcome == Outcome.CONFLICT:
        current = done(recorded)
        updated = await worker.update(current, replace(current, notice_message_id=5))
    done(updated)
    row = await worker.store.get_generation(before.id)
    assert row is not None
    assert (row.notice_message_id, row.stored) == (5, (Slot.GRID, Slot.UPSCALE_1))


async def test_every_change_leaves_an_event(worker: LeasedStore, database: Database) -> None:
    claimed = await worker.claimed()
    wanted = replace(claimed, status=Status.SUBMITTED, submitted_at=NOW)
    submitted = done(await worker.update(claimed, wanted, event="heard"))
    done(await worker.record(submitted, Slot.GRID))
    told = [
        (e["event"], e["status_before"], e["status_after"], e["version"])
        for e in await database.rows("generation_events")
        if e["generation_id"] == claimed.id
    ]
    assert told == [
        ("created", None, "queued", 1),
        ("claimed", "queued", "submitting", 2),
        ("heard", "submitting", "submitted", 3),
        ("picture_stored", "submitted", "grid_completed", 4),
    ]


async def test_an_event_names_the_columns_that_changed(
    worker: LeasedStore, database: Database
) -> None:
    claimed = await worker.claimed()
    await worker.update(claimed, replace(claimed, status=Status.FAILED, message_flags=4))
    event = (await database.rows("generation_events"))[-1]
    assert set(event["detail"].split()) == {"status", "message_flags"}


async def test_what_changed_nothing_leaves_no_event(
    worker: LeasedStore, database: Database
) -> None:
    with_grid = await worker.with_grid(command_message_id=77)
    events = await database.rows("generation_events")
    await worker.accepted(command_message_id=78)
    events_of_the_other = 1
    await worker.claim()
    await worker.record(with_grid, Slot.GRID)
    await worker.update(replace(with_grid, version=1), replace(with_grid, echo="x"))
    await worker.update(with_grid, with_grid)
    assert len(await database.rows("generation_events")) == len(events) + events_of_the_other
