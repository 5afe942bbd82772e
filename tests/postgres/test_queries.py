"""Every question of the bot has its index: a table ten times as long is not read more."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, LiteralString

import pytest

from tests.postgres.plain import Plain
from tools.postgres import Cluster

pytestmark = pytest.mark.postgres

FEW, MANY = 3_000, 30_000
GONE, RARE, OFTEN = 101, 102, 103
"""Who asked only at the very beginning, who did so 25 times, and who does so all the time."""
# As unfavourable as a real table can be: what is asked for is at the end that is read last.
FILL: LiteralString = """
    INSERT INTO generations (
        id, code, turn, status, prompt, author_id, author_name, guild_id, channel_id,
        command_message_id, origin_kind, wanted, grid_url, grid_step
    )
    SELECT
        lpad(number::text, 32, '0')::uuid, 'c' || number, number,
        CASE
            WHEN number > total - 20 THEN 'queued'
            WHEN number = total - 20 THEN 'submitting'
            WHEN number < 60 THEN 'failed'
            ELSE 'completed'
        END,
        repeat('a lighthouse at dusk ', 5),
        CASE
            WHEN number <= total / 4 THEN 101
            WHEN number %% (total / 25) = 0 THEN 102
            ELSE 103
        END,
        'Ann', 1, 2, number, 'imagine', '[1,2,3,4]', 'key',
        jsonb_build_object('u', repeat('x', 800))
    FROM (SELECT %s::integer AS total) AS size, generate_series(1, total) AS number
"""
QUESTIONS: dict[str, LiteralString] = {
    "by id": "get_generation(lpad((total / 2)::text, 32, '0')::uuid::text)",
    "by code": "get_generation('C' || total / 2)",
    "the active one": "get_processing_generation()",
    "newest": "list_generations(NULL, NULL, total, 20)",
    "further back": "list_generations(NULL, NULL, total / 2, 20)",
    "of somebody": "list_generations(103, NULL, total, 20)",
    "of somebody gone": "list_generations(101, NULL, total, 20)",
    "of somebody rare": "list_generations(102, NULL, total, 20)",
    "in a status": "list_generations(NULL, ARRAY['completed'], total, 20)",
    "in a status of long ago": "list_generations(NULL, ARRAY['failed'], total, 20)",
    "in a status that is not there": "list_generations(NULL, ARRAY['cancelled'], total, 20)",
    "ended": "list_generations(NULL, ARRAY['completed', 'failed', 'cancelled'], total, 100)",
    "of somebody in a status": "list_generations(103, ARRAY['completed', 'failed'], total, 20)",
    "of somebody gone in a status": "list_generations(101, ARRAY['failed'], total, 20)",
    "in none of theirs": "list_generations(103, ARRAY['failed', 'cancelled'], total, 20)",
    "place": "place_in_queue(lpad(total::text, 32, '0')::uuid::text)",
    "pause": "get_pause()",
    "turn of somebody gone": "accept_command("
    """'{"id": "fff00000-0000-0000-0000-000000000000", "code": "new", "prompt": "p",
    "author_id": 101, "author_name": "Ann", "guild_id": 1, "channel_id": 2,
    "command_message_id": 0, "origin_kind": "imagine", "wanted": []}', 1)""",
    "claim": "claim_next(now(), 1)",
    "picture": "record_picture(lpad(total::text, 32, '0')::uuid, 'upscale_1', 'key', '{}', 1)",
}


@pytest.fixture(scope="module")
def sizes(cluster: Cluster) -> Generator[dict[int, Plain]]:
    """Give two databases with very different numbers of rows."""
    few, many = cluster.new_database(), cluster.new_database()
    with Plain.on(few) as short, Plain.on(many) as long:
        for plain, number in ((short, FEW), (long, MANY)):
            plain.run("INSERT INTO leases VALUES ('worker', 'test', 1, 'infinity')")
            plain.run("ALTER TABLE generations DISABLE TRIGGER USER")
            plain.run(FILL, number)
            plain.run("ALTER TABLE generations ENABLE TRIGGER USER")
            plain.run("VACUUM ANALYZE generations")
        yield {FEW: short, MANY: long}


def pages(plain: Plain, total: int, question: LiteralString) -> int:
    """Return how many pages are read to answer, when everything was planned before."""
    sql = "EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT {} FROM (VALUES ({})) AS t (total)"

    def read() -> int:
        with plain.undone():
            (row,) = plain.connection.execute(sql.format(question, total).encode())
        plan: Any = row["QUERY PLAN"]
        return plan[0]["Plan"]["Shared Hit Blocks"] + plan[0]["Plan"]["Shared Read Blocks"]

    return min(read(), read())


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
def test_a_longer_table_is_not_read_more(sizes: dict[int, Plain], question: LiteralString) -> None:
    few, many = (pages(plain, total, question) for total, plain in sizes.items())
    assert many <= 2 * few
    assert many < MANY / 20
