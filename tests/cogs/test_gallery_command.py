"""`!gallery`, and the links to its pages."""

from __future__ import annotations

import re
from pathlib import Path

from services.updates import GenerationUpdate
from tests.cogs.channel_harness import ANN, OLGA, STRANGER, ChannelHarness, open_channel
from tests.cogs.stored_rows import ended

LINK = re.compile(r"<(https?://[^/]+/)\?token=([^>]+)>")


async def test_a_gallery_for_this_machine_has_a_bare_address(harness: ChannelHarness) -> None:
    (reply,) = await harness.say("!gallery")
    assert re.fullmatch(
        r"🖼️ The gallery is at <http://127\.0\.0\.1:\d+/>, on the machine I run on\.", reply.text
    )


async def test_where_there_are_several_owners_the_link_says_who_it_is(tmp_path: Path) -> None:
    """Without it, nobody would know whose stars are given at that machine."""
    async with open_channel(tmp_path, owner_ids={OLGA, ANN}) as harness:
        (reply,) = await harness.say("!gallery", ANN)
    link = LINK.search(reply.text)
    assert link is not None
    assert harness.atelier.gallery.passes.person(link[2]) == ANN
    assert reply.text.endswith(", on the machine I run on.")


async def test_others_get_a_link_that_opens_it_for_a_day(tmp_path: Path) -> None:
    public = "https://pictures.example"
    async with open_channel(tmp_path, gallery_url=public) as harness:
        (reply,) = await harness.say("!gallery", OLGA)
        link = LINK.search(reply.text)
        assert link is not None
        assert link[1] == f"{public}/"
        assert harness.atelier.gallery.passes.seconds_left(link[2]) == 24 * 3600
        assert harness.atelier.gallery.passes.person(link[2]) == OLGA
        ends = int(harness.clock.now().timestamp()) + 24 * 3600
        assert f"This link expires <t:{ends}:R>." in reply.text


async def test_strangers_get_none(harness: ChannelHarness) -> None:
    (reply,) = await harness.say("!gallery", STRANGER)
    assert "http" not in reply.text


async def test_a_gallery_that_is_not_served_is_said_to_be_none(harness: ChannelHarness) -> None:
    await harness.atelier.gallery._server.close()  # pyright: ignore[reportPrivateUsage] -- as if it never began
    (reply,) = await harness.say("!gallery")
    assert reply.text.startswith("There's no gallery")


async def test_the_final_notice_leads_to_its_page_where_others_can_go(tmp_path: Path) -> None:
    async with open_channel(tmp_path, gallery_url="https://pictures.example") as harness:
        row = await ended(harness)
        (notice,) = await harness.tell(GenerationUpdate(row))
    assert notice.text.splitlines()[1] == (
        f"In the gallery: <https://pictures.example/g/{row.code}>"
    )


async def test_without_a_public_address_it_leads_nowhere(harness: ChannelHarness) -> None:
    (notice,) = await harness.tell(GenerationUpdate(await ended(harness)))
    assert "gallery" not in notice.text
