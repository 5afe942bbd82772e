"""The log of Postgres is part of every run's result."""

import pytest

pytestmark = pytest.mark.postgres

TESTS = """
import psycopg
import pytest


def test_it(cluster{fixture}):
    cluster.run("SELECT 1")
    with pytest.raises(psycopg.Error):
        cluster.run("SELECT wrong")
"""


@pytest.mark.parametrize(("fixture", "errors"), [("", 1), (", provoked", 0)])
def test_what_postgres_complains_of_fails_the_run_unless_it_was_provoked(
    pytester: pytest.Pytester, fixture: str, errors: int
) -> None:
    pytester.makepyfile(TESTS.format(fixture=fixture))
    plugin = ("-p", "tests.postgres.cluster")
    scope = ("-o", "asyncio_default_fixture_loop_scope=function")
    result = pytester.runpytest_inprocess(*plugin, *scope)
    result.assert_outcomes(passed=1, errors=errors)
    said = 'column "wrong" does not exist' in result.stdout.str()
    assert said == bool(errors)
