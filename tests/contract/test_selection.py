"""The filters of `bot.py list`, on each database."""

import argparse
from datetime import timedelta
from typing import cast

import pytest

from cli.selection import Selection, add_arguments, select
from domain.errors import AtelierError
from domain.generation import Generation, Status
from domain.ports import GenerationReader, GenerationStore, Query
from tests.builders import ANN, NOW, generation
from tests.contract.databases import LeasedStore

BEN = 1002


def asked(*arguments: object) -> Selection:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    return Selection.of(parser.parse_args([str(argument) for argument in arguments]))


async def listed(store: GenerationStore, *arguments: object) -> list[Generation]:
    return await select(store, asked(*arguments), NOW)


async def ended(worker: LeasedStore, status: Status, author: int) -> Generation:
    return await worker.moved(await worker.accepted(author_id=author), status)


async def test_a_list_is_of_a_person_and_some_statuses_page_by_page(worker: LeasedStore) -> None:
    first = await ended(worker, Status.FAILED, BEN)
    await ended(worker, Status.FAILED, ANN)
    second = await ended(worker, Status.CANCELLED, BEN)
    await worker.accepted(author_id=BEN)
    wanted = ("--by", BEN, "--status", "failed,cancelled", "--limit", 1)
    assert await listed(worker.store, *wanted) == [second]
    assert await listed(worker.store, *wanted, "--before", second.code.upper()) == [first]
    assert await listed(worker.store, *wanted, "--before", first.id) == []


async def test_without_more_the_latest_are_listed(worker: LeasedStore) -> None:
    rows = [await worker.accepted() for _ in range(3)]
    assert await listed(worker.store) == rows[::-1]


async def test_what_is_too_old_is_left_out(worker: LeasedStore) -> None:
    rows = [await worker.accepted() for _ in range(2)]
    later = rows[1].created_at + timedelta(hours=2)
    assert await select(worker.store, asked("--since", "3h"), later) == rows[::-1]
    assert await select(worker.store, asked("--since", "119m"), later) == []


async def test_newest_first_is_also_the_order_in_time(worker: LeasedStore) -> None:
    """Otherwise those that are too old would not be at the end of a page."""
    for _ in range(3):
        await worker.accepted()
    times = [row.created_at for row in await worker.store.list_generations(Query())]
    assert times == sorted(times, reverse=True)


async def test_an_unknown_page_before_is_one_sentence(worker: LeasedStore) -> None:
    with pytest.raises(AtelierError, match=r"^There is no generation zzzzzz\.$"):
        await listed(worker.store, "--before", "zzzzzz")


class OneGeneration:
    """A reader with one generation created at noon."""

    async def list_generations(self, query: Query) -> list[Generation]:
        return [generation(created_at=NOW)]


@pytest.mark.parametrize(("late", "count"), [(0, 1), (1, 0)])
async def test_an_age_includes_its_limit(late: int, count: int) -> None:
    now = NOW + timedelta(days=7, microseconds=late)
    shelf = cast("GenerationReader", OneGeneration())
    assert len(await select(shelf, asked("--since", "7d"), now)) == count


@pytest.mark.parametrize(
    ("text", "age"),
    [("30m", {"minutes": 30}), ("12h", {"hours": 12}), ("7d", {"days": 7}), ("4w", {"weeks": 4})],
)
def test_ages_are_a_number_and_a_unit(text: str, age: dict[str, int]) -> None:
    assert asked("--since", text).age == timedelta(**age)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--by", "ann"), "'ann' is not the id of a person"),
        (("--by", 2**63), "is not the id of a person"),
        (("--status", "failed,done"), "'failed,done' is not one of: queued, submitting"),
        (("--since", "7"), "'7' is no age like 30m, 12h, 7d or 4w"),
        (("--limit", "0"), "'0' is not a number from 1 to 1000"),
        (("--limit", "1001"), "is not a number from 1 to 1000"),
    ],
    ids=repr,
)
def test_what_makes_no_sense_is_refused_with_what_does(
    arguments: tuple[object, ...], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        asked(*arguments)
    assert end.value.code == 2
    assert words in capsys.readouterr().err
