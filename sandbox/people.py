"""The users: the account under test, four people, and Midjourney."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

MIDJOURNEY_ID = 936929561302675456  # the application and its bot user share this id


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxUser:
    """A Discord user. `token` opens REST and the gateway; Midjourney's bot has none."""

    id: int
    name: str
    bot: bool = False
    token: str = field(default="", repr=False)

    @property
    def mention(self) -> str:
        """How a message's text names this person."""
        return f"<@{self.id}>"

    def as_user(self) -> Json:
        """Return the public user object."""
        return {
            "id": str(self.id),
            "username": self.name,
            "global_name": self.name.title(),
            "discriminator": "0000" if self.bot else "0",
            "avatar": None,
            "bot": self.bot,
            "public_flags": 65536 if self.bot else 0,
        }

    def as_self(self) -> Json:
        """Return the user object that only its owner sees."""
        return self.as_user() | {
            "email": f"{self.name}@sandbox.invalid",
            "verified": True,
            "mfa_enabled": False,
            "flags": 0,
            "premium_type": 0,
            "phone": None,
            "nsfw_allowed": True,
            "locale": "en-US",
            "bio": "",
            "purchased_flags": 0,
        }


ACCOUNT = "atelier"
OWNER = "ann"
_NAMES = (ACCOUNT, OWNER, "ben", "cleo", "dora")


def make_people(seed: int) -> dict[str, SandboxUser]:
    """Return all users by name; the same seed gives the same tokens."""
    people = {
        name: SandboxUser(id=100_000_000_000_000_000 + number, name=name, token=_token(seed, name))
        for number, name in enumerate(_NAMES, start=1)
    }
    people["midjourney"] = SandboxUser(id=MIDJOURNEY_ID, name="Midjourney Bot", bot=True)
    return people


def _token(seed: int, name: str) -> str:
    digest = hashlib.sha256(f"{seed}:{name}".encode()).hexdigest()
    return f"sandbox.{name}.{digest[:24]}"
