"""A folder with every kind of row, a project to move it to, and what both hold."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from argparse import Namespace
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any, cast
from uuid import uuid4

from cli.exit import Exit
from cli.moving import run_move
from domain.generation import ACTIVE, OriginKind, Status
from domain.slots import Slot, picture_key
from services.database.rows import picture_facts, time_text
from services.database.sqlite import SqliteGenerationStore
from services.database.sqlite.connection import SqliteConnection
from services.database.supabase import SupabaseGenerationStore
from services.moving.folder import SqliteRows
from services.moving.tables import STATE, TABLES
from services.settings import StorageSettings
from services.supabase import Supabase
from tests.builders import ANN, CHANNEL, NOW, new_generation, picture
from tests.fakes import FakeClock

SNOWFLAKE = 1_234_567_890_123_456_789
"""As large as Discord's ids are: JavaScript would round it."""
DATABASE = "atelier.sqlite3"
_messages = count(SNOWFLAKE + 300)
STATUSES = (*(status for status in Status if status not in ACTIVE), Status.SUBMITTED)
"""Each but for those of which only one can be; and one more is completed and cleaned away."""
LATER = time_text(NOW + timedelta(microseconds=1))


@dataclass(frozen=True, slots=True)
class MovingSettings:
    """The settings of a move."""

    data_dir: Path
    supabase_url: str | None
    supabase_key: Any
    supabase_bucket: str
    supabase_bucket_public: bool = True
    picture_cache_seconds: int = 60
    pictures_address: str = "127.0.0.1:0"


async def filled(folder: Path) -> Path:
    """Fill a folder with rows of each kind, all columns of which have values somewhere."""
    await (await SqliteGenerationStore.open(folder / DATABASE, clock=FakeClock())).close()
    with closing(sqlite3.connect(folder / DATABASE)) as plain, plain:
        for number, status in enumerate((*STATUSES, Status.COMPLETED), 1):
            _generation(plain, folder, number, status)
        plain.execute("INSERT INTO people VALUES (?, 1, ?, ?)", (SNOWFLAKE, ANN, LATER))
        plain.execute("INSERT INTO preferences VALUES (?, '--ar 3:2', ?)", (SNOWFLAKE, LATER))
        for name in ("noir", "mañana"):
            preset = (CHANNEL, name, "film noir, rain", ANN, "Ann ☃", LATER)
            plain.execute("INSERT INTO presets VALUES (?, ?, ?, ?, ?, ?)", preset)
        plain.execute(
            "UPDATE queue_state SET last_claimed_turn = 7, paused_since = ?, paused_words = 'tea',"
            " paused_by = ?, handled_message_id = ?, hang_ups = 2, hung_up_at = ?",
            (LATER, ANN, SNOWFLAKE, LATER),
        )
    return folder


def _generation(plain: sqlite3.Connection, folder: Path, number: int, status: Status) -> None:
    new, done = new_generation(), status is Status.COMPLETED
    archived = LATER if number > len(STATUSES) else None
    row: dict[str, Any] = {
        "seq": number * 3,
        "id": new.id,
        "code": new.code,
        "turn": number,
        "status": status,
        "version": number,
        "prompt": f"a lighthouse ☃ {number}",
        "author_id": SNOWFLAKE,
        "author_name": "Ann",
        "guild_id": SNOWFLAKE + 1,
        "channel_id": CHANNEL,
        "command_message_id": SNOWFLAKE + number,
        "status_message_id": SNOWFLAKE + 100 + number,
        "notice_message_id": SNOWFLAKE + 200 + number if done else None,
        "status_replaced": number % 2,
        "origin_kind": OriginKind.REROLL,
        "parent_id": str(uuid4()),
        "parent_index": 2,
        "wanted": "[1, 2, 3, 4]",
        "not_before": LATER,
        "echo": "a lighthouse",
        "buttons": json.dumps([{"custom_id": "MJ::1", "label": "U1", "pressed": True}]),
        "message_flags": 64,
        "error": "broken: ☃" if status is Status.FAILED else None,
        **dict.fromkeys(("created_at", "updated_at", "submitted_at"), LATER),
        "completed_at": LATER if done else None,
        "archiving_at": archived,
        "archived_at": archived,
        "grid_copy": number,
    }
    for slot in Slot:
        row |= _step(folder, new.id, slot, done=done, gone=archived is not None)
    names, marks = ", ".join(row), ", ".join(f":{name}" for name in row)
    plain.execute(f"INSERT INTO generations ({names}) VALUES ({marks})", row)  # noqa: S608 -- a test's own words
    _about(plain, new.id, number, status)


def _about(plain: sqlite3.Connection, row_id: str, number: int, status: Status) -> None:
    event = (number * 2, row_id, LATER, "claimed", "queued", status, number, "status")
    plain.execute("INSERT INTO generation_events VALUES (?, ?, ?, ?, ?, ?, ?, ?)", event)
    favourite = (SNOWFLAKE, row_id, number % 2, number, LATER, SNOWFLAKE + number)
    plain.execute("INSERT INTO favourites VALUES (?, ?, ?, ?, ?, ?)", favourite)


def _step(folder: Path, row_id: str, slot: Slot, *, done: bool, gone: bool) -> dict[str, Any]:
    """Return the columns of a step; write its picture, if it is done and not gone."""
    facts: dict[str, Any] = {"message_id": next(_messages), "nonce": "77"}
    columns: dict[str, Any] = {}
    if done:
        key, content = picture_key(row_id, slot), uuid4().bytes * 1000
        sha256 = hashlib.sha256(content).hexdigest()
        facts |= picture_facts(picture(row_id, slot, sha256=sha256, size=len(content)))
        columns = {f"{slot.title}_url": key}
        if not gone:
            path = folder / "pictures" / key
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    return columns | {f"{slot.title}_step": json.dumps(facts)}


async def held(folder: Path) -> dict[str, Any]:
    """Return all rows of a folder's database, and its pictures."""
    connection = await SqliteConnection.open_read_only(folder / DATABASE)
    try:
        rows = SqliteRows(connection)
        tables: dict[str, Any] = {
            table.name: [row async for page in rows.pages(table) for row in page]
            for table in TABLES
        }
        tables["queue_state"] = await rows.state()
    finally:
        await connection.close()
    files = (folder / "pictures").rglob("*.png")
    return tables | {str(path.relative_to(folder)): path.read_bytes() for path in files}


async def move(settings: MovingSettings, to: str) -> Exit:
    """Move everything, as the subcommand does."""
    return await run_move(cast("StorageSettings", settings), Namespace(to=to, dry_run=False))


async def try_out(settings: MovingSettings, to: str) -> Exit:
    """Only look at both ends, as the subcommand does."""
    return await run_move(cast("StorageSettings", settings), Namespace(to=to, dry_run=True))


def unpaused(everything: dict[str, Any]) -> dict[str, Any]:
    """Return all without the pause, which a move itself changes."""
    names = ("paused_since", "paused_words", "paused_by")
    return everything | {STATE: everything[STATE] | dict.fromkeys(names)}


async def worker_begins(settings: MovingSettings) -> None:
    """Take the lease of the project, as a worker does."""
    assert settings.supabase_url is not None
    project = await Supabase.connect(
        settings.supabase_url, settings.supabase_key.get_secret_value()
    )
    try:
        store = await SupabaseGenerationStore.open(project)
        await store.release_lease(await store.acquire_lease("a worker", 30))
    finally:
        await project.close()
