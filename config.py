"""The settings of the process: the only place that reads the environment.

Every variable is checked, so that one start reports every problem. Values are never repeated,
because one may be a secret in the wrong place.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

from pydantic import ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from config_settings import GivenSettings, HostSettings, Settings, SubcommandSettings

if TYPE_CHECKING:
    from collections.abc import Mapping

S = TypeVar("S", bound=Settings)
FIELDS = SubcommandSettings.model_fields | Settings.model_fields
DOTENV = Path(".env")


class SettingsError(Exception):
    """The settings are wrong; `problems` has one sentence each, without any variable's value.

    `park` is PARK_ON_FATAL, which counts even if other settings are wrong.
    """

    def __init__(self, problems: list[str], *, park: bool) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems
        self.park = park


def load(env_file: Path | None = DOTENV) -> Settings:
    """Read the environment, then `env_file` for what is missing; or raise `SettingsError`.

    The file may be missing. A variable of the environment counts even if it is empty.
    """
    return _load(Settings, env_file)


def load_for_subcommands(env_file: Path | None = DOTENV) -> SubcommandSettings:
    """Read the same without what only Discord needs; `PORT` is read, too."""
    return _load(SubcommandSettings, env_file)


def load_for_host(given: object, prefix: object) -> HostSettings:
    """Return the settings inside somebody else's bot, which logs in by itself.

    `given` is a mapping with the variables' names, beside which nothing else is read; or settings,
    which are returned as they are; or None, and the environment is read. If what is read has no
    COMMAND_PREFIX, the bot's own `prefix` counts if it is a text.
    """
    if given is None:
        settings = _load(HostSettings, DOTENV)
    elif hasattr(given, "keys"):
        mapping = cast("Mapping[str, Any]", given)
        settings = _load(GivenSettings, None, **{k.lower(): mapping[k] for k in mapping})
    else:
        return cast("HostSettings", given)
    if isinstance(prefix, str) and "command_prefix" not in settings.model_fields_set:
        return settings.model_copy(update={"command_prefix": prefix})
    return settings


def _load(kind: type[S], env_file: Path | None, **given: Any) -> S:
    problems: list[str] = []
    try:
        return kind(_env_file=env_file, **given)  # pyright: ignore[reportCallIssue] -- the environment gives the fields
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False, include_input=False)
        problems = [_sentence(e["type"], str(e["loc"][0])) for e in found]
    except (OSError, UnicodeError):
        problems = [f"{env_file} cannot be read: make it a UTF-8 text that this account may read."]
    # Raised here, because an error raised above would have the values in its context.
    raise SettingsError(list(dict.fromkeys(problems)), park=_parks(env_file))


class _Parking(BaseSettings):
    """PARK_ON_FATAL alone, to be read when others are wrong."""

    model_config = SettingsConfigDict(extra="ignore")

    park_on_fatal: bool = False


def _parks(env_file: Path | None) -> bool:
    try:
        return _Parking(_env_file=env_file).park_on_fatal  # pyright: ignore[reportCallIssue] -- pydantic-settings' own argument
    except (ValidationError, OSError, UnicodeError):
        return False


def _sentence(kind: str, field: str) -> str:
    if kind == "extra_forbidden":
        return f"{field.upper()} is no setting of Atelier's."
    what = "is not set" if kind == "missing" else "is wrong"
    return f"{field.upper()} {what}: {FIELDS[field].description}."
