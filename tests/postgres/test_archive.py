"""The clean-up searches its next page only among rows that are not archived."""

from __future__ import annotations

import psycopg
import pytest

from benchmarks.queries import fill, pages
from tests.postgres.plain import PlainDatabase
from tools.postgres import Cluster

pytestmark = pytest.mark.postgres

TOTAL = 3_000


def test_the_archived_are_not_read(cluster: Cluster) -> None:
    with psycopg.connect(cluster.new_database(), autocommit=True) as connection:
        fill(connection, TOTAL)
        connection.execute("ALTER TABLE generations DISABLE TRIGGER USER")
        connection.execute("UPDATE generations SET archived_at = now() WHERE seq > 100")
        connection.execute("VACUUM (ANALYZE) generations")
        assert pages(connection, TOTAL, "list_candidates(total, 20)") < TOTAL / 20
        sql = "SELECT jsonb_array_length(list_candidates(%s, 20))"
        row = connection.execute(sql, [TOTAL]).fetchone()
    assert row == (20,)


def test_a_hand_that_deletes_a_row_meanwhile_is_no_trouble(plain: PlainDatabase) -> None:
    gone = plain.insert(status="failed")
    plain.value("SELECT begin_archiving(%s::uuid[], now())", [gone])
    plain.run("DELETE FROM generations WHERE id = %s", gone)
    assert plain.value("SELECT finish_archiving(%s::uuid[])", [gone]) == 0
    assert plain.value("SELECT unarchived(%s::uuid[])", [gone]) == []
