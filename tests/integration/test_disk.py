"""The disk takes nothing for a while, or never again: pictures wait, or one generation fails."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path

import pytest

from domain.generation import ProblemKind, Status
from domain.reasons import Reason
from domain.slots import Slot
from sandbox import Sandbox
from tests.integration.store_harness import StoreHarness

pytestmark = [pytest.mark.integration, pytest.mark.fault(name="F17")]

FAULTS = {"full": errno.ENOSPC, "read-only": errno.EROFS, "too many files": errno.ENFILE}
MINUTE = 60.0
"""Seconds: much less than a picture is tried for."""


class Disk:
    """Refuses every new file in a folder while it has a fault."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
        self.fault: int | None = None
        self.refused = 0
        self._folder = folder
        touch, link, copyfile = Path.touch, os.link, shutil.copyfile

        def touched(path: Path, mode: int = 0o666, exist_ok: bool = True) -> None:
            self._look(path)
            touch(path, mode, exist_ok)

        def linked(source: Path, target: Path) -> None:
            self._look(target)
            link(source, target)

        def copied(source: Path, target: Path) -> None:
            self._look(target)
            copyfile(source, target)

        monkeypatch.setattr(Path, "touch", touched)
        monkeypatch.setattr(os, "link", linked)
        monkeypatch.setattr(shutil, "copyfile", copied)

    def _look(self, path: Path) -> None:
        if self.fault is not None and path.parent == self._folder:
            self.refused += 1
            raise OSError(self.fault, os.strerror(self.fault))


@pytest.mark.parametrize("folder", ["incoming", "pictures"])
@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(fault, id=name, marks=[pytest.mark.long] * (name != "full"))
        for name, fault in FAULTS.items()
    ],
)
async def test_a_disk_that_takes_nothing_for_a_minute_loses_no_picture(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str, fault: int
) -> None:
    """Where a download goes, and where a picture is kept."""
    disk = Disk(monkeypatch, tmp_path / folder)
    async with (
        Sandbox(seed=7, picture_size=64) as sandbox,
        StoreHarness(tmp_path).quick(sandbox) as running_bot,
    ):
        disk.fault = fault
        await running_bot.imagine("a cat")
        await sandbox.wait_until(lambda: disk.refused > 0)
        await running_bot.atelier.clock.sleep(MINUTE)
        disk.fault = None
        assert (await running_bot.ended("a cat")).stored == tuple(Slot)
        assert disk.refused > 1


async def test_a_disk_that_takes_nothing_fails_one_generation_and_not_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = Disk(monkeypatch, tmp_path / "incoming")
    async with (
        Sandbox(seed=7, picture_size=64) as sandbox,
        StoreHarness(tmp_path).quick(sandbox) as running_bot,
    ):
        disk.fault = errno.ENOSPC
        await running_bot.imagine("a cat")
        failed = await running_bot.ended("a cat", Status.FAILED)
        assert failed.problem is not None
        assert failed.problem.kind == ProblemKind.BAD_PICTURE
        assert failed.problem.detail.endswith(Reason.NO_DISK)
        disk.fault = None
        await running_bot.imagine("a dog")
        assert (await running_bot.ended("a dog")).stored == tuple(Slot)
