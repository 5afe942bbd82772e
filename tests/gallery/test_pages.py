"""What the gallery shows: lists, one generation, and nothing of Discord's."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from domain.collection import Favourite
from domain.generation import Generation, Origin, OriginKind, Problem, ProblemKind, Status
from domain.ports import Outcome
from domain.slots import Slot
from services.gallery.source import MOST_READ, PAGE
from tests.gallery.gallery_harness import (
    ANN,
    BEN,
    CHANNEL,
    GUILD,
    GalleryHarness,
    codes,
    following,
    open_gallery,
)
from tests.pictures import png

NASTY = '<script>alert(1)</script><img src=x onerror="alert(2)"> & "quotes"'


async def test_the_newest_generations_are_shown_as_their_grids(harness: GalleryHarness) -> None:
    older, newer = await harness.made("a fox"), await harness.made("a boat")
    page = await harness.get("/")
    assert codes(page) == [newer.code, older.code]
    assert f'src="/g/{older.code}/grid.webp"' in page
    assert "a fox" in page


async def test_an_empty_gallery_says_so(harness: GalleryHarness) -> None:
    assert "There are no pictures yet" in await harness.get("/")
    assert "Nothing matches" in await harness.get("/?q=fox")


async def test_pages_follow_each_other_whole_and_a_new_row_shifts_none(
    harness: GalleryHarness,
) -> None:
    rows = [await harness.asked() for _ in range(PAGE + 3)]
    first = await harness.get("/")
    await harness.asked()
    second = await harness.get(following(first) or "")
    wanted = [row.code for row in reversed(rows)]
    assert codes(first) == wanted[:PAGE]
    assert codes(second) == wanted[PAGE:]
    assert following(second) is None


async def test_all_words_are_searched_in_prompts_in_any_case(harness: GalleryHarness) -> None:
    fox = await harness.asked("A red FOX in snow --ar 3:2")
    await harness.asked("a red house")
    assert codes(await harness.get("/?q=fox+red")) == [fox.code]
    assert codes(await harness.get("/?q=3%3A2")) == [fox.code]
    assert 'value="fox red"' in await harness.get("/?q=fox+red")


async def test_a_search_goes_on_where_it_had_read_enough(
    harness: GalleryHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that a rare word among many generations keeps nobody waiting."""
    assert MOST_READ == 1000
    monkeypatch.setattr("services.gallery.source.MOST_READ", 3)
    monkeypatch.setattr("services.gallery.source.READ_AT_ONCE", 2)
    fox = await harness.asked("a fox")
    for _ in range(5):
        await harness.asked("a house")
    first = await harness.get("/?q=fox")
    assert codes(first) == []
    second = await harness.get(following(first) or "")
    assert codes(second) == [fox.code]


async def test_a_search_that_finds_more_than_a_page_loses_none(harness: GalleryHarness) -> None:
    rows = [await harness.asked("a fox") for _ in range(PAGE + 6)]
    first = await harness.get("/?q=fox")
    second = await harness.get(following(first) or "")
    assert codes(first) + codes(second) == [row.code for row in reversed(rows)]


async def test_people_are_chosen_by_name(harness: GalleryHarness) -> None:
    anns = await harness.asked(author_name="Ann")
    bens = await harness.asked(author_id=BEN, author_name="Ben <b>")
    page = await harness.get("/")
    options = re.findall(r'<option value="(\w+)">([^<]+)</option>', page)
    assert options[:2] == [(anns.code, "Ann"), (bens.code, "Ben &lt;b&gt;")]
    chosen = await harness.get(f"/?by={bens.code}")
    assert codes(chosen) == [bens.code]
    assert f'<option value="{bens.code}" selected>' in chosen
    assert codes(await harness.get("/?by=zzzzzz")) == []


async def test_a_person_s_list_stays_theirs_when_they_have_newer_ones(
    harness: GalleryHarness,
) -> None:
    old = await harness.asked()
    newer = await harness.asked()
    await harness.asked(author_id=BEN)
    assert codes(await harness.get(f"/?by={old.code}")) == [newer.code, old.code]


@pytest.mark.parametrize(
    ("state", "shown"), [("work", "work"), ("done", "done"), ("ended", "ended"), ("xyz", "all")]
)
async def test_states_are_chosen(harness: GalleryHarness, state: str, shown: str) -> None:
    ended, finished = await harness.failed("a cat"), await harness.made("a dog")
    work = await harness.painting("a fish")
    lists = {"work": [work], "done": [finished], "ended": [ended], "all": [work, finished, ended]}
    assert codes(await harness.get(f"/?state={state}")) == [one.code for one in lists[shown]]


