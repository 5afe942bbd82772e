"""Where the pages lead, and what their addresses ask for."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol
from urllib.parse import urlencode

from services.gallery.source import FAVOURITES, MINE, STATES, Wanted

STATIC = Path(__file__).parent / "static"
STATIC_FILES = frozenset(path.name for path in STATIC.iterdir())
LONGEST_WORDS = 200
_LARGEST_SEQ = 2**63 - 1


class Urls(Protocol):
    """Where the pages lead: addresses of our own server, or names of files."""

    def home(self) -> str:
        """Return the address of the first page."""
        ...

    def opened(self, code: str) -> str:
        """Return the page of one generation."""
        ...

    def thumbnail(self, code: str) -> str:
        """Return the small picture of its grid."""
        ...

    def star(self, code: str) -> str:
        """Return where a favourite is set; empty if nowhere."""
        ...

    def static(self, name: str) -> str:
        """Return a file that comes with the pages."""
        ...

    def live(self) -> str:
        """Return where changes are told as they happen; empty if nowhere."""
        ...


class ServedUrls:
    """The addresses of the server."""

    def home(self) -> str:
        return "/"

    def opened(self, code: str) -> str:
        return f"/g/{code}"

    def thumbnail(self, code: str) -> str:
        return f"/g/{code}/grid.webp"

    def star(self, code: str) -> str:
        return f"/g/{code}/star"

    def static(self, name: str) -> str:
        return f"/static/{name}"

    def live(self) -> str:
        return "/live"


def query(wanted: Wanted, before: int | None = None) -> str:
    """Return what is wanted, from a place in the list on, as the end of an address."""
    facts = {"q": wanted.words, "by": wanted.by, "state": wanted.state, "before": before}
    return "?" + urlencode({name: value for name, value in facts.items() if value})


def wanted(asked: Mapping[str, str], viewer: int | None = None) -> Wanted:
    """Read the address that somebody asked for; what makes no sense in it counts as not there."""
    state, before = asked.get("state", ""), asked.get("before", "")
    number = int(before) if before.isascii() and before.isdecimal() and len(before) < 20 else None  # noqa: PLR2004 -- the digits of the largest `seq`
    return Wanted(
        words=" ".join(asked.get("q", "")[:LONGEST_WORDS].split()),
        by=asked.get("by", "")[:LONGEST_WORDS],
        state=state if state in {*STATES, FAVOURITES, MINE} else "",
        before=None if number is None else min(number, _LARGEST_SEQ),
        viewer=viewer,
    )


def own_path(text: str) -> str:
    """Return a path of ours; the first page in the place of anything else.

    Browsers drop tabs and line breaks, so that `/`, a tab and `/` would lead to another host.
    """
    is_ours = text.startswith("/") and text[1:2] not in {"/", "\\"} and text.isprintable()
    return text if is_ours else "/"
