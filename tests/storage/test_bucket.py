"""The bucket: created with the right settings, or checked and left unchanged."""

import asyncio
from collections.abc import Generator
from typing import Any

import psycopg
import pytest
from storage3.types import CreateOrUpdateBucketOptions as Options

from domain.errors import StoreUnavailable
from services.storage.supabase.bucket import MAX_BYTES, prepare_bucket
from services.supabase import Supabase
from tests.fault_proxy import Fault, FaultProxy
from tests.postgres.cluster import Provoked
from tests.supabase_server import SupabaseServer

pytestmark = pytest.mark.postgres

Database = psycopg.Connection
MAKE = "POST /storage/v1/bucket"
TAKEN = 'duplicate key value violates unique constraint "buckets_pkey"'


@pytest.fixture
def database(supabase_server: SupabaseServer) -> Generator[Database]:
    """Yield direct access to the database, to see what is really there."""
    with psycopg.connect(supabase_server.database_url, autocommit=True) as connection:
        yield connection


def bucket(database: Database, name: str) -> tuple[Any, ...] | None:
    """Return whether it is public, its limit of bytes, and its types."""
    return database.execute(
        "SELECT public, file_size_limit, allowed_mime_types FROM storage.buckets WHERE id = %s",
        [name],
    ).fetchone()


@pytest.mark.parametrize("public", [True, False])
async def test_a_missing_bucket_is_made_with_limits(
    project: Supabase, name: str, database: Database, public: bool
) -> None:
    assert await prepare_bucket(project, name, public=public) == []
    assert bucket(database, name) == (public, MAX_BYTES, ["image/png"])


async def test_a_bucket_that_is_there_is_only_tried(
    project: Supabase, name: str, database: Database
) -> None:
    await prepare_bucket(project, name, public=True)
    before = bucket(database, name)
    assert await prepare_bucket(project, name, public=True) == []
    assert bucket(database, name) == before


async def test_the_trial_leaves_nothing_behind(
    project: Supabase, name: str, database: Database, fault_proxy: FaultProxy
) -> None:
    await prepare_bucket(project, name, public=True)
    assert any(f"POST /storage/v1/object/{name}/" in line for line in fault_proxy.seen)
    left = database.execute("SELECT 1 FROM storage.objects WHERE bucket_id = %s", [name])
    assert left.fetchall() == []


ENOUGH = 33_554_432
"""The largest picture that is downloaded."""
UNFIT: dict[str, tuple[Options, list[str]]] = {
    "private": (
        {"public": False, "file_size_limit": ENOUGH},
        ["is private", "SUPABASE_BUCKET_PUBLIC=false"],
    ),
    "too small": ({"public": True, "file_size_limit": ENOUGH - 1}, ["33554431 bytes", "50 MB"]),
    "another type": (
        {"public": True, "file_size_limit": ENOUGH, "allowed_mime_types": ["image/webp"]},
        ["does not take image/png"],
    ),
}


@pytest.mark.parametrize(("options", "words"), UNFIT.values(), ids=UNFIT)
async def test_an_unfit_bucket_is_named_with_its_remedy_and_left_as_it_is(
    project: Supabase, name: str, database: Database, options: Options, words: list[str]
) -> None:
    await project.client.storage.create_bucket(name, options=options)
    before = bucket(database, name)
    (problem,) = await prepare_bucket(project, name, public=True)
    assert all(word in problem for word in (name, *words))
    assert bucket(database, name) == before


async def test_a_public_bucket_is_not_used_for_what_is_to_be_private(
    project: Supabase, name: str
) -> None:
    options: Options = {"public": True, "file_size_limit": ENOUGH}
    await project.client.storage.create_bucket(name, options=options)
    (problem,) = await prepare_bucket(project, name, public=False)
    assert "is public, but is to be private" in problem
    assert "SUPABASE_BUCKET_PUBLIC=true" in problem


async def test_everything_wrong_is_named_at_once(project: Supabase, name: str) -> None:
    every: Options = {"file_size_limit": 1, "allowed_mime_types": ["text/plain"], "public": False}
    await project.client.storage.create_bucket(name, options=every)
    assert len(await prepare_bucket(project, name, public=True)) == 3


