"""The format of log lines, who writes them, and what happens if writing fails."""

import io
import json
import logging
from collections.abc import Callable
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services import logs
from services.logs import LogFormat
from tests.unit.services.log_harness import FORMATS, configured, library, logged, own, raise_error

pytestmark = pytest.mark.usefixtures("logs_as_before")

TOKEN = ".".join(("a" * 24, "b" * 6, "c" * 30))


def without_time(line: str) -> str:
    """Leave out the time, which has to be one."""
    words = line.split()
    (time,) = (word for word in words if word.startswith("time="))
    assert datetime.fromisoformat(time.removeprefix("time=")).tzinfo is not None
    return " ".join(word for word in words if word != time)


# ------------------------------------------------------------------------------------- the line


def test_logfmt_line_is_flat_and_begins_with_level_and_event() -> None:
    stream = configured("logfmt")
    own().info("grid_stored", gen="ab12cd", bytes=12, done=True, late=False, why="it is", no=None)
    assert without_time(stream.getvalue()) == (
        'at=info event=grid_stored gen=ab12cd bytes=12 done=true late=false why="it is" no='
    )


def test_json_line_has_the_same_fields_in_the_same_order() -> None:
    stream = configured("json")
    own().warning("grid_stored", gen="ab12cd", bytes=12, done=True)
    fields = json.loads(stream.getvalue())
    assert list(fields) == ["at", "event", "gen", "bytes", "done", "time"]
    assert {**fields, "time": ""} == {
        "at": "warning",
        "event": "grid_stored",
        "gen": "ab12cd",
        "bytes": 12,
        "done": True,
        "time": "",
    }


def test_console_line_shows_level_event_and_fields_without_colours_in_a_file() -> None:
    line = logged("console", lambda: own().info("grid_stored", gen="ab12cd"))
    assert line.count("\n") == 1
    assert "[info     ] grid_stored " in line
    assert line.endswith(" gen=ab12cd\n")
    assert "\x1b" not in line


def test_console_on_a_terminal_is_coloured() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    stream = Terminal()
    logs.configure("console", (), stream)
    own().info("grid_stored")
    assert "\x1b[" in stream.getvalue()


def test_lines_of_libraries_have_the_same_form_and_their_logger() -> None:
    stream = configured("logfmt")
    library().warning("retrying in %.1f s", 2.5)
    assert without_time(stream.getvalue()) == (
        'at=warning event="retrying in 2.5 s" logger=discord.http'
    )


@pytest.mark.parametrize("log_format", ["logfmt", "json"])
@pytest.mark.parametrize("logger", [own, library])
def test_exception_is_part_of_its_line(
    log_format: LogFormat, logger: Callable[[], logging.Logger]
) -> None:
    def act() -> None:
        try:
            raise_error()
        except LookupError:
            logger().exception("failed")

    line = logged(log_format, act)
    assert line.count("\n") == 1
    assert "Traceback (most recent call last):\\n" in line
    assert line.rstrip('"}\n').endswith("\\nLookupError: nobody home")


def test_exception_that_was_not_raised_is_written_without_a_trace() -> None:
    line = logged("logfmt", lambda: own().error("failed", exc_info=LookupError("nobody home")))
    assert line.endswith(' exception="LookupError: nobody home"\n')


@pytest.mark.parametrize("logger", [own, library])
def test_no_exception_at_hand_is_no_field(logger: Callable[[], logging.Logger]) -> None:
    line = logged("logfmt", lambda: logger().error("failed", exc_info=True))
    assert "event=failed" in line
    assert "exception" not in line


def test_endless_exception_is_cut_in_its_middle() -> None:
    """The first words name the root cause, the last ones what came of it."""
    error = LookupError(f"first words {'x' * 100_000} last words")
    line = logged("logfmt", lambda: own().error("failed", exc_info=error))
    assert len(line) < 5000
    assert "LookupError: first words xxx" in line
    assert line.endswith('xxx last words"\n')


def test_deep_trace_is_reduced_to_its_last_calls() -> None:
    """Two functions take turns, since Python itself shortens the calls of a single one."""

    def ping(depth: int) -> None:
        pong(depth - 1)

    def pong(depth: int) -> None:
        if depth == 0:
            raise LookupError("bottom")
        ping(depth)

    def act() -> None:
        try:
            ping(50)
        except LookupError:
            own().exception("failed")

    line = logged("logfmt", act)
    assert line.count("in ping") == line.count("in pong") == 4
    assert "in act" not in line


def test_console_shows_no_local_variables_of_a_trace() -> None:
    def act() -> None:
        kept = "a local value".upper()
        try:
            raise_error()
        except LookupError:
            own().exception("failed", length=len(kept))

    text = logged("console", act)
    assert "LookupError: nobody home" in text
    assert "A LOCAL VALUE" not in text


