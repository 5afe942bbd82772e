"""What the bot says: the sentences of one language, with the facts in them.

Nothing in it pings, and what people typed has no markdown of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import discord

from cogs.sentences import Sentences
from cogs.sentences.english import ENGLISH
from cogs.sentences.french import FRENCH
from domain.errors import BadPrompt, OverQuota
from domain.generation import TERMINAL, Generation, OriginKind, Problem, Slot, Status
from domain.pause import Pause
from domain.prompts import on_one_line
from domain.reasons import Reason
from domain.requests import Objection
from services.generation.service import QueuePlace

PROMPT_SHOWN = 200
"""Characters of a prompt inside a message, so that five links still fit Discord's 2,000."""
PROMPT_LISTED, PROMPT_LISTED_AMONG_MANY, MANY = 60, 25, 10
"""Characters of a prompt in a list; of one with more than so many lines."""
_FULL_STOPS = " .!"
"""What the words of others may end in; the sentence around them has its own."""
MESSAGE_LIMIT = 2000
BAR_CELLS = 10
LANGUAGES: Mapping[str, Sentences] = {"en": ENGLISH, "fr": FRENCH}


def shown(prompt: str, limit: int = PROMPT_SHOWN) -> str:
    """Return what others wrote as it may be repeated: cut, on one line, without any effect."""
    line = on_one_line(prompt)
    cut = line if len(line) <= limit else line[: limit - 1] + "…"
    return discord.utils.escape_mentions(discord.utils.escape_markdown(cut))


def as_typed(text: str) -> str:
    """Return what a person typed as it was typed, where markdown has no meaning."""
    cut = on_one_line(text)[:PROMPT_SHOWN].replace("`", "'")
    return f"`{discord.utils.escape_mentions(cut)}`"


def in_one_message(lines: Sequence[str], last: str = "") -> str:
    """Return as many lines as fit into one message with the last one; dots for what is left out."""
    room = MESSAGE_LIMIT - len(f"…\n{last}")
    kept: list[str] = []
    for line in lines:
        room -= len(line) + 1
        if room < 0:
            kept.append("…")
            break
        kept.append(line)
    return "\n".join([*kept, *([last] if last else [])])


