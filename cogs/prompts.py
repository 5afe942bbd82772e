"""Makes the prompt that is sent of what a person typed."""

from __future__ import annotations

import discord

from domain.errors import BadPrompt, PromptFault
from domain.prompts import check
from services.settings import CommandSettings


def checked(message: discord.Message, prompt: str, settings: CommandSettings) -> str:
    """Return the prompt, with attached pictures before it, or raise `BadPrompt`."""
    attached = message.attachments
    if attached and not settings.allow_image_prompts:
        raise BadPrompt(PromptFault.LINK, found=attached[0].filename)
    pictures = [file.url for file in attached]
    return check(
        prompt,
        settings.prompt_limit,
        pictures=pictures,
        links=settings.allow_image_prompts,
        costly=settings.costly,
    )
