"""What Midjourney's refusals and notices mean, as a table.

Midjourney changes their wording now and then, so titles are compared without case and punctuation,
and may continue after a known beginning. `classify` always returns a row: what the table does not
know is judged by its colour and a few words, and Midjourney's own words are kept for people to
read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from domain.events import MidjourneyNotice


class RefusalClass(StrEnum):
    """What to do about it."""

    USER = "user"  #: the prompt's author must change something
    LATER = "later"  #: try again later; automatically only if nothing was accepted
    FULL = "full"  #: the same, but no request of anybody is accepted now
    WAIT = "wait"  #: accepted: keep waiting
    EXISTS = "exists"  #: it was asked for before: look for its result, which may be old
    UNKNOWN = "unknown"  #: this does not tell the outcome; look for the result
    STOP = "stop"  #: a problem with the account: stop the queue, tell the owners
    NOTICE = "notice"  #: the job goes on; a line in the log


class Accepted(StrEnum):
    """Whether the request that this answers was accepted, and so paid for."""

    NO = "no"
    YES = "yes"
    UNKNOWN = "unknown"


class Delivery(StrEnum):
    """How it arrives: for the sandbox and for readers; nothing depends on it."""

    ANSWER = "A"  #: a new message answering the interaction: nonce present, often ephemeral
    EDIT = "B"  #: an edit of the progress message: its id is known, no nonce
    REPLY = "C"  #: a new message that references the progress message or the grid, no nonce


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """One row: an embed's title begins with a `titles` entry, or plain text contains a phrase."""

    key: str
    kind: RefusalClass
    accepted: Accepted
    titles: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    delivery: tuple[Delivery, ...] = (Delivery.ANSWER,)


REFUSALS = (
    # The author must change something.
    Refusal(
        key="invalid_parameter",
        kind=RefusalClass.USER,
        accepted=Accepted.NO,
        titles=("Invalid parameter",),
    ),
    Refusal(
        key="invalid_prompt",
        kind=RefusalClass.USER,
        accepted=Accepted.NO,
        titles=("Invalid prompt", "Empty prompt"),
    ),
    Refusal(
        key="invalid_link",
        kind=RefusalClass.USER,
        accepted=Accepted.NO,
        titles=("Invalid link",),
        delivery=(Delivery.ANSWER, Delivery.REPLY),
    ),
    Refusal(
        key="banned_prompt",
        kind=RefusalClass.USER,
        accepted=Accepted.NO,
        titles=("Banned prompt", "Banned prompt detected", "Banned image prompt"),
    ),
    Refusal(
        # Moderation that is unsure, with an Appeal button, which is never pressed.
        key="action_needed",
        kind=RefusalClass.USER,
        accepted=Accepted.NO,
        titles=("Action needed to continue",),
    ),
    Refusal(
        key="filtered",
        kind=RefusalClass.USER,
        accepted=Accepted.YES,
        titles=(
            "Request cancelled due to image filters",
            "Request cancelled due to output filters",
        ),
        delivery=(Delivery.EDIT,),
    ),
    Refusal(
        key="duplicate_images",
        kind=RefusalClass.USER,
        accepted=Accepted.YES,
        titles=("Duplicate images detected",),
        delivery=(Delivery.EDIT,),
    ),
    # Midjourney can't do it at the moment.
    Refusal(
        key="job_queued",
        kind=RefusalClass.WAIT,
        accepted=Accepted.YES,
        titles=("Job queued",),
    ),
    Refusal(
        key="queue_full",
        kind=RefusalClass.FULL,
        accepted=Accepted.NO,
        titles=("Queue full",),
    ),
    Refusal(
        key="slow_down",
        kind=RefusalClass.FULL,
        accepted=Accepted.NO,
        titles=("Slow down",),
    ),
    Refusal(
        key="outage",
        kind=RefusalClass.LATER,
        accepted=Accepted.NO,
        phrases=(
            "Failed to process your command",
            "There was an error processing your request",
        ),
    ),
    Refusal(
        # The bot failed somewhere, perhaps after accepting the request.
        key="internal_error",
        kind=RefusalClass.LATER,
        accepted=Accepted.UNKNOWN,
        titles=("Internal error", "Bad response"),
        phrases=("Internal error", "Bad response"),
    ),
    Refusal(
        key="not_completed",
        kind=RefusalClass.LATER,
        accepted=Accepted.YES,
        titles=("Sorry! Could not complete the job",),
        delivery=(Delivery.EDIT, Delivery.REPLY),
    ),
    # The press of a button that was probably pressed before: its result may exist.
    Refusal(
        key="action_restricted",
        kind=RefusalClass.EXISTS,
        accepted=Accepted.UNKNOWN,
        titles=("Job action restricted",),
    ),
    Refusal(
        key="already_upscaled",
        kind=RefusalClass.EXISTS,
        accepted=Accepted.UNKNOWN,
        titles=("You can request another upscale for this image",),
        phrases=("You can request another upscale for this image",),
    ),
    Refusal(
        key="invalid_request",
        kind=RefusalClass.UNKNOWN,
        accepted=Accepted.NO,
        titles=("Invalid request",),
    ),
    # The account.
    Refusal(
        key="credits_exhausted",
        kind=RefusalClass.STOP,
        accepted=Accepted.NO,
        titles=("Credits exhausted",),
    ),
    Refusal(
        key="no_subscription",
        kind=RefusalClass.STOP,
        accepted=Accepted.NO,
        titles=("Subscription required", "Subscription paused", "Plan cancelled"),
    ),
    Refusal(
        key="moderator_message",
        kind=RefusalClass.STOP,
        accepted=Accepted.NO,
        titles=("Pending mod message",),
    ),
    Refusal(
        key="blocked",
        kind=RefusalClass.STOP,
        accepted=Accepted.NO,
        titles=("Blocked",),
    ),
    Refusal(
        key="terms",
        kind=RefusalClass.STOP,
        accepted=Accepted.NO,
        titles=("ToS not accepted",),
    ),
    Refusal(
        # Whether the job starts once a person has answered is not known.
        key="human_check",
        kind=RefusalClass.STOP,
        accepted=Accepted.UNKNOWN,
        titles=("Action required to continue", "Please complete the task"),
        phrases=("Please complete the task",),
    ),
)
"""Every refusal and notice that is known."""

