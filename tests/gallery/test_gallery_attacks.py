"""Somebody at another machine, or on a page of their own, tries to get into the gallery."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import AsyncGenerator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from pydantic import SecretStr
from yarl import URL

from services.gallery.access import LONGEST_WAIT, Passes, PasswordCheck
from services.health import HealthReport
from services.web_server import WebServer
from tests.fakes import FakeClock
from tests.gallery.gallery_harness import ANN, BEN, CHANNEL, SECRET, GalleryHarness, open_gallery
from tests.pictures import png

OURS = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
async def locked(tmp_path: Path) -> AsyncGenerator[GalleryHarness]:
    async with open_gallery(tmp_path, gallery_password=SECRET) as opened:
        yield opened


async def sent(server: WebServer, head: str, body: bytes = b"") -> tuple[int, str]:
    """Send what no decent client would; return the status and all that comes back."""
    base = server.base
    reader, writer = await asyncio.open_connection("127.0.0.1", base.port)
    lines = head.replace("\n", "\r\n")
    writer.write(f"{lines}\r\nConnection: close\r\n\r\n".encode() + body)
    answer = (await reader.read()).decode(errors="replace")
    writer.close()
    await writer.wait_closed()
    return int(answer.split()[1]), answer


# ---------------------------------------------------------------------------- by another name


REBOUND = (
    "evil.example",
    "evil.example:8764",
    "localhost.evil.example",
    "127.0.0.1.evil.example",
    "localhost@evil.example",
    "evil.example#localhost",
    "evil.example/localhost",
    "localhost, evil.example",
    "[::2]",
    "0.0.0.0:8764",
    "127.1.evil.example",
    "xn--lcalhost-54a",
    "",
)


@pytest.mark.parametrize("host", REBOUND)
async def test_a_name_that_leads_to_this_machine_opens_nothing(
    harness: GalleryHarness, host: str
) -> None:
    """DNS rebinding: a page of `evil.example` whose address is now 127.0.0.1."""
    row = await harness.made("a secret fox")
    for path in ("/", f"/g/{row.code}", f"/g/{row.code}/grid.webp", "/live"):
        status, answer = await sent(harness.server, f"GET {path} HTTP/1.1\nHost: {host}")
        assert status in {400, 403}, path
        assert "secret fox" not in answer
    head = f"POST /g/{row.code}/star HTTP/1.1\nHost: {host}\nSec-Fetch-Site: same-origin"
    body = b"starred=yes"
    form = f"Content-Type: application/x-www-form-urlencoded\nContent-Length: {len(body)}"
    status, _ = await sent(harness.server, f"{head}\n{form}", body)
    assert status in {400, 403}
    assert (
        await harness.worker.store.collection.list_favourites(CHANNEL, ANN, offset=0, limit=9) == []
    )


async def test_a_target_with_a_name_of_its_own_does_not_hide_the_one_that_was_asked_for(
    harness: GalleryHarness,
) -> None:
    await harness.made("a secret fox")
    head = "GET http://localhost/ HTTP/1.1\nHost: evil.example\nX-Forwarded-For: 192.0.2.7"
    status, answer = await sent(harness.server, head)
    assert status in {400, 403}
    assert "secret fox" not in answer


# ---------------------------------------------------------------------------- without the password


def forged(harness: GalleryHarness) -> list[str]:
    """Return passes that the gallery did not issue, or issued for something else."""
    passes = harness.gallery.passes
    given = passes.issue(3600, BEN)
    facts, _, signature = given.partition(".")
    ends, _, person = facts.partition("-")
    return [
        "",
        "x",
        "null",
        "0.",
        facts,
        f"{facts}.",
        f"{facts}.{signature[:-1]}",
        f"{facts}.{signature}x",
        f"f{facts}.{signature}",
        f"{ends}-{ANN:x}.{signature}",
        f"{ends}.{signature}",
        f"{ends}--{person}.{signature}",
        f"{facts.upper()}.{signature}",
        f" {given}",
        passes.issue(-1, BEN),
        Passes(b"\0" * 32, harness.clock).issue(3600),
        Passes(b"", harness.clock).issue(3600),
    ]


async def test_no_pass_that_was_made_up_opens_anything(locked: GalleryHarness) -> None:
    row = await locked.made("a secret fox")
    for text in forged(locked):
        for path in ("/", f"/g/{row.code}", "/live"):
            page = await locked.get(path, 403, cookies={"atelier_gallery": text})
            assert "secret fox" not in page, text
            page = await locked.get(path, 403, params={"token": text})
            assert "secret fox" not in page, text
        locked.visitor.cookie_jar.clear()


async def test_nothing_but_the_password_enters(locked: GalleryHarness) -> None:
    bodies: tuple[tuple[str, bytes], ...] = (
        ("application/x-www-form-urlencoded", b""),
        ("application/x-www-form-urlencoded", b"password[]=gallery-word"),
        ("application/x-www-form-urlencoded", b"password=" + SECRET.encode() + b"%00"),
        ("application/x-www-form-urlencoded", b"password=%20" + SECRET.encode()),
        ("application/json", b'{"password": true}'),
        ("application/json", b'{"password": {"$ne": ""}}'),
        ("application/x-www-form-urlencoded; charset=none", b"password=x"),
        ("application/x-www-form-urlencoded", b"password=%ff%fe&\xff=\xfe"),
        ("application/x-www-form-urlencoded", b"a&" * 5000),
        ("multipart/form-data", b"no boundary"),
        ("multipart/form-data; boundary=x", b"--x\r\nno form"),
        ("multipart/form-data; boundary=x", b"--x\r\nA: b\r\n\r\nno name\r\n--x--\r\n"),
        ("multipart/form-data; boundary=x", b"--y\r\nA: b\r\n\r\nno name\r\n--y--\r\n"),
        ("text/plain", b"password=" + SECRET.encode()),
    )
    for kind, body in bodies:
        head = f"POST /login HTTP/1.1\nHost: 127.0.0.1\nContent-Type: {kind}"
        status, answer = await sent(locked.server, f"{head}\nContent-Length: {len(body)}", body)
        assert status in {400, 403, 413, 429}, (kind, body)
        assert "Set-Cookie" not in answer
        locked.clock.jump(LONGEST_WAIT)


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data"])
async def test_an_endless_form_is_not_read_to_its_end(locked: GalleryHarness, kind: str) -> None:
    large = b"password=" + b"x" * 2**21
    if kind.startswith("multipart"):
        part = b'--x\r\nContent-Disposition: form-data; name="password"; filename="f"\r\n\r\n'
        kind, large = f"{kind}; boundary=x", part + large + b"\r\n--x--\r\n"
    data = locked.visitor.post(
        locked.url("/login"),
        data=BytesIO(large),
        headers={"Content-Type": kind},
        allow_redirects=False,
    )
    async with data as answer:
        assert answer.status == 413


def test_a_list_of_passwords_takes_years() -> None:
    """The attacker tries as soon as the wait is over; in between not even the right one counts."""
    clock = FakeClock()
    check, begun = PasswordCheck(SecretStr(SECRET), clock), clock.monotonic()
    for number in range(1000):
        assert not check.is_right(f"password{number}")
        if check.wait:
            assert not check.is_right(SECRET)
        clock.jump(check.wait)
    hours = (clock.monotonic() - begun) / 3600
    assert hours > 16  # for a thousand; a list of ten million takes twenty years


# ---------------------------------------------------------------------------- from another page


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://127.0.0.1"},
        {"Origin": "null"},
        {"Origin": "http://evil.example"},
        {"Origin": "http://127.0.0.1.evil.example"},
        {"Origin": "http://127.0.0.1:1"},
        {"Referer": "http://127.0.0.1/"},
    ],
)
async def test_a_form_on_another_page_presses_no_star(
    harness: GalleryHarness, headers: dict[str, str]
) -> None:
    row = await harness.made("a fox")
    address, form = harness.url(f"/g/{row.code}/star"), {"starred": "yes"}
    async with harness.visitor.post(address, data=form, headers=headers) as answer:
        assert answer.status == 403
    stars = await harness.worker.store.collection.list_favourites(CHANNEL, ANN, offset=0, limit=9)
    assert stars == []


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "OPTIONS"])
async def test_no_other_method_presses_a_star(harness: GalleryHarness, method: str) -> None:
    row = await harness.made("a fox")
    for override in ({}, {"X-HTTP-Method-Override": "POST"}):
        address = harness.url(f"/g/{row.code}/star")
        async with harness.visitor.request(method, address, headers=OURS | override) as answer:
            assert answer.status in {404, 405}


ELSEWHERE = (
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "/\r\n/evil.example",
    "\t//evil.example",
    "https:evil.example",
    "https://evil.example",
    "javascript:alert(1)",
    "/\x00/evil.example",
    "/%2f/evil.example/../..",
    "evil.example",
    "@evil.example",
    "/a\r\nSet-Cookie: x=y",
)


@pytest.mark.parametrize("back", ELSEWHERE)
async def test_nobody_is_led_elsewhere_after_the_password(
    locked: GalleryHarness, back: str
) -> None:
    """A browser drops tabs and line breaks from an address, and a backslash is a slash to it."""
    address = locked.url("/login").with_query({"next": back})
    form = {"password": SECRET}
    async with locked.visitor.post(address, data=form, allow_redirects=False) as answer:
        assert answer.status == 303
        leads = answer.headers["Location"]
        assert "x=y" not in str(answer.cookies)
    as_browsers_read = "".join(leads.split()).replace("\\", "/")
    assert as_browsers_read.startswith("/")
    assert not as_browsers_read.startswith("//")
    assert URL("http://ours.example/").join(URL(as_browsers_read)).host == "ours.example"


@pytest.mark.parametrize("path", ["/", "/g/{code}", "/nothing", "/static/gallery.css", "/login"])
async def test_no_page_may_be_framed_or_load_anything_of_others(
    harness: GalleryHarness, path: str
) -> None:
    row = await harness.made('"><script>alert(1)</script><img src=x onerror=alert(1)>')
    async with harness.visitor.get(harness.url(path.format(code=row.code))) as answer:
        text = await answer.text()
        if answer.status == 200:
            policy = answer.headers["Content-Security-Policy"]
            rules = dict(rule.strip().partition(" ")[::2] for rule in policy.split(";"))
            assert rules["default-src"] == rules["frame-ancestors"] == rules["base-uri"] == "'none'"
            assert rules["script-src"] == rules["form-action"] == "'self'"
            assert "unsafe" not in policy
            assert "*" not in policy
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "Access-Control-Allow-Origin" not in answer.headers
    assert "<script>alert" not in text
    assert "<img src=x" not in text


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
