"""The plain screen, tested by its text, and the live one, by what a small terminal shows."""

import io
import os
import re
import signal
from collections.abc import Iterator
from typing import TextIO

import pytest

from demo.screen import LiveScreen, PlainScreen

_CODES = re.compile(r"\x1b\[(\d*)([A-Za-z])")


def lines_shown(written: str) -> list[str]:
    """Do what a terminal does with the few codes that the screen uses."""
    rows, row, column = [""], 0, 0
    at = 0
    while at < len(written):
        code = _CODES.match(written, at)
        if code:
            at = code.end()
            if code[2] == "A":
                row -= int(code[1])
            elif code[2] == "J":
                rows[row:] = [rows[row][:column]]
            else:
                assert code[2] == "m"
            continue
        if written[at] == "\n":
            row, column = row + 1, 0
            rows += [""] * (row + 1 - len(rows))
        elif written[at] == "\r":
            column = 0
        else:
            rows[row] = rows[row][:column] + written[at]
            column += 1
        at += 1
    return rows


@pytest.fixture(autouse=True)
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make terminals 30 cells wide, of which 29 are used."""
    monkeypatch.setenv("COLUMNS", "30")


@pytest.fixture
def out() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def live(out: io.StringIO) -> LiveScreen:
    return LiveScreen(out, asks=True)


def test_a_pipe_gets_a_line_for_each_change_and_no_codes(out: io.StringIO) -> None:
    screen = PlainScreen(out)
    screen.typing("!he")
    screen.say("ann", ("!imagine a cat",))
    screen.say("midjourney", ("20 %",), quiet=True)
    screen.follow("atelier", ("a cat", "25%"), ("25%",))
    screen.leave("atelier")
    screen.close()
    assert out.getvalue() == "ann         !imagine a cat\nmidjourney  20 %\natelier     25%\n"


def test_further_lines_stand_below_the_first(out: io.StringIO) -> None:
    PlainScreen(out).say("atelier", ("a cat", "25%"))
    assert out.getvalue() == "atelier     a cat\n            25%\n"


def test_a_pipe_is_not_told_what_is_no_news(out: io.StringIO) -> None:
    PlainScreen(out).follow("atelier", ("a cat",), ())
    assert out.getvalue() == ""


def test_what_changes_is_redrawn_below_what_is_said(out: io.StringIO, live: LiveScreen) -> None:
    live.follow("atelier", ("a cat", "25%"), ("a cat", "25%"))
    live.say("ann", ("!status",))
    live.follow("atelier", ("a cat", "50%"), ("50%",))
    assert lines_shown(out.getvalue()) == [
        "ann         !status",
        "atelier     a cat",
        "            50%",
        "> ",
    ]


def test_each_name_has_its_place_until_it_leaves(out: io.StringIO, live: LiveScreen) -> None:
    live.follow("atelier", ("25%",), ("25%",))
    live.follow("midjourney", ("20 %",), ("20 %",), quiet=True)
    live.follow("atelier", ("30%",), ("30%",))
    assert lines_shown(out.getvalue()) == ["atelier     30%", "midjourney  20 %", "> "]
    live.leave("midjourney")
    live.leave("midjourney")
    assert lines_shown(out.getvalue()) == ["atelier     30%", "> "]


def test_what_is_typed_survives_what_is_said(out: io.StringIO, live: LiveScreen) -> None:
    live.typing("!sta")
    live.say("midjourney", ("20 %",), quiet=True)
    assert lines_shown(out.getvalue()) == ["midjourney  20 %", "> !sta"]


def test_nothing_is_drawn_again_without_news(out: io.StringIO, live: LiveScreen) -> None:
    live.follow("atelier", ("25%",), ())
    live.leave("atelier")
    assert out.getvalue() == ""


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("x" * 40, "x" * 17),
        ("🎨" * 40, "🎨" * 8),  # two cells each
        ("e\N{COMBINING ACUTE ACCENT}" * 40, "e\N{COMBINING ACUTE ACCENT}" * 17),
    ],
)
def test_a_living_line_never_wraps(
    out: io.StringIO, live: LiveScreen, text: str, shown: str
) -> None:
    """A wrapped line would take two rows, and the next drawing would begin one row too low."""
    live.follow("atelier", (text,), (text,))
    assert lines_shown(out.getvalue())[0] == f"atelier     {shown}"


def test_of_a_long_typed_line_the_end_is_seen(out: io.StringIO, live: LiveScreen) -> None:
    live.typing("a" * 40 + "b" * 20)
    assert lines_shown(out.getvalue()) == ["> " + "a" * 7 + "b" * 20]


def test_at_the_end_only_what_was_said_stays(out: io.StringIO, live: LiveScreen) -> None:
    live.say("ann", ("!imagine a cat",))
    live.follow("atelier", ("25%",), ("25%",))
    live.close()
    assert lines_shown(out.getvalue()) == ["ann         !imagine a cat", ""]


def test_without_a_keyboard_there_is_no_prompt(out: io.StringIO) -> None:
    screen = LiveScreen(out, asks=False)
    screen.say("ann", ("!imagine a cat",))
    screen.follow("atelier", ("25%",), ("25%",))
    screen.follow("atelier", ("50%",), ("50%",))
    assert lines_shown(out.getvalue()) == ["ann         !imagine a cat", "atelier     50%"]


@pytest.fixture
def abandoned() -> Iterator[TextIO]:
    """Return a pipe that nobody reads."""
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w") as stream:
        yield stream


def test_when_nobody_reads_any_more_it_is_as_if_ctrl_c_was_pressed(abandoned: TextIO) -> None:
    stopped: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: stopped.append(number))
    try:
        screen = PlainScreen(abandoned)
        screen.say("ann", ("!imagine a cat",))
        screen.say("ann", ("!status",))
    finally:
        signal.signal(signal.SIGINT, before)
    assert stopped == [signal.SIGINT]
