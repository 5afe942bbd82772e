"""The schema is applied to a project once and completely, even while a bot is running."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import Callable, Generator
from pathlib import Path
from traceback import format_exception

import psycopg
import pytest

from domain.errors import StoreRefused, StoreUnavailable
from services.database import migrate as module
from services.database.migrate import migrate
from services.database.supabase.schema import SCRIPTS, VERSION, version_of
from tests.postgres.cluster import Provoked
from tests.postgres.plain import PlainDatabase
from tools.postgres import Cluster

pytestmark = pytest.mark.postgres

NAMES = [script.name for script in SCRIPTS]
RECORDED = "SELECT version, name, statements FROM supabase_migrations.schema_migrations ORDER BY 1"


@pytest.fixture
def empty_url(cluster: Cluster) -> Generator[str]:
    url = cluster.new_database("empty")
    yield url
    cluster.drop(url)


LATER = "20991231235959_mood.sql"
MOOD = "ALTER TABLE generations ADD COLUMN mood text;"


@pytest.fixture
def further(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Add the script of a later version."""

    def add(sql: str) -> None:
        (tmp_path / LATER).write_text(sql)
        monkeypatch.setattr(module, "SCRIPTS", [*SCRIPTS, tmp_path / LATER])

    return add


def recorded(url: str) -> list[tuple[str, str, list[str]]]:
    with PlainDatabase.on(url) as plain:
        return [(row["version"], row["name"], row["statements"]) for row in plain.rows(RECORDED)]


async def test_a_new_project_gets_everything_and_the_second_time_nothing(empty_url: str) -> None:
    assert await migrate(empty_url) == NAMES
    assert await migrate(empty_url) == []
    with PlainDatabase.on(empty_url) as plain:
        assert plain.call("atelier_schema_version") == VERSION


async def test_what_was_applied_is_put_down_as_the_supabase_cli_does(empty_url: str) -> None:
    await migrate(empty_url)
    assert recorded(empty_url) == [
        (*script.stem.split("_", 1), [script.read_text()]) for script in SCRIPTS
    ]


async def test_what_the_supabase_cli_applied_is_not_applied_again(empty_url: str) -> None:
    """An older one, whose list has the version only."""
    with PlainDatabase.on(empty_url) as plain:
        plain.run("CREATE SCHEMA supabase_migrations")
        plain.run("CREATE TABLE supabase_migrations.schema_migrations (version text PRIMARY KEY)")
        for script in SCRIPTS[:-1]:
            plain.connection.execute(script.read_bytes())
            version = str(version_of(script))
            plain.run("INSERT INTO supabase_migrations.schema_migrations VALUES (%s)", version)
    assert await migrate(empty_url) == NAMES[-1:]


async def test_a_schema_that_is_gone_is_no_done_work(empty_url: str) -> None:
    """Only the list is left, as after `drop schema public cascade`; the advice restores it."""
    await migrate(empty_url)
    with PlainDatabase.on(empty_url) as plain:
        plain.run("DROP SCHEMA public CASCADE")
        plain.run("CREATE SCHEMA public")
        with pytest.raises(StoreRefused, match="the schema is not there") as caught:
            await migrate(empty_url)
        plain.connection.execute(str(caught.value).rpartition(": ")[2].encode())
    assert await migrate(empty_url) == NAMES


async def test_a_schema_that_went_back_goes_on_where_it_is(empty_url: str) -> None:
    """As after restoring a backup of the schema that is older than the list."""
    await migrate(empty_url)
    with PlainDatabase.on(empty_url) as plain:
        plain.run("DROP SCHEMA public CASCADE")
        plain.run("CREATE SCHEMA public")
        plain.connection.execute(SCRIPTS[0].read_bytes())
        with pytest.raises(StoreRefused, match="that of an older version") as caught:
            await migrate(empty_url)
        plain.connection.execute(str(caught.value).rpartition(": ")[2].encode())
    assert await migrate(empty_url) == NAMES[1:]


