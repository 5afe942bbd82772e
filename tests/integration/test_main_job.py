"""The main job: a typed command, and some seconds later five stored pictures."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from PIL import Image

from domain.generation import ACTIVE, Button, Generation, ProblemKind, Status
from domain.slots import Slot, picture_key
from sandbox import Sandbox
from sandbox.discord_switches import InteractionAnswer
from services.updates import Update
from tests.integration.conftest import RunningBot, running, settings

pytestmark = pytest.mark.integration

ACTIVE_ROWS = "SELECT count(*) FROM generations WHERE status IN ({})".format(  # noqa: S608 -- constants
    ", ".join(f"'{status}'" for status in sorted(ACTIVE)),
)


async def test_a_typed_prompt_ends_as_five_stored_pictures(
    running_bot: RunningBot, tmp_path: Path
) -> None:
    prompt = "a lighthouse at dusk --ar 3:2"
    await running_bot.imagine(prompt)
    done = await running_bot.ended(prompt)
    assert (done.status, done.progress) == (Status.COMPLETED, 100)
    sizes: set[tuple[bool, tuple[int, int]]] = set()
    for slot in Slot:
        path = tmp_path / "pictures" / picture_key(done.id, slot)
        with Image.open(path) as image:
            assert image.format == "PNG"
            sizes.add((slot == Slot.GRID, image.size))
    assert len({p.read_bytes() for p in (tmp_path / "pictures" / done.id).iterdir()}) == 5
    assert [i.kind for i in running_bot.sandbox.interactions] == ["imagine"] + ["press"] * 4


async def test_three_prompts_at_once_complete_in_order_and_never_two_are_active(
    running_bot: RunningBot,
    tmp_path: Path,
) -> None:
    """Looks into the database after every step that the orchestrator tells."""
    most_active = 0

    def count(_: Update) -> None:
        nonlocal most_active
        with contextlib.closing(sqlite3.connect(tmp_path / "atelier.sqlite3")) as database:
            [(active,)] = database.execute(ACTIVE_ROWS)
        most_active = max(most_active, active)

    running_bot.atelier.orchestrator.notifier.subscribe(count)
    prompts = ["a cat", "a dog", "a hare"]
    for prompt in prompts:
        await running_bot.imagine(prompt)
    for prompt in prompts:
        await running_bot.ended(prompt)
    rows = await running_bot.generations()
    assert [row.prompt for row in rows] == prompts
    finished = [row.completed_at for row in rows]
    assert None not in finished
    assert finished == sorted(finished)  # pyright: ignore[reportArgumentType] -- none is None
    assert most_active == 1


async def test_a_second_prompt_is_told_its_place(running_bot: RunningBot) -> None:
    said: list[str] = []
    account = str(running_bot.sandbox.account.id)

    def listen(event: str, message: dict[str, Any]) -> None:
        if event == "MESSAGE_CREATE" and message["author"]["id"] == account:
            said.append(message["content"])

    running_bot.sandbox.watch(listen)
    await running_bot.imagine("a cat")
    await running_bot.until(lambda told: told.generation.active)
    await running_bot.imagine("a dog")
    await running_bot.ended("a dog")
    assert any("queued, 1 ahead" in text for text in said)


@pytest.mark.parametrize(
    "fault",
    [
        "reset",
        *(pytest.param(each, marks=pytest.mark.long) for each in ("504", "502", "stall", "close")),
    ],
)
@pytest.mark.parametrize("kind", ["imagine", "press"])
async def test_an_answer_that_is_lost_after_acceptance_is_one_post(
    running_bot: RunningBot,
    fault: InteractionAnswer,
    kind: str,
) -> None:
    """Whatever happens to the answer, the request is not repeated and the job is found."""
    running_bot.sandbox.switches.answer_interaction.arm(fault, only=kind)
    await running_bot.imagine("a cat")
    await running_bot.ended("a cat")
    kinds = [i.kind for i in running_bot.sandbox.interactions]
    assert kinds == ["imagine"] + ["press"] * 4


async def test_a_stale_command_version_is_looked_up_again_once(running_bot: RunningBot) -> None:
    await running_bot.imagine("a cat")
    await running_bot.ended("a cat")
    running_bot.sandbox.publish_commands()
    await running_bot.imagine("a dog")
    await running_bot.ended("a dog")
    looked_up = running_bot.sandbox.requests["GET /guilds/{guild}/application-command-index"]
    paid = [i for i in running_bot.sandbox.interactions if i.kind == "imagine" and i.accepted]
    assert (looked_up, len(paid)) == (2, 2)


async def test_a_refused_request_fails_with_its_reason_and_the_queue_goes_on(
    running_bot: RunningBot,
) -> None:
    running_bot.sandbox.switches.answer_interaction.arm("403", only="imagine")
    await running_bot.imagine("a cat")
    await running_bot.imagine("a dog")
    failed = await running_bot.ended("a cat", Status.FAILED)
    assert failed.problem is not None
    assert "403" in failed.problem.detail
    await running_bot.ended("a dog")


async def test_a_rate_limit_is_waited_for_and_sent_with_a_new_nonce(
    running_bot: RunningBot,
) -> None:
    running_bot.sandbox.switches.retry_after.set(0.05)
    running_bot.sandbox.switches.answer_interaction.arm("429", only="press")
    await running_bot.imagine("a cat")
    await running_bot.ended("a cat")
    nonces = [i.nonce for i in running_bot.sandbox.interactions]
    assert len(nonces) == len(set(nonces)) == 6


@pytest.mark.usefixtures("fast_retries")
async def test_what_is_never_a_picture_is_never_stored(
    running_bot: RunningBot, tmp_path: Path
) -> None:
    running_bot.sandbox.switches.answer_download.set("html")
    await running_bot.imagine("a cat")
    failed = await running_bot.ended("a cat", Status.FAILED)
    assert failed.problem is not None
    assert failed.problem.kind == ProblemKind.BAD_PICTURE
    assert not list((tmp_path / "pictures").rglob("*.png"))
    notice = running_bot.sandbox.message(failed.notice_message_id or 0)
    assert notice is not None
    assert "couldn't be saved" in notice["content"]


async def test_one_status_message_is_edited_and_one_notice_carries_the_pictures(
    running_bot: RunningBot,
) -> None:
    await running_bot.imagine("a cat")
    done = await running_bot.ended("a cat")
    own = [
        m
        for m in running_bot.sandbox.messages
        if m["author"]["id"] == str(running_bot.sandbox.account.id)
    ]
    assert [int(m["id"]) for m in own] == [done.status_message_id, done.notice_message_id]
    assert [a["filename"] for a in own[1]["attachments"]] == [
        f"{done.code}_{slot.title}.png" for slot in Slot
    ]
    assert own[0]["message_reference"]["message_id"] == str(done.command_message_id)


async def test_messages_of_one_millisecond_are_all_sent(
    running_bot: RunningBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The library's own nonces are the time; of two messages with one nonce Discord keeps one."""
    monkeypatch.setattr("discord.utils.time_snowflake", Mock(return_value=1_570_000_000 << 30))
    await running_bot.imagine("a cat")
    await running_bot.imagine("a dog")
    done = [await running_bot.ended("a cat"), await running_bot.ended("a dog")]
    ids = {row.status_message_id for row in done} | {row.notice_message_id for row in done}
    assert len(ids) == 4


