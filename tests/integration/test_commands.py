"""Commands in the channel, with the sandbox's Midjourney."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from domain.generation import OriginKind, ProblemKind, Status
from domain.slots import UPSCALES, Slot
from sandbox import Sandbox
from tests.integration.conftest import RunningBot, running, settings
from tests.integration.replies_harness import ask, kinds, the
from tests.sandbox.clients import is_grid

pytestmark = pytest.mark.integration


@pytest.fixture
async def frugal(sandbox: Sandbox, tmp_path: Path) -> AsyncGenerator[RunningBot]:
    """Run a bot that makes no automatic upscales."""
    async with running(sandbox, settings(sandbox, tmp_path, auto_upscale="")) as running_bot:
        yield running_bot


async def test_what_waits_is_cancelled_without_a_trace_at_midjourney(
    running_bot: RunningBot,
) -> None:
    running_bot.sandbox.switches.job.arm("silence", only="imagine")
    await running_bot.imagine("a cat")
    await ask(running_bot, "!imagine a dog")
    waiting = await running_bot.until(lambda told: told.generation.prompt == "a cat")
    dog = await the(running_bot, "a dog")
    assert "is cancelled" in (await ask(running_bot, f"!cancel {dog.code.upper()}")).text
    assert (await the(running_bot, "a dog")).status == Status.CANCELLED
    assert waiting.active
    assert kinds(running_bot).count("imagine") <= 1


async def test_a_running_one_is_cancelled_and_the_next_goes_on(running_bot: RunningBot) -> None:
    await running_bot.imagine("a cat")
    cat = await running_bot.until(lambda told: told.percent is not None)
    await running_bot.imagine("a dog")
    reply = await ask(running_bot, f"!cancel {cat.code}")
    assert "stopped following" in reply.text
    await running_bot.ended("a dog")
    cat = await the(running_bot, "a cat")
    assert cat.status == Status.CANCELLED
    pressed_for_cat = [step.intended_at for step in cat.steps[1:] if step.intended_at]
    assert pressed_for_cat == []


async def test_only_its_author_and_the_owners_cancel_a_generation(running_bot: RunningBot) -> None:
    await running_bot.imagine("a cat", "ben")
    cat = await running_bot.until(lambda told: told.generation.prompt == "a cat")
    assert "belongs to Ben" in (await ask(running_bot, f"!cancel {cat.code}", "cleo")).text
    assert "cancelled" in (await ask(running_bot, f"!cancel {cat.code}", "ann")).text


async def test_a_retry_fetches_what_is_missing_and_nothing_else(running_bot: RunningBot) -> None:
    running_bot.sandbox.switches.refusal.arm("Banned prompt detected", only="press")
    await running_bot.imagine("a cat")
    failed = await running_bot.ended("a cat", Status.FAILED)
    assert len(failed.stored) == 4
    before = len(running_bot.sandbox.interactions)
    assert "picking it up again" in (await ask(running_bot, f"!retry {failed.code}")).text
    await running_bot.ended("a cat")
    assert kinds(running_bot)[before:] == ["press"]


async def test_an_upscale_is_fetched_when_it_is_wanted(frugal: RunningBot) -> None:
    await frugal.imagine("a cat")
    done = await frugal.ended("a cat")
    assert done.stored == (Slot.GRID,)
    reply = await ask(frugal, "!upscale 3", reply_to=done.status_message_id)
    assert "fetching U3" in reply.text
    await frugal.until(lambda told: Slot.UPSCALE_3 in told.generation.stored)
    assert (await the(frugal, "a cat")).wanted == (Slot.UPSCALE_3,)
    assert kinds(frugal) == ["imagine", "press"]


@pytest.mark.parametrize(
    ("command", "kind", "index"),
    [("!vary {} 2", OriginKind.VARIATION, 2), ("!reroll {}", OriginKind.REROLL, None)],
)
async def test_a_button_of_a_grid_makes_a_generation_of_its_own(
    running_bot: RunningBot, command: str, kind: OriginKind, index: int | None
) -> None:
    await running_bot.imagine("a cat")
    parent = await running_bot.ended("a cat")
    before = len(running_bot.sandbox.interactions)
    await ask(running_bot, command.format(parent.code), "ben")
    child = await running_bot.until(
        lambda told: (
            told.generation.id != parent.id
            and told.generation.status == Status.COMPLETED
            and told.generation.notice_message_id is not None
        )
    )
    assert (child.origin.kind, child.origin.parent_id, child.origin.index) == (
        kind,
        parent.id,
        index,
    )
    assert child.stored == (Slot.GRID, *UPSCALES)
    assert child.author_name == "Ben"
    assert kinds(running_bot)[before:] == ["press"] * 5
    assert (await the(running_bot, "a cat")).id == child.id


async def test_a_cancelled_variation_is_stopped_at_midjourney_too(running_bot: RunningBot) -> None:
    """Its progress message has a button for that; the one of /imagine has none."""
    await running_bot.imagine("a cat")
    parent = await running_bot.ended("a cat")
    await ask(running_bot, f"!vary {parent.code} 1")
    child = await running_bot.until(
        lambda told: told.generation.id != parent.id and told.percent is not None
    )
    await ask(running_bot, f"!cancel {child.code}")
    await running_bot.sandbox.wait_until(
        lambda: running_bot.sandbox.interactions[-1].custom_id.startswith("MJ::CancelJob::")
    )
    assert running_bot.sandbox.interactions[-1].accepted
    assert len(running_bot.sandbox.interactions) == 7
    row = await running_bot.atelier.store.get_generation(child.id)
    assert row is not None
    assert (row.status, row.stored) == (Status.CANCELLED, ())


async def test_a_form_in_place_of_a_variation_is_explained(running_bot: RunningBot) -> None:
    await running_bot.imagine("a cat")
    parent = await running_bot.ended("a cat")
    running_bot.sandbox.switches.job.arm("modal", only="press")
    await ask(running_bot, f"!vary {parent.code} 1")
    failed = await running_bot.ended("a cat", Status.FAILED)
    assert failed.problem is not None
    assert failed.problem.kind == ProblemKind.FORM
    await ask(running_bot, f"!retry {failed.code}")
    await running_bot.until(
        lambda told: told.generation.id == failed.id and told.generation.status == Status.COMPLETED
    )


async def test_a_grid_made_by_hand_is_kept_when_somebody_asks_for_it(
    running_bot: RunningBot,
) -> None:
    running_bot.sandbox.imagine_elsewhere("a hare", "cleo")
    made = await running_bot.sandbox.wait_for(is_grid)
    reply = await ask(running_bot, "!adopt", reply_to=int(made["id"]))
    assert "keeping that grid" in reply.text
    kept = await running_bot.until(
        lambda told: (
            told.generation.origin.kind == OriginKind.ADOPTED
            and told.generation.notice_message_id is not None
        )
    )
    assert len(kept.stored) == 5
    assert kinds(running_bot) == ["press"] * 4
    again = await ask(running_bot, "!adopt", reply_to=int(made["id"]))
    assert f"belongs to `{kept.code}`" in again.text


async def test_pictures_are_deleted_when_asked_twice(
    running_bot: RunningBot, tmp_path: Path
) -> None:
    await running_bot.imagine("a cat")
    done = await running_bot.ended("a cat")
    assert "Sure?" in (await ask(running_bot, f"!delete {done.code}")).text
    assert len(list((tmp_path / "pictures").rglob("*.png"))) == 5
    assert "are deleted" in (await ask(running_bot, f"!delete {done.code} yes")).text
    assert list((tmp_path / "pictures").rglob("*.png")) == []
    row = await running_bot.atelier.store.get_generation(done.id)
    assert row is not None
    assert (row.prompt, row.archived, row.status) == ("", True, Status.COMPLETED)
    assert "were deleted" in (await ask(running_bot, f"!retry {done.code}")).text
