"""The store's contract: a grid in the channel belongs to one generation at most."""

import asyncio
from dataclasses import replace

from domain.generation import Generation, NewGeneration, Status, Step
from domain.ports import Outcome
from domain.requests import by_hand
from domain.slots import Slot
from tests.builders import NOW, grid, new_generation
from tests.contract.databases import Database, LeasedStore, done

GRID = 10**18


def adopted(message_id: int = GRID) -> NewGeneration:
    """Return a generation of a grid that a person made by hand."""
    return by_hand(new_generation(), grid(message_id=message_id), NOW)


def finished(before: Generation, message_id: int = GRID) -> Generation:
    """Return a row after its grid's message."""
    return before.with_step(Slot.GRID, replace(before.step(Slot.GRID), message_id=message_id))


async def test_a_grid_of_another_row_makes_no_new_one(
    worker: LeasedStore, database: Database
) -> None:
    holder = done(await worker.create(adopted()))
    change = await worker.create(adopted())
    assert (change.outcome, change.generation) == (Outcome.GRID_TAKEN, holder)
    assert len(await database.rows("generations")) == 1


async def test_the_command_of_the_holder_is_its_own_again(worker: LeasedStore) -> None:
    """Its answer was lost; it is asked for again."""
    new = adopted()
    holder = done(await worker.create(new))
    again = await worker.create(replace(new, code="another"))
    assert (again.outcome, again.generation) == (Outcome.ALREADY, holder)


async def test_a_command_for_a_taken_grid_is_not_handled(worker: LeasedStore) -> None:
    """Whoever refuses it says so first."""
    await worker.create(replace(adopted(), command_message_id=77))
    await worker.create(replace(adopted(), command_message_id=78))
    other = done(await worker.create(replace(new_generation(), command_message_id=76)))
    await worker.store.update_generation(
        other, finished(other), event="adopted", fence=worker.fence, command=79
    )
    assert await worker.store.get_mark() == 77


async def test_a_row_does_not_take_the_grid_of_another(
    worker: LeasedStore, database: Database
) -> None:
    holder = done(await worker.create(adopted()))
    await worker.moved(holder, Status.CANCELLED)
    row = await worker.moved(await worker.claimed(), Status.SUBMITTED)
    events = await database.rows("generation_events")
    change = await worker.update(row, finished(row))
    assert change.outcome == Outcome.GRID_TAKEN
    assert change.generation == await worker.store.get_generation(holder.id)
    assert await worker.store.get_generation(row.id) == row
    assert await database.rows("generation_events") == events


async def test_a_change_of_an_outdated_row_is_a_conflict_whoever_has_the_grid(
    worker: LeasedStore,
) -> None:
    """It may no longer want the grid."""
    await worker.create(adopted())
    old = await worker.accepted()
    current = done(await worker.update(old, replace(old, echo="newer")))
    change = await worker.update(old, finished(old))
    assert (change.outcome, change.generation) == (Outcome.CONFLICT, current)


async def test_the_holder_changes_and_keeps_its_grid(worker: LeasedStore) -> None:
    holder = done(await worker.create(adopted()))
    changed = done(await worker.update(holder, replace(holder, echo="again")))
    assert await worker.store.get_generation_of_grid(GRID) == changed
    assert await worker.store.get_generation_of_grid(GRID + 1) is None


async def test_a_grid_that_is_given_up_is_anybodys(worker: LeasedStore) -> None:
    holder = done(await worker.create(adopted()))
    done(await worker.update(holder, holder.with_step(Slot.GRID, Step())))
    assert done(await worker.create(adopted())).step(Slot.GRID).message_id == GRID


async def test_two_who_take_a_grid_at_once_have_one_holder(
    worker: LeasedStore, twin: LeasedStore
) -> None:
    """One adopts it, and the other waits for it."""
    row = await worker.moved(await worker.claimed(), Status.SUBMITTED)
    born, taken = await asyncio.gather(worker.create(adopted()), twin.update(row, finished(row)))
    outcomes = sorted([born.outcome, taken.outcome])
    assert outcomes == [Outcome.DONE, Outcome.GRID_TAKEN]
    assert born.generation == taken.generation
    assert born.generation == await worker.store.get_generation_of_grid(GRID)


async def test_two_who_adopt_a_grid_at_once_have_one_holder(
    worker: LeasedStore, twin: LeasedStore
) -> None:
    changes = await asyncio.gather(*(by.create(adopted()) for by in [worker, twin] * 4))
    outcomes = sorted(change.outcome for change in changes)
    assert outcomes == [Outcome.DONE] + [Outcome.GRID_TAKEN] * 7
    assert len({change.row.id for change in changes}) == 1
