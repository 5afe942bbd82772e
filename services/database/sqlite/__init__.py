"""The generation store in a SQLite file, used without Supabase."""

from services.database.sqlite.reader import SqliteReader, open_read_only
from services.database.sqlite.store import SqliteGenerationStore

__all__ = ["SqliteGenerationStore", "SqliteReader", "open_read_only"]
