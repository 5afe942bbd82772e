"""Somebody asks for what lies beside the pictures and the pages, or for more than a page tells."""

from __future__ import annotations

import json
import shutil
from typing import Any

import pytest
from aiohttp import web

from services.health import HealthReport
from services.web_server import WebServer
from tests.gallery.gallery_harness import GalleryHarness
from tests.gallery.raw_request import sent
from tests.pictures import png

# ---------------------------------------------------------------------------- out of the folder


def targets(harness: GalleryHarness, row_id: str) -> list[str]:
    """Return paths to what lies beside the pictures."""
    ups = (
        "..",
        "%2e%2e",
        "%2E.",
        "..%2f..",
        "..%5c..",
        "%252e%252e",
        "....//",
        "..;",
        "%c0%ae%c0%ae",
    )
    names = ("atelier.sqlite3", "gallery-secret", ".env")
    found = [f"/{up}/{name}" for up in ups for name in names]
    found += [f"/{row_id}/{up}/{up}/{name}" for up in ups for name in names]
    found += [f"/static/{up}/application.py" for up in ups]
    found += [f"/static/{up}/{up}/{up}/.env" for up in ups]
    root = str(harness.folder)
    found += [f"/{root}/gallery-secret", f"//{root}/gallery-secret", f"/file:{root}/gallery-secret"]
    found += [f"/{row_id}/grid.png/../../../gallery-secret", f"/{row_id}/grid.png%00.txt"]
    found += [f"/static/{root}/gallery-secret", "/static//etc/passwd", "/static/.", "/static/%00"]
    return found


async def test_no_path_leads_out_of_the_folder(harness: GalleryHarness) -> None:
    row = await harness.made("a fox")
    names = {path.name for path in harness.folder.rglob("*")}
    assert {"atelier.sqlite3", "gallery-secret"} <= names
    shutil.copy(harness.folder / "gallery-secret", harness.folder / ".env")
    secrets = [
        (harness.folder / "gallery-secret").read_bytes(),
        b"SQLite format 3",
        b"GalleryRoutes",
    ]
    for target in targets(harness, row.id):
        status, answer = await sent(harness.server, f"GET {target} HTTP/1.1\nHost: 127.0.0.1")
        assert status in {400, 404}, target
        assert not [s for s in secrets if s.decode(errors="replace") in answer], target
    status, _ = await sent(harness.server, f"GET /{row.id}/grid.png HTTP/1.1\nHost: 127.0.0.1")
    assert status == 200


async def test_a_link_in_the_folder_that_leads_out_of_it_is_no_picture(
    harness: GalleryHarness,
) -> None:
    """Who can put one there can read files as us already; but no name of a key leads there."""
    outside = harness.folder.parent / "outside.png"
    outside.write_bytes(png())
    (harness.folder / "pictures").mkdir()
    (harness.folder / "pictures" / "link").symlink_to(harness.folder.parent)
    status, _ = await sent(harness.server, "GET /link/outside.png HTTP/1.1\nHost: 127.0.0.1")
    assert status == 404


# ---------------------------------------------------------------------------- the pages' searches


SEARCHES = (
    {"q": "' OR 1=1 --"},
    {"q": "%"},
    {"q": "_"},
    {"q": "\x00"},
    {"q": "x" * 100_000},
    {"by": "' OR 1=1 --"},
    {"by": "%"},
    {"state": "completed' OR '1'='1"},
    {"before": "1 OR 1=1"},
    {"before": "-1"},
    {"before": "9" * 400},
    {"before": "\u0663"},
)


@pytest.mark.parametrize("asked", SEARCHES, ids=lambda asked: str(asked)[:30])
async def test_no_search_breaks_a_page_or_finds_what_it_does_not_name(
    harness: GalleryHarness, asked: dict[str, Any]
) -> None:
    await harness.made("a fox")
    url = harness.url("/").with_query({name: text[:4000] for name, text in asked.items()})
    async with harness.visitor.get(url) as answer:
        page = await answer.text()
        assert answer.status in {200, 400}
    if "q" in asked and answer.status == 200:
        assert "a fox</" not in page.replace("\n", "")


# ---------------------------------------------------------------------------- what /health tells


async def test_health_tells_what_is_wrong_and_nothing_else() -> None:
    """It needs no password, and answers by any name: a platform asks by one of its own."""
    report, server = HealthReport(), WebServer("127.0.0.1:0")
    application = web.Application()
    application.add_routes([report.route()])
    await server.start(application)
    try:
        status, answer = await sent(server, "GET /health?token=x HTTP/1.1\nHost: platform.example")
    finally:
        await server.close()
    told = json.loads(answer.partition("\r\n\r\n")[2])
    assert (status, told.keys()) == (503, {"well", "wrong", "version"})
    assert "Access-Control-Allow-Origin" not in answer
