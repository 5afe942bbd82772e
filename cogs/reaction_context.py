"""How an answer names the reaction that it is for, so that it is found again after a restart."""

from __future__ import annotations

import re
from collections.abc import Iterator

from discord.ext import commands

from domain.generation import Generation
from domain.reactions import sign
from domain.snowflakes import reaction_key

_OPENING = re.compile(r"(\S+) <@([0-9]{1,20})> · ")


class ReactionContext(commands.Context[commands.Bot]):
    """The context of a command that a reaction stands for.

    Its message replies to the one reacted to, and has the reaction's key as its id.
    """

    opening = ""  #: what an answer begins with
    about: Generation | None = None  #: the generation of that message, as it was then
    may_be_early = False  #: whether it may have come before anything was held that it is about


def opening(emoji: str, person_id: int) -> str:
    """Return what an answer to a reaction begins with; it pings nobody."""
    return f"{emoji} <@{person_id}> · "


def answered(text: str, replied_to: int) -> Iterator[int]:
    """Yield the key of the reaction that an answer is for, if it is for one."""
    found = _OPENING.match(text)
    if found is not None:
        yield reaction_key(replied_to, int(found[2]), sign(found[1]))
