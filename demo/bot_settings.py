"""The settings of the demo's bot: from the sandbox alone, whatever else this machine has."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import config
import config_settings
from sandbox.people import OWNER
from tools.ports import free_port

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from demo.project import Project
    from sandbox import Sandbox

COMMAND_PREFIX = "!"
_UNANSWERED, _UNCHANGED, _AT_MOST = 60.0, 120.0, 900.0
"""Seconds until a silent Midjourney is given up, so that somebody who waits sees it; the second
is of Midjourney's time."""
_LEASE_SECONDS = 6
"""How long a bot that was killed keeps others from a project; without one, the system knows."""


class _Settings(config_settings.OnlyGiven, config.Settings):
    """The bot's settings, with nothing in them from the environment or a file."""


def values_for(sandbox: Sandbox, data: Path, project: Project | None = None) -> dict[str, str]:
    """Return settings for a bot that serves everybody in the sandbox, at the sandbox's speed."""
    speed = sandbox.clock.speed
    values = {
        "discord_token": sandbox.token,
        "discord_channel_id": str(sandbox.channel_id),
        "owner_ids": str(sandbox.people[OWNER].id),
        "allowed_user_ids": config_settings.EVERYBODY,
        "command_prefix": COMMAND_PREFIX,
        "data_dir": str(data),
        "pictures_address": f"127.0.0.1:{free_port()}",
        "press_interval": str(min(60.0, 1.5 / speed)),
        "answer_seconds": str(_UNANSWERED),
        "progress_seconds": str(max(_UNANSWERED, min(_AT_MOST, _UNCHANGED / speed))),
    }
    if project is not None:
        values |= {
            "supabase_url": project.url,
            "supabase_key": project.key,
            "lease_seconds": str(_LEASE_SECONDS),
        }
    return values


def settings(values: Mapping[str, str]) -> config.Settings:
    """Return them as the bot reads them."""
    return _Settings(**dict(values))  # pyright: ignore[reportArgumentType] -- pydantic reads texts


def environment(values: Mapping[str, str]) -> dict[str, str]:
    """Return an environment for the bot's process, in which every other setting is as usual.

    What is set here to nothing counts as unset, even where a file `.env` sets it.
    """
    numbers = config.Settings.model_fields["auto_upscale"].default  # the one that may be empty
    usual = dict.fromkeys(config.Settings.model_fields, "")
    usual["auto_upscale"] = ",".join(map(str, numbers))
    mine = {name.upper(): value for name, value in (usual | dict(values)).items()}
    others = {name: value for name, value in os.environ.items() if name.upper() not in mine}
    return others | mine
