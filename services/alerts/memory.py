"""What the next process must know of alerts: what was told, and how often it was started."""

from __future__ import annotations

import contextlib
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from domain.errors import StoreUnavailable
from services.temporary_files import temporary_file


class AlertKind(StrEnum):
    """What is told."""

    TOKEN = "token"  # noqa: S105 -- no password
    STORE = "store"
    DATABASE = "database"
    STOP = "stop"
    CRASHES = "crashes"
    STUCK = "stuck"


@dataclass(frozen=True, slots=True)
class Told:
    """When it may be told again; `arrived`: whether the message was taken, once at least."""

    again_at: datetime
    arrived: bool


@dataclass(slots=True)
class AlertMemory:
    """Both, as JSON in a file; where no file can be written, in this process alone."""

    file: Path | None = None
    told: dict[AlertKind, Told] = field(default_factory=dict[AlertKind, Told])
    starts: list[datetime] = field(default_factory=list[datetime])

    @classmethod
    def load(cls, file: Path) -> AlertMemory:
        """Read what the last process left; what cannot be read counts as nothing."""
        memory = cls(file)
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
            memory._read(json.loads(file.read_bytes()))
        return memory

    def _read(self, facts: Any) -> None:
        told = {
            AlertKind(name): Told(_time(one["again_at"]), bool(one["arrived"]))
            for name, one in facts["told"].items()
        }
        starts = [_time(each) for each in facts["starts"]]
        self.told, self.starts = told, starts

    def save(self) -> None:
        """Write it; a disk that refuses is no reason to stop."""
        if self.file is None:
            return
        told = {
            name.value: {"again_at": one.again_at.isoformat(), "arrived": one.arrived}
            for name, one in self.told.items()
        }
        facts = {"told": told, "starts": [each.isoformat() for each in self.starts]}
        with (
            contextlib.suppress(OSError, StoreUnavailable),
            temporary_file(self.file.parent) as new,
        ):
            new.write_text(json.dumps(facts), encoding="utf-8")
            new.replace(self.file)


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
