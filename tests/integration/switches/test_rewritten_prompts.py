"""Prompts that come back in another form: each finds its picture, though only text is left."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from domain.generation import Status
from domain.slots import Slot
from sandbox.switches import Echo
from tests.integration.conftest import RunningBot
from tests.integration.switches.switch_harness import (
    imagined,
    its_end,
    leave_all,
    leave_only_the_first_words,
    leave_only_the_words,
)

pytestmark = pytest.mark.integration


@dataclass(frozen=True, slots=True, kw_only=True)
class RewrittenPrompt:
    """A prompt, how it comes back, and nearly the same one that the account's owner types."""

    prompt: str
    neighbour: str
    echo: Echo = "usual"
    account_settings: str = ""


SHAPES = {
    "a dash that is gone": RewrittenPrompt(
        prompt="a cat \u2014 a hat", neighbour="a cat and a hat", echo="no dashes"
    ),
    "values that are chosen": RewrittenPrompt(
        prompt="a cat --sref random 123 --p --niji",
        neighbour="a cat --sref 7 456 --p abc123 --niji 7",
        echo="chosen values",
    ),
    "stealth that is left out": RewrittenPrompt(
        prompt="a cat --stealth --ar 3:2", neighbour="a cat --ar 2:3", echo="no stealth"
    ),
    "settings of the account": RewrittenPrompt(
        prompt="a cat --v 7",
        neighbour="a cat --v 5.1",
        account_settings="--v 5.1 --p abc123 --stealth",
    ),
    "a personalised one": RewrittenPrompt(
        prompt="a cat asleep on the window sill in the morning sun --p --ar 3:2",
        neighbour="a cat asleep on the window sill in the morning rain --p abc123 --ar 3:2",
        echo="personalised",
    ),
}


OFTEN = {"values that are chosen", "a personalised one"}
"""What is tried in each run."""


def table() -> list[pytest.ParameterSet]:
    """Return every shape with nothing but words left, and the personalised one with more."""
    only_words = [
        pytest.param(
            shape, leave_only_the_words, id=name, marks=[pytest.mark.long] * (name not in OFTEN)
        )
        for name, shape in SHAPES.items()
    ]
    personalised = SHAPES["a personalised one"]
    return [
        *only_words,
        pytest.param(personalised, leave_only_the_first_words, id="one whose beginning was heard"),
        pytest.param(personalised, leave_all, id="one whose preview was seen"),
    ]


@pytest.mark.parametrize(("shape", "left"), table())
async def test_a_rewritten_prompt_is_found_beside_nearly_the_same_one(
    running_bot: RunningBot, shape: RewrittenPrompt, left: Callable[[RunningBot], None]
) -> None:
    """That it is the right one is checked at the end of every test (`invariants.py`)."""
    running_bot.sandbox.switches.echo.set(shape.echo)
    running_bot.sandbox.switches.account_settings.set(shape.account_settings)
    left(running_bot)
    await running_bot.imagine(shape.prompt)
    await running_bot.sandbox.wait_until(lambda: bool(running_bot.sandbox.interactions))
    running_bot.sandbox.imagine_elsewhere(shape.neighbour, "atelier")
    end = await its_end(running_bot)
    assert (end.status, end.problem) == (Status.COMPLETED, None)
    assert end.stored == tuple(Slot)
    assert imagined(running_bot, end.prompt) == 1