async def test_the_four_events_are_dispatched_to_any_cog(running_bot: RunningBot) -> None:
    heard: list[str] = []

    async def on_grid_completed(_: Generation, url: str, buttons: tuple[Button, ...]) -> None:
        heard.append(f"grid {url.rpartition('/')[2]} {len(buttons)}")

    async def on_upscale_completed(_: Generation, slot: Slot, url: str) -> None:
        heard.append(f"upscale {slot.value} {url.rpartition('/')[2]}")

    async def on_all_upscales_completed(_: Generation, urls: dict[Slot, str]) -> None:
        heard.append(f"all {len(urls)}")

    for listener in (on_grid_completed, on_upscale_completed, on_all_upscales_completed):
        running_bot.bot.add_listener(listener)
    await running_bot.imagine("a cat")
    await running_bot.ended("a cat")
    assert heard[0].startswith("grid grid.png")
    assert sorted(heard[1:5]) == [f"upscale {n} upscale_{n}.png" for n in (1, 2, 3, 4)]
    assert heard[5:] == ["all 5"]


async def test_without_automatic_upscales_the_grid_is_all(sandbox: Sandbox, tmp_path: Path) -> None:
    async with running(sandbox, settings(sandbox, tmp_path, auto_upscale="")) as running_bot:
        await running_bot.imagine("a cat")
        done = await running_bot.ended("a cat")
        assert done.stored == (Slot.GRID,)
        assert [i.kind for i in sandbox.interactions] == ["imagine"]
