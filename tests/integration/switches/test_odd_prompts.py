"""Prompts that imitate Midjourney's own grammar, or that it rewrites: each finds its picture."""

from __future__ import annotations

import pytest

from domain.generation import Status
from tests.integration.conftest import RunningBot
from tests.integration.switches.switch_harness import its_end, leave_only_the_words

pytestmark = pytest.mark.integration

PROMPTS = {
    "bold": "a **very** bold ** cat",
    "bold and a dash": "a cat** - <no one> (51%) (fast)",
    "brackets": "a cat (31%) (fast) [link](<nowhere>)",
    "the words of an upscale": "a poster that says Image #2 (50%)",
    "the words of a stop": "a cat (Stopped)",
    "the words of the beginning": "a cat (Waiting to start)",
    "the prefix of an upscale": "Upscaling image #3 with a cat",
    "two lines": "a cat\nin a hat",
    "an em dash": "a cat \u2014 tired \u2014ar 3:2",
    "curly quotes": "\u201ca cat\u201d that isn\u2019t one",
    "a version": "a cat --v 7",
    "a raw style in the middle": "a cat --style raw --ar 2:3",
    "many spaces": "a    cat  \t in   a hat",
    "a uuid": "a cat 0f0e0d0c-1111-4222-8333-444455556666",
    "another alphabet": "\u732b \u0643\u0644\u0628 \U0001f408\u200d\u2b1b",
    "a file's name": "0f0e0d0c-1111-4222-8333-444455556666_grid_0.webp",
    "a long one": "a cat and " * 150,
    "numbers": "100% (99%) #1 1::2 cat",
    "a code block": "```a cat```",
}
OFTEN = {
    *("bold and a dash", "an em dash", "curly quotes", "two lines", "another alphabet"),
    *("the words of an upscale", "a raw style in the middle"),
}
"""What is tried in each run."""


@pytest.mark.parametrize(
    "gap",
    [
        pytest.param(False, id="heard", marks=pytest.mark.long),
        pytest.param(True, id="found by its words alone"),
    ],
)
@pytest.mark.parametrize(
    "prompt",
    [
        pytest.param(prompt, id=name, marks=[pytest.mark.long] * (name not in OFTEN))
        for name, prompt in PROMPTS.items()
    ],
)
async def test_an_odd_prompt_comes_to_five_pictures(
    running_bot: RunningBot, prompt: str, gap: bool
) -> None:
    if gap:
        leave_only_the_words(running_bot)
    await running_bot.imagine(prompt)
    end = await its_end(running_bot)
    assert (end.status, end.problem) == (Status.COMPLETED, None)
