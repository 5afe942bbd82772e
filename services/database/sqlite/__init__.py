"""The generation store in one SQLite file: what runs when no cloud is set up."""

from services.database.sqlite.reader import SqliteReader, open_read_only
from services.database.sqlite.store import SqliteGenerationStore

__all__ = ["SqliteGenerationStore", "SqliteReader", "open_read_only"]
