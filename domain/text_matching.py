"""Which generation a grid belongs to if its ids were missed: by its prompt, only after a gap.

Prompts repeat, so this decides nothing that ids can decide, nothing about upscales, and nothing
ambiguous: neither two generations for a job nor two jobs for a generation. Then a person decides.
`domain.prompt_echo` says which prompts are the same. Whatever may be the same counts as a rival, so
that the more Midjourney may have rewritten, the more often a person is asked.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from domain.events import Action, Heard, JobFinished, JobProgress, JobStopped, JobWaiting
from domain.generation import Generation, OriginKind, ProblemKind, Step
from domain.matching import Match, match
from domain.prompt_echo import begins_like, resembles
from domain.prompt_flags import asks_for_film
from domain.slots import Slot
from domain.snowflakes import created_at

CLOCK_TOLERANCE = timedelta(minutes=2)
"""How far our clock (of the request) may be ahead of Discord's clock (of the messages)."""
EARLY = timedelta(seconds=10)
"""How long after a request was accepted its first message may be missing, so that another job with
the same prompt would seem to be the only one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryGap:
    """What reading the channel's history found.

    `heard` is what no id gave to a generation. `finished` are the messages of all finished jobs:
    what references one was started by a button. `gone` are progress messages known to be deleted:
    while one exists, its job is not finished, and a finished grid with the same prompt belongs to
    another. `first_heard` has the time, by our own clock, of messages and jobs that nothing was
    waiting for when they were heard: what was heard before a request is not its answer. `sending`
    are generations whose request for the grid is on its way to Discord, so that nobody can have
    answered it yet. `parents` are the messages with the button that started a generation, by its
    id, where they are known.
    """

    account_id: int
    at: datetime  #: from when on it was read
    heard: Sequence[Heard]
    finished: Container[object] = frozenset[object]()
    gone: frozenset[int] = frozenset()
    foreign: frozenset[int | str] = frozenset()  #: messages and jobs known to belong to others
    ruled_out: Mapping[str, frozenset[int | str]] = field(
        default_factory=dict[str, frozenset[int | str]]
    )  #: by the id of a generation, messages and jobs that are not its, as their ids say
    first_heard: Mapping[int | str, datetime] = field(default_factory=dict[int | str, datetime])
    sending: frozenset[str] = frozenset()
    parents: Mapping[str, int | None] = field(default_factory=dict[str, int | None])


def match_by_text(heard: Heard, generations: Sequence[Generation], gap: HistoryGap) -> Match | None:
    """Return the grid step of the only generation that this can belong to, or None.

    `generations` are the same as for `domain.matching.match`, which must be asked first.
    """
    if not isinstance(heard, Job) or match(heard, generations) is not None:
        return None
    awaiting = [generation for generation in generations if _may_answer(heard, generation, gap)]
    able = [generation for generation in awaiting if _may_repeat(heard, generation)]
    if len(able) != 1 or _may_be_unanswered(able[0], gap):
        return None
    if len(awaiting) > 1 and not resembles(able[0], heard.prompt):
        return None
    rivals = (
        other
        for other in gap.heard
        if isinstance(other, Job)
        and not _same_job(other, heard)
        and _may_be(other, able[0], gap)
        and match(other, generations) is None
    )
    return None if any(rivals) else Match(able[0].id, Slot.GRID)


def without_implausible(gap: HistoryGap, generations: Sequence[Generation]) -> HistoryGap:
    """Return the gap with only those jobs that text can give to one of these generations.

    What becomes known later of the generations only makes them fewer.
    """
    plausible = tuple(
        one
        for one in gap.heard
        if isinstance(one, Job) and any(_may_be(one, row, gap) for row in generations)
    )
    return replace(gap, heard=plausible)


def may_be_needed(heard: Heard, generations: Sequence[Generation], account_id: int) -> bool:
    """Whether the text may decide about what no id has given to a generation, at the end of a gap.

    A job is only needed if it is the account's own, repeats the prompt of a grid that is missing,
    and came after it.
    """
    if not isinstance(heard, Job):
        return True
    return heard.mentioned_id == account_id and any(
        step.intended_at is not None
        and step.message_id is None
        and created_at(heard.message_id) >= step.intended_at - CLOCK_TOLERANCE
        and _may_repeat(heard, generation)
        for generation in generations
        for step in [generation.step(Slot.GRID)]
    )


def is_ruled_out(job: Job, generation: Generation) -> bool:
    """Whether the ids of a job say that it does not make the generation's missing grid.

    The finished message may lack the ids that its progress message had, and the prompt may fit.
    """
    missing = generation.step(Slot.GRID).message_id is None
    return missing and (_contradicts(job, generation) or _begins_another(job, generation))


def may_be_grid_of(generation: Generation, grid: JobFinished, account_id: int) -> bool:
    """Whether a generation waits for a grid that this one may be: its ids do not rule that out."""
    return may_be_needed(grid, [generation], account_id) and not is_ruled_out(grid, generation)


Job = JobWaiting | JobProgress | JobStopped | JobFinished

_ACTIONS = {
    OriginKind.IMAGINE: frozenset({Action.IMAGINE}),
    # Rerolling a variation makes variations.
    OriginKind.REROLL: frozenset({Action.IMAGINE, Action.VARIATION}),
    OriginKind.VARIATION: frozenset({Action.VARIATION, Action.REMIX}),
    OriginKind.ADOPTED: frozenset[Action](),
}


def _may_be(job: Job, generation: Generation, gap: HistoryGap) -> bool:
    return _may_answer(job, generation, gap) and _may_repeat(job, generation)


def _may_repeat(job: Job, generation: Generation) -> bool:
    """Whether its prompt can be the generation's, perhaps a personalised one in other words.

    The result of such a one has no ids but its job's; it is only taken if nothing else is awaited.
    """
    unnamed = job.reference_id is None and job.interaction_id is None and job.nonce is None
    return resembles(generation, job.prompt) or (
        isinstance(job, JobFinished) and unnamed and begins_like(generation, job.prompt)
    )


def _may_answer(job: Job, generation: Generation, gap: HistoryGap) -> bool:
    """Whether everything but the prompt allows that it is the generation's."""
    return (
        job.mentioned_id == gap.account_id
        and not _is_anothers({job.message_id, job.job_id}, generation, gap)
        and (job.action in _ACTIONS[generation.origin.kind] or _is_film_of(generation, job))
        and _may_reference(job, generation, gap)
        and _awaits(generation.step(Slot.GRID))
        and _later(job, generation, gap)
        and not _contradicts(job, generation)
        and _begins_or_ends(job, generation, gap)
    )


