"""Parts of prompts that people keep: what somebody prefers, and the presets of the channel."""

from __future__ import annotations

from domain.ports import Lease, checked
from domain.prompt_parts import PartStore, Preset


class PromptParts:
    """Knows all of them, so that no prompt waits for the database because of them."""

    def __init__(self, store: PartStore, lease: Lease, channel_id: int) -> None:
        """Nothing is known of the database yet: see `load`."""
        self._store = store
        self._lease = lease
        self._channel_id = channel_id
        self._preferences: dict[int, str] = {}
        self._presets: dict[str, Preset] = {}

    async def load(self) -> None:
        """Read what is kept, before anybody is heard."""
        self._preferences = await self._store.list_preferences()
        presets = await self._store.list_presets(self._channel_id)
        self._presets = {preset.name: preset for preset in presets}

    def preferred_by(self, person_id: int) -> str:
        """Return the parameters that a person prefers; empty without any."""
        return self._preferences.get(person_id, "")

    async def set_preferred(self, person_id: int, parameters: str, command: int) -> None:
        """Keep what a person prefers, or nothing if it is empty."""
        fence = self._lease.fence
        checked(
            await self._store.set_preference(person_id, parameters, fence=fence, command=command)
        )
        self._preferences[person_id] = parameters

    @property
    def presets(self) -> dict[str, Preset]:
        """The presets of the channel by their names, which are in lower case."""
        return dict(sorted(self._presets.items()))

    async def set_preset(
        self, name: str, words: str, *, by: int, by_name: str, command: int
    ) -> None:
        """Keep a preset, or take it away if it has no words; whoever made it stays its author."""
        known = self._presets.get(name)
        preset = Preset(
            channel_id=self._channel_id,
            name=name,
            words=words,
            by=by if known is None else known.by,
            by_name=by_name if known is None else known.by_name,
        )
        outcome = await self._store.set_preset(preset, fence=self._lease.fence, command=command)
        checked(outcome)
        self._presets.pop(name, None)
        if words:
            self._presets[name] = preset
