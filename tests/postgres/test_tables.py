"""The tables themselves enforce the rules, even for changes by hand."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from psycopg import errors
from psycopg.types.json import Jsonb

from domain.generation import ACTIVE, TERMINAL, TRANSITIONS, Status, may_follow
from domain.slots import UPSCALES, Slot
from services.database.rows import to_row
from tests.builders import NOW, generation
from tests.postgres.cluster import Provoked
from tests.postgres.plain import ANOTHER_IS_ACTIVE, PlainDatabase, stored, violated

pytestmark = pytest.mark.postgres


def test_the_table_has_exactly_the_columns_of_a_row(plain: PlainDatabase) -> None:
    found = plain.rows(
        "SELECT column_name FROM information_schema.columns WHERE table_name = 'generations'"
    )
    assert {row["column_name"] for row in found} == set(to_row(generation()))


@pytest.mark.parametrize("one", list(Status))
def test_at_most_one_row_is_active(plain: PlainDatabase, provoked: Provoked, one: Status) -> None:
    plain.insert(status=one)
    for other in Status:
        with plain.undone():
            if one in ACTIVE and other in ACTIVE:
                with provoked.raising(errors.UniqueViolation, ANOTHER_IS_ACTIVE):
                    plain.insert(status=other)
            else:
                plain.insert(status=other)


def test_a_row_cannot_become_active_beside_another(
    plain: PlainDatabase, provoked: Provoked
) -> None:
    plain.insert(status=Status.SUBMITTED)
    waiting = plain.insert()
    with provoked.raising(errors.UniqueViolation, ANOTHER_IS_ACTIVE):
        plain.set(waiting, "status", Status.SUBMITTING)


def test_an_unknown_status_is_refused(plain: PlainDatabase, provoked: Provoked) -> None:
    with provoked.raising(errors.CheckViolation, violated("generations_status_check")):
        plain.insert(status="paused")


def test_the_table_of_transitions_is_that_of_the_domain(plain: PlainDatabase) -> None:
    found = plain.rows("SELECT status_before, status_after FROM legal_transitions")
    wanted = {(before, after) for before, allowed in TRANSITIONS.items() for after in allowed}
    assert {(row["status_before"], row["status_after"]) for row in found} == wanted


@pytest.mark.parametrize("before", list(Status))
def test_only_what_may_follow_follows(
    plain: PlainDatabase, provoked: Provoked, before: Status
) -> None:
    row_id = plain.insert(status=before)
    for after in Status:
        with plain.undone():
            if may_follow(before, after):
                plain.set(row_id, "status", after)
                assert plain.get(row_id)["status"] == after
            else:
                illegal = f"illegal transition: {after} must not follow {before}"
                with provoked.raising(errors.CheckViolation, illegal):
                    plain.set(row_id, "status", after)


@pytest.mark.parametrize(("number", "expected"), [(0, 50), (1, 62.5), (2, 75), (3, 87.5), (4, 100)])
def test_progress_is_that_of_the_stored_pictures(
    plain: PlainDatabase, number: int, expected: float
) -> None:
    slots = [Slot.GRID, *UPSCALES[4 - number :]]
    row_id = plain.insert(status=Status.SUBMITTED, **stored(*slots))
    assert plain.get(row_id)["progress"] == expected


@pytest.mark.parametrize("status", list(Status))
def test_progress_without_pictures_is_that_of_the_status(
    plain: PlainDatabase, status: Status
) -> None:
    row_id = plain.insert(status=status)
    expected = {Status.COMPLETED: 100, Status.SUBMITTED: 25}.get(status, 0)
    assert plain.get(row_id)["progress"] == expected


def test_progress_cannot_be_written(plain: PlainDatabase, provoked: Provoked) -> None:
    said = 'column "progress" can only be updated to DEFAULT'
    with provoked.raising(errors.GeneratedAlways, said):
        plain.set(plain.insert(), "progress", 99)


@pytest.mark.parametrize("value", [None, "another"])
@pytest.mark.parametrize("slot", list(Slot))
def test_a_stored_picture_stays(
    plain: PlainDatabase, provoked: Provoked, slot: Slot, value: str | None
) -> None:
    row_id = plain.insert(**stored(slot))
    plain.set(row_id, f"{slot.title}_url", slot.title)
    with provoked.raising(errors.CheckViolation, "a stored picture stays"):
        plain.set(row_id, f"{slot.title}_url", value)


@pytest.mark.parametrize("column", ["id", "code", "command_message_id"])
def test_some_columns_are_unique(plain: PlainDatabase, provoked: Provoked, column: str) -> None:
    value = plain.get(plain.insert())[column]
    taken = f'duplicate key value violates unique constraint "generations_{column}_key"'
    with provoked.raising(errors.UniqueViolation, taken):
        plain.insert(**{column: value})


@pytest.mark.parametrize(
    ("column", "value", "rule"),
    [
        ("origin_kind", "bought", "generations_origin_kind_check"),
        ("wanted", {"1": True}, "generations_wanted_check"),
        ("wanted", [9], "wanted_are_upscales"),
        ("wanted", [0], "wanted_are_upscales"),
        ("wanted", ["1"], "wanted_are_upscales"),
        ("wanted", [[1]], "wanted_are_upscales"),
        ("buttons", "none", "buttons_have_ids"),
        ("buttons", [1], "buttons_have_ids"),
        ("buttons", [{"label": "U1"}], "buttons_have_ids"),
        ("buttons", [{"custom_id": 1}], "buttons_have_ids"),
        ("not_before", "infinity", "times_are_dates"),
        ("completed_at", "-infinity", "times_are_dates"),
        ("created_at", "10000-01-01", "times_are_dates"),
        ("grid_step", [], "generations_grid_step_check"),
        *((f"{slot.title}_url", "key", "pictures_have_their_facts") for slot in Slot),
    ],
)
def test_nonsense_is_refused(
    plain: PlainDatabase, provoked: Provoked, column: str, value: object, rule: str
) -> None:
    with provoked.raising(errors.CheckViolation, violated(rule)):
        plain.insert(**{column: value})


@pytest.mark.parametrize(
    ("column", "value", "kind"), [("id", "../passwd", "uuid"), ("author_id", "Ann", "bigint")]
)
def test_what_is_of_another_kind_is_refused(
    plain: PlainDatabase, provoked: Provoked, column: str, value: str, kind: str
) -> None:
    said = f'invalid input syntax for type {kind}: "{re.escape(value)}"'
    with provoked.raising(errors.InvalidTextRepresentation, said):
        plain.insert(**{column: value})


def test_the_facts_of_a_stored_picture_stay(plain: PlainDatabase, provoked: Provoked) -> None:
    row_id = plain.insert(**stored(Slot.UPSCALE_2))
    with provoked.raising(errors.CheckViolation, violated("pictures_have_their_facts")):
        plain.set(row_id, "upscale_2_step", Jsonb({}))


def test_a_pause_has_words(plain: PlainDatabase, provoked: Provoked) -> None:
    with provoked.raising(errors.CheckViolation, violated("queue_state_check", "queue_state")):
        plain.run("UPDATE queue_state SET paused_since = now()")


def test_the_state_of_the_queue_is_one_row(plain: PlainDatabase, provoked: Provoked) -> None:
    taken = 'duplicate key value violates unique constraint "queue_state_pkey"'
    with provoked.raising(errors.UniqueViolation, taken):
        plain.run("INSERT INTO queue_state DEFAULT VALUES")


@pytest.mark.parametrize("table", ["queue_state", "leases"])
@pytest.mark.parametrize("statement", ["DELETE FROM {}", "TRUNCATE {}"])
def test_the_rows_that_all_hangs_on_stay(
    plain: PlainDatabase, provoked: Provoked, table: str, statement: str
) -> None:
    with provoked.raising(errors.CheckViolation, f"the row of {table} stays"):
        plain.connection.execute(statement.format(table).encode())


def events(plain: PlainDatabase, row_id: str) -> list[tuple[Any, ...]]:
    found = plain.rows(
        "SELECT event, status_before, status_after, version, detail FROM generation_events"
        " WHERE generation_id = %s ORDER BY id",
        row_id,
    )
    return [tuple(row.values()) for row in found]


def test_what_a_person_does_by_hand_is_a_version_and_an_event(plain: PlainDatabase) -> None:
    row_id = plain.insert()
    plain.run("UPDATE generations SET status = 'cancelled', error = 'x' WHERE id = %s", row_id)
    assert plain.get(row_id)["version"] == 2
    assert events(plain, row_id) == [
        ("created", None, "queued", 1, ""),
        ("edited", "queued", "cancelled", 2, "error status"),
    ]


def test_a_change_has_the_time_of_the_database(plain: PlainDatabase) -> None:
    row_id = plain.insert(created_at="2020-01-01", updated_at="2020-01-01")
    plain.set(row_id, "prompt", "another")
    assert plain.value("SELECT updated_at = now() FROM generations")


def test_a_hand_cannot_set_the_version(plain: PlainDatabase) -> None:
    row_id = plain.insert()
    plain.set(row_id, "version", 1)
    assert plain.get(row_id)["version"] == 2


@pytest.mark.parametrize(
    "statement", ["UPDATE generation_events SET event = 'x'", "DELETE FROM generation_events"]
)
def test_events_are_neither_changed_nor_deleted(
    plain: PlainDatabase, provoked: Provoked, statement: Any
) -> None:
    plain.insert()
    with provoked.raising(errors.CheckViolation, "events are append-only"):
        plain.run(statement)


def test_only_old_events_of_what_has_ended_can_be_let_go(
    plain: PlainDatabase, provoked: Provoked
) -> None:
    """Even for a hand that says from when on they may go."""
    ids = {status: plain.insert(status=status) for status in Status if status not in ACTIVE}
    for status, row_id in ids.items():
        for later in ("0", "1 second"):
            plain.run("UPDATE queue_state SET events_before = now() + %s::interval", later)
            gone = "DELETE FROM generation_events WHERE generation_id = %s"
            if later != "0" and status in TERMINAL:
                assert plain.run(gone, row_id) == 1
                continue
            with provoked.raising(errors.CheckViolation, "events are append-only"), plain.undone():
                plain.run(gone, row_id)


def test_events_are_as_safe_as_before_when_some_have_gone(
    plain: PlainDatabase, provoked: Provoked
) -> None:
    plain.insert(status=Status.FAILED)
    assert plain.call("delete_old_events", datetime.max.replace(tzinfo=UTC), 0, 2**62) == 1
    plain.insert(status=Status.FAILED)
    assert plain.value("SELECT events_before FROM queue_state") is None
    with provoked.raising(errors.CheckViolation, "events are append-only"):
        plain.run("DELETE FROM generation_events")


def test_events_go_with_their_generation(plain: PlainDatabase) -> None:
    kept, gone = plain.insert(), plain.insert()
    plain.run("DELETE FROM generations WHERE id = %s", gone)
    left = plain.rows("SELECT generation_id::text AS left FROM generation_events")
    assert [row["left"] for row in left] == [kept]


def test_an_event_of_nobody_is_refused(plain: PlainDatabase, provoked: Provoked) -> None:
    nobody = (
        'insert or update on table "generation_events" violates foreign key constraint '
        '"generation_events_generation_id_fkey"'
    )
    with provoked.raising(errors.ForeignKeyViolation, nobody):
        plain.run(
            "INSERT INTO generation_events (generation_id, event, status_after, version, detail)"
            " VALUES (gen_random_uuid(), 'created', 'queued', 1, '')"
        )


@pytest.mark.parametrize("column", ["archiving_at", "archived_at"])
def test_the_archived_keep_their_status_until_a_hand_takes_them_back(
    plain: PlainDatabase, provoked: Provoked, column: str
) -> None:
    row_id = plain.insert(status=Status.FAILED, **{column: NOW})
    stays = "an archived generation keeps its status"
    with provoked.raising(errors.CheckViolation, stays), plain.undone():
        plain.set(row_id, "status", Status.QUEUED)
    plain.set(row_id, column, None)
    plain.set(row_id, "status", Status.QUEUED)


def test_archiving_does_not_change_when_a_generation_ended(plain: PlainDatabase) -> None:
    row_id = plain.insert(status=Status.FAILED, updated_at=NOW)
    plain.set(row_id, "archived_at", NOW)
    assert plain.get(row_id)["updated_at"] == NOW
    plain.set(row_id, "prompt", "by hand")
    assert plain.get(row_id)["updated_at"] > NOW
