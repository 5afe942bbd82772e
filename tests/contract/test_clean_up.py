"""The clean-up on real stores: what it keeps, and that it continues after any interruption."""

from collections.abc import AsyncGenerator, Collection
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from domain.archive import Archive
from domain.errors import StoreUnavailable
from domain.generation import Generation, Status
from domain.ports import ImageStore
from domain.slots import Slot, picture_key
from services.retention import Cleaner, CleanupReason, CleanupResult, RetentionRules
from services.storage.folder import FolderImageStore
from services.storage.supabase.store import SupabaseImageStore
from services.supabase import Supabase
from services.web_server import WebServer
from tests.contract.databases import Database, LeasedStore, SupabaseDatabase, done
from tests.fakes import FakeClock
from tests.pictures import png
from tests.supabase_server import SupabaseServer

LATER = FakeClock(datetime.now(UTC) + timedelta(days=40))
RULES = RetentionRules(days=30)


@pytest.fixture
async def images(
    database: Database, tmp_path: Path, request: pytest.FixtureRequest
) -> AsyncGenerator[ImageStore]:
    """Yield an empty image store of the same kind as the database, or a folder."""
    if not isinstance(database, SupabaseDatabase):
        yield FolderImageStore(tmp_path / "pictures", WebServer("127.0.0.1:1"))
        return
    server: SupabaseServer = request.getfixturevalue("supabase_server")
    project = await Supabase.connect(server.url, server.secret_key)
    bucket = f"bucket-{uuid4().hex}"
    # The tests' server has a bucket, but does not list it in Supabase's format.
    await project.client.storage.create_bucket(bucket, options={"public": True})
    yield SupabaseImageStore(project, bucket, public=True)
    await project.close()


@dataclass
class StoredPictures:
    """A worker, and where its pictures are."""

    worker: LeasedStore
    images: ImageStore
    source: Path

    async def put(self, *keys: str) -> None:
        for key in keys:
            await self.images.put(key, self.source)

    async def ended(self, *slots: Slot, status: Status = Status.FAILED) -> Generation:
        """Return a generation that ended with these pictures stored."""
        row = await self.worker.accepted()
        if status != Status.QUEUED:
            row = await self.worker.moved(row, status)
        for slot in slots:
            await self.put(picture_key(row.id, slot))
            row = done(await self.worker.record(row, slot))
        return row

    def cleaner(self, archive: Archive | None = None, clock: FakeClock = LATER) -> Cleaner:
        return Cleaner(archive or self.worker.store, self.images, RULES, clock)

    async def clean(self) -> CleanupResult:
        cleaner = self.cleaner()
        told = [one async for one in cleaner.execute(await cleaner.plan())]
        return told[-1] if told else CleanupResult()

    async def keys(self) -> set[str]:
        ids = {one async for page in self.images.list_generations() for one in page}
        return {stored.key for one in ids for stored in await self.images.list_objects(one)}

    async def get(self, row: Generation) -> Generation:
        found = await self.worker.store.get_generation(row.id)
        assert found is not None
        return found


@pytest.fixture
def running_bot(worker: LeasedStore, images: ImageStore, tmp_path: Path) -> StoredPictures:
    source = tmp_path / "source.png"
    source.write_bytes(png())
    return StoredPictures(worker, images, source)


async def test_pictures_go_and_the_row_keeps_its_facts(running_bot: StoredPictures) -> None:
    row = await running_bot.ended(Slot.GRID, Slot.UPSCALE_2)
    assert await running_bot.clean() == CleanupResult(generations=1)
    after = await running_bot.get(row)
    assert after.archived_at is not None
    assert replace(after, archiving_at=None, archived_at=None, version=row.version) == row
    assert await running_bot.keys() == set()


async def test_only_what_ended_goes(running_bot: StoredPictures) -> None:
    kept = [
        await running_bot.ended(Slot.GRID, status=status)
        for status in (Status.QUEUED, Status.NEEDS_ATTENTION, Status.SUBMITTED)
    ]
    assert await running_bot.clean() == CleanupResult()
    assert await running_bot.keys() == {picture_key(row.id, Slot.GRID) for row in kept}


