"""A Postgres for the tests; `tests/conftest.py` names this plugin, so that every folder has it.

Where there is none, tests fail with a sentence: one that is skipped proves nothing.
"""

from __future__ import annotations

from collections.abc import Generator

import pytest

from tools.environment import Problem
from tools.postgres import Cluster, running


@pytest.fixture(scope="session")
def cluster() -> Generator[Cluster]:
    """Give a server for this run, with the databases `empty` and `migrated` to copy."""
    try:
        with running() as cluster:
            yield cluster
    except Problem as problem:
        pytest.fail(str(problem))


@pytest.fixture
def postgres_url(cluster: Cluster) -> Generator[str]:
    """Give a database with our schema and nothing in it."""
    url = cluster.new_database()
    yield url
    cluster.drop(url)
