"""The slash commands of the guild: Midjourney's, and another bot's of the same name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.people import MIDJOURNEY_ID, SandboxUser

if TYPE_CHECKING:
    from sandbox.people import Json
    from sandbox.snowflakes import Snowflakes

IMAGINE_ID = 938956540159881230  # unchanged since 2022
_FIRST_VERSION = 1237876415471554623
_OTHER_BOT_ID = 300_000_000_000_000_001


class Commands:
    """The current version of /imagine, which changes whenever Midjourney edits the command."""

    def __init__(self, snowflakes: Snowflakes) -> None:
        self._snowflakes = snowflakes
        self.id = IMAGINE_ID
        self.version = _FIRST_VERSION

    def publish(self, *, anew: bool = False) -> None:
        """Edit or replace the command: what clients looked up before is out of date."""
        self.version = self._snowflakes.next()
        if anew:
            self.id = self._snowflakes.next()

    def index(self, *, offered: bool) -> Json:
        """Return the answer of `application-command-index`; /imagine may be turned off here.

        Another bot has an `imagine` too, listed first, so that looking only by name fails.
        """
        imagine = _command(self.id, MIDJOURNEY_ID, "imagine", self.version)
        return {
            "applications": [
                _application(_OTHER_BOT_ID, "Some Other Bot"),
                _application(MIDJOURNEY_ID, "Midjourney Bot"),
            ],
            "application_commands": [
                _command(300_000_000_000_000_002, _OTHER_BOT_ID, "imagine", _FIRST_VERSION),
                _command(972289487818334209, MIDJOURNEY_ID, "info", _FIRST_VERSION),
                *([imagine] if offered else []),
            ],
            "version": str(self.version),
        }


def _application(application_id: int, name: str) -> Json:
    bot = SandboxUser(id=application_id, name=name, bot=True)
    return {
        "id": str(application_id),
        "name": name,
        "icon": None,
        "description": "",
        "bot": bot.as_user(),
        "flags": 0,
    }


def _command(command_id: int, application_id: int, name: str, version: int) -> Json:
    prompt = {"type": 3, "name": "prompt", "description": "The prompt to imagine", "required": True}
    return {
        "id": str(command_id),
        "application_id": str(application_id),
        "version": str(version),
        "type": 1,
        "name": name,
        "description": "Create images with Midjourney",
        "options": [prompt] if name == "imagine" else [],
        "dm_permission": True,
        "nsfw": False,
        "integration_types": [0, 1],
        "global_popularity_rank": 1,
        "permissions": {"user": True},
    }