async def test_today_nothing_goes(running_bot: StoredPictures) -> None:
    row = await running_bot.ended(Slot.GRID)
    await running_bot.put(picture_key(str(uuid4()), Slot.GRID))
    now = FakeClock(row.updated_at + timedelta(hours=23))
    plan = await running_bot.cleaner(clock=now).plan()
    assert plan.generations == ()
    today = await running_bot.cleaner(
        clock=FakeClock(datetime.now(UTC) + timedelta(hours=23))
    ).plan()
    assert today.orphans == ()


async def test_objects_of_rows_that_a_hand_deleted_go(running_bot: StoredPictures) -> None:
    kept, orphan = await running_bot.ended(), picture_key(str(uuid4()), Slot.UPSCALE_1)
    unrecorded = picture_key((await running_bot.worker.accepted()).id, Slot.GRID)
    await running_bot.put(orphan, unrecorded)
    plan = await running_bot.cleaner().plan()
    assert [one.key for one in plan.orphans] == [orphan]
    assert [one.generation.id for one in plan.generations] == [kept.id]
    assert await running_bot.clean() == CleanupResult(generations=1, orphans=1)
    assert await running_bot.keys() == {unrecorded}


class Dying:
    """A store whose process is killed before the last mark."""

    def __init__(self, archive: Archive) -> None:
        self.events = archive.events
        self.list_candidates = archive.list_candidates
        self.begin_archiving = archive.begin_archiving
        self.unarchived = archive.unarchived

    async def finish_archiving(self, ids: Collection[str]) -> None:
        raise StoreUnavailable("killed")


async def test_a_clean_up_that_was_killed_goes_on(running_bot: StoredPictures) -> None:
    """The objects are deleted, but the row is not marked yet."""
    row = await running_bot.ended(Slot.GRID, Slot.UPSCALE_1)
    killed = running_bot.cleaner(Dying(running_bot.worker.store))
    with pytest.raises(StoreUnavailable, match="killed"):
        _ = [one async for one in killed.execute(await killed.plan())]
    assert await running_bot.keys() == set()
    assert (await running_bot.get(row)).archived_at is None
    assert (await running_bot.get(row)).archived
    assert [one.reason for one in (await running_bot.cleaner().plan()).generations] == [
        CleanupReason.BEGUN
    ]
    assert await running_bot.clean() == CleanupResult(generations=1)
    assert (await running_bot.get(row)).archived_at is not None
    assert await running_bot.clean() == CleanupResult()


async def test_a_generation_that_is_taken_back_to_work_meanwhile_keeps_its_pictures(
    running_bot: StoredPictures,
) -> None:
    """The plan was made, and then somebody requested another upscale."""
    row = await running_bot.ended(Slot.GRID)
    cleaner = running_bot.cleaner()
    plan = await cleaner.plan()
    await running_bot.worker.moved(row, Status.QUEUED)
    assert [one async for one in cleaner.execute(plan)] == [CleanupResult(changed=1)]
    assert await running_bot.keys() == {picture_key(row.id, Slot.GRID)}
    assert not (await running_bot.get(row)).archived


async def test_a_favourite_keeps_its_pictures_also_if_it_became_one_after_the_plan(
    running_bot: StoredPictures,
) -> None:
    early, late = await running_bot.ended(Slot.GRID), await running_bot.ended(Slot.GRID)
    await running_bot.worker.keep(early)
    cleaner = running_bot.cleaner()
    plan = await cleaner.plan()
    assert [one.generation.id for one in plan.generations] == [late.id]
    await running_bot.worker.keep(late)
    assert [one async for one in cleaner.execute(plan)] == [CleanupResult(changed=1)]
    assert await running_bot.keys() == {picture_key(row.id, Slot.GRID) for row in (early, late)}
