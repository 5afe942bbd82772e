"""Which pictures have arrived, in a file beside the folder's database, for a move that goes on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Self
from uuid import uuid4

from services.temporary_files import disk_faults

NAME = "atelier.moving"
_END = "end"


class Journal:
    """Begins with what is moved and where to; a line for each picture that was read back."""

    def __init__(self, path: Path, move_id: str, arrived: dict[str, str], *, begun: bool) -> None:
        self.id = move_id
        self.begun = begun  #: by an earlier run
        self._path = path
        self._arrived = arrived

    @classmethod
    def open(cls, folder: Path, route: str, *, dry_run: bool = False) -> Self:
        """Go on with the move of the same route that was interrupted, or begin one.

        A dry run writes no file.
        """
        path = folder / NAME
        with disk_faults():
            lines = path.read_text("utf-8").split("\n") if path.is_file() else []
            found = _header(lines)
            begun = found.get("route") == route
            if not begun:
                found, lines = {"route": route, "id": str(uuid4())}, []
            if not begun and not dry_run:
                folder.mkdir(parents=True, exist_ok=True)
                path.write_text(f"{json.dumps(found)}\n", encoding="utf-8")
        pairs = (line.split(" ") for line in lines[1:])
        arrived = {p[1]: p[0] for p in pairs if len(p) == 3}  # noqa: PLR2004 -- with the mark of a whole line
        return cls(path, found["id"], arrived, begun=begun)

    def has(self, key: str, sha256: str) -> bool:
        """Whether this picture has arrived."""
        return sha256 != "" and self._arrived.get(key) == sha256

    def note(self, key: str, sha256: str) -> None:
        """Note that a picture has arrived."""
        self._arrived[key] = sha256
        with disk_faults(), self._path.open("a", encoding="utf-8") as file:
            file.write(f"\n{sha256} {key} .")  # a line that was cut off lacks its end

    def note_end(self) -> None:
        """Note that all has arrived, and only the database's name is missing."""
        self.note(_END, _END)

    @property
    def at_end(self) -> bool:
        """Whether all had arrived."""
        return self.has(_END, _END)

    def remove(self) -> None:
        """Forget the move, which is done."""
        with disk_faults():
            self._path.unlink(missing_ok=True)


def _header(lines: list[str]) -> dict[str, str]:
    try:
        return json.loads(lines[0])
    except (IndexError, ValueError):
        return {}
