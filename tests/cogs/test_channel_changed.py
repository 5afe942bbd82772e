"""After a change of `DISCORD_CHANNEL_ID`, what was asked for in another channel is unknown."""

from __future__ import annotations

import re

from tests.cogs.channel_harness import ELSEWHERE, ChannelHarness
from tests.cogs.stored_rows import queued


async def told(room: ChannelHarness, words: str) -> str:
    (reply,) = await room.say(words)
    return reply.text


async def test_history_goes_back_to_the_last_change_of_the_channel(room: ChannelHarness) -> None:
    await queued(room, prompt="long ago")
    await queued(room, prompt="elsewhere", channel_id=ELSEWHERE)
    assert await told(room, "!history") == "Nothing here yet."
    for number in range(3):
        await queued(room, prompt=f"cat {number}")
    for words, cats in (("2", "21"), ("2 2", "0"), ("all 3", "210")):
        text = await told(room, f"!history {words}")
        assert "".join(re.findall(r"cat (\d)", text)) == cats
        assert ("long ago" in text, "elsewhere" in text) == (False, False)
        assert ("More" in text) == (words == "2")
    for words in ("2 3", "1 4", "1 5"):
        assert await told(room, f"!history {words}") == "Nothing here yet."


async def test_ones_latest_is_none_of_another_channel(room: ChannelHarness) -> None:
    await queued(room, channel_id=ELSEWHERE)
    assert await told(room, "!status") == "You haven't made anything yet. Try `!imagine a cat`."
    row = await queued(room)
    assert (await told(room, "!status")).startswith(f"🎨 `{row.code}`")
