"""The plain screen, tested by its text."""

import io
import os
import signal
from collections.abc import Iterator
from typing import TextIO

import pytest

from demo.screen import PlainScreen


class SimpleTerminal(io.StringIO):
    """A terminal that understands no escapes."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def out() -> io.StringIO:
    return io.StringIO()


def test_a_pipe_gets_a_line_for_each_change_and_no_codes(out: io.StringIO) -> None:
    screen = PlainScreen(out)
    screen.say("ann", ("!imagine a cat",))
    screen.say("midjourney", ("20 %",), quiet=True)
    screen.follow("atelier", ("a cat", "25%"), ("25%",))
    screen.leave("atelier")
    screen.draw(["Asked  Stored"])
    assert out.getvalue() == (
        "ann         !imagine a cat\nmidjourney  20 %\natelier     25%\nAsked  Stored\n"
    )


def test_a_pipe_gets_long_lines_whole_and_a_simple_terminal_wrapped(
    out: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "20")
    terminal = SimpleTerminal()
    for each in (out, terminal):
        PlainScreen(each).say("ann", ("a cat in hats",))
    assert out.getvalue() == "ann         a cat in hats\n"
    assert terminal.getvalue() == "ann         a cat in\n            hats\n"


def test_a_second_line_stands_below_the_first(out: io.StringIO) -> None:
    PlainScreen(out).say("atelier", ("a cat", "25%"))
    assert out.getvalue() == "atelier     a cat\n            25%\n"


def test_a_pipe_is_not_told_what_is_no_news(out: io.StringIO) -> None:
    PlainScreen(out).follow("atelier", ("a cat",), ())
    assert out.getvalue() == ""


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
