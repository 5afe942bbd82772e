"""Lays out what somebody says: the name, and beside it the text, wrapped at words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import wcwidth

if TYPE_CHECKING:
    from collections.abc import Iterable

    from demo.wording import Lines

NAME_WIDTH = 12
_INDENT = " " * NAME_WIDTH


def columns(name: str, lines: Lines, width: int | None) -> list[str]:
    """Return the rows of what somebody says, none of them wider than `width` cells.

    Without a width, each line is one row. A path or an address that fits a row, but not beside the
    name, begins further to the left instead of being cut.
    """
    rows = [row for line in lines for row in _rows(line, width)]
    if not rows or not rows[0].startswith(_INDENT):
        rows.insert(0, "")
    return [f"{name:{NAME_WIDTH}}{rows[0].removeprefix(_INDENT)}".rstrip(), *rows[1:]]


def _rows(line: str, width: int | None) -> Iterable[str]:
    if width is None:
        return [_INDENT + line]
    room = max(1, width - NAME_WIDTH)
    needed = wcwidth.width(line)
    if room < needed <= width and " " not in line:
        return [" " * (width - needed) + line]
    return [_INDENT + row for row in wcwidth.wrap(line, room, break_on_hyphens=False) or [""]]
