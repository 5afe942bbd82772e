"""The log of Postgres is part of every run's result."""

import pytest

from tests.postgres.cluster import is_usual

pytestmark = pytest.mark.postgres

TESTS = """
import psycopg
import pytest


def test_it(cluster, provoked):
    for message in {announced}:
        provoked(message)
    cluster.run("SELECT 1")
    for unknown in ("wrong", "wicked"):
        with pytest.raises(psycopg.Error):
            cluster.run("SELECT " + unknown)
"""
WRONG, WICKED, OTHER = (f'column "{name}" does not exist' for name in ("wrong", "wicked", "other"))
UNEXPECTED, MISSING = "Postgres has complained of this:", "Postgres has not complained of this:"


@pytest.mark.long
@pytest.mark.parametrize(
    ("announced", "errors"),
    [
        ([WRONG, WICKED], []),
        ([r'column "w\w+" does not exist'], []),
        ([WRONG], [UNEXPECTED, WICKED]),
        ([], [UNEXPECTED, WRONG, WICKED]),
        (["column"], [UNEXPECTED, WRONG, WICKED, MISSING, "column"]),
        ([WRONG, WICKED, OTHER], [MISSING, OTHER]),
    ],
)
def test_what_postgres_complains_of_fails_the_run_unless_just_that_was_announced(
    pytester: pytest.Pytester, announced: list[str], errors: list[str]
) -> None:
    pytester.makepyfile(TESTS.format(announced=announced))
    plugin = ("-p", "tests.postgres.cluster")
    scope = ("-o", "asyncio_default_fixture_loop_scope=function")
    result = pytester.runpytest_inprocess(*plugin, *scope)
    result.assert_outcomes(passed=1, errors=int(bool(errors)))
    result.stdout.fnmatch_lines([f"*{line}*" for line in errors])
    said = [text for text in (UNEXPECTED, MISSING) if text in result.stdout.str()]
    assert said == [text for text in (UNEXPECTED, MISSING) if text in errors]


@pytest.mark.parametrize(
    ("message", "usual"),
    [
        ("terminating connection due to administrator command", True),
        ("terminating autovacuum process due to administrator command", True),
        ("database 17056 does not exist", True),
        ('database "atelier_7" does not exist', False),
        ("sorry, too many clients already", False),
    ],
)
def test_what_the_server_says_of_a_dropped_database_is_usual(message: str, usual: bool) -> None:
    line = f"2026-11-30 20:17:32.447 UTC [15371] FATAL:  {message}"
    assert is_usual(line) == usual
