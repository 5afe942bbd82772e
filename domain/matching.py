"""Which step of which generation something heard belongs to, decided by ids alone.

The strongest kind of id that matches decides, and only if it matches a single step: nonce, message,
reply to the progress message, job, interaction, reply to the grid with the image's number. The text
of prompts is not considered here (`domain.text_matching` does, after a gap).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import assert_never

from domain.events import (
    Action,
    Heard,
    InteractionCreated,
    InteractionSucceeded,
    InteractionTroubled,
    JobFinished,
    JobMessage,
    JobProgress,
    JobStopped,
    JobWaiting,
    MessageDeleted,
    MidjourneyNotice,
)
from domain.generation import Generation, Step
from domain.refusals import RefusalClass, classify
from domain.slots import UPSCALES, Slot


@dataclass(frozen=True, slots=True)
class Match:
    """A step of a generation."""

    generation_id: str
    slot: Slot


def match(heard: Heard, generations: Sequence[Generation]) -> Match | None:
    """Return the single step that this belongs to, or None.

    `generations` are the active one and those that ended without their pictures not long ago, so
    that a late result finds its own row and not the next one's. Contradicting ids match nothing.
    """
    clues = _clues(heard)
    able = [each for each in generations if not (clues.film and _has_result(each))]
    for rung in _LADDER:
        found = [
            Match(generation.id, slot)
            for generation in able
            for slot in clues.slots
            if rung(clues, generation, slot)
        ]
        if found:
            certain = len(found) == 1 and clues.image in {None, found[0].slot}
            return found[0] if certain else None
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Clues:
    """The ids in something heard, or None; `image` is the n of `Image #n`."""

    slots: tuple[Slot, ...] = tuple(Slot)
    image: int | None = None
    film: bool = False
    notice: MidjourneyNotice | None = None
    message_id: int | None = None
    nonce: str | None = None
    reference_id: int | None = None
    interaction_id: int | None = None
    job_id: str | None = None


def _clues(heard: Heard) -> _Clues:
    match heard:
        case InteractionTroubled():
            return _Clues(nonce=heard.nonce)
        case InteractionCreated() | InteractionSucceeded():
            return _Clues(nonce=heard.nonce, interaction_id=heard.interaction_id)
        case MessageDeleted():
            return _Clues(message_id=heard.message_id)
        case MidjourneyNotice():
            return _Clues(
                notice=heard,
                message_id=heard.message_id,
                nonce=heard.nonce,
                reference_id=heard.reference_id,
                interaction_id=heard.interaction_id,
            )
        case JobWaiting() | JobProgress() | JobStopped() | JobFinished():
            return _Clues(
                slots=_possible_slots(heard),
                image=heard.index if heard.action == Action.UPSCALE else None,
                film=heard.action == Action.FILM,
                message_id=heard.message_id,
                nonce=heard.nonce,
                reference_id=heard.reference_id,
                interaction_id=heard.interaction_id,
                job_id=heard.job_id,
            )
        case _:
            assert_never(heard)


def _possible_slots(job: JobMessage) -> tuple[Slot, ...]:
    if job.action == Action.OTHER:
        return ()
    if isinstance(job, JobStopped):
        return tuple(Slot)  # its text no longer says what it was
    return UPSCALES if job.action == Action.UPSCALE else (Slot.GRID,)


def _has_result(generation: Generation) -> bool:
    """Whether its grid was made, so that a film is one that somebody makes of its pictures."""
    return generation.step(Slot.GRID).message_id is not None


def _same(clue: object, stored: object) -> bool:
    return clue is not None and clue == stored


def _same_nonce(clues: _Clues, generation: Generation, slot: Slot) -> bool:
    return _same(clues.nonce, generation.step(slot).nonce)


def _same_message(clues: _Clues, generation: Generation, slot: Slot) -> bool:
    step = generation.step(slot)
    return clues.message_id is not None and clues.message_id in {
        step.progress_message_id,
        step.message_id,
    }


def _replies_to_progress(clues: _Clues, generation: Generation, slot: Slot) -> bool:
    """Return whether it references our progress message, as a finished grid and a refusal do."""
    return _same(clues.reference_id, generation.step(slot).progress_message_id)


def _same_job(clues: _Clues, generation: Generation, slot: Slot) -> bool:
    """Compare the job's UUID: in the Cancel button, in previews' names, in result buttons."""
    return _same(clues.job_id, generation.step(slot).job_id)


def _same_interaction(clues: _Clues, generation: Generation, slot: Slot) -> bool:
    return _same(clues.interaction_id, generation.step(slot).interaction_id)


def _replies_to_grid(clues: _Clues, generation: Generation, slot: Slot) -> bool:
    """Return whether it is made from our grid: an upscale says which image it is, whoever pressed.

    Pressing a button twice gives the same image, so its job may differ from that of the waiting
    message that was seen.
    """
    if not _same(clues.reference_id, generation.step(Slot.GRID).message_id):
        return False
    if clues.notice is not None:
        return slot == _refused(clues.notice, generation)
    return clues.image == slot


def _refused(notice: MidjourneyNotice, generation: Generation) -> Slot | None:
    """Return the press that a refusal in reply to the grid is about; the refusal does not say.

    It is about a press without any answer, unless it answers a request that is not ours. A stop may
    also be about one that is already waiting. But anybody may press the buttons of our grid, and a
    problem of another account does not concern us: so a stop is ours only if it was shown to us
    alone, or if all current presses are ours. If it still is not clear which press it is about, the
    grid's step is returned: that changes nothing there, and stops the queue all the same.
    """
    if notice.nonce is not None:
        return None
    under_way = [slot for slot in UPSCALES if _may_answer(notice, generation.step(slot))]
    silent = [slot for slot in under_way if _is_silent(generation.step(slot))]
    if classify(notice).kind != RefusalClass.STOP:
        return _only(silent)
    own = [slot for slot in under_way if generation.step(slot).nonce is not None]
    if not (notice.private or (generation.active and own and own == under_way)):
        return None
    return _only([slot for slot in own if slot in silent]) or _only(own) or Slot.GRID


def _may_answer(notice: MidjourneyNotice, step: Step) -> bool:
    """Whether a press waits for its picture, and was there before the refusal."""
    waits = step.intended_at is not None and not step.settled and step.message_id is None
    of_this = notice.interaction_id in {None, step.interaction_id}
    return waits and notice.message_id > step.asked_after and of_this


def _is_silent(step: Step) -> bool:
    """Whether nothing was shown of the latest press; a message of an earlier one may be known."""
    earlier = (step.progress_message_id or 0) < (step.interaction_id or 1)
    return earlier or step.accepted_at is None  # or left by another


def _only(slots: Sequence[Slot]) -> Slot | None:
    return slots[0] if len(slots) == 1 else None


_LADDER: tuple[Callable[[_Clues, Generation, Slot], bool], ...] = (
    _same_nonce,
    _same_message,
    _replies_to_progress,
    _same_job,
    _same_interaction,
    _replies_to_grid,
)
