"""What can happen to a generation, as plain facts.

Midjourney's messages become these in `domain.messages`; what the services did or failed to do comes
back to the loop as the others. `domain.transitions.apply` says what each one means.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from domain.generation import Button, Picture, Problem, Slot


class Action(StrEnum):
    """What a job of Midjourney does; only the first four can belong to a generation."""

    IMAGINE = "imagine"  #: a new grid: `/imagine` or a reroll, and a derived one before its first %
    UPSCALE = "upscale"  #: U1 to U4: one picture of a grid on its own
    VARIATION = "variation"  #: V1 to V4 of a grid, or a solo's vary buttons
    REMIX = "remix"  #: a variation with a changed prompt
    OTHER = "other"  #: zoom, pan, HD upscale, video …: recognised and left alone


@dataclass(frozen=True, slots=True, kw_only=True)
class JobMessage:
    """What every message about a job tells. Ids are Discord's, `job_id` is Midjourney's UUID."""

    message_id: int
    prompt: str  #: as Midjourney repeats it, without the `**` around
    action: Action = Action.IMAGINE
    index: int | None = None  #: `Image #n`, or the n of an upscale or variation under way
    nonce: str | None = None
    reference_id: int | None = None
    interaction_id: int | None = None
    mentioned_id: int | None = None
    job_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class JobWaiting(JobMessage):
    """`(Waiting to start)`, or `(paused)`: accepted, not begun."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JobProgress(JobMessage):
    """`(31%)`: Midjourney's own percent, which may repeat or go back, and never reaches 100."""

    percent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class JobStopped(JobMessage):
    """`(Stopped)`: by its Cancel button or by moderation; the last preview stays."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JobFinished(JobMessage):
    """The finished message: result buttons and the picture's signed link."""

    picture_url: str
    buttons: tuple[Button, ...]
    flags: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Midjourney says something that is no job: a refusal, a warning, "Job queued" and the like.

    `domain.failures` knows what the titles mean.
    """

    message_id: int
    title: str
    text: str
    colour: int | None = None
    nonce: str | None = None
    reference_id: int | None = None
    interaction_id: int | None = None
    buttons: tuple[str, ...] = ()  #: the custom ids of what it asks to press; nothing presses them
    private: bool = False  #: ephemeral: shown to nobody but the account that it concerns


@dataclass(frozen=True, slots=True)
class MessageDeleted:
    """A message is gone; the order against the finished message varies."""

    message_id: int


@dataclass(frozen=True, slots=True)
class InteractionCreated:
    """Discord took our request and gave it an id; only our own session hears this."""

    nonce: str
    interaction_id: int


@dataclass(frozen=True, slots=True)
class InteractionSucceeded:
    """Midjourney's bot acknowledged our request: a proof of acceptance."""

    nonce: str
    interaction_id: int


class Trouble(StrEnum):
    """What stands between our request and its job, as the gateway tells it."""

    FAILURE = "failure"  #: Midjourney's bot did not answer Discord in time; the job may run
    FORM = "form"  #: a form wants to be filled in, as remix mode has for variations
    HUMAN_CHECK = "human_check"  #: a captcha, which only a person may solve


@dataclass(frozen=True, slots=True)
class InteractionTroubled:
    """The gateway told something else than success of a request."""

    nonce: str
    trouble: Trouble


Heard = (
    JobWaiting
    | JobProgress
    | JobStopped
    | JobFinished
    | Notice
    | MessageDeleted
    | InteractionCreated
    | InteractionSucceeded
    | InteractionTroubled
)
"""Everything that is heard from Discord and Midjourney."""


@dataclass(frozen=True, slots=True)
class Matched:
    """Something heard, and the step it belongs to (`domain.matching.match` decides)."""

    slot: Slot
    heard: Heard
    live: bool = True  #: False: read in the history, which repeats what was heard before


@dataclass(frozen=True, slots=True)
class Claimed:
    """Its turn has come, or a new process takes it up: what it lacked may be there meanwhile."""


@dataclass(frozen=True, slots=True)
class Intended:
    """A request is about to be sent: committed before the act, so that it is never sent blindly."""

    slot: Slot
    nonce: str
    session_id: str


@dataclass(frozen=True, slots=True)
class Delivered:
    """Discord answered the request with 204."""

    slot: Slot
    nonce: str


@dataclass(frozen=True, slots=True)
class NotAccepted:
    """An explicit answer that a request was not accepted: to be sent again, or hopeless."""

    slot: Slot
    nonce: str
    problem: Problem
    retry_after: float | None = None  #: seconds until it may be sent again; None: never


@dataclass(frozen=True, slots=True)
class Overdue:
    """Nothing was heard of a step within its limit, after looking."""

    slot: Slot
    gone: bool = False  #: its progress message was deleted, and the history holds no finished one


@dataclass(frozen=True, slots=True)
class PictureStored:
    """The picture of a slot is in the image store, verified."""

    slot: Slot
    picture: Picture


@dataclass(frozen=True, slots=True)
class GivenUp:
    """The picture of a slot will not come: no button for it, or no storable file."""

    slot: Slot
    problem: Problem


@dataclass(frozen=True, slots=True)
class StatusMessageSent:
    """The one status message of the generation is in the channel."""

    message_id: int


@dataclass(frozen=True, slots=True)
class FinalNoticeSent:
    """The final notice of the generation is in the channel."""

    message_id: int


@dataclass(frozen=True, slots=True)
class Cancelled:
    """A person does not want it any more."""


@dataclass(frozen=True, slots=True)
class Retried:
    """A person wants what is missing, at no risk of paying twice."""


@dataclass(frozen=True, slots=True)
class UpscaleWanted:
    """A person wants one upscale, whether it was wanted before or not."""

    slot: Slot


@dataclass(frozen=True, slots=True)
class Adopted:
    """A person says that a finished grid in the channel is that of this generation."""

    heard: JobFinished


@dataclass(frozen=True, slots=True)
class Deleted:
    """A person wants it gone: its words now, its pictures next."""


Request = Cancelled | Retried | UpscaleWanted | Adopted | Deleted
"""What people ask for a generation that is there already; `domain.requests` says what it does."""

Event = (
    Matched
    | Claimed
    | Intended
    | Delivered
    | NotAccepted
    | Overdue
    | PictureStored
    | GivenUp
    | StatusMessageSent
    | FinalNoticeSent
    | Request
)
"""Everything that `domain.transitions.apply` understands."""


def name_of(event: Event) -> str:
    """Return what an event is called in the record of what happened."""
    return type(event.heard if isinstance(event, Matched) else event).__name__
