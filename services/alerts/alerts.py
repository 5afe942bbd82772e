"""Tells whoever runs the worker of a trouble: once, then hourly, and when it is over."""

from __future__ import annotations

from datetime import datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

import structlog

from services.alerts.memory import AlertKind, AlertMemory, Told
from services.alerts.webhook import NotTaken, Webhook

if TYPE_CHECKING:
    from collections.abc import Mapping

    from domain.ports import Clock
    from services.settings import AlertSettings

log = structlog.get_logger(__name__)

AGAIN = timedelta(hours=1)
AGAIN_IF_LOST = timedelta(minutes=5)
"""When a message that was not taken is sent again: it may have arrived all the same."""
STARTS, WITHIN = 5, timedelta(minutes=30)
"""So many starts in that time are a crash loop; an update or two are none."""
AWAY_SECONDS = 300.0
"""For so long the database must be away: less is an ordinary outage."""
FILE = "alerts.json"
"""In DATA_DIR."""


class AlertWords(NamedTuple):
    """How a trouble is told, and its end; nothing of it comes from Discord or from people."""

    begun: str
    over: str


WORDS: Mapping[AlertKind, AlertWords] = MappingProxyType(
    {
        AlertKind.TOKEN: AlertWords(
            begun="Discord doesn't accept DISCORD_TOKEN any more: nothing is done before it is "
            "renewed.",
            over="Discord accepts the token again.",
        ),
        AlertKind.STORE: AlertWords(
            begun="The database or the bucket refuses. The log says why, and so does "
            "`python bot.py check`; nothing is done before that is mended.",
            over="The database and the bucket are as they should be again.",
        ),
        AlertKind.DATABASE: AlertWords(
            begun="The database has not answered for some minutes: the project may be paused, or "
            "out of reach. Nothing is lost; the work waits.",
            over="The database answers again.",
        ),
        AlertKind.STOP: AlertWords(
            begun="The queue was stopped by something that only a person can settle: the channel "
            "says what. `!resume` lets it go on.",
            over="The queue goes on.",
        ),
        AlertKind.CRASHES: AlertWords(
            begun=f"It was started {STARTS} times or more within half an hour. The log says why "
            "it ends.",
            over="It has been running for a while again.",
        ),
        AlertKind.STUCK: AlertWords(
            begun="Something waits in the queue, and nothing has moved for 30 minutes. The log "
            "and `!health` say more.",
            over="The queue moves again.",
        ),
    }
)


class Alerts:
    """What was told, and the webhook; without one, nothing is told and nothing is kept."""

    def __init__(
        self, webhook: Webhook | None, memory: AlertMemory, clock: Clock, name: str = "Atelier"
    ) -> None:
        self._webhook = webhook
        self._memory = memory
        self._clock = clock
        self._name = name
        self._warned = False

    @classmethod
    def of(cls, settings: AlertSettings, clock: Clock) -> Alerts:
        """Return those that the settings ask for, with what the last process knew."""
        url = settings.alert_webhook_url
        if url is None:
            return cls(None, AlertMemory(), clock)
        memory = AlertMemory.load(settings.data_dir / FILE)
        name = f"Atelier, channel {settings.discord_channel_id}"
        return cls(Webhook(url, settings.proxy_url), memory, clock, name)

    @property
    def wanted(self) -> bool:
        """Whether anything is told at all."""
        return self._webhook is not None

    async def tell(self, trouble: AlertKind) -> None:
        """Tell that it is so, unless that was told within the last hour; it never raises."""
        told, now = self._memory.told.get(trouble), self._clock.now()
        if self._webhook is None or (told and _lies_ahead(told.again_at, now)):
            return
        arrived = told is not None and told.arrived
        # Noted before it is sent: a process that is killed here does not tell it at each start.
        self._note(trouble, Told(now + AGAIN_IF_LOST, arrived))
        if await self._send(trouble, WORDS[trouble].begun):
            self._note(trouble, Told(now + AGAIN, arrived=True))

    async def over(self, trouble: AlertKind) -> None:
        """Tell that it is over, if it was told that it was so."""
        told = self._memory.told.pop(trouble, None)
        if told is None:
            return
        self._memory.save()
        if told.arrived:
            await self._send(trouble, WORDS[trouble].over)

    async def started(self) -> None:
        """Note a start, and tell of too many."""
        if self._webhook is None:
            return
        self._memory.starts = [*self._lately(), self._clock.now()]
        self._memory.save()
        await self.judge_starts()

    async def judge_starts(self) -> None:
        """Tell of too many starts, or that they are over."""
        if len(self._lately()) >= STARTS:
            await self.tell(AlertKind.CRASHES)
        else:
            await self.over(AlertKind.CRASHES)

    def _lately(self) -> list[datetime]:
        now = self._clock.now()
        return [at for at in self._memory.starts if abs(now - at) < WITHIN][-STARTS:]

    def _note(self, trouble: AlertKind, told: Told) -> None:
        self._memory.told[trouble] = told
        self._memory.save()

    async def _send(self, trouble: AlertKind, words: str) -> bool:
        assert self._webhook is not None  # noqa: S101 -- or nothing was told
        try:
            await self._webhook.send(f"{self._name}: {words}")
        except NotTaken as error:
            if not self._warned:
                self._warned = True
                hint = "look at ALERT_WEBHOOK_URL; this is said once"
                log.warning("alert_not_sent", about=trouble.value, why=str(error), hint=hint)
            return False
        log.info("alert_sent", about=trouble.value)
        return True


def _lies_ahead(time: datetime, now: datetime) -> bool:
    """Whether a time is still to come; one that is too far ahead is a clock's that was put back."""
    return timedelta() < time - now <= AGAIN
