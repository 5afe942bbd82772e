"""Somebody at another machine, or on a page of their own, tries to get into the gallery."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from io import BytesIO
from pathlib import Path

import pytest
from pydantic import SecretStr
from yarl import URL

from services.gallery.access import LONGEST_WAIT, Passes, PasswordCheck
from tests.fakes import FakeClock
from tests.gallery.gallery_harness import ANN, BEN, CHANNEL, SECRET, GalleryHarness, open_gallery
from tests.gallery.raw_request import sent

OURS = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
async def locked(tmp_path: Path) -> AsyncGenerator[GalleryHarness]:
    async with open_gallery(tmp_path, gallery_password=SECRET) as opened:
        yield opened


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
            parts = (rule.strip().partition(" ") for rule in policy.split(";"))
            rules = {name: sources for name, _, sources in parts}
            assert rules["default-src"] == rules["frame-ancestors"] == rules["base-uri"] == "'none'"
            assert rules["script-src"] == rules["form-action"] == "'self'"
            assert "unsafe" not in policy
            assert "*" not in policy
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "Access-Control-Allow-Origin" not in answer.headers
    assert "<script>alert" not in text
    assert "<img src=x" not in text
