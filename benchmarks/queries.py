"""Checks that every query of the bot has an index: a larger table must not cost more reads.

Postgres itself says how many pages it reads for each, in a table of 10,000 generations and in one
of a million, with the settings that it comes with.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, LiteralString

import psycopg

from tools.postgres import running

if TYPE_CHECKING:
    from collections.abc import Callable

Connection = psycopg.Connection[Any]

FEW, MANY = 10_000, 1_000_000
LIMIT = 2.0
"""How many times as many pages may be read of the large table as of the small one."""
READS = 8
"""After some, Postgres may settle for a plan that suits all values: the last one counts."""
PARTS = 20  # of the filling, of which each is said

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
            WHEN number > total * 9 / 10 THEN 'queued'
            WHEN number < 60 THEN 'failed'
            ELSE 'completed'
        END,
        repeat('a lighthouse at dusk ', 5) || CASE WHEN number < 60 THEN 'gone' ELSE '' END,
        CASE
            WHEN number <= total / 4 THEN 101
            WHEN number %% (total / 25) = 0 THEN 102
            ELSE 103
        END,
        'Ann', 1, 2, number, 'imagine', '[1,2,3,4]', 'key',
        jsonb_build_object(
            'sha256', '', 'size', 1, 'message_id', number::text, 'u', repeat('x', 800)
        )
    FROM
        (SELECT %(total)s::integer AS total) AS size,
        generate_series(%(first)s::integer, %(last)s::integer) AS number
"""
FILL_EVENTS: LiteralString = """
    INSERT INTO generation_events (generation_id, event, status_after, version, detail)
    SELECT lpad(number::text, 32, '0')::uuid, 'created', 'queued', 1, ''
    FROM generate_series(%(first)s::integer, %(last)s::integer) AS number
"""
FILL_FAVOURITES: LiteralString = """
    INSERT INTO favourites (person_id, generation_id, kept)
    SELECT CASE WHEN number < 100 THEN 102 ELSE 103 END, lpad(number::text, 32, '0')::uuid, true
    FROM generate_series(%(first)s::integer, %(last)s::integer, 5) AS number
"""
QUESTIONS: dict[str, LiteralString] = {
    "by id": "get_generation(lpad((total / 2)::text, 32, '0')::uuid::text)",
    "by code": "get_generation('C' || total / 2)",
    "by its grid": "get_generation_of_grid((total / 2)::text)",
    "by another's grid": "get_generation_of_grid('none')",
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
    "ended lately": "list_ended(now() - interval '1 day', 0, 100)",
    "ended just now": "list_ended(now() + interval '1 day', 0, 100)",
    "of somebody in a status": "list_generations(103, ARRAY['completed', 'failed'], total, 20)",
    "of somebody gone in a status": "list_generations(101, ARRAY['failed'], total, 20)",
    "in none of theirs": "list_generations(103, ARRAY['failed', 'cancelled'], total, 20)",
    "what was made of one": "list_children(lpad((total / 2)::text, 32, '0'), 50)",
    "newest of each": "list_newest_of_each(100)",
    "place": "place_in_queue(lpad((total * 9 / 10 + 20)::text, 32, '0')::uuid::text)",
    "queue": "list_queue(20)",
    "load": "get_load(103, now() - interval '1 day', 100)",
    "load of somebody gone": "get_load(101, now() + interval '1 day', 100)",
    "load of somebody rare": "get_load(102, now() - interval '1 day', 100)",
    "pause": "get_pause()",
    "mark": "get_mark()",
    "people": "list_people()",
    "turn of somebody gone": "accept_command("
    """'{"id": "fff00000-0000-0000-0000-000000000000", "code": "new", "prompt": "p",
    "author_id": 101, "author_name": "Ann", "guild_id": 1, "channel_id": 2,
    "command_message_id": 0, "origin_kind": "imagine", "wanted": []}', 1)""",
    "acceptance of somebody gone": "accept_generation("
    """'{"id": "fff00000-0000-0000-0000-000000000000", "code": "new", "prompt": "p",
    "author_id": 101, "author_name": "Ann", "guild_id": 1, "channel_id": 2,
    "command_message_id": 0, "origin_kind": "imagine", "wanted": []}',
    '{"since": "2026-01-01", "limit": 100, "waiting": 101, "own_waiting": 3, "own_lately": 100,
    "own_last": "2999-01-01", "refusals": 3, "refused": "2026-01-01"}', 1)""",
    "claim": "claim_next(now(), 1)",
    "picture": """record_picture(
        lpad(total::text, 32, '0')::uuid, 'upscale_1', 'key', '{"sha256": ""}', 1
    )""",
    "transition": "apply_transition('completed', 1, format("
    """'{"id": "%s", "notice_message_id": 1, "grid_step": {}}',"""
    "lpad((total / 2)::text, 32, '0')::uuid), 'test', 1)",
    "change": "apply_changes(lpad((total / 2)::text, 32, '0')::uuid::text, 'completed', 1,"
    """'{"notice_message_id": 1}', 'test', 1, NULL)""",
    "pausing": """set_pause('{"since": "2026-01-01", "words": "w", "by": null}', 1)""",
    "marking": "set_mark(1, 1)",
    "transition by command": "apply_transition_by_command('completed', 1, format("
    """'{"id": "%s", "notice_message_id": 1, "grid_step": {}}',"""
    "lpad((total / 2)::text, 32, '0')::uuid), 'test', 1, 1)",
    "pausing by command": "set_pause_by_command("
    """'{"since": "2026-01-01", "words": "w", "by": null}', 1, 1)""",
    "allowing": "set_person("
    """'{"user_id": 1, "allowed": true, "by_id": 1, "since": "2026-01-01"}', 1, 1)""",
    "taking the lease": "acquire_lease('test', 30)",
    "keeping the lease": "renew_lease('test', 1, 30)",
    "may be archived": "list_candidates(total, 100)",
    "archiving": "begin_archiving(ARRAY[lpad((total / 2)::text, 32, '0')::uuid], now())",
    "archived": "finish_archiving(ARRAY[lpad((total / 2)::text, 32, '0')::uuid])",
    "not archived": "unarchived(ARRAY[lpad((total / 2)::text, 32, '0')::uuid])",
    "a favourite": "get_favourite(103, lpad((total / 50)::text, 32, '0')::uuid)",
    "favourites": "list_favourites(2, NULL, 0, 11)",
    "favourites of somebody": "list_favourites(2, 103, 20, 11)",
    "favourites of long ago": "list_favourites(2, 102, 0, 11)",
    "favourites of nobody": "list_favourites(2, 101, 0, 11)",
    "which are somebody's favourites": "favourites_among(103, ARRAY("
    "SELECT lpad((total / 20 - n)::text, 32, '0')::uuid FROM generate_series(1, 24) AS n))",
    "keeping a favourite": "set_favourite(format("
    """'{"person_id": 101, "generation_id": "%s", "kept": true}',"""
    "lpad((total / 2)::text, 32, '0')::uuid), 1, 1)",
    "a search for what all have": "search_generations(2, '''lighthouse'':*', 0, 11)",
    "a search for what none has": "search_generations(2, '''owl'':*', 0, 11)",
    "a search for what few had": "search_generations(2, '''light'':* & ''gone'':*', 0, 11)",
    "one at random": "draw_generation(2, 0.5)",
    "the newest": "draw_generation(2, 0.999999)",
    "a month": "get_statistics(2, now() - interval '2 months', now() - interval '1 month', 10)",
    "preferences": "list_preferences()",
    "preferring": "set_preference(103, '--ar 3:2', 1, 1)",
    "presets": "list_presets(2)",
    "a preset": """set_preset(
        '{"channel_id": 2, "name": "n", "words": "w", "by_id": 1, "by_name": "b"}', 1, 1
    )""",
    "hang-ups": "get_hang_ups()",
    "noting hang-ups": """set_hang_ups('{"in_a_row": 1, "last_at": "2026-01-01"}', 1)""",
    "old events": "list_old_events(now() + interval '1 day', total / 2, 100)",
    "no older events": "list_old_events(now() - interval '1 day', 0, 100)",
    "deleting old events": "delete_old_events(now() + interval '1 day', total / 2, total / 2 + 50)",
    "rows to move": "list_rows('generations', total / 2, 100)",
    "version": "atelier_schema_version()",
}
OF_A_MOVE = {"begin_move", "write_rows", "finish_move"}
"""Not asked: a move goes through everything, once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """How many pages a query reads of each table."""

    name: str
    question: str
    few: int
    many: int

    @property
    def ratio(self) -> float:
        """How many times as many pages the large table needs; a query may read none."""
        return self.many / max(self.few, 1)

    @property
    def ok(self) -> bool:
        """Whether that is within the limit."""
        return self.ratio <= LIMIT


def costs(few: int, many: int, say: Callable[[str], None]) -> list[Cost]:
    """Measure every query at both sizes, on a temporary server."""
    found: list[dict[str, int]] = []
    with running() as cluster:
        for total in (few, many):
            with psycopg.connect(cluster.new_database(), autocommit=True) as connection:
                fill(connection, total, say)
                say(f"asking {len(QUESTIONS)} questions of {total:,} rows")
                found.append({n: pages(connection, total, q) for n, q in QUESTIONS.items()})
    return [
        Cost(name=name, question=question, few=found[0][name], many=found[1][name])
        for name, question in QUESTIONS.items()
    ]


def fill(connection: Connection, total: int, say: Callable[[str], object] = str) -> None:
    """Put that many generations into an empty database, each with an event."""
    # VACUUM marks nothing as seen by all whose commit is not in the log yet; index scans would then
    # visit the table, or not, as chance has it.
    connection.execute("SET synchronous_commit = on")
    connection.execute("INSERT INTO leases VALUES ('worker', 'test', 1, 'infinity')")
    connection.execute("ALTER TABLE generations DISABLE TRIGGER USER")
    for part in range(PARTS):
        first, last = total * part // PARTS + 1, total * (part + 1) // PARTS
        connection.execute(FILL, {"total": total, "first": first, "last": last})
        connection.execute(FILL_EVENTS, {"first": first, "last": last})
        connection.execute(FILL_FAVOURITES, {"first": first, "last": last})
        say(f"filling {total:,} rows: {100 * (part + 1) // PARTS} %")
    connection.execute("ALTER TABLE generations ENABLE TRIGGER USER")
    connection.execute("VACUUM ANALYZE generations, generation_events, favourites")


def pages(connection: Connection, total: int, question: LiteralString) -> int:
    """Return how many pages are read for the answer, with a prepared plan."""
    sql = "EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT {} FROM (VALUES ({})) AS t (total)"
    asked = sql.format(question, total).encode()
    read = 0
    for _ in range(READS):
        with connection.transaction(force_rollback=True):
            row: Any = connection.execute(asked).fetchone()
        plan = row[0][0]["Plan"]
        read = plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]
    return read
