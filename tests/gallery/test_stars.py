"""Stars on the pages: whose favourites they are, and who may give them."""

from __future__ import annotations

import re
from pathlib import Path

import aiohttp
import pytest

from domain.generation import Generation
from tests.gallery.gallery_harness import (
    ANN,
    BEN,
    CHANNEL,
    SECRET,
    GalleryHarness,
    codes,
    open_gallery,
)

OURS = {"Sec-Fetch-Site": "same-origin"}


def starred(page: str) -> list[bool]:
    """Return which of the stars on a page are given, in order."""
    return [found == "true" for found in re.findall(r'aria-pressed="(\w+)"', page)]


async def favourites(harness: GalleryHarness, person: int) -> list[str]:
    """Return the codes of what `!favs` lists for somebody."""
    collection = harness.worker.store.collection
    rows = await collection.list_favourites(CHANNEL, person, offset=0, limit=9)
    return [row.code for row in rows]


async def press(
    harness: GalleryHarness,
    row: Generation,
    status: int = 303,
    *,
    kept: bool = True,
    headers: dict[str, str] = OURS,
) -> None:
    """Send what a star sends."""
    form = {"starred": "yes" if kept else "no"}
    address = harness.url(f"/g/{row.code}/star")
    async with harness.visitor.post(
        address, data=form, headers=headers, allow_redirects=False
    ) as answer:
        assert answer.status == status, await answer.text()


async def come(harness: GalleryHarness, person: int) -> None:
    """Open somebody's own link."""
    link = harness.gallery.link(person)
    assert link is not None
    async with harness.visitor.get(link.url) as answer:
        assert answer.status == 200


async def test_at_this_machine_a_star_is_the_owners(harness: GalleryHarness) -> None:
    row, other = await harness.made("a fox"), await harness.made("a boat")
    for kept in (True, True, False):
        await press(harness, row, kept=kept)
        assert await favourites(harness, ANN) == [row.code] * kept
        assert starred(await harness.get("/")) == [False, kept]
        assert starred(await harness.get(f"/g/{row.code}")) == [kept]
        assert starred(await harness.get(f"/g/{other.code}")) == [False]


async def test_of_several_owners_none_is_meant_without_a_link(tmp_path: Path) -> None:
    async with open_gallery(tmp_path, owner_ids=frozenset({ANN, BEN})) as harness:
        row = await harness.made("a fox")
        assert starred(await harness.get("/")) == []
        await press(harness, row, 403)
        await come(harness, BEN)
        await press(harness, row)
        assert await favourites(harness, BEN) == [row.code]


async def test_a_link_s_stars_are_those_of_who_asked_for_it(tmp_path: Path) -> None:
    async with open_gallery(tmp_path, gallery_url="https://pictures.example") as harness:
        row = await harness.made("a fox")
        await press(harness, row, 403)  # nobody came in yet
        for person in (BEN, ANN):
            token = harness.gallery.passes.issue(60, person)
            await harness.get(f"/?token={token}")
            assert starred(await harness.get("/")) == [False]
            await press(harness, row)
            assert starred(await harness.get("/")) == [True]
            assert await favourites(harness, person) == [row.code]


async def test_whoever_has_the_password_stars_for_the_one_owner(tmp_path: Path) -> None:
    async with open_gallery(tmp_path, gallery_password=SECRET) as harness:
        row = await harness.made("a fox")
        await harness.visitor.post(harness.url("/login"), data={"password": SECRET})
        await press(harness, row)
        assert await favourites(harness, ANN) == [row.code]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "null"},
        {"Origin": "http://elsewhere.example"},
    ],
)
async def test_pages_of_others_can_press_no_star(
    harness: GalleryHarness, headers: dict[str, str]
) -> None:
    row = await harness.made("a fox")
    await press(harness, row, 403, headers=headers)
    assert await favourites(harness, ANN) == []


async def test_a_browser_without_a_secure_connection_names_the_origin(
    harness: GalleryHarness,
) -> None:
    row = await harness.made("a fox")
    await press(harness, row, headers={"Origin": str(harness.url("/").origin())})
    assert await favourites(harness, ANN) == [row.code]


async def test_what_is_gone_can_lose_its_star_and_get_none(harness: GalleryHarness) -> None:
    row, other = await harness.made("a fox"), await harness.made("a boat")
    await press(harness, row)
    for one in (row, other):
        await harness.worker.store.begin_archiving([one.id], unchanged_since=one.updated_at)
        await harness.worker.store.finish_archiving([one.id])
    await press(harness, other, 409)
    assert starred(await harness.get("/")) == [True]
    await press(harness, row, kept=False)
    assert starred(await harness.get("/")) == []


async def test_what_is_not_there_has_no_star(harness: GalleryHarness) -> None:
    row = await harness.made("a fox")
    await harness.get(f"/g/{row.code}/star", 404)  # it is only ever sent
    async with aiohttp.ClientSession(headers=OURS) as visitor:
        wrong = row.code[:-1] + ("3" if row.code[-1] == "2" else "2")
        async with visitor.post(harness.url(f"/g/{wrong}/star")) as answer:
            assert answer.status == 404


async def test_ones_own_favourites_are_chosen_from_everybody_s(harness: GalleryHarness) -> None:
    anns, bens = await harness.made("a fox"), await harness.made("a boat")
    await press(harness, anns)
    token = harness.gallery.passes.issue(60, BEN)
    await harness.get(f"/?token={token}")
    await press(harness, bens)
    page = await harness.get("/?state=mine")
    assert '<option value="mine" selected>My favourites</option>' in page
    assert codes(page) == [bens.code]
    page = await harness.get("/?state=favourites")
    assert codes(page) == [bens.code, anns.code]
    assert starred(page) == [True, False]


async def test_a_card_that_moves_has_a_star_for_those_who_may_give_one(
    tmp_path: Path,
) -> None:
    async with open_gallery(tmp_path, owner_ids=frozenset({ANN, BEN})) as harness:
        await harness.painting("a fox")
        for stars in (0, 1):
            async with harness.visitor.get(harness.url("/live")) as stream:
                told = b""
                while b"a fox" not in told:
                    told += await stream.content.readline()
            assert told.count(b"aria-pressed") == stars
            await come(harness, BEN)


async def test_no_id_of_discords_is_in_a_page_with_stars(harness: GalleryHarness) -> None:
    row = await harness.made("a fox")
    for path in ("/", f"/g/{row.code}"):
        page = await harness.get(path)
        assert starred(page) == [False]
        assert str(ANN) not in page
        assert f"{ANN:x}" not in page
