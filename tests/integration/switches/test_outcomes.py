"""The sandbox's list of refusals says the same as the bot's own table and as what tests expect."""

from __future__ import annotations

import pytest

from domain.failures import FAILURES as ROWS
from domain.failures import UNKNOWN_FAILURE, Accepted, FailureClass, classify
from domain.generation import ProblemKind, Status
from sandbox import failures
from sandbox.failures import FAILURES, failure_called
from tests.builders import notice
from tests.integration.switches.refusals import REFUSALS, STOPS, UNKNOWN_TITLE, Refusal

SAYS = {
    (FailureClass.USER, Accepted.NO): failures.REFUSED,
    (FailureClass.USER, Accepted.YES): failures.REFUSED,
    (FailureClass.WAIT, Accepted.YES): failures.WAITS,
    (FailureClass.LATER, Accepted.NO): failures.LATER,
    (FailureClass.FULL, Accepted.NO): failures.FULL,
    (FailureClass.LATER, Accepted.UNKNOWN): failures.OPEN,
    (FailureClass.LATER, Accepted.YES): failures.PAID,
    (FailureClass.EXISTS, Accepted.UNKNOWN): failures.OPEN,
    (FailureClass.UNKNOWN, Accepted.UNKNOWN): failures.OPEN,
    (FailureClass.UNKNOWN, Accepted.NO): failures.FAILS,
    (FailureClass.STOP, Accepted.NO): failures.STOPS,
    (FailureClass.STOP, Accepted.UNKNOWN): failures.CHECKED,
    (FailureClass.NOTICE, Accepted.UNKNOWN): failures.GOES_ON,
}
"""The sentence for each class of the bot's table."""

_FAILED, _ASKED, _DONE = Status.FAILED, Status.NEEDS_ATTENTION, Status.COMPLETED
COMES_TO = {
    failures.REFUSED: (_FAILED, ProblemKind.REFUSED, 1),
    failures.FAILS: (_FAILED, ProblemKind.BROKEN, 1),
    failures.PAID: (_FAILED, ProblemKind.BROKEN, 1),
    failures.FULL: (_DONE, None, 2),
    failures.LATER: (_DONE, None, 2),
    failures.STOPS: (_DONE, None, 2),
    failures.OPEN: (_ASKED, ProblemKind.NO_ANSWER, 1),
    failures.CHECKED: (_ASKED, ProblemKind.NO_ANSWER, 1),
    failures.WAITS: (_DONE, None, 1),
    failures.GOES_ON: (_DONE, None, 1),
}
"""The end of an /imagine that is so answered, its reason, and how often it is sent."""


@pytest.mark.parametrize("title", [*FAILURES, UNKNOWN_TITLE])
def test_the_list_says_what_the_bot_does(title: str) -> None:
    failure = failure_called(title)
    row = classify(
        notice(title="", text=title)
        if failure.plain
        else notice(title=title, colour=failure.colour)
    )
    says = failures.FAILS if row is UNKNOWN_FAILURE else SAYS[row.kind, row.accepted]
    assert failure.outcome == says


@pytest.mark.parametrize(
    "refusal", [each for each in (*REFUSALS, *STOPS) if each.only == "imagine"], ids=str
)
def test_the_list_says_what_a_generation_comes_to(refusal: Refusal) -> None:
    outcome = failure_called(refusal.title).outcome
    assert (refusal.ends, refusal.why, refusal.imagined) == COMES_TO[outcome]
    assert (refusal in STOPS) == (outcome in {failures.STOPS, failures.CHECKED})


def test_the_list_has_the_titles_that_the_bot_knows() -> None:
    """A title may go on after the words that are known."""
    known = {text.casefold() for row in ROWS for text in (*row.titles, *row.phrases)}
    spoken = {title.casefold() for title, row in FAILURES.items() if row.place != "notice"}
    assert {each for each in known if not any(s.startswith(each) for s in spoken)} == set()
    assert {each for each in spoken if not each.startswith(tuple(known))} == set()
