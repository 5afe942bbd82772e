import os
import termios
from collections.abc import Iterator
from pathlib import Path

import pytest

from demo.keyboard import LineEditor, piped, raw, typed


@pytest.mark.parametrize(
    ("keys", "lines", "left"),
    [
        ("!help\n!status\r!ima", ["!help", "!status"], "!ima"),
        ("cart\x7f\x7ft\n", ["cat"], ""),
        ("\x08a\n", ["a"], ""),
        ("a long line\x15cat\n", ["cat"], ""),
        ("a black cat  \x17\x17dog\n", ["a dog"], ""),
        ("a\x1b[A\x1b[1;5Cb\x1bOPc\x1b[3~\n", ["abc"], ""),  # arrows, F1, delete
        ("é🎨\t\x01\n", ["é🎨"], ""),
        ("\n", [""], ""),
    ],
)
def test_keys_become_lines(keys: str, lines: list[str], left: str) -> None:
    editor = LineEditor()
    assert (editor.feed(keys), editor.text, editor.ended) == (lines, left, False)


def test_ctrl_d_ends_on_an_empty_line_only() -> None:
    editor = LineEditor()
    editor.feed("a\x04")
    assert not editor.ended
    assert editor.feed("\n\x04never") == ["a"]
    assert editor.ended


@pytest.mark.parametrize(
    ("content", "lines"),
    [
        (b"", []),
        (b"!help\n!status\r\n\nlast", ["!help", "!status", "", "last"]),
        ("é🎨\n".encode(), ["é🎨"]),
        (b"\xff\n", ["\N{REPLACEMENT CHARACTER}"]),
    ],
)
async def test_a_file_is_read_by_lines(content: bytes, lines: list[str], tmp_path: Path) -> None:
    (tmp_path / "typed").write_bytes(content)
    with (tmp_path / "typed").open("rb") as file:
        assert [line async for line in piped(file.fileno())] == lines


async def test_a_line_may_come_in_pieces() -> None:
    reader, writer = os.pipe()
    lines = piped(reader)
    os.write(writer, b"!he")
    os.write(writer, b"lp\n\xc3")
    assert await anext(lines) == "!help"
    os.write(writer, b"\xa9\n")
    assert await anext(lines) == "é"
    os.close(writer)
    assert [line async for line in lines] == []
    os.close(reader)


@pytest.fixture
def terminal() -> Iterator[tuple[int, int]]:
    """Return the two ends of a terminal: the person's, and the program's."""
    person, program = os.openpty()
    yield person, program
    os.close(person)
    os.close(program)


async def test_a_terminal_hands_over_each_key(terminal: tuple[int, int]) -> None:
    person, program = terminal
    seen: list[str] = []
    with raw(program):
        lines = typed(program, seen.append)
        os.write(person, b"!help\n")
        assert await anext(lines) == "!help"
        os.write(person, b"\x04")
        assert [line async for line in lines] == []
    assert seen[-1] == ""


def test_a_terminal_is_left_as_it_was_found(terminal: tuple[int, int]) -> None:
    _, program = terminal
    before = termios.tcgetattr(program)
    with raw(program):
        assert termios.tcgetattr(program) != before
    assert termios.tcgetattr(program) == before
