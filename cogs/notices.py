"""The one status message of each generation, and its final notice."""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import discord
import structlog
from discord.ext import commands

from cogs.acceptance import AcceptanceText
from cogs.answers import answer
from cogs.base import Context
from cogs.generation_replies import GenerationReplies
from cogs.replies import Replies, in_one_message
from domain.effects import TOLD, AnnounceProblem, is_to_be_sent
from domain.errors import AtelierError, Transient
from domain.events import FinalNoticeSent, StatusMessageSent
from domain.generation import ENDED, Generation, Status, Step
from domain.later import to_tell
from domain.pause import Pause
from domain.slots import Slot
from domain.snowflakes import is_snowflake
from services.atelier import Atelier
from services.discord.connection import new_message_nonce
from services.generation.service import QueuePlace
from services.retry import when_available
from services.updates import GenerationUpdate

log = structlog.get_logger(__name__)

REMEMBERED = 1000
"""Of how many generations it is remembered what was told."""
WAITING_TOLD, WAITING_SECONDS = 20, 1.0
"""How many that wait are told of a pause, and how far apart: Discord takes an edit a second."""


@dataclass(frozen=True, slots=True)
class Pictures:
    """A generation's pictures as people get them."""

    links: dict[Slot, str] = field(default_factory=dict[Slot, str])
    files: dict[str, Path] = field(default_factory=dict[str, Path])
    """Files to attach, by name: pictures without a link that people can open."""
    places: dict[Slot, str] = field(default_factory=dict[Slot, str])
    """Where all of them are, in case Discord refuses the files."""


