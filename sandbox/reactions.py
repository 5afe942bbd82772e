"""Who reacted how to which message."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sandbox.people import Json, SandboxUser


class SandboxReactions:
    """The reactions by message and emoji, in the order in which they came."""

    def __init__(self, account: SandboxUser) -> None:
        self._account = account
        self._people: dict[int, dict[str, list[SandboxUser]]] = {}

    def add(self, message_id: int, emoji: str, person: SandboxUser) -> bool:
        """Note a reaction; False if this person's is there already."""
        people = self._people.setdefault(message_id, {}).setdefault(emoji, [])
        if person in people:
            return False
        people.append(person)
        return True

    def remove(self, message_id: int, emoji: str, person: SandboxUser) -> bool:
        """Take a reaction away; False if there is none."""
        people = self.people(message_id, emoji)
        if person not in people:
            return False
        self._people[message_id][emoji] = [each for each in people if each != person]
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
