"""The settings that services and cogs need, wherever they come from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from domain.effects import TimeLimits
from domain.parameters import Costly
from domain.quota import Quota

if TYPE_CHECKING:
    from pathlib import Path


class Secret(Protocol):
    """A text that shows itself only when asked."""

    def get_secret_value(self) -> str:
        """Return the text."""
        ...


class AccessSettings(Protocol):
    """Who may use it. Ids are Discord's."""

    @property
    def owner_ids(self) -> frozenset[int]:
        """Who administers, and may use it in any case."""
        ...

    @property
    def allowed_user_ids(self) -> frozenset[int]:
        """Who else may use it."""
        ...

    @property
    def allow_everybody(self) -> bool:
        """Whether all who can write in the channel may use it."""
        ...

    @property
    def allowed_role_ids(self) -> frozenset[int]:
        """Whose bearers may use it."""
        ...


class CommandSettings(Protocol):
    """What people may type, and what they are answered."""

    @property
    def command_prefix(self) -> str:
        """What a command begins with."""
        ...

    @property
    def reply_language(self) -> str:
        """The language of what the bot says: `en` or `fr`."""
        ...

    @property
    def allow_image_prompts(self) -> bool:
        """Whether pictures and links may be part of a prompt."""
        ...

    @property
    def costly(self) -> frozenset[Costly]:
        """What prompts may have though it costs more than an ordinary grid."""
        ...

    @property
    def prompt_limit(self) -> int:
        """How many characters a prompt may have."""
        ...

    @property
    def quota(self) -> Quota:
        """How much may wait, and how much one person may ask for."""
        ...

    @property
    def reactions(self) -> bool:
        """Whether reactions to messages are carried out."""
        ...

    @property
    def notify_author(self) -> bool:
        """Whether the final notice notifies its author."""
        ...


class WorkSettings(Protocol):
    """How the work on a generation is done. Durations are in seconds."""

    @property
    def discord_channel_id(self) -> int:
        """The private channel."""
        ...

    @property
    def auto_upscale(self) -> tuple[int, ...]:
        """Which upscales, 1 to 4 in ascending order, every new generation wants."""
        ...

    @property
    def press_interval(self) -> float:
        """The least time between two requests to Midjourney: each `/imagine` and each button."""
        ...

    @property
    def limits(self) -> TimeLimits:
        """How many seconds of silence a step may have."""
        ...

    @property
    def lease_seconds(self) -> float:
        """How long the lease lasts when it is not renewed."""
        ...

    @property
    def proxy_url(self) -> str | None:
        """The HTTP proxy for everything that goes to Discord; may hold a password."""
        ...


class StorageSettings(Protocol):
    """Where facts and pictures are kept."""

    @property
    def data_dir(self) -> Path:
        """The folder of the embedded database and pictures; it need not exist."""
        ...

    @property
    def pictures_address(self) -> str:
        """Where the embedded pictures are served: `host:port`, an IPv6 host in brackets."""
        ...

    @property
    def picture_cache_seconds(self) -> int:
        """For how long caches may keep a picture that everybody may see."""
        ...

    @property
    def supabase_url(self) -> str | None:
        """The Supabase project; without one, everything is kept on this machine."""
        ...

    @property
    def supabase_key(self) -> Secret | None:
        """The project's secret key."""
        ...

    @property
    def supabase_bucket(self) -> str:
        """The bucket of the pictures."""
        ...

    @property
    def supabase_bucket_public(self) -> bool:
        """Whether everybody who has a picture's address may see it."""
        ...


class AlertSettings(Protocol):
    """Where a worker's own troubles are told."""

    @property
    def alert_webhook_url(self) -> Secret | None:
        """The webhook; None: they are not told."""
        ...

    @property
    def data_dir(self) -> Path:
        """The folder for what the next process must know of it."""
        ...

    @property
    def discord_channel_id(self) -> int:
        """The private channel, by which workers are told apart."""
        ...

    @property
    def proxy_url(self) -> str | None:
        """The HTTP proxy for everything that goes to Discord; may hold a password."""
        ...


class GallerySettings(Protocol):
    """Who may see the gallery, and where."""

    @property
    def reply_language(self) -> str:
        """The language of the pages: `en` or `fr`."""
        ...

    @property
    def command_prefix(self) -> str:
        """What a command begins with."""
        ...

    @property
    def owner_ids(self) -> frozenset[int]:
        """Who administers; where it is one, that is whose stars are given at this machine."""
        ...

    @property
    def discord_channel_id(self) -> int:
        """The private channel, whose favourites are shown; 0 where it is not known."""
        ...

    @property
    def gallery_password(self) -> Secret | None:
        """What opens the gallery to whoever does not sit at this machine."""
        ...

    @property
    def gallery_url(self) -> str | None:
        """Where people reach it, without a slash at the end; None: at its own address alone."""
        ...


class GalleryAndStorageSettings(StorageSettings, GallerySettings, Protocol):
    """What a process needs that only shows the gallery."""


class RetentionSettings(Protocol):
    """How long pictures and events are kept."""

    @property
    def retention_days(self) -> float | None:
        """For how many days pictures are kept after their generation ended; None: for ever."""
        ...

    @property
    def retention_per_person(self) -> int | None:
        """Of how many generations of each person the pictures are kept; None: of all."""
        ...

    @property
    def event_retention_days(self) -> float | None:
        """For how many days events are kept, of generations that have ended; None: for ever."""
        ...


class ServiceSettings(
    AccessSettings,
    CommandSettings,
    WorkSettings,
    StorageSettings,
    GallerySettings,
    RetentionSettings,
    Protocol,
):
    """All the settings behind the cogs, read-only."""
