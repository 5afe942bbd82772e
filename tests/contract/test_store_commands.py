"""The store's contract: the mark up to which commands are handled, and who may use them."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from domain.generation import Generation, Status
from domain.pause import Pause
from domain.ports import GenerationStore, Outcome, Person
from tests.builders import ANN, NOW, new_generation
from tests.contract.databases import Database, LeasedStore, done

BEN, CLEO, OWNER = 1002, 1003, 1099
LARGEST = 2**63 - 1
"""JavaScript rounds such a number, and so does what reads with it on the way."""
MARK = 1_300_000_000_000_000_000
PAUSE = Pause(words="a moment, please", since=NOW, by=OWNER)


def person(**changes: int | bool | datetime) -> Person:
    return replace(Person(id=BEN, allowed=True, by=OWNER, since=NOW), **changes)


async def set_mark(by: LeasedStore, message_id: int) -> Outcome:
    return await by.store.set_mark(message_id, fence=by.fence)


async def set_person(by: LeasedStore, wanted: Person, command: int = MARK + 1) -> Outcome:
    return await by.store.set_person(wanted, fence=by.fence, command=command)


async def create(by: LeasedStore, row: Generation, command: int) -> Outcome:
    return (await by.create(new_generation(command_message_id=command))).outcome


async def cancel(by: LeasedStore, row: Generation, command: int) -> Outcome:
    now = await by.store.get_generation(row.id)
    assert now is not None
    after = replace(now, status=Status.CANCELLED)
    change = await by.store.update_generation(
        now, after, event="cancelled", fence=by.fence, command=command
    )
    return change.outcome


async def pause(by: LeasedStore, row: Generation, command: int) -> Outcome:
    return await by.store.set_pause(PAUSE, fence=by.fence, command=command)


async def allow(by: LeasedStore, row: Generation, command: int) -> Outcome:
    return await set_person(by, person(), command)


async def note(by: LeasedStore, row: Generation, command: int) -> Outcome:
    return await set_mark(by, command)


Command = Callable[[LeasedStore, Generation, int], Awaitable[Outcome]]
every_command = pytest.mark.parametrize("command", [create, cancel, pause, allow, note])


async def test_nothing_is_handled_at_first(store: GenerationStore) -> None:
    assert await store.get_mark() is None


async def test_without_its_row_the_mark_is_none(store: GenerationStore, database: Database) -> None:
    database.lose_state()
    assert await store.get_mark() is None


@every_command
async def test_what_a_command_does_moves_the_mark_also_when_it_was_done_before(
    worker: LeasedStore, command: Command
) -> None:
    row = await worker.accepted(command_message_id=1)
    assert await command(worker, row, MARK) == Outcome.DONE
    assert await worker.store.get_mark() == MARK
    again = MARK if command in {create, note} else MARK + 1
    assert await command(worker, row, again) == Outcome.ALREADY
    assert await worker.store.get_mark() == again


@every_command
async def test_a_late_command_does_not_take_the_mark_back(
    worker: LeasedStore, command: Command
) -> None:
    row = await worker.accepted(command_message_id=1)
    await set_mark(worker, MARK)
    outcome = await command(worker, row, MARK - 1)
    assert outcome == (Outcome.ALREADY if command is note else Outcome.DONE)
    assert await worker.store.get_mark() == MARK


async def test_reaction_is_accepted_once_and_moves_no_mark(worker: LeasedStore) -> None:
    """Its key is below all ids, and may need all 64 bits."""
    await set_mark(worker, MARK)
    for key in (-1, -(2**63)):
        made = await worker.accepted(command_message_id=key)
        assert made.command_message_id == key
        again = await worker.create(new_generation(command_message_id=key))
        assert (again.outcome, again.row) == (Outcome.ALREADY, made)
    assert await worker.store.get_mark() == MARK


@every_command
async def test_an_outdated_fence_changes_nothing_and_moves_no_mark(
    worker: LeasedStore, database: Database, command: Command
) -> None:
    row = await worker.accepted(command_message_id=MARK)
    for outdated in (worker.fence - 1, worker.fence + 1):
        stale = LeasedStore(worker.store, outdated)
        assert await command(stale, row, MARK + 1) == Outcome.STALE_FENCE
    assert await worker.store.get_mark() == MARK
    assert await worker.store.get_pause() is None
    assert await worker.store.list_people() == []
    assert await worker.store.list_queue(9) == [row]


async def test_a_conflict_moves_no_mark(worker: LeasedStore) -> None:
    row = await worker.accepted(command_message_id=MARK)
    taken = await worker.create(new_generation(code=row.code, command_message_id=MARK + 1))
    assert taken.outcome == Outcome.CONFLICT
    moved = await worker.moved(row, Status.CANCELLED)
    late = await worker.store.update_generation(
        row, replace(row, echo="late"), event="test", fence=worker.fence, command=MARK + 1
    )
    assert (late.outcome, late.generation) == (Outcome.CONFLICT, moved)
    assert await worker.store.get_mark() == MARK


async def test_what_no_command_asked_for_moves_no_mark(worker: LeasedStore) -> None:
    row = await worker.accepted(command_message_id=MARK)
    await worker.moved(row, Status.CANCELLED)
    await worker.store.set_pause(PAUSE, fence=worker.fence)
    assert await worker.store.get_mark() == MARK


async def test_a_mark_at_the_same_message_was_there_already(worker: LeasedStore) -> None:
    outcomes = [await set_mark(worker, mark) for mark in (LARGEST - 1, LARGEST - 1, LARGEST)]
    assert outcomes == [Outcome.DONE, Outcome.ALREADY, Outcome.DONE]
    assert await worker.store.get_mark() == LARGEST


async def test_racing_marks_end_at_the_latest(worker: LeasedStore, twin: LeasedStore) -> None:
    marks = [MARK + number for number in range(12)]
    random.shuffle(marks)
    await asyncio.gather(
        *(set_mark(by, mark) for by, mark in zip([worker, twin] * 6, marks, strict=True))
    )
    assert await worker.store.get_mark() == max(marks)


async def test_the_mark_and_the_people_outlive_the_process(
    worker: LeasedStore, database: Database
) -> None:
    await set_person(worker, person(), MARK)
    await database.holder_dies(worker.store)
    restarted = await database.open()
    assert (await restarted.get_mark(), await restarted.list_people()) == (MARK, [person()])
    await restarted.close()


async def test_a_resume_by_command_moves_the_mark(worker: LeasedStore) -> None:
    await pause(worker, await worker.accepted(command_message_id=1), MARK)
    resumed = await worker.store.set_pause(None, fence=worker.fence, command=MARK + 1)
    assert (resumed, await worker.store.get_pause()) == (Outcome.DONE, None)
    assert await worker.store.get_mark() == MARK + 1


async def test_nobody_is_known_at_first(store: GenerationStore) -> None:
    assert await store.list_people() == []


async def test_people_are_kept_by_id_with_who_said_so_and_when(worker: LeasedStore) -> None:
    elsewhere = datetime(2026, 11, 22, 13, 30, 0, 123456, timezone(timedelta(hours=1)))
    people = [
        person(id=ANN, allowed=False, since=elsewhere),
        person(),
        person(id=LARGEST, by=LARGEST - 1),
    ]
    for one in reversed(people):
        assert await set_person(worker, one) == Outcome.DONE
    assert await worker.store.list_people() == people


async def test_who_was_allowed_can_be_denied_and_the_other_way_round(worker: LeasedStore) -> None:
    for allowed in (True, False, True):
        wanted = person(allowed=allowed, since=NOW + timedelta(days=allowed))
        assert await set_person(worker, wanted) == Outcome.DONE
        assert await worker.store.list_people() == [wanted]


@pytest.mark.parametrize("allowed", [True, False])
async def test_who_said_so_first_stays(worker: LeasedStore, allowed: bool) -> None:
    first = person(allowed=allowed)
    await set_person(worker, first)
    again = person(allowed=allowed, by=ANN, since=NOW + timedelta(days=1))
    assert await set_person(worker, again) == Outcome.ALREADY
    assert await worker.store.list_people() == [first]


async def test_the_queue_is_listed_in_the_order_of_the_claims(worker: LeasedStore) -> None:
    for author in (ANN, ANN, ANN, BEN, CLEO, BEN):
        await worker.accepted(author_id=author)
    queue = await worker.store.list_queue(9)
    assert [row.author_id for row in queue] == [ANN, BEN, CLEO, ANN, BEN, ANN]
    places = [await worker.store.place_in_queue(row.id) for row in queue]
    assert places == list(range(6))
    claimed = [
        await worker.moved(done(await worker.claim()), Status.FAILED) for _ in range(len(queue))
    ]
    assert [row.id for row in claimed] == [row.id for row in queue]


async def test_the_list_of_the_queue_has_its_beginning_and_nothing_that_does_not_wait(
    worker: LeasedStore,
) -> None:
    await worker.claimed()
    await worker.moved(await worker.accepted(), Status.CANCELLED)
    waiting = [await worker.accepted() for _ in range(3)]
    assert await worker.store.list_queue(2) == waiting[:2]
    assert await worker.store.list_queue(9) == waiting


async def test_the_load_counts_who_waits_in_all_and_of_one_person(worker: LeasedStore) -> None:
    await worker.claimed(author_id=ANN)
    await worker.moved(await worker.accepted(author_id=ANN), Status.CANCELLED)
    for author in (ANN, BEN, ANN):
        await worker.accepted(author_id=author)
    loads = [await worker.store.get_load(author, NOW) for author in (ANN, BEN, CLEO)]
    assert [(load.waiting, load.own_waiting) for load in loads] == [(3, 2), (3, 1), (3, 0)]


async def test_the_load_counts_what_somebody_asked_for_since_a_time(
    worker: LeasedStore, database: Database
) -> None:
    """It includes ended generations, but nothing from other people."""
    rows: list[Generation] = []
    for _ in range(3):
        rows.append(await worker.moved(await worker.accepted(author_id=ANN), Status.CANCELLED))
        database.later()
    await worker.accepted(author_id=BEN)
    times = [row.created_at for row in rows]
    moment = timedelta(microseconds=1)
    assert [await lately(worker, since) for since in (NOW - moment, *times, times[2] + moment)] == [
        (3, times[2]),
        (3, times[2]),
        (2, times[2]),
        (1, times[2]),
        (0, None),
    ]


async def lately(worker: LeasedStore, since: datetime) -> tuple[int, datetime | None]:
    load = await worker.store.get_load(ANN, since)
    return load.own_lately, load.own_last


async def test_somebody_with_a_large_number_has_a_load(worker: LeasedStore) -> None:
    await worker.accepted(author_id=LARGEST - 1)
    load = await worker.store.get_load(LARGEST - 1, NOW - timedelta(days=999))
    assert (load.waiting, load.own_waiting, load.own_lately) == (1, 1, 1)
