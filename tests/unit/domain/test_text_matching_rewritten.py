"""After a gap: a prompt that came back rewritten is found, and nearly the same one is not."""

from typing import Any

import pytest

from domain.events import JobFinished
from domain.matching import Match, match
from domain.prompt_echo import resembles
from domain.slots import Slot
from domain.text_matching import is_ruled_out, may_be_needed
from tests.unit.domain.history_harness import US, asked, at, grid, look, progress
from tests.unit.domain.rewritings import REWRITINGS, Rewriting

each_rewriting = pytest.mark.parametrize("each", REWRITINGS.values(), ids=REWRITINGS)


def by_hand(prompt: str) -> JobFinished:
    """Return the result of a job that somebody started by hand, with the same account."""
    return grid(40, prompt=prompt, job_id="hand-made")


@each_rewriting
def test_it_is_found_beside_nearly_the_same_one(each: Rewriting) -> None:
    ours = asked(prompt=each.sent)
    found, neighbour = grid(prompt=each.echoed), by_hand(prompt=each.neighbour)
    assert look(found, [ours], neighbour) == Match(ours.id, Slot.GRID)
    assert look(neighbour, [ours], found) is None
    assert look(neighbour, [ours]) is None
    assert may_be_needed(found, [ours], US)
    assert not may_be_needed(neighbour, [ours], US)


@each_rewriting
def test_it_finds_its_own_of_two_that_are_nearly_the_same(each: Rewriting) -> None:
    """Unless what came back may be the other one, too, with something that the account adds."""
    ours, other = asked(prompt=each.sent), asked(prompt=each.neighbour, step={"nonce": "N2"})
    expected = None if resembles(other, each.echoed) else Match(ours.id, Slot.GRID)
    assert look(grid(prompt=each.echoed), [ours, other]) == expected


@each_rewriting
def test_two_that_could_be_it_are_a_question(each: Rewriting) -> None:
    ours, one, two = asked(prompt=each.sent), grid(prompt=each.echoed), by_hand(prompt=each.echoed)
    assert look(one, [ours], two) is None
    assert look(two, [ours], one) is None
    assert look(one, [ours, asked(prompt=each.sent)]) is None


@pytest.mark.parametrize(
    ("sent", "other", "echoed"),
    [
        ("a cat --sref random", "a cat --sref 55", "a cat --sref 55"),
        ("a cat --p", "a cat --p abc123", "a cat --p abc123"),
        ("a cat --niji", "a cat --niji 7", "a cat --niji 7"),
        ("a cat --stealth", "a cat", "a cat"),
        ("a cat \u2014bold", "a cat bold", "a cat bold"),
        ("a cat", "a cat --v 5.1", "a cat --v 5.1"),
    ],
)
def test_what_two_generations_may_come_back_as_is_a_question(
    sent: str, other: str, echoed: str
) -> None:
    """Also if one has asked for exactly this."""
    one, two = asked(prompt=sent), asked(prompt=other)
    assert look(grid(prompt=echoed), [one]) == Match(one.id, Slot.GRID)
    assert look(grid(prompt=echoed), [two]) == Match(two.id, Slot.GRID)
    assert look(grid(prompt=echoed), [one, two]) is None


BEGINNING = "a cat asleep on the window sill in"
SENT, ECHO = f"{BEGINNING} the morning sun --p", f"{BEGINNING} the morning sun --v 8.2 --p"
REWRITTEN = f"{BEGINNING} soft light --v 8.2 --p abc123"
NEIGHBOUR = f"{BEGINNING} the rain --v 8.2 --p abc123"


def test_a_personalised_one_in_other_words_is_found_by_being_the_only_one() -> None:
    ours = asked(prompt=SENT)
    result = grid(prompt=REWRITTEN)
    assert look(result, [ours]) == Match(ours.id, Slot.GRID)
    assert may_be_needed(result, [ours], US)


def test_a_personalised_one_whose_progress_was_heard_is_found_when_that_is_gone() -> None:
    ours = asked(prompt=SENT, echo=ECHO, step={"progress_message_id": at(5)})
    result = grid(prompt=REWRITTEN)
    assert look(result, [ours]) is None
    assert look(result, [ours], gone=frozenset({at(5)})) == Match(ours.id, Slot.GRID)


