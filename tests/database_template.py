"""A database file with the newest schema, made once because that takes longer than most tests."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from services.database.sqlite import SqliteGenerationStore

NAME = "atelier.sqlite3"
_made: list[bytes] = []


async def put_into(folder: Path) -> Path:
    """Put an empty database into a folder, unless one is there; return its path."""
    if not _made:
        with TemporaryDirectory() as made_in:
            store = await SqliteGenerationStore.open(Path(made_in) / NAME)
            await store.close()
            _made.append((Path(made_in) / NAME).read_bytes())
    path = folder / NAME
    if not path.exists():
        path.write_bytes(_made[0])
    return path
