"""What people type comes back in the bot's messages as text, and as nothing else."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogs.replies import as_typed, shown
from tests.cogs.channel_harness import ANN, STRANGER, ChannelHarness
from tests.dpytest_shim import backend

HOSTILE = (
    "[free Nitro](https://evil.example)",
    "[a](b) [free Nitro](https://evil.example)",
    "[a][b](c)[d](https://evil.example) [e](f)",
    "**bold** __under__ ~~gone~~ ||hidden|| *thin* _thin_",
    "`code` ```block``` ``two``",
    "\\[free Nitro](https://evil.example)",
    "\\\\**bold**",
    "# large",
    "-# small",
    "> quoted",
    "- listed",
    "@everyone @here <@1180000000000000004> <@&1200000000000000001> <@!1180000000000000004>",
    "a\n# large\n> quoted",
    "a\u202eb\u2066c\u200bd",
)
LIVE = re.compile(
    r"""(?x)
    (?<!\\)(?:\\\\)* (?: [*_~|`] | \[ (?=[^\n]*\]\() )  # what begins something, unescaped
    | (?:^|\n) (?: \#{1,3} | -\# | > | - ) \s
    | @(?=everyone|here) | <@[!&]?(?=[0-9])
    """
)


def in_words(text: str) -> str:
    """Return a text without addresses, which Discord takes as they are."""
    return re.sub(r"https?://\S+", "", text)


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_that_was_typed_is_markdown_or_a_ping(text: str) -> None:
    assert LIVE.search(in_words(shown(text))) is None
    quoted = as_typed(text)
    assert quoted.count("`") == 2
    assert "\n" not in quoted
    assert "@everyone" not in quoted


@given(st.lists(st.sampled_from([*"[]()*_~|`\\#>-@ \n", "x", "[a](b)", "@everyone"])))
def test_no_mixture_of_signs_is_markdown_or_a_ping(signs: list[str]) -> None:
    assert LIVE.search(shown("".join(signs))) is None


@pytest.mark.parametrize("text", HOSTILE[:11])
async def test_no_message_of_the_bot_has_the_markdown_of_a_prompt_or_a_name(
    harness: ChannelHarness, text: str
) -> None:
    backend.update_member(harness.people[ANN], nick=text[:32])
    said = await harness.say(f"!imagine {text}")
    rows = await harness.rows()
    said += await harness.say("!queue")
    if rows:
        said += await harness.say(f"!show {rows[0].code}")
    assert said
    for answer in said:
        assert "[free Nitro](" not in answer.text.replace("\\[", "")
        assert "**bold**" not in answer.text
        assert "||hidden||" not in answer.text
        assert answer.pings["parse"] == []


@pytest.mark.parametrize("command", ["imagine", "status", "help", "prefer", "preset", "find", "x"])
async def test_no_command_repeats_a_mention_or_a_link(
    harness: ChannelHarness, command: str
) -> None:
    attack = f"@everyone <@{STRANGER}> [a](b) [free Nitro](https://evil.example)"
    for answer in await harness.say(f"!{command} {attack}"):
        assert answer.pings["parse"] == []
        assert "@everyone" not in answer.text
        assert f"<@{STRANGER}>" not in answer.text
        bare = re.sub(r"`[^`]*`", "", answer.text)  # in code it is text
        assert not re.search(r"(?<!\\)\[[^\]]*\]\(http", bare)
