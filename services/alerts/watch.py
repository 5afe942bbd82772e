"""Looks, while the worker runs, at what the channel may not hear of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from domain.errors import StoreUnavailable
from domain.generation import Status
from domain.ports import Clock, GenerationStore, Query
from services.alerts.alerts import AWAY_SECONDS, Alerts
from services.alerts.memory import AlertKind
from services.generation.orchestrator import Orchestrator
from services.lease import LeaseKeeper
from services.updates import GenerationUpdate, Update

LOOK_SECONDS = 30.0
STUCK_SECONDS = 1800.0


@dataclass(slots=True)
class AlertWatch:
    """Compares what it sees with what was told; `connected` says so of Discord's gateway."""

    alerts: Alerts
    orchestrator: Orchestrator
    lease_keeper: LeaseKeeper
    store: GenerationStore
    connected: Callable[[], bool]
    clock: Clock
    _answered_at: float = field(init=False)
    _moved_at: float = field(init=False)
    _seen: object = None

    def __post_init__(self) -> None:
        """Count from now."""
        self._answered_at = self._moved_at = self.clock.monotonic()

    def hear(self, news: Update) -> None:
        """Note that a generation has moved: repeated news, as of a delay, is no move."""
        if isinstance(news, GenerationUpdate):
            row = news.generation
            seen = (row.id, row.status, row.stored, news.percent)
            if seen != self._seen:
                self._seen, self._moved_at = seen, self.clock.monotonic()

    async def run(self) -> None:
        """Look again and again, until cancelled."""
        self.orchestrator.notifier.subscribe(self.hear)
        while True:
            await self.clock.sleep(LOOK_SECONDS)
            await self.look()

    async def look(self) -> None:
        """Look once."""
        await self.alerts.judge_starts()
        if self.connected():
            await self.alerts.over(AlertKind.TOKEN)
        now, answers = self.clock.monotonic(), self.lease_keeper.lasts()
        if answers:
            self._answered_at = now
        away = now - self._answered_at >= AWAY_SECONDS
        await self._say(AlertKind.DATABASE, so=away, over=answers)
        pause = self.orchestrator.queue_pause.pause
        if answers:  # else what is known of the pause and the queue may be old
            await self._say(AlertKind.STOP, so=pause is not None and pause.by is None)
            await self._look_at_queue(paused=pause is not None)

    async def _look_at_queue(self, *, paused: bool) -> None:
        now = self.clock.monotonic()
        if not paused and now - self._moved_at >= STUCK_SECONDS:
            await self._say(AlertKind.STUCK, so=await self._something_waits())
        elif paused or self._seen is not None:  # else nothing is known yet
            await self.alerts.over(AlertKind.STUCK)
        if paused:
            self._moved_at = now

    async def _something_waits(self) -> bool:
        if self.orchestrator.active() is not None:
            return True
        waiting = Query(statuses=frozenset({Status.QUEUED}), limit=1)
        try:
            if await self.store.list_generations(waiting):
                return True
        except StoreUnavailable:
            return False
        self._moved_at = self.clock.monotonic()  # what waits is counted from then on
        return False

    async def _say(self, trouble: AlertKind, *, so: bool, over: bool = True) -> None:
        if so:
            await self.alerts.tell(trouble)
        elif over:
            await self.alerts.over(trouble)
