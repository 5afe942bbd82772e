import io
import json
import logging
from collections.abc import Callable, Generator
from datetime import datetime

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from services import logs
from services.logs import LogFormat

FORMATS: tuple[LogFormat, ...] = ("logfmt", "json", "console")
SECRET = "correct-horse/battery staple"
TOKEN = ".".join(("a" * 24, "b" * 6, "c" * 30))
LINK = "https://cdn.discordapp.com/attachments/2/3/grid.png"


@pytest.fixture(autouse=True)
def as_before() -> Generator[None]:
    """Give back to the other tests what `configure` changes for the whole process."""
    loggers = [logging.getLogger(name) for name in (None, "discord", "aiohttp", "httpx")]
    levels = [logger.level for logger in loggers]
    handlers = list(loggers[0].handlers)
    yield
    loggers[0].handlers[:] = handlers
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)
    structlog.reset_defaults()


def configured(log_format: LogFormat = "logfmt", *secrets: str) -> io.StringIO:
    """Configure the logs, and return where the lines go."""
    stream = io.StringIO()
    logs.configure(log_format, secrets, stream)
    return stream


def logged(log_format: LogFormat, act: Callable[[], object], *secrets: str) -> str:
    """Return what is written when something happens."""
    stream = configured(log_format, *secrets)
    act()
    return stream.getvalue()


def raise_error() -> None:
    raise LookupError("nobody home")


def own() -> structlog.typing.FilteringBoundLogger:
    return structlog.get_logger("services.copier")


def library() -> logging.Logger:
    return logging.getLogger("discord.http")


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


@pytest.mark.parametrize("log_format", ["logfmt", "json"])
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


# ---------------------------------------------------------------------------------------- secrets


class Leaky:
    """A value that shows a secret when it is written."""

    def __init__(self, secret: str) -> None:
        self._secret = secret

    def __repr__(self) -> str:
        return f"<Leaky {self._secret}>"


def _caused_by(secret: str) -> Exception:
    error = RuntimeError("harmless")
    error.__cause__ = LookupError(secret)
    return error


def _noted(secret: str) -> Exception:
    error = RuntimeError("harmless")
    error.add_note(f"while using {secret}")
    return error


LAYERS: dict[str, Callable[[str], object]] = {
    "event": lambda secret: own().info(f"using {secret} now"),
    "value": lambda secret: own().info("using", what=secret),
    "object": lambda secret: own().info("using", what=Leaky(secret)),
    "nested": lambda secret: own().info("using", what={"deep": [(secret, 1)]}),
    "bytes": lambda secret: own().info("using", what=secret.encode()),
    "bound": lambda secret: own().bind(what=secret).info("using"),
    "exception": lambda secret: own().error("failed", exc_info=LookupError(secret)),
    "cause": lambda secret: own().error("failed", exc_info=_caused_by(secret)),
    "note": lambda secret: own().error("failed", exc_info=_noted(secret)),
    "group": lambda secret: own().error("e", exc_info=ExceptionGroup("g", [LookupError(secret)])),
    "message": lambda secret: library().warning(f"using {secret} now"),
    "argument": lambda secret: library().warning("using %s now", secret),
    "mapping": lambda secret: library().warning("using %(what)s now", {"what": secret}),
    "objects": lambda secret: library().warning("using %r", [Leaky(secret)]),
    "theirs": lambda secret: library().error("failed", exc_info=LookupError(secret)),
    "their logger": lambda secret: logging.getLogger(f"x.{secret}").warning("using"),
}


@pytest.mark.parametrize("log_format", FORMATS)
@pytest.mark.parametrize("layer", LAYERS)
def test_secret_is_masked_in_every_layer(layer: str, log_format: LogFormat) -> None:
    line = logged(log_format, lambda: LAYERS[layer](SECRET), SECRET)
    assert "***" in line
    assert "horse" not in line
    assert "staple" not in line


@pytest.mark.parametrize("log_format", FORMATS)
@pytest.mark.parametrize("layer", LAYERS)
def test_unknown_token_is_masked_in_every_layer(layer: str, log_format: LogFormat) -> None:
    line = logged(log_format, lambda: LAYERS[layer](TOKEN))
    assert "***" in line
    assert "c" * 10 not in line