UNKNOWN_REFUSAL = Refusal(
    key="unknown_failure",
    kind=RefusalClass.UNKNOWN,
    accepted=Accepted.UNKNOWN,
    delivery=tuple(Delivery),
)
"""Not in the table, but it sounds like a failure: keep its whole text."""

UNKNOWN_NOTICE = Refusal(
    key="unknown_notice",
    kind=RefusalClass.NOTICE,
    accepted=Accepted.UNKNOWN,
    delivery=tuple(Delivery),
)
"""Not in the table, and it does not sound like a failure."""

_RED = 16711680
_WARNINGS = frozenset({16776960, 16239475, 15844367})  # yellow, amber, gold
_ALARM = re.compile(r"\b(invalid|error|denied)")
_CAPTCHA = "MJ::Captcha"
_NOT_WORDS = re.compile(r"[\W_]+")


def classify(notice: MidjourneyNotice) -> Refusal:
    """Return what a notice means: the longest known title or phrase decides."""
    if asks_for_a_human(notice.buttons):
        return _HUMAN_CHECK
    found = [
        (len(pattern), row)
        for row in REFUSALS
        for pattern in _matching(row, _words(notice.title), _words(notice.text))
    ]
    return max(found, key=lambda pair: pair[0])[1] if found else _by_sound(notice)


def stops_us(notice: MidjourneyNotice) -> bool:
    """Whether it is a stop shown only to our account: then it is ours, whatever it is about."""
    return notice.private and classify(notice).kind == RefusalClass.STOP


def asks_for_a_human(custom_ids: Iterable[str]) -> bool:
    """Whether one of these buttons belongs to a check for humans."""
    return any(custom_id.startswith(_CAPTCHA) for custom_id in custom_ids)


def _matching(row: Refusal, title: str, text: str) -> list[str]:
    """Return the row's patterns that fit. Whole words; a description decides only without title."""
    begun = [t for t in row.titles if f"{title} ".startswith(f"{_words(t)} ")]
    said = [p for p in row.phrases if not title and f" {_words(p)} " in f" {text} "]
    return begun + said


def _by_sound(notice: MidjourneyNotice) -> Refusal:
    if notice.colour in _WARNINGS:
        return UNKNOWN_NOTICE
    alarming = _ALARM.search((notice.title or notice.text).casefold())
    return UNKNOWN_REFUSAL if alarming or notice.colour == _RED else UNKNOWN_NOTICE


def _words(text: str) -> str:
    """Return a text in lower case without punctuation: `Sorry! Could …` is `sorry could …`."""
    return _NOT_WORDS.sub(" ", text.casefold()).strip()


_HUMAN_CHECK = next(row for row in REFUSALS if row.key == "human_check")
