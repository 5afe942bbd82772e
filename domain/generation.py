"""The record of one generation, its states, and which state may follow which.

A generation is one prompt, its grid, and the upscales wanted of it. The record is frozen: it is
changed by `domain.transitions`, and stored by a store.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Self

from domain.slots import UPSCALES, Slot
from domain.snowflakes import is_snowflake

CODE_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
"""Letters and digits of a code, without look-alikes (0/o, 1/l/i)."""
CODE_LENGTH = 6


class Status(StrEnum):
    """Where a generation stands; the values are the ones in the database."""

    QUEUED = "queued"  #: accepted from a person, waiting for its turn
    SUBMITTING = "submitting"  #: claimed; its request is about to be sent, or was, unproven
    SUBMITTED = "submitted"  #: Midjourney has shown that it accepted
    GRID_COMPLETED = "grid_completed"  #: the grid is stored
    VARIATIONS_IN_PROGRESS = "variations_in_progress"  #: upscales are being requested and stored
    COMPLETED = "completed"  #: the grid and every wanted upscale are stored
    FAILED = "failed"  #: ended without some wanted picture; `error` says why
    CANCELLED = "cancelled"  #: a person stopped it
    NEEDS_ATTENTION = "needs_attention"  #: the outcome of a paid request is unknown


ACTIVE = frozenset(
    {
        Status.SUBMITTING,
        Status.SUBMITTED,
        Status.GRID_COMPLETED,
        Status.VARIATIONS_IN_PROGRESS,
    },
)
"""At most one generation in the database may be in one of these states."""

TERMINAL = frozenset({Status.COMPLETED, Status.FAILED, Status.CANCELLED})
"""From these states, work continues only through `QUEUED`."""

ENDED = TERMINAL | {Status.NEEDS_ATTENTION}
"""In these states nothing is done, unless a person asks for it or a late result comes."""

_ENDS = frozenset({Status.FAILED, Status.CANCELLED, Status.NEEDS_ATTENTION})

TRANSITIONS: Mapping[Status, frozenset[Status]] = MappingProxyType(
    {
        Status.QUEUED: _ENDS | {Status.SUBMITTING, Status.SUBMITTED, Status.VARIATIONS_IN_PROGRESS},
        Status.SUBMITTING: _ENDS | {Status.QUEUED, Status.SUBMITTED},
        Status.SUBMITTED: _ENDS | {Status.QUEUED, Status.GRID_COMPLETED, Status.COMPLETED},
        Status.GRID_COMPLETED: _ENDS | {Status.VARIATIONS_IN_PROGRESS, Status.COMPLETED},
        Status.VARIATIONS_IN_PROGRESS: _ENDS | {Status.COMPLETED},
        Status.COMPLETED: frozenset({Status.QUEUED}),
        Status.FAILED: frozenset({Status.QUEUED}),
        Status.CANCELLED: frozenset({Status.QUEUED}),
        Status.NEEDS_ATTENTION: frozenset({Status.QUEUED, Status.FAILED, Status.CANCELLED}),
    },
)
"""Which status may follow which. Staying in the same status is always allowed."""


class OriginKind(StrEnum):
    """Where the grid of a generation comes from."""

    IMAGINE = "imagine"  #: `/imagine` with the prompt
    VARIATION = "variation"  #: a V button of the parent's grid
    REROLL = "reroll"  #: the reroll button of the parent's grid
    ADOPTED = "adopted"  #: a grid that a person made by hand


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """How the grid is asked for; `parent_id` and `index` only where a parent's button is."""

    kind: OriginKind = OriginKind.IMAGINE
    parent_id: str | None = None
    index: int | None = None

    @property
    def by_button(self) -> bool:
        """Whether it is requested with a button of the parent's grid instead of `/imagine`."""
        return self.kind in {OriginKind.VARIATION, OriginKind.REROLL}


