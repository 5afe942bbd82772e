"""A button that did not do is looked at again before it is pressed once more."""

from __future__ import annotations

from domain.generation import Button, Problem, ProblemKind, Status
from domain.sender import Answer, Press, Rejected, Taken
from domain.slots import Slot
from tests.builders import grid, solo
from tests.unit.services.orchestrator_harness import OrchestratorHarness, finish_grid

STALE = Problem(ProblemKind.NOT_SENT, "HTTP 404, code 10008")
U1, U2 = Slot.UPSCALE_1, Slot.UPSCALE_2
FIRST = "MJ::JOB::upsample::1::"
LIVE = grid(buttons=(Button(f"{FIRST}live", "U1"), *grid().buttons[1:]), flags=64)


async def pressed(harness: OrchestratorHarness, *answers: Answer) -> list[Press]:
    """Let the grid come and U1 be pressed, with these answers; return the presses of U1."""
    harness.sender.live_grid = LIVE
    harness.sender.answers = [Taken(), *answers]
    await harness.submit()
    await finish_grid(harness)
    await harness.until(lambda row: row.step(U2).intended_at is not None)
    presses = harness.sender.presses
    return [one for one in presses if one.custom_id.startswith(FIRST)]


async def test_the_live_button_is_pressed_the_second_time(harness: OrchestratorHarness) -> None:
    known, live = await pressed(harness, Rejected(STALE, retry_after=0.0), Taken())
    assert (live.custom_id, live.flags) == (f"{FIRST}live", 64)
    assert live != known


async def test_that_one_alone_is_given_up(harness: OrchestratorHarness) -> None:
    presses = await pressed(harness, Rejected(STALE, retry_after=0.0), Rejected(STALE))
    assert len(presses) == 2
    for slot in (U2, Slot.UPSCALE_3, Slot.UPSCALE_4):
        await harness.sent(slot)
        harness.orchestrator.hear(solo(slot))
    await harness.until(lambda row: row.status == Status.FAILED)
    row = await harness.row()
    assert (row.problem, row.missing) == (STALE, (U1,))


async def test_a_message_that_cannot_be_read_leaves_the_known_button(
    harness: OrchestratorHarness,
) -> None:
    harness.sender.read_grid = unreadable
    known, again = await pressed(harness, Rejected(STALE, retry_after=0.0), Taken())
    assert again == known


async def unreadable(message_id: int) -> None:
    return None
