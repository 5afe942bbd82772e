"""Projects from before a grid belonged to one generation: nothing is lost, the oldest has it."""

from collections.abc import Generator
from typing import Any, NamedTuple

import pytest
from psycopg import errors
from psycopg.types.json import Jsonb

from domain.generation import Generation
from domain.slots import Slot
from services.database.migrate import migrate
from services.database.rows import from_row, new_row, writable
from services.database.supabase.functions import json_text
from services.database.supabase.schema import SCRIPTS
from tests.contract.test_store_grids import GRID, adopted, finished
from tests.postgres.cluster import Provoked
from tests.postgres.plain import PlainDatabase, stored
from tools.postgres import Cluster

pytestmark = pytest.mark.postgres

SCRIPT = "20261129113000_one_grid.sql"
ROWS = "SELECT * FROM generations ORDER BY seq"
EVENTS = "SELECT count(*) FROM generation_events"
TAKEN = 'duplicate key value violates unique constraint "one_grid"'


class OlderProject(NamedTuple):
    """A project with an older schema; `migrate` brings it up to date."""

    url: str
    plain: PlainDatabase


@pytest.fixture
def older(cluster: Cluster) -> Generator[OlderProject]:
    """Yield a project before that: three rows with one grid, one with its own, one without."""
    url = cluster.new_database("empty")
    with PlainDatabase.on(url) as plain:
        for script in SCRIPTS:
            if script.name < SCRIPT:
                plain.connection.execute(script.read_bytes())
        for grid in (*[GRID] * 3, GRID + 1, None):
            row = stored(Slot.GRID)
            if grid is not None:
                row["grid_step"]["message_id"] = str(grid)
            plain.insert(**row)
        yield OlderProject(url, plain)
    cluster.drop(url)


async def test_all_keep_the_grid_and_it_counts_as_that_of_the_oldest(older: OlderProject) -> None:
    plain = older.plain
    before, events = plain.rows(ROWS), plain.value(EVENTS)
    await migrate(older.url)
    after = plain.rows(ROWS)
    assert [row.pop("grid_copy") for row in after] == [0, 1, 2, 0, 0]
    assert after == before
    assert plain.value(EVENTS) == events
    assert plain.call("get_generation_of_grid", str(GRID))["id"] == str(after[0]["id"])


async def test_nobody_else_gets_it_and_all_of_them_go_on(older: OlderProject) -> None:
    plain = older.plain
    await migrate(older.url)
    fence = plain.call("acquire_lease", "test", 30)["fence"]
    ids = [str(row["id"]) for row in plain.rows(ROWS)]
    oldest, younger, *_, without = [from_row(plain.call("get_generation", one)) for one in ids]

    def change(before: Generation, after: Generation) -> Any:
        wanted = json_text(writable(after))
        return plain.call("apply_transition", before.status, before.version, wanted, "test", fence)

    refused = (
        plain.call("accept_command", json_text(new_row(adopted())), fence),
        change(without, finished(without)),
    )
    for answer in refused:
        assert (answer["outcome"], answer["row"]["id"]) == ("grid_taken", oldest.id)
    for row in (oldest, younger):
        answer = change(row, finished(row).with_step(Slot.UPSCALE_1, row.step(Slot.GRID)))
        assert (answer["outcome"], answer["row"]["grid_copy"]) == ("done", row.grid_copy)
    events = plain.rows("SELECT event FROM generation_events ORDER BY id")
    assert [one["event"] for one in events][-2:] == ["test"] * 2


def test_a_hand_gives_it_to_no_other(plain: PlainDatabase, provoked: Provoked) -> None:
    step = Jsonb({"message_id": str(GRID)})
    first, second = (plain.insert() for _ in range(2))
    plain.set(first, "grid_step", step)
    with provoked.raising(errors.UniqueViolation, TAKEN):
        plain.set(second, "grid_step", step)
