"""The tables themselves keep the rules, also from those who write to the file directly."""

import sqlite3
from collections.abc import Generator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import pytest

from domain.acceptance import MOST_COUNTED
from domain.generation import ACTIVE, TERMINAL, TRANSITIONS, Status, may_follow
from domain.slots import Slot
from services.database.rows import time_text, to_row
from services.database.sqlite import SqliteGenerationStore, open_read_only
from tests.builders import ANN, NOW, generation
from tests.unit.services.database.sqlite_harness import insert


def set_column(plain: sqlite3.Connection, row_id: str, column: str, value: object) -> None:
    plain.execute(f"UPDATE generations SET {column} = ? WHERE id = ?", (value, row_id))  # noqa: S608 -- as above


def test_the_table_has_exactly_the_columns_of_a_row(plain: sqlite3.Connection) -> None:
    found = {row[1] for row in plain.execute("PRAGMA table_xinfo(generations)")}
    assert found == set(to_row(generation()))


@contextmanager
def undone(plain: sqlite3.Connection) -> Generator[None]:
    plain.execute("BEGIN")
    yield
    plain.execute("ROLLBACK")


@pytest.mark.parametrize("one", list(Status))
def test_at_most_one_row_is_active(plain: sqlite3.Connection, one: Status) -> None:
    insert(plain, status=one)
    for other in Status:
        with undone(plain):
            if one in ACTIVE and other in ACTIVE:
                with pytest.raises(sqlite3.IntegrityError, match="one_active"):
                    insert(plain, status=other)
            else:
                insert(plain, status=other)


def test_a_row_cannot_become_active_beside_another(plain: sqlite3.Connection) -> None:
    insert(plain, status=Status.SUBMITTED)
    waiting = insert(plain)
    with pytest.raises(sqlite3.IntegrityError, match="one_active"):
        set_column(plain, waiting, "status", Status.SUBMITTING)


def test_an_unknown_status_is_refused(plain: sqlite3.Connection) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="CHECK"):
        insert(plain, status="paused")


@pytest.mark.parametrize("before", list(Status))
def test_the_transitions_are_those_of_the_domain(plain: sqlite3.Connection, before: Status) -> None:
    row_id = insert(plain, status=before)
    for after in Status:
        with undone(plain):
            if may_follow(before, after):
                set_column(plain, row_id, "status", after)
            else:
                with pytest.raises(sqlite3.IntegrityError, match="illegal transition"):
                    set_column(plain, row_id, "status", after)


async def test_transitions_that_changed_are_put_down_at_the_next_start(
    path: Path, plain: sqlite3.Connection
) -> None:
    plain.execute("DELETE FROM legal_transitions WHERE status_before = 'queued'")
    plain.execute("INSERT INTO legal_transitions VALUES ('completed', 'failed')")
    await (await SqliteGenerationStore.open(path)).close()
    found = set(plain.execute("SELECT * FROM legal_transitions"))
    assert found == {(one, other) for one, others in TRANSITIONS.items() for other in others}


UPSCALE_COLUMNS = [f"upscale_{number}_url" for number in range(1, 5)]


@pytest.mark.parametrize(("stored", "expected"), [(0, 50), (1, 62.5), (2, 75), (3, 87.5), (4, 100)])
def test_progress_is_that_of_the_stored_pictures(
    plain: sqlite3.Connection, stored: int, expected: float
) -> None:
    urls = dict.fromkeys(UPSCALE_COLUMNS[4 - stored :], "key")
    insert(plain, status=Status.SUBMITTED, grid_url="key", **urls)
    assert plain.execute("SELECT progress FROM generations").fetchall() == [(expected,)]


@pytest.mark.parametrize("status", list(Status))
def test_progress_without_pictures_is_that_of_the_status(
    plain: sqlite3.Connection, status: Status
) -> None:
    insert(plain, status=status)
    expected = {Status.COMPLETED: 100.0, Status.SUBMITTED: 25.0}.get(status, 0.0)
    assert plain.execute("SELECT progress FROM generations").fetchall() == [(expected,)]


def test_progress_cannot_be_written(plain: sqlite3.Connection) -> None:
    row_id = insert(plain)
    with pytest.raises(sqlite3.OperationalError, match="generated column"):
        set_column(plain, row_id, "progress", 99)


@pytest.mark.parametrize("value", [None, "another"])
@pytest.mark.parametrize("slot", list(Slot))
def test_a_stored_picture_stays(plain: sqlite3.Connection, slot: Slot, value: str | None) -> None:
    row_id = insert(plain)
    set_column(plain, row_id, f"{slot.title}_step", '{"sha256": "0"}')
    set_column(plain, row_id, f"{slot.title}_url", "key")
    set_column(plain, row_id, f"{slot.title}_url", "key")
    with pytest.raises(sqlite3.IntegrityError, match="a stored picture stays"):
        set_column(plain, row_id, f"{slot.title}_url", value)


