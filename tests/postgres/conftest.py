"""What the tests straight on Postgres work with."""

from collections.abc import Generator

import pytest

from tests.postgres.plain import PlainDatabase
from tools.postgres import Cluster


@pytest.fixture(scope="session")
def shared_url(cluster: Cluster) -> str:
    """Give the database of those tests that take back what they do."""
    return cluster.new_database()


@pytest.fixture
def plain(shared_url: str) -> Generator[PlainDatabase]:
    """Give an empty database with our schema; nothing done to it stays."""
    with PlainDatabase.on(shared_url) as plain, plain.undone():
        yield plain


@pytest.fixture
def fence(plain: PlainDatabase) -> int:
    """Take the lease and give its fence."""
    return plain.call("acquire_lease", "test", 30)["fence"]
