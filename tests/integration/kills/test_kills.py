"""A process is killed with SIGKILL at each point, and the next one finishes what it began.

The killed one is a real process. The next one runs in quick time in this process, so that no
silence has to be waited for.
"""

from __future__ import annotations

import pytest

from domain.generation import Status
from domain.slots import Slot
from tests.integration.kills.kill_harness import KillHarness
from tests.integration.kills.points import Place, points

pytestmark = pytest.mark.integration

QUICK = {"K03", "K07", "K13", "K21", "K37"}
"""The points that the quick tests try, on the folder: before, in and after each paid or stored
step."""
UNKNOWN = "K05"
"""Whether the request was sent cannot be known after this one: a person is asked."""
SECOND_KILL = "K39"


def cases(*names: str) -> list[pytest.ParameterSet]:
    """Return each point in each place."""
    folder = [
        pytest.param(
            *(name, "folder"),
            id=f"{name}-folder",
            marks=[] if name in QUICK else [pytest.mark.long],
        )
        for name in names
    ]
    marks = [pytest.mark.long, pytest.mark.postgres]
    supabase = [
        pytest.param(name, "supabase", id=f"{name}-supabase", marks=marks) for name in names
    ]
    return folder + supabase


@pytest.mark.parametrize(
    ("name", "place"), cases(*sorted(points("folder").keys() - {UNKNOWN, SECOND_KILL}))
)
async def test_the_next_process_finishes_what_a_killed_one_began(
    killing: KillHarness, name: str, place: Place
) -> None:
    await killing.killed(name)
    done = await killing.recovered(Status.COMPLETED)
    finished_once(killing)
    assert done.stored == tuple(Slot)


def finished_once(killing: KillHarness) -> None:
    """Assert that one grid was paid for, each button pressed once, and the end told once."""
    asked = killing.requests()
    assert asked.pop("imagine") == 1
    assert list(asked.values()) == [1] * 4
    status, notice = killing.replies()
    assert "done" in status
    assert notice.startswith("✅")


@pytest.mark.parametrize("place", ["folder"])
@pytest.mark.parametrize(
    "name", ["K02", *(pytest.param(name, marks=pytest.mark.long) for name in ("K01", "K03"))]
)
async def test_what_a_reaction_asks_for_is_paid_for_once(killing: KillHarness, name: str) -> None:
    """There is no row yet; there is no answer; its answer is not on the row."""
    before = await killing.made()
    await killing.killed(name, reacts_to=before.notice_message_id)
    _, rerolled = await killing.rerolled()
    assert rerolled.status == Status.COMPLETED
    asked = killing.requests()
    assert [count for button, count in asked.items() if "reroll" in button] == [1]
    texts = [message["content"] for message in killing.sandbox.messages]
    assert len([text for text in texts if f"`{rerolled.code}`" in text]) == 2  # status and notice


@pytest.mark.parametrize(("name", "place"), cases(UNKNOWN))
async def test_a_request_that_may_have_been_sent_is_not_sent_again_and_a_person_is_asked(
    killing: KillHarness, name: str, place: Place
) -> None:
    await killing.killed(name)
    left = await killing.recovered(Status.NEEDS_ATTENTION)
    assert killing.requests().total() == 0
    _, notice = killing.replies()
    for answer in ("!adopt", "!retry", "!cancel"):
        assert f"`{answer} {left.code}" in notice


@pytest.mark.parametrize(("name", "place"), cases(SECOND_KILL))
async def test_a_process_that_is_killed_while_it_recovers_from_a_kill_changes_nothing(
    killing: KillHarness, name: str, place: Place
) -> None:
    await killing.killed("K08")
    await killing.killed(name, first=False)
    await killing.recovered(Status.COMPLETED)
    finished_once(killing)
