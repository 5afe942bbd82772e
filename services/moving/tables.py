"""The tables that are moved, and one form of their rows for every database.

In that form, which a database may send as JSON, whole numbers and truth values are texts, as no
reader rounds these; times are those of `services.database.rows.time_text`.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from domain.slots import Slot
from services.database.rows import JSON_COLUMNS, Row, time_text
from services.database.supabase.functions import json_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


class Table(NamedTuple):
    """A table, and the unique column by which its pages go on; None: it has one page."""

    name: str
    number: str | None
    page: int = 1000  #: rows


TABLES = (
    Table("generations", "seq", 200),
    Table("generation_events", "id"),
    Table("favourites", "number"),
    Table("people", "user_id"),
    Table("preferences", "person_id"),
    Table("presets", None),
)
"""In this order, so that what a row refers to is there before it."""
STATE = "queue_state"
"""Its only row is written last."""
NOT_MOVED = {"leases": "each database has its own", "legal_transitions": "they come with the code"}
_TIMES = frozenset(
    {
        *("created_at", "updated_at", "submitted_at", "completed_at", "not_before"),
        *("archiving_at", "archived_at", "at", "since", "paused_since", "hung_up_at"),
    }
)
_COMPUTED = "progress"
_STEPS = frozenset(f"{slot.title}_step" for slot in Slot)
_IDS = frozenset({"interaction_id", "progress_message_id", "message_id"})
"""Whole numbers in a step, which Postgres may have as texts."""


class WantedPicture(NamedTuple):
    """A picture that a row names, and what the row says of it; empty where it says nothing."""

    key: str
    sha256: str
    size: int


def common(row: Row) -> Row:
    """Return the row of a database in the common form."""
    return {name: _common(name, value) for name, value in row.items() if name != _COMPUTED}


def for_sqlite(row: Row) -> Row:
    """Return a row in the common form as SQLite keeps it; it makes numbers of texts by itself."""
    return {
        name: json.dumps(_with_ids(name, value)) if name in JSON_COLUMNS else value
        for name, value in row.items()
    }


def pictures(row: Row) -> Iterator[WantedPicture]:
    """Yield the pictures that a generation's row names, unless they were cleaned away."""
    if row["archived_at"] is not None:
        return
    for slot in Slot:
        key, facts = row[f"{slot.title}_url"], row[f"{slot.title}_step"]
        if key is not None:
            yield WantedPicture(key, str(facts.get("sha256", "")), int(facts.get("size", 0)))


@dataclass(slots=True)
class Digest:
    """How many rows there were, and the hash of all of them."""

    rows: int = 0
    _hash: Any = field(default_factory=hashlib.sha256)

    def add(self, rows: Iterable[Row]) -> None:
        """Add rows; those of one page may come in any order."""
        for text in sorted(json.dumps(row, sort_keys=True) for row in rows):
            self.rows += 1
            self._hash.update(text.encode())

    def value(self) -> tuple[int, str]:
        """Return what is equal for equal rows."""
        return self.rows, self._hash.hexdigest()


def _common(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name in JSON_COLUMNS:
        read = json.loads(value) if isinstance(value, str) else value
        return json.loads(json_text(_with_ids(name, read)))
    if name in _TIMES:
        return time_text(datetime.fromisoformat(value))
    if isinstance(value, int):  # also a truth value
        return str(int(value))
    return json.loads(json_text(value))


def _with_ids(name: str, facts: Any) -> Any:
    """Return a step with its ids as numbers."""
    if name not in _STEPS:
        return facts
    return {
        key: int(one) if key in _IDS and str(one).isdecimal() else one for key, one in facts.items()
    }
