"""Who may see `/metrics`: whoever may see the gallery."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import encode_basic_auth, web

from services.metrics.counts import Counts
from services.metrics.page import MetricsPage
from services.web_server import WebServer
from tests.gallery.gallery_harness import GalleryHarness, open_gallery
from tests.unit.services.test_metrics import WELL

SECRET = "öffne dich, Sesam: bitte"
RIGHT = {"Authorization": encode_basic_auth("prometheus", SECRET, "utf-8")}
WRONG = {"Authorization": encode_basic_auth("prometheus", "öffne dich", "utf-8")}


@asynccontextmanager
async def served(folder: Path, **changes: Any) -> AsyncGenerator[GalleryHarness]:
    """Serve the numbers beside a gallery."""
    async with open_gallery(folder, **changes) as harness:
        page, counts = MetricsPage(), Counts(harness.clock)
        page.look = lambda: (counts, WELL)
        beside = WebServer("127.0.0.1:0")
        served = web.Application()
        served.add_routes([page.route(harness.gallery)])
        await beside.start(served)
        harness.server, gallerys = beside, harness.server
        yield harness
        harness.server = gallerys
        await beside.close()


async def test_this_machine_needs_no_password(tmp_path: Path) -> None:
    async with served(tmp_path) as harness:
        assert "atelier_queue_waiting 0.0" in await harness.get("/metrics")


@pytest.mark.parametrize("headers", [{"Host": "evil.example"}, {"X-Forwarded-For": "192.0.2.7"}])
async def test_others_are_not_told_without_a_password(
    tmp_path: Path, headers: dict[str, str]
) -> None:
    async with served(tmp_path) as harness:
        assert "GALLERY_PASSWORD" in await harness.get("/metrics", 403, headers=headers)


@pytest.mark.parametrize(
    "changes", [{"pictures_address": "0.0.0.0:0"}, {"gallery_url": "https://pictures.example"}]
)
async def test_where_others_may_come_nobody_is_told_without_a_password(
    tmp_path: Path, changes: dict[str, str]
) -> None:
    async with served(tmp_path, **changes) as harness:
        await harness.get("/metrics", 403)


async def test_the_password_opens_it_whatever_the_name(tmp_path: Path) -> None:
    async with served(tmp_path, gallery_password=SECRET) as harness:
        assert "atelier_queue_waiting" in await harness.get("/metrics", headers=RIGHT)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer x"},
        {"Authorization": "Basic ?"},
        {"Authorization": "Basic /w=="},
    ],
)
async def test_without_the_password_it_is_asked_for(
    tmp_path: Path, headers: dict[str, str]
) -> None:
    async with (
        served(tmp_path, gallery_password=SECRET) as harness,
        harness.visitor.get(harness.url("/metrics"), headers=headers) as answer,
    ):
        assert answer.status == 401
        assert answer.headers["WWW-Authenticate"].startswith("Basic")
        assert "atelier" not in await answer.text()


async def test_tries_are_slowed_down_as_those_of_the_gallery_are(tmp_path: Path) -> None:
    async with served(tmp_path, gallery_password=SECRET) as harness:
        while not harness.gallery.password.wait:
            await harness.get("/metrics", 401, headers=WRONG)
        await harness.get("/metrics", 429, headers=RIGHT)
        await harness.clock.advance(60)
        await harness.get("/metrics", headers=RIGHT)


async def test_a_worker_that_has_not_begun_has_no_numbers(tmp_path: Path) -> None:
    async with open_gallery(tmp_path) as harness:
        starting, server = web.Application(), WebServer("127.0.0.1:0")
        starting.add_routes([MetricsPage().route(harness.gallery)])
        await server.start(starting)
        async with harness.visitor.get(server.base / "metrics") as answer:
            assert answer.status == 503
        await server.close()
