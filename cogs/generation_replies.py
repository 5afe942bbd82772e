"""What the bot says about a generation: its status, its result, and where its pictures are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from cogs.next_steps import next_steps
from cogs.replies import (
    PROMPT_SHOWN,
    Replies,
    age,
    clock_time,
    duration,
    in_one_message,
    shown,
)
from domain.generation import TERMINAL, Generation, Problem, Status
from domain.later import asked_later, lasted, lasted_at_first, to_tell
from domain.reasons import Reason
from domain.settling import overall
from domain.slots import Slot

PROMPT_LISTED, PROMPT_LISTED_AMONG_MANY, MANY = 60, 25, 10
"""How many characters of a prompt a list shows; fewer if it has more than so many lines."""
BAR_CELLS = 10


class GenerationReplies:
    """Describes the row of a generation."""

    def __init__(self, replies: Replies) -> None:
        """Keep the words of one bot."""
        self._replies = replies
        self._words = replies.sentences

    def status(self, generation: Generation, percent: int | None, now: datetime) -> str:
        """Return the status message: person, prompt, stage, bar, percent, pictures, and time."""
        whole = overall(generation, percent)
        filled = round(whole / 100 * BAR_CELLS)
        bar = f"{'▓' * filled}{'░' * (BAR_CELLS - filled)} {whole:.0f}%"
        parts = [bar, self._replies.stage(generation)]
        if generation.wanted and generation.has_grid and not generation.archived:
            parts.append(self._upscales(generation))
        parts.append(duration(lasted(generation, now)))
        lines = [f"🎨 {self._head(generation)}", " · ".join(parts)]
        if generation.archived:
            lines.append(self._words.pictures_removed)
        elif generation.problem is not None:
            lines.append(self.problem(generation))
        return "\n".join(lines)

    def each_picture(self, generation: Generation) -> list[str]:
        """Return the state of each picture, when it was requested, and why some are missing.

        Of pictures that were deleted there is no state.
        """
        words = self._words
        slots = () if generation.archived else Slot
        marks = [f"{words.picture[slot]} {_mark(generation, slot)}" for slot in slots]
        asked = self._replies.say(words.asked, age=age(generation.created_at))
        told = {generation.problem, None}
        problems = {slot: generation.step(slot).problem for slot in slots}
        reasons = {
            slot: self.because(why, generation) for slot, why in problems.items() if why not in told
        }
        return [" · ".join([*marks, asked]), *self._links(reasons)]

    def notice(
        self,
        generation: Generation,
        links: Mapping[Slot, str],
        now: datetime,
        *,
        page: str | None = None,
        reactions: bool = False,
        mentions: bool = False,
    ) -> str:
        """Return the final notice: prompt, person, time taken, and where the pictures are.

        Of pictures that were asked for later, it names these, with the time that they took.
        `page` is that of the gallery, if people can get there. Of a complete one it says what can
        be done next; with `reactions`, also by reacting. With `mentions`, Discord can tell the
        author of it.
        """
        head = self._head(generation, f"<@{generation.author_id}>" if mentions else "")
        if generation.status == Status.COMPLETED:
            took = duration(lasted(generation, now))
            later = asked_later(generation) is not None
            new = [self._words.picture[slot] for slot in to_tell(generation) if later]
            first = " · ".join([f"✅ {head}", *new, took])
        else:
            reason = "" if generation.problem is None else "\n" + self.problem(generation)
            first = f"⚠️ {head} · {self._replies.stage(generation)}{reason}"
        shown = [] if page is None else [self._replies.say(self._words.in_gallery, link=page)]
        onwards = next_steps(self._replies, generation, reactions=reactions)
        return "\n".join([first, *shown, *self._links(links), *onwards])

    def pictures(self, generation: Generation, links: Mapping[Slot, str], now: datetime) -> str:
        """Return what `show` says: prompt, person, times, and the links, without previews."""
        asked = clock_time(generation.created_at)
        times = self._replies.say(
            self._words.asked_at, asked=asked, took=duration(lasted_at_first(generation, now))
        )
        quiet = {slot: f"<{link}>" for slot, link in links.items()}
        return "\n".join([f"🖼️ {self._head(generation)} · {times}", *self._links(quiet)])

    def listed(self, generation: Generation, reader: int | None = None, among: int = 1) -> str:
        """Return one line of a list: code, stage, age, prompt; with a reader, also whose it is."""
        parts = [
            f"`{generation.code}`",
            self._replies.stage(generation),
            age(generation.created_at),
            self._prompt(generation, PROMPT_LISTED if among <= MANY else PROMPT_LISTED_AMONG_MANY),
        ]
        if generation.archived:
            parts.append(self._words.pictures_removed)
        if reader is not None:
            own = generation.author_id == reader
            by = self._replies.say(self._words.by, generation)
            parts.append(f"**{self._words.yours}**" if own else by)
        return " · ".join(parts)

    def cancelled(self, generation: Generation) -> str:
        """Say that it is cancelled, and whether Midjourney may have begun it."""
        begun = generation.step(Slot.GRID).intended_at is not None
        told = self._words.cancelled_running if begun else self._words.cancelled
        return self._replies.say(told, generation)

    def cancelled_all(self, generations: Sequence[Generation]) -> str:
        """Say which were cancelled, and which of them Midjourney may have begun."""
        words, say = self._words.personal, self._replies.say
        if not generations:
            return say(words.nothing_to_cancel)
        codes = [f"`{one.code}`" for one in generations]
        begun = [one for one in generations if one.step(Slot.GRID).intended_at is not None]
        return in_one_message(
            [
                say(words.cancelled_all, count=len(codes), codes=", ".join(codes)),
                *(say(words.cancelled_all_running, one) for one in begun),
            ]
        )

    def problem(self, generation: Generation) -> str:
        """Say what went wrong and what to do next."""
        told = self.because(generation.problem, generation)
        if generation.status != Status.NEEDS_ATTENTION:
            return told
        return f"{told} {self._replies.say(self._words.questions, generation)}"

    def because(self, problem: Problem | None, generation: Generation) -> str:
        """Say why something is missing; empty without a reason."""
        if problem is None:
            return ""
        words = self._words
        detail = self._replies.reason(problem.detail) or words.no_reason
        told = words.problems[problem.kind]
        if generation.has_grid or generation.stored or generation.step(Slot.GRID).message_id:
            told = words.upscale_problems.get(problem.kind, told)
        said = self._replies.say(told, generation, detail=detail)
        return f"{said} {detail}." if problem.detail == Reason.NO_HISTORY else said

    def _head(self, generation: Generation, name: str = "") -> str:
        by = self._replies.say(self._words.by, name=name or shown(generation.author_name))
        return f"`{generation.code}` · {self._prompt(generation)} · {by}"

    def _prompt(self, generation: Generation, limit: int = PROMPT_SHOWN) -> str:
        """Return a generation's prompt in a form safe to repeat, or say that it was deleted."""
        return shown(generation.prompt, limit) or self._words.deleted_prompt

    def _upscales(self, generation: Generation) -> str:
        stored = set(generation.wanted) & set(generation.stored)
        return self._replies.say(
            self._words.upscales, stored=len(stored), wanted=len(generation.wanted)
        )

    def _links(self, links: Mapping[Slot, str]) -> list[str]:
        picture = self._words.picture
        return [self._replies.labelled(picture[slot], link) for slot, link in links.items()]


def _mark(generation: Generation, slot: Slot) -> str:
    """Return the sign for a picture: stored, failed, in progress, or not expected."""
    if slot in generation.stored:
        return "✓"
    if generation.step(slot).problem is not None:
        return "✗"
    comes = slot in generation.missing and generation.status not in TERMINAL
    return "…" if comes else "—"
