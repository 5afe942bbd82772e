"""A Postgres for the tests; `tests/conftest.py` names this plugin, so that every folder has it.

Where there is none, tests fail with a sentence: one that is skipped proves nothing. The log of the
server is read at the end of the run: what it complains of fails the run, unless a test has provoked
it on purpose. The bot's own work, through the Supabase server, makes it complain of nothing.
"""

from __future__ import annotations

import re
from collections.abc import Generator

import pytest

from tools.environment import Problem
from tools.postgres import Cluster, running

# Said of whoever is at work still in a test's database when that is dropped, the server's own
# autovacuum included: a hand does that, no bot.
_ENDED = re.compile(
    r"FATAL:  terminating (connection|autovacuum process) due to administrator command"
)
_provoked = pytest.StashKey[set[str]]()


@pytest.fixture(scope="session")
def cluster(pytestconfig: pytest.Config) -> Generator[Cluster]:
    """Give a server for this run, with the databases `empty` and `migrated` to copy."""
    provoked = pytestconfig.stash.setdefault(_provoked, set())
    try:
        with running() as cluster:
            yield cluster
            complaints = [line for line in cluster.complaints() if not _ENDED.search(line)]
            unexpected = [line for line in complaints if line not in provoked]
    except Problem as problem:
        pytest.fail(str(problem))
    if unexpected:
        pytest.fail("Postgres has complained of this:\n" + "\n".join(unexpected), pytrace=False)


@pytest.fixture
def provoked(cluster: Cluster, pytestconfig: pytest.Config) -> Generator[None]:
    """Let the server complain during this test, which wants to see just that."""
    before = set(cluster.complaints())
    yield
    pytestconfig.stash[_provoked] |= set(cluster.complaints()) - before


@pytest.fixture
def postgres_url(cluster: Cluster) -> Generator[str]:
    """Give a database with our schema and nothing in it."""
    url = cluster.new_database()
    yield url
    cluster.drop(url)
