"""The grammar of the text of Midjourney's job messages.

    [prefix] **prompt** - [what] <@user> [link] [(status)] [(mode)]
    [small print: lines of their own, which begin with `-# ` and may say anything]

The prompt is whatever people typed: it may hold asterisks, brackets, percents and mentions, even
imitations of this grammar. So the text is read from its end: only what stands behind the last
`** - ` is grammar, and only what stands before the first `**` is a prefix. The small print is cut
off before; a prompt's line breaks become spaces, so that no prompt can pass for it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto

from domain.events import Action
from domain.slots import UPSCALE_NUMBERS

UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
"""Midjourney's job ids."""


class State(Enum):
    """How far the text says that the job is."""

    WAITING = auto()
    RUNNING = auto()
    STOPPED = auto()
    ENDED = auto()  #: no word about it: finished, when the result buttons are there too


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What the text of a job message tells; `percent` only while running."""

    prompt: str
    action: Action
    index: int | None
    mentioned_id: int
    state: State
    percent: int
    job_id: str | None  #: from the link to the website


_OPEN, _CLOSE = "**", "** - "

_SMALL_PRINT = re.compile(r"(?:\n-# [^\n]*)+\Z")
# Ids and percents have few digits: `int` refuses thousands of them.
_TAIL = re.compile(r"(?P<what>[^<\n]*)<@!?(?P<user>[0-9]{1,20})>(?P<rest>[^\n]*)")
_BRACKETS = re.compile(r"\(([^()]*)\)")
_PERCENT = re.compile(r"([0-9]{1,3})%")

_IMAGE = f"image #({'|'.join(map(str, UPSCALE_NUMBERS))})"
_PREFIXES = (
    (re.compile(f"upscaling {_IMAGE} with", re.IGNORECASE), Action.UPSCALE),
    (
        re.compile(f"making variations for {_IMAGE} with prompt", re.IGNORECASE),
        Action.VARIATION,
    ),
)
_WHATS = (
    (re.compile(_IMAGE, re.IGNORECASE), Action.UPSCALE),
    (re.compile(r"variations( \([^()]*\))? by", re.IGNORECASE), Action.VARIATION),
    (re.compile(r"remix( \([^()]*\))? by", re.IGNORECASE), Action.REMIX),
)


def read(content: str) -> Line | None:
    """Read the text of a job message; None for every other text. Never raises.

    Should a prompt have kept its line breaks, what looks like small print may be its end.
    """
    return _read(_SMALL_PRINT.sub("", content)) or _read(content)


def _read(content: str) -> Line | None:
    first, last = content.find(_OPEN), content.rfind(_CLOSE)
    tail = _TAIL.match(content, last + len(_CLOSE)) if first + len(_OPEN) <= last else None
    if tail is None:
        return None
    action, index = _action(content[:first].strip(), tail["what"].strip())
    state, percent = _state(tail["rest"])
    return Line(
        prompt=content[first + len(_OPEN) : last],
        action=action,
        index=index,
        mentioned_id=int(tail["user"]),
        state=state,
        percent=percent,
        job_id=last_uuid(tail["rest"]),
    )


def last_uuid(text: str) -> str | None:
    """Return the last job id in a text; of several, the last is not the prompt's own."""
    found = UUID.findall(text)
    return found[-1].lower() if found else None


def _action(prefix: str, what: str) -> tuple[Action, int | None]:
    """Tell the job's kind and its image number. A new grid is the one that says nothing."""
    if not prefix and not what:
        return Action.IMAGINE, None
    text, table = (prefix, _PREFIXES) if prefix else (what, _WHATS)
    for pattern, action in table:
        if found := pattern.fullmatch(text):
            number = found[1]
            return action, int(number) if number and number.isdecimal() else None
    return Action.OTHER, None


def _state(rest: str) -> tuple[State, int]:
    """Read the brackets behind the mention, like `(31%) (relaxed, stealth)` or `(paused)`."""
    words = {word.strip().lower() for group in _BRACKETS.findall(rest) for word in group.split(",")}
    percents = [found for word in words if (found := _PERCENT.fullmatch(word))]
    if "stopped" in words:
        return State.STOPPED, 0
    if percents:
        return State.RUNNING, int(percents[0][1])
    if words & {"waiting to start", "paused"}:
        return State.WAITING, 0
    return State.ENDED, 0
