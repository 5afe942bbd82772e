import io
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from prompt_toolkit import PromptSession
from prompt_toolkit.application import create_app_session
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document
from prompt_toolkit.history import InMemoryHistory
from prompt_toolkit.input import PipeInput, create_pipe_input
from prompt_toolkit.output import DummyOutput

from cogs.sentences.english import ENGLISH
from demo.interactive import commands
from demo.keyboard import CommandCompleter, piped, prompt_session, typed
from demo.live import LiveScreen
from demo.terminal import TerminalAbilities


@pytest.fixture
def keys() -> Iterator[PipeInput]:
    """Give what the person's keys go into."""
    with create_pipe_input() as keys, create_app_session(input=keys, output=DummyOutput()):
        yield keys


def new_session() -> PromptSession[str]:
    screen = LiveScreen(io.StringIO(), TerminalAbilities())
    screen.output = DummyOutput()
    return prompt_session({}, screen)


async def lines_typed(session: PromptSession[str] | None = None) -> list[str]:
    return [line async for line in typed(session or new_session(), str)]


@pytest.mark.parametrize(
    ("pressed", "lines"),
    [
        ("!help\r!status\r", ["!help", "!status"]),
        ("cart\x7f\x7ft\r", ["cat"]),
        ("a long line\x15cat\r", ["cat"]),
        ("ct\x1b[Da\r", ["cat"]),  # to the left
        ("é🎨\r", ["é🎨"]),
        ("\r", [""]),
    ],
)
async def test_keys_become_lines(keys: PipeInput, pressed: str, lines: list[str]) -> None:
    keys.send_text(pressed + "\x04")
    assert await lines_typed() == lines


@pytest.mark.parametrize("end", ["\x03", "unfinished\x03", "\x04"])
async def test_ctrl_c_and_ctrl_d_end_it(keys: PipeInput, end: str) -> None:
    keys.send_text(f"!help\r{end}never\r")
    assert await lines_typed() == ["!help"]


async def test_what_was_typed_is_remembered_but_nowhere_kept(keys: PipeInput) -> None:
    session = new_session()
    keys.send_text("a cat\ra dog\r\x03")
    await lines_typed(session)
    assert session.history.get_strings() == ["a cat", "a dog"]
    assert isinstance(session.history, InMemoryHistory)


@pytest.mark.parametrize(
    ("text", "completed"),
    [
        ("!h", ["!help ", "!history "]),
        ("!hi", ["!history "]),
        ("!help", []),
        ("!help h", []),
        ("h", []),
        ("", []),
    ],
)
def test_the_first_word_is_completed_to_a_command(text: str, completed: list[str]) -> None:
    completer = CommandCompleter({"!help": "Show this list.", "!history": "List the latest."})
    found = completer.get_completions(Document(text), CompleteEvent())
    assert [text[: len(text) + each.start_position] + each.text for each in found] == completed


def test_every_command_of_the_list_is_completed() -> None:
    assert list(commands()) == [f"!{name}" for name in ENGLISH.help]
    assert commands()["!show"] == "Get links to the pictures."


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
