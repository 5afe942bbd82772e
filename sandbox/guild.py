"""The guild with its private channel: what Discord tells a client about them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sandbox.people import ACCOUNT, OWNER

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sandbox.people import Json, SandboxUser

GUILD_ID = 200_000_000_000_000_001
CHANNEL_ID = 200_000_000_000_000_002
MEMBERS_ROLE = 200_000_000_000_000_003

JOINED = "2024-01-01T00:00:00.000000+00:00"

# Discord's permission bits.
MANAGE_MESSAGES = 1 << 13
VIEW_CHANNEL = 1 << 10
ADD_REACTIONS = 1 << 6
_SEND_MESSAGES = 1 << 11
_EMBED_LINKS = 1 << 14
_ATTACH_FILES = 1 << 15
READ_MESSAGE_HISTORY = 1 << 16
_USE_EXTERNAL_EMOJIS = 1 << 18
_USE_APPLICATION_COMMANDS = 1 << 31

EVERYONE_MAY = (
    ADD_REACTIONS
    | VIEW_CHANNEL
    | _SEND_MESSAGES
    | _EMBED_LINKS
    | _ATTACH_FILES
    | READ_MESSAGE_HISTORY
    | _USE_EXTERNAL_EMOJIS
    | _USE_APPLICATION_COMMANDS
)


@dataclass
class GuildSetup:
    """What the people of a server decide, and may have wrong."""

    everybody_sees: bool = False  #: whether the channel is open to the whole server
    taken: int = 0  #: the permission bits that members lack in the channel
    slow_mode: int = 0  #: seconds
    imagine_offered: bool = True  #: whether Midjourney's commands may be used in the channel
    absent: frozenset[str] = frozenset()  #: names of people who have left


class Guild:
    """Answers questions about the guild; `people` is everybody by name, Midjourney included."""

    def __init__(self, people: Mapping[str, SandboxUser]) -> None:
        self.id = GUILD_ID
        self.channel_id = CHANNEL_ID
        self.owner = people[OWNER]
        self.account = people[ACCOUNT]
        self.people = people
        self.setup = GuildSetup()
        self._by_id = {person.id: person for person in people.values()}
        self._by_token = {person.token: person for person in people.values() if person.token}

    def person(self, person_id: int) -> SandboxUser | None:
        """Return the member with this id."""
        return self._by_id.get(person_id)

    def members(self) -> list[SandboxUser]:
        """Return who is in the server."""
        return [each for name, each in self.people.items() if name not in self.setup.absent]

    def holder_of(self, token: str) -> SandboxUser | None:
        """Return the person to whom the token belongs."""
        return self._by_token.get(token)

    def may(self, person: SandboxUser, permissions: int) -> bool:
        """Whether a person has all of these permissions in the channel; the owner has every one."""
        return person == self.owner or not self.setup.taken & permissions

    def member(self) -> Json:
        """Return the member object, the same for everybody, as it accompanies a message."""
        return {
            "roles": [str(MEMBERS_ROLE)],
            "joined_at": JOINED,
            "nick": None,
            "avatar": None,
            "premium_since": None,
            "communication_disabled_until": None,
            "deaf": False,
            "mute": False,
            "pending": False,
            "flags": 0,
        }

    def full_member(self, person: SandboxUser) -> Json:
        """Return the member object with its user."""
        return self.member() | {"user": person.as_user()}

    def channel(self) -> Json:
        """Return the channel: hidden from everyone, open to the role that every member has."""
        taken = self.setup.taken
        closed = 0 if self.setup.everybody_sees else VIEW_CHANNEL
        hidden = {"id": str(self.id), "type": 0, "allow": "0", "deny": str(closed)}
        allowed = {"allow": str(EVERYONE_MAY & ~taken), "deny": str(taken)}
        shown = {"id": str(MEMBERS_ROLE), "type": 0, **allowed}
        return {
            "id": str(self.channel_id),
            "type": 0,
            "guild_id": str(self.id),
            "name": "atelier",
            "topic": "Write !imagine and a few words",
            "position": 0,
            "parent_id": None,
            "nsfw": False,
            "rate_limit_per_user": self.setup.slow_mode,
            "last_message_id": None,
            "permission_overwrites": [hidden, shown],
            "flags": 0,
        }

    def properties(self) -> Json:
        """Return the guild's own fields."""
        return {
            "id": str(self.id),
            "name": "Sandbox",
            "icon": None,
            "owner_id": str(self.owner.id),
            "features": [],
            "verification_level": 0,
            "default_message_notifications": 0,
            "explicit_content_filter": 0,
            "mfa_level": 0,
            "nsfw_level": 0,
            "premium_tier": 0,
            "preferred_locale": "en-US",
            "system_channel_id": None,
            "afk_timeout": 300,
        }

    def roles(self) -> list[Json]:
        """Return @everyone (whose id is the guild's) and the role of the members."""
        plain: Json = {
            "color": 0,
            "hoist": False,
            "managed": False,
            "mentionable": False,
            "flags": 0,
        }
        everyone = {"id": str(self.id), "name": "@everyone", "position": 0}
        members = {"id": str(MEMBERS_ROLE), "name": "members", "position": 1}
        return [plain | each | {"permissions": str(EVERYONE_MAY)} for each in (everyone, members)]

    def ready(self, person: SandboxUser, session_id: str, gateway_url: str) -> Json:
        """Return READY for a client of this person."""
        whole: Json = {
            "id": str(self.id),
            "properties": self.properties(),
            "roles": self.roles(),
            "channels": [self.channel()],
            "threads": [],
            "emojis": [],
            "stickers": [],
            "stage_instances": [],
            "guild_scheduled_events": [],
            "member_count": len(self.people),
            "large": False,
            "lazy": True,
            "joined_at": JOINED,
            "premium_subscription_count": 0,
        }
        return {
            "v": 9,
            "user": person.as_self(),
            "users": [each.as_user() for each in self.people.values() if each != person],
            "session_id": session_id,
            "session_type": "normal",
            "resume_gateway_url": gateway_url,
            "sessions": [_presence(session_id)],
            "guilds": [whole],
            "merged_members": [[self._merged_member(person)]],
            "relationships": [],
            "private_channels": [],
            "read_state": {"version": 1, "partial": False, "entries": []},
            "user_guild_settings": {"version": 1, "partial": False, "entries": []},
            "user_settings_proto": "",
            "connected_accounts": [],
            "guild_experiments": [],
            "experiments": [],
            "country_code": "CA",
            "api_code_version": 1,
        }

    def _merged_member(self, person: SandboxUser) -> Json:
        # READY names users once, in `users`, and members by their id.
        return self.member() | {"user_id": str(person.id)}

    def ready_supplemental(self) -> Json:
        """Return READY_SUPPLEMENTAL: no other member, as none is a friend; nobody's presence."""
        return {
            "guilds": [{"id": str(self.id), "voice_states": []}],
            "merged_members": [[]],
            "merged_presences": {"guilds": [[]], "friends": []},
            "lazy_private_channels": [],
            "disclose": [],
        }


def _presence(session_id: str) -> Json:
    return {
        "session_id": session_id,
        "status": "online",
        "active": True,
        "activities": [],
        "client_info": {"os": "windows", "client": "web", "version": 0},
    }
