"""The live screen: what it prints, and what a small terminal shows while the live part is drawn."""

import asyncio
import io
import os
import pty
import re
from collections.abc import Iterator
from typing import TextIO

import pytest
from prompt_toolkit.output import ColorDepth

from demo.live import LiveScreen, without_keyboard
from demo.terminal import TerminalAbilities

COLOURS = TerminalAbilities(colours=ColorDepth.DEPTH_8_BIT)


@pytest.fixture(autouse=True)
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make terminals 30 cells wide, with the usual escapes."""
    monkeypatch.setenv("COLUMNS", "30")
    monkeypatch.setenv("TERM", "xterm-256color")


@pytest.fixture
def out() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def live(out: io.StringIO) -> LiveScreen:
    return LiveScreen(out, TerminalAbilities())


def test_what_changes_has_a_place_below_what_is_said(out: io.StringIO, live: LiveScreen) -> None:
    live.follow("atelier", ("a cat", "25%"), ("a cat", "25%"))
    live.say("ann", ("!status",))
    live.follow("atelier", ("a cat", "50%"), ("50%",))
    assert out.getvalue() == "ann         !status\n"
    assert live.live == "atelier     a cat\n            50%\n"


def test_each_name_has_its_place_until_it_leaves(live: LiveScreen) -> None:
    live.follow("atelier", ("25%",), ("25%",))
    live.follow("midjourney", ("20 %",), ("20 %",), quiet=True)
    live.follow("atelier", ("30%",), ("30%",))
    assert live.live == "atelier     30%\nmidjourney  20 %\n"
    live.leave("midjourney")
    live.leave("midjourney")
    assert live.live == "atelier     30%\n"


def test_without_news_nothing_is_followed(live: LiveScreen) -> None:
    live.follow("atelier", ("25%",), ())
    assert live.live == ""


def test_a_living_line_wraps_below_its_text(live: LiveScreen) -> None:
    live.follow("atelier", ("a cat in a very large hat",), ("",))
    assert live.live == "atelier     a cat in a very\n            large hat\n"


def test_in_the_live_part_a_link_is_its_address(live: LiveScreen) -> None:
    link = "\x1b]8;;http://x.test\x1b\\http://x.test\x1b]8;;\x1b\\"
    live.follow("atelier", (link,), (link,))
    assert live.live == "atelier     http://x.test\n"


def test_at_the_end_only_what_was_said_stays(out: io.StringIO, live: LiveScreen) -> None:
    live.say("ann", ("!imagine a cat",))
    live.follow("atelier", ("25%",), ("25%",))
    live.close()
    assert (out.getvalue(), live.live) == ("ann         !imagine a cat\n", "")


def test_in_colours_names_stand_out_and_explanations_step_back(out: io.StringIO) -> None:
    screen = LiveScreen(out, COLOURS)
    screen.say("ann", ("hello",))
    screen.say("midjourney", ("20 %",), quiet=True)
    assert out.getvalue() == "\x1b[1mann         \x1b[22mhello\n\x1b[2mmidjourney  20 %\x1b[22m\n"


@pytest.fixture
def terminal() -> Iterator[tuple[int, TextIO]]:
    """Return a terminal's two ends: what it is sent, and where to write."""
    person, program = pty.openpty()
    with os.fdopen(program, "w") as stream:
        yield person, stream
    os.close(person)


def shown(person: int) -> str:
    os.set_blocking(person, False)
    text = b""
    try:
        while chunk := os.read(person, 65536):
            text += chunk
    except BlockingIOError:
        return text.decode()
    return text.decode()


async def shows(word: str, person: int) -> str:
    """Return what the terminal was sent until then."""
    written = ""
    while word not in written:
        await asyncio.sleep(0)
        written += shown(person)
    return written


async def test_without_a_keyboard_the_live_part_is_drawn_below_and_erased(
    terminal: tuple[int, TextIO],
) -> None:
    person, stream = terminal
    screen = LiveScreen(stream, TerminalAbilities())
    screen.follow("atelier", ("25%",), ("25%",))
    async with without_keyboard(screen):
        first = await shows("25%", person)
        screen.say("ann", ("hello",))
        screen.say("ann", ("again",))
        then = await shows("25%", person)
    last = shown(person)
    erased, said = "\x1b[J", "ann         hello\r\nann         again\r\n"
    assert then.index(erased) < then.index(said) < then.index("25%")
    assert erased in last
    assert "25%" not in last
    assert "\x1b[6n" not in first + then  # the question where the cursor is
    assert not re.search(r"\x1b\[(?!0m)[0-9;]*m", first + then)  # a colour


async def test_what_is_said_at_the_end_is_not_lost(terminal: tuple[int, TextIO]) -> None:
    person, stream = terminal
    screen = LiveScreen(stream, TerminalAbilities())
    async with without_keyboard(screen):
        screen.say("ann", ("hello",))
    screen.close()
    assert shown(person).count("hello") == 1