@pytest.mark.parametrize("log_format", FORMATS)
@pytest.mark.parametrize(
    ("text", "secret"),
    [
        (f"mfa.{'Qw-3' * 21}", "Qw-3"),
        (f"sb_secret_{'Qw-3' * 6}_Zz", "Qw-3"),
        (f"sb_secret_{'Qw-3' * 6}_Zz", "Zz"),
        (f"eyJ{'Qw-3' * 6}.eyJ{'Zz_5' * 9}.{'Xx-6' * 9}", "Qw-3"),
        (f"eyJ{'Qw-3' * 6}.eyJ{'Zz_5' * 9}.{'Xx-6' * 9}", "Xx-6"),
        ("Authorization: Qw3", "Qw3"),
        ("authorization=Qw3", "Qw3"),
        ("Proxy-Authorization: Basic Qw3=", "Qw3"),
        ("GET / Authorization: Bearer Qw3\r\nHost: x", "Qw3"),
        ("{'Authorization': 'Qw3', 'Host': 'x'}", "Qw3"),
        ('{"Authorization": "Bearer Qw3"}', "Qw3"),
        (str(((b"Authorization", b"Bot Qw3"),)), "Qw3"),
        ("https://ann:Qw3@db.example/x", "Qw3"),
        (f"{LINK}?ex=Qw3&is=68f1&hm=0a0b&", "Qw3"),
        (f"{LINK}?ex=Qw3&is=68f1&hm=0a0b&", "0a0b"),
        (f"{LINK}?format=webp&is=68f1&hm=0a0b", "68f1"),
        (f"{LINK}?format=webp&amp;hm=0a0b", "0a0b"),
    ],
)
def test_what_looks_like_a_secret_is_masked(text: str, secret: str, log_format: LogFormat) -> None:
    def act() -> None:
        own().info("using", what=text)
        own().info("using", what={"deep": text})
        library().error("using %s", [text], exc_info=LookupError(text))

    written = logged(log_format, act)
    assert "***" in written
    assert secret not in written


def test_masking_leaves_readable_what_is_around() -> None:
    text = f"GET {LINK}?ex=1&hm=2 failed (Authorization: Bearer abc) at https://a:b@c.example/d"
    assert logs.masker([])(text) == (
        f"GET {LINK}?*** failed (Authorization: ***) at https://***@c.example/d"
    )


@pytest.mark.parametrize(
    "text",
    [
        "nothing to hide",
        f"{LINK}?format=webp&width=64",
        "MJ::JOB::upsample::1::0f0e0d0c-1111-4222-8333-444455556666",
        "https://abcdefghijklmnop.supabase.co/storage/v1/object/public/generations/x/grid.png",
        "discord.ext.commands.errors.CommandInvokeError",
        "no authorization for this channel, ask ann@example.org",
        "1234567890123456789",
    ],
)
def test_ordinary_text_is_left_alone(text: str) -> None:
    assert logs.masker([SECRET])(text) == text


def test_masking_twice_is_masking_once() -> None:
    mask = logs.masker([SECRET])
    once = mask(f"Authorization: {TOKEN} {LINK}?ex=1 http://a:b@c {SECRET}")
    assert mask(once) == once


@pytest.mark.parametrize("text", ["", " ", "a", "image"])
def test_text_too_short_for_a_secret_blackens_nothing(text: str) -> None:
    assert logs.masker([text])("an image of a") == "an image of a"


def test_longer_secret_is_masked_whole_where_it_contains_another() -> None:
    assert logs.masker(["battery", "battery-staple"])("battery-staple battery") == "*** ***"


@pytest.mark.parametrize(
    ("secret", "written"),
    [
        ("p@ss word/1", "p%40ss%20word%2F1"),
        ("p%40ss%20word", "p@ss word"),
        ('pass"wo\\rd', 'pass\\"wo\\\\rd'),
    ],
)
def test_secret_is_known_in_its_other_spellings(secret: str, written: str) -> None:
    assert logs.masker([secret])(f"<{written}>") == "<***>"


def test_cutting_a_trace_does_not_cut_a_secret_out_of_its_mask() -> None:
    """Half of a secret has no shape any more, and is not the exact text either."""
    secret = "".join(chr(97 + n % 26) + str(n) for n in range(40))
    for before in range(1300, 1500, 10):
        error = LookupError(f"{'-' * before}{secret}{'-' * 8000}")
        line = logged("logfmt", lambda e=error: own().error("failed", exc_info=e), secret)
        assert not any(secret[n : n + 6] in line for n in range(len(secret) - 6))


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
