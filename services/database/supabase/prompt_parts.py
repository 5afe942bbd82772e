"""What people prefer, and the presets of channels, in Postgres."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.database.personal_rows import preference, preset, preset_row
from services.database.supabase.functions import Functions, json_text

if TYPE_CHECKING:
    from domain.ports import Outcome
    from domain.prompt_parts import Preset


class SupabasePromptParts:
    """The part of the store for parts of prompts."""

    def __init__(self, functions: Functions) -> None:
        self._functions = functions

    async def list_preferences(self) -> dict[int, str]:
        """Return what people prefer, by their ids."""
        answer = await self._functions.call("list_preferences")
        return dict(preference(row) for row in answer.value)

    async def set_preference(
        self, person_id: int, parameters: str, *, fence: int, command: int
    ) -> Outcome:
        """Keep what a person prefers, nothing if it is empty."""
        answer = await self._functions.call(
            "set_preference",
            person_id=person_id,
            parameters=parameters,
            fence=fence,
            command=command,
        )
        return answer.outcome

    async def list_presets(self, channel_id: int) -> list[Preset]:
        """Return the presets of a channel, by name."""
        answer = await self._functions.call("list_presets", channel_id=channel_id)
        return [preset(row) for row in answer.value]

    async def set_preset(self, preset: Preset, *, fence: int, command: int) -> Outcome:
        """Keep a preset, or take it away if it has no words; its first author stays."""
        answer = await self._functions.call(
            "set_preset", preset=json_text(preset_row(preset)), fence=fence, command=command
        )
        return answer.outcome
