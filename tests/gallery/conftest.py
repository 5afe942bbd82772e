"""A gallery that is open to this machine."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from tests.gallery.gallery_harness import GalleryHarness, open_gallery


@pytest.fixture
async def harness(tmp_path: Path) -> AsyncGenerator[GalleryHarness]:
    async with open_gallery(tmp_path) as opened:
        yield opened
