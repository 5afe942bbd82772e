"""`!fav` and `!favs`: what people keep."""

from __future__ import annotations

import pytest

from domain.collection import Favourite
from domain.errors import StoreUnavailable
from domain.generation import Generation
from domain.ports import Outcome
from services.retention import remove
from tests.cogs.channel_harness import ANN, BEN, CHANNEL, ChannelHarness
from tests.cogs.stored_rows import painted, queued


async def only(harness: ChannelHarness, text: str, by: int = ANN) -> str:
    """Type something that gets one answer, and return it."""
    (answer,) = await harness.say(text, by)
    return answer.text


async def favourites(harness: ChannelHarness, person: int | None = ANN) -> list[str]:
    store = harness.atelier.store.collection
    rows = await store.list_favourites(CHANNEL, person, offset=0, limit=99)
    return [row.id for row in rows]


async def keep(harness: ChannelHarness, row: Generation, person: int = ANN) -> None:
    assert await harness.atelier.collection.toggle_favourite(row.id, person, row.command_message_id)


@pytest.mark.parametrize("command", ["fav", "favorite", "favourite"])
async def test_favourite_is_kept_and_given_up_with_the_same_command(
    harness: ChannelHarness, command: str
) -> None:
    row = await painted(harness)
    assert await only(harness, f"!{command} {row.code}", BEN) == (
        f"⭐ `{row.code}` is one of your favourites now. `!favs` lists them."
    )
    assert await favourites(harness, BEN) == [row.id]
    assert await favourites(harness, ANN) == []
    assert await only(harness, f"!{command} {row.code}", BEN) == (
        f"`{row.code}` is no longer one of your favourites."
    )
    assert await favourites(harness, BEN) == []


async def test_reply_stands_for_the_code_and_without_either_it_is_the_latest(
    harness: ChannelHarness,
) -> None:
    cat = await harness.imagined("a cat")
    dog = await queued(harness, prompt="a dog")
    assert cat.status_message_id is not None
    await harness.reply("!fav", cat.status_message_id)
    assert f"`{dog.code}`" in await only(harness, "!fav")
    assert set(await favourites(harness)) == {cat.id, dog.id}
    assert "You haven't made anything yet" in await only(harness, "!fav", BEN)


async def test_command_that_was_done_before_it_came_again_changes_nothing_more(
    harness: ChannelHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database did it, and its answer was lost."""
    row = await painted(harness, wanted=())
    store = harness.atelier.store.collection
    set_favourite = store.set_favourite

    async def and_lose_the_answer(favourite: Favourite, *, fence: int) -> Outcome:
        await set_favourite(favourite, fence=fence)
        raise StoreUnavailable("the answer was lost")

    monkeypatch.setattr(store, "set_favourite", and_lose_the_answer)
    assert "I can't save anything right now" in await only(harness, f"!fav {row.code}")
    assert await favourites(harness) == [row.id]
    monkeypatch.setattr(store, "set_favourite", set_favourite)
    (answer,) = await harness.later()
    assert answer.text.startswith(f"⭐ `{row.code}` is one of your favourites now.")
    assert await favourites(harness) == [row.id]
    assert await harness.back() == []


async def test_what_is_deleted_cannot_be_kept(harness: ChannelHarness) -> None:
    row = await painted(harness, wanted=())
    atelier = harness.atelier
    await remove([row.id], atelier.store, atelier.images, unchanged_since=row.updated_at)
    assert await only(harness, f"!fav {row.code}", BEN) == (
        f"The pictures of `{row.code}` were deleted; only its details are kept."
    )
    assert await favourites(harness, BEN) == []


async def test_author_may_delete_a_favourite_of_anybody(harness: ChannelHarness) -> None:
    row = await painted(harness, wanted=())
    await keep(harness, row, BEN)
    assert "Sure?" in await only(harness, f"!delete {row.code}")
    assert "are deleted" in await only(harness, f"!delete {row.code} yes")
    assert await only(harness, "!favs", BEN) == "No favourites yet. `!fav k7m2qx` adds one."


async def test_favourites_are_listed_the_last_one_first(harness: ChannelHarness) -> None:
    cat, dog = await painted(harness), await queued(harness, prompt="a dog", author_id=BEN)
    for row, person in ((dog, ANN), (cat, ANN), (cat, BEN)):
        await keep(harness, row, person)
    at = f"<t:{int(cat.created_at.timestamp())}:R>"
    assert (await only(harness, "!favs")).splitlines() == [
        f"`{cat.code}` · grid saved · {at} · a cat · **yours**",
        f"`{dog.code}` · waiting for its turn · {at} · a dog · by Ann",
    ]
    for typed in (f"!favs <@{BEN}>", f"!favorites {BEN}"):
        assert f"`{dog.code}`" not in await only(harness, typed)
    for typed in ("!favs all", "!favourites ALL 1"):
        assert len((await only(harness, typed, BEN)).splitlines()) == 2


@pytest.mark.parametrize("whose", ["", f" <@{BEN}>", " all"])
async def test_next_page_that_is_offered_can_be_typed(harness: ChannelHarness, whose: str) -> None:
    rows = [await queued(harness, prompt=f"cat {number}") for number in range(21)]
    for row in rows:
        await keep(harness, row, BEN)
    seen: list[str] = []
    typed = f"!favs{whose}"
    while typed:
        lines = (await only(harness, typed, BEN)).splitlines()
        seen += [line.split("`")[1] for line in lines if not line.startswith("More: ")]
        typed = lines[-1].split("`")[1] if lines[-1].startswith("More: ") else ""
    assert seen == [row.code for row in rows[::-1]]


@pytest.mark.parametrize("wrong", ["0", "51", "many"])
async def test_page_is_a_number(harness: ChannelHarness, wrong: str) -> None:
    assert await only(harness, f"!favs {wrong}") == f"I need a number from 1 to 50, not `{wrong}`."
