from dataclasses import replace
from datetime import timedelta

import pytest
import wcwidth

from demo.summary import table
from domain.generation import Generation, Picture, Status
from domain.slots import UPSCALES, Slot
from tests.builders import NOW, generation


def made(prompt: str, *, accepted: float, stored: dict[Slot, float]) -> Generation:
    """Return a generation; the times are seconds after it was asked for."""
    done = generation(
        Status.COMPLETED,
        prompt=prompt,
        created_at=NOW,
        submitted_at=NOW + timedelta(seconds=accepted),
        wanted=UPSCALES,
    )
    for slot, seconds in stored.items():
        at = NOW + timedelta(seconds=seconds)
        picture = Picture(key="k", sha256="0", size=1, width=1, height=1, stored_at=at)
        done = done.with_step(slot, replace(done.step(slot), picture=picture))
    return done


ALL = {Slot.GRID: 42.5, **{slot: 43.0 + slot for slot in UPSCALES}}
PROMPT = "a lighthouse at dusk --ar 3:2"


def test_each_step_has_its_time() -> None:
    slow = {Slot.GRID: 130.0, Slot.UPSCALE_1: 140.0}
    rows = [
        made(PROMPT, accepted=0.25, stored=ALL),
        made("a cat", accepted=60.5, stored=slow),
        generation(prompt="a dog", created_at=NOW, wanted=UPSCALES),
    ]
    assert table(rows, 80) == [
        "Asked                          Stored   Waiting      Grid  Upscales",
        "a lighthouse at dusk --ar 3:2  5 of 5     0.2 s    42.2 s     4.5 s",
        "a cat                          2 of 5  1:00 min  1:10 min         -",
        "a dog                          0 of 5         -         -         -",
    ]


@pytest.mark.parametrize("prompt", [PROMPT, "x" * 200, "灯台" * 50])
def test_it_fits_60_columns(prompt: str) -> None:
    slow = {slot: 60 * seconds for slot, seconds in ALL.items()}
    rows = table([made(prompt, accepted=600, stored=slow)], 60)
    assert {wcwidth.width(row) for row in rows} == {60}
    assert "…" in rows[1]