def duration(span: timedelta) -> str:
    """Return `0:41` or `1:02:03`."""
    minutes, seconds = divmod(max(0, int(span.total_seconds())), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def clock_time(moment: datetime) -> str:
    """Return what Discord shows as the time of day, in the reader's own zone."""
    return f"<t:{int(moment.timestamp())}:t>"


def age(moment: datetime) -> str:
    """Return what Discord shows as the time since then, and keeps true."""
    return f"<t:{int(moment.timestamp())}:R>"


class Replies:
    """The words for one bot: its language, and the prefix of its commands."""

    def __init__(self, language: str, prefix: str) -> None:
        """`language` is one of `LANGUAGES`; `prefix` is what people type before a command."""
        words = self.sentences = LANGUAGES[language]
        self.prefix = prefix
        self._own: Mapping[str, str] = {
            **{reason.value: text for reason, text in words.reasons.items()},
            **{slot.title: text for slot, text in words.picture.items()},
        }

    def say(self, sentence: str, generation: Generation | None = None, **facts: object) -> str:
        """Return a sentence with its facts; those of a generation are its code and its stage."""
        if generation is not None:
            facts |= {"code": generation.code, "stage": self.stage(generation)}
            facts |= {"name": shown(generation.author_name)}
        return sentence.format(prefix=self.prefix, **facts)

    def accepted(self, accepted: QueuePlace, sentence: str = "", **facts: object) -> str:
        """Answer an accepted command with its code and its true place."""
        words = self.sentences
        waits = words.queued if accepted.place or accepted.pause else words.starting
        by_hand = accepted.generation.origin.kind == OriginKind.ADOPTED
        told = sentence or (words.adopting if by_hand else waits)
        at_once = not accepted.place and accepted.pause is None
        ahead = words.now if at_once else self.ahead(accepted.place)
        text = self.say(told, accepted.generation, ahead=ahead, **facts)
        return text if accepted.pause is None else f"{text} · {self.paused(accepted.pause)}"

    def paused(self, pause: Pause) -> str:
        """Say that the queue is paused, and why."""
        reason = self.reason(pause.words) if pause.by is None else shown(pause.words)
        reason = reason or self.sentences.no_reason
        return self.say(self.sentences.paused_meanwhile, reason=reason)

    def stopped(self, pause: Pause, owners: Sequence[int]) -> str:
        """Call the owners: what was said, and what they must do."""
        called = " ".join(f"<@{owner}>" for owner in owners)
        silent, words = pause.words == Reason.SILENCE, self.sentences
        sentence = words.stopped_by_silence if silent else words.stopped
        return self.say(sentence, owners=called, reason=self.reason(pause.words))

    def reason(self, detail: str) -> str:
        """Put a reason of our own into words; Midjourney's and Discord's stay as they are."""
        if detail in self._own:
            return self._own[detail]
        about, _, why = detail.partition(": ")
        if about in self._own:
            return self._labelled(self._own[about], self.reason(why))
        return shown(on_one_line(detail).rstrip(_FULL_STOPS))

    def stage(self, generation: Generation) -> str:
        """Say where a generation stands."""
        return self.sentences.stages[generation.status]

    def status(self, generation: Generation, percent: int | None, now: datetime) -> str:
        """Return the whole status message: who and what, stage, bar, percent, pictures, time."""
        whole = overall(generation, percent)
        filled = round(whole / 100 * BAR_CELLS)
        stage = self.stage(generation)
        if generation.status == Status.SUBMITTED and percent is not None:
            stage = f"{stage}, {percent}%"
        parts = [f"{'▓' * filled}{'░' * (BAR_CELLS - filled)} {whole:.0f}%", stage]
        if generation.wanted and generation.step(Slot.GRID).picture is not None:
            parts.append(self._upscales(generation))
        parts.append(duration(_took(generation, now)))
        lines = [f"🎨 {self._head(generation)}", " · ".join(parts)]
        if generation.problem is not None:
            lines.append(self.problem(generation))
        if generation.archived:
            lines.append(self.sentences.pictures_removed)
        return "\n".join(lines)

    def each_picture(self, generation: Generation) -> list[str]:
        """Return how each picture stands and when it was asked for; and why some are not there."""
        words = self.sentences
        marks = [f"{words.picture[slot]} {_mark(generation, slot)}" for slot in Slot]
        asked = self.say(words.asked, age=age(generation.created_at))
        told = {generation.problem, None}
        problems = {slot: generation.step(slot).problem for slot in Slot}
        reasons = {
            slot: self.because(why, generation) for slot, why in problems.items() if why not in told
        }
        return [" · ".join([*marks, asked]), *self._links(reasons)]

    def notice(self, generation: Generation, links: Mapping[Slot, str], now: datetime) -> str:
        """Return the final notice: prompt, person, time taken, and where the pictures are."""
        took = duration(_took(generation, now))
        if generation.status == Status.COMPLETED:
            first = f"✅ {self._head(generation)} · {took}"
        else:
            reason = "" if generation.problem is None else "\n" + self.problem(generation)
            first = f"⚠️ {self._head(generation)} · {self.stage(generation)}{reason}"
        return "\n".join([first, *self._links(links)])

    def pictures(self, generation: Generation, links: Mapping[Slot, str], now: datetime) -> str:
        """Return what `show` says: prompt, person, times, and the links, without previews."""
        asked = clock_time(generation.created_at)
        times = self.say(
            self.sentences.asked_at, asked=asked, took=duration(_took(generation, now))
        )
        quiet = {slot: f"<{link}>" for slot, link in links.items()}
        return "\n".join([f"🖼️ {self._head(generation)} · {times}", *self._links(quiet)])

    def listed(self, generation: Generation, reader: int | None = None, among: int = 1) -> str:
        """Return one of so many lines: code, stage, age, prompt; whose, for a given reader."""
        parts = [
            f"`{generation.code}`",
            self.stage(generation),
            age(generation.created_at),
            self.prompt(generation, PROMPT_LISTED if among <= MANY else PROMPT_LISTED_AMONG_MANY),
        ]
        if generation.archived:
            parts.append(self.sentences.pictures_removed)
        if reader is not None:
            own = generation.author_id == reader
            by = self.say(self.sentences.by, generation)
            parts.append(f"**{self.sentences.yours}**" if own else by)
        return " · ".join(parts)

    def problem(self, generation: Generation) -> str:
        """Say what went wrong and what to do next."""
        told = self.because(generation.problem, generation)
        if generation.status != Status.NEEDS_ATTENTION:
            return told
        return f"{told} {self.say(self.sentences.questions, generation)}"

    def because(self, problem: Problem | None, generation: Generation) -> str:
        """Say why something is not there; nothing without a reason."""
        if problem is None:
            return ""
        words = self.sentences
        detail = self.reason(problem.detail) or words.no_reason
        told = words.problems[problem.kind]
        if generation.step(Slot.GRID).picture is not None:
            told = words.upscale_problems.get(problem.kind, told)
        return self.say(told, generation, detail=detail)

    def objection(self, objection: Objection, generation: Generation, **facts: object) -> str:
        """Say why a request cannot be fulfilled."""
        return self.say(self.sentences.objections[objection], generation, **facts)

    def bad_prompt(self, error: BadPrompt) -> str:
        """Say why a prompt was not sent, and what to write instead."""
        told = self.say(
            self.sentences.prompt_faults[error.fault],
            length=error.length,
            limit=error.limit,
            over=error.length - error.limit,
            found=as_typed(error.found),
            parameter=as_typed(error.name),
            allowed=error.allowed,
        )
        if not error.nearest:
            return told
        suggestion = as_typed(f"{error.name} {error.nearest}")
        return f"{told} {self.say(self.sentences.suggestion, found=suggestion)}"

    def over_quota(self, error: OverQuota) -> str:
        """Say which limit is reached, and when to try again."""
        wait = duration(timedelta(seconds=error.wait))
        return self.say(self.sentences.quotas[error.kind], limit=error.limit, wait=wait)

    def unknown_code(self, code: str) -> str:
        """Say that there is no such generation."""
        return self.say(self.sentences.unknown_code, code=as_typed(code))

    def unknown_command(self, name: str) -> str:
        """Say that there is no such command."""
        return self.say(self.sentences.unknown_command, name=as_typed(name))

    def nearest(self, name: str, prefix: str) -> str:
        """Ask whether a command was meant; its prefix may be a bot's own."""
        return self.sentences.nearest.format(name=name, prefix=prefix)

    def bad_number(self, found: str, limit: int) -> str:
        """Say which numbers are taken."""
        return self.say(self.sentences.bad_number, found=as_typed(found), limit=limit)

    def more_history(self, count: int, whose: str, page: int) -> str:
        """Say how to see the next page."""
        text = self.say(self.sentences.history_more, count=count, whose=whose, page=page)
        return " ".join(text.split())

    def ahead(self, place: int) -> str:
        """Say how many come before."""
        return self.say(self.sentences.ahead, place=place) if place else self.sentences.next

    def offline(self, since: datetime, until: datetime, count: int) -> str:
        """Say how many commands were found too late to run."""
        sentence = self.sentences.offline if count > 1 else self.sentences.offline_one
        return self.say(sentence, count=count, since=clock_time(since), until=clock_time(until))

    def _head(self, generation: Generation) -> str:
        by = self.say(self.sentences.by, generation)
        return f"`{generation.code}` · {self.prompt(generation)} · {by}"

    def prompt(self, generation: Generation, limit: int = PROMPT_SHOWN) -> str:
        """Return a generation's prompt as it may be repeated, or that it was deleted."""
        return shown(generation.prompt, limit) or self.sentences.deleted_prompt

    def _upscales(self, generation: Generation) -> str:
        stored = set(generation.wanted) & set(generation.stored)
        return self.say(self.sentences.upscales, stored=len(stored), wanted=len(generation.wanted))

    def _links(self, links: Mapping[Slot, str]) -> list[str]:
        picture = self.sentences.picture
        return [self._labelled(picture[slot], link) for slot, link in links.items()]

    def _labelled(self, label: str, text: str) -> str:
        return self.say(self.sentences.labelled, label=label, text=text)


def overall(generation: Generation, percent: int | None) -> float:
    """Return 0 to 100: the row's progress, with Midjourney's own percent between 25 and 50."""
    if generation.status == Status.SUBMITTED and percent is not None:
        return generation.progress + percent / 100 * 25
    return generation.progress


def _mark(generation: Generation, slot: Slot) -> str:
    """Return the sign for a picture: stored, failed, under way, or not to come."""
    if slot in generation.stored:
        return "✓"
    if generation.step(slot).problem is not None:
        return "✗"
    comes = slot in generation.missing and generation.status not in TERMINAL
    return "…" if comes else "—"


def _took(generation: Generation, now: datetime) -> timedelta:
    """Return the time since the command, or until the end; only a completed one notes its end."""
    over = generation.status in {Status.FAILED, Status.CANCELLED, Status.NEEDS_ATTENTION}
    ended = generation.updated_at if over else generation.completed_at
    return (ended or now) - generation.created_at
