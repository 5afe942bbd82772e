"""What can go wrong, by what can be done about it.

AtelierError
├── Transient                 the same call may succeed later
│   ├── StoreUnavailable      the database or the image store does not answer
│   ├── ChannelUnavailable    the account cannot see the channel at the moment
│   │   └── HistoryUnavailable      its history cannot be read
│   │       └── HistoryForbidden    the account lacks the permission
│   ├── DownloadFailed        the picture's host does not answer, or answers later
│   └── NotTranscoded         too little memory or time to make a PNG of it
└── Permanent                 the same call will fail again
    ├── NotAPicture           the file cannot be stored as a picture
    │   └── TooManyPixels     it is one, but too large
    ├── LinkExpired           the link is dead; a fresh one is on the refetched message
    ├── ForbiddenLink         the link is not on a host that pictures come from
    ├── StaleFence            another process holds the lease now
    ├── LeaseHeld             another process holds the lease
    ├── WrongSchema           the database belongs to another version of the code
    ├── StoreRefused          the database or the image store refuses
    │   ├── KeyRefused        whatever is asked with that key
    │   └── FileTooLarge      a file of that size
    ├── AlreadyAttached       the bot has its services already
    ├── GatewayLoop           Discord's gateway keeps closing the connection
    ├── GridTaken             the grid belongs to another generation
    ├── PicturesGone          the pictures of a generation are deleted, or about to be
    ├── RowGone               a generation was deleted by hand while it was at work
    ├── OverQuota             one more would exceed a limit, in total or per person
    └── BadPrompt             a prompt that is not sent; the reason is data for the reply
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from domain.generation import Generation
from domain.parameters import Price


class AtelierError(Exception):
    """Base of every error of this project."""


class Transient(AtelierError):
    """The same call may succeed later."""


class Permanent(AtelierError):
    """The same call will fail again."""


class StoreUnavailable(Transient):
    """The database or the image store does not answer."""


class ChannelUnavailable(Transient):
    """The account cannot see the channel: an outage of the server, or a wrong id."""


class HistoryUnavailable(ChannelUnavailable):
    """The channel's history cannot be read now."""


class HistoryForbidden(HistoryUnavailable):
    """The account may not read the channel's history, until a person gives it the permission."""


class DownloadFailed(Transient):
    """The picture's host does not answer, or not with the whole picture."""


class NotTranscoded(Transient):
    """A PNG could not be made of a picture, for want of memory or time; its bytes may be good."""


class NotAPicture(Permanent):
    """The file behind the link cannot be stored as a picture: wrong type, too big, broken."""


class TooManyPixels(NotAPicture):
    """The picture is larger than those that are kept."""


class LinkExpired(Permanent):
    """The link has expired; reading the message again gives a fresh one."""


class ForbiddenLink(Permanent):
    """The link is not on a host that pictures are downloaded from."""


class StaleFence(Permanent):
    """Another process holds the lease now, so this one must not write any more."""


class LeaseHeld(Permanent):
    """Another process holds the lease."""


class WrongSchema(Permanent):
    """The database was created by newer code, or lacks a migration."""


class StoreRefused(Permanent):
    """The database or the image store refuses: a wrong key, a missing grant."""


class KeyRefused(StoreRefused):
    """The project's key is not accepted, or not the right one: every other call would fail, too."""


class FileTooLarge(StoreRefused):
    """The image store takes no file of that size."""


class AlreadyAttached(Permanent):
    """The bot already has its services: they can be attached only once."""


class RowGone(Permanent):
    """A generation was deleted by hand while it was at work; the next start leaves it out."""


class PicturesGone(Permanent):
    """There is nothing to keep: the pictures of the generation are deleted, or about to be."""


@dataclass
class GridTaken(Permanent):
    """The grid belongs to `holder`, another generation: nothing was changed."""

    holder: Generation


class GatewayLoop(Permanent):
    """Discord's gateway keeps closing the connection: trying on would cost the token."""


class PromptFault(StrEnum):
    """Why a prompt is refused."""

    EMPTY = "empty"  #: nothing but parameters, or nothing at all
    TOO_LONG = "too_long"
    MENTION = "mention"  #: would call people
    MULTIPLIES = "multiplies"  #: `--repeat`, or a permutation `{a, b}`: several jobs at once
    LINK = "link"
    COSTLY = "costly"  #: costs more than an ordinary grid
    PARAMETER = "parameter"  #: a known parameter with a value that Midjourney does not accept
    VALUE = "value"  #: a parameter without values, followed by one
    NO_VALUE = "no_value"  #: a parameter that needs a value, without one
    MISSPELT = "misspelt"  #: what was meant as a parameter, but is not read as one: `--ar16:9`
    MODEL = "model"  #: a parameter that the model of the prompt does not take
    NEEDS = "needs"  #: a parameter without the one that it belongs to
    EXCLUDES = "excludes"  #: two parameters that exclude each other
    SHAPE = "shape"  #: a picture that is too long for another parameter


@dataclass
class BadPrompt(Permanent):
    """A prompt that is refused; `length` and `limit` are characters.

    `found` is the part of the prompt that is wrong; for a parameter, `name` and `value` are its two
    parts (`--s`, `5000`). With `PromptFault.PARAMETER`, `allowed` says which values are accepted,
    in a form for all languages (`0-1000`), and `nearest` is the closest or the cheapest of them.
    `other` is what `found` does not go together with, or lacks. With `PromptFault.COSTLY`, `price`
    says how much it costs.
    """

    fault: PromptFault
    length: int = 0
    limit: int = 0
    found: str = ""
    name: str = ""
    value: str = ""
    allowed: str = ""
    nearest: str = ""
    other: str = ""
    price: Price | None = None


class QuotaKind(StrEnum):
    """Which limit was reached."""

    QUEUE = "queue"  #: of all that waits
    WAITING = "waiting"  #: of what waits for one person
    DAILY = "daily"  #: of one person in 24 hours
    COOLDOWN = "cooldown"  #: between two commands of one person
    REFUSALS = "refusals"  #: a person's prompts that Midjourney refused in a short time


@dataclass
class OverQuota(Permanent):
    """One more would exceed `limit`, or comes before `wait` seconds have passed."""

    kind: QuotaKind
    limit: int = 0
    wait: float = 0.0