class Proof(StrEnum):
    """What first showed that Midjourney accepted a request."""

    INTERACTION = "interaction"  #: the gateway's INTERACTION_SUCCESS
    QUEUED = "queued"  #: Midjourney's "Job queued"
    PROGRESS = "progress"  #: the progress or waiting message
    RESULT = "result"  #: the finished message itself


class ProblemKind(StrEnum):
    """Why a generation, or one of its pictures, is missing; the cogs have the sentences."""

    REFUSED = "refused"  #: Midjourney refused; the detail has its own words
    BROKEN = "broken"  #: Midjourney failed; the detail has its own words
    NOT_SENT = "not_sent"  #: Discord refused the request; the detail has its answer
    NO_ANSWER = "no_answer"  #: nothing was heard within the limit
    STOPPED = "stopped"  #: the job was stopped or its message deleted
    BAD_PICTURE = "bad_picture"  #: the file behind Midjourney's link cannot be stored as a picture
    NO_BUTTON = "no_button"  #: the grid lacks the button that is needed
    ACCOUNT = "account"  #: the account needs a person: a captcha, a block, no subscription
    FORM = "form"  #: Midjourney asks for a form to be filled in, as remix mode does
    NO_GRID = "no_grid"  #: adopted, but its grid could not be read
    STORAGE = "storage"  #: the picture exists, but could not be stored
    FILM = "film"  #: Midjourney made a film, as `--video` asks: there is no grid


