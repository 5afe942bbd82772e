"""A Postgres for the tests; `tests/conftest.py` names this plugin, so that every folder has it.

Without Postgres, tests fail with an explanation, because a skipped test proves nothing. The
server's log is read at the end of the run: an error in it fails the run, unless a test has
announced it. The bot's own work, through the Supabase server, causes no errors.
"""

from __future__ import annotations

import re
from collections.abc import Generator
from contextlib import contextmanager

import psycopg
import pytest

from tools.environment import SetupProblem
from tools.postgres import Cluster, running

# Said of whoever is at work still in a test's database when that is dropped, the server's own
# autovacuum included: a hand does that, no bot. Autovacuum may also come to look after a database
# that is gone by then; it alone calls one by a number.
_ENDED = re.compile(
    r"FATAL:  (terminating (connection|autovacuum process) due to administrator command"
    r"|database \d+ does not exist)"
)
_provoked = pytest.StashKey[set[str]]()


@pytest.fixture(scope="session")
def cluster(pytestconfig: pytest.Config) -> Generator[Cluster]:
    """Yield a server for this run, with the databases `empty` and `migrated` to copy."""
    provoked = pytestconfig.stash.setdefault(_provoked, set())
    try:
        with running() as cluster:
            yield cluster
            complaints = [line for line in cluster.complaints() if not is_usual(line)]
            unexpected = [line for line in complaints if line not in provoked]
    except SetupProblem as problem:
        pytest.fail(str(problem))
    if unexpected:
        pytest.fail("Postgres has complained of this:\n" + "\n".join(unexpected), pytrace=False)


def is_usual(line: str) -> bool:
    """Whether the server says it of a database that was dropped, and of nothing else."""
    return _ENDED.search(line) is not None


class Provoked:
    """The server errors that a test provokes: regular expressions for a line's whole message."""

    def __init__(self) -> None:
        self._messages: set[str] = set()

    def __call__(self, message: str) -> None:
        """Announce that the server will log this error, once or more."""
        self._messages.add(message)

    @contextmanager
    def raising(self, kind: type[psycopg.Error], message: str) -> Generator[None]:
        """Expect the error inside the block, raised in the test itself."""
        self(message)
        with pytest.raises(kind, match=message):
            yield

    def found_in(self, complaints: list[str]) -> dict[str, list[str]]:
        """Return the lines with each of the messages."""
        return {message: _with_message(message, complaints) for message in self._messages}


def _with_message(message: str, complaints: list[str]) -> list[str]:
    whole = re.compile(rf" ERROR:  (?:{message})(?: at character \d+)?$")
    return [line for line in complaints if whole.search(line)]


@pytest.fixture
def provoked(cluster: Cluster, pytestconfig: pytest.Config) -> Generator[Provoked]:
    """Let a test announce the server errors that it provokes; all others still fail the run."""
    provoked = Provoked()
    before = len(cluster.complaints())
    yield provoked
    found = provoked.found_in(cluster.complaints()[before:])
    pytestconfig.stash[_provoked].update(*found.values())
    if missing := [message for message, lines in found.items() if not lines]:
        pytest.fail("Postgres has not complained of this:\n" + "\n".join(missing), pytrace=False)


@pytest.fixture
def postgres_url(cluster: Cluster) -> Generator[str]:
    """Yield an empty database with our schema."""
    url = cluster.new_database()
    yield url
    cluster.drop(url)
