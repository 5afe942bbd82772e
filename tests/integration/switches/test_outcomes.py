"""The sandbox's list of refusals says the same as the bot's own table and as what tests expect."""

from __future__ import annotations

import pytest

from domain.generation import ProblemKind, Status
from domain.refusals import REFUSALS as ROWS
from domain.refusals import UNKNOWN_REFUSAL, Accepted, RefusalClass, classify
from sandbox import refusals
from sandbox.refusals import REFUSALS, refusal_called
from tests.builders import notice
from tests.integration.switches.refusals import REFUSED_REQUESTS, STOPS, UNKNOWN_TITLE, RefusalCase

SAYS = {
    (RefusalClass.USER, Accepted.NO): refusals.REFUSED,
    (RefusalClass.USER, Accepted.YES): refusals.REFUSED,
    (RefusalClass.WAIT, Accepted.YES): refusals.WAITS,
    (RefusalClass.LATER, Accepted.NO): refusals.LATER,
    (RefusalClass.FULL, Accepted.NO): refusals.FULL,
    (RefusalClass.LATER, Accepted.UNKNOWN): refusals.OPEN,
    (RefusalClass.LATER, Accepted.YES): refusals.PAID,
    (RefusalClass.EXISTS, Accepted.UNKNOWN): refusals.OPEN,
    (RefusalClass.UNKNOWN, Accepted.UNKNOWN): refusals.OPEN,
    (RefusalClass.UNKNOWN, Accepted.NO): refusals.FAILS,
    (RefusalClass.STOP, Accepted.NO): refusals.STOPS,
    (RefusalClass.STOP, Accepted.UNKNOWN): refusals.CHECKED,
    (RefusalClass.NOTICE, Accepted.UNKNOWN): refusals.GOES_ON,
}
"""The sentence for each class of the bot's table."""

_FAILED, _ASKED, _DONE = Status.FAILED, Status.NEEDS_ATTENTION, Status.COMPLETED
COMES_TO = {
    refusals.REFUSED: (_FAILED, ProblemKind.REFUSED, 1),
    refusals.FAILS: (_FAILED, ProblemKind.BROKEN, 1),
    refusals.PAID: (_FAILED, ProblemKind.BROKEN, 1),
    refusals.FULL: (_DONE, None, 2),
    refusals.LATER: (_DONE, None, 2),
    refusals.STOPS: (_DONE, None, 2),
    refusals.OPEN: (_ASKED, ProblemKind.NO_ANSWER, 1),
    refusals.CHECKED: (_ASKED, ProblemKind.NO_ANSWER, 1),
    refusals.WAITS: (_DONE, None, 1),
    refusals.GOES_ON: (_DONE, None, 1),
}
"""The end of an /imagine that is so answered, its reason, and how often it is sent."""


@pytest.mark.parametrize("title", [*REFUSALS, UNKNOWN_TITLE])
def test_the_list_says_what_the_bot_does(title: str) -> None:
    failure = refusal_called(title)
    row = classify(
        notice(title="", text=title)
        if failure.plain
        else notice(title=title, colour=failure.colour)
    )
    says = refusals.FAILS if row is UNKNOWN_REFUSAL else SAYS[row.kind, row.accepted]
    assert failure.outcome == says


@pytest.mark.parametrize(
    "refusal", [each for each in (*REFUSED_REQUESTS, *STOPS) if each.only == "imagine"], ids=str
)
def test_the_list_says_what_a_generation_comes_to(refusal: RefusalCase) -> None:
    outcome = refusal_called(refusal.title).outcome
    assert (refusal.ends, refusal.why, refusal.imagined) == COMES_TO[outcome]
    assert (refusal in STOPS) == (outcome in {refusals.STOPS, refusals.CHECKED})


def test_the_list_has_the_titles_that_the_bot_knows() -> None:
    """A title may go on after the words that are known."""
    known = {text.casefold() for row in ROWS for text in (*row.titles, *row.phrases)}
    spoken = {title.casefold() for title, row in REFUSALS.items() if row.place != "notice"}
    assert {each for each in known if not any(s.startswith(each) for s in spoken)} == set()
    assert {each for each in spoken if not each.startswith(tuple(known))} == set()
