"""Who reacted how to which message."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.people import Json, SandboxUser


class SandboxReactions:
    """The reactions by message and emoji, in the order in which they came."""

    def __init__(self, account: SandboxUser) -> None:
        self._account = account
        self._people: dict[int, dict[str, list[SandboxUser]]] = {}
        self._listeners: list[Callable[[int], None]] = []

    def listen(self, listener: Callable[[int], None]) -> Callable[[], None]:
        """Call back with the message's id at every change; the returned function ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def add(self, message_id: int, emoji: str, person: SandboxUser) -> bool:
        """Note a reaction; False if this person's is there already."""
        people = self._people.setdefault(message_id, {}).setdefault(emoji, [])
        if person in people:
            return False
        people.append(person)
        self._tell(message_id)
        return True

    def remove(self, message_id: int, emoji: str, person: SandboxUser) -> bool:
        """Take a reaction away; False if there is none."""
        people = self.people(message_id, emoji)
        if person not in people:
            return False
        self._people[message_id][emoji] = [each for each in people if each != person]
        self._tell(message_id)
        return True

    def people(self, message_id: int, emoji: str) -> list[SandboxUser]:
        """Return who reacted so."""
        return self._people.get(message_id, {}).get(emoji, [])

    def shown(self, message_id: int) -> list[Json]:
        """Return what a message shows; `me` is the account's, whoever asks."""
        return [
            {
                "emoji": {"id": None, "name": emoji},
                "count": len(people),
                "count_details": {"normal": len(people), "burst": 0},
                "me": self._account in people,
                "me_burst": False,
                "burst_colors": [],
            }
            for emoji, people in self._people.get(message_id, {}).items()
            if people
        ]

    def _tell(self, message_id: int) -> None:
        for listener in tuple(self._listeners):
            listener(message_id)
