"""What only has to wait, waits: for Discord, Midjourney, the stores, or a person."""

from __future__ import annotations

import asyncio

import pytest

from domain.generation import Status
from domain.messages import EmbedSnapshot
from domain.slots import Slot
from domain.steps import MAX_ATTEMPTS
from tests.model.channel import ANN, BEN, MIDJOURNEY, OLGA
from tests.model.interactions import HttpAnswer
from tests.model.memory_data import StoreEvent
from tests.model.network import How
from tests.model.people import People
from tests.model.plans import Plan
from tests.model.stories import (
    HOUR,
    MINUTE,
    away,
    grids,
    is_connected,
    play,
    restart,
    rows,
    script,
    statuses,
    until,
)
from tests.model.world import SimulatedWorld

STOP = EmbedSnapshot(title="Credits exhausted", description="Please …", colour=16711680)

# What concerns everybody.


@pytest.mark.parametrize(("seconds", "most"), [(60.0, 1), (1.0, 8)])
def test_nothing_is_sent_before_a_rate_limit_is_over(seconds: float, most: int) -> None:
    async def story(world: SimulatedWorld, people: People) -> None:
        world.interactions.limits.until = world.loop.time() + seconds
        for _ in range(6):
            people.say(ANN, "!imagine a cat")
        await asyncio.sleep(seconds - 0.5)
        assert len(world.interactions.tries) <= most
        await until(world, lambda: statuses(world) == [Status.COMPLETED] * 6)

    play(story)


def test_six_rate_limits_in_a_row_end_no_generation() -> None:
    async def story(world: SimulatedWorld, people: People) -> None:
        world.interactions.script.extend([HttpAnswer(429, '{"retry_after": 1}')] * 6)
        people.say(ANN, "!imagine a cat")
        await until(world, lambda: statuses(world) == [Status.COMPLETED])

    play(story)


@pytest.mark.parametrize("how", ["refuses", "stalls"])
def test_discord_out_of_reach_for_hours_ends_no_generation(how: How) -> None:
    async def story(world: SimulatedWorld, people: People) -> None:
        for _ in range(10):
            people.say(ANN, "!imagine a cat")
        await asyncio.sleep(0.4)
        await away(world, "discord", 3 * HOUR, how)
        assert len(world.interactions.tries) < 3 * HOUR / MINUTE + 10
        assert set(statuses(world)) <= {Status.QUEUED, Status.SUBMITTING}
        await until(world, lambda: statuses(world) == [Status.COMPLETED] * 10)

    play(story)


def test_a_full_queue_for_hours_ends_no_generation() -> None:
    async def story(world: SimulatedWorld, people: People) -> None:
        world.midjourney.mood.full = 1.0
        for _ in range(6):
            people.say(ANN, "!imagine a cat")
        world.clock.quieten(2 * HOUR)
        await asyncio.sleep(2 * HOUR)
        assert len(world.interactions.tries) <= 20
        world.midjourney.mood.full = 0.0
        await until(world, lambda: statuses(world) == [Status.COMPLETED] * 6)

    play(story)


def test_no_network_right_after_a_request_ends_no_generation() -> None:
    """Nothing that Midjourney says is heard, nor read, for much longer than it is waited for."""

    async def story(world: SimulatedWorld, people: People) -> None:
        people.say(ANN, "!imagine a cat")
        people.say(BEN, "!imagine a dog")
        await until(world, lambda: bool(world.midjourney.requests))
        world.gateway.down = True
        world.gateway.drop(0.1, resumable=False)
        await asyncio.gather(*(away(world, part, 10 * MINUTE) for part in ("discord", "cdn")))
        world.gateway.down = False
        await until(world, lambda: statuses(world) == [Status.COMPLETED] * 2)

    play(story, (1, 3))


# What is finished is kept, and told.


@pytest.mark.parametrize("part", ["pictures", "discord"])
def test_an_end_is_told_within_a_minute_after_the_obstacle_is_gone(part: str) -> None:
    async def story(world: SimulatedWorld, people: People) -> None:
        def begin(event: StoreEvent) -> None:
            if event.after.status == Status.COMPLETED != (event.before or event.after).status:
                world.start(away(world, part, 20 * MINUTE))

        world.watchers.append(begin)
        people.say(ANN, "!imagine a cat")
        await until(world, lambda: Status.COMPLETED in statuses(world))
        await asyncio.sleep(20 * MINUTE - 1)
        assert rows(world)[0].notice_message_id is None
        await until(world, lambda: rows(world)[0].notice_message_id is not None, MINUTE + 1)

    play(story)


@pytest.mark.parametrize("how", ["refuses", "stalls"])
def test_a_finished_picture_survives_ten_minutes_without_network(how: How) -> None:
    async def story(world: SimulatedWorld, people: People) -> None:
        people.say(ANN, "!imagine a cat")
        await until(world, lambda: bool(world.midjourney.jobs))
        await away(world, "cdn", 10 * MINUTE, how)
        await until(world, lambda: statuses(world) == [Status.COMPLETED], 2 * MINUTE)

    play(story)


def test_a_grid_that_cannot_be_stored_does_not_keep_its_upscales_from_it() -> None:
    async def story(world: SimulatedWorld, people: People) -> None:
        script(world, Plan(bad_picture=True, fault="bad picture"))
        people.say(ANN, "!imagine a cat")
        await until(world, lambda: statuses(world) == [Status.FAILED], 10 * MINUTE)
        assert rows(world)[0].stored == (Slot.UPSCALE_1, Slot.UPSCALE_3)

    play(story, (1, 3))


# The stores.


