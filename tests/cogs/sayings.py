"""What is said beyond a short conversation, each sentence with facts that might be."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

from cogs.generation_replies import GenerationReplies
from cogs.replies import Replies
from domain.errors import BadPrompt, OverQuota, PromptFault, QuotaKind
from domain.generation import Generation, Problem, ProblemKind, Slot, Status
from domain.pause import Pause
from domain.reasons import Reason
from domain.requests import Objection
from services.generation.service import QueuePlace
from tests.builders import NOW, generation, picture

LATER = NOW + timedelta(seconds=41)
MADE = generation(code="k7m2qx", prompt="a cat")
OWNER = 7


def with_grid(made: Generation) -> Generation:
    """Return a generation whose grid is stored."""
    step = replace(made.step(Slot.GRID), picture=picture(made.id))
    return made.with_step(Slot.GRID, step)


def stages(words: Replies) -> Iterator[str]:
    """Say where a generation stands, and what came of it."""
    of_one = GenerationReplies(words)
    for status in Status:
        yield of_one.status(with_grid(replace(MADE, status=status)), None, LATER)
    links = {slot: f"http://pictures/{slot.title}.png" for slot in Slot}
    yield of_one.notice(replace(MADE, status=Status.COMPLETED, completed_at=LATER), links, LATER)
    gone = replace(MADE, prompt="", archived_at=NOW)
    yield of_one.status(gone, None, LATER)
    yield of_one.pictures(gone, {}, LATER)
    yield of_one.listed(gone, OWNER)


def problems(words: Replies) -> Iterator[str]:
    """Say why something is not there."""
    of_one = GenerationReplies(words)
    for kind in ProblemKind:
        problem = Problem(kind, "some words")
        for made in (MADE, with_grid(MADE)):
            yield of_one.problem(replace(made, status=Status.FAILED, problem=problem))
    yield of_one.problem(replace(MADE, problem=Problem(ProblemKind.REFUSED)))
    doubtful = Problem(ProblemKind.NO_ANSWER)
    yield of_one.problem(replace(MADE, status=Status.NEEDS_ATTENTION, problem=doubtful))
    for reason in (*Reason, "upscale_2: dead_link", "looking_up: HTTP 404"):
        yield words.reason(reason)


def objections(words: Replies) -> Iterator[str]:
    """Say why something is not done."""
    for objection in Objection:
        status = Status.COMPLETED if objection == Objection.ENDED else Status.SUBMITTED
        yield words.objection(objection, replace(MADE, status=status), picture="U2")
    facts = BadPrompt(PromptFault.PARAMETER, found="--x 9", name="--x", allowed="1-5", nearest="5")
    yield words.bad_prompt(facts)
    for fault in PromptFault:
        yield words.bad_prompt(replace(facts, fault=fault, length=1812, limit=1500, nearest=""))
    for kind in QuotaKind:
        yield words.over_quota(OverQuota(kind, limit=3, wait=90))


def stops(words: Replies) -> Iterator[str]:
    """Say what stops everything, and what was missed."""
    for why in ("Blocked: see a person", Reason.CAPTCHA, Reason.SILENCE):
        yield words.stopped(Pause(words=why, since=NOW), [OWNER])
    for place in (0, 2):
        yield words.accepted(QueuePlace(MADE, place, new=True, pause=Pause(words="", since=NOW)))
    for count in (1, 3):
        yield words.offline(NOW, LATER, count)


def others(words: Replies) -> Iterator[str]:
    """Say what is said by the cogs themselves."""
    said = words.sentences
    for sentence in (
        *(said.starting, said.retrying, said.fetching, said.adopting),
        *(said.cancelled, said.cancelled_running, said.grid_taken, said.not_a_grid),
        *(said.queue_more, said.history_empty, said.unexpected),
        *(said.database_away, said.no_database, said.no_history, said.cannot_look),
        *(said.saving_delayed, said.unanswered, said.reconnecting),
        *(said.lacking, said.slow_mode),
    ):
        yield words.say(
            sentence,
            MADE,
            ahead=words.ahead(2),
            picture="U1",
            more=7,
            number=3,
            reference="0f0e0d",
            names="`attach_files`",
            seconds=30,
        )


SAYINGS: tuple[Callable[[Replies], Iterator[str]], ...] = (
    stages,
    problems,
    objections,
    stops,
    others,
)
