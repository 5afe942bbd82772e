"""A direct connection to the database, without our code, for what tests do by hand."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from itertools import count
from typing import Any, LiteralString

import psycopg
from psycopg.rows import dict_row
from psycopg.sql import SQL, Identifier, Placeholder
from psycopg.types.json import Jsonb

from domain.slots import Slot
from services.database.rows import JSON_COLUMNS, new_row
from tests.builders import new_generation

Row = dict[str, Any]
_numbers = count(1)

ANOTHER_IS_ACTIVE = 'duplicate key value violates unique constraint "one_active"'
"""What Postgres says where a second row would become active."""


def stored(*slots: Slot) -> Row:
    """Return the columns of stored pictures."""
    columns = {f"{slot.title}_url": slot.title for slot in slots}
    return columns | {f"{slot.title}_step": {"sha256": "0" * 64} for slot in slots}


def violated(rule: str, table: str = "generations") -> str:
    """Return the error of Postgres for a row that breaks a rule."""
    return f'new row for relation "{table}" violates check constraint "{rule}"'


class PlainDatabase:
    """One connection; whoever opened it decides when to commit."""

    def __init__(self, connection: psycopg.Connection[Row]) -> None:
        self.connection = connection

    @classmethod
    @contextmanager
    def on(cls, url: str) -> Generator[PlainDatabase]:
        """Connect; each statement is a transaction."""
        connect = psycopg.Connection[Row].connect
        with connect(url, autocommit=True, row_factory=dict_row) as connection:
            yield cls(connection)

    def rows(self, sql: LiteralString, *parameters: object) -> list[Row]:
        return self.connection.execute(sql, parameters).fetchall()

    def value(self, sql: LiteralString, *parameters: object) -> Any:
        """Return the single value that a statement yields."""
        ((value,),) = [row.values() for row in self.rows(sql, *parameters)]
        return value

    def run(self, sql: LiteralString, *parameters: object) -> int:
        """Run a statement and return how many rows it found."""
        return self.connection.execute(sql, parameters).rowcount

    def call(self, function: str, *parameters: object) -> Any:
        """Call a function and return what it returns."""
        marks = SQL(", ").join([Placeholder()] * len(parameters))
        sql = SQL("SELECT {}({}) AS answer").format(Identifier(function), marks)
        (row,) = self.connection.execute(sql, parameters)
        return row["answer"]

    def insert(self, **columns: Any) -> str:
        """Insert a row with the columns of a command and these, and return its id."""
        row: Row = new_row(new_generation()) | {"turn": next(_numbers)} | columns
        values = [
            Jsonb(value) if column in JSON_COLUMNS else value for column, value in row.items()
        ]
        sql = SQL("INSERT INTO generations ({}) VALUES ({})").format(
            SQL(", ").join(map(Identifier, row)),
            SQL(", ").join([Placeholder()] * len(row)),
        )
        self.connection.execute(sql, values)
        return str(row["id"])

    def set(self, row_id: str, column: str, value: object) -> None:
        sql = SQL("UPDATE generations SET {} = %s WHERE id = %s").format(Identifier(column))
        self.connection.execute(sql, (value, row_id))

    def get(self, row_id: str) -> Row:
        (row,) = self.rows("SELECT * FROM generations WHERE id = %s", row_id)
        return row

    @contextmanager
    def undone(self) -> Generator[None]:
        """Roll back what happens inside the block."""
        with self.connection.transaction(force_rollback=True):
            yield
