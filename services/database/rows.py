"""A generation as a row of a table, and back: one mapping for every database.

A row is a dictionary from column names to JSON values; times are ISO 8601 text in UTC. The columns
of `JSON_COLUMNS` hold lists and dictionaries. A picture has two columns: `grid_url` has its key,
`grid_step` the step that made it and the picture's other data.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar

import structlog

from domain.acceptance import MOST_COUNTED, REFUSALS, Bounds, Load
from domain.archive import Candidate
from domain.errors import StoreRefused
from domain.generation import (
    Button,
    Generation,
    NewGeneration,
    Origin,
    OriginKind,
    Picture,
    Problem,
    ProblemKind,
    Proof,
    Status,
    Step,
)
from domain.ports import Person
from domain.slots import Slot

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

log = structlog.get_logger(__name__)

Row = dict[str, Any]
_T = TypeVar("_T")
_R = TypeVar("_R")

STORE_COLUMNS = frozenset(
    {
        *("seq", "turn", "version", "progress", "created_at", "updated_at"),
        *("archiving_at", "archived_at", "grid_copy"),
    }
)
"""Set by the store, so never written from a record."""
JSON_COLUMNS = ("wanted", "buttons", *(f"{slot.title}_step" for slot in Slot))


def below(before_seq: int | None) -> int:
    """Return the `seq` below which a page starts; for the first page, it is above every row's."""
    return 2**63 - 1 if before_seq is None else before_seq


def new_row(new: NewGeneration) -> Row:
    """Return the columns that a command fills."""
    row: Row = {
        "id": new.id,
        "code": new.code,
        "prompt": new.prompt,
        "author_id": new.author_id,
        "author_name": new.author_name,
        "guild_id": new.guild_id,
        "channel_id": new.channel_id,
        "command_message_id": new.command_message_id,
        "origin_kind": new.origin.kind.value,
        "parent_id": new.origin.parent_id,
        "parent_index": new.origin.index,
        "wanted": [slot.value for slot in new.wanted],
        "echo": new.echo,
        "buttons": [asdict(button) for button in new.buttons],
        "message_flags": new.message_flags,
    }
    for slot in Slot:
        row |= _step_columns(slot, new.step(slot))
    return row


def to_row(generation: Generation) -> Row:
    """Return every column of the table."""
    return new_row(generation) | {
        "seq": generation.seq,
        "turn": generation.turn,
        "status": generation.status.value,
        "progress": generation.progress,
        "version": generation.version,
        "status_message_id": generation.status_message_id,
        "status_replaced": generation.status_replaced,
        "notice_message_id": generation.notice_message_id,
        "not_before": _optional(time_text, generation.not_before),
        "error": _optional(str, generation.problem),
        "created_at": time_text(generation.created_at),
        "updated_at": time_text(generation.updated_at),
        "submitted_at": _optional(time_text, generation.submitted_at),
        "completed_at": _optional(time_text, generation.completed_at),
        "archiving_at": _optional(time_text, generation.archiving_at),
        "archived_at": _optional(time_text, generation.archived_at),
        "grid_copy": generation.grid_copy,
    }


def from_row(row: Mapping[str, Any]) -> Generation:
    """Read a whole row, however the database spells its times and numbers.

    If somebody made it unreadable by hand, raise a `StoreRefused` that names it.
    """
    try:
        return _generation(row)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        why = f"{type(error).__name__}: {error}"
        raise StoreRefused(
            f"the row of generation {row['code']} cannot be read ({why}): mend it in the database"
        ) from error


def from_rows(
    rows: Iterable[Mapping[str, Any]],
    read: Callable[[Mapping[str, Any]], Generation] = from_row,
) -> list[Generation]:
    """Read every readable row: one that somebody broke by hand must not hide the others."""
    found: list[Generation] = []
    for row in rows:
        try:
            found.append(read(row))
        except StoreRefused as error:
            log.warning("row_left_out", gen=row.get("code"), why=str(error))
    return found


def _generation(row: Mapping[str, Any]) -> Generation:
    return Generation(
        id=row["id"],
        code=row["code"],
        prompt=row["prompt"],
        author_id=int(row["author_id"]),
        author_name=row["author_name"],
        guild_id=int(row["guild_id"]),
        channel_id=int(row["channel_id"]),
        command_message_id=int(row["command_message_id"]),
        wanted=tuple(Slot(number) for number in row["wanted"]),
        origin=Origin(
            kind=OriginKind(row["origin_kind"]),
            parent_id=row["parent_id"],
            index=row["parent_index"],
        ),
        seq=row["seq"],
        turn=row["turn"],
        version=row["version"],
        created_at=_time(row["created_at"]),
        updated_at=_time(row["updated_at"]),
        status=Status(row["status"]),
        progress=float(row["progress"]),
        not_before=_optional(_time, row["not_before"]),
        echo=row["echo"],
        buttons=tuple(_button(button) for button in row["buttons"]),
        message_flags=row["message_flags"],
        steps=tuple(_step(slot, row) for slot in Slot),
        status_message_id=_optional(int, row["status_message_id"]),
        status_replaced=bool(row["status_replaced"]),
        notice_message_id=_optional(int, row["notice_message_id"]),
        problem=_optional(_problem, row["error"]),
        submitted_at=_optional(_time, row["submitted_at"]),
        completed_at=_optional(_time, row["completed_at"]),
        archiving_at=_optional(_time, row["archiving_at"]),
        archived_at=_optional(_time, row["archived_at"]),
        grid_copy=row["grid_copy"],
    )


