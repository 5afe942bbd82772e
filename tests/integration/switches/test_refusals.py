"""Every refusal and notice of Midjourney's: the reason on the row, and what follows."""

from __future__ import annotations

import pytest

from domain.generation import ProblemKind, Status
from domain.refusals import REFUSALS as ROWS
from domain.refusals import UNKNOWN_REFUSAL, classify
from domain.slots import UPSCALES, Slot
from sandbox.refusals import RED, REFUSALS, refusal_called
from tests.builders import notice
from tests.integration.conftest import RunningBot
from tests.integration.switches.refusals import REFUSED_REQUESTS, STOPS, UNKNOWN_TITLE, RefusalCase
from tests.integration.switches.switch_harness import comes_to, imagined, one_of_each, turn

pytestmark = pytest.mark.integration


@pytest.mark.fault(name="F15")
@pytest.mark.parametrize("refusal", one_of_each(REFUSED_REQUESTS, lambda refusal: refusal.kind))
async def test_a_generation_comes_to_what_the_refusal_means(
    running_bot: RunningBot,
    refusal: RefusalCase,
) -> None:
    """The reason is Midjourney's text; after a refused press, the other pictures are kept."""
    turn(running_bot, "refusal", refusal.title, refusal.only)
    end = await comes_to(running_bot, refusal.ends, refusal.why, refusal.words)
    assert imagined(running_bot) == refusal.imagined
    if refusal.only == "press":
        refused = refusal.ends != Status.COMPLETED
        assert len(end.stored) == len(Slot) - refused
        assert sum(end.step(slot).problem is not None for slot in UPSCALES) == refused


PUBLIC = [
    each
    for each in REFUSED_REQUESTS
    if each.title in {"Banned prompt", "Queue full", "Job queued", "Invalid request"}
]


@pytest.mark.parametrize("refusal", one_of_each(PUBLIC, lambda refusal: refusal.title))
async def test_a_refusal_that_all_can_see_means_the_same(
    running_bot: RunningBot, refusal: RefusalCase
) -> None:
    """It stays in the history, which is read again."""
    turn(running_bot, "refusal_ephemeral", value=False, only=refusal.only)
    turn(running_bot, "refusal", refusal.title, refusal.only)
    await comes_to(running_bot, refusal.ends, refusal.why, refusal.words)
    assert imagined(running_bot) == refusal.imagined


ELSEWHERE = [
    # If it neither answers nor edits anything, it does not show which request it is about. For a
    # press, the silence that follows decides, and the picture comes with the next press.
    ("Invalid link", "reply", "imagine", Status.FAILED),
    ("Invalid link!", "answer", "imagine", Status.FAILED),
    ("Invalid link!", "answer", "press", Status.FAILED),
    ("Sorry! Could not complete the job!", "edit", "imagine", Status.FAILED),
    (UNKNOWN_TITLE, "edit", "imagine", Status.FAILED),
    (UNKNOWN_TITLE, "edit", "press", Status.FAILED),
    (UNKNOWN_TITLE, "reply", "imagine", Status.FAILED),
]


@pytest.mark.parametrize(("title", "place", "only", "expected"), ELSEWHERE)
async def test_a_refusal_in_another_place_means_the_same(
    running_bot: RunningBot,
    title: str,
    place: str,
    only: str,
    expected: Status,
) -> None:
    """An unknown refusal means that a job has ended without its result."""
    turn(running_bot, "refusal", title, only)
    turn(running_bot, "refusal_place", place, only)
    usual = next(r for r in REFUSED_REQUESTS if r.title == title and r.only == "imagine")
    end = await comes_to(running_bot, expected, usual.why)
    assert end.problem is not None
    assert title in end.problem.detail
    assert imagined(running_bot) == 1


def test_every_row_is_tried_in_each_of_its_classes_of_delivery() -> None:
    """For /imagine: the table says which classes a row has, and the sandbox which one is usual."""
    usual = {"answer": "A", "notice": "A", "queue": "A", "edit": "B", "reply": "C"}
    tried = {(title, usual[refusal_called(title).place]) for title in (*REFUSALS, UNKNOWN_TITLE)}
    tried |= {(title, usual[place]) for title, place, only, _ in ELSEWHERE if only == "imagine"}
    by_key: dict[str, set[str]] = {}
    for title, delivery in tried:
        plain = refusal_called(title).plain
        said = notice(title="", text=title) if plain else notice(title=title, colour=RED)
        key = classify(said).key
        by_key.setdefault(key, set()).add(delivery)
    lacking = {
        (row.key, delivery.value)
        for row in (*ROWS, UNKNOWN_REFUSAL)
        for delivery in row.delivery
        if delivery.value not in by_key.get(row.key, set())
    }
    assert lacking == set()


@pytest.mark.parametrize("fate", ["twice", "thrice", "late"])
@pytest.mark.parametrize("only", ["imagine", pytest.param("press", marks=pytest.mark.long)])
async def test_a_refusal_that_is_told_otherwise_means_the_same(
    running_bot: RunningBot,
    fate: str,
    only: str,
) -> None:
    turn(running_bot, "refusal", "Banned prompt", only)
    turn(running_bot, "deliver_event", fate, "refusal")
    if fate == "late":  # it comes with the next event
        running_bot.sandbox.imagine_elsewhere("a hare", "ben")
    await comes_to(running_bot, Status.FAILED, ProblemKind.REFUSED, "Banned prompt")


async def test_a_refusal_that_only_the_history_holds_is_found(running_bot: RunningBot) -> None:
    turn(running_bot, "refusal_ephemeral", value=False, only="imagine")
    turn(running_bot, "refusal", "Banned prompt", "imagine")
    turn(running_bot, "deliver_event", "lost", "refusal")
    await comes_to(running_bot, Status.FAILED, ProblemKind.REFUSED, "Banned prompt")


async def test_a_refusal_that_nobody_heard_is_asked_about(running_bot: RunningBot) -> None:
    """Only the account could see it, and the history does not have it."""
    turn(running_bot, "refusal", "Banned prompt", "imagine")
    turn(running_bot, "deliver_event", "lost", "refusal")
    await comes_to(running_bot, Status.NEEDS_ATTENTION, ProblemKind.NO_ANSWER)
    assert imagined(running_bot) == 1


def test_every_row_of_the_table_is_tried() -> None:
    """For /imagine and for a press."""
    tried = {(each.title, each.only) for each in (*REFUSED_REQUESTS, *STOPS)}
    assert tried == {(t, only) for t in (*REFUSALS, UNKNOWN_TITLE) for only in ("imagine", "press")}