@dataclass(frozen=True, slots=True)
class Problem:
    """A kind with its detail, raw or a `Reason`; `str()` is the form in the `error` column."""

    kind: ProblemKind
    detail: str = ""

    def __str__(self) -> str:
        """Return `kind: detail`."""
        return f"{self.kind.value}: {self.detail}" if self.detail else self.kind.value

    @classmethod
    def read(cls, text: str) -> Self:
        """Read what `str()` wrote; an unknown kind is a `ValueError`."""
        kind, _, detail = text.partition(": ")
        return cls(ProblemKind(kind), detail)


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """One stored picture: its key, and what can be checked without a download (bytes, pixels)."""

    key: str
    sha256: str
    size: int
    width: int
    height: int
    stored_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One request to Midjourney and the resulting picture; each id is stored as soon as it is seen.

    The fields are filled from top to bottom; an empty step has not been requested yet.
    """

    asked_at: datetime | None = None  #: a person asked for it after the others were told
    intended_at: datetime | None = None  #: requested by us, or (button seen pressed) by a person
    nonce: str | None = None  #: ours, committed before the request is sent
    session_id: str | None = None  #: the gateway session that gets the answer
    attempts: int = 0  #: how often this was requested; a paid request is accepted at most once
    unanswered: int = 0  #: how often it was requested and nothing came of it
    delivered_at: datetime | None = None  #: HTTP 204: Discord accepted it, Midjourney may not have
    accepted_at: datetime | None = None
    accepted_by: Proof | None = None
    job_queued: bool = False  #: Midjourney said "Job queued": it will run, perhaps much later
    interaction_id: int | None = None
    progress_message_id: int | None = None
    gone_at: datetime | None = None  #: that message was deleted before a finished one was there
    job_id: str | None = None  #: Midjourney's job, a UUID; each upscale is a job of its own
    message_id: int | None = None  #: the finished message
    picture_url: str | None = None  #: Discord's signed link, good for about a day
    picture: Picture | None = None
    problem: Problem | None = None

    @property
    def in_doubt(self) -> bool:
        """Whether a request was (or may have been) sent and nothing was heard of it yet."""
        unheard = self.delivered_at is None and self.accepted_at is None
        return self.nonce is not None and unheard and not self.settled

    @property
    def asked_after(self) -> int:
        """An id that is older than every answer to the latest request.

        Our nonce has a snowflake's form, by our own clock; an id of Discord's is better.
        """
        nonce = self.nonce if self.nonce is not None and self.nonce.isdecimal() else "0"
        return max(self.interaction_id or 0, self.progress_message_id or 0) or int(nonce)

    @property
    def settled(self) -> bool:
        """Whether nothing more will be done for it: stored, or given up."""
        return self.picture is not None or self.problem is not None


@dataclass(frozen=True, slots=True)
class Button:
    """One button of Midjourney's grid, as last seen; `pressed` is Discord's blurple style."""

    custom_id: str
    label: str = ""
    pressed: bool = False


def _five_empty_steps() -> tuple[Step, ...]:
    return tuple(Step() for _ in Slot)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewGeneration:
    """What a person's command asks for: everything that the store does not set itself.

    For a grid that a person made by hand, everything is known from the start.
    """

    id: str
    code: str
    prompt: str
    author_id: int
    author_name: str
    guild_id: int
    channel_id: int
    command_message_id: int
    wanted: tuple[Slot, ...] = UPSCALES
    origin: Origin = Origin()
    echo: str | None = None  #: the prompt as Midjourney repeats it
    buttons: tuple[Button, ...] = ()
    message_flags: int = 0  #: of the grid's message; pressing a button must repeat them
    steps: tuple[Step, ...] = field(default_factory=_five_empty_steps)

    def step(self, slot: Slot) -> Step:
        """Return the step that makes the picture of `slot`."""
        return self.steps[slot]

    def with_step(self, slot: Slot, step: Step) -> Self:
        """Return this generation with one step replaced."""
        steps = tuple(step if at == slot else old for at, old in enumerate(self.steps))
        return replace(self, steps=steps)


@dataclass(frozen=True, slots=True, kw_only=True)
class Generation(NewGeneration):
    """One generation as the store holds it.

    `seq`, `turn`, `version`, `progress`, `grid_copy` and the times are the store's; `progress` (0
    to 100) is computed where the row lives and is never written from here.
    """

    seq: int
    turn: int
    version: int
    created_at: datetime
    updated_at: datetime
    status: Status = Status.QUEUED
    progress: float = 0.0
    not_before: datetime | None = None  #: waits until then, at least
    status_message_id: int | None = None
    status_replaced: bool = False  #: somebody deleted it, and it was posted again, once
    notice_message_id: int | None = None
    problem: Problem | None = None
    submitted_at: datetime | None = None
    completed_at: datetime | None = None
    archiving_at: datetime | None = None  #: the clean-up began to delete its pictures
    archived_at: datetime | None = None  #: they are deleted; the rest of the row stays
    grid_copy: int = 0  #: not 0: an older one has the same grid, from before that was ruled out

    @property
    def reply_to(self) -> int | None:
        """The message that notices about it reply to: the command's.

        Of a reaction, only the key is known: then its status message, or a grid that was adopted.
        """
        if is_snowflake(self.command_message_id):
            return self.command_message_id
        return self.status_message_id or self.step(Slot.GRID).message_id

    @property
    def stored(self) -> tuple[Slot, ...]:
        """The slots whose pictures are stored."""
        return tuple(slot for slot in Slot if self.steps[slot].picture is not None)

    @property
    def missing(self) -> tuple[Slot, ...]:
        """The wanted pictures that are not stored, the grid first."""
        return tuple(slot for slot in (Slot.GRID, *self.wanted) if self.steps[slot].picture is None)

    @property
    def has_grid(self) -> bool:
        """Whether its grid is stored, or is in the channel although its file was given up."""
        grid = self.step(Slot.GRID)
        given_up = grid.problem is not None and grid.message_id is not None
        return grid.picture is not None or given_up

    @property
    def active(self) -> bool:
        """Whether this is the one generation that is being worked on."""
        return self.status in ACTIVE

    @property
    def archived(self) -> bool:
        """Whether its pictures are deleted or being deleted: work on it never continues."""
        return self.archiving_at is not None or self.archived_at is not None


def may_follow(before: Status, after: Status) -> bool:
    """Whether `after` is allowed to come after `before`."""
    return before == after or after in TRANSITIONS[before]