async def kept(harness: GalleryHarness, row: Generation, by: int) -> None:
    """Let somebody keep it."""
    favourite = Favourite(person_id=by, generation_id=row.id, kept=True)
    collection = harness.worker.store.collection
    assert await collection.set_favourite(favourite, fence=harness.worker.fence) == Outcome.DONE
    harness.clock.jump(1)


async def test_what_anybody_keeps_is_chosen_as_a_state(harness: GalleryHarness) -> None:
    foxes = [await harness.made("a fox") for _ in range(PAGE + 2)]
    boat, _ = await harness.made("a boat", author_id=BEN), await harness.made("a house")
    lake = await harness.made("a lake")
    for row in (lake, *foxes, boat):
        await kept(harness, row, BEN)
    page = await harness.get("/?state=favourites")
    assert '<option value="favourites" selected>Favourites</option>' in page
    wanted = [row.code for row in (boat, *reversed(foxes), lake)]
    assert codes(page) == wanted[:PAGE]
    assert codes(await harness.get(following(page) or "")) == wanted[PAGE:]
    assert codes(await harness.get(f"/?state=favourites&by={boat.code}")) == [boat.code]
    assert codes(await harness.get("/?state=favourites&q=boat")) == [boat.code]
    assert codes(await harness.get("/?state=favourites&q=lake")) == [lake.code]


async def test_where_favourites_are_not_known_they_cannot_be_chosen(
    harness: GalleryHarness,
) -> None:
    await kept(harness, await harness.made("a fox"), ANN)
    harness.gallery.source._collection = None  # pyright: ignore[reportPrivateUsage] -- as in a process that only reads
    page = await harness.get("/?state=favourites")
    assert codes(page) == []
    assert "Favourites" not in page


@pytest.mark.parametrize("before", ["", "x", "-1", "9" * 30, "²", "1.5"])
async def test_a_place_that_makes_no_sense_is_the_beginning(
    harness: GalleryHarness, before: str
) -> None:
    row = await harness.asked()
    assert codes(await harness.get(f"/?before={before}")) == [row.code]


async def test_one_opens_with_its_five_pictures_in_full(harness: GalleryHarness) -> None:
    row = await harness.made("a fox in snow --ar 3:2 --no text")
    page = await harness.get(f"/g/{row.code}")
    for slot in Slot:
        assert f'<img src="/{row.id}/{slot.title}.png"' in page
        async with harness.visitor.get(harness.url(f"/{row.id}/{slot.title}.png")) as answer:
            assert await answer.read() == png((96, 64))
    assert page.count('width="96" height="64"') == 5
    assert '<p class="prompt" dir="auto">a fox in snow</p>' in page
    assert 'data-copy="a fox in snow --ar 3:2 --no text"' in page
    assert "<dt>--ar</dt><dd>3:2</dd>" in page
    assert "<bdi>Ann</bdi>" in page
    assert row.created_at.isoformat() in page


async def test_parents_and_children_are_a_tree(harness: GalleryHarness) -> None:
    first = await harness.made("the first")
    by_button = Origin(kind=OriginKind.VARIATION, parent_id=first.id, index=2)
    second = await harness.made("the second", origin=by_button)
    reroll = Origin(kind=OriginKind.REROLL, parent_id=second.id)
    third = await harness.made("the third", origin=reroll)
    again = await harness.made("the fourth", origin=Origin(parent_id=second.id))
    page = await harness.get(f"/g/{second.code}")
    family = page[page.index('<nav class="family"') :]
    places = [family.index(f"/g/{one.code}") for one in (first, third, again)]
    assert places == sorted(places)
    assert family.index("variation 2") < family.index('aria-current="page"')
    assert family.index("reroll") > family.index('aria-current="page"')
    assert "once more" in family
    assert family.count("<ul") == family.count("</ul>")
    assert family.count("<li") == family.count("</li>")
    assert "family" not in await harness.get(f"/g/{(await harness.made()).code}")


async def test_a_parent_that_is_not_there_any_more_ends_the_tree(
    harness: GalleryHarness,
) -> None:
    unknown = "0b2e4c6a-1d3f-4a5b-8c7d-9e0f1a2b3c4d"
    first = await harness.made("the first", origin=Origin(parent_id=unknown))
    deleted = await harness.made("a secret", origin=Origin(parent_id=first.id))
    last = await harness.made("the last", origin=Origin(parent_id=deleted.id))
    await harness.delete(deleted)
    family = await harness.get(f"/g/{last.code}")
    assert f"/g/{first.code}" in family
    assert deleted.code not in family


