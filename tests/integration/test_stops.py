"""Problems that need a person stop the queue for good, with one ping, until `!resume`."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from domain.generation import Status
from domain.slots import Slot
from sandbox import Sandbox
from services.updates import GenerationUpdate, Update
from tests.integration.conftest import RunningBot, running, settings

pytestmark = pytest.mark.integration


async def stopped(running_bot: RunningBot) -> str:
    """Wait for the ping of the owners and return its text."""
    account = str(running_bot.sandbox.account.id)

    def called() -> bool:
        return any("queue has stopped" in m["content"] for m in running_bot.sandbox.messages)

    await running_bot.sandbox.wait_until(called)
    calls = [
        m["content"]
        for m in running_bot.sandbox.messages
        if m["author"]["id"] == account and "queue has stopped" in m["content"]
    ]
    assert len(calls) == 1, "the owners are called once"
    return calls[0]


async def test_a_stop_keeps_everything_waiting_until_a_person_resumes(
    running_bot: RunningBot,
) -> None:
    title = "Credits exhausted"  # the switches' tests have all the others
    running_bot.sandbox.switches.refusal.arm(title, only="imagine")
    await running_bot.imagine("a cat")
    await running_bot.imagine("a dog")
    call = await stopped(running_bot)
    assert title in call
    assert f"<@{running_bot.sandbox.people['ann'].id}>" in call
    rows = await running_bot.generations()
    assert {row.status for row in rows} == {Status.QUEUED}
    assert len(running_bot.sandbox.interactions) == 1
    await running_bot.sandbox.say("ann", "!resume")
    await running_bot.ended("a cat")
    await running_bot.ended("a dog")


async def test_a_captcha_in_an_http_answer_stops_the_queue(running_bot: RunningBot) -> None:
    running_bot.sandbox.switches.answer_interaction.arm("captcha", only="press")
    await running_bot.imagine("a cat")
    assert "captcha" in await stopped(running_bot)
    (row,) = await running_bot.generations()
    assert (row.status, row.stored) == (Status.VARIATIONS_IN_PROGRESS, (Slot.GRID,))
    assert len(running_bot.sandbox.interactions) == 2
    await running_bot.sandbox.say("ann", "!resume")
    await running_bot.ended("a cat")


async def test_a_human_check_before_the_job_stops_the_queue_and_is_not_answered(
    running_bot: RunningBot,
) -> None:
    """The frame reaches no cog by itself; the request's outcome stays unknown."""
    running_bot.sandbox.switches.job.arm("captcha")
    await running_bot.imagine("a cat")
    assert "human" in await stopped(running_bot)
    (row,) = await running_bot.generations()
    assert row.status in {Status.SUBMITTING, Status.SUBMITTED}
    assert len(running_bot.sandbox.interactions) == 1


async def test_a_human_check_is_heard_after_a_reconnect(running_bot: RunningBot) -> None:
    running_bot.sandbox.gateway.drop(forget=True)
    running_bot.sandbox.switches.job.arm("captcha")
    await running_bot.sandbox.wait_until(
        lambda: running_bot.sandbox.gateway.counts["identify"] == 2
    )
    await running_bot.imagine("a cat")
    assert "human" in await stopped(running_bot)


async def test_a_human_check_is_heard_when_a_resume_replays_it(running_bot: RunningBot) -> None:
    """The frame comes before RESUMED, on a socket that nobody was told of yet."""
    gateway = running_bot.sandbox.gateway

    def hold_back(news: Update) -> None:
        if (
            isinstance(news, GenerationUpdate)
            and news.generation.step(Slot.GRID).intended_at is not None
        ):
            gateway.pause()

    running_bot.atelier.orchestrator.notifier.subscribe(hold_back)
    running_bot.sandbox.switches.job.arm("captcha")
    await running_bot.imagine("a cat")
    await running_bot.sandbox.wait_until(lambda: len(running_bot.sandbox.interactions) == 1)
    await running_bot.atelier.clock.sleep(2)
    gateway.drop()
    assert "human" in await stopped(running_bot)
    assert (gateway.counts["resumed"], gateway.counts["identify"]) == (1, 1)


async def test_a_pause_outlives_the_process(tmp_path: Path) -> None:
    async with Sandbox(seed=7, picture_size=64) as sandbox:
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
    async with Sandbox(seed=7, picture_size=64) as sandbox:
        values = settings(sandbox, tmp_path)
        async with running(sandbox, values) as first:
            stopping = asyncio.Event()

            async def dies(*_: object) -> None:
                stopping.set()
                await asyncio.Event().wait()

            monkeypatch.setattr(first.atelier.messenger, "call", dies)
            sandbox.switches.refusal.arm("Blocked", only="imagine")
            await first.imagine("a cat")
            await stopping.wait()
        async with running(sandbox, values) as second:
            assert "Blocked" in await stopped(second)
        async with running(sandbox, values) as third:
            back = sandbox.wait_for(lambda _, m: "Back to work" in m["content"])
            answer = asyncio.create_task(back)
            await sandbox.say("ann", "!resume")
            await answer
            await stopped(third)


async def test_an_owner_pauses_and_resumes_and_nobody_else_does(running_bot: RunningBot) -> None:
    sandbox = running_bot.sandbox

    async def answer_to(person: str, text: str) -> str:
        account = str(sandbox.account.id)
        heard = asyncio.create_task(
            sandbox.wait_for(lambda _, m: m["author"]["id"] == account),
        )
        await asyncio.sleep(0)
        await sandbox.say(person, text)
        return (await heard)["content"]

    assert "Only the bot's owners" in await answer_to("ben", "!pause")
    assert "It wasn't paused" in await answer_to("ann", "!resume")
    assert "Paused" in await answer_to("ann", "!pause back at noon")
    assert "already" in await answer_to("ann", "!pause")
    assert "back at noon" in await answer_to("ben", "!imagine a cat")
    assert sandbox.interactions == ()
    assert "Back to work" in await answer_to("ann", "!resume")
    await running_bot.ended("a cat")
