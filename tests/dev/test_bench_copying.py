"""Both ways to copy that are compared do the same work, and leave nothing behind."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from storage3.exceptions import StorageApiError

from benchmarks.cdn import serving
from benchmarks.copying import FAST, CopyBench, FolderTarget, ProjectTarget
from domain.slots import Slot
from sandbox.pictures import Scene, grid_file


def pictures(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*.png"))


@pytest.fixture
def content() -> bytes:
    found, _ = grid_file(Scene("a lighthouse", "job", grid_size=64, grain=0.1), "png")
    return found


@pytest.fixture
async def origin(tmp_path: Path, content: bytes) -> AsyncGenerator[str]:
    source = tmp_path / "source.png"
    source.write_bytes(content)
    async with serving(source) as origin:
        yield origin


async def test_both_keep_the_same_file_and_it_is_removed(
    tmp_path: Path, content: bytes, origin: str
) -> None:
    folder = tmp_path / "pictures"
    async with CopyBench(origin, tmp_path, FolderTarget(folder)) as copies:
        await copies.ours(FAST, Slot.GRID)
        await copies.bare(FAST)
        await copies.bare(FAST, hashing=False)
        ours, bare = [*folder.glob("*/grid.png")], [*(tmp_path / "bare").glob("*.png")]
        assert [path.read_bytes() for path in ours + bare] == [content] * 3
        copies.remove()
        assert pictures(tmp_path) == ["source.png"]


async def test_both_upload_that_file_and_the_host_refuses_another(
    tmp_path: Path, origin: str
) -> None:
    target = await ProjectTarget.connect(origin)
    async with CopyBench(origin, tmp_path, target) as copies:
        await copies.ours(FAST, Slot.GRID)
        await copies.bare(FAST)
        other = tmp_path / "other.png"
        other.write_bytes(b"other")
        with pytest.raises(StorageApiError):
            await target.keep(other)
        copies.remove()
    assert pictures(tmp_path) == ["other.png", "source.png"]
