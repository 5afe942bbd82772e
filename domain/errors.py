"""What can go wrong, told apart by what may be done about it.

AtelierError
├── Transient                 the same call may succeed later
│   ├── StoreUnavailable      the database or the image store does not answer
│   ├── ChannelUnavailable    the channel is not there for this account at the moment
│   └── DownloadFailed        the picture's host does not answer, or answers later
└── Permanent                 the same call will fail again
    ├── NotAPicture           what the link holds cannot be stored as a picture
    ├── LinkExpired           the link is dead; a fresh one is on the refetched message
    ├── ForbiddenLink         the link leads where pictures are not fetched from
    ├── StaleFence            another process holds the lease now
    ├── LeaseHeld             another process holds the lease
    ├── WrongSchema           the database fits another version of the code
    ├── StoreRefused          the database or the image store will not do it
    ├── AlreadyAttached       the bot has its services already
    ├── GatewayLoop           Discord's gateway hangs up again and again
    ├── RowGone               a generation was deleted by hand while it was at work
    ├── OverQuota             one more would be too many, of all or of this person
    └── BadPrompt             a prompt that is not sent; the reason is data for the reply
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class AtelierError(Exception):
    """Base of every error of this project."""


class Transient(AtelierError):
    """The same call may succeed later."""


class Permanent(AtelierError):
    """The same call will fail again."""


class StoreUnavailable(Transient):
    """The database or the image store does not answer."""


class ChannelUnavailable(Transient):
    """The channel is not there for this account: a server's outage, or a wrong id."""


class DownloadFailed(Transient):
    """The picture's host does not answer, or not with the whole picture."""


class NotAPicture(Permanent):
    """What the link holds cannot be stored as a picture: wrong type, too big, broken."""


class LinkExpired(Permanent):
    """The link is dead; the refetched message carries a fresh one."""


class ForbiddenLink(Permanent):
    """The link leads where pictures are not fetched from."""


class StaleFence(Permanent):
    """Another process holds the lease now: this one must not write any more."""


class LeaseHeld(Permanent):
    """Another process holds the lease."""


class WrongSchema(Permanent):
    """The database was made by newer code, or was not yet brought up to date."""


class StoreRefused(Permanent):
    """The database or the image store answers, but will not do it: a wrong key, a missing grant."""


class AlreadyAttached(Permanent):
    """The bot has its services already: they are attached once in its life."""


class RowGone(Permanent):
    """A generation was deleted by hand while it was at work; the next start goes on without it."""


class GatewayLoop(Permanent):
    """Discord's gateway hangs up again and again: going on would cost the token."""


class PromptFault(StrEnum):
    """Why a prompt is not sent."""

    EMPTY = "empty"  #: nothing, or nothing but parameters
    TOO_LONG = "too_long"
    MENTION = "mention"  #: would call people
    MULTIPLIES = "multiplies"  #: `--repeat`, or a permutation `{a, b}`: several jobs at once
    LINK = "link"
    TURBO = "turbo"  #: costs double
    VIDEO = "video"  #: is no picture, and costs many times as much
    PARAMETER = "parameter"  #: a known parameter with a value that Midjourney does not know
    VALUE = "value"  #: one that takes no value, with something behind it
    NO_VALUE = "no_value"  #: one that takes any value, with nothing behind it


@dataclass
class BadPrompt(Permanent):
    """A prompt that is not sent; `length` and `limit` are characters.

    `found` is the piece of the prompt that is at fault; of a parameter, `name` and `value` are its
    two parts (`--s`, `5000`). With `PromptFault.PARAMETER`, `allowed` tells in no language what
    would do (`0-1000`), and `nearest` is the number that would do.
    """

    fault: PromptFault
    length: int = 0
    limit: int = 0
    found: str = ""
    name: str = ""
    value: str = ""
    allowed: str = ""
    nearest: str = ""


class QuotaKind(StrEnum):
    """Which limit is reached."""

    QUEUE = "queue"  #: of all that waits
    WAITING = "waiting"  #: of what waits for one person
    DAILY = "daily"  #: of one person in 24 hours
    COOLDOWN = "cooldown"  #: between two commands of one person
    REFUSALS = "refusals"  #: of prompts that Midjourney refused, of one person, in a short time


@dataclass
class OverQuota(Permanent):
    """One more would be too many: more than `limit`, or before `wait` seconds have passed."""

    kind: QuotaKind
    limit: int = 0
    wait: float = 0.0
