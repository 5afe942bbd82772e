"""What the bot says: the sentences of one language, filled in with facts.

Nothing in them pings anybody, and markdown that people typed is escaped.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import discord

from cogs.sentences.languages import LANGUAGES
from domain.errors import BadPrompt, OverQuota, PromptFault
from domain.generation import Generation, OriginKind
from domain.parameters import Price
from domain.pause import Pause
from domain.prompt_check import cost
from domain.prompt_text import on_one_line
from domain.reasons import Reason
from domain.requests import Objection
from services.discord.message_parts import MESSAGE_LIMIT
from services.generation.hold import Wait
from services.generation.service import QueuePlace

PROMPT_SHOWN = 200
"""Characters of a prompt inside a message, so that five links still fit Discord's 2,000."""
_FULL_STOPS = " .!"
"""Punctuation to cut from the end of quoted text, as our own sentence has some."""


def shown(prompt: str, limit: int = PROMPT_SHOWN) -> str:
    """Return other people's text safe to repeat: shortened, on one line, without markdown."""
    line = on_one_line(prompt)
    cut = line if len(line) <= limit else line[: limit - 1] + "…"
    # In parts, as the library takes everything from the first link to the last one for one link.
    parts = (discord.utils.escape_markdown(part) for part in cut.split("["))
    return discord.utils.escape_mentions("\\[".join(parts))


def as_typed(text: str) -> str:
    """Return what a person typed unchanged, for places where markdown has no effect."""
    cut = on_one_line(text)[:PROMPT_SHOWN].replace("`", "'")
    return f"`{discord.utils.escape_mentions(cut)}`"


class Times:
    """How many times as much something costs, for a sentence: `{times:,}` writes 1,6."""

    def __init__(self, price: Price | None) -> None:
        """Take what it costs; None is as much as an ordinary grid."""
        low, most = (1.0, 0.0) if price is None else (price.times, price.most)
        self._text = f"{low:.3g}-{most:.3g}" if most else f"{low:.3g}"

    def __format__(self, spec: str) -> str:
        """Write it with this decimal sign, or a point."""
        return self._text.replace(".", spec or ".")


def in_one_message(lines: Sequence[str], last: str = "") -> str:
    """Return the lines that fit into one message with the last one; dots mark omitted lines."""
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
    """Return a timestamp that Discord shows as the time of day, in the reader's time zone."""
    return f"<t:{int(moment.timestamp())}:t>"


def age(moment: datetime) -> str:
    """Return a timestamp that Discord shows as the time since then, always up to date."""
    return f"<t:{int(moment.timestamp())}:R>"


