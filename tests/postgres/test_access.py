"""Only the server's key may do anything, though the template database grants all to everybody."""

import re
from typing import Any

import pytest
from psycopg import errors

from services.database.rows import new_row
from services.database.supabase.functions import json_text
from tests.builders import NOW, new_generation
from tests.postgres.cluster import Provoked
from tests.postgres.plain import PlainDatabase

pytestmark = pytest.mark.postgres

TABLES = {
    *("generations", "generation_events", "legal_transitions"),
    *("queue_state", "leases", "people", "favourites", "preferences", "presets"),
}
CALLABLE = {
    "accept_command",
    "accept_generation",
    "acquire_lease",
    "apply_changes",
    "apply_transition",
    "apply_transition_by_command",
    "atelier_schema_version",
    "begin_archiving",
    "begin_move",
    "claim_next",
    "delete_old_events",
    "draw_generation",
    "favourites_among",
    "finish_archiving",
    "finish_move",
    "get_favourite",
    "get_generation",
    "get_generation_of_grid",
    "get_hang_ups",
    "get_load",
    "get_mark",
    "get_pause",
    "get_processing_generation",
    "get_statistics",
    "list_candidates",
    "list_children",
    "list_ended",
    "list_favourites",
    "list_generations",
    "list_newest_of_each",
    "list_old_events",
    "list_people",
    "list_preferences",
    "list_presets",
    "list_queue",
    "list_rows",
    "place_in_queue",
    "record_picture",
    "renew_lease",
    "search_generations",
    "set_favourite",
    "set_hang_ups",
    "set_mark",
    "set_pause",
    "set_pause_by_command",
    "set_person",
    "set_preference",
    "set_preset",
    "unarchived",
    "write_rows",
}
"""What the bot calls; everything else is for the functions themselves."""
FUNCTIONS = """
    SELECT proname AS name, prosrc AS body, prosecdef AS definer, proconfig AS settings,
        has_function_privilege('anon', oid, 'EXECUTE') AS anon,
        has_function_privilege('authenticated', oid, 'EXECUTE') AS authenticated,
        has_function_privilege('service_role', oid, 'EXECUTE') AS server
    FROM pg_proc WHERE pronamespace = 'public'::regnamespace
"""


def test_every_table_has_row_level_security_and_no_policy(plain: PlainDatabase) -> None:
    found = plain.rows(
        "SELECT relname, relrowsecurity FROM pg_class"
        " WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
    )
    assert {row["relname"]: row["relrowsecurity"] for row in found} == dict.fromkeys(TABLES, True)
    assert plain.rows("SELECT * FROM pg_policies") == []


@pytest.mark.parametrize(
    ("role", "allowed"), [("anon", ()), ("authenticated", ()), ("service_role", ("SELECT",))]
)
def test_tables_and_sequences_are_closed(
    plain: PlainDatabase, role: str, allowed: tuple[str, ...]
) -> None:
    found = plain.rows(
        """
        SELECT relname, privilege FROM pg_class, unnest(
            CASE WHEN relkind = 'S' THEN ARRAY['USAGE', 'SELECT', 'UPDATE']
            ELSE ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']
            END
        ) AS privilege
        WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'S')
        AND CASE WHEN relkind = 'S' THEN has_sequence_privilege(%s, oid, privilege)
            ELSE has_table_privilege(%s, oid, privilege) END
        """,
        role,
        role,
    )
    expected = {(table, privilege) for table in TABLES for privilege in allowed}
    assert {(row["relname"], row["privilege"]) for row in found} == expected


def test_only_the_server_may_call_functions_and_only_those_of_the_bot(plain: PlainDatabase) -> None:
    found = plain.rows(FUNCTIONS)
    assert {row["name"] for row in found if row["server"]} == CALLABLE
    assert [row["name"] for row in found if row["anon"] or row["authenticated"]] == []


def test_no_function_can_be_led_astray_by_a_search_path(plain: PlainDatabase) -> None:
    assert all('search_path=""' in (row["settings"] or []) for row in plain.rows(FUNCTIONS))


def test_no_function_has_two_forms(plain: PlainDatabase) -> None:
    """The REST server could not tell overloads apart."""
    names = [row["name"] for row in plain.rows(FUNCTIONS)]
    assert len(names) == len(set(names))


def test_no_function_changes_a_whole_table(plain: PlainDatabase) -> None:
    """Supabase's REST server refuses an UPDATE or DELETE without WHERE, also within functions."""
    bodies = [row["body"] for row in plain.rows(FUNCTIONS)]
    changing = [
        text for body in bodies for text in re.findall(r"(?:update|delete from) public[^;]*", body)
    ]
    assert len(changing) == 16
    assert [text for text in changing if "where" not in text] == []


def become(plain: PlainDatabase, role: str) -> None:
    plain.call("set_config", "role", role, True)


@pytest.mark.parametrize("role", ["anon", "authenticated"])
@pytest.mark.parametrize(
    ("statement", "what"),
    [
        ("SELECT * FROM generations", "table generations"),
        ("INSERT INTO leases VALUES ('worker', 'me', 99, now())", "table leases"),
        ("UPDATE queue_state SET last_claimed_turn = 9", "table queue_state"),
        ("SELECT list_generations(NULL, NULL, 9, 9)", "function list_generations"),
        ("SELECT * FROM people", "table people"),
        ("SELECT acquire_lease('me', 30)", "function acquire_lease"),
        ("SELECT set_person('{}', 1, 1)", "function set_person"),
        ("SELECT list_people()", "function list_people"),
        ("SELECT list_old_events('infinity', 0, 9)", "function list_old_events"),
        ("SELECT delete_old_events('infinity', 0, 9)", "function delete_old_events"),
        ("SELECT atelier_schema_version()", "function atelier_schema_version"),
    ],
)
def test_the_public_is_denied(
    plain: PlainDatabase, provoked: Provoked, role: str, statement: Any, what: str
) -> None:
    plain.insert()
    become(plain, role)
    with provoked.raising(errors.InsufficientPrivilege, f"permission denied for {what}"):
        plain.run(statement)


def test_the_server_works_through_functions(plain: PlainDatabase) -> None:
    become(plain, "service_role")
    fence = plain.call("acquire_lease", "me", 30)["fence"]
    plain.call("accept_command", json_text(new_row(new_generation())), fence)
    claimed = plain.call("claim_next", NOW, fence)
    assert claimed["outcome"] == "done"
    assert len(plain.call("list_generations", None, None, 2**62, 99)) == 1
    assert plain.rows("SELECT event FROM generation_events ORDER BY id") == [
        {"event": "created"},
        {"event": "claimed"},
    ]


@pytest.mark.parametrize(
    ("statement", "table"),
    [
        ("UPDATE generations SET prompt = 'x'", "generations"),
        ("DELETE FROM generations", "generations"),
        ("DELETE FROM generation_events", "generation_events"),
        ("UPDATE leases SET fence=1", "leases"),
        ("DELETE FROM people", "people"),
        ("DELETE FROM favourites", "favourites"),
    ],
)
def test_the_server_changes_nothing_past_the_functions(
    plain: PlainDatabase, provoked: Provoked, statement: Any, table: str
) -> None:
    become(plain, "service_role")
    with provoked.raising(errors.InsufficientPrivilege, f"permission denied for table {table}"):
        plain.run(statement)
