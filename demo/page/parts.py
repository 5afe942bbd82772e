"""What the page needs from the rest of the demo, as protocols."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

Row = dict[str, Any]


class BotStatus(Protocol):
    """The bot's process, to look at."""

    @property
    def running(self) -> bool:
        """Whether there is a process, which may still be starting."""
        ...

    @property
    def ready(self) -> bool:
        """Whether there is one that hears the channel."""
        ...

    @property
    def starts(self) -> int:
        """How many times it was started."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """Something to do with the bot's process or database; `outcome` says what should happen."""

    name: str
    title: str
    outcome: str
    run: Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Contents:
    """What the database has: the latest rows and event rows, the newest first."""

    rows: Sequence[Row] = ()
    events: Sequence[Row] = ()


class DatabaseView(Protocol):
    """Reads the bot's database, while the bot is at work in it."""

    async def read(self) -> Contents:
        """Return what is there; nothing where there is no database yet."""
        ...

    async def close(self) -> None:
        """Close what was opened for it."""
        ...