def candidate(row: Mapping[str, Any]) -> Candidate:
    """Read what the clean-up needs to know about a generation."""
    return Candidate(
        seq=row["seq"],
        id=row["id"],
        code=row["code"],
        author_id=int(row["author_id"]),
        status=Status(row["status"]),
        changed_at=_time(row["updated_at"]),
        begun=row["archiving_at"] is not None,
        pictures=row["pictures"],
        size=int(row["size"]),
    )


def person_row(person: Person) -> Row:
    """Return the columns of the table of people."""
    return {
        "user_id": person.id,
        "allowed": person.allowed,
        "by_id": person.by,
        "since": time_text(person.since),
    }


def person(row: Mapping[str, Any]) -> Person:
    """Read a row of the table of people."""
    return Person(
        id=int(row["user_id"]),
        allowed=bool(row["allowed"]),
        by=int(row["by_id"]),
        since=_time(row["since"]),
    )


def load(row: Mapping[str, Any]) -> Load:
    """Read how much is waiting."""
    return Load(
        waiting=row["waiting"],
        own_waiting=row["own_waiting"],
        own_lately=row["own_lately"],
        own_last=_optional(_time, row["own_last"]),
    )


def bounds_row(bounds: Bounds) -> Row:
    """Return the bounds of a command, and up to which number their counts go."""
    return {
        "since": time_text(bounds.since),
        "limit": MOST_COUNTED,
        "waiting": bounds.waiting,
        "own_waiting": bounds.own_waiting,
        "own_lately": bounds.own_lately,
        "own_last": _optional(time_text, bounds.own_last),
        "refused": _optional(time_text, bounds.refused),
        "refusals": REFUSALS,
    }


def writable(generation: Generation) -> Row:
    """Return the columns without those that the store sets."""
    row = to_row(generation)
    return {column: value for column, value in row.items() if column not in STORE_COLUMNS}


def changes(before: Generation, after: Generation) -> Row:
    """Return the columns that differ from `before`, without those that the store sets."""
    old = to_row(before)
    return {column: value for column, value in writable(after).items() if value != old[column]}


def time_text(time: datetime) -> str:
    """Return the time in UTC, always with six digits after the second, so that texts sort."""
    return time.astimezone(UTC).isoformat(timespec="microseconds")


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def _optional(convert: Callable[[_T], _R], value: _T | None) -> _R | None:
    return None if value is None else convert(value)


def _step_columns(slot: Slot, step: Step) -> Row:
    """Leave out empty values: a step that was not requested is `{}`."""
    facts: Row = {
        "asked_at": _optional(time_text, step.asked_at),
        "intended_at": _optional(time_text, step.intended_at),
        "nonce": step.nonce,
        "session_id": step.session_id,
        "attempts": step.attempts or None,
        "unanswered": step.unanswered or None,
        "delivered_at": _optional(time_text, step.delivered_at),
        "accepted_at": _optional(time_text, step.accepted_at),
        "accepted_by": step.accepted_by,
        "job_queued": step.job_queued or None,
        "interaction_id": step.interaction_id,
        "progress_message_id": step.progress_message_id,
        "gone_at": _optional(time_text, step.gone_at),
        "job_id": step.job_id,
        "message_id": step.message_id,
        "picture_url": step.picture_url,
        "problem": _optional(str, step.problem),
    }
    filled = {name: value for name, value in facts.items() if value is not None}
    if step.picture is None:
        return {f"{slot.title}_url": None, f"{slot.title}_step": filled}
    filled |= picture_facts(step.picture)
    return {f"{slot.title}_url": step.picture.key, f"{slot.title}_step": filled}


def _step(slot: Slot, row: Mapping[str, Any]) -> Step:
    facts: Mapping[str, Any] = row[f"{slot.title}_step"]
    return Step(
        asked_at=_optional(_time, facts.get("asked_at")),
        intended_at=_optional(_time, facts.get("intended_at")),
        nonce=facts.get("nonce"),
        session_id=facts.get("session_id"),
        attempts=facts.get("attempts", 0),
        unanswered=facts.get("unanswered", 0),
        delivered_at=_optional(_time, facts.get("delivered_at")),
        accepted_at=_optional(_time, facts.get("accepted_at")),
        accepted_by=_optional(Proof, facts.get("accepted_by")),
        job_queued=facts.get("job_queued", False),
        interaction_id=_optional(int, facts.get("interaction_id")),
        progress_message_id=_optional(int, facts.get("progress_message_id")),
        gone_at=_optional(_time, facts.get("gone_at")),
        job_id=facts.get("job_id"),
        message_id=_optional(int, facts.get("message_id")),
        picture_url=facts.get("picture_url"),
        picture=_picture(row, slot, facts),
        problem=_optional(_problem, facts.get("problem")),
    )


def _button(facts: Mapping[str, Any]) -> Button:
    return Button(facts["custom_id"], facts.get("label", ""), facts.get("pressed", False))


def _problem(text: str) -> Problem:
    """Read a problem; a text in any other form was written by hand."""
    try:
        return Problem.read(text)
    except ValueError:
        return Problem(ProblemKind.BROKEN, text)


def picture_facts(picture: Picture) -> Row:
    """Return a picture's data without its key, as it is kept in its step."""
    return {
        "sha256": picture.sha256,
        "size": picture.size,
        "width": picture.width,
        "height": picture.height,
        "stored_at": time_text(picture.stored_at),
    }


def _picture(row: Mapping[str, Any], slot: Slot, facts: Mapping[str, Any]) -> Picture | None:
    """Read a picture; if its key was written by hand, the unknown fields are empty."""
    key = row[f"{slot.title}_url"]
    if key is None:
        return None
    return Picture(
        key=key,
        sha256=facts.get("sha256", ""),
        size=facts.get("size", 0),
        width=facts.get("width", 0),
        height=facts.get("height", 0),
        stored_at=_time(facts.get("stored_at", row["updated_at"])),
    )
