"""Lines of the log, as tests have them written."""

import io
import logging
from collections.abc import Callable

import structlog

from services import logs
from services.logs import LogFormat

FORMATS: tuple[LogFormat, ...] = ("logfmt", "json", "console")


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
    return structlog.get_logger("services.pictures.copier")


def library() -> logging.Logger:
    return logging.getLogger("discord.http")
