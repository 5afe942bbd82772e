"""Carries out the slow effects beside the loop; what became of them comes back as events."""

from __future__ import annotations

import asyncio
import contextlib
import functools
from collections.abc import AsyncGenerator
from typing import Any, assert_never, cast

import structlog

from domain.buttons import child_button, upscale_button
from domain.effects import Copy, Send, StopJob
from domain.errors import RowGone
from domain.events import (
    Delivered,
    GivenUp,
    Intended,
    Matched,
    NotAccepted,
    NotSent,
    PictureStored,
)
from domain.generation import Button, Generation, Problem, ProblemKind
from domain.reasons import Reason
from domain.sender import (
    Answer,
    Postponed,
    Press,
    Rejected,
    Sender,
    Taken,
    Unknown,
    Withdrawn,
)
from domain.slots import Slot
from services.generation.gate import Gate
from services.generation.inbox import Inbox
from services.generation.notifier import Notifier
from services.generation.repository import Repository
from services.pictures.copier import PictureCopier

log = structlog.get_logger(__name__)

Act = Send | Copy | StopJob


class Worker:
    """Runs at most one task for each effect of each generation."""

    def __init__(
        self,
        *,
        sender: Sender,
        copier: PictureCopier,
        inbox: Inbox,
        repository: Repository,
        gate: Gate,
        notifier: Notifier,
    ) -> None:
        """Keep the parts; `at_work` makes room for tasks."""
        self._sender = sender
        self._copier = copier
        self._inbox = inbox
        self._repository = repository
        self._gate = gate
        self._notifier = notifier
        self._tasks = asyncio.TaskGroup()
        self._running: set[tuple[str, Act]] = set()
        self._unbroken: set[asyncio.Task[Any]] = set()  # what the end waits for
        self._closing = False

    @contextlib.asynccontextmanager
    async def at_work(self) -> AsyncGenerator[asyncio.TaskGroup]:
        """Let effects be started while the block lasts; the first that fails ends it."""
        async with self._tasks as tasks:
            yield tasks

    def start(self, generation: Generation, effect: Act) -> None:
        """Start what is due, unless it is under way."""
        key = (generation.id, effect)
        if key in self._running or self._closing:
            return
        self._running.add(key)
        slot = "" if isinstance(effect, StopJob) else effect.slot.title
        name = f"{type(effect).__name__.lower()} {generation.code} {slot}"
        task = self._tasks.create_task(self._run(key, generation), name=name)
        task.add_done_callback(self._unbroken.discard)
        if isinstance(effect, Copy):
            self._unbroken.add(task)

    def is_asking(self, generation_id: str) -> bool:
        """Whether the request for a generation's grid is on its way, or about to be."""
        return (generation_id, Send(Slot.GRID)) in self._running

    async def finish(self, seconds: float) -> None:
        """Start nothing more, and wait for what is under way, for so long at most.

        That is pictures, and requests that are written down already: one that is cut off then may
        have been sent, for all that the next process knows, and it would wait for the answer.
        """
        self._closing = True
        if self._unbroken:
            await asyncio.wait(self._unbroken, timeout=seconds)

    async def _run(self, key: tuple[str, Act], generation: Generation) -> None:
        _, effect = key
        try:
            match effect:
                case Copy():
                    await self._copy(generation, effect.slot)
                case Send():
                    await self._send(generation, effect.slot)
                case StopJob():
                    await self._sender.stop_job(generation)
                case _:
                    assert_never(effect)
        finally:
            self._running.discard(key)

    async def _copy(self, generation: Generation, slot: Slot) -> None:
        async def delayed(number: int) -> None:
            with contextlib.suppress(RowGone):
                self._notifier.delay(await self._repository.get(generation.id), slot, number)

        try:
            done = await self._copier.copy(generation, slot, delayed)
        finally:
            self._notifier.end_delay(generation.id, slot)
        row = await self._inbox.report(generation.id, done)
        if isinstance(done, PictureStored) and row.archived:  # deleted while it was on its way
            await self._copier.discard(done.picture.key)

    async def _send(self, generation: Generation, slot: Slot) -> None:
        """Commit the intention, then act on it once; the row decides whether it may be sent."""
        press = await self._press(generation, slot)
        if press is None and (slot != Slot.GRID or generation.origin.by_button):
            wanted = Reason(generation.origin.kind) if slot == Slot.GRID else slot.title
            missing = Problem(ProblemKind.NO_BUTTON, wanted)
            await self._inbox.report(generation.id, GivenUp(slot, missing))
            return
        ready = await self._sender.prepare(press)
        if isinstance(ready.refusal, Postponed):
            self._gate.hold.begin(ready.refusal.reason, ready.refusal.seconds)
            self._notifier.tell_again(generation)
            return
        if self._closing:
            return
        self._unbroken.add(cast("asyncio.Task[Any]", asyncio.current_task()))
        nonce = self._sender.new_nonce()
        intended = await self._inbox.report(generation.id, Intended(slot, nonce, ready.session_id))
        if intended.step(slot).nonce != nonce:
            return
        sending = functools.partial(
            log.info, "sending", gen=generation.code, slot=slot.title, nonce=nonce
        )
        trying = self._gate.hold.wait is not None  # perhaps for hours: one line is enough
        if not trying:
            sending()
        may_go = functools.partial(self._may_send, generation.id, slot, nonce)
        answer = ready.refusal or await self._sender.send(intended, slot, press, may_go)
        if trying and not isinstance(answer, Postponed):
            sending()
        await self._take(answer, generation.id, slot, nonce)

    def _may_send(self, generation_id: str, slot: Slot, nonce: str) -> bool:
        """Whether a recorded request should still be sent: nothing has stopped it meanwhile."""
        row = self._repository.tracker.get(generation_id)
        wanted = row is not None and row.active and row.step(slot).nonce == nonce
        return wanted and not self._gate.is_paused

    async def _press(self, generation: Generation, slot: Slot) -> Press | None:
        """Return the button to press: on its own grid, or on its parent's; none for `/imagine`."""
        own = slot != Slot.GRID
        above = generation if own else await self._repository.parent(generation)
        if above is None:
            return None
        if generation.step(slot).attempts:  # that button did not do: perhaps it has changed
            above = await self._with_live_buttons(above)
        button = upscale_button(above, slot) if own else child_button(above, generation.origin)
        return press_of(above, button)

    async def _with_live_buttons(self, generation: Generation) -> Generation:
        message_id = generation.step(Slot.GRID).message_id
        live = None if message_id is None else await self._sender.read_grid(message_id)
        if live is None:
            return generation
        return await self._inbox.report(generation.id, Matched(Slot.GRID, live, live=False))

    async def _take(self, answer: Answer, generation_id: str, slot: Slot, nonce: str) -> None:
        match answer:
            case Taken():
                self._gate.hold.end(accepted=False)
                await self._inbox.report(generation_id, Delivered(slot, nonce))
            case Postponed():
                self._gate.hold.begin(answer.reason, answer.seconds)
                await self._inbox.report(generation_id, NotSent(slot, nonce))
            case Withdrawn():
                await self._inbox.report(generation_id, NotSent(slot, nonce, withdrawn=True))
            case Rejected():
                event = NotAccepted(slot, nonce, answer.problem, answer.retry_after)
                await self._inbox.report(generation_id, event)
            case Unknown():
                log.warning("outcome_unknown", slot=slot.title, nonce=nonce, why=answer.reason)
            case _:
                assert_never(answer)


def press_of(above: Generation, button: Button | None) -> Press | None:
    """Return the press of a button of a generation's grid, if there is one."""
    grid = above.step(Slot.GRID).message_id
    if button is None or grid is None:
        return None
    return Press(message_id=grid, flags=above.message_flags, custom_id=button.custom_id)
