"""Who may see the gallery: this machine, the password, a link."""

from __future__ import annotations

import re
import stat
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import cast

import pytest
from pydantic import SecretStr
from yarl import URL

from services.gallery.access import (
    LINK_SECONDS,
    LOGIN_SECONDS,
    LONGEST_WAIT,
    Passes,
    PasswordCheck,
    installation_secret,
)
from services.gallery.addresses import own_path
from services.settings import StorageSettings
from tests.fakes import FakeClock
from tests.gallery.gallery_harness import (
    ANN,
    SECRET,
    GalleryHarness,
    GalleryTestSettings,
    codes,
    open_gallery,
)

PAGES = ["/", "/g/{code}", "/g/{code}/grid.webp", "/live"]


@pytest.fixture
async def locked(tmp_path: Path) -> AsyncGenerator[GalleryHarness]:
    async with open_gallery(tmp_path, gallery_password=SECRET) as opened:
        yield opened


def url(harness: GalleryHarness, path: str = "/") -> str:
    """Return the link that the bot gives."""
    link = harness.gallery.link(ANN)
    assert link is not None
    return str(URL(link.url).with_path(path, keep_query=True))


async def enter(harness: GalleryHarness, password: str, status: int, back: str = "/") -> str:
    """Send a password, and return where it leads, or what is said."""
    address = harness.url("/login").with_query({"next": back})
    form = {"password": password}
    async with harness.visitor.post(address, data=form, allow_redirects=False) as answer:
        assert answer.status == status
        return answer.headers.get("Location") or await answer.text()


# ----------------------------------------------------------------------------------- this machine


async def test_without_a_password_it_is_open_to_this_machine(harness: GalleryHarness) -> None:
    row = await harness.made()
    assert codes(await harness.get("/")) == [row.code]


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "evil.example:8764"},
        {"X-Forwarded-For": "192.0.2.7"},
        {"Forwarded": "for=192.0.2.7"},
        {"X-Real-IP": "192.0.2.7"},
        {"Via": "1.1 proxy"},
    ],
)
@pytest.mark.parametrize("path", PAGES)
async def test_who_comes_by_another_name_or_through_a_proxy_is_not_at_this_machine(
    harness: GalleryHarness, headers: dict[str, str], path: str
) -> None:
    row = await harness.made("a secret fox")
    page = await harness.get(path.format(code=row.code), 403, headers=headers)
    assert "secret fox" not in page
    assert "Type !gallery in the channel" in page


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:1", "[::1]:8764"])
async def test_this_machine_has_several_names(harness: GalleryHarness, host: str) -> None:
    await harness.get("/", headers={"Host": host})


async def test_with_a_public_address_everybody_needs_a_link(tmp_path: Path) -> None:
    async with open_gallery(tmp_path, gallery_url="https://pictures.example") as harness:
        await harness.get("/", 403)
        assert url(harness).startswith("https://pictures.example/?token=")


async def test_at_an_address_for_others_everybody_needs_a_link(tmp_path: Path) -> None:
    async with open_gallery(tmp_path, pictures_address="0.0.0.0:0") as harness:
        row = await harness.made()
        await harness.get("/", 403)
        assert re.match(r"http://127\.0\.0\.1:\d+/\?token=", url(harness))
        picture = f"/{row.id}/grid.png"  # whose links work as ever
        async with harness.visitor.get(harness.url(picture)) as answer:
            assert answer.status == 200


# ------------------------------------------------------------------------------------- the password


@pytest.mark.parametrize("path", PAGES)
async def test_with_a_password_nothing_is_told_without_it(
    locked: GalleryHarness, path: str
) -> None:
    row = await locked.made("a secret fox")
    page = await locked.get(path.format(code=row.code), 403)
    assert "secret fox" not in page
    assert '<input type="password"' in page


async def test_the_password_opens_the_page_that_was_wanted(locked: GalleryHarness) -> None:
    row = await locked.made("a secret fox")
    assert await enter(locked, SECRET, 303, f"/g/{row.code}") == f"/g/{row.code}"
    assert "secret fox" in await locked.get(f"/g/{row.code}")


async def test_a_login_ends_after_a_week(locked: GalleryHarness) -> None:
    await enter(locked, SECRET, 303)
    locked.clock.jump(LOGIN_SECONDS - 1)
    await locked.get("/")
    locked.clock.jump(1)
    await locked.get("/", 403)


async def test_the_cookie_is_for_this_site_alone_and_no_script_s(locked: GalleryHarness) -> None:
    address = locked.url("/login")
    headers = {"X-Forwarded-Proto": "https"}
    form = {"password": SECRET}
    async with locked.visitor.post(
        address, data=form, headers=headers, allow_redirects=False
    ) as answer:
        cookie = answer.cookies["atelier_gallery"]
    assert (cookie["httponly"], cookie["samesite"], cookie["secure"]) == (True, "Lax", True)
    assert SECRET not in cookie.value


