"""What a check has found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Health(StrEnum):
    """How it is; only what is `WRONG` keeps the bot from its work."""

    GOOD = "good"
    DOUBTFUL = "doubtful"
    WRONG = "wrong"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: how it is, and if it isn't good, what to do about it."""

    what: str
    health: Health
    words: str


def good(what: str, words: str) -> Finding:
    """Return that it is as it should be; `words` say what was seen."""
    return Finding(what, Health.GOOD, words)


def doubtful(what: str, words: str) -> Finding:
    """Return that the bot works, but somebody should know this."""
    return Finding(what, Health.DOUBTFUL, words)


def wrong(what: str, words: str) -> Finding:
    """Return that the bot can't work; `words` say why, and what to do."""
    return Finding(what, Health.WRONG, words)


def skipped(what: str, words: str) -> Finding:
    """Return that it could not be looked at; `words` say what comes before it."""
    return Finding(what, Health.SKIPPED, words)
