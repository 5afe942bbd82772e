"""A pictures folder with its store, and a picture to put into it."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from services.storage.folder import FolderImageStore
from tests.pictures import png
from tests.served_folder import served


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "pictures"
    path.mkdir()
    return path


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "source.png"
    path.write_bytes(png())
    return path


@pytest.fixture
async def store(folder: Path) -> AsyncGenerator[FolderImageStore]:
    async with served(folder) as store:
        yield store
