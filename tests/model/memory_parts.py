"""The parts of prompts of the in-memory store."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from domain.ports import Outcome

if TYPE_CHECKING:
    from domain.prompt_parts import Preset
    from tests.model.memory_data import MemoryData


class MemoryPromptParts:
    """What people prefer, and presets: `PartStore` says what each method promises."""

    def __init__(self, data: MemoryData) -> None:
        self._data = data

    async def list_preferences(self) -> dict[int, str]:
        return dict(self._data.preferences)

    async def set_preference(
        self, person_id: int, parameters: str, *, fence: int, command: int
    ) -> Outcome:
        if not self._data.allows(fence):
            return Outcome.STALE_FENCE
        self._data.handled(command)
        if self._data.preferences.pop(person_id, "") == parameters:
            outcome = Outcome.ALREADY
        else:
            outcome = Outcome.DONE
        if parameters:
            self._data.preferences[person_id] = parameters
        return outcome

    async def list_presets(self, channel_id: int) -> list[Preset]:
        presets = self._data.presets
        return [presets[key] for key in sorted(presets) if key[0] == channel_id]

    async def set_preset(self, preset: Preset, *, fence: int, command: int) -> Outcome:
        if not self._data.allows(fence):
            return Outcome.STALE_FENCE
        self._data.handled(command)
        key = preset.channel_id, preset.name
        known = self._data.presets.pop(key, None)
        if preset.words:
            kept = preset if known is None else replace(known, words=preset.words)
            self._data.presets[key] = kept
        words = "" if known is None else known.words
        return Outcome.ALREADY if words == preset.words else Outcome.DONE