def _is_anothers(ids: set[int | str | None], generation: Generation, gap: HistoryGap) -> bool:
    """Whether one of these is known not to be the generation's."""
    ruled_out = gap.ruled_out.get(generation.id, frozenset[int | str]())
    return not (gap.foreign.isdisjoint(ids) and ruled_out.isdisjoint(ids))


def _is_film_of(generation: Generation, job: Job) -> bool:
    """Whether it is a film, and asked for as one; there are films of all pictures."""
    wanted = generation.origin.kind == OriginKind.IMAGINE and asks_for_film(generation.prompt)
    return wanted and job.action == Action.FILM


def _may_reference(job: Job, generation: Generation, gap: HistoryGap) -> bool:
    """Whether it references the grid whose button was pressed; other jobs reference no grid."""
    if generation.origin.by_button and generation.id in gap.parents:
        return job.reference_id in {None, gap.parents[generation.id]}
    strange = _is_anothers({job.reference_id}, generation, gap)
    return not strange and (generation.origin.by_button or job.reference_id not in gap.finished)


def _may_be_unanswered(generation: Generation, gap: HistoryGap) -> bool:
    """Whether its first message may have come too late to be in this history."""
    step = generation.step(Slot.GRID)
    sent = step.delivered_at or step.intended_at
    return generation.id in gap.sending or (sent is not None and sent + EARLY > gap.at)


def _awaits(step: Step) -> bool:
    """Whether the grid was requested, is missing, and may still come."""
    never = step.problem is not None and step.problem.kind in {
        ProblemKind.REFUSED,
        ProblemKind.NOT_SENT,
        ProblemKind.FILM,
    }
    return step.intended_at is not None and step.message_id is None and not never


def _later(job: Job, generation: Generation, gap: HistoryGap) -> bool:
    """Whether the job began after the command, the request, and Discord's acceptance."""
    step = generation.step(Slot.GRID)
    asked = step.intended_at
    referenced = None if generation.origin.by_button else job.reference_id
    first = min(job.message_id, referenced or job.message_id)
    ids = (job.message_id, referenced or job.message_id, job.job_id or job.message_id)
    return (
        asked is not None
        and first > max(generation.command_message_id, step.interaction_id or 0)
        and created_at(first) >= asked - CLOCK_TOLERANCE
        and all(gap.first_heard.get(one, asked) >= asked for one in ids)
    )


def _contradicts(job: Job, generation: Generation) -> bool:
    step = generation.step(Slot.GRID)
    pairs = (
        (job.nonce, step.nonce),
        (job.interaction_id, step.interaction_id),
        (job.job_id, step.job_id),
        (job.index, generation.origin.index),
    )
    return any(None not in pair and pair[0] != pair[1] for pair in pairs)


def _begins_another(job: Job, generation: Generation) -> bool:
    """Whether it is a progress message, and the generation's own is another one."""
    known = generation.step(Slot.GRID).progress_message_id
    return not isinstance(job, JobFinished) and known not in {None, job.message_id}


def _begins_or_ends(job: Job, generation: Generation, gap: HistoryGap) -> bool:
    """Whether the message can be the missing progress message or result."""
    known = generation.step(Slot.GRID).progress_message_id
    by_button = generation.origin.by_button
    if known is None:
        # Only a button's progress message references something; that of `/imagine` does not.
        return by_button or isinstance(job, JobFinished) or job.reference_id is None
    ended = isinstance(job, JobFinished) and known in gap.gone
    return ended and (by_button or job.reference_id is None)


def _same_job(one: Job, other: Job) -> bool:
    if one.job_id is not None and other.job_id is not None:
        return one.job_id == other.job_id
    return one.message_id in {other.message_id, other.reference_id} or (
        one.reference_id == other.message_id
    )
