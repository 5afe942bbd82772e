"""Whoever has the project's address and its public key tries every object that there is.

The objects are read from the database itself, so that a new one is tried as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from psycopg import errors
from psycopg.sql import SQL, Composed, Identifier

from tests.postgres.cluster import Provoked
from tests.postgres.plain import PlainDatabase

pytestmark = pytest.mark.postgres

PUBLIC = ["anon", "authenticated"]
RELATIONS = """
    SELECT nspname AS schema, relname AS name, relkind::text AS kind,
        (SELECT attname FROM pg_attribute WHERE attrelid = pg_class.oid AND attnum = 1) AS first
    FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
    WHERE nspname <> 'information_schema' AND nspname !~ '^pg_'
    AND relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
"""
FUNCTIONS = """
    SELECT nspname AS schema, proname AS name, prorettype = 'trigger'::regtype AS fires,
        ARRAY(SELECT format_type(kind, NULL) FROM unnest(proargtypes) AS kind) AS takes
    FROM pg_proc JOIN pg_namespace ON pg_namespace.oid = pronamespace
    WHERE nspname <> 'information_schema' AND nspname !~ '^pg_' AND prokind = 'f'
"""
DENIED = "permission denied for (table|view|materialized view|sequence|function|schema) .*"


def relations(plain: PlainDatabase) -> list[dict[str, Any]]:
    return plain.rows(RELATIONS)


def functions(plain: PlainDatabase) -> list[dict[str, Any]]:
    return plain.rows(FUNCTIONS)


def attempts(found: dict[str, Any]) -> Iterator[Composed]:
    """Return what somebody would try with a table, a view or a sequence."""
    name = Identifier(found["schema"], found["name"])
    if found["kind"] == "S":
        yield SQL("SELECT last_value FROM {}").format(name)
        yield SQL("SELECT nextval({})").format(f"{found['schema']}.{found['name']}")
        return
    first = Identifier(found["first"])
    yield SQL("SELECT 1 FROM {}").format(name)
    yield SQL("SELECT {} FROM {} LIMIT 0").format(first, name)
    if found["kind"] in {"r", "p", "f"}:
        yield SQL("INSERT INTO {} DEFAULT VALUES").format(name)
        yield SQL("UPDATE {} SET {} = DEFAULT").format(name, first)
        yield SQL("DELETE FROM {}").format(name)
        yield SQL("TRUNCATE {} CASCADE").format(name)
        yield SQL("LOCK TABLE {}").format(name)


def call(found: dict[str, Any]) -> Composed:
    """Return a call of a function, with nothing for each of its arguments."""
    nothing = [SQL("NULL::{}").format(SQL(kind)) for kind in found["takes"]]
    name = Identifier(found["schema"], found["name"])
    return SQL("SELECT {}({})").format(name, SQL(", ").join(nothing))


def tried(plain: PlainDatabase, role: str, statement: Composed) -> str | None:
    """Try something as somebody; return it if it was not denied."""
    plain.connection.execute(SQL("SET LOCAL ROLE {}").format(Identifier(role)))
    try:
        with plain.undone():
            plain.connection.execute(statement)
    except errors.InsufficientPrivilege:
        return None
    except errors.Error as error:
        return f"{statement.as_string()}: {error}"
    finally:
        plain.connection.execute("RESET ROLE")
    return statement.as_string()


@pytest.mark.parametrize("role", PUBLIC)
def test_the_public_reads_and_changes_no_table_view_or_sequence(
    plain: PlainDatabase, provoked: Provoked, role: str
) -> None:
    provoked(DENIED)
    plain.insert()
    there = relations(plain)
    assert {"generations", "people", "presets"} <= {found["name"] for found in there}
    assert any(found["kind"] == "S" for found in there)
    got_in = [tried(plain, role, statement) for found in there for statement in attempts(found)]
    assert [statement for statement in got_in if statement] == []


@pytest.mark.parametrize("role", PUBLIC)
def test_the_public_calls_no_function(plain: PlainDatabase, provoked: Provoked, role: str) -> None:
    provoked(DENIED)
    there = functions(plain)
    assert len(there) > 40
    got_in = [tried(plain, role, call(found)) for found in there if not found["fires"]]
    assert [statement for statement in got_in if statement] == []


@pytest.mark.parametrize("role", PUBLIC)
@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE public.mine (a int)",
        "CREATE FUNCTION public.claim_next() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE SCHEMA mine",
        "ALTER TABLE public.generations DISABLE ROW LEVEL SECURITY",
        "CREATE POLICY mine ON public.generations USING (true)",
        "GRANT ALL ON public.generations TO anon",
        "SET ROLE service_role",
    ],
)
def test_the_public_makes_and_opens_nothing(
    plain: PlainDatabase, provoked: Provoked, role: str, statement: str
) -> None:
    provoked("permission denied .*|must be owner of .*")
    with plain.undone():
        plain.connection.execute(SQL("SET LOCAL SESSION AUTHORIZATION {}").format(Identifier(role)))
        with pytest.raises((errors.InsufficientPrivilege, errors.InvalidParameterValue)):
            plain.connection.execute(statement.encode())


def test_what_the_public_may_do_is_found_by_these_attempts(plain: PlainDatabase) -> None:
    """A table and a function that a later script would forget to close."""
    plain.run("CREATE TABLE public.forgotten (a int)")
    plain.run("CREATE VIEW public.seen AS SELECT prompt FROM public.generations")
    plain.run("CREATE FUNCTION public.left_open(a int) RETURNS int LANGUAGE sql AS 'SELECT 1'")
    names = {found["name"] for found in (*relations(plain), *functions(plain))}
    assert {"forgotten", "seen", "left_open"} <= names
    for found in relations(plain):
        if found["name"] in {"forgotten", "seen"}:
            assert all(tried(plain, "anon", each) for each in list(attempts(found))[:2])
    (function,) = [found for found in functions(plain) if found["name"] == "left_open"]
    assert tried(plain, "anon", call(function))


def test_nothing_is_told_to_listeners(plain: PlainDatabase) -> None:
    """Supabase's Realtime sends the changes of published tables to whoever may read them."""
    assert plain.rows("SELECT * FROM pg_publication_tables") == []
