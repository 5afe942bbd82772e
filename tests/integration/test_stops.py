"""What needs a person stops the queue: durably, told once, and only `!resume` goes on."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from domain.generation import Slot, Status
from sandbox import Sandbox
from services.letters import News, Told
from tests.integration.conftest import House, running, settings

pytestmark = pytest.mark.integration

STOPS = [
    "Credits exhausted",
    "Subscription required",
    "Subscription paused",
    "Plan Cancelled",
    "Pending mod message",
    "Blocked",
    "Tos not accepted",
]


async def stopped(house: House) -> str:
    """Wait for the call to the owners and return its words."""
    account = str(house.sandbox.account.id)

    def called() -> bool:
        return any("queue has stopped" in m["content"] for m in house.sandbox.messages)

    await house.sandbox.wait_until(called)
    calls = [
        m["content"]
        for m in house.sandbox.messages
        if m["author"]["id"] == account and "queue has stopped" in m["content"]
    ]
    assert len(calls) == 1, "the owners are called once"
    return calls[0]


@pytest.mark.parametrize("title", STOPS)
async def test_a_stop_keeps_everything_waiting_until_a_person_resumes(
    house: House,
    title: str,
) -> None:
    house.sandbox.switches.refusal.arm(title, only="imagine")
    await house.imagine("a cat")
    await house.imagine("a dog")
    call = await stopped(house)
    assert title in call
    assert f"<@{house.sandbox.people['ann'].id}>" in call
    rows = await house.generations()
    assert {row.status for row in rows} == {Status.QUEUED}
    assert len(house.sandbox.interactions) == 1
    await house.sandbox.say("ann", "!resume")
    await house.ended("a cat")
    await house.ended("a dog")


async def test_a_captcha_in_an_http_answer_stops_the_queue(house: House) -> None:
    house.sandbox.switches.answer_interaction.arm("captcha", only="press")
    await house.imagine("a cat")
    assert "captcha" in await stopped(house)
    (row,) = await house.generations()
    assert (row.status, row.stored) == (Status.VARIATIONS_IN_PROGRESS, (Slot.GRID,))
    assert len(house.sandbox.interactions) == 2
    await house.sandbox.say("ann", "!resume")
    await house.ended("a cat")


async def test_a_human_check_before_the_job_stops_the_queue_and_is_not_answered(
    house: House,
) -> None:
    """The frame reaches no cog by itself; the request's outcome stays unknown."""
    house.sandbox.switches.job.arm("captcha")
    await house.imagine("a cat")
    assert "human" in await stopped(house)
    (row,) = await house.generations()
    assert row.status in {Status.SUBMITTING, Status.SUBMITTED}
    assert len(house.sandbox.interactions) == 1


async def test_a_human_check_is_heard_after_a_reconnect(house: House) -> None:
    house.sandbox.gateway.drop(forget=True)
    house.sandbox.switches.job.arm("captcha")
    await house.sandbox.wait_until(lambda: house.sandbox.gateway.counts["identify"] == 2)
    await house.imagine("a cat")
    assert "human" in await stopped(house)


async def test_a_human_check_is_heard_when_a_resume_replays_it(house: House) -> None:
    """The frame comes before RESUMED, on a socket that nobody was told of yet."""
    gateway = house.sandbox.gateway

    def hold_back(news: News) -> None:
        if isinstance(news, Told) and news.generation.step(Slot.GRID).intended_at is not None:
            gateway.pause()

    house.atelier.orchestrator.herald.subscribe(hold_back)
    house.sandbox.switches.job.arm("captcha")
    await house.imagine("a cat")
    await house.sandbox.wait_until(lambda: len(house.sandbox.interactions) == 1)
    await house.atelier.clock.sleep(2)
    gateway.drop()
    assert "human" in await stopped(house)
    assert (gateway.counts["resumed"], gateway.counts["identify"]) == (1, 1)


async def test_a_pause_outlives_the_process(tmp_path: Path) -> None:
    async with Sandbox(speed=200, seed=7, picture_size=128) as sandbox:
        values = settings(sandbox, tmp_path)
        async with running(sandbox, values) as first:
            sandbox.switches.refusal.arm("Blocked", only="imagine")
            await first.imagine("a cat")
            await stopped(first)
        async with running(sandbox, values) as second:
            answer = asyncio.create_task(
                sandbox.wait_for(lambda _, m: "paused" in m["content"]),
            )
            await second.imagine("a dog")
            assert "Blocked" in (await answer)["content"]
            assert len(sandbox.interactions) == 1
            await sandbox.say("ann", "!resume")
            await second.ended("a cat")
            await second.ended("a dog")


async def test_owners_are_called_by_the_next_process_when_one_dies_before_that(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Sandbox(speed=200, seed=7, picture_size=128) as sandbox:
        values = settings(sandbox, tmp_path)
        async with running(sandbox, values) as first:
            stopping = asyncio.Event()

            async def dies(*_: object) -> None:
                stopping.set()
                await asyncio.Event().wait()

            monkeypatch.setattr(first.atelier.connection, "call", dies)
            sandbox.switches.refusal.arm("Blocked", only="imagine")
            await first.imagine("a cat")
            await stopping.wait()
        async with running(sandbox, values) as second:
            assert "Blocked" in await stopped(second)
        async with running(sandbox, values) as third:
            answer = asyncio.create_task(sandbox.wait_for(lambda _, m: "Going on" in m["content"]))
            await sandbox.say("ann", "!resume")
            await answer
            await stopped(third)


async def test_an_owner_pauses_and_resumes_and_nobody_else_does(house: House) -> None:
    sandbox = house.sandbox

    async def answer_to(person: str, text: str) -> str:
        account = str(sandbox.account.id)
        heard = asyncio.create_task(
            sandbox.wait_for(lambda _, m: m["author"]["id"] == account),
        )
        await asyncio.sleep(0)
        await sandbox.say(person, text)
        return (await heard)["content"]

    assert "Only the owners" in await answer_to("ben", "!pause")
    assert "Nothing was paused" in await answer_to("ann", "!resume")
    assert "Paused" in await answer_to("ann", "!pause back at noon")
    assert "already" in await answer_to("ann", "!pause")
    assert "back at noon" in await answer_to("ben", "!imagine a cat")
    assert sandbox.interactions == ()
    assert "Going on" in await answer_to("ann", "!resume")
    await house.ended("a cat")
