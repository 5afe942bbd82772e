"""What people type reaches the database as a value: it is never read as SQL, nor as a pattern."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from domain.collection import search_words
from domain.generation import Generation
from domain.ports import Query
from domain.prompt_parts import Preset
from tests.builders import CHANNEL
from tests.contract.databases import Database, LeasedStore, done

HOSTILE = (
    "'; DROP TABLE generations; --",
    "' OR '1'='1",
    "') UNION SELECT id FROM people --",
    '" OR ""="',
    "x%' OR prompt LIKE '%",
    "%",
    "_",
    "*",
    "\\",
    "a'||pg_sleep(10)||'",
    "$$; delete from generations; $$",
    "fox:*",
    "fox & !boat",
    "fox <-> boat",
    'fox" OR prompt:"boat',
    "NEAR(fox boat, 9)",
    "prompt : fox",
    "^fox",
    "{fox,boat}",
    "prompt.eq.fox,or(status.eq.completed)",
    "select=*&limit=1000",
    "\u0000fox",
    "\ud800fox",
    "fox\u2028boat",
)


async def everything(database: Database) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    return await database.rows("generations"), await database.rows("generation_events")


@pytest.fixture
async def kept(worker: LeasedStore) -> list[Generation]:
    return [await worker.accepted(prompt=prompt) for prompt in ("a fox", "a boat")]


async def test_no_search_reads_or_changes_more_than_it_says(
    worker: LeasedStore, database: Database, kept: list[Generation]
) -> None:
    before, collection = await everything(database), worker.store.collection
    for text in HOSTILE:
        words = search_words(text)
        if words:
            found = await collection.search(CHANNEL, words, offset=0, limit=9)
            letters = ["".join(filter(str.isalnum, word)) for word in words]
            assert all(each in row.prompt for row in found for each in letters), text
    assert await everything(database) == before
    assert len(kept) == 2


async def test_no_name_of_a_generation_finds_another(
    worker: LeasedStore, database: Database, kept: list[Generation]
) -> None:
    before = await everything(database)
    for text in (*HOSTILE, kept[0].id.replace("-", "_"), f"{kept[0].code}%", f"{kept[0].code}' --"):
        assert await worker.store.get_generation(text) is None
        assert len(await worker.store.list_generations(Query(limit=9))) == 2
    assert await everything(database) == before


async def test_every_prompt_and_preset_comes_back_as_it_was_typed(worker: LeasedStore) -> None:
    typed = [text for text in HOSTILE if "\0" not in text and "\ud800" not in text]
    for number, text in enumerate(typed, 1):
        row = await worker.accepted(prompt=text)
        row = done(await worker.update(row, replace(row, echo=text)))
        read = await worker.store.get_generation(row.id)
        assert read is not None
        assert (read.prompt, read.echo) == (text, text)
        preset = Preset(channel_id=CHANNEL, name=f"n{number}", words=text, by=1, by_name=text)
        await worker.store.parts.set_preset(preset, fence=worker.fence, command=number)
        assert preset in await worker.store.parts.list_presets(CHANNEL)
    assert len(await worker.store.list_generations(Query(limit=99))) == len(typed)