@pytest.mark.parametrize("number", range(1, len(SCRIPTS) + 1))
async def test_what_was_pasted_into_the_sql_editor_is_put_down_and_gone_on_with(
    empty_url: str, number: int
) -> None:
    with PlainDatabase.on(empty_url) as plain:
        for script in SCRIPTS[:number]:
            plain.connection.execute(script.read_bytes())
    assert await migrate(empty_url) == NAMES[number:]
    assert len(recorded(empty_url)) == len(SCRIPTS)


def test_psql_applies_each_script_in_one_transaction(cluster: Cluster, empty_url: str) -> None:
    psql = [cluster.binaries / "psql", empty_url, "-1", "-v", "ON_ERROR_STOP=1", "--no-psqlrc"]
    for script in SCRIPTS:
        result = subprocess.run([*psql, "-f", script], capture_output=True, text=True, check=False)
        assert (result.returncode, result.stderr) == (0, "")


def test_each_script_says_its_own_version(empty_url: str) -> None:
    with PlainDatabase.on(empty_url) as plain:
        for script in SCRIPTS:
            plain.connection.execute(script.read_bytes())
            assert plain.call("atelier_schema_version") == version_of(script)


def test_the_last_script_has_the_rest_server_look_again(empty_url: str) -> None:
    """After an upgrade this may be the only script to apply."""
    with PlainDatabase.on(empty_url) as plain, PlainDatabase.on(empty_url) as server:
        for script in SCRIPTS[:-1]:
            plain.connection.execute(script.read_bytes())
        server.run("LISTEN pgrst")
        plain.connection.execute(SCRIPTS[-1].read_bytes())
        heard = [note.payload for note in server.connection.notifies(timeout=5, stop_after=1)]
    assert heard == ["reload schema"]


async def test_two_at_once_apply_everything_once(empty_url: str) -> None:
    both = await asyncio.gather(migrate(empty_url), migrate(empty_url))
    assert sorted(name for applied in both for name in applied) == NAMES


async def test_a_project_where_nobody_is_superuser_will_do(cluster: Cluster) -> None:
    url = cluster.new_database("empty")
    name = url.rpartition("/")[2]
    with PlainDatabase.on(url) as plain:
        plain.run("CREATE ROLE builder LOGIN CREATEROLE")
        plain.connection.execute(f"ALTER DATABASE {name} OWNER TO builder".encode())
    await migrate(url.replace("postgres@", "builder@"))
    with PlainDatabase.on(url) as plain:
        plain.run("SET ROLE service_role")
        assert plain.call("acquire_lease", "me", 30)["fence"] == 1


@pytest.mark.fault(name="F19")
async def test_a_script_that_fails_leaves_nothing_behind(
    empty_url: str, further: Callable[[str], None], provoked: Provoked
) -> None:
    provoked('relation "generations" already exists')
    further("CREATE TABLE half (a int); CREATE TABLE generations (a int);")
    with pytest.raises(StoreRefused, match=r"20991231235959_mood.sql: .*already exists"):
        await migrate(empty_url)
    with PlainDatabase.on(empty_url) as plain:
        assert plain.value("SELECT to_regclass('half')") is None
    assert len(recorded(empty_url)) == len(SCRIPTS)


@pytest.mark.fault(name="F19")
async def test_an_old_process_goes_on_while_a_later_version_comes(
    postgres_url: str, further: Callable[[str], None]
) -> None:
    further(MOOD)
    with PlainDatabase.on(postgres_url) as old:
        fence = old.call("acquire_lease", "old", 30)["fence"]
        row_id = old.insert()
        assert await migrate(postgres_url) == [LATER]
        claimed = old.call("claim_next", "2026-11-22", fence)
        assert (claimed["outcome"], claimed["row"]["id"]) == ("done", row_id)


