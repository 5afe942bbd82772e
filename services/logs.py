"""Log lines: one per event, ours and the libraries', never with a secret."""

from __future__ import annotations

import json
import logging
import re
import sys
import threading
import traceback
from typing import TYPE_CHECKING, Literal, TextIO, assert_never
from urllib.parse import quote, unquote

import structlog
from stamina.instrumentation import set_on_retry_hooks
from structlog.stdlib import ProcessorFormatter

from services.retry import log_retry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from structlog.typing import EventDict, ExcInfo, Processor, WrappedLogger

    Mask = Callable[[str], str]

_log = structlog.get_logger(__name__)

LogFormat = Literal["logfmt", "json", "console"]

MASK = "***"
SHORTEST_SECRET = 6
"""Shorter texts are not masked as secrets, because that would also hide ordinary words."""
_SHAPES = (
    # In a header line, and in dictionaries and pairs of headers, however often quotes are escaped.
    (
        re.compile(
            r"""(?ix) (authorization (?: ["'\\]*\s*[:=] | ["'\\]+, ) \s*(?:b(?=["'\\]))?["'\\]*)
            (?: (?:basic|bearer|bot|digest)\s+ )? [^\s"'\\,;)}\]]+""",
        ),
        rf"\1{MASK}",
    ),
    (re.compile(r"(?<=://)[^/\s@]+(?=@)"), MASK),  # user:password@ of a URL
    # With the signature of a CDN link, anybody can read the picture for a day.
    (re.compile(r"""\?(?:[^\s"'<>?]*[&;])?hm=[^\s"'<>\\)]*"""), f"?{MASK}"),
    (
        re.compile(
            r"""(?x) [\w-]{23,28}\.[\w-]{6,7}\.[\w-]{27,}  # Discord: user id, time, signature
            | mfa\.[\w-]{20,}
            | sb_secret_[\w-]+
            | eyJ[\w-]{10,}(?:\.[\w-]+)*  # JSON in base64: JWTs begin so""",
        ),
        MASK,
    ),
)

_LEVELS = {
    "discord": logging.INFO,  # its DEBUG shows whole requests
    "aiohttp": logging.WARNING,  # its INFO is a line for each request
    "httpx": logging.WARNING,  # the same
}
_FRAMES = 8
_TRACE_HEAD, _TRACE_TAIL = 1500, 2500
"""How many characters to keep at each end of a traceback; Heroku cuts lines at 10,000 bytes."""