@pytest.mark.parametrize("column", ["archiving_at", "archived_at"])
def test_the_archived_keep_their_status_until_a_hand_takes_them_back(
    plain: sqlite3.Connection, column: str
) -> None:
    row_id = insert(plain, status=Status.FAILED, **{column: time_text(NOW)})
    with pytest.raises(sqlite3.IntegrityError, match="keeps its status"):
        set_column(plain, row_id, "status", Status.QUEUED)
    set_column(plain, row_id, column, None)
    set_column(plain, row_id, "status", Status.QUEUED)


@pytest.mark.parametrize("column", ["id", "code", "command_message_id"])
def test_some_columns_are_unique(plain: sqlite3.Connection, column: str) -> None:
    insert(plain, **{column: 7})
    with pytest.raises(sqlite3.IntegrityError, match=f"UNIQUE.*{column}"):
        insert(plain, **{column: 7})


@pytest.mark.parametrize(
    ("column", "value"), [("origin_kind", "bought"), ("wanted", "1,2"), ("author_id", "Ann")]
)
def test_nonsense_is_refused(plain: sqlite3.Connection, column: str, value: str) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        insert(plain, **{column: value})


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("wanted", "{}"),
        ("wanted", "[9]"),
        ("wanted", '["1"]'),
        ("buttons", "{}"),
        ("buttons", "[1]"),
        ("buttons", '[{"label": "U1"}]'),
        ("not_before", "infinity"),
        *((f"{slot.title}_url", "key") for slot in Slot),
    ],
)
def test_a_hand_writes_nothing_that_cannot_be_read(
    plain: sqlite3.Connection, column: str, value: str
) -> None:
    row_id = insert(plain)
    with pytest.raises(sqlite3.IntegrityError):
        set_column(plain, row_id, column, value)


def test_the_facts_of_a_stored_picture_stay(plain: sqlite3.Connection) -> None:
    row_id = insert(plain, grid_url="key", grid_step='{"sha256": "0"}')
    with pytest.raises(sqlite3.IntegrityError, match="a picture has its facts"):
        set_column(plain, row_id, "grid_step", "{}")


@pytest.mark.parametrize("table", ["queue_state", "leases"])
def test_the_rows_that_all_hangs_on_stay(plain: sqlite3.Connection, table: str) -> None:
    plain.execute("INSERT INTO leases VALUES ('worker', 'me', 7, 'now')")
    with pytest.raises(sqlite3.IntegrityError, match=f"the row of {table} stays"):
        plain.execute(f"DELETE FROM {table}")  # noqa: S608 -- a test's own words


def add_event(plain: sqlite3.Connection, row_id: str) -> None:
    plain.execute(
        "INSERT INTO generation_events (generation_id, at, event, status_after, version, detail)"
        " VALUES (?, 'now', 'created', 'queued', 1, '')",
        (row_id,),
    )


def test_events_are_neither_changed_nor_deleted(plain: sqlite3.Connection) -> None:
    add_event(plain, insert(plain))
    for statement in ("UPDATE generation_events SET event = 'x'", "DELETE FROM generation_events"):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            plain.execute(statement)


BEFORE = (None, "", "now", "now and later")


@pytest.mark.parametrize("status", [status for status in Status if status not in ACTIVE])
def test_only_old_events_of_what_has_ended_can_be_let_go(
    plain: sqlite3.Connection, status: Status
) -> None:
    """Even for a hand that says from when on they may go. The event here is of the time `now`."""
    add_event(plain, insert(plain, status=status))
    deleted = [status in TERMINAL and before == "now and later" for before in BEFORE]
    for before, may in zip(BEFORE, deleted, strict=True):
        plain.execute("UPDATE queue_state SET events_before = ?", (before,))
        with nullcontext() if may else pytest.raises(sqlite3.IntegrityError, match="append-only"):
            assert plain.execute("DELETE FROM generation_events").rowcount == 1


def test_events_go_with_their_generation(plain: sqlite3.Connection) -> None:
    kept, gone = insert(plain), insert(plain)
    add_event(plain, kept)
    add_event(plain, gone)
    plain.execute("DELETE FROM generations WHERE id = ?", (gone,))
    left = plain.execute("SELECT generation_id FROM generation_events").fetchall()
    assert left == [(kept,)]


def test_an_event_of_nobody_is_refused(plain: sqlite3.Connection) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
        add_event(plain, "unknown")


async def test_counts_of_the_load_stop_at_a_limit(path: Path, plain: sqlite3.Connection) -> None:
    plain.execute("BEGIN")
    for number in range(MOST_COUNTED + 1):
        insert(plain, code=str(number))
    plain.execute("COMMIT")
    reader = await open_read_only(path)
    load = await reader.get_load(ANN, NOW)
    await reader.close()
    assert (load.waiting, load.own_waiting, load.own_lately) == (MOST_COUNTED,) * 3
