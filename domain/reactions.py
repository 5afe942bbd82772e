"""What a reaction to a message asks for."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from domain.generation import TERMINAL, Status
from domain.slots import UPSCALES

CANCEL, ADOPT, FAVOURITE, REROLL = "❌", "💾", "⭐", "🔁"
_REROLL_AS_MIDJOURNEYS_BUTTON = "🔄"
_NUMBERS = {f"{slot.value}\N{COMBINING ENCLOSING KEYCAP}": str(slot.value) for slot in UPSCALES}
_VARIATION_SELECTOR = "\N{VARIATION SELECTOR-16}"

COSTLY = frozenset({"reroll", "vary", "upscale"})
"""Which of the commands that reactions stand for cost something."""


class ReactedTo(Enum):
    """What kind of message was reacted to."""

    GRID = auto()  #: Midjourney's grid, of a generation
    UNHELD_GRID = auto()  #: Midjourney's grid, of none
    NOTICE = auto()  #: the final notice of a generation
    OTHER = auto()  #: any other message about one generation


@dataclass(frozen=True, slots=True)
class Asked:
    """The command that a reaction stands for, and what follows the generation's code."""

    topic: str
    number: str = ""


def sign(emoji: str) -> str:
    """Return an emoji as it is written here: some clients leave out a variation selector."""
    plain = emoji.replace(_VARIATION_SELECTOR, "")
    return REROLL if plain == _REROLL_AS_MIDJOURNEYS_BUTTON else plain


def means_something(emoji: str) -> bool:
    """Whether a reaction with this emoji may ask for something."""
    return sign(emoji) in {CANCEL, ADOPT, FAVOURITE, REROLL, *_NUMBERS}


def asked(emoji: str, place: ReactedTo, status: Status | None) -> Asked | None:
    """Return what a reaction asks for; `status` is the generation's, None where there is none."""
    which = sign(emoji)
    if status is None:
        adopts = which == ADOPT and place == ReactedTo.UNHELD_GRID
        return Asked("adopt") if adopts else None
    if which in _NUMBERS:
        topic = {ReactedTo.GRID: "upscale", ReactedTo.NOTICE: "vary"}.get(place)
        return None if topic is None else Asked(topic, _NUMBERS[which])
    if which == CANCEL:
        return Asked("delete" if status in TERMINAL else "cancel")
    topic = {REROLL: "reroll", FAVOURITE: "fav"}.get(which)
    return None if topic is None else Asked(topic)
