"""The last line of a final notice: what can be done with the pictures."""

from __future__ import annotations

from cogs.replies import Replies
from domain.generation import Generation, Origin, OriginKind, Status
from domain.reactions import CANCEL, REROLL
from domain.requests import child_objection
from domain.slots import UPSCALES, Slot


def next_steps(replies: Replies, generation: Generation, *, reactions: bool) -> list[str]:
    """Return one line of what can be done with a complete generation; of others, none.

    What went wrong with those says what to do.
    """
    if generation.status != Status.COMPLETED or generation.archived:
        return []
    code, words = generation.code, replies.sentences
    varied = next((slot for slot in UPSCALES if _may_vary(generation, slot)), None)
    possible = (
        (varied is not None, f"vary {code} {varied}", words.any_number),
        (_may_reroll(generation), f"reroll {code}", REROLL),
        (bool(generation.stored), f"show {code}", ""),
        (True, f"delete {code}", CANCEL),
    )
    commands = [
        f"`{replies.prefix}{usage}`{f' ({sign})' if sign and reactions else ''}"
        for can, usage, sign in possible
        if can
    ]
    told = words.what_next if reactions else words.what_next_by_reply
    return [replies.say(told, commands=", ".join(commands))]


def _may_vary(generation: Generation, slot: Slot) -> bool:
    origin = Origin(kind=OriginKind.VARIATION, parent_id=generation.id, index=slot.value)
    return child_objection(generation, origin) is None


def _may_reroll(generation: Generation) -> bool:
    origin = Origin(kind=OriginKind.REROLL, parent_id=generation.id)
    return child_objection(generation, origin) is None