@pytest.mark.fault(name="F19")
async def test_a_script_that_would_hold_up_the_bot_gives_up(
    postgres_url: str,
    further: Callable[[str], None],
    monkeypatch: pytest.MonkeyPatch,
    provoked: Provoked,
) -> None:
    provoked("canceling statement due to lock timeout")
    monkeypatch.setattr(module, "LOCK_WAIT", "20ms")
    further(MOOD)
    with PlainDatabase.on(postgres_url) as busy:
        with busy.connection.transaction():
            busy.insert()
            with pytest.raises(StoreUnavailable, match="lock timeout"):
                await migrate(postgres_url)
        assert await migrate(postgres_url) == [LATER]


async def test_a_list_that_cannot_be_made_is_said(
    cluster: Cluster, empty_url: str, provoked: Provoked
) -> None:
    provoked(r"permission denied for database test_\d+")
    with PlainDatabase.on(empty_url) as plain:
        plain.run("CREATE ROLE nobody LOGIN")
    with pytest.raises(StoreRefused, match="the list of migrations: permission denied"):
        await migrate(empty_url.replace("postgres@", "nobody@"))


async def test_a_lost_connection_can_be_tried_again(
    postgres_url: str, further: Callable[[str], None]
) -> None:
    further("SELECT pg_terminate_backend(pg_backend_pid());")
    with pytest.raises(StoreUnavailable, match="terminat"):
        await migrate(postgres_url)


async def test_where_no_postgres_answers_nothing_is_said_of_ipv6(unused_tcp_port: int) -> None:
    with pytest.raises(StoreUnavailable, match=r"SUPABASE_DB_URL: .*refused") as caught:
        await migrate(f"postgresql://postgres:hunter22@127.0.0.1:{unused_tcp_port}/postgres")
    assert "pooler" not in str(caught.value)
    assert "hunter22" not in str(caught.value)


async def test_no_part_of_the_address_is_repeated(unused_tcp_port: int) -> None:
    """Neither is the cause kept, which a traceback would show."""
    address = f"postgresql://someone:hunter22@localhost:{unused_tcp_port}/hunted"
    with pytest.raises(StoreUnavailable) as caught:
        await migrate(address)
    shown = "".join(format_exception(caught.value))
    assert not [part for part in ("someone", "hunter22", "localhost", "hunted") if part in shown]


async def test_a_host_with_only_an_ipv6_address_gets_a_hint(unused_tcp_port: int) -> None:
    with pytest.raises(StoreUnavailable, match="session pooler"):
        await migrate(f"postgresql://postgres:hunter22@[::1]:{unused_tcp_port}/postgres")


@pytest.mark.parametrize(
    "address",
    [
        "https://hunter22.supabase.co",
        "postgresql://postgres:pass@hunter22@db.invalid:5432/postgres",
        "postgresql://postgres:hunter22/pass@db.invalid:5432/postgres",
        "postgresql://postgres.abc:my@hunter22/2024@db.invalid/postgres",
        "postgresql://postgres.abc:my@hunter22@db.invalid/postgres",
        "postgresql://postgres.abc:my#hunter22?@db.invalid/postgres",
        "postgresql://postgres.abc:my hunter22@db.invalid/postgres",
        "postgresql://postgres:hunter22%@db.invalid:5432/postgres",
    ],
)
async def test_an_address_that_is_none_is_refused_without_repeating_it(address: str) -> None:
    """Most often because of a password with special characters in it."""
    with pytest.raises(StoreRefused, match="SUPABASE_DB_URL is no address") as caught:
        await migrate(address)
    assert "hunter22" not in "".join(format_exception(caught.value))


class RecordedStatements(Exception):
    """What libpq was asked to connect to."""


@pytest.mark.parametrize(
    ("address", "mode"),
    [
        ("postgresql://db.invalid/x", "sslmode=require"),
        ("postgresql://db.invalid/x?sslmode=verify-full", "sslmode=verify-full"),
    ],
)
async def test_what_goes_over_the_network_is_encrypted(
    monkeypatch: pytest.MonkeyPatch, address: str, mode: str
) -> None:
    def connect(conninfo: str, **_: object) -> None:
        raise RecordedStatements(conninfo)

    monkeypatch.setattr(psycopg, "connect", connect)
    with pytest.raises(RecordedStatements, match=mode):
        await migrate(address)
