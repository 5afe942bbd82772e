"""Each request is made once, and found again; each picture lands where it belongs."""

from __future__ import annotations

import asyncio

import pytest

from domain.generation import Status
from domain.slots import Slot
from tests.model.channel import ANN, BEN, MIDJOURNEY, STRANGER
from tests.model.interactions import HttpAnswer
from tests.model.midjourney import Request
from tests.model.people import People
from tests.model.plans import FULL, Plan
from tests.model.stories import (
    HOUR,
    MINUTE,
    away,
    grids,
    play,
    presses,
    restart,
    rows,
    script,
    statuses,
    until,
)
from tests.model.world import SimulatedWorld

# Whose picture it is.


def test_a_grid_of_a_running_generation_is_adopted_by_nobody_else() -> None:
    """Its final message and the command fell into the same gap."""

    async def story(world: SimulatedWorld, people: People) -> None:
        people.say(ANN, "!imagine a cat")
        await until(world, lambda: Status.SUBMITTED in statuses(world))
        world.gateway.drop(MINUTE, resumable=False)
        await until(world, lambda: bool(grids(world)))
        people.say(BEN, "!adopt", reply_to=grids(world)[0].message_id)
        await until(world, lambda: statuses(world) == [Status.COMPLETED])

    play(story)


def test_what_a_button_has_made_in_a_gap_is_found() -> None:
    async def story(world: SimulatedWorld, people: People) -> None:
        people.say(ANN, "!imagine a cat")
        await until(world, lambda: statuses(world) == [Status.COMPLETED])
        world.gateway.faults.lost = 1.0
        people.say(ANN, f"!vary {rows(world)[0].code} 2")
        await until(world, lambda: len(grids(world)) == 2)
        world.gateway.faults.lost = 0.0
        await restart(world)
        await until(world, lambda: statuses(world) == [Status.COMPLETED] * 2, 5 * MINUTE)

    play(story)


def test_a_refusal_that_is_older_than_a_press_does_not_undo_it() -> None:
    """It was somebody else's; the history repeats it when our own press is not heard of."""

    async def story(world: SimulatedWorld, people: People) -> None:
        people.say(ANN, "!imagine a cat")
        await until(world, lambda: statuses(world) == [Status.COMPLETED])
        refused = Plan(course="refused", title=FULL[0], place="reply", ephemeral=False)
        (grid,) = grids(world)
        press = Request(nonce="", session_id="", person=STRANGER, prompt=grid.request.prompt)
        press.pressed, press.plan = grid.message_id, refused
        press.custom_id = f"MJ::JOB::upsample::4::{grid.id}"
        world.midjourney.begin(press)
        await asyncio.sleep(10)
        world.gateway.faults.lost = 1.0
        people.say(ANN, f"!upscale {rows(world)[0].code} 1")
        await until(world, lambda: Slot.UPSCALE_1 in rows(world)[0].stored, 2 * MINUTE)
        assert not any(event.event == "MidjourneyNotice" for event in world.data.events)

    play(story)


# Requests.


@pytest.mark.parametrize("slot", [Slot.GRID, Slot.UPSCALE_1])
def test_what_never_left_the_machine_is_sent_later(slot: Slot) -> None:
    """TLS is never agreed on, for forty seconds."""

    async def story(world: SimulatedWorld, people: People) -> None:
        if slot == Slot.GRID:
            world.parts["discord"].away = "stalls"
        people.say(ANN, "!imagine a cat")
        if slot != Slot.GRID:
            await until(world, lambda: bool(grids(world)))
            world.parts["discord"].away = "stalls"
        await asyncio.sleep(40)
        world.parts["discord"].away = None
        await until(world, lambda: statuses(world) == [Status.COMPLETED], 5 * MINUTE)
        assert len(presses(world, slot)) == 1

    play(story, (1,))


@pytest.mark.parametrize(
    "refusal",
    [HttpAnswer(404, '{"code": 10008}'), HttpAnswer(400, '{"code": 50035}')],
    ids=["404", "400"],
)
def test_a_press_that_discord_does_not_know_is_made_again(refusal: HttpAnswer) -> None:
    async def story(world: SimulatedWorld, people: People) -> None:
        people.say(ANN, "!imagine a cat")
        await until(world, lambda: Status.SUBMITTED in statuses(world))
        world.interactions.script.append(refusal)
        await until(world, lambda: statuses(world) == [Status.COMPLETED], 5 * MINUTE)

    play(story, (1, 3))


def test_a_press_whose_events_are_lost_is_found_before_it_is_made_again() -> None:
    async def story(world: SimulatedWorld, people: People) -> None:
        people.say(ANN, "!imagine a cat")
        await until(world, lambda: bool(grids(world)))
        await until(world, lambda: Slot.GRID in rows(world)[0].stored)
        world.gateway.faults.lost = 1.0
        await until(world, lambda: statuses(world) == [Status.COMPLETED], 5 * MINUTE)
        assert len(presses(world, Slot.UPSCALE_1)) == 1

    play(story, (1,))


