"""What Midjourney may do with a request, and whether that is a trouble that passes.

`fault` is what may end a generation: a trouble that waiting does not cure, or that nobody is told
of. Where there is none, the picture must be stored in the end.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from random import Random
from typing import Literal

Course = Literal[
    "runs",  # to its picture
    "queued",  # "Job queued" first
    "refused",  # the notice is the only answer
    "broken",  # it begins, and the notice ends it
    "stopped",  # it begins, and is "(Stopped)"
    "vanished",  # it begins, and its message is deleted
    "stalled",  # it begins, and nothing comes any more
    "late",  # its picture comes when nobody waits for it any more
    "silent",  # nothing is ever heard of it
    "checked",  # a human check comes first, and the job never starts
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The course of one request; `text` is a notice without an embed."""

    course: Course = "runs"
    title: str = ""
    text: str = ""
    place: Literal["answer", "edit", "reply"] = "answer"
    """A reply refers to the progress message, or to the grid whose button was pressed."""
    ephemeral: bool = True
    heard: bool = True  #: whether the gateway tells of the notice at all
    colour: int = 16711680
    wait: float = 0.0  #: seconds more before it begins
    fault: str | None = None
    bad_picture: bool = False

    @property
    def is_full(self) -> bool:
        """Whether it says that nobody's request is accepted now."""
        return self.title in FULL


FULL = ("Queue full", "Slow Down")
STOPS = ("Credits exhausted", "Subscription required", "Pending mod message", "Blocked")
LATER = ("Failed to process your command :c", "There was an error processing your request")
FINAL = frozenset({"refused", "filtered", "stopped", "late", "bad picture"})
"""These end also what a button was pressed for; after the others it is pressed once more."""
LASTING: tuple[Plan, ...] = (
    *(
        Plan(course="refused", title=title, fault="refused")
        for title in (
            "Invalid parameter",
            "Banned prompt",
            "Action needed to continue",
            "Invalid request",
            "Oh no",
        )
    ),
    Plan(course="refused", title="Internal Error", fault="unclear"),
    Plan(
        course="broken",
        title="Request cancelled due to output filters",
        place="edit",
        fault="filtered",
    ),
    Plan(
        course="broken",
        title="Sorry! Could not complete the job!",
        place="reply",
        colour=9807270,
        fault="broken",
    ),
    Plan(course="stopped", fault="stopped"),
    Plan(course="vanished", fault="vanished"),
    Plan(course="stalled", fault="stalled"),
    Plan(course="late", fault="late"),
    Plan(course="silent", fault="silent"),
    Plan(course="checked", fault="checked"),
    Plan(bad_picture=True, fault="bad picture"),
)
"""Troubles that may end a generation, or the press of a button when they come twice."""


@dataclass
class Mood:
    """How likely each kind of course is; the rest runs. `script` comes first."""

    random: Random
    full: float = 0.0
    later: float = 0.0
    stops: float = 0.0
    queued: float = 0.0
    lasting: float = 0.0
    script: deque[Plan] = field(default_factory=deque[Plan])

    def plan(self, before: Sequence[Plan], button: str) -> Plan:
        """Draw the course of a request; `before` are those of the same picture."""
        if self.script:
            return self.script.popleft()
        plan = self._draw(before, pressed=bool(button))
        replies = "upsample" in button and plan.is_full and self.random.random() < REPLIES
        return replace(plan, place="reply", ephemeral=False) if replies else plan

    def _draw(self, before: Sequence[Plan], *, pressed: bool) -> Plan:
        """Draw any course; the job of a button begins within a second or two, or never."""
        random, few = self.random, _are_few(before)
        likely: list[tuple[float, Callable[[], Plan]]] = [
            (self.full, lambda: self._refusal(random.choice(FULL))),
            (self.later if few else 0.0, self._later),
            (self.stops, lambda: self._refusal(random.choice(STOPS))),
            (0.0 if pressed else self.queued, lambda: _queued(random)),
            (self.lasting, lambda: random.choice(LASTING)),
        ]
        for chance, make in likely:
            if random.random() < chance:
                return make()
        return Plan()

    def _refusal(self, title: str) -> Plan:
        return Plan(course="refused", title=title, ephemeral=self.random.random() < 0.8)

    def _later(self) -> Plan:
        return Plan(course="refused", text=self.random.choice(LATER))


REPLIES = 0.2
"""How many refusals of a U button are replies to the grid, and do not say which press they mean."""
MOST_TIMES = 4
"""A request is sent at most five times where each refusal is about itself."""


def _are_few(before: Sequence[Plan]) -> bool:
    """Whether there may be one more refusal that counts as a try of this request."""
    counted = (plan for plan in before if plan.text)
    return sum(1 for _ in counted) < MOST_TIMES


def _queued(random: Random) -> Plan:
    return Plan(
        course="queued",
        title="Job queued",
        colour=16776960,
        wait=random.choice((10.0, 60.0, 100.0)),
    )
