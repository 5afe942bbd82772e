"""A bucket of its own for each test, reached through the proxy; and no waiting between tries."""

from collections.abc import AsyncGenerator, Generator
from pathlib import Path
from uuid import uuid4

import pytest
import stamina

from domain.generation import Slot, picture_key
from services.storage.supabase.bucket import prepare_bucket
from services.storage.supabase.store import SupabaseImageStore
from services.supabase import Supabase
from tests.fault_proxy import FaultProxy
from tests.pictures import png
from tests.supabase_server import SupabaseServer


@pytest.fixture(autouse=True)
def no_waiting() -> Generator[None]:
    """Let the tries follow one another at once, as many as in earnest."""
    with stamina.set_testing(testing=True, attempts=100, cap=True):
        yield


@pytest.fixture
async def project(
    fault_proxy: FaultProxy, supabase_server: SupabaseServer
) -> AsyncGenerator[Supabase]:
    """Give a connection through the proxy."""
    project = await Supabase.connect(fault_proxy.url, supabase_server.secret_key)
    yield project
    await project.close()


@pytest.fixture
def name() -> str:
    """Give the name of a bucket that is not there yet."""
    return f"bucket-{uuid4().hex}"


@pytest.fixture
async def store(project: Supabase, name: str, fault_proxy: FaultProxy) -> SupabaseImageStore:
    """Give a store with an empty public bucket."""
    assert await prepare_bucket(project, name, public=True) == []
    fault_proxy.seen.clear()
    return SupabaseImageStore(project, name, public=True)


@pytest.fixture
def key() -> str:
    return picture_key(str(uuid4()), Slot.GRID)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Give a picture's file."""
    return file_of(tmp_path / "source.png", png())


def file_of(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path
