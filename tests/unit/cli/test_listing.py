import json
from collections.abc import AsyncIterator, Collection
from dataclasses import replace
from datetime import timedelta, timezone
from pathlib import Path

import pytest

from cli.listing import as_json, as_table
from domain.archive import StoredObject
from domain.generation import Generation, Origin, OriginKind, Problem, ProblemKind, Status
from domain.slots import Slot, picture_key
from services.database.rows import to_row
from tests.builders import NOW, generation, picture

BIG = 2**53 + 1
ID = "7c9e6679-7425-40de-944b-e07fc1f90ae7"


class FakeImages:
    """An image store that only knows addresses."""

    async def put(self, key: str, source: Path) -> None:
        raise NotImplementedError

    async def url(self, key: str) -> str:
        return f"http://pictures.test/{key}"

    def path(self, key: str) -> Path | None:
        raise NotImplementedError

    def list_generations(self) -> AsyncIterator[frozenset[str]]:
        raise NotImplementedError

    async def list_objects(self, generation_id: str) -> list[StoredObject]:
        raise NotImplementedError

    async def delete(self, keys: Collection[str]) -> None:
        raise NotImplementedError

    async def close(self) -> None:
        raise NotImplementedError


def with_pictures(before: Generation, *slots: Slot) -> Generation:
    for slot in slots:
        step = replace(before.step(slot), picture=picture(before.id, slot))
        before = before.with_step(slot, step)
    return before


LATER = NOW.astimezone(timezone(timedelta(hours=2))) + timedelta(seconds=90)
RECORD = generation(
    Status.VARIATIONS_IN_PROGRESS,
    id=ID,
    code="ab23cd",
    progress=62.5,
    author_id=BIG,
    guild_id=BIG + 1,
    channel_id=BIG + 2,
    command_message_id=BIG + 3,
    status_message_id=BIG + 4,
    wanted=(Slot.UPSCALE_2, Slot.UPSCALE_4),
    origin=Origin(kind=OriginKind.VARIATION, parent_id="p", index=3),
    problem=Problem(ProblemKind.STOPPED),
    submitted_at=LATER,
)
OBJECT = {
    "id": ID,
    "code": "ab23cd",
    "status": "variations_in_progress",
    "progress": 62.5,
    "prompt": "a lighthouse at dusk --ar 3:2",
    "author_id": "9007199254740993",
    "author_name": "Ann",
    "guild_id": "9007199254740994",
    "channel_id": "9007199254740995",
    "command_message_id": "9007199254740996",
    "status_message_id": "9007199254740997",
    "notice_message_id": None,
    "origin_kind": "variation",
    "parent_id": "p",
    "parent_index": 3,
    "wanted": [2, 4],
    "grid_url": f"http://pictures.test/{ID}/grid.png",
    "upscale_1_url": None,
    "upscale_2_url": f"http://pictures.test/{ID}/upscale_2.png",
    "upscale_3_url": None,
    "upscale_4_url": None,
    "error": "stopped",
    "created_at": "2026-11-22T12:00:00.000000+00:00",
    "updated_at": "2026-11-22T12:00:00.000000+00:00",
    "submitted_at": "2026-11-22T12:01:30.000000+00:00",
    "completed_at": None,
    "archived_at": None,
}


async def test_object_tells_everything_about_a_generation() -> None:
    assert await as_json(with_pictures(RECORD, Slot.GRID, Slot.UPSCALE_2), FakeImages()) == OBJECT


async def test_object_has_the_same_keys_in_the_same_order_in_every_state() -> None:
    waiting = generation()
    done = with_pictures(generation(Status.COMPLETED, completed_at=NOW), *Slot)
    order = list(await as_json(waiting, FakeImages()))
    assert list(await as_json(done, FakeImages())) == order
    assert order[:4] == ["id", "code", "status", "progress"]
    assert order[-1] == "archived_at"


async def test_objects_keys_are_names_of_columns() -> None:
    record = generation()
    assert set(await as_json(record, FakeImages())) <= set(to_row(record))


async def test_object_can_be_written_as_json_as_it_is() -> None:
    facts = await as_json(with_pictures(generation(), *Slot), FakeImages())
    assert json.loads(json.dumps(facts)) == facts


async def test_link_is_made_from_the_key_that_was_stored() -> None:
    record = generation()
    stored = picture("elsewhere", Slot.GRID)
    step = replace(record.step(Slot.GRID), picture=stored)
    facts = await as_json(record.with_step(Slot.GRID, step), FakeImages())
    assert facts["grid_url"] == f"http://pictures.test/{picture_key('elsewhere', Slot.GRID)}"


def test_table_has_a_line_for_each_generation_in_columns() -> None:
    yesterday = NOW - timedelta(days=1)
    table = as_table(
        [
            generation(Status.GRID_COMPLETED, code="ab23cd", progress=50.0, prompt="a cat"),
            generation(code="ef45gh", author_name="Maximilian", created_at=yesterday, prompt="dog"),
            generation(Status.COMPLETED, code="jk67mn", progress=62.5, prompt="a bird"),
        ]
    )
    assert table.splitlines() == [
        "CODE    STATUS          PROGRESS  CREATED (UTC)     AUTHOR      PROMPT",
        "ab23cd  grid_completed  50 %      2026-11-22 12:00  Ann         a cat",
        "ef45gh  queued          0 %       2026-11-21 12:00  Maximilian  dog",
        "jk67mn  completed       62.5 %    2026-11-22 12:00  Ann         a bird",
    ]


def test_table_of_nothing_is_the_heading() -> None:
    assert as_table([]) == "CODE  STATUS  PROGRESS  CREATED (UTC)  AUTHOR  PROMPT"


def test_long_prompt_is_cut_in_the_table() -> None:
    fits, long = "x" * 60, "y" * 61
    lines = as_table([generation(prompt=fits), generation(prompt=long)]).splitlines()
    assert lines[1].endswith(f"  {fits}")
    assert lines[2].endswith(f"  {'y' * 59}…")


def test_nothing_in_a_name_or_prompt_moves_the_cursor() -> None:
    table = as_table([generation(author_name="A\x1b[2Jnn", prompt="one\ntwo\r\u202ethree")])
    assert table.splitlines()[1].endswith("  A [2Jnn  one two  three")


@pytest.mark.parametrize("column", ["archiving_at", "archived_at"])
async def test_what_was_cleaned_away_has_no_links(column: str) -> None:
    """Nor what is being deleted at this moment."""
    record = with_pictures(generation(Status.COMPLETED, **{column: NOW}), *Slot)
    facts = await as_json(record, FakeImages())
    assert {facts[f"{slot.title}_url"] for slot in Slot} == {None}
    assert facts["archived_at"] == "2026-11-22T12:00:00.000000+00:00"
    assert "completed, archived" in as_table([record])