class Replies:
    """The sentences of one bot, in its language and with its command prefix.

    There is a method for each sentence whose facts must be formatted first, so there are many.
    """

    def __init__(self, language: str, prefix: str) -> None:
        """`language` is one of `LANGUAGES`; `prefix` is what people type before a command."""
        words = self.sentences = LANGUAGES[language]
        self.prefix = prefix
        self._own: Mapping[str, str] = {
            **{reason.value: text for reason, text in words.reasons.items()},
            **{slot.title: text for slot, text in words.picture.items()},
        }

    def say(self, sentence: str, generation: Generation | None = None, **facts: object) -> str:
        """Return a sentence with its facts; a generation adds its code and its stage."""
        if generation is not None:
            facts |= {"code": generation.code, "stage": self.stage(generation)}
            facts |= {"name": shown(generation.author_name)}
        return sentence.format(prefix=self.prefix, **facts)

    def accepted(self, accepted: QueuePlace, sentence: str = "", **facts: object) -> str:
        """Answer an accepted command with its code, its actual place, and what it waits for."""
        words, pause = self.sentences, accepted.pause
        wait = None if accepted.place or pause is not None else accepted.wait
        at_once = not accepted.place and pause is None and wait is None
        by_hand = accepted.generation.origin.kind == OriginKind.ADOPTED
        told = sentence or (words.adopting if by_hand else "")
        told = told or (words.starting if at_once else words.queued)
        ahead = words.now if at_once else self.ahead(accepted.place)
        price = None if sentence or by_hand else cost(accepted.generation.prompt)
        parts = (
            self.say(told, accepted.generation, ahead=ahead, **facts),
            "" if price is None else self.say(words.costs, times=Times(price)),
            "" if wait is None else self.held_back(wait),
            "" if pause is None else self.paused(pause),
        )
        return " · ".join(part for part in parts if part)

    def paused(self, pause: Pause) -> str:
        """Say that the queue is paused, and why."""
        reason = self.reason(pause.words) if pause.by is None else shown(pause.words)
        reason = reason or self.sentences.no_reason
        return self.say(self.sentences.paused_meanwhile, reason=reason)

    def held_back(self, wait: Wait) -> str:
        """Say why nothing is sent for a while, and when it is tried again."""
        reason, when = self.reason(wait.reason), age(wait.until)
        return self.say(self.sentences.held_back, reason=reason, when=when)

    def put_off(self, until: datetime) -> str:
        """Say when one is sent again that was not accepted."""
        return self.say(self.sentences.put_off, when=age(until))

    def stopped(self, pause: Pause, owners: Sequence[int]) -> str:
        """Ping the owners, with what Midjourney or Discord said and what they must do."""
        called = " ".join(f"<@{owner}>" for owner in owners)
        silent, words = pause.words == Reason.SILENCE, self.sentences
        sentence = words.stopped_by_silence if silent else words.stopped
        return self.say(sentence, owners=called, reason=self.reason(pause.words))

    def reason(self, detail: str) -> str:
        """Translate our own reasons; Midjourney's and Discord's words stay as they are."""
        if detail in self._own:
            return self._own[detail]
        about, _, why = detail.partition(": ")
        if about in self._own:
            return self.labelled(self._own[about], self.reason(why))
        return shown(on_one_line(detail).rstrip(_FULL_STOPS))

    def stage(self, generation: Generation) -> str:
        """Say which status a generation has."""
        return self.sentences.stages[generation.status]

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
            other=as_typed(error.other),
            times=Times(error.price),
            setting=f"ALLOW_COSTLY={error.price.kind}" if error.price is not None else "",
        )
        if not error.nearest and error.fault != PromptFault.MISSPELT:
            return told
        suggestion = as_typed(f"{error.name} {error.nearest}".strip())
        return f"{told} {self.say(self.sentences.suggestion, found=suggestion)}"

    def costly_again(self, generation: Generation, found: str, price: Price) -> str:
        """Say that a generation cannot be made once more because of what it costs."""
        return self.say(
            self.sentences.costly_again,
            generation,
            found=as_typed(found),
            times=Times(price),
            setting=f"ALLOW_COSTLY={price.kind}",
        )

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
        """Ask whether a command was meant; its prefix may be specific to a bot."""
        return self.sentences.nearest.format(name=name, prefix=prefix)

    def bad_number(self, found: str, limit: int) -> str:
        """Say which numbers are accepted."""
        return self.say(self.sentences.bad_number, found=as_typed(found), limit=limit)

    def midjourneys(self, word: str) -> str:
        """Say that only Midjourney itself does something."""
        return self.say(self.sentences.midjourneys, name=as_typed(word))

    def more_history(self, count: int, whose: str, page: int) -> str:
        """Say how to see the next page."""
        text = self.say(self.sentences.history_more, count=count, whose=whose, page=page)
        return " ".join(text.split())

    def ahead(self, place: int) -> str:
        """Say how many are ahead."""
        return self.say(self.sentences.ahead, place=place) if place else self.sentences.next

    def offline(self, since: datetime, until: datetime, count: int) -> str:
        """Say how many commands were found too late to run."""
        sentence = self.sentences.offline if count > 1 else self.sentences.offline_one
        return self.say(sentence, count=count, since=clock_time(since), until=clock_time(until))

    def labelled(self, label: str, text: str) -> str:
        """Put a label before a text."""
        return self.say(self.sentences.labelled, label=label, text=text)
