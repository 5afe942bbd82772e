"""Files from before a grid belonged to one generation: nothing is lost, and the oldest has it."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from domain.generation import Generation
from domain.ports import Outcome
from services.database.rows import new_row, time_text
from services.database.sqlite import SqliteGenerationStore
from services.database.sqlite import migrations as migrations_module
from services.database.sqlite.migrations import SCRIPTS
from services.database.sqlite.reader import encoded
from tests.builders import NOW, new_generation
from tests.contract.databases import LeasedStore, done
from tests.contract.test_store_grids import GRID, adopted, finished

BEFORE = 7
"""The version of the schema in which several could have the same grid."""


@pytest.fixture
async def older(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a file of that version: three rows with one grid, one with its own, one without."""
    path = tmp_path / "atelier.sqlite3"
    with monkeypatch.context() as before:
        before.setattr(migrations_module, "SCRIPTS", SCRIPTS[:BEFORE])
        before.setattr(migrations_module, "VERSION", BEFORE)
        await (await SqliteGenerationStore.open(path)).close()
    news = [*(adopted() for _ in range(3)), adopted(GRID + 1), new_generation()]
    with closing(sqlite3.connect(path, isolation_level=None)) as plain:
        for number, new in enumerate(news, start=1):
            times = {"created_at": time_text(NOW), "updated_at": time_text(NOW), "turn": number}
            row = encoded(new_row(new)) | times | {"code": f"code{number}"}
            names, marks = ", ".join(row), ", ".join(f":{name}" for name in row)
            plain.execute(f"INSERT INTO generations ({names}) VALUES ({marks})", row)  # noqa: S608 -- a test's own words
    return path


async def found(store: SqliteGenerationStore) -> list[Generation]:
    rows = [await store.get_generation(f"code{number}") for number in range(1, 6)]
    return [row for row in rows if row is not None]


async def test_all_keep_the_grid_and_it_counts_as_that_of_the_oldest(older: Path) -> None:
    store = await SqliteGenerationStore.open(older)
    rows = await found(store)
    assert [row.grid_copy for row in rows] == [0, 1, 2, 0, 0]
    assert [row.steps[0].message_id for row in rows] == [GRID, GRID, GRID, GRID + 1, None]
    assert {(row.version, row.updated_at) for row in rows} == {(1, NOW)}
    assert await store.get_generation_of_grid(GRID) == rows[0]
    await store.close()


async def test_nobody_else_gets_it_and_all_of_them_go_on(older: Path) -> None:
    store = await SqliteGenerationStore.open(older)
    worker = LeasedStore(store, (await store.acquire_lease("test", 30)).fence)
    oldest, younger, *_, without = await found(store)
    assert (await worker.create(adopted())).outcome == Outcome.GRID_TAKEN
    change = await worker.update(without, finished(without))
    assert (change.outcome, change.generation) == (Outcome.GRID_TAKEN, oldest)
    for row in (oldest, younger):
        again = done(await worker.update(row, finished(row).with_step(row.wanted[0], row.steps[0])))
        assert (again.grid_copy, again.version) == (row.grid_copy, 2)
    await store.close()
