"""What a soak takes from the sandbox about a request."""

from __future__ import annotations

from random import Random

import pytest

from sandbox.interactions import Interaction
from sandbox.job_options import take_options
from sandbox.jobs import Job
from sandbox.people import make_people
from sandbox.pictures import Scene
from sandbox.switches import JobFate, Switches
from soak.evidence import request_seen

ANN = make_people(1)["ann"]


def asked(status: int = 204, *, accepted: bool = True) -> Interaction:
    return Interaction(
        id=1,
        kind="imagine",
        person=ANN,
        at=0.0,
        nonce="7",
        session="s",
        prompt="a cat",
        status=status,
        accepted=accepted,
    )


def job(refusal: str = "", fate: JobFate = "runs") -> Job:
    switches = Switches()
    switches.refusal.arm(refusal)
    switches.job.arm(fate)
    return Job(
        id="j",
        prompt="a cat",
        asked=asked(),
        scene=Scene("a cat", "j", 64),
        random=Random(1),  # noqa: S311 -- repeatable on purpose
        options=take_options(switches, "imagine", "grid"),
    )


@pytest.mark.parametrize(
    ("refusal", "paid"),
    [
        ("", True),
        ("Queue full", False),
        ("Credits exhausted", False),
        ("Internal Error", True),
        ("Sorry! Could not complete the job!", True),
        ("Please complete the task", True),
        ("Job queued", True),
    ],
)
def test_what_may_have_been_accepted_counts_as_paid(refusal: str, paid: bool) -> None:
    seen = request_seen(asked(), job(refusal), {})
    assert seen.paid == paid
    assert seen.causes == ({f"refusal {refusal}"} if refusal else set())


def test_what_discord_refused_was_not_paid() -> None:
    seen = request_seen(asked(403, accepted=False), None, {})
    assert not seen.paid
    assert seen.causes == {"answer 403"}


def test_what_was_accepted_without_an_answer_was_paid() -> None:
    seen = request_seen(asked(0), job(fate="silence"), {})
    assert seen.paid
    assert seen.causes == {"answer none", "job silence"}


def test_a_press_belongs_to_the_generation_of_its_grid() -> None:
    press = Interaction(id=1, kind="press", person=ANN, at=0.0, message_id=9, accepted=True)
    assert request_seen(press, None, {9: "a cat"}).prompt == "a cat"
    assert request_seen(press, None, {}).prompt == ""
    assert not request_seen(press, None, {9: "a cat"}).paid
