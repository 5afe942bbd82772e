"""Rows that a hand writes into SQLite."""

import sqlite3
from itertools import count
from typing import Any

from services.database.rows import new_row, time_text
from services.database.sqlite.reader import encoded
from tests.builders import NOW, new_generation

numbers = count(1)


def insert(plain: sqlite3.Connection, **columns: Any) -> str:
    """Insert a row with the columns of a command and these, and return its id."""
    times = {"created_at": time_text(NOW), "updated_at": time_text(NOW), "turn": next(numbers)}
    row = encoded(new_row(new_generation())) | times | columns
    names, marks = ", ".join(row), ", ".join(f":{name}" for name in row)
    plain.execute(f"INSERT INTO generations ({names}) VALUES ({marks})", row)  # noqa: S608 -- a test's own words
    return str(row["id"])