def test_the_job_of_a_preview_tells_a_personalised_one_from_its_neighbour() -> None:
    """Ids decide about ours before any text; the neighbour is another job, whatever it says."""
    step = {"progress_message_id": at(5), "job_id": "ours"}
    ours = asked(prompt=SENT, echo=ECHO, step=step)
    gone = frozenset({at(5)})
    assert match(grid(prompt=REWRITTEN, job_id="ours"), [ours]) == Match(ours.id, Slot.GRID)
    assert look(by_hand(prompt=NEIGHBOUR), [ours], gone=gone) is None
    assert look(by_hand(prompt=ECHO), [ours], gone=gone) is None


def test_a_neighbour_whose_preview_was_seen_is_not_in_the_way_of_a_personalised_one() -> None:
    ours = asked(prompt=SENT, echo=ECHO, step={"progress_message_id": at(5)})
    seen = progress(6, prompt=NEIGHBOUR, job_id="hand-made")
    assert is_ruled_out(seen, ours)
    assert not is_ruled_out(progress(5, prompt=ECHO), ours)
    assert not is_ruled_out(grid(prompt=REWRITTEN), ours)
    result, neighbour = grid(prompt=REWRITTEN, job_id="unknown"), by_hand(prompt=NEIGHBOUR)
    gone = frozenset({at(5)})
    assert look(result, [ours], neighbour, gone=gone) is None
    known = {ours.id: frozenset({seen.message_id, "hand-made"})}
    assert look(result, [ours], neighbour, gone=gone, ruled_out=known) == Match(ours.id, Slot.GRID)
    assert look(neighbour, [ours], result, gone=gone, ruled_out=known) is None


@pytest.mark.parametrize(
    "facts",
    [
        {"reference_id": at(7)},
        {"interaction_id": at(4)},
        {"nonce": "N1"},
        {"prompt": f"{BEGINNING} soft light --v 8.2"},
        {"prompt": "a cat asleep on the stairs in soft light --v 8.2 --p abc123"},
    ],
)
def test_what_has_ids_or_other_words_is_no_personalised_one_that_was_rewritten(
    facts: dict[str, Any],
) -> None:
    ours = asked(prompt=SENT, step={"nonce": None})
    changed: dict[str, Any] = {"prompt": REWRITTEN} | facts
    assert look(grid(prompt=REWRITTEN), [ours]) is not None
    assert look(grid(**changed), [ours]) is None


def test_only_the_result_of_a_personalised_one_comes_in_other_words() -> None:
    assert look(progress(prompt=REWRITTEN), [asked(prompt=SENT)]) is None


def test_a_neighbour_and_a_personalised_one_are_a_question() -> None:
    ours = asked(prompt=SENT)
    for result in (grid(prompt=REWRITTEN), grid(prompt=SENT)):
        assert look(result, [ours]) is not None
        assert look(result, [ours], by_hand(prompt=NEIGHBOUR)) is None
        assert look(by_hand(prompt=NEIGHBOUR), [ours], result) is None


@pytest.mark.parametrize("other", [f"{BEGINNING} the rain --p", "a dog in a hat"])
def test_a_personalised_one_in_other_words_is_a_question_if_another_is_awaited(other: str) -> None:
    """Whatever the other one is: what is left of the words is little."""
    ours, also = asked(prompt=SENT), asked(prompt=other, step={"nonce": "N2"})
    assert look(grid(prompt=REWRITTEN), [ours, also]) is None
    done = asked(prompt=other, step={"nonce": "N2", "message_id": at(3)})
    assert look(grid(prompt=REWRITTEN), [ours, done]) == Match(ours.id, Slot.GRID)


def test_a_personalised_one_in_its_own_words_is_found_though_another_is_awaited() -> None:
    ours, also = asked(prompt=SENT), asked(prompt="a dog in a hat", step={"nonce": "N2"})
    assert look(grid(prompt=f"{SENT} abc123"), [ours, also]) == Match(ours.id, Slot.GRID)
