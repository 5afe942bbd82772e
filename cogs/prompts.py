"""Makes the prompt that is sent of what a person typed."""

from __future__ import annotations

import difflib

import discord

from cogs.acceptance import with_preferred
from cogs.errors import Refused
from cogs.replies import Replies, as_typed
from domain.errors import BadPrompt, PromptFault
from domain.prompt_changes import with_defaults
from domain.prompt_check import check
from domain.prompt_parts import check_part, expanded, preset_names
from services.prompt_parts import PromptParts
from services.settings import CommandSettings


class Prompts:
    """Puts in presets and what the person prefers, and checks the whole as the settings say."""

    def __init__(self, settings: CommandSettings, parts: PromptParts, replies: Replies) -> None:
        """Keep the parts."""
        self._settings = settings
        self._parts = parts
        self._replies = replies
        self._words = replies.sentences.personal

    def read(self, message: discord.Message, typed: str) -> tuple[str, list[str]]:
        """Return the prompt to send, and notes about it for the answer.

        Raises `BadPrompt`, or `Refused` for an unknown preset.
        """
        return self.finished(message, self.expanded(typed))

    def expanded(self, typed: str) -> str:
        """Return a text with the words of its presets, or raise `Refused` for an unknown one."""
        presets = {name: preset.words for name, preset in self._parts.presets.items()}
        for name in preset_names(typed):
            if name not in presets:
                raise Refused(self.unknown(name), "unknown_preset")
        return expanded(typed, presets)

    def unknown(self, name: str) -> str:
        """Say that there is no such preset, and ask whether a similar one was meant."""
        near = next(iter(difflib.get_close_matches(name, self._parts.presets, n=1)), None)
        if near is None:
            return self._replies.say(self._words.unknown_preset, name=as_typed(f"+{name}"))
        return self._replies.say(
            self._words.nearest_preset, name=as_typed(f"+{name}"), near=f"`+{near}`"
        )

    def finished(self, message: discord.Message, prompt: str) -> tuple[str, list[str]]:
        """Return a prompt with attached pictures before it, and with what its author prefers."""
        attached = message.attachments
        if attached and not self._settings.allow_image_prompts:
            raise BadPrompt(PromptFault.LINK, found=attached[0].filename)
        said = self._checked(prompt, *(file.url for file in attached))
        preferred = self._parts.preferred_by(message.author.id)
        sent, used = with_defaults(said, preferred, self._fits)
        return sent, with_preferred(self._replies, used)

    def part(self, text: str, limit: int) -> str:
        """Return a part of later prompts as it is kept, or raise `BadPrompt`."""
        links, costly = self._settings.allow_image_prompts, self._settings.costly
        return check_part(text, limit, links=links, costly=costly)

    def _checked(self, prompt: str, *pictures: str) -> str:
        return check(
            prompt,
            self._settings.prompt_limit,
            pictures=pictures,
            links=self._settings.allow_image_prompts,
            costly=self._settings.costly,
        )

    def _fits(self, prompt: str) -> bool:
        try:
            self._checked(prompt)
        except BadPrompt:
            return False
        return True
