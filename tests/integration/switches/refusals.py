"""Midjourney's refusals and notices of /imagine and of presses, and how a generation then ends.

The reasons are Midjourney's own texts. `sandbox/refusals.py` says where each of them appears.
"""

from __future__ import annotations

from dataclasses import dataclass

from domain.generation import ProblemKind, Status
from sandbox.refusals import refusal_called


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalCase:
    """One title, answered to one request. `paid` is how often /imagine is sent in all."""

    title: str
    only: str
    ends: Status = Status.COMPLETED
    why: ProblemKind | None = None
    imagined: int = 1

    def __str__(self) -> str:
        return f"{self.title} ({self.only})"

    @property
    def kind(self) -> object:
        """Where it appears, what it answers, and how a generation ends with it."""
        return refusal_called(self.title).place, self.only, self.ends, self.why, self.imagined

    @property
    def words(self) -> str:
        """Midjourney's text as the person sees it; empty if there is none."""
        if self.why not in {ProblemKind.REFUSED, ProblemKind.BROKEN}:
            return ""
        failure = refusal_called(self.title)
        colon = "" if failure.title.endswith("!") else ":"
        return f"{failure.title}{colon} {failure.description}"


def _fails(title: str, why: ProblemKind = ProblemKind.REFUSED) -> tuple[RefusalCase, RefusalCase]:
    """Return cases in which the generation fails, or only the one upscale."""
    return (
        RefusalCase(title=title, only="imagine", ends=Status.FAILED, why=why),
        RefusalCase(title=title, only="press", ends=Status.FAILED, why=why),
    )


def _goes_on(title: str, *, imagined: int = 1) -> tuple[RefusalCase, RefusalCase]:
    """Return cases that end well, after another request if `imagined` says so."""
    return (
        RefusalCase(title=title, only="imagine", imagined=imagined),
        RefusalCase(title=title, only="press"),
    )


def _open(title: str) -> tuple[RefusalCase, RefusalCase]:
    """Return cases of unclear acceptance: a person is asked, or the button is pressed again."""
    return (
        RefusalCase(
            title=title,
            only="imagine",
            ends=Status.NEEDS_ATTENTION,
            why=ProblemKind.NO_ANSWER,
        ),
        RefusalCase(title=title, only="press"),
    )


UNKNOWN_TITLE = "Something nobody has seen"
REFUSED_REQUESTS: tuple[RefusalCase, ...] = (
    *_fails("Invalid parameter"),
    *_fails("Invalid prompt"),
    *_fails("Empty prompt"),
    *_fails("Invalid link"),
    *_fails("Banned prompt"),
    *_fails("Banned prompt detected"),
    *_fails("Banned image prompt"),
    *_fails("Action needed to continue"),
    *_fails("Request cancelled due to image filters"),
    *_fails("Request cancelled due to output filters"),
    *_fails("Duplicate images detected"),
    *_fails("Invalid request", ProblemKind.BROKEN),
    *_fails(UNKNOWN_TITLE, ProblemKind.BROKEN),
    # A reply to the grid does not say which press it is about: the silence that follows decides.
    _fails("Invalid link!")[0],
    RefusalCase(title="Invalid link!", only="press"),
    _fails("Sorry! Could not complete the job!", ProblemKind.BROKEN)[0],
    RefusalCase(title="Sorry! Could not complete the job!", only="press"),
    # Not accepted: sent again in a minute. There it was "accepted" by Discord only.
    *_goes_on("Queue full", imagined=2),
    *_goes_on("Slow Down", imagined=2),
    *_goes_on("Failed to process your command :c", imagined=2),
    *_goes_on("There was an error processing your request", imagined=2),
    *_goes_on("Job queued"),
    *_goes_on("Fast time running low"),
    *_open("Internal Error"),
    *_open("Bad response"),
    *_open("Job action restricted"),
    *_open("You can request another upscale for this image"),
)

_STOPS = (
    "Credits exhausted",
    "Subscription required",
    "Subscription paused",
    "Plan Cancelled",
    "Pending mod message",
    "Blocked",
    "Tos not accepted",
)
_CHECKS = ("Action required to continue", "Please complete the task")
STOPS: tuple[RefusalCase, ...] = (
    *(RefusalCase(title=title, only="imagine", imagined=2) for title in _STOPS),
    *(RefusalCase(title=title, only="press") for title in (*_STOPS, *_CHECKS)),
    # Whether the job starts once somebody has answered the check is not known.
    *(_open(title)[0] for title in _CHECKS),
)
"""What stops the queue. The end is the one after a person has let it go on."""