def test_a_refusal_that_is_not_heard_costs_a_minute() -> None:
    """The press was acknowledged before; such an answer is shown to its session alone."""

    async def story(world: SimulatedWorld, people: People) -> None:
        refused = Plan(course="refused", title=FULL[0], heard=False, fault="unheard")
        script(world, Plan(), refused)
        people.say(ANN, "!imagine a cat")
        await until(world, lambda: bool(grids(world)))
        await until(world, lambda: statuses(world) == [Status.COMPLETED], MINUTE)
        assert len(presses(world, Slot.UPSCALE_1)) == 2

    play(story, (1,))


@pytest.mark.parametrize("killed", [False, True])
def test_a_refusal_of_an_earlier_press_does_not_undo_the_next(killed: bool) -> None:
    """Everybody can read it, also the process that presses again and hears nothing."""

    async def story(world: SimulatedWorld, people: People) -> None:
        refused = Plan(course="refused", title=FULL[0], place="reply", ephemeral=False)
        script(world, Plan(), refused)
        people.say(ANN, "!imagine a cat")
        await until(world, lambda: len(presses(world, Slot.UPSCALE_1)) == 1)
        await asyncio.sleep(10)
        world.gateway.faults.lost = 1.0
        if killed:
            await restart(world)
        await until(world, lambda: statuses(world) == [Status.COMPLETED], 3 * MINUTE)
        undone = [one.event for one in world.data.events if one.event == "MidjourneyNotice"]
        assert len(undone) == 1

    play(story, (1,))


def test_a_press_that_was_put_off_is_made_again_when_the_next_is_not_heard_of() -> None:
    async def story(world: SimulatedWorld, people: People) -> None:
        later = Plan(course="refused", text="Failed to process your command :c")
        script(world, Plan(), later, Plan(course="silent", fault="silent"))
        people.say(ANN, "!imagine a cat")
        await until(world, lambda: statuses(world) == [Status.COMPLETED], 5 * MINUTE)
        assert len(presses(world, Slot.UPSCALE_1)) == 3

    play(story, (1,))


def test_a_request_whose_answer_is_lost_is_made_once() -> None:
    """Discord accepts it, and answers 502."""

    async def story(world: SimulatedWorld, people: People) -> None:
        world.interactions.limits.bad_gateway = 1.0
        people.say(ANN, "!imagine a cat")
        await until(world, lambda: statuses(world) == [Status.COMPLETED], 5 * MINUTE)
        assert len(world.interactions.tries) == 3

    play(story, (1, 3))


def test_the_end_of_an_earlier_press_does_not_end_the_second() -> None:
    """`(Stopped)` stays in the history, which is read when the second is not heard of."""

    async def story(world: SimulatedWorld, people: People) -> None:
        script(world, Plan(), Plan(course="stopped", fault="stopped"))
        people.say(ANN, "!imagine a cat")
        await until(world, lambda: statuses(world) == [Status.FAILED])
        world.gateway.faults.lost = 1.0
        people.say(ANN, f"!upscale {rows(world)[0].code} 1")
        await until(world, lambda: Slot.UPSCALE_1 in rows(world)[0].stored, 2 * MINUTE)

    play(story, (1,))


def test_a_late_result_is_used_by_the_next_process() -> None:
    async def story(world: SimulatedWorld, people: People) -> None:
        script(world, Plan(course="late", fault="late"))
        people.say(ANN, "!imagine a cat")
        await until(world, lambda: statuses(world) == [Status.NEEDS_ATTENTION])
        await restart(world)
        await until(world, lambda: bool(grids(world)), HOUR)
        await until(world, lambda: statuses(world) == [Status.COMPLETED], 5 * MINUTE)

    play(story)


def test_an_upscale_of_an_old_grid_does_not_read_all_that_was_said_since() -> None:
    async def story(world: SimulatedWorld, people: People) -> None:
        people.say(ANN, "!imagine a cat")
        await until(world, lambda: statuses(world) == [Status.COMPLETED])
        for _ in range(2000):
            world.channel.put(MIDJOURNEY, f"**a dog** - <@{STRANGER.id}> (Waiting to start)")
        await asyncio.sleep(3 * MINUTE)
        world.gateway.faults.lost = 1.0
        people.say(ANN, f"!upscale {rows(world)[0].code} 1")
        await until(world, lambda: Slot.UPSCALE_1 in rows(world)[0].stored, 5 * MINUTE)
        assert world.channel.read < 500

    play(story)


def test_a_history_that_cannot_be_read_is_asked_for_now_and_then() -> None:
    async def story(world: SimulatedWorld, people: People) -> None:
        script(world, Plan(course="stalled", fault="stalled"))
        people.say(ANN, "!imagine a cat")
        await until(world, lambda: bool(world.midjourney.jobs))
        before = world.parts["discord"].calls["history"]
        await away(world, "discord", 10 * MINUTE)
        assert world.parts["discord"].calls["history"] - before < 25

    play(story)
