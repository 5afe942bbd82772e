"""What can happen to a generation, as plain records.

`domain.messages` turns Midjourney's messages into them; the services report with the others what
they did or failed to do. `domain.transitions.apply` says what each one means. Which events cogs of
other bots can listen to is another matter: docs/plug-in.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from domain.generation import Button, Picture, Problem
from domain.slots import Slot


class Action(StrEnum):
    """What a Midjourney job does; only the first five can belong to a generation."""

    IMAGINE = "imagine"  #: a new grid: `/imagine` or a reroll, and a derived one before its first %
    UPSCALE = "upscale"  #: U1 to U4: one picture of a grid on its own
    VARIATION = "variation"  #: V1 to V4 of a grid, or a solo's vary buttons
    REMIX = "remix"  #: a variation with a changed prompt
    FILM = "film"  #: what `--video` makes, or a button of a solo; a clip of it
    OTHER = "other"  #: zoom, pan, HD upscale …: recognised and ignored


@dataclass(frozen=True, slots=True, kw_only=True)
class JobMessage:
    """What every message about a job says. Ids are Discord's, `job_id` is Midjourney's UUID."""

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
    """`(Waiting to start)`, or `(paused)`: accepted, not started."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JobProgress(JobMessage):
    """`(31%)`: Midjourney's own percentage, which may repeat or go down, and never reaches 100."""

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
class MidjourneyNotice:
    """A message of Midjourney's that is not a job: a refusal, a warning, "Job queued" and the like.

    `domain.refusals` knows what the titles mean.
    """

    message_id: int
    title: str
    text: str
    colour: int | None = None
    nonce: str | None = None
    reference_id: int | None = None
    interaction_id: int | None = None
    buttons: tuple[str, ...] = ()  #: the custom ids of its buttons; nothing presses them
    private: bool = False  #: ephemeral: shown only to the account that it concerns


@dataclass(frozen=True, slots=True)
class MessageDeleted:
    """A message was deleted; this may come before or after the finished message."""

    message_id: int


@dataclass(frozen=True, slots=True)
class InteractionCreated:
    """Discord accepted our request and gave it an id; only our own session is told."""

    nonce: str
    interaction_id: int


@dataclass(frozen=True, slots=True)
class InteractionSucceeded:
    """Midjourney's bot acknowledged our request, which proves that it was accepted."""

    nonce: str
    interaction_id: int


class Trouble(StrEnum):
    """What keeps our request from becoming a job, as the gateway reports it."""

    FAILURE = "failure"  #: Midjourney's bot did not answer Discord in time; the job may run
    FORM = "form"  #: a form to fill in, as remix mode shows for variations
    HUMAN_CHECK = "human_check"  #: a captcha, which only a person may solve


@dataclass(frozen=True, slots=True)
class InteractionTroubled:
    """The gateway reported something other than success of a request."""

    nonce: str
    trouble: Trouble


Heard = (
    JobWaiting
    | JobProgress
    | JobStopped
    | JobFinished
    | MidjourneyNotice
    | MessageDeleted
    | InteractionCreated
    | InteractionSucceeded
    | InteractionTroubled
)
"""Everything that Discord and Midjourney can tell."""


@dataclass(frozen=True, slots=True)
class Matched:
    """Something that was heard, and its step (`domain.matching.match` decides)."""

    slot: Slot
    heard: Heard
    live: bool = True  #: False: read in the history, which repeats what was already heard


@dataclass(frozen=True, slots=True)
class Claimed:
    """Its turn has come, or a new process continues it: what it lacked may exist by now."""


@dataclass(frozen=True, slots=True)
class Intended:
    """A request is about to be sent: committed first, so that nothing is sent without a record."""

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
    """An explicit answer that a request was not accepted: it may be sent again, or never."""

    slot: Slot
    nonce: str
    problem: Problem
    retry_after: float | None = None  #: seconds until it may be sent again; None: never


@dataclass(frozen=True, slots=True)
class NotSent:
    """A request was put off like every other would have been, or withdrawn before it was sent."""

    slot: Slot
    nonce: str
    withdrawn: bool = False  #: something came in between; then it waits for its turn again


@dataclass(frozen=True, slots=True)
class Overdue:
    """Nothing was heard about a step within its limit, and the history has nothing either."""

    slot: Slot
    gone: bool = False  #: its progress message was deleted, and the history has no result
    unread: bool = False  #: the account may not read the history: an answer may be there


@dataclass(frozen=True, slots=True)
class PictureStored:
    """The picture of a slot is in the image store, verified."""

    slot: Slot
    picture: Picture


@dataclass(frozen=True, slots=True)
class GivenUp:
    """The picture of a slot will not come: there is no button for it, or no usable file."""

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
    """A person no longer wants it."""


@dataclass(frozen=True, slots=True)
class Retried:
    """A person wants what is missing, without the risk of paying twice."""


@dataclass(frozen=True, slots=True)
class UpscaleWanted:
    """A person wants one upscale, whether it was wanted before or not."""

    slot: Slot


@dataclass(frozen=True, slots=True)
class Adopted:
    """A person says that a finished grid in the channel belongs to this generation."""

    heard: JobFinished


@dataclass(frozen=True, slots=True)
class Deleted:
    """A person wants its prompt deleted; its pictures already are."""


Request = Cancelled | Retried | UpscaleWanted | Adopted | Deleted
"""What people can ask of an existing generation; `domain.requests` says what it does."""

Event = (
    Matched
    | Claimed
    | Intended
    | Delivered
    | NotAccepted
    | NotSent
    | Overdue
    | PictureStored
    | GivenUp
    | StatusMessageSent
    | FinalNoticeSent
    | Request
)
"""Everything that `domain.transitions.apply` handles."""


def name_of(event: Event) -> str:
    """Return an event's name in the table of events."""
    return type(event.heard if isinstance(event, Matched) else event).__name__
