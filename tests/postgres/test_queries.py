"""Every query of the bot has its index: a table ten times as long causes no more reads."""

from __future__ import annotations

from collections.abc import Generator
from typing import LiteralString

import psycopg
import pytest

from benchmarks.queries import LIMIT, OF_A_MOVE, QUESTIONS, Connection, fill, pages
from tools.postgres import Cluster

pytestmark = pytest.mark.postgres

FEW, MANY = 3_000, 30_000


@pytest.fixture(scope="module")
def sizes(cluster: Cluster) -> Generator[dict[int, Connection]]:
    """Give two databases with very different numbers of rows."""
    with (
        psycopg.connect(cluster.new_database(), autocommit=True) as short,
        psycopg.connect(cluster.new_database(), autocommit=True) as long,
    ):
        fill(short, FEW)
        fill(long, MANY)
        yield {FEW: short, MANY: long}


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
def test_a_longer_table_is_not_read_more(
    sizes: dict[int, Connection], question: LiteralString
) -> None:
    few, many = (pages(connection, total, question) for total, connection in sizes.items())
    assert many <= LIMIT * few
    assert many < MANY / 20


def test_what_few_old_prompts_have_is_found_with_all_words_and_the_newest_first(
    sizes: dict[int, Connection],
) -> None:
    """One of the oldest 59 has lost the word that all others have."""
    connection = sizes[FEW]
    with connection.transaction(force_rollback=True):
        connection.execute("ALTER TABLE generations DISABLE TRIGGER USER")
        connection.execute("UPDATE generations SET prompt = 'gone' WHERE seq = 58")
        for words in ("'light':* & 'gone':*", "'gone':* & 'light':*", "'go':* & 'gone':* & 'a':*"):
            question = "SELECT search_generations(2, %s, 1, 3)"
            ((page,),) = connection.execute(question, (words,)).fetchall()
            assert [row["seq"] for row in page] == [57, 56, 55]


def test_everything_the_bot_may_call_is_asked(sizes: dict[int, Connection]) -> None:
    found = sizes[FEW].execute(
        "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace "
        "AND has_function_privilege('service_role', oid, 'execute')"
    )
    asked = {question.partition("(")[0] for question in QUESTIONS.values()}
    assert {name for (name,) in found} == asked | OF_A_MOVE
