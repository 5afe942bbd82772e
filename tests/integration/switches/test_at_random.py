"""Several random switches at once: whatever happens, everything ends in the right place."""

from __future__ import annotations

import asyncio
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from sandbox import Sandbox
from tests.integration.switches.cases import (
    ASKS,
    CASES,
    DOWNLOADS,
    LOOK_UP_STOPS,
    REQUESTS,
    STOPS,
)
from tests.integration.switches.conftest import hurried
from tests.integration.switches.invariants import LogWitness
from tests.integration.switches.refusals import REFUSED_REQUESTS
from tests.integration.switches.refusals import STOPS as REFUSED_STOPS
from tests.integration.switches.switch_harness import at_rest, turn

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("fast_retries")]


@dataclass(frozen=True, slots=True)
class Turn:
    """A switch to arm; printed, it is the line of code that repeats it."""

    name: str
    value: object
    only: str
    times: int


SWITCHES = st.sampled_from(
    [
        *(
            Turn(case.switch, case.value, case.only, case.times)
            for case in (*CASES, *STOPS, *DOWNLOADS, *REQUESTS, *LOOK_UP_STOPS)
            if case.value not in {"oversize", "stall", "slow"}  # these take real time
        ),
        *(
            Turn("refusal", each.title, each.only, 1)
            for each in (*REFUSED_REQUESTS, *REFUSED_STOPS)
        ),
        *(
            Turn("refusal_place", place, only, 1)
            for place in ("answer", "edit", "reply")
            for only in ASKS
        ),
        *(Turn("deliver_event", fate, "refusal", 1) for fate in ("twice", "lost", "late")),
        *(Turn("answer_connect", answer, "", 2) for answer in ("refuse", "hang up")),
        Turn("retry_after", 600.0, "", 1),
        Turn("link_life", 0, "", 3),
        Turn("refusal_ephemeral", value=False, only="", times=9),
        Turn("finish_after_next", value=True, only="grid", times=1),
    ]
)
ASKED = st.lists(
    st.tuples(st.sampled_from(["ann", "ben"]), st.sampled_from(["a cat", "a dog"])),
    min_size=1,
    max_size=3,
)
BY_HAND = st.lists(st.sampled_from(["atelier", "cleo"]), max_size=1)
TURNS = st.lists(SWITCHES, min_size=2, max_size=6)


def run(asked: list[tuple[str, str]], by_hand: list[str], turns: list[Turn]) -> None:
    """Run it in a separate event loop, which ends leftover tasks, as a process does."""
    asyncio.run(_run(asked, by_hand, turns))


async def _run(asked: list[tuple[str, str]], by_hand: list[str], turns: list[Turn]) -> None:
    log_witness = LogWitness(excused={"queue_stopped", "discord.client: Attempting a reconnect"})
    with tempfile.TemporaryDirectory() as folder:
        async with (
            Sandbox(seed=7, picture_size=64) as sandbox,
            hurried(sandbox, Path(folder), log_witness) as running_bot,
        ):
            for each in turns:
                turn(running_bot, each.name, each.value, each.only, each.times)
            for person, prompt in asked:
                await running_bot.imagine(prompt, person)
            for person in by_hand:
                sandbox.imagine_elsewhere("a cat", person)
            await at_rest(running_bot, len(asked))
        assert sandbox.unexpected == ()


few_and_unshrunk = settings(
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # an example takes seconds
    suppress_health_check=[HealthCheck.too_slow],
)


@settings(few_and_unshrunk, max_examples=3)
@given(asked=ASKED, by_hand=BY_HAND, turns=TURNS)
@example(  # the account's own grid cannot be told from the one that Midjourney never heard of
    asked=[("ann", "a cat")],
    by_hand=["atelier"],
    turns=[
        Turn("refusal", "Banned image prompt", "imagine", 1),
        Turn("answer_interaction", "503", "imagine", 1),
    ],
)
@example(  # the account's own job begins with the same words, while one more waits behind
    asked=[("ben", "a dog"), ("ben", "a cat")],
    by_hand=[],
    turns=[
        Turn("foreign_job", "own account", "", 1),
        Turn("refusal", "Please complete the task", "imagine", 1),
    ],
)
def test_any_mixture_ends_with_every_picture_in_its_place(
    asked: list[tuple[str, str]],
    by_hand: list[str],
    turns: list[Turn],
) -> None:
    run(asked, by_hand, turns)


@pytest.mark.long
@pytest.mark.timeout(3600)
@settings(few_and_unshrunk, max_examples=40)
@given(asked=ASKED, by_hand=BY_HAND, turns=TURNS)
def test_many_mixtures_end_with_every_picture_in_its_place(
    asked: list[tuple[str, str]],
    by_hand: list[str],
    turns: list[Turn],
) -> None:
    run(asked, by_hand, turns)