async def test_a_bucket_without_limits_will_do(
    project: Supabase,
    name: str,
    database: Database,
    fault_proxy: FaultProxy,
    provoked: Provoked,
) -> None:
    """To learn whether the project's limit is enough, it asks for the bucket once more."""
    provoked(TAKEN)
    fault_proxy.hosted.file_size_limit = ENOUGH
    await project.client.storage.create_bucket(name, options={"public": True})
    assert await prepare_bucket(project, name, public=True) == []
    assert bucket(database, name) == (True, None, None)


@pytest.mark.parametrize("types", [["image/*"], ["text/plain", "image/png"]], ids=repr)
async def test_a_bucket_for_more_types_will_do(
    project: Supabase, name: str, fault_proxy: FaultProxy, types: list[str]
) -> None:
    """The tests' server knows no wildcards, unlike Supabase, so the trial is not handed on."""
    await project.client.storage.create_bucket(
        name,
        options={"public": True, "file_size_limit": ENOUGH, "allowed_mime_types": types},
    )
    fault_proxy.arm(Fault.answer(200, '{"Key":""}'), only="POST /storage/v1/object/")
    assert await prepare_bucket(project, name, public=True) == []


TOO_LITTLE = [
    "project's own limit",
    "raise its global file size limit to 50 MB",
    "Storage settings",
]


async def test_a_project_that_takes_small_files_only_is_named_with_its_remedy(
    project: Supabase, name: str, database: Database, fault_proxy: FaultProxy
) -> None:
    fault_proxy.hosted.file_size_limit = MAX_BYTES - 1
    (problem,) = await prepare_bucket(project, name, public=True)
    assert all(word in problem for word in TOO_LITTLE)
    assert name not in problem
    assert bucket(database, name) is None


async def test_a_bucket_without_a_limit_has_the_projects(
    project: Supabase, name: str, fault_proxy: FaultProxy
) -> None:
    """Everything else that is wrong is named, too."""
    await project.client.storage.create_bucket(name, options={"public": False})
    fault_proxy.hosted.file_size_limit = ENOUGH - 1
    private, too_little = await prepare_bucket(project, name, public=True)
    assert "is private" in private
    assert all(word in too_little for word in TOO_LITTLE)


async def test_two_processes_may_make_it_at_once(
    project: Supabase, name: str, fault_proxy: FaultProxy, provoked: Provoked
) -> None:
    provoked(TAKEN)
    missing = Fault.storage(404, "Bucket not found")
    fault_proxy.arm(missing, missing, only="GET /storage/v1/bucket/")
    both = (prepare_bucket(project, name, public=True) for _ in range(2))
    assert await asyncio.gather(*both) == [[], []]


async def test_a_publishable_key_is_told_what_is_needed(
    fault_proxy: FaultProxy, supabase_server: SupabaseServer, name: str, provoked: Provoked
) -> None:
    provoked('new row violates row-level security policy for table "buckets"')
    project = await Supabase.connect(fault_proxy.url, supabase_server.publishable_key)
    (problem,) = await prepare_bucket(project, name, public=True)
    assert problem.startswith("SUPABASE_KEY may not do that: it must be the project's secret key")
    await project.close()


async def test_a_bucket_that_cannot_be_written_is_a_problem(
    project: Supabase, name: str, fault_proxy: FaultProxy
) -> None:
    fault_proxy.arm(Fault.storage(403, "Unauthorized"), only="POST /storage/v1/object/")
    (problem,) = await prepare_bucket(project, name, public=True)
    assert "SUPABASE_KEY may not do that" in problem


@pytest.mark.parametrize("path", ["GET /storage/v1/bucket/", MAKE])
async def test_an_outage_is_no_verdict_on_the_bucket(
    project: Supabase, name: str, fault_proxy: FaultProxy, path: str
) -> None:
    fault_proxy.arm(Fault.answer(503), only=path)
    with pytest.raises(StoreUnavailable):
        await prepare_bucket(project, name, public=True)


@pytest.mark.parametrize("path", ["GET /storage/v1/bucket/", MAKE])
async def test_a_refusal_to_look_or_to_make_is_a_problem(
    project: Supabase, name: str, fault_proxy: FaultProxy, path: str
) -> None:
    fault_proxy.arm(Fault.storage(403, "Unauthorized"), only=path)
    (problem,) = await prepare_bucket(project, name, public=True)
    assert "SUPABASE_KEY may not do that" in problem
