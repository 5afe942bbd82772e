"""Prompts of every shape that people type: `tests/fixtures/prompts.csv`, a row for each.

`why` is the fault of one that is refused. `becomes` is what is sent instead of what was typed, or
what is offered in the place of what is wrong.
"""

import csv
from pathlib import Path
from typing import NamedTuple

import pytest

from domain.errors import BadPrompt, PromptFault
from domain.prompt_check import check


class Shape(NamedTuple):
    """A row."""

    prompt: str
    outcome: str
    why: str
    source: str
    becomes: str


PATH = Path(__file__).parents[2] / "fixtures/prompts.csv"
with PATH.open(encoding="utf-8", newline="") as file:
    HEADER, *ROWS = csv.reader(file)
SHAPES = [Shape(*row) for row in ROWS]


def outcome(prompt: str) -> tuple[str, str, str]:
    """Return what a row says of its prompt; the reason why one is taken is for people."""
    try:
        sent = check(prompt)
    except BadPrompt as refused:
        offers = refused.nearest or refused.fault == PromptFault.MISSPELT
        offered = f"{refused.name} {refused.nearest}".strip() if offers else ""
        return "refused", refused.fault.value, offered
    return "taken", "", "" if sent == prompt else sent


@pytest.mark.parametrize("shape", SHAPES, ids=[f"{shape.prompt!a:.60}" for shape in SHAPES])
def test_a_shape_is_taken_or_refused_as_its_row_says(shape: Shape) -> None:
    why = shape.why if shape.outcome == "refused" else ""
    assert outcome(shape.prompt) == (shape.outcome, why, shape.becomes)


def test_there_are_many_shapes_each_once_and_each_with_its_source() -> None:
    assert list(Shape._fields) == HEADER
    assert len(SHAPES) >= 200
    assert len({shape.prompt for shape in SHAPES}) == len(SHAPES)
    assert all(shape.why and shape.source for shape in SHAPES)


def test_every_fault_of_a_prompt_has_a_shape() -> None:
    """But for the length, which is a number, and no shape."""
    refused = {shape.why for shape in SHAPES if shape.outcome == "refused"}
    assert refused == {fault.value for fault in PromptFault} - {PromptFault.TOO_LONG.value}


def test_the_name_of_an_attached_picture_is_no_parameter() -> None:
    picture = "https://cdn.discordapp.com/attachments/1/2/cat--hd.png?ex=1"
    assert check("a cat", pictures=[picture], links=True) == f"{picture} a cat"