@pytest.mark.parametrize("wrong", ["", "gallery-wor", SECRET.upper(), "é"])
async def test_a_wrong_password_opens_nothing(locked: GalleryHarness, wrong: str) -> None:
    assert "That isn&#39;t the password" in await enter(locked, wrong, 403)
    await locked.get("/", 403)


async def test_tries_are_slowed_down_and_the_right_one_waits_too(locked: GalleryHarness) -> None:
    for _ in range(3):
        await enter(locked, "wrong", 403)
    assert "Try again in" in await enter(locked, SECRET, 429)
    locked.clock.jump(1)
    assert await enter(locked, SECRET, 303) == "/"


@pytest.mark.parametrize(
    ("path", "leads"),
    [
        ("/g/abc?q=1", "/g/abc?q=1"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example", "/"),
        ("", "/"),
    ],
)
def test_nobody_is_sent_elsewhere(path: str, leads: str) -> None:
    assert own_path(path) == leads


def test_waits_grow_to_a_minute_and_end_with_the_right_password() -> None:
    clock = FakeClock()
    check = PasswordCheck(SecretStr(SECRET), clock)
    waits: list[float] = []
    for _ in range(12):
        assert not check.is_right("wrong")
        waits.append(check.wait)
        clock.jump(check.wait)
    assert waits[:6] == [0, 0, 1, 2, 4, 8]
    assert waits[-1] == LONGEST_WAIT
    assert check.is_right(SECRET)
    assert not check.is_right("wrong")
    assert check.wait == 0


def test_without_a_password_none_is_right() -> None:
    check = PasswordCheck(None, FakeClock())
    assert not check.wanted
    assert not check.is_right("")


# ------------------------------------------------------------------------------------------- links


async def test_a_link_opens_it_and_leaves_the_address_bare(locked: GalleryHarness) -> None:
    row = await locked.made("a secret fox")
    link = URL(url(locked, f"/g/{row.code}"))
    assert link.origin() == locked.server.base.origin()
    async with locked.visitor.get(link) as answer:
        assert answer.url == locked.url(f"/g/{row.code}")
        assert "secret fox" in await answer.text()
    await locked.get("/")


async def test_a_link_ends_after_a_day_and_so_does_who_came_by_it(locked: GalleryHarness) -> None:
    link = URL(url(locked))
    await locked.get(link.path_qs)
    locked.clock.jump(LINK_SECONDS - 1)
    await locked.get("/")
    locked.clock.jump(1)
    await locked.get("/", 403)
    await locked.get(link.path_qs, 403)


async def test_an_open_gallery_s_link_is_bare(harness: GalleryHarness) -> None:
    assert URL(url(harness)) == harness.url("/")


def test_a_pass_that_was_changed_opens_nothing() -> None:
    passes = Passes(b"s" * 32, FakeClock())
    given = passes.issue(60)
    ends, _, signature = given.partition(".")
    longer = f"{int(ends, 16) + 1:x}.{signature}"
    for text in ("", ".", given[:-1], longer, f"{ends}.", "ends.sig", "é.\udce9"):
        assert passes.seconds_left(text) == 0
    assert passes.seconds_left(given) == 60
    assert Passes(b"t" * 32, FakeClock()).seconds_left(given) == 0


# --------------------------------------------------------------------------------------- the secret


def folder(path: Path) -> StorageSettings:
    return cast("StorageSettings", GalleryTestSettings(path))


def test_the_secret_is_kept_and_for_its_owner_alone(tmp_path: Path) -> None:
    secret = installation_secret(folder(tmp_path))
    assert len(secret) == 32
    assert installation_secret(folder(tmp_path)) == secret
    (file,) = [path for path in tmp_path.iterdir() if path.is_file()]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    file.unlink()
    assert installation_secret(folder(tmp_path)) != secret


def test_a_disk_that_cannot_be_written_has_a_secret_for_as_long_as_the_process(
    tmp_path: Path,
) -> None:
    (tmp_path / "data").write_text("a file")
    assert len(installation_secret(folder(tmp_path / "data"))) == 32


def test_processes_of_one_project_have_one_secret_without_a_disk(tmp_path: Path) -> None:
    class KeyOfAProject:
        supabase_key = SecretStr("sb_secret_" + "x" * 30)

    one, other = (installation_secret(cast("StorageSettings", KeyOfAProject())) for _ in range(2))
    assert one == other
    assert len(one) == 32
