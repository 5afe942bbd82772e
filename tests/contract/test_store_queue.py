"""The store's contract: commands are accepted, and claimed one by one."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from domain.generation import ACTIVE, Origin, OriginKind, Status, Step
from domain.ports import GenerationStore, Outcome
from domain.requests import by_hand
from domain.slots import Slot
from tests.builders import ANN, NOW, grid, new_generation, picture, u_buttons
from tests.contract.databases import Database, LeasedStore, done

BEN, CLEO = 1002, 1003


async def test_an_accepted_command_is_a_queued_row_with_all_it_asked_for(
    worker: LeasedStore,
) -> None:
    new = new_generation(
        wanted=(Slot.UPSCALE_2,),
        origin=Origin(kind=OriginKind.VARIATION, parent_id=str(UUID(int=7)), index=3),
    )
    row = done(await worker.create(new))
    asked = {name: getattr(row, name) for name in new.__dataclass_fields__}
    assert asked == {name: getattr(new, name) for name in new.__dataclass_fields__}
    assert (row.status, row.progress, row.turn, row.steps) == (
        Status.QUEUED,
        0.0,
        1,
        tuple(Step() for _ in Slot),
    )
    assert row.created_at == row.updated_at


async def test_the_same_command_message_twice_is_one_row(worker: LeasedStore) -> None:
    first = await worker.accepted(command_message_id=77)
    again = await worker.create(new_generation(command_message_id=77))
    assert (again.outcome, again.generation) == (Outcome.ALREADY, first)


async def test_the_same_command_message_at_once_is_one_row(
    worker: LeasedStore, twin: LeasedStore
) -> None:
    news = [new_generation(command_message_id=77) for _ in range(8)]
    changes = await asyncio.gather(
        *(by.create(new) for by, new in zip([worker, twin] * 4, news, strict=True)),
    )
    assert sorted(change.outcome for change in changes) == [Outcome.ALREADY] * 7 + [Outcome.DONE]
    assert len({change.generation.id for change in changes if change.generation}) == 1


async def test_a_grid_made_by_hand_is_known_from_the_start(worker: LeasedStore) -> None:
    new = by_hand(new_generation(), grid(buttons=u_buttons(pressed=(2,)), flags=64), NOW)
    row = done(await worker.create(new))
    assert {name: getattr(row, name) for name in new.__dataclass_fields__} == {
        name: getattr(new, name) for name in new.__dataclass_fields__
    }
    assert await worker.store.get_generation_of_grid(grid().message_id) == row
    assert done(await worker.claim()).status == Status.SUBMITTED


@pytest.mark.parametrize("taken", ["id", "code"])
async def test_an_id_or_code_that_is_taken_makes_no_row(
    worker: LeasedStore, database: Database, taken: str
) -> None:
    first = await worker.accepted()
    change = await worker.create(new_generation(**{taken: getattr(first, taken)}))
    assert (change.outcome, change.generation) == (Outcome.CONFLICT, None)
    assert len(await database.rows("generations")) == 1


async def test_people_alternate(worker: LeasedStore) -> None:
    """Somebody who requests three at once does not make the others wait for all three."""
    for author, prompt in [(ANN, "a1"), (ANN, "a2"), (ANN, "a3"), (BEN, "b1"), (CLEO, "c1")]:
        await worker.accepted(author_id=author, prompt=prompt)
    order: list[str] = []
    while (change := await worker.claim()).generation is not None:
        order.append(change.generation.prompt)
        if order == ["a1"]:
            await worker.accepted(author_id=BEN, prompt="b2")
        await worker.moved(change.generation, Status.FAILED)
    assert order == ["a1", "b1", "c1", "a2", "b2", "a3"]


async def test_a_newcomer_comes_after_the_turn_last_claimed(worker: LeasedStore) -> None:
    """Turns do not start at zero for each person, or newcomers would always go first."""
    for _ in range(3):
        await worker.moved(await worker.claimed(author_id=ANN), Status.FAILED)
    assert (await worker.accepted(author_id=BEN)).turn == 4


async def test_the_turn_last_claimed_never_goes_back(worker: LeasedStore) -> None:
    old = await worker.claimed(author_id=ANN)
    await worker.moved(old, Status.FAILED)
    await worker.moved(await worker.claimed(author_id=ANN), Status.FAILED)
    failed = await worker.store.get_generation(old.id)
    assert failed is not None
    await worker.moved(failed, Status.QUEUED)
    assert done(await worker.claim()).turn == 1
    assert (await worker.accepted(author_id=BEN)).turn == 3


async def test_a_claim_makes_the_first_in_the_queue_active(worker: LeasedStore) -> None:
    first, second = await worker.accepted(), await worker.accepted()
    claimed = done(await worker.claim())
    assert (claimed.id, claimed.status, claimed.version) == (
        first.id,
        Status.SUBMITTING,
        first.version + 1,
    )
    assert await worker.store.get_processing_generation() == claimed
    assert await worker.store.get_generation(second.id) == second


async def test_a_claim_with_one_active_returns_that_one(worker: LeasedStore) -> None:
    active = await worker.claimed()
    await worker.accepted()
    change = await worker.claim()
    assert (change.outcome, change.generation) == (Outcome.ALREADY, active)


@pytest.mark.parametrize("status", sorted(ACTIVE))
async def test_every_active_status_keeps_the_next_one_waiting(
    worker: LeasedStore, status: Status
) -> None:
    path = {
        Status.SUBMITTING: (),
        Status.SUBMITTED: (Status.SUBMITTED,),
        Status.GRID_COMPLETED: (Status.SUBMITTED, Status.GRID_COMPLETED),
        Status.VARIATIONS_IN_PROGRESS: (
            Status.SUBMITTED,
            Status.GRID_COMPLETED,
            Status.VARIATIONS_IN_PROGRESS,
        ),
    }[status]
    active = await worker.moved(await worker.claimed(), *path)
    await worker.accepted()
    change = await worker.claim()
    assert (change.outcome, change.generation) == (Outcome.ALREADY, active)


async def test_nothing_to_claim_is_a_conflict_without_a_row(worker: LeasedStore) -> None:
    change = await worker.claim()
    assert (change.outcome, change.generation) == (Outcome.CONFLICT, None)


async def test_what_must_wait_is_passed_over_until_its_time(worker: LeasedStore) -> None:
    later = NOW + timedelta(seconds=1)
    held = await worker.accepted()
    held = done(await worker.update(held, replace(held, not_before=later)))
    free = await worker.accepted()
    assert done(await worker.claim()).id == free.id
    active = await worker.store.get_processing_generation()
    assert active is not None
    await worker.moved(active, Status.FAILED)
    assert (await worker.claim()).generation is None
    at_its_time = await worker.store.claim_next(now=later, fence=worker.fence)
    assert done(at_its_time).id == held.id


async def test_a_claim_goes_on_with_the_first_missing_step(worker: LeasedStore) -> None:
    asked = await worker.claimed()
    heard = asked.with_step(Slot.GRID, replace(asked.step(Slot.GRID), accepted_at=NOW))
    done(await worker.update(asked, replace(heard, status=Status.QUEUED)))
    submitted = done(await worker.claim())
    assert submitted.status == Status.SUBMITTED
    with_grid = done(await worker.record(submitted, Slot.GRID))
    await worker.moved(with_grid, Status.FAILED, Status.QUEUED)
    assert done(await worker.claim()).status == Status.VARIATIONS_IN_PROGRESS


async def test_racing_claims_have_one_winner_and_it_is_the_first_in_the_queue(
    worker: LeasedStore, twin: LeasedStore
) -> None:
    waiting = [await worker.accepted(author_id=author) for author in (ANN, ANN, BEN, CLEO)]
    in_order = sorted(waiting, key=lambda generation: (generation.turn, generation.seq))
    assert [generation.author_id for generation in in_order] == [ANN, BEN, CLEO, ANN]
    for first in in_order:
        changes = await asyncio.gather(*(by.claim() for by in [worker, twin] * 6))
        winners = [change for change in changes if change.outcome == Outcome.DONE]
        assert [done(winner).id for winner in winners] == [first.id]
        assert {change.generation for change in changes} == {winners[0].generation}
        await worker.moved(done(winners[0]), Status.CANCELLED)


async def test_the_place_counts_who_comes_before_and_who_is_active(worker: LeasedStore) -> None:
    store = worker.store
    first = await worker.claimed(author_id=ANN)
    second, third = [await worker.accepted(author_id=ANN) for _ in range(2)]
    newcomer = await worker.accepted(author_id=BEN)
    waiting = (second, newcomer, third)
    assert [await store.place_in_queue(one.id) for one in waiting] == [1, 2, 3]
    await worker.moved(first, Status.FAILED)
    assert [await store.place_in_queue(one.id) for one in waiting] == [0, 1, 2]


async def test_who_does_not_wait_has_no_place(worker: LeasedStore, store: GenerationStore) -> None:
    active = await worker.claimed()
    await worker.accepted()
    assert await store.place_in_queue(active.id) == 0
    assert await store.place_in_queue("unknown") == 0


async def test_a_picture_recorded_while_waiting_shortens_the_work(worker: LeasedStore) -> None:
    waiting = await worker.accepted()
    grid = picture(waiting.id, Slot.GRID)
    recorded = await worker.record(waiting, Slot.GRID)
    assert (done(recorded).status, done(recorded).step(Slot.GRID).picture) == (
        Status.QUEUED,
        grid,
    )
    assert done(await worker.claim()).status == Status.VARIATIONS_IN_PROGRESS
