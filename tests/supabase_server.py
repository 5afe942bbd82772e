"""A Supabase server for the tests, on a database of the throw-away Postgres.

Its fixtures are there in every folder of tests (`tests/conftest.py` names this plugin). What is
known to be otherwise than on Supabase, beside what `tests/hosted.py` puts right:

- `numeric` arrives as a JSON text; a time has a space instead of `T`, and an offset of +05:30.
- A violated CHECK is HTTP 500, and anon may read every table of `public` (but sees no row).
- An UPDATE without a filter is executed, `Range` is ignored, `list()` gives whole names.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator
from dataclasses import dataclass
from pathlib import Path

import pytest

from services.supabase import Supabase
from tests.postgres.cluster import Cluster
from tools import supabase_lite
from tools.environment import SetupProblem


@dataclass(frozen=True, slots=True)
class SupabaseServer:
    """A server with our schema, and the database behind it for what a test does by itself."""

    url: str
    secret_key: str
    publishable_key: str
    database_url: str
    log: Path


@pytest.fixture(scope="session")
def supabase_server(
    cluster: Cluster, tmp_path_factory: pytest.TempPathFactory
) -> Generator[SupabaseServer]:
    """Yield the only server of this run; a test that needs an empty table empties it."""
    database_url = cluster.new_database()
    try:
        with supabase_lite.serving(database_url, tmp_path_factory.mktemp("supabase")) as lite:
            yield SupabaseServer(
                lite.url, lite.secret_key, lite.publishable_key, database_url, lite.log
            )
    except SetupProblem as problem:
        pytest.fail(str(problem))
    cluster.drop(database_url)


@pytest.fixture
async def supabase(supabase_server: SupabaseServer) -> AsyncGenerator[Supabase]:
    """Give a connection to the server, with the secret key."""
    project = await Supabase.connect(supabase_server.url, supabase_server.secret_key)
    yield project
    await project.close()
