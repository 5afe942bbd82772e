"""Fixtures for tests that work directly on Postgres."""

from collections.abc import Generator

import pytest

from tests.postgres.plain import PlainDatabase
from tools.postgres import Cluster


@pytest.fixture(scope="session")
def shared_url(cluster: Cluster) -> str:
    """Yield the database shared by tests that roll back their changes."""
    return cluster.new_database()


@pytest.fixture
def plain(shared_url: str) -> Generator[PlainDatabase]:
    """Yield an empty database with our schema; all changes are rolled back."""
    with PlainDatabase.on(shared_url) as plain, plain.undone():
        yield plain


@pytest.fixture
def fence(plain: PlainDatabase) -> int:
    """Take the lease and give its fence."""
    return plain.call("acquire_lease", "test", 30)["fence"]
