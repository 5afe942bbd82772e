"""After a change of `DISCORD_CHANNEL_ID`, generations from another channel are unknown."""

from __future__ import annotations

import re

from tests.cogs.channel_harness import ELSEWHERE, ChannelHarness
from tests.cogs.stored_rows import queued


async def told(harness: ChannelHarness, words: str) -> str:
    (reply,) = await harness.say(words)
    return reply.text


async def test_history_goes_back_to_the_last_change_of_the_channel(harness: ChannelHarness) -> None:
    await queued(harness, prompt="long ago")
    await queued(harness, prompt="elsewhere", channel_id=ELSEWHERE)
    assert await told(harness, "!history") == "Nothing here yet."
    for number in range(3):
        await queued(harness, prompt=f"cat {number}")
    for words, cats in (("2", "21"), ("2 2", "0"), ("all 3", "210")):
        text = await told(harness, f"!history {words}")
        assert "".join(re.findall(r"cat (\d)", text)) == cats
        assert ("long ago" in text, "elsewhere" in text) == (False, False)
        assert ("More" in text) == (words == "2")
    for words in ("2 3", "1 4", "1 5"):
        assert await told(harness, f"!history {words}") == "Nothing here yet."


async def test_ones_latest_is_none_of_another_channel(harness: ChannelHarness) -> None:
    await queued(harness, channel_id=ELSEWHERE)
    assert await told(harness, "!status") == "You haven't made anything yet. Try `!imagine a cat`."
    row = await queued(harness)
    assert (await told(harness, "!status")).startswith(f"🎨 `{row.code}`")
