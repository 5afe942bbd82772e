"""The accounting of a soak: what is lost, and which fault explains a failure."""

from __future__ import annotations

from dataclasses import replace

import pytest

from domain.generation import ProblemKind, Status
from soak.accounting import (
    EXPLAINED_BY,
    KILLED,
    Account,
    Command,
    Evidence,
    Kept,
    RequestSeen,
    TroubleSeen,
    account,
)

COMMAND = Command(message_id=1, prompt="a cat", answered=True)
ROW = Kept(
    code="abc234",
    prompt="a cat",
    command_id=1,
    status=Status.COMPLETED,
    problems=frozenset(),
    since=100.0,
    until=200.0,
    told=True,
    broken=(),
    strange=(),
)
PAID = RequestSeen(prompt="a cat", nonce="1", paid=True)
PRESS = RequestSeen(prompt="a cat", nonce="2", paid=False)


def of(
    row: Kept | None = ROW,
    *requests: RequestSeen,
    troubles: tuple[TroubleSeen, ...] = (),
    cancels: frozenset[str] = frozenset(),
    command: Command = COMMAND,
) -> Account:
    return account(
        Evidence(
            commands=[command],
            rows=[] if row is None else [row],
            requests=requests,
            troubles=troubles,
            cancels=cancels,
        )
    )


def ended(status: Status, *problems: ProblemKind) -> Kept:
    return replace(ROW, status=status, problems=frozenset(problems))


def test_what_is_completed_is_fine() -> None:
    found = of(ROW, PAID, PRESS)
    assert found.ok
    assert (found.asked, found.completed) == (1, 1)
    assert found.requests_per_generation == 2


def test_without_requests_nothing_is_divided() -> None:
    assert of(ROW).requests_per_generation is None


def test_a_press_of_cancel_is_a_request_of_no_generation() -> None:
    assert of(ROW, PAID, replace(PRESS, prompt="")).requests_per_generation == 2


@pytest.mark.parametrize(("answered", "lost"), [(True, 0), (False, 1)])
def test_a_command_has_a_generation_or_an_answer(answered: bool, lost: int) -> None:
    found = of(None, command=replace(COMMAND, answered=answered))
    assert (found.refused, len(found.lost)) == (1 - lost, lost)


@pytest.mark.parametrize(
    "status",
    [status for status in Status if status.value in {"queued", "submitting", "submitted"}],
)
def test_what_has_not_ended_is_lost(status: Status) -> None:
    assert of(ended(status)).lost == [f"abc234: still {status.value} at the end"]


def test_every_status_is_accounted_for() -> None:
    for status in Status:
        found = of(ended(status))
        numbers = found.completed + found.cancelled + len(found.failed) + len(found.waiting)
        assert numbers + len(found.lost) > 0


def test_an_end_that_nobody_was_told_of_is_lost() -> None:
    found = of(replace(ROW, told=False))
    assert found.lost == ["abc234: completed, and nobody was told"]
    assert found.completed == 1


@pytest.mark.parametrize(("code", "ok"), [("abc234", True), ("xyz567", False)])
def test_only_a_person_cancels(code: str, ok: bool) -> None:
    found = of(replace(ended(Status.CANCELLED), told=False), cancels=frozenset({code}))
    assert (found.cancelled, found.ok) == (1, ok)


def test_a_refusal_of_midjourneys_explains_its_own_failure_only() -> None:
    row = ended(Status.FAILED, ProblemKind.REFUSED)
    refused = replace(PAID, causes=frozenset({"refusal Banned prompt"}))
    assert of(row, refused).failed == {"refused (refusal Banned prompt)": 1}
    assert of(row, refused).ok
    others = of(row, replace(refused, prompt="a dog"))
    assert others.failed == {"refused (no fault)": 1}
    assert others.lost == ["abc234: failed, refused, and no fault explains it"]


def test_a_fault_that_does_not_lead_to_a_problem_does_not_explain_it() -> None:
    """Or among many faults everything would be explained."""
    row = ended(Status.FAILED, ProblemKind.BAD_PICTURE)
    lost = replace(PAID, causes=frozenset({"job vanished", "answer 502"}))
    assert not of(row, lost, troubles=(trouble("event lost", 150, 150),)).ok
    assert of(row, lost, troubles=(trouble("download html", 150, 150),)).ok


def trouble(name: str, since: float, until: float) -> TroubleSeen:
    return TroubleSeen(name=name, since=since, until=until)


@pytest.mark.parametrize(
    ("since", "until", "explains"),
    [
        (50, 99, False),
        (50, 100, True),
        (120, 130, True),
        (200, 300, True),
        (201, 300, False),
        (50, 300, True),
    ],
)
def test_a_trouble_explains_what_happened_in_its_time(
    since: float, until: float, explains: bool
) -> None:
    row = ended(Status.NEEDS_ATTENTION, ProblemKind.NO_ANSWER)
    found = of(row, troubles=(trouble(KILLED, since, until),))
    assert found.ok == explains
    cause = KILLED if explains else "no fault"
    assert found.waiting == {f"no_answer ({cause})": 1}


def test_a_failure_without_a_reason_is_lost_whatever_there_was() -> None:
    found = of(ended(Status.FAILED), troubles=(trouble(KILLED, 0, 999),))
    assert found.failed == {"no reason (no fault)": 1}
    assert not found.ok


def test_each_problem_of_a_failure_needs_its_cause() -> None:
    row = ended(Status.FAILED, ProblemKind.BAD_PICTURE, ProblemKind.NO_BUTTON)
    found = of(row, troubles=(trouble("buttons without U3", 150, 150),))
    assert found.lost == ["abc234: failed, bad_picture, and no fault explains it"]


def test_nothing_here_fills_the_disk_or_adopts_a_grid() -> None:
    """So a failure that says so is a defect of the bot."""
    assert set(ProblemKind) - EXPLAINED_BY.keys() == {
        *(ProblemKind.STORAGE, ProblemKind.NO_GRID, ProblemKind.FILM),
    }


def test_a_file_that_is_not_what_the_row_says_is_lost() -> None:
    assert of(replace(ROW, broken=("grid",))).lost == ["abc234: grid is not what the row says"]


def test_a_picture_of_another_job_is_mixed_up() -> None:
    found = of(replace(ROW, strange=("upscale_2",)))
    assert found.mixed_up == ["abc234: upscale_2 is another's"]
    assert not found.ok


def test_two_paid_requests_for_one_prompt_are_one_too_many() -> None:
    found = of(ROW, PAID, replace(PAID, nonce="3"))
    assert found.paid_twice == ["a cat: 2 times"]
    assert not found.ok


def test_a_request_that_was_refused_may_be_sent_again() -> None:
    assert of(ROW, replace(PAID, paid=False), replace(PAID, nonce="3")).ok


def test_no_request_is_sent_twice_even_if_it_costs_nothing() -> None:
    found = of(ROW, PRESS, PRESS)
    assert found.paid_twice == ["nonce 2: 2 requests"]
