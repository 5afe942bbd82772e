"""Whatever fails behind a page: neither it nor the log has a secret in it."""

from __future__ import annotations

import io
import logging
from collections.abc import Generator
from typing import Any

import pytest
import structlog

from services import logs
from tests.gallery.gallery_harness import GalleryHarness
from tests.leaks import ERRORS, SECRETS, found_in


@pytest.fixture
def log() -> Generator[io.StringIO]:
    """Give the log as the process writes it."""
    root, stream = logging.getLogger(), io.StringIO()
    handlers, level = list(root.handlers), root.level
    logs.configure("logfmt", SECRETS, stream)
    yield stream
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


async def test_nothing_that_fails_behind_a_page_is_shown_or_written(
    harness: GalleryHarness, log: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = await harness.made("a fox")
    kind = ""

    async def fail(*_: Any, **__: Any) -> None:
        error = ERRORS[kind]()
        raise error

    for name in ("page", "opened", "lately", "get"):
        monkeypatch.setattr(type(harness.gallery.source), name, fail)
    monkeypatch.setattr(type(harness.gallery), "thumbnail", fail)
    for kind in ERRORS:
        for path in ("/", f"/g/{row.code}", f"/g/{row.code}/grid.webp"):
            async with harness.visitor.get(harness.url(path)) as answer:
                assert answer.status in {500, 503}
                shown = await answer.text()
            assert found_in(f"{shown}{answer.headers}") == [], kind
    assert log.getvalue()
    assert found_in(log.getvalue()) == []
