"""Golden texts: what the bot says, word for word, as somebody approved it.

One is docs/conversation.md, a page for people. The others are in `golden_texts`: every sentence of
a language, each with plausible facts. After a change of what the bot says, regenerate all of them,
and read the diff:

    WRITE_GOLDEN=1 python3 dev.py test -m golden
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path

from domain.generation import Generation

HERE = Path(__file__).parent
CONVERSATION = HERE.parent / "docs/conversation.md"
FOLDER = HERE / "golden_texts"

Replacements = Iterable[tuple[re.Pattern[str], str]]
ALWAYS: Replacements = (
    (re.compile(r"http://127\.0\.0\.1:\d+/[0-9a-f-]{36}/"), "http://127.0.0.1:8764/{id}/"),
    (re.compile(r"http://127\.0\.0\.1:\d+/(?=>)"), "http://127.0.0.1:8764/"),
    (re.compile(r"<t:\d+:R>"), "a minute ago"),
    (re.compile(r"<t:\d+:t>"), "12:04"),
    (re.compile(r"(\d+|\?) ms"), "40 ms"),
    (re.compile(r"(?<=version )\S+"), "1.0"),
    (re.compile(r"a{100,}"), "aaa…"),
)
DURATIONS: Replacements = (
    (re.compile(r"(?<=· )\d+:\d\d\b"), "0:41"),
    (re.compile(r"(?<=took )\d+:\d\d"), "0:41"),
    (re.compile(r"(?<=up )\d+:\d\d"), "1:23"),
)
"""For texts that are said while real time passes."""
_CODES = (
    *("d3qx7k", "h8m4tn", "w5ryc2", "b9kfe3", "t2vj6p"),
    *("n4gs8x", "q7czm5", "e6hw3d", "r3xk9b", "m8ptu4"),
    *("c5jv2w", "y9nd6k", "g3tb8r", "x4fm7e", "p6rz3h"),
)


class Codes:
    """Codes that are the same every time, in place of the random codes of generations."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}

    def learn(self, rows: Iterable[Generation]) -> None:
        """Assign a code to each new generation."""
        for row in rows:
            self._known.setdefault(row.code, _CODES[len(self._known)])

    def put_into(self, text: str) -> str:
        for drawn, always in self._known.items():
            text = text.replace(drawn, always)
        return text


def the_same_every_time(text: str, more: Replacements = ()) -> str:
    """Return a text without what differs each time."""
    for pattern, always in (*ALWAYS, *more):
        text = pattern.sub(always, text)
    return text


def assert_golden(text: str, path: Path) -> None:
    """Compare a text with the approved one; with WRITE_GOLDEN, approve it."""
    if os.environ.get("WRITE_GOLDEN"):
        path.write_text(text, encoding="utf-8")
    assert text.splitlines() == path.read_text(encoding="utf-8").splitlines()
