"""A gateway session: it outlives its connection and remembers what to replay."""

from __future__ import annotations

import json
from collections import deque
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sandbox.connections import GatewaySocket
    from sandbox.people import SandboxUser

REPLAY_BUFFER = 1000  # events that a session can catch up with after a RESUME


class Session:
    """The numbered events of one client, and its connection, if there is one."""

    def __init__(self, session_id: str, person: SandboxUser) -> None:
        self.id = session_id
        self.person = person
        self.connection: GatewaySocket | None = None
        self._sequence = 0
        self._sent: deque[tuple[int, str]] = deque(maxlen=REPLAY_BUFFER)

    def dispatch(self, event: str, data: object) -> None:
        """Give an event its number, keep it for a replay, and send it to a connected client."""
        self._sequence += 1
        frame = json.dumps({"op": 0, "t": event, "s": self._sequence, "d": data})
        self._sent.append((self._sequence, frame))
        if self.connection is not None:
            self.connection.send(frame)

    def missed_since(self, sequence: Any) -> list[str] | None:
        """Return the frames after that number, or None if they are no longer available."""
        oldest = self._sent[0][0] if self._sent else 1
        if not isinstance(sequence, int) or not oldest - 1 <= sequence <= self._sequence:
            return None
        return [frame for number, frame in self._sent if number > sequence]
