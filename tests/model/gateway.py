"""Discord's gateway: sessions, and how each event reaches the process, or does not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import asyncio

READY_SECONDS = 0.4
"""From the socket to READY or RESUMED."""
DELIVERY = (0.01, 0.03, 0.1)
LATE_SECONDS = (0.5, 3.0, 12.0)


class Listening(Protocol):
    """The process at the other end."""

    @property
    def alive(self) -> bool:
        """Whether it was not killed."""
        ...

    def connected(self, session_id: str, *, resumed: bool) -> None:
        """Hear that the gateway is there."""
        ...

    def disconnected(self) -> None:
        """Hear that the socket is closed."""
        ...


Event = Callable[[], None]


@dataclass
class GatewaySession:
    """One session of one process; `kept` is what a RESUME replays."""

    id: str
    process: Listening
    connected: bool = False
    kept: list[Event] = field(default_factory=list[Event])


@dataclass
class Faults:
    """How likely it is that an event comes twice, later than the next ones, or never."""

    twice: float = 0.0
    late: float = 0.0
    lost: float = 0.0


class SimulatedGateway:
    """At most one session is current; what is sent to another one, nobody gets."""

    def __init__(self, loop: asyncio.AbstractEventLoop, random: Random) -> None:
        self.faults = Faults()
        self.down = False  #: nobody can connect
        self.zombie = False  #: the socket is open, and nothing comes through it any more
        self.vanished_at = float("-inf")  #: when the last event was lost without any gap
        self._loop = loop
        self._random = random
        self._session: GatewaySession | None = None
        self._count = 0
        self._last_at = 0.0

    def knows(self, session_id: str) -> bool:
        """Whether interactions may name this session."""
        return self._session is not None and self._session.id == session_id

    def connect(self, process: Listening) -> None:
        """Give a process a session of its own, as soon as the gateway takes any."""
        self._loop.call_later(READY_SECONDS, self._connect, process)

    def _connect(self, process: Listening) -> None:
        if not process.alive:
            return
        if self.down:
            self._loop.call_later(5.0, self._connect, process)
            return
        self._count += 1
        self._session = GatewaySession(f"session-{self._count}", process, connected=True)
        process.connected(self._session.id, resumed=False)

    def drop(self, seconds: float, *, resumable: bool) -> None:
        """Close the socket; the library connects again after so long."""
        session = self._session
        if session is None or not session.connected:
            return
        session.connected = self.zombie = False
        session.process.disconnected()
        if not resumable:
            self._session = None
        self._loop.call_later(seconds, self._reconnect, session)

    def _reconnect(self, session: GatewaySession) -> None:
        if not session.process.alive or session.connected:
            return
        if self.down:
            self._loop.call_later(5.0, self._reconnect, session)
        elif self._session is session:
            session.connected = True
            kept, session.kept = session.kept, []
            for event in kept:
                event()
            session.process.connected(session.id, resumed=True)
        elif self._session is None:
            self._connect(session.process)

    def leave(self, process: Listening) -> None:
        """Forget a process that was killed."""
        if self._session is not None and self._session.process is process:
            self._session = None

    def send(self, event: Event, session_id: str | None = None, *, surely: bool = False) -> None:
        """Send an event to the session that there is, or only to a certain one.

        `surely`: as Discord does it, in order and once, to whoever is connected.
        """
        session = self._session
        if session is None or session_id not in {None, session.id}:
            return
        faults, chance = Faults() if surely else self.faults, self._random.random()
        if chance < faults.lost:
            self.vanished_at = self._loop.time()
            return
        delay = self._random.choice(DELIVERY)
        if chance < faults.lost + faults.late:
            self._deliver_in(delay + self._random.choice(LATE_SECONDS), session, event)
            return
        at = max(self._last_at + 0.001, self._loop.time() + delay)
        self._last_at = at
        self._deliver_in(at - self._loop.time(), session, event)
        if chance > 1 - faults.twice:
            self._deliver_in(at - self._loop.time() + 0.005, session, event)

    def _deliver_in(self, seconds: float, session: GatewaySession, event: Event) -> None:
        self._loop.call_later(seconds, self._deliver, session, event)

    def _deliver(self, session: GatewaySession, event: Event) -> None:
        if session.connected and session.process.alive and not self.zombie:
            event()
        elif self._session is session:
            session.kept.append(event)