def configure(
    log_format: LogFormat,
    secrets: Iterable[str],
    stream: TextIO | None = None,
) -> None:
    """Send the log lines of this process to `stream` (standard error), and nowhere else.

    Those about retries are ours, in the place of stamina's.

    In logfmt and JSON a line begins with `at` (the level) and `event`; lines of libraries also have
    `logger`. Secrets, and anything that looks like one, are masked in every part of a line.
    """
    output = stream or sys.stderr
    mask = masker(secrets)
    common: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", key="time"),
    ]
    formatter = ProcessorFormatter(
        foreign_pre_chain=[structlog.stdlib.add_logger_name, *common],
        processors=[
            ProcessorFormatter.remove_processors_meta,
            # Not left to the renderers: the console's shows local variables if `rich` is installed.
            structlog.processors.ExceptionRenderer(lambda exc_info: _trace(exc_info, mask)),
            *_renderer(log_format, colours=output.isatty()),
        ],
    )
    root = logging.getLogger()
    root.handlers[:] = [_MaskingHandler(output, formatter, mask)]
    root.setLevel(logging.INFO)
    for name, level in _LEVELS.items():
        logging.getLogger(name).setLevel(level)
    structlog.configure(
        processors=[*common, ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
    )
    set_on_retry_hooks((log_retry,))


def follow(secrets: Iterable[str]) -> None:
    """Send our log lines to the host's logging, under the names of our modules, masked.

    If the host has configured structlog, or called `configure`, that counts.
    """
    if structlog.is_configured() and not _follows():
        return
    mask = masker(secrets)
    structlog.configure(
        processors=[
            structlog.processors.ExceptionRenderer(lambda exc_info: _trace(exc_info, mask)),
            _Line(mask),
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
    )
    set_on_retry_hooks((log_retry,))


def _follows() -> bool:
    """Whether `follow` was called before, perhaps in a copy of this module that was unloaded."""
    return type(structlog.get_config()["processors"][-1]).__name__ == _Line.__name__


class _Line:
    """Makes one text of an event and its fields."""

    def __init__(self, mask: Mask) -> None:
        self._mask = mask

    def __call__(self, _: WrappedLogger, __: str, event: EventDict) -> str:
        words = f"{event.pop('event')}"
        trace = event.pop("exception", None)
        fields = "".join(f" {name}={value!r}" for name, value in event.items())
        return self._mask(words + fields + (f"\n{trace}" if trace else ""))


def masker(secrets: Iterable[str]) -> Mask:
    """Return a function that masks these secrets, in any spelling, and whatever looks like one."""
    forms = {form for secret in secrets for form in _spellings(secret)}
    known = sorted((f for f in forms if len(f) >= SHORTEST_SECRET), key=len, reverse=True)
    exact = re.compile("|".join(map(re.escape, known)) or r"(?!)")

    def mask(text: str) -> str:
        text = exact.sub(MASK, text)
        for shape, replacement in _SHAPES:
            text = shape.sub(replacement, text)
        return text

    return mask


def masked(text: str) -> str:
    """Return a text without what log lines must not have: for what a process prints itself."""
    handlers = logging.getLogger().handlers
    masks = (handler.mask for handler in handlers if isinstance(handler, _MaskingHandler))
    return next(masks, masker(()))(text)


def catch_crashes() -> None:
    """Have what nobody catches logged: Python would print it, with the secrets in it.

    That is what ends a thread, or goes wrong while an object is cleared away, and every warning.
    What ends the process is caught by whoever started it.
    """

    def from_thread(crash: threading.ExceptHookArgs) -> None:
        _log.error("failed_in_background", exc_info=crash.exc_value)

    def while_clearing(crash: sys.UnraisableHookArgs) -> None:
        _log.error("failed_in_background", exc_info=crash.exc_value)

    threading.excepthook, sys.unraisablehook = from_thread, while_clearing
    logging.captureWarnings(capture=True)


def _spellings(secret: str) -> tuple[str, ...]:
    """Return the secret as it is, as written in URLs, and as written in quotes."""
    return (secret, quote(secret, safe=""), unquote(secret), json.dumps(secret)[1:-1])


class _MaskingHandler(logging.StreamHandler[TextIO]):
    """Masks the finished line: nothing is added to it afterwards."""

    def __init__(self, stream: TextIO, formatter: logging.Formatter, mask: Mask) -> None:
        super().__init__(stream)
        self.setFormatter(formatter)
        self.mask = mask

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, or one that says that part of it could not be written."""
        try:
            line = super().format(record)
        except Exception as error:  # noqa: BLE001 -- any value's own __str__ may have failed
            line = super().format(_lost(record, error))
        return self.mask(line)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 -- logging's name
        """Drop the line: to report the failure, logging would print the record unmasked."""


def _lost(record: logging.LogRecord, error: Exception) -> logging.LogRecord:
    place = f"{record.pathname}:{record.lineno}"
    said = f"a log line was lost at {place}: {type(error).__name__}"
    return logging.makeLogRecord(
        {"name": record.name, "levelno": logging.ERROR, "levelname": "ERROR", "msg": said},
    )


def _trace(exc_info: ExcInfo, mask: Mask) -> str:
    """Return a shortened traceback, masked first because half a secret would not be recognised."""
    text = mask("".join(traceback.format_exception(*exc_info, limit=-_FRAMES)).rstrip())
    if len(text) <= _TRACE_HEAD + _TRACE_TAIL:
        return text
    return f"{text[:_TRACE_HEAD]}\n[...]\n{text[-_TRACE_TAIL:]}"


def _renderer(log_format: LogFormat, *, colours: bool) -> list[Processor]:
    match log_format:
        case "logfmt":
            return [_level_and_event_first, _logfmt]
        case "json":
            return [_level_and_event_first, structlog.processors.JSONRenderer()]
        case "console":
            return [
                _visible_control,
                structlog.dev.ConsoleRenderer(
                    colors=colours,
                    timestamp_key="time",
                    sort_keys=False,
                ),
            ]
        case _:
            assert_never(log_format)


def _level_and_event_first(_logger: WrappedLogger, _name: str, fields: EventDict) -> EventDict:
    return {"at": fields.pop("level"), "event": fields.pop("event"), **fields}


def _visible_control(_logger: WrappedLogger, _name: str, fields: EventDict) -> EventDict:
    """Let no value obey the terminal or start a line; only a traceback has lines of its own."""
    trace = fields.pop("exception", None)
    shown = {
        name: _escaped(value if isinstance(value, str) else repr(value))
        for name, value in fields.items()
    }
    if trace is not None:
        shown["exception"] = "\n".join(map(_escaped, trace.split("\n")))
    return shown


_to_logfmt = structlog.processors.LogfmtRenderer(bool_as_flag=False)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def _logfmt(logger: WrappedLogger, name: str, fields: EventDict) -> str:
    """Render a single line whatever the values contain: a name must not start a new one."""
    return _escaped(_to_logfmt(logger, name, fields))


def _escaped(text: str) -> str:
    """Return a text with its control characters written out."""
    return _CONTROL.sub(lambda found: found[0].encode("unicode_escape").decode(), text)