class Notices:
    """Shows the progress and the results of generations in the channel."""

    def __init__(self, bot: commands.Bot, atelier: Atelier, replies: Replies) -> None:
        """Keep the services."""
        self._bot = bot
        self._atelier = atelier
        self._replies = replies
        self._generation_replies = GenerationReplies(replies)
        self._percents: dict[str, int] = {}
        self._unanswered = ""
        self._under_way: set[str] = set()
        self._told: dict[str, int] = {}
        self._seen: dict[str, str] = {}
        self._begun: set[str] = set()
        self._latest: dict[str, int] = {}
        self._acceptance = AcceptanceText(atelier, replies)
        self._nonces: defaultdict[str, str] = defaultdict(new_message_nonce)

    async def tell(self, told: GenerationUpdate) -> None:
        """Show the change, and send the final notice once."""
        generation = told.generation
        _remember(self._latest, generation)
        if isinstance(told.announcement, AnnounceProblem):
            self._bot.dispatch("generation_error", generation, generation.problem)
        if told.percent is not None:  # Midjourney's percentage may go back; the one shown must not
            shown = self._percents.get(generation.id, 0)
            self._percents[generation.id] = max(shown, told.percent)
        if told.unanswered:
            self._unanswered = generation.step(Slot.GRID).nonce or ""
        self._show(generation, delayed=told.delayed)
        if generation.status in ENDED:
            self._percents.pop(generation.id, None)
            self._seen.pop(generation.id, None)
            self._begun.discard(generation.id)
        if generation.status in TOLD and generation.notice_message_id is None:
            await self._give_notice(generation)

    async def tell_waiting(self) -> None:
        """Show a pause, or that it is over, to those that wait for their first turn.

        These are edited slowly, and only the first of many. What others show follows from what
        happens to them.
        """
        store, generations = self._atelier.store, self._atelier.generations
        active = await when_available(store.get_processing_generation)
        waiting = await when_available(store.list_queue, WAITING_TOLD)
        ahead, shown = 0 if active is None else 1, 0
        for place, row in enumerate(waiting, ahead):
            pause, wait = generations.paused, self._atelier.orchestrator.hold.wait
            accepted = QueuePlace(row, place, new=False, pause=pause, wait=wait)
            text = await self._acceptance.text(accepted)
            has_changed = row.version < self._latest.get(row.id, 0)
            if row.status_message_id is None or has_changed or not self._is_untouched(row):
                continue
            replace = functools.partial(self._put_up_again, row, text)
            self._atelier.status_messages.show(
                row.status_message_id, text, replace, after=shown * WAITING_SECONDS
            )
            shown += 1

    async def status(self, generation: Generation) -> str:
        """Return the full status text of a generation; a waiting one includes its place."""
        text = self._text(generation)
        lines = [*text.splitlines(), *self._generation_replies.each_picture(generation)]
        if generation.status != Status.QUEUED:
            return in_one_message(lines)
        place = await self._atelier.store.place_in_queue(generation.id)
        return in_one_message(lines, self._replies.ahead(place))

    def _show(self, generation: Generation, *, delayed: int) -> None:
        """Update the status message; until the generation's first turn, it shows the place."""
        if generation.active:
            self._begun.add(generation.id)
        if generation.status_message_id is None or self._is_untouched(generation):
            return
        now, more = self._atelier.clock.now(), self._trouble(generation, delayed=delayed)
        text = self._text(generation) + more
        replace = functools.partial(self._put_up_again, generation, text)
        at_first = self._generation_replies.status(generation, None, generation.created_at)
        seen = at_first + self._obstacle(generation, now) + more
        calm = seen == self._seen.get(generation.id)
        self._seen[generation.id] = seen
        self._atelier.status_messages.show(generation.status_message_id, text, replace, calm=calm)

    def _trouble(self, generation: Generation, *, delayed: int) -> str:
        """Return lines about what only this process knows."""
        sentences, lines = self._replies.sentences, ""
        if delayed:
            lines += f"\n{self._replies.say(sentences.saving_delayed, number=delayed)}"
        if generation.active and self._atelier.gateway.reconnecting:
            lines += f"\n{sentences.reconnecting}"
        return lines

    def _is_untouched(self, generation: Generation) -> bool:
        unsent = generation.status == Status.QUEUED and generation.step(Slot.GRID) == Step()
        return unsent and generation.id not in self._begun

    def _text(self, generation: Generation) -> str:
        percent = self._percents.get(generation.id)
        now = self._atelier.clock.now()
        text = self._generation_replies.status(generation, percent, now)
        obstacle = self._obstacle(generation, now)
        return f"{text}\n{obstacle}" if obstacle else text

    def _obstacle(self, generation: Generation, now: datetime) -> str:
        """Say what keeps it from going on, if anything does: a stop, a wait, or a silence."""
        pause = self._atelier.generations.paused
        if pause is not None and _is_hit(generation, pause):
            return f"⏸️ {self._replies.paused(pause)}"
        if generation.status != Status.QUEUED and not is_to_be_sent(generation):
            silent = generation.step(Slot.GRID).nonce == self._unanswered
            unanswered = silent and generation.status == Status.SUBMITTING
            return self._replies.sentences.unanswered if unanswered else ""
        wait = self._atelier.orchestrator.hold.wait
        if wait is not None:
            return f"⏳ {self._replies.held_back(wait)}"
        until = generation.not_before
        return "" if until is None or until <= now else f"⏳ {self._replies.put_off(until)}"

    async def _put_up_again(self, generation: Generation, text: str) -> None:
        """Replace a deleted status message, but only once: whoever deletes two wants none."""
        now = await when_available(self._atelier.store.get_generation, generation.id)
        if now is None or now.status_replaced:
            return
        log.info("status_put_up_again", gen=generation.code)
        try:
            message = await self._atelier.messenger.reply(text, generation.reply_to)
        except Transient as error:
            log.warning("notice_not_sent", why=str(error))
            return
        if message is not None:
            sent = StatusMessageSent(message.id)
            await self._atelier.orchestrator.report(generation.id, sent)

    async def _give_notice(self, generation: Generation) -> None:
        """Send the one message that pings the author, with the pictures or their links.

        The row may be a copy of before it was told: who looks for untold ends reads it beside us.
        """
        told = self._told.get(generation.id, 0)
        if generation.id in self._under_way or generation.version < told:
            return
        self._under_way.add(generation.id)
        try:
            message = await self._send_notice(generation)
            self._atelier.delayed_notices.settle(generation.id)
            if message is not None:
                await self._record_notice(generation, message.id)
        except Transient as error:
            self._atelier.delayed_notices.add(generation.id, str(error))
        except AtelierError:
            self._atelier.delayed_notices.settle(generation.id)
            raise
        finally:
            self._under_way.discard(generation.id)

    async def _record_notice(self, generation: Generation, message_id: int) -> None:
        sent = FinalNoticeSent(message_id)
        row = await self._atelier.orchestrator.report(generation.id, sent)
        self._nonces.pop(generation.id, None)
        _remember(self._told, row)

    async def _send_notice(self, generation: Generation) -> discord.Message | None:
        settings = self._atelier.settings
        pictures = await self.pictures(generation, to_tell(generation))
        gallery, typed = settings.gallery_url, is_snowflake(generation.command_message_id)
        notice = functools.partial(
            self._generation_replies.notice,
            generation,
            now=self._atelier.clock.now(),
            page=None if gallery is None else f"{gallery}/g/{generation.code}",
            reactions=settings.reactions,
            mentions=settings.notify_author and not typed,  # it replies to no message of theirs
        )
        return await self._atelier.messenger.send_notice(
            notice(links=pictures.links),
            reply_to=generation.reply_to,
            files=pictures.files,
            notify=generation.author_id if settings.notify_author else None,
            without_files=notice(links=pictures.places),
            nonce=self._nonces[generation.id],
        )

    async def show(self, ctx: Context, generation: Generation) -> None:
        """Answer with the pictures of a generation, or with links to them."""
        pictures = await self.pictures(generation, generation.stored)
        now = self._atelier.clock.now()
        text = self._generation_replies.pictures(generation, pictures.links, now)
        without_files = self._generation_replies.pictures(generation, pictures.places, now)
        await answer(ctx, text, pictures.files, without_files)

    async def pictures(self, generation: Generation, slots: Sequence[Slot]) -> Pictures:
        """Find stored pictures of a generation; for a file that is too large, give its path."""
        found = Pictures()
        limit = (await self._atelier.connection.channel()).guild.filesize_limit
        for slot in slots:
            picture = generation.step(slot).picture
            assert picture is not None  # noqa: S101 -- they are stored
            path = self._atelier.images.path(picture.key)
            place = await self._atelier.images.url(picture.key) if path is None else str(path)
            found.places[slot] = place
            if path is None or picture.size > limit:
                found.links[slot] = place
            else:
                found.files[f"{generation.code}_{slot.title}.png"] = path
        return found


def _remember(versions: dict[str, int], row: Generation) -> None:
    versions[row.id] = max(row.version, versions.get(row.id, 0))
    if len(versions) > REMEMBERED:
        del versions[next(iter(versions))]


def _is_hit(generation: Generation, pause: Pause) -> bool:
    """Whether a pause keeps a generation from going on.

    A stop may have come in answer to its own request, whose outcome is unknown until somebody
    lets the queue go on.
    """
    unproven = generation.active and generation.status != Status.SUBMITTED
    stopped = pause.by is None and unproven
    return stopped or generation.status == Status.QUEUED or is_to_be_sent(generation)
