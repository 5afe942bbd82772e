"""Somebody types what looks like a line of the log, or what moves a terminal's cursor."""

from __future__ import annotations

import json
import re

import pytest

from services.logs import LogFormat
from tests.unit.services.log_harness import FORMATS, library, logged, own

pytestmark = pytest.mark.usefixtures("logs_as_before")

FORGED = "a cat\nat=error event=token_refused hint=none"
ATTACKS = (
    FORGED,
    FORGED.replace("\n", "\r\n"),
    FORGED.replace("\n", "\r"),
    FORGED.replace("\n", "\u2028"),
    FORGED.replace("\n", "\x85"),
    FORGED.replace("\n", "\x0b"),
    'a cat" at=error event=token_refused',
    'a cat", "at": "error", "x": "',
    "\x1b[2K\x1b[1A\x1b]0;owned\x07",
    "\x9b2J",
    "a\x00b\x08\x08\x08",
)
CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029]")


@pytest.mark.parametrize("log_format", FORMATS)
@pytest.mark.parametrize("text", ATTACKS)
def test_what_was_typed_makes_no_line_and_moves_no_cursor(text: str, log_format: LogFormat) -> None:
    def act() -> None:
        own().info("command_accepted", prompt=text, nested={"author": [text]})
        own().bind(author=text).warning(text)
        library().warning("heard %s", text)
        library().warning("heard %s", [text])

    written = logged(log_format, act)
    assert CONTROL.search(written) is None
    lines = written.splitlines()
    assert len(lines) == 4
    assert not [line for line in lines if line.startswith("at=error")]
    if log_format == "json":
        assert [json.loads(line)["at"] for line in lines] == ["info"] + ["warning"] * 3


@pytest.mark.parametrize("log_format", FORMATS)
def test_an_error_that_repeats_what_was_typed_moves_no_cursor(log_format: LogFormat) -> None:
    error = ValueError("\x1b[2J\x07 \r at=info")
    written = logged(log_format, lambda: own().error("failed", exc_info=error))
    assert CONTROL.search(written) is None
    assert "ValueError" in written


@pytest.mark.parametrize("text", ATTACKS[:2])
def test_a_value_in_logfmt_ends_where_it_ends(text: str) -> None:
    """Whoever reads the fields finds the forged ones inside of a value."""
    line = logged("logfmt", lambda: own().info("command_accepted", prompt=text, code="k7m2qx"))
    assert re.match(r'at=info event=command_accepted prompt="a cat.*hint=none" code=k7m2qx ', line)
