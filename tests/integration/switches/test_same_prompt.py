"""The same prompt from several people at once: every picture finds its own generation, or none.

That no picture is in the wrong place is checked at the end of every test (`truth.py`): the sandbox
draws each job differently, whatever its prompt.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from domain.generation import Generation, Status
from sandbox import Sandbox
from tests.integration.conftest import RunningBot
from tests.integration.switches.switch_harness import PROMPT

pytestmark = pytest.mark.integration

OWN, FOREIGN = "atelier", "ben"


def nothing(sandbox: Sandbox) -> None:
    """Leave everything as usual."""


def first_word_lost(sandbox: Sandbox) -> None:
    """Lose the first message of a job."""
    sandbox.switches.deliver_event.arm("lost", only="waiting", times=2)


def all_lost(sandbox: Sandbox) -> None:
    """Lose all events and the answer, so only the history is left."""
    sandbox.switches.acknowledge.set("nothing")
    sandbox.switches.deliver_event.set("lost")


def new_session(sandbox: Sandbox) -> None:
    """Forget the session just before the grid comes."""
    sandbox.switches.gateway_at_result.arm("fresh", only="grid", times=2)


def no_references(sandbox: Sandbox) -> None:
    """Leave only the preview's name to identify a grid, as in 2023."""
    sandbox.switches.reference_on_final.set(False)


def no_ids_at_all(sandbox: Sandbox) -> None:
    """Leave only the text, in the history."""
    all_lost(sandbox)
    no_references(sandbox)
    sandbox.switches.interaction_fields.set("neither")
    sandbox.switches.answer_interaction.set("504")


TROUBLES = (nothing, first_word_lost, all_lost, new_session, no_references, no_ids_at_all)
Trouble = Callable[[Sandbox], None]


async def ends(running_bot: RunningBot, count: int) -> list[Generation]:
    """Wait until this many generations have ended and sent their notices."""

    def over() -> bool:
        last = {told.generation.id: told.generation for told in running_bot.told}
        rested = {Status.COMPLETED, Status.FAILED, Status.NEEDS_ATTENTION}
        done = [row for row in last.values() if row.status in rested and row.notice_message_id]
        return len(done) == count

    await running_bot.until(lambda _: over())
    return await running_bot.generations()


async def beside_another(running_bot: RunningBot, whose: str, *, first: bool) -> Generation:
    """Type a prompt while somebody starts a job with the same one by hand; wait for the end."""
    if first:
        running_bot.sandbox.imagine_elsewhere(PROMPT, whose)
        await running_bot.sandbox.wait_for(lambda event, message: PROMPT in message["content"])
    await running_bot.imagine(PROMPT)
    if not first:
        await running_bot.sandbox.wait_until(lambda: bool(running_bot.sandbox.interactions))
        running_bot.sandbox.imagine_elsewhere(PROMPT, whose)
    [row] = await ends(running_bot, 1)
    return row


@pytest.mark.parametrize(
    "trouble",
    [
        pytest.param(each, marks=[pytest.mark.long] * (each in {first_word_lost, new_session}))
        for each in TROUBLES
    ],
)
@pytest.mark.parametrize("second", [pytest.param("ann", marks=pytest.mark.long), "ben"])
async def test_two_people_or_one_ask_for_the_same_at_once(
    running_bot: RunningBot,
    trouble: Trouble,
    second: str,
) -> None:
    """The second has its turn after the first: their jobs never run together."""
    trouble(running_bot.sandbox)
    await running_bot.imagine(PROMPT, "ann")
    await running_bot.imagine(PROMPT, second)
    rows = await ends(running_bot, 2)
    assert {row.status for row in rows} == {Status.COMPLETED}


@pytest.mark.fault(name="F06")
@pytest.mark.parametrize(
    "trouble",
    [
        nothing,
        all_lost,
        pytest.param(no_references, marks=pytest.mark.long),
        pytest.param(first_word_lost, marks=pytest.mark.long),
        pytest.param(new_session, marks=pytest.mark.long),
    ],
)
@pytest.mark.parametrize("whose", [OWN, pytest.param(FOREIGN, marks=pytest.mark.long)])
@pytest.mark.parametrize("first", [True, False], ids=["begins first", "begins last"])
async def test_a_job_by_hand_with_the_same_prompt_is_left_alone(
    running_bot: RunningBot,
    trouble: Trouble,
    whose: str,
    first: bool,
) -> None:
    trouble(running_bot.sandbox)
    row = await beside_another(running_bot, whose, first=first)
    assert row.status == Status.COMPLETED


@pytest.mark.fault(name="F06")
@pytest.mark.parametrize(
    ("whose", "first", "expected"),
    [
        (FOREIGN, True, Status.COMPLETED),
        (FOREIGN, False, Status.COMPLETED),
        (OWN, True, Status.COMPLETED),
        (OWN, False, Status.NEEDS_ATTENTION),
    ],
)
async def test_words_alone_decide_nothing_that_two_jobs_could_claim(
    running_bot: RunningBot,
    whose: str,
    first: bool,
    expected: Status,
) -> None:
    """A stranger's job names another person; a job from before our request is not ours."""
    no_ids_at_all(running_bot.sandbox)
    row = await beside_another(running_bot, whose, first=first)
    assert row.status == expected


@pytest.mark.parametrize("whose", [OWN, pytest.param(FOREIGN, marks=pytest.mark.long)])
@pytest.mark.parametrize("first", [True, False], ids=["begins first", "begins last"])
async def test_the_grid_of_another_is_not_taken_for_one_that_never_comes(
    running_bot: RunningBot,
    whose: str,
    first: bool,
) -> None:
    running_bot.sandbox.switches.job.arm("silence", only="imagine")
    row = await beside_another(running_bot, whose, first=first)
    assert (row.status, row.stored) == (Status.NEEDS_ATTENTION, ())
