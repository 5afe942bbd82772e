"""Sentences that do not occur in a short conversation, each with plausible facts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from cogs.generation_replies import GenerationReplies
from cogs.limit_replies import limit_lines
from cogs.parameter_list import parameter_lines
from cogs.replies import Replies
from cogs.statistics_replies import StatisticsReplies
from domain.collection import Statistics
from domain.errors import BadPrompt, OverQuota, PromptFault, QuotaKind
from domain.generation import Generation, Problem, ProblemKind, Status
from domain.parameters import Costly, Price
from domain.pause import Pause
from domain.reasons import Reason
from domain.requests import Objection
from domain.slots import Slot
from services.generation.hold import FIRST, Wait
from services.generation.service import QueuePlace
from tests.builders import NOW, generation, picture
from tests.cogs.channel_harness import settings
from tests.cogs.stored_rows import ALL_BUTTONS

LATER = NOW + timedelta(seconds=41)
OWNER = 7
QUOTED = Problem(ProblemKind.REFUSED, "Banned prompt: `cat` is *banned*")
DETAILS = (
    *("upscale_2", "upscale_2: dead_link", "grid: dead_link", "upscale_2: HTTP *404*"),
    *("looking_up: HTTP 404", "Blocked: captcha", "HTTP 429"),
)
"""Reasons with a part that is ours, a part that is not, or both."""


def pictured(status: Status, *slots: int, **changes: Any) -> Generation:
    """Return a generation with some pictures stored."""
    made = generation(status, **{"code": "k7m2qx", "prompt": "a cat"} | changes)
    for number in slots:
        stored = replace(made.step(Slot(number)), picture=picture(made.id, Slot(number)))
        made = made.with_step(Slot(number), stored)
    return made


MADE = pictured(Status.QUEUED)


def stages(words: Replies) -> Iterator[str]:
    """Yield the texts for the stages and the results of a generation."""
    of_one = GenerationReplies(words)
    for status in Status:
        yield of_one.status(pictured(status, 0), None, LATER)
    for made, percent in (
        (pictured(Status.QUEUED), None),
        (pictured(Status.SUBMITTING), None),
        (pictured(Status.SUBMITTED, progress=25.0), None),
        (pictured(Status.SUBMITTED, progress=25.0), 48),
        (pictured(Status.GRID_COMPLETED, 0, progress=50.0), 100),
        (pictured(Status.VARIATIONS_IN_PROGRESS, 0, 1, 3, progress=75.0), 100),
        (pictured(Status.COMPLETED, 0, 1, 2, 3, 4, progress=100.0), 100),
        (pictured(Status.FAILED, problem=QUOTED), None),
        (pictured(Status.CANCELLED), None),
    ):
        yield of_one.status(made, percent, LATER)


def ends(words: Replies) -> Iterator[str]:
    """Yield the texts for the ends of a generation."""
    of_one = GenerationReplies(words)
    links = {slot: f"http://pictures/{slot.title}.png" for slot in Slot}
    yield of_one.notice(replace(MADE, status=Status.COMPLETED, completed_at=LATER), links, LATER)
    page = "https://pictures.example/g/k7m2qx"
    yield of_one.notice(
        replace(MADE, status=Status.COMPLETED, completed_at=LATER), {}, LATER, page=page
    )
    two = {slot: links[slot] for slot in (Slot.GRID, Slot.UPSCALE_1)}
    done = pictured(Status.COMPLETED, 0, 1, completed_at=LATER, buttons=ALL_BUTTONS)
    for reactions in (True, False):
        yield of_one.notice(done, two, LATER + timedelta(hours=1), reactions=reactions)
    one = done.with_step(Slot.UPSCALE_1, replace(done.step(Slot.UPSCALE_1), asked_at=NOW))
    yield of_one.notice(one, {}, LATER, reactions=True, mentions=True)
    stopped = pictured(Status.FAILED, problem=Problem(ProblemKind.STOPPED))
    yield of_one.notice(stopped, {}, LATER)
    gone = replace(MADE, prompt="", archived_at=NOW)
    yield of_one.status(gone, None, LATER)
    yield of_one.pictures(gone, {}, LATER)
    yield of_one.listed(gone, OWNER)


def problems(words: Replies) -> Iterator[str]:
    """Yield the texts that say why something is missing."""
    of_one = GenerationReplies(words)
    for kind in ProblemKind:
        problem = Problem(kind, "some words")
        for slots in ((), (0,)):
            yield of_one.problem(pictured(Status.FAILED, *slots, problem=problem))
    yield of_one.problem(replace(MADE, problem=Problem(ProblemKind.REFUSED)))
    doubtful = Problem(ProblemKind.NO_ANSWER)
    yield of_one.problem(replace(MADE, status=Status.NEEDS_ATTENTION, problem=doubtful))
    for reason in (*Reason, *DETAILS):
        yield words.reason(reason)


def objections(words: Replies) -> Iterator[str]:
    """Yield the texts that say why something is not done."""
    for objection in Objection:
        status = Status.COMPLETED if objection == Objection.ENDED else Status.SUBMITTED
        yield words.objection(objection, replace(MADE, status=status), picture="U2")
    facts = BadPrompt(
        PromptFault.PARAMETER,
        found="--x 9",
        name="--x",
        allowed="1-5",
        nearest="5",
        other="--y",
        price=Price(Costly.HD, 1.6),
    )
    yield words.bad_prompt(facts)
    for fault in PromptFault:
        yield words.bad_prompt(replace(facts, fault=fault, length=1812, limit=1500, nearest=""))
    for kind in QuotaKind:
        yield words.over_quota(OverQuota(kind, limit=3, wait=90))


def stops(words: Replies) -> Iterator[str]:
    """Yield the texts about stops and missed commands."""
    for why in ("Blocked: see a person", Reason.CAPTCHA, Reason.SILENCE):
        yield words.stopped(Pause(words=why, since=NOW), [OWNER])
    for pause in (
        Pause(words="captcha", since=NOW, by=1),
        Pause(words="captcha", since=NOW),
        Pause(words="back\n\u202eat **noon**.", since=NOW, by=1),
    ):
        yield words.paused(pause)
    for reason in FIRST:
        yield words.held_back(Wait(reason, LATER))
    yield words.put_off(LATER)
    for place in (0, 2):
        yield words.accepted(QueuePlace(MADE, place, new=True, pause=Pause(words="", since=NOW)))
    for prompt in ("a cat --hd", "a cat --video"):
        yield words.accepted(QueuePlace(replace(MADE, prompt=prompt), 1, new=True, pause=None))
    yield words.costly_again(MADE, "--q 4", Price(Costly.QUALITY, 4, value="4"))
    for count in (1, 3):
        yield words.offline(NOW, LATER, count)


def limits(words: Replies) -> Iterator[str]:
    """Yield the texts about what is saved and how much is allowed."""
    limited = {"daily_per_person": 50, "cooldown_seconds": 90}
    for upscales in ((1, 3), ()):
        changed = settings(Path(), auto_upscale=upscales, **limited)
        yield from limit_lines(words, changed, owner=False)


def others(words: Replies) -> Iterator[str]:
    """Yield the texts that the cogs themselves send."""
    yield from parameter_lines(words, frozenset({Costly.HD}))
    said = words.sentences
    for sentence in (
        *(said.starting, said.retrying, said.fetching, said.adopting),
        *(said.gallery_link, said.no_gallery),
        *(said.cancelled, said.cancelled_running, said.grid_taken, said.not_a_grid),
        *(said.unheld, said.unheld_job, said.reaction_late, said.grid_awaited),
        *(said.queue_more, said.history_empty, said.unexpected),
        *(
            said.database_away,
            said.database_back,
            said.history_closed,
            said.history_open,
            said.no_database,
            said.no_history,
            said.cannot_look,
        ),
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
            link="https://pictures.example/?token=6a…",
            until="in 24 hours",
            names="`attach_files`",
            seconds=30,
            command="!reroll k7m2qx",
        )


def own(words: Replies) -> Iterator[str]:
    """Yield the texts about what people keep, and about a month."""
    said = words.sentences
    yield words.say(said.collection.more, command="favs all 2")
    for found in (
        Statistics(),
        Statistics(
            statuses=dict.fromkeys(Status, 2),
            problems=dict.fromkeys(ProblemKind, 1),
            people=(("Ann", 12), ("*Ben*", 6)),
            others=3,
            waited=(timedelta(seconds=80), timedelta(minutes=75)),
        ),
    ):
        yield StatisticsReplies(words).of_month("2026-10", found)
    yield words.say(said.personal.preset_limit, limit=30)
    yield words.say(said.personal.cancelled_all_running, MADE)


SAYINGS: tuple[Callable[[Replies], Iterator[str]], ...] = (
    stages,
    ends,
    problems,
    objections,
    stops,
    limits,
    others,
    own,
)
