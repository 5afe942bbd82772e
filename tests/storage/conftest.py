"""A separate bucket for each test, behind the proxy, no pauses between retries, and moves."""

from collections.abc import AsyncGenerator, Generator
from pathlib import Path
from uuid import uuid4

import pytest
import stamina
from pydantic import SecretStr

from domain.slots import Slot, picture_key
from services.storage.supabase.bucket import prepare_bucket
from services.storage.supabase.store import SupabaseImageStore
from services.supabase import Supabase
from tests.contract.databases import SupabaseDatabase
from tests.fault_proxy import FaultProxy
from tests.pictures import png
from tests.storage.moving_harness import MovingSettings, filled
from tests.supabase_server import SupabaseServer


@pytest.fixture(autouse=True)
def no_waiting() -> Generator[None]:
    """Retry without pauses, as often as usual."""
    with stamina.set_testing(testing=True, attempts=100, cap=True):
        yield


@pytest.fixture
async def project(
    fault_proxy: FaultProxy, supabase_server: SupabaseServer
) -> AsyncGenerator[Supabase]:
    """Yield a connection through the proxy."""
    project = await Supabase.connect(fault_proxy.url, supabase_server.secret_key)
    yield project
    await project.close()


@pytest.fixture
def name() -> str:
    """Return the name of a bucket that does not exist yet."""
    return f"bucket-{uuid4().hex}"


@pytest.fixture
async def store(project: Supabase, name: str, fault_proxy: FaultProxy) -> SupabaseImageStore:
    """Yield a store with an empty public bucket."""
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


@pytest.fixture
def database(supabase_server: SupabaseServer) -> Generator[SupabaseDatabase]:
    """Give the project's database, which is empty before and after."""
    with SupabaseDatabase.emptied(supabase_server) as database:
        yield database


@pytest.fixture
async def folder(tmp_path: Path) -> Path:
    """Give a folder with some of everything."""
    (tmp_path / "data").mkdir()
    return await filled(tmp_path / "data")


@pytest.fixture
def settings(
    folder: Path,
    fault_proxy: FaultProxy,
    supabase_server: SupabaseServer,
    name: str,
    database: SupabaseDatabase,
) -> MovingSettings:
    """Return those of a move between the folder and the empty project, through the proxy."""
    del database  # it is empty
    return MovingSettings(folder, fault_proxy.url, SecretStr(supabase_server.secret_key), name)


def file_of(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path
