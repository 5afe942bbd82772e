"""Rows and event rows as a Supabase project has them."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, cast

from demo.page.databases import MOST_EVENTS, MOST_ROWS
from demo.page.parts import Contents
from domain.errors import StoreRefused, StoreUnavailable
from services.supabase import Supabase, translated

if TYPE_CHECKING:
    from demo.page.parts import Row


class ProjectView:
    """A Supabase project, asked by its REST interface."""

    def __init__(self, url: str, key: str) -> None:
        self._url, self._key = url, key
        self._project: Supabase | None = None

    async def read(self) -> Contents:
        """Return the latest rows; nothing while the project does not answer."""
        with suppress(StoreUnavailable, StoreRefused), translated():
            self._project = self._project or await Supabase.connect(self._url, self._key)
            return Contents(
                await self._latest("generations", "seq", MOST_ROWS),
                await self._latest("generation_events", "id", MOST_EVENTS),
            )
        return Contents()

    async def close(self) -> None:
        """Close the connections."""
        if self._project is not None:
            await self._project.close()

    async def _latest(self, table: str, order: str, limit: int) -> list[Row]:
        assert self._project is not None  # noqa: S101 -- `read` connects
        query = self._project.client.table(table).select("*").order(order, desc=True)
        return cast("list[Row]", (await query.limit(limit).execute()).data)
