"""The channel changes while a generation is at work: it is stored all the same."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pytest

from domain.generation import Status
from domain.slots import Slot
from sandbox import Sandbox
from services.updates import GenerationUpdate, Update
from tests.integration.conftest import RunningBot
from tests.integration.store_harness import StoreHarness

pytestmark = [pytest.mark.integration, pytest.mark.fault(name="F18")]

POST = "POST /channels/{channel}/messages"
EDIT = "PATCH /channels/{channel}/messages/{message}"
SETTLED = 30.0


def own(running_bot: RunningBot) -> list[str]:
    """Return the ids of the bot's messages that are there."""
    account = str(running_bot.sandbox.account.id)
    return [m["id"] for m in running_bot.sandbox.messages if m["author"]["id"] == account]


async def test_status_messages_that_a_person_deletes_are_put_up_once(tmp_path: Path) -> None:
    """The first one is, the second one is not, and the notice comes."""
    async with (
        Sandbox(seed=7, picture_size=64) as sandbox,
        StoreHarness(tmp_path).quick(sandbox) as running_bot,
    ):
        deleted: list[int] = []

        def delete(news: Update) -> None:
            row = news.generation if isinstance(news, GenerationUpdate) else None
            if row is None or row.status_message_id in {None, *deleted}:
                return
            if row.status in {Status.SUBMITTED, Status.VARIATIONS_IN_PROGRESS}:
                deleted.append(row.status_message_id or 0)
                sandbox.delete_message(deleted[-1])

        running_bot.atelier.orchestrator.notifier.subscribe(delete)
        await running_bot.imagine("a cat")
        done = await running_bot.ended("a cat")
        await running_bot.atelier.clock.sleep(SETTLED)
        assert done.stored == tuple(Slot)
        assert len(deleted) == 2
        assert own(running_bot) == [str(done.notice_message_id)]


@pytest.mark.parametrize("answer", ["403", "429"], ids=["no permission", "slow mode"])
async def test_a_bot_that_may_not_write_any_more_stores_all_the_same(
    tmp_path: Path, answer: Literal["403", "429"]
) -> None:
    """Nobody is told in the channel until it may again; its own requests are no messages."""
    async with (
        Sandbox(seed=7, picture_size=64) as sandbox,
        StoreHarness(tmp_path).quick(sandbox) as running_bot,
    ):
        requests, forbidden = sandbox.switches.answer_request, list[bool]()

        def forbid(news: Update) -> None:
            row = news.generation if isinstance(news, GenerationUpdate) else None
            if row is not None and row.status == Status.SUBMITTED and not forbidden:
                forbidden.append(True)
                for route in (POST, EDIT):
                    requests.arm(answer, only=route, times=50)

        running_bot.atelier.orchestrator.notifier.subscribe(forbid)
        await running_bot.imagine("a cat")
        done = await running_bot.until(lambda told: told.generation.status == Status.COMPLETED)
        assert done.stored == tuple(Slot)
        await running_bot.imagine("a dog")
        await running_bot.until(
            lambda told: (
                told.generation.prompt == "a dog" and told.generation.status == Status.COMPLETED
            )
        )