@pytest.mark.parametrize("log_format", FORMATS)
@given(text=st.text())
def test_one_event_is_one_line_whatever_it_tells(log_format: LogFormat, text: str) -> None:
    stream = configured(log_format)
    own().info("asked", author=text)
    library().info("heard %s", text)
    assert len(stream.getvalue().splitlines()) == 2


def test_logfmt_shows_control_characters_instead_of_obeying_them() -> None:
    line = logged("logfmt", lambda: own().info("asked", author="A\r\n\x1b[2J\u2028\ud800nn"))
    assert " author=A\\r\\n\\x1b[2J\\u2028\\ud800nn " in line


# -------------------------------------------------------------------------- who writes, and where


def test_lines_go_to_standard_error_so_that_output_stays_clean(
    capsys: pytest.CaptureFixture[str],
) -> None:
    logs.configure("logfmt", ())
    own().info("ready")
    written = capsys.readouterr()
    assert "event=ready" in written.err
    assert written.out == ""


def test_configuring_again_replaces_and_does_not_double() -> None:
    first = configured("json")
    second = configured("logfmt")
    own().info("ready")
    assert first.getvalue() == ""
    assert second.getvalue().count("event=ready") == 1


@pytest.mark.parametrize(
    ("name", "level", "written"),
    [
        ("discord.http", logging.DEBUG, False),
        ("discord.gateway", logging.INFO, True),
        ("aiohttp.access", logging.INFO, False),
        ("aiohttp.server", logging.WARNING, True),
        ("httpx", logging.INFO, False),
        ("aiosqlite", logging.DEBUG, False),
        ("aiosqlite", logging.INFO, True),
    ],
)
def test_libraries_are_heard_from_their_level_on(name: str, level: int, written: bool) -> None:
    line = logged("logfmt", lambda: logging.getLogger(name).log(level, "said"))
    assert ("event=said" in line) is written


def test_debug_of_discord_stays_off_even_when_the_process_debugs() -> None:
    """It shows whole requests, with what people write in them."""
    stream = configured("logfmt")
    logging.getLogger().setLevel(logging.DEBUG)
    library().debug("said")
    assert stream.getvalue() == ""


def test_own_debug_lines_are_not_written() -> None:
    assert logged("logfmt", lambda: own().debug("said")) == ""


# ------------------------------------------------------------------------------- when it goes wrong


@pytest.mark.parametrize("log_format", FORMATS)
def test_line_that_cannot_be_written_is_replaced_without_its_values(
    log_format: LogFormat, capsys: pytest.CaptureFixture[str]
) -> None:
    """The standard library would print message and arguments as they are."""
    line = logged(log_format, lambda: library().warning("%d seconds", TOKEN))
    assert "a log line was lost at " in line
    assert "test_logs.py:" in line
    assert "TypeError" in line
    assert "discord.http" in line
    assert "c" * 10 not in line
    assert capsys.readouterr() == ("", "")


def test_value_that_fails_when_written_stops_nobody() -> None:
    class Broken:
        def __str__(self) -> str:
            raise LookupError(TOKEN)

        __repr__ = __str__

    line = logged("logfmt", lambda: own().info("using", what=Broken()))
    assert "LookupError" in line
    assert "c" * 10 not in line


def test_closed_stream_stops_nobody_and_shows_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    stream = configured("logfmt")
    stream.close()
    library().warning("using %s", TOKEN)
    own().warning("using", what=TOKEN)
    assert capsys.readouterr() == ("", "")


# ---------------------------------------------------------------------- in somebody else's process


def followed(caplog: pytest.LogCaptureFixture, *secrets: str) -> Callable[[], str]:
    """Follow the host's logging; return what gives its latest line."""
    caplog.set_level(logging.INFO)
    logs.follow(secrets)
    return lambda: f"{caplog.records[-1].name} {caplog.records[-1].getMessage()}"


def test_lines_go_to_the_hosts_logging_under_the_modules_name(
    caplog: pytest.LogCaptureFixture,
) -> None:
    latest = followed(caplog)
    own().info("grid_stored", gen="ab12cd", bytes=12)
    assert latest() == "services.pictures.copier grid_stored gen='ab12cd' bytes=12"
    own().debug("too_much")
    assert "grid_stored" in latest()


def test_secrets_are_masked_in_the_hosts_logging_also_after_a_reload(
    caplog: pytest.LogCaptureFixture,
) -> None:
    followed(caplog, "first secret")
    latest = followed(caplog, "second secret")
    own().error("failed", why="the second secret", exc_info=LookupError(TOKEN))
    assert "why='the ***'" in latest()
    assert "LookupError: ***" in latest()
    assert TOKEN not in caplog.text


def test_lines_that_the_host_asked_for_stay(caplog: pytest.LogCaptureFixture) -> None:
    stream = configured("logfmt")
    logs.follow(())
    own().info("grid_stored")
    assert "at=info event=grid_stored" in stream.getvalue()
