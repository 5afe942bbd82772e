"""No answer to a command ever pings anybody."""

from __future__ import annotations

import pytest

from tests.cogs.channel_harness import ANN, STRANGER, ChannelHarness
from tests.dpytest_shim import backend


@pytest.mark.parametrize(
    ("text", "by"),
    [
        ("!imagine a cat", ANN),
        ("!imagine @everyone", ANN),
        (f"!imagine <@{STRANGER}>", ANN),
        ("!status", ANN),
        ("!status @here", ANN),
        ("!help", ANN),
        ("!help @everyone", ANN),
        ("!help imagine", ANN),
        ("!imagine a cat", STRANGER),
    ],
)
async def test_answer_pings_nobody_and_repeats_no_mention(
    harness: ChannelHarness, text: str, by: int
) -> None:
    (answer,) = await harness.say(text, by)
    assert answer.pings == {"parse": [], "replied_user": False}
    assert not any(mention in answer.text for mention in ("@everyone", "@here", f"<@{STRANGER}>"))


async def test_status_message_pings_nobody_whatever_its_author_is_called(
    harness: ChannelHarness,
) -> None:
    backend.update_member(harness.people[ANN], nick="@everyone")
    row = await harness.imagined("a **bold** ||cat||")
    edit = await harness.edit()
    assert edit.pings == {"parse": []}
    assert edit.text.splitlines()[0] == (
        rf"🎨 `{row.code}` · a \*\*bold\*\* \|\|cat\|\| · by " + "@\u200beveryone"
    )
