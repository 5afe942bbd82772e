"""The variables of the environment: what each may be, and what it is where it is not set."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field, SecretStr, field_validator
from pydantic import model_validator as validator_of_all
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from config_types import (
    ALL,
    DAY,
    FIRST,
    LAST,
    CostlyWords,
    HostAndPort,
    HttpProxy,
    Id,
    Ids,
    PostgresUrl,
    ProjectUrl,
    PublicUrl,
    SentryDsn,
    UpscaleNumbers,
    WebhookUrl,
    as_list,
    count,
    is_no_secret_key,
    passwords_in,
    seconds,
)
from domain.effects import TimeLimits
from domain.parameters import Costly
from domain.prompt_check import LIMIT, MOST
from domain.quota import Quota
from domain.slots import UPSCALE_NUMBERS

if TYPE_CHECKING:
    from collections.abc import Mapping

EVERYBODY = "*"
_PROJECT = ("supabase_url", "supabase_key")
_DEVELOPER_MODE = "in Discord, with Developer Mode on,"
_LIMITS, _QUOTA = TimeLimits(), Quota()


class Settings(BaseSettings):
    """All settings, created by `load` in `main()` and passed on. Durations are in seconds.

    A field's description says what to write, for the error message.
    """

    model_config = SettingsConfigDict(
        extra="ignore", frozen=True, hide_input_in_errors=True, allow_inf_nan=False
    )

    discord_token: SecretStr = Field(
        description="write the account's token alone, without quotes and spaces",
    )
    discord_channel_id: Id = Field(
        description="write the private channel's id, 17 to 19 digits "
        f"({_DEVELOPER_MODE} right-click the channel and choose Copy Channel ID)",
    )
    owner_ids: Ids = Field(
        min_length=1,
        description="write the ids of those who administer, separated by commas "
        f"({_DEVELOPER_MODE} right-click a person and choose Copy User ID)",
    )
    allowed_user_ids: Ids = Field(
        default=frozenset(),
        description=f"write people's ids, separated by commas ({_DEVELOPER_MODE} right-click "
        f"a person and choose Copy User ID), or {EVERYBODY} for all who can write in the channel",
    )
    allow_everybody: bool = False  #: not a variable: set by ALLOWED_USER_IDS=*
    allowed_role_ids: Ids = Field(
        default=frozenset(),
        description="write roles' ids, separated by commas "
        f"({_DEVELOPER_MODE} right-click a role and choose Copy Role ID)",
    )
    allow_own_commands: bool = Field(default=False, description="write true or false")
    command_prefix: str = Field(
        default="!",
        pattern=r"^\S{1,5}$",
        description="write 1 to 5 characters without spaces, like !",
    )
    reply_language: Literal["en", "fr"] = Field(default="en", description="write en or fr")
    allow_image_prompts: bool = Field(default=False, description="write true or false")
    allow_costly: CostlyWords = Field(
        default=frozenset(),
        description=f"write some of {', '.join(Costly)}, separated by commas, or {ALL}",
    )
    allow_turbo: bool = Field(
        default=False,
        description=f"write true or false, or ALLOW_COSTLY={Costly.TURBO} in its place",
    )
    prompt_limit: int = Field(
        default=LIMIT,
        ge=1,
        le=MOST,
        description=f"write a number of characters, from 1 to {MOST}",
    )
    queue_limit: int = count(_QUOTA.queue)
    waiting_per_person: int = count(_QUOTA.waiting)
    daily_per_person: int = count(_QUOTA.daily)
    cooldown_seconds: float = Field(
        default=_QUOTA.cooldown,
        ge=0,
        le=DAY,
        description=f"write seconds up to {DAY}, like 30, or 0 for none",
    )
    answer_seconds: float = seconds(30, DAY, _LIMITS.unanswered)
    progress_seconds: float = seconds(60, DAY, _LIMITS.unchanged)
    queued_seconds: float = seconds(60, DAY, _LIMITS.queued)
    data_dir: Path = Field(default=Path("data"), description="write the path of a folder")
    pictures_address: HostAndPort = Field(
        default="127.0.0.1:8764",
        description="write a host and a port, like 127.0.0.1:8764",
    )
    picture_cache_seconds: int = seconds(0, 365 * DAY, DAY)
    gallery_password: SecretStr | None = Field(
        default=None,
        min_length=8,
        description="write a password of 8 characters or more",
    )
    gallery_url: PublicUrl | None = Field(
        default=None,
        description="write where people reach the gallery, like https://pictures.example, "
        "with nothing behind it",
    )
    auto_upscale: UpscaleNumbers = Field(
        default=UPSCALE_NUMBERS,
        description=f"write numbers from {FIRST} to {LAST}, separated by commas, "
        "or nothing for none",
    )
    press_interval: float = seconds(0, 60, 1.5)
    reactions: bool = Field(default=True, description="write true or false")
    notify_author: bool = Field(default=True, description="write true or false")
    park_on_fatal: bool = Field(default=False, description="write true or false")
    lease_seconds: float = seconds(2, 600, 30)
    proxy_url: HttpProxy | None = Field(
        default=None,
        repr=False,  # it may hold a password
        description="write the address of an HTTP proxy, like http://127.0.0.1:8080",
    )
    alert_webhook_url: WebhookUrl | None = Field(
        default=None,
        description="write a webhook's whole address, https://... (http:// only at this machine)",
    )
    sentry_dsn: SentryDsn | None = Field(
        default=None,
        description="write the DSN that Sentry shows for the project, https://...@.../...",
    )
    log_format: Literal["logfmt", "json", "console"] = Field(
        default="logfmt",
        description="write logfmt, json or console",
    )

    supabase_url: ProjectUrl | None = Field(
        default=None,
        description="write the project's URL alone, like https://abc.supabase.co, "
        "with nothing behind it",
    )
    supabase_key: SecretStr | None = Field(
        default=None,
        description="write the project's secret key (sb_secret_...), not one for browsers "
        "(publishable, anon), for users (authenticated) or for an account (sbp_...)",
    )
    supabase_bucket: str = Field(
        default="generations",
        pattern=r"^[a-z0-9][a-z0-9._-]{1,62}$",
        description="write the bucket's name: small letters, digits, dashes",
    )
    supabase_bucket_public: bool = Field(default=True, description="write true or false")
    supabase_db_url: PostgresUrl | None = Field(
        default=None,
        description="write the address of the project's Postgres, postgresql://..., "
        "with the database's password in the place of [YOUR-PASSWORD]",
    )

    retention_days: float | None = Field(
        default=None,
        gt=0,
        le=3650,
        description="write for how many days pictures are kept, up to 3650, like 90",
    )
    retention_per_person: int | None = Field(
        default=None,
        ge=1,
        le=100_000,
        description="write how many generations of each person keep their pictures, "
        "up to 100000, like 200",
    )
    event_retention_days: float | None = Field(
        default=None,
        ge=1,
        le=3650,
        description="write for how many days events are kept, 1 to 3650, like 90",
    )

    @property
    def costly(self) -> frozenset[Costly]:
        """What prompts may have though it costs more; ALLOW_TURBO is the older name of one."""
        turbo = {Costly.TURBO} if self.allow_turbo else set[Costly]()
        return self.allow_costly | turbo

    @property
    def limits(self) -> TimeLimits:
        """How long nothing may be heard of a step."""
        return TimeLimits(
            unanswered=self.answer_seconds,
            unchanged=self.progress_seconds,
            queued=self.queued_seconds,
        )

    @property
    def quota(self) -> Quota:
        """How much may wait, and how much one person may ask for."""
        return Quota(
            queue=self.queue_limit,
            waiting=self.waiting_per_person,
            daily=self.daily_per_person,
            cooldown=self.cooldown_seconds,
        )

    @property
    def secrets(self) -> tuple[str, ...]:
        """Return every text that must never appear, in a log or elsewhere."""
        kept = (
            self.discord_token,
            self.supabase_key,
            self.supabase_db_url,
            self.gallery_password,
            self.alert_webhook_url,
            self.sentry_dsn,
        )
        texts = [secret.get_secret_value() for secret in kept if secret is not None]
        if self.alert_webhook_url is not None:  # libraries may name it without its host
            texts.append(self.alert_webhook_url.get_secret_value().split("/", 3)[-1])
        addresses = filter(None, (self.supabase_db_url, self.sentry_dsn))
        parts = [part for each in addresses for part in passwords_in(each.get_secret_value())]
        found = (*texts, *passwords_in(self.proxy_url or ""), *parts)
        return tuple(dict.fromkeys(word for word in found if word))

    @validator_of_all(mode="before")
    @classmethod
    def _as_written(cls, values: Mapping[str, Any]) -> dict[str, Any]:
        """Drop empty values, which mean unset; only an empty AUTO_UPSCALE has a meaning.

        If only one of a project's two values is set, the other is kept as empty, and then refused.
        """
        texts = {n: v.strip() if isinstance(v, str) else v for n, v in values.items()}
        given = {n: v for n, v in texts.items() if v != "" or n == "auto_upscale"}
        if given.keys() & set(_PROJECT):
            given = {**dict.fromkeys(_PROJECT, ""), **given}
        users = as_list(given.pop("allowed_user_ids", ""))
        if isinstance(users, list) and EVERYBODY in users:
            return {**given, "allow_everybody": True}
        return {**given, "allow_everybody": False, "allowed_user_ids": users}

    @field_validator("discord_token")
    @classmethod
    def _plausible(cls, token: SecretStr) -> SecretStr:
        text = token.get_secret_value()
        if not (text.isascii() and text.isprintable()) or set(text) & set(" \"'"):
            raise ValueError
        return token

    @field_validator(*_PROJECT, mode="before")
    @classmethod
    def _both_or_neither(cls, value: object) -> object:
        if value == "":  # the other one is set
            raise PydanticCustomError("missing", "both or neither")
        return value

    @field_validator("supabase_key")
    @classmethod
    def _secret_key(cls, key: SecretStr | None) -> SecretStr | None:
        if key is not None and is_no_secret_key(key.get_secret_value()):
            raise ValueError
        return key

    @field_validator("auto_upscale")
    @classmethod
    def _each_once(cls, numbers: tuple[int, ...]) -> tuple[int, ...]:
        return tuple(sorted(set(numbers)))


class SubcommandSettings(Settings):
    """The settings of a subcommand, which needs no account of Discord's."""

    discord_token: SecretStr = SecretStr("")
    discord_channel_id: Id = Field(default=0, validate_default=False)
    owner_ids: Ids = frozenset()
    port: int | None = Field(
        default=None, ge=1, le=65535, description="write a port, as platforms do for web processes"
    )

    @property
    def gallery_address(self) -> str:
        """Where to serve the gallery: at PICTURES_ADDRESS, or at the port that a platform gives."""
        if self.port is None or "pictures_address" in self.model_fields_set:
            return self.pictures_address
        return f"0.0.0.0:{self.port}"


class HostSettings(Settings):
    """The settings inside somebody else's bot, which logs in by itself."""

    discord_token: SecretStr = SecretStr("")


class OnlyGiven(BaseSettings):
    """Settings that are given alone: nothing is read from the environment or a file."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: object,  # noqa: ARG003 -- pydantic-settings passes all of them
        init_settings: PydanticBaseSettingsSource,
        env_settings: object,  # noqa: ARG003 -- as above
        dotenv_settings: object,  # noqa: ARG003 -- as above
        file_secret_settings: object,  # noqa: ARG003 -- as above
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (init_settings,)


class GivenSettings(OnlyGiven, HostSettings):
    """The settings of somebody else's bot from a mapping, whose every name must be one of ours."""

    model_config = SettingsConfigDict(extra="forbid")
