"""Whom a message pings, by Discord's rules for `allowed_mentions`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sandbox.guild import Guild
    from sandbox.messages import SandboxMessage
    from sandbox.people import Json, SandboxUser

_USER = re.compile(r"<@!?(\d+)>")
_EVERYONE = re.compile(r"@(everyone|here)\b")


def mentioned(
    guild: Guild, content: str, allowed: Json | None, replied_to: SandboxMessage | None = None
) -> tuple[SandboxUser, ...]:
    """Return who is pinged. Without `allowed`, Discord pings everybody named or replied to."""
    named = [guild.person(int(found)) for found in _USER.findall(content)]
    if allowed is not None and "users" not in allowed.get("parse", ()):
        listed = {int(each) for each in allowed.get("users") or ()}
        named = [person for person in named if person and person.id in listed]
    if replied_to is not None and (allowed is None or allowed.get("replied_user", False)):
        named.append(replied_to.author)
    return tuple(dict.fromkeys(person for person in named if person))


def mentions_everyone(content: str, allowed: Json | None) -> bool:
    """Tell whether the message pings everyone."""
    may = allowed is None or "everyone" in allowed.get("parse", ())
    return may and bool(_EVERYONE.search(content))
