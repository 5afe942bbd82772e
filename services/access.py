"""Who may use the bot: as the settings say, and as owners have said by command."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Self

from domain.ports import Clock, GenerationStore, Lease, Outcome, Person, checked
from services.settings import AccessSettings

ONE_DAY = 24 * 60 * 60.0


class Access:
    """Knows who is allowed; what owners say by command outlives the process."""

    def __init__(
        self, settings: AccessSettings, store: GenerationStore, lease: Lease, clock: Clock
    ) -> None:
        """Nothing is known of the database yet: see `open`."""
        self._settings = settings
        self._store = store
        self._lease = lease
        self._clock = clock
        self._by_command: dict[int, Person] = {}
        self._refused_at: dict[int, float] = {}

    @classmethod
    async def open(
        cls, settings: AccessSettings, store: GenerationStore, lease: Lease, clock: Clock
    ) -> Self:
        """Read who was allowed or denied by command, before anybody is heard."""
        access = cls(settings, store, lease, clock)
        people = await store.list_people()
        access._by_command = {person.id: person for person in people}
        return access

    def is_owner(self, person_id: int) -> bool:
        """Whether the settings name this person as an owner."""
        return person_id in self._settings.owner_ids

    def allows(self, person_id: int, role_ids: Collection[int]) -> bool:
        """Whether a person may use the bot: owners always, others as said, or as set."""
        if self.is_owner(person_id):
            return True
        if person_id in self._by_command:
            return self._by_command[person_id].allowed
        settings = self._settings
        listed = settings.allow_everybody or person_id in settings.allowed_user_ids
        return listed or not settings.allowed_role_ids.isdisjoint(role_ids)

    def denies(self, person_id: int) -> bool:
        """Whether an owner has denied this person by command."""
        said = self._by_command.get(person_id)
        return said is not None and not said.allowed

    def allowed(self) -> list[int]:
        """Return whom the settings or owners' commands allow by name, besides the owners."""
        said = {person for person, one in self._by_command.items() if one.allowed}
        return sorted((self._settings.allowed_user_ids | said).difference(self.denied()))

    def denied(self) -> list[int]:
        """Return whom owners have denied by command."""
        return sorted(person for person, said in self._by_command.items() if not said.allowed)

    def allowed_since(self, person_id: int) -> datetime | None:
        """Since when an owner's command allows this person; None if none does."""
        said = self._by_command.get(person_id)
        return said.since if said is not None and said.allowed else None

    async def set_person(self, person: Person, command: int) -> bool:
        """Allow or deny somebody; False when that was so already."""
        fence = self._lease.fence
        outcome = await self._store.set_person(person, fence=fence, command=command)
        said = self._by_command.get(person.id)
        if said is None or said.allowed != person.allowed:  # a repeat changes nothing
            self._by_command[person.id] = person
        return checked(outcome) == Outcome.DONE

    def first_refusal_today(self, person_id: int) -> bool:
        """Whether this person was not told within a day that they may not use it; now they are."""
        now = self._clock.monotonic()
        last = self._refused_at.get(person_id)
        if last is not None and now - last < ONE_DAY:
            return False
        self._refused_at[person_id] = now
        return True