def test_a_renewal_missed_now_and_then_is_told_to_nobody() -> None:
    async def story(world: SimulatedWorld, people: People) -> None:
        for _ in range(20):
            await asyncio.sleep(160)
            await away(world, "store", 8)
        said = (message.content for message in world.channel.messages.values())
        assert not any("database" in text for text in said)

    play(story)


def test_a_database_away_for_hours_leaves_no_pile_of_ticks() -> None:
    async def story(world: SimulatedWorld, people: People) -> None:
        people.say(ANN, "!imagine a cat")
        await until(world, lambda: bool(grids(world)))
        await away(world, "store", 6 * HOUR, "stalls")
        process = world.process
        assert process is not None
        assert process.atelier is not None
        assert process.atelier.orchestrator._inbox._items.qsize() < 10  # pyright: ignore[reportPrivateUsage]
        await until(world, lambda: statuses(world) == [Status.COMPLETED], 5 * MINUTE)

    play(story)


def test_a_resume_that_the_database_did_not_confirm_is_done() -> None:
    async def story(world: SimulatedWorld, people: People) -> None:
        people.away = True
        people.say(OLGA, "!pause")
        await until(world, lambda: world.data.pause is not None)
        await asyncio.sleep(5)
        world.parts["store"].away = "loses answers"
        people.say(OLGA, "!resume")
        await until(world, lambda: world.data.pause is None)
        await asyncio.sleep(1)
        world.parts["store"].away = None
        people.say(ANN, "!imagine a cat")
        await until(world, lambda: statuses(world) == [Status.COMPLETED], 5 * MINUTE)

    play(story)


def test_a_silence_comes_to_its_end_although_the_process_is_restarted_again_and_again() -> None:
    async def story(world: SimulatedWorld, people: People) -> None:
        script(world, Plan(course="stalled", fault="stalled"))
        people.say(ANN, "!imagine a cat")
        await until(world, lambda: Status.SUBMITTED in statuses(world))
        for _ in range(6):
            await asyncio.sleep(4 * MINUTE)
            await restart(world)
        assert statuses(world) == [Status.NEEDS_ATTENTION]

    play(story)


# Stops.


def test_a_resume_leaves_the_stop_that_comes_while_it_reads_the_history() -> None:
    async def story(world: SimulatedWorld, people: People) -> None:
        people.away = True
        script(world, Plan(course="refused", title="Blocked"))
        people.say(ANN, "!imagine a cat")
        await until(world, lambda: world.data.pause is not None)
        await asyncio.sleep(5)
        people.say(OLGA, "!resume")
        world.channel.post(MIDJOURNEY, "", ephemeral=True, embeds=(STOP,))
        await asyncio.sleep(MINUTE)
        pause = world.data.pause
        assert pause is not None
        assert pause.words.startswith("Credits exhausted")
        people.say(OLGA, "!resume")
        await until(world, lambda: statuses(world) == [Status.COMPLETED])

    play(story)


def test_a_resume_that_was_missed_leaves_the_stop_that_came_before_it_is_found() -> None:
    async def story(world: SimulatedWorld, people: People) -> None:
        people.away = True
        script(world, Plan(course="refused", title="Blocked"))
        people.say(ANN, "!imagine a cat")
        await until(world, lambda: world.data.pause is not None)
        world.gateway.drop(10, resumable=False)
        resume = people.say(OLGA, "!resume")
        await asyncio.sleep(5)
        await until(world, lambda: is_connected(world), MINUTE)
        assert (world.data.mark or 0) < resume.message_id
        world.channel.post(MIDJOURNEY, "", ephemeral=True, embeds=(STOP,))
        await until(world, lambda: world.data.mark == resume.message_id, MINUTE)
        await asyncio.sleep(MINUTE)
        assert statuses(world) == [Status.QUEUED]
        people.say(OLGA, "!resume")
        await until(world, lambda: statuses(world) == [Status.COMPLETED])

    play(story)


@pytest.mark.parametrize("slot", [Slot.GRID, Slot.UPSCALE_1])
def test_no_number_of_stops_ends_a_generation(slot: Slot) -> None:
    async def story(world: SimulatedWorld, people: People) -> None:
        stops = [Plan(course="refused", title="Credits exhausted")] * 10
        script(world, *([] if slot == Slot.GRID else [Plan()]), *stops)
        people.say(ANN, "!imagine a cat")
        await until(world, lambda: statuses(world) == [Status.COMPLETED])

    play(story, (1,))


def test_a_new_version_of_the_command_is_no_attempt() -> None:
    async def story(world: SimulatedWorld, people: People) -> None:
        later = Plan(course="refused", text="Failed to process your command :c")
        script(world, *([later] * (MAX_ATTEMPTS - 1)))
        people.say(ANN, "!imagine a cat")
        await until(world, lambda: bool(world.midjourney.requests))
        world.channel.imagine_version += 1
        await until(world, lambda: statuses(world) == [Status.COMPLETED], 10 * MINUTE)

    play(story)


def test_after_a_human_check_the_queue_goes_on_soon() -> None:
    """Whether the job starts is not known: a minute after `!resume` it is asked about."""

    async def story(world: SimulatedWorld, people: People) -> None:
        checked = Plan(course="refused", title="Action required to continue", fault="checked")
        script(world, checked)
        people.say(ANN, "!imagine a cat")
        people.say(BEN, "!imagine a dog")
        await until(world, lambda: world.data.pause is not None)
        await until(world, lambda: world.data.pause is None)
        ended = [Status.NEEDS_ATTENTION, Status.COMPLETED]
        await until(world, lambda: statuses(world) == ended, 3 * MINUTE)

    play(story)
