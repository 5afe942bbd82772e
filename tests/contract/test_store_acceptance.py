"""The store's contract: commands are accepted within bounds, and told what their answer says."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.acceptance import REFUSALS, Bounds
from domain.generation import Generation, Problem, ProblemKind, Status
from domain.ports import Acceptance, Outcome
from tests.builders import ANN, NOW, new_generation
from tests.contract.databases import LeasedStore, done

BEN = 1002
LONG_AGO = NOW - timedelta(days=9999)
LONG_SINCE = NOW + timedelta(days=9999)
NO_BOUNDS = Bounds(since=LONG_AGO)


async def accept(worker: LeasedStore, bounds: Bounds | None, **changes: int) -> Acceptance:
    new = new_generation(**changes)
    return await worker.store.create_generation(new, fence=worker.fence, bounds=bounds)


async def refused(worker: LeasedStore, kind: ProblemKind = ProblemKind.REFUSED) -> Generation:
    row = await worker.accepted()
    return done(
        await worker.update(row, replace(row, status=Status.FAILED, problem=Problem(kind, "no")))
    )


@pytest.mark.parametrize("bounds", [None, NO_BOUNDS, Bounds(since=LONG_AGO, waiting=4)])
async def test_an_accepted_command_is_told_its_place(
    worker: LeasedStore, bounds: Bounds | None
) -> None:
    await worker.claimed()
    places = [(await accept(worker, bounds, author_id=one)).place for one in (ANN, BEN, BEN)]
    assert places == [1, 2, 3]


@pytest.mark.parametrize(
    ("bounds", "others"),
    [
        (replace(NO_BOUNDS, waiting=1), Outcome.OVER_QUOTA),
        (replace(NO_BOUNDS, own_waiting=1), Outcome.DONE),
        (replace(NO_BOUNDS, own_lately=1), Outcome.DONE),
        (replace(NO_BOUNDS, own_last=LONG_AGO), Outcome.DONE),
    ],
    ids=["waiting", "own_waiting", "own_lately", "own_last"],
)
async def test_a_command_that_is_one_too_many_changes_nothing_and_is_told_why(
    worker: LeasedStore, bounds: Bounds, others: Outcome
) -> None:
    await accept(worker, bounds, command_message_id=5)
    over = await accept(worker, bounds, command_message_id=6)
    assert (over.outcome, over.generation) == (Outcome.OVER_QUOTA, None)
    assert over.standing is not None
    assert over.standing.load == await worker.store.get_load(ANN, LONG_AGO)
    assert await worker.store.get_mark() == 5
    assert (await accept(worker, bounds, author_id=BEN)).outcome == others


@pytest.mark.parametrize("bounds", [NO_BOUNDS, Bounds(since=LONG_SINCE, own_lately=1)])
async def test_what_is_no_matter_stops_no_command(worker: LeasedStore, bounds: Bounds) -> None:
    for _ in range(2):
        assert (await accept(worker, bounds)).outcome == Outcome.DONE
    later = replace(NO_BOUNDS, own_last=LONG_SINCE, waiting=4)
    assert (await accept(worker, later)).outcome == Outcome.DONE


async def test_refusals_in_a_row_stop_the_next_command_of_that_person(worker: LeasedStore) -> None:
    bounds = replace(NO_BOUNDS, refused=LONG_AGO)
    rows: list[Generation] = []
    for _ in range(REFUSALS):
        assert (await accept(worker, bounds)).outcome == Outcome.DONE
        rows.insert(0, await refused(worker))
    over = await accept(worker, bounds)
    assert over.standing is not None
    assert (over.outcome, over.standing.failed) == (Outcome.OVER_QUOTA, rows)
    assert (await accept(worker, bounds, author_id=BEN)).outcome == Outcome.DONE
    since = replace(NO_BOUNDS, refused=LONG_SINCE)
    assert (await accept(worker, since)).outcome == Outcome.DONE
    await refused(worker, ProblemKind.BROKEN)
    assert (await accept(worker, bounds)).outcome == Outcome.DONE


async def test_a_command_that_was_accepted_before_is_never_one_too_many(
    worker: LeasedStore,
) -> None:
    bounds = replace(NO_BOUNDS, waiting=1)
    row = done(await accept(worker, bounds, command_message_id=7))
    again = await accept(worker, bounds, command_message_id=7)
    assert again == Acceptance(Outcome.ALREADY, row)


async def test_who_lost_the_lease_accepts_nothing(worker: LeasedStore) -> None:
    stale = replace(NO_BOUNDS, waiting=1)
    found = await worker.store.create_generation(
        new_generation(), fence=worker.fence - 1, bounds=stale
    )
    assert found == Acceptance(Outcome.STALE_FENCE, None)
