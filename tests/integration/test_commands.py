"""What people ask for in the channel, with Midjourney at the other end."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from domain.generation import UPSCALES, OriginKind, ProblemKind, Slot, Status
from sandbox import Sandbox
from tests.integration.conftest import House, running, settings
from tests.integration.talk import ask, kinds, the

pytestmark = pytest.mark.integration


@pytest.fixture
async def frugal(sandbox: Sandbox, tmp_path: Path) -> AsyncGenerator[House]:
    """Run a bot that makes no upscale by itself."""
    async with running(sandbox, settings(sandbox, tmp_path, auto_upscale="")) as house:
        yield house


async def test_what_waits_is_cancelled_without_a_trace_at_midjourney(house: House) -> None:
    house.sandbox.switches.job.arm("silence", only="imagine")
    await house.imagine("a cat")
    await ask(house, "!imagine a dog")
    waiting = await house.until(lambda told: told.generation.prompt == "a cat")
    dog = await the(house, "a dog")
    assert "is cancelled" in (await ask(house, f"!cancel {dog.code.upper()}")).text
    assert (await the(house, "a dog")).status == Status.CANCELLED
    assert waiting.active
    assert kinds(house).count("imagine") <= 1


async def test_a_running_one_is_cancelled_and_the_next_goes_on(house: House) -> None:
    await house.imagine("a cat")
    cat = await house.until(lambda told: told.percent is not None)
    await house.imagine("a dog")
    reply = await ask(house, f"!cancel {cat.code}")
    assert "no longer follow" in reply.text
    await house.ended("a dog")
    cat = await the(house, "a cat")
    assert cat.status == Status.CANCELLED
    pressed_for_cat = [step.intended_at for step in cat.steps[1:] if step.intended_at]
    assert pressed_for_cat == []


async def test_only_its_author_and_the_owners_cancel_a_generation(house: House) -> None:
    await house.imagine("a cat", "ben")
    cat = await house.until(lambda told: told.generation.prompt == "a cat")
    assert "belongs to Ben" in (await ask(house, f"!cancel {cat.code}", "cleo")).text
    assert "cancelled" in (await ask(house, f"!cancel {cat.code}", "ann")).text


async def test_a_retry_fetches_what_is_missing_and_nothing_else(house: House) -> None:
    house.sandbox.switches.refusal.arm("Banned prompt detected", only="press")
    await house.imagine("a cat")
    failed = await house.ended("a cat", Status.FAILED)
    assert len(failed.stored) == 4
    before = len(house.sandbox.interactions)
    assert "going on" in (await ask(house, f"!retry {failed.code}")).text
    await house.ended("a cat")
    assert kinds(house)[before:] == ["press"]


async def test_an_upscale_is_fetched_when_it_is_wanted(frugal: House) -> None:
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
    house: House, command: str, kind: OriginKind, index: int | None
) -> None:
    await house.imagine("a cat")
    parent = await house.ended("a cat")
    before = len(house.sandbox.interactions)
    await ask(house, command.format(parent.code), "ben")
    child = await house.until(
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
    assert kinds(house)[before:] == ["press"] * 5
    assert (await the(house, "a cat")).id == child.id


async def test_a_cancelled_variation_is_stopped_at_midjourney_too(house: House) -> None:
    """Its progress message has a button for that; the one of /imagine has none."""
    await house.imagine("a cat")
    parent = await house.ended("a cat")
    await ask(house, f"!vary {parent.code} 1")
    child = await house.until(
        lambda told: told.generation.id != parent.id and told.percent is not None
    )
    await ask(house, f"!cancel {child.code}")
    await house.sandbox.wait_until(
        lambda: house.sandbox.interactions[-1].custom_id.startswith("MJ::CancelJob::")
    )
    assert house.sandbox.interactions[-1].accepted
    assert len(house.sandbox.interactions) == 7
    row = await house.atelier.store.get_generation(child.id)
    assert row is not None
    assert (row.status, row.stored) == (Status.CANCELLED, ())


async def test_a_form_in_place_of_a_variation_is_explained(house: House) -> None:
    await house.imagine("a cat")
    parent = await house.ended("a cat")
    house.sandbox.switches.job.arm("modal", only="press")
    await ask(house, f"!vary {parent.code} 1")
    failed = await house.ended("a cat", Status.FAILED)
    assert failed.problem is not None
    assert failed.problem.kind == ProblemKind.FORM
    await ask(house, f"!retry {failed.code}")
    await house.until(
        lambda told: told.generation.id == failed.id and told.generation.status == Status.COMPLETED
    )


async def test_a_grid_made_by_hand_is_kept_when_somebody_asks_for_it(house: House) -> None:
    house.sandbox.imagine_elsewhere("a hare", "cleo")
    made = await house.sandbox.wait_for(
        lambda event, message: event == "MESSAGE_CREATE" and len(message["components"]) == 2
    )
    reply = await ask(house, "!adopt", reply_to=int(made["id"]))
    assert "keeping that grid" in reply.text
    kept = await house.until(
        lambda told: (
            told.generation.origin.kind == OriginKind.ADOPTED
            and told.generation.notice_message_id is not None
        )
    )
    assert len(kept.stored) == 5
    assert kinds(house) == ["press"] * 4
    again = await ask(house, "!adopt", reply_to=int(made["id"]))
    assert f"`{kept.code}` already" in again.text


async def test_pictures_are_deleted_when_asked_twice(house: House, tmp_path: Path) -> None:
    await house.imagine("a cat")
    done = await house.ended("a cat")
    assert "Sure?" in (await ask(house, f"!delete {done.code}")).text
    assert len(list((tmp_path / "pictures").rglob("*.png"))) == 5
    assert "are gone" in (await ask(house, f"!delete {done.code} yes")).text
    assert list((tmp_path / "pictures").rglob("*.png")) == []
    row = await house.atelier.store.get_generation(done.id)
    assert row is not None
    assert (row.prompt, row.archived, row.status) == ("", True, Status.COMPLETED)
    assert "removed" in (await ask(house, f"!retry {done.code}")).text
