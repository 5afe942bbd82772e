"""The clean-up in the running bot, and by hand beside it."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Collection
from pathlib import Path
from uuid import uuid4

import pytest

from domain.slots import Slot, picture_key
from sandbox import Sandbox
from services import retention
from services.storage.folder import FolderImageStore
from tests.integration.conftest import RunningBot, running, settings
from tests.integration.quick_time import PATIENCE
from tests.integration.test_process import REQUIRED, start

pytestmark = pytest.mark.integration


def old_picture(folder: Path) -> Path:
    """Store an old picture that belongs to no generation."""
    path = folder / "pictures" / str(uuid4()) / "grid.png"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"x")
    os.utime(path, (0, 0))
    return path


@pytest.fixture
def deleted(monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """Let the clean-up begin at once, and tell when it has deleted something."""
    event, delete = asyncio.Event(), FolderImageStore.delete

    async def telling(store: FolderImageStore, keys: Collection[str]) -> None:
        await delete(store, keys)
        event.set()

    monkeypatch.setattr(FolderImageStore, "delete", telling)
    monkeypatch.setattr(retention, "FIRST_SECONDS", 0.0)
    return event


async def test_the_running_bot_cleans_by_itself(
    sandbox: Sandbox, tmp_path: Path, deleted: asyncio.Event
) -> None:
    orphan = old_picture(tmp_path)
    async with running(sandbox, settings(sandbox, tmp_path, retention_days=1)) as running_bot:
        async with asyncio.timeout(PATIENCE):
            await deleted.wait()
        await running_bot.imagine("a cat")
        await running_bot.ended("a cat")
    assert not orphan.exists()


async def test_without_a_rule_the_running_bot_cleans_nothing(
    sandbox: Sandbox, tmp_path: Path, deleted: asyncio.Event
) -> None:
    orphan = old_picture(tmp_path)
    async with running(sandbox, settings(sandbox, tmp_path)) as running_bot:
        await running_bot.imagine("a cat")
        await running_bot.ended("a cat")
    assert orphan.exists()
    assert not deleted.is_set()


@pytest.mark.long
async def test_it_is_cleaned_by_hand_beside_a_running_bot(
    running_bot: RunningBot, tmp_path: Path
) -> None:
    await running_bot.imagine("a cat")
    done = await running_bot.ended("a cat")
    orphan = old_picture(tmp_path)
    environment = REQUIRED | {"DATA_DIR": str(tmp_path), "RETENTION_PER_PERSON": "1"}
    cleaned = await asyncio.to_thread(lambda: start(tmp_path, "clean", "--json", **environment))
    assert cleaned.returncode == 0, cleaned.stderr
    told = json.loads(cleaned.stdout)
    assert (told["generations"], told["orphans_deleted"]) == ([], 1)
    assert not orphan.exists()
    assert all(running_bot.atelier.images.path(picture_key(done.id, slot)) for slot in Slot)
    await running_bot.imagine("a dog")
    await running_bot.ended("a dog")
