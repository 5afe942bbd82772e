"""A headless Chromium whose pages may do nothing wrong."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from tests.browser.chromium import PROGRAMS, Tab, chromium, program


@pytest.fixture
async def tab(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Tab]:
    """Give a page; at the end, there was no error on its console, and no request to elsewhere."""
    if program() is None:
        pytest.skip(f"none of these is installed: {', '.join(PROGRAMS)}")
    folder: Path = tmp_path_factory.mktemp("chromium")
    async with chromium(folder) as tab:
        yield tab
        tab.check()