async def test_why_there_is_no_picture_is_told_in_midjourneys_words(
    harness: GalleryHarness,
) -> None:
    refused = Problem(ProblemKind.REFUSED, "Banned prompt: <b>cat</b>")
    row = await harness.failed("a cat", problem=refused)
    page = await harness.get(f"/g/{row.code}")
    assert "Midjourney refused this." in page
    assert "Banned prompt: &lt;b&gt;cat&lt;/b&gt;" in page


async def test_what_is_written_by_people_is_text_and_nothing_else(
    harness: GalleryHarness,
) -> None:
    row = await harness.made(NASTY, author_name='"><script>x</script>')
    for path in ("/", f"/g/{row.code}", f"/?q={NASTY[:20]}"):
        page = await harness.get(path)
        assert not re.search(r"<(script>|img src=x)|onerror=\"", page)
        assert "&lt;script&gt;" in page


async def test_words_of_any_length_and_direction_are_left_whole(harness: GalleryHarness) -> None:
    row = await harness.made("w" * 2000, author_name="נועה")
    page = await harness.get(f"/g/{row.code}")
    assert f'dir="auto">{"w" * 2000}</p>' in page
    assert "<bdi>נועה</bdi>" in page


async def test_no_id_or_link_of_discords_is_on_any_page(harness: GalleryHarness) -> None:
    attached = f"https://cdn.discordapp.com/attachments/{CHANNEL}/{ANN}/cat.png?ex=6&is=5&hm=abc"
    row = await harness.made(f"{attached} in oil, like {ANN}", author_name=f"Ann {ANN}")
    bad = Problem(ProblemKind.REFUSED, f"<@{ANN}>, this is banned")
    failed = await harness.failed("a dog", problem=bad)
    for path in ("/", f"/g/{row.code}", f"/g/{failed.code}", f"/?by={row.code}"):
        page = await harness.get(path)
        for number in (ANN, CHANNEL, GUILD, row.command_message_id):
            assert str(number) not in page
        assert "hm=abc" not in page
    assert "https://discord…/cat.png in oil" in await harness.get(f"/g/{row.code}")


async def test_what_was_deleted_is_gone_and_what_was_cleaned_up_has_its_facts(
    harness: GalleryHarness,
) -> None:
    deleted, cleaned = await harness.made("a secret"), await harness.made("an old one")
    store = harness.worker.store
    await store.begin_archiving([cleaned.id], unchanged_since=cleaned.updated_at)
    await store.finish_archiving([cleaned.id])
    bare = await harness.delete(deleted)
    assert codes(await harness.get("/")) == [cleaned.code]
    await harness.get(f"/g/{bare.code}", 404)
    page = await harness.get(f"/g/{cleaned.code}")
    assert "an old one" in page
    assert "pictures deleted" in page
    assert ".png" not in page


@pytest.mark.parametrize("path", ["/g/zzzzzz", "/g/nope", "/g/ILLEGAL", "/nothing", "/static/x"])
async def test_what_is_not_there_is_not_found(harness: GalleryHarness, path: str) -> None:
    await harness.get(path, 404)


async def test_progress_is_shown_for_what_is_at_work(harness: GalleryHarness) -> None:
    row = await harness.painting("a cat")
    harness.gallery.live.tell(row, 48)
    for path in ("/", f"/g/{row.code}"):
        page = await harness.get(path)
        assert '<progress max="100" value="37.0"' in page
        assert "Being painted" in page


async def test_the_pages_speak_the_language_that_is_set(tmp_path: Path) -> None:
    async with open_gallery(tmp_path, reply_language="fr") as harness:
        page = await harness.get("/")
    assert '<html lang="fr">' in page
    assert "Il n'y a pas encore d'images" in page.replace("&#39;", "'")
    assert Status.QUEUED not in page


async def test_pages_have_a_strict_policy_and_nothing_inline(harness: GalleryHarness) -> None:
    row = await harness.made("a cat")
    for path in ("/", f"/g/{row.code}", "/g/zzzzzz", "/static/gallery.js"):
        async with harness.visitor.get(harness.url(path)) as answer:
            policy, text = answer.headers["Content-Security-Policy"], await answer.text()
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        if path.startswith("/static"):
            continue
        assert not re.search(r"<style| style=|<script>| on\w+=\"", text)
        assert not re.search(r"(?:src|href|action)=\"(?:https?:)?//", text)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
@pytest.mark.parametrize("path", ["/", "/live", "/g/zzzzzz", "/g/zzzzzz/grid.webp"])
async def test_nothing_can_be_written(harness: GalleryHarness, method: str, path: str) -> None:
    async with harness.visitor.request(method, harness.url(path)) as answer:
        assert answer.status == 405
