"""Errors for Sentry: where in the code they happened, and nothing of what they were about.

The SDK is told to gather nothing by itself. What is sent is built here, of the names of modules,
functions, error types and our own events: a prompt, a name or a key stands in none of these.
"""

from __future__ import annotations

import importlib.util
import logging
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import PurePath
from types import TracebackType
from typing import TYPE_CHECKING, Any, cast

from services.version import VERSION

if TYPE_CHECKING:
    from services.settings import Secret

_INSTALL = (
    'pip install "atelier[sentry]"'
    if __name__.startswith("atelier.")  # whoever has the package has none of these files
    else "install requirements-sentry.txt in the place of requirements.txt"
)
MISSING = (
    "SENTRY_DSN is set, but the package sentry-sdk is not installed: "
    f"{_INSTALL}, or take the setting out."
)
AGAIN = 3600.0
"""Seconds until the same is reported again."""
FLUSH_SECONDS = 3.0
_MOST_ERRORS, _MOST_FRAMES = 10, 50
SENT = frozenset(
    {"event_id", "timestamp", "platform", "level", "logger", "logentry", "exception", "release"}
)
"""What an event may have; the SDK adds the machine's name and more."""


def available() -> bool:
    """Whether the package is installed; it is an extra."""
    return importlib.util.find_spec("sentry_sdk") is not None


def begin(dsn: Secret) -> Callable[[], None]:
    """Report what is logged as an error from now on; return what waits until all is sent.

    To be called after `logs.configure`.
    """
    import sentry_sdk  # noqa: PLC0415 -- an extra: who does not set SENTRY_DSN may lack it

    def scrub(event: Any, _hint: Any) -> Any:
        return {name: value for name, value in event.items() if name in SENT}

    sentry_sdk.init(
        dsn=dsn.get_secret_value(),
        release=VERSION,
        default_integrations=False,
        auto_session_tracking=False,
        send_client_reports=False,
        max_breadcrumbs=0,
        server_name="",
        before_send=scrub,
    )
    handler = ReportHandler(sentry_sdk.capture_event)
    logging.getLogger().addHandler(handler)

    def end() -> None:
        logging.getLogger().removeHandler(handler)
        sentry_sdk.get_client().close(timeout=FLUSH_SECONDS)

    return end


class ReportHandler(logging.Handler):
    """Makes an event of each error that is logged; the same one at most once in an hour."""

    def __init__(self, send: Callable[[Any], object]) -> None:
        super().__init__(logging.ERROR)
        self._send = send
        self._sent_at: dict[str, float] = {}

    def emit(self, record: logging.LogRecord) -> None:
        """Send it; nothing of the line itself but the name of our own event."""
        try:
            event = _event(record)
            key, now = repr(event), time.monotonic()
            if now - self._sent_at.get(key, -AGAIN) >= AGAIN:
                self._sent_at[key] = now
                self._send(event)
        except Exception:  # noqa: BLE001, S110 -- a report must not harm; logging it would come back
            pass


def _event(record: logging.LogRecord) -> dict[str, Any]:
    """Return what is reported; a library's own words may hold anything, so they are left out."""
    name, exc_info = record.name, record.exc_info
    message: object = record.msg
    if isinstance(message, dict):  # structlog's
        fields = cast("dict[str, Any]", message)
        name, exc_info = str(fields["event"]), fields.get("exc_info")
    event: dict[str, Any] = {
        "platform": "python",
        "level": record.levelname.lower(),
        "logger": record.name,
        "logentry": {"formatted": name},
    }
    error = _error(exc_info)
    if error is not None:
        values = [_value(each) for each in islice(_causes(error), _MOST_ERRORS)]
        event["exception"] = {"values": values[::-1]}  # Sentry wants the latest last
    return event


def _error(exc_info: object) -> BaseException | None:
    """Return the error of any form that logging and structlog take, if there is one."""
    if isinstance(exc_info, BaseException):
        return exc_info
    if exc_info is True:
        return sys.exception()
    if isinstance(exc_info, tuple):
        parts = cast("tuple[object, ...]", exc_info)
        return next((part for part in parts if isinstance(part, BaseException)), None)
    return None


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Return an error, those inside it if it is a group, and what each came of."""
    seen: set[int] = set()
    left = [error]
    while left:
        each = left.pop(0)
        if id(each) in seen:
            continue
        seen.add(id(each))
        yield each
        if isinstance(each, BaseExceptionGroup):
            left += cast("BaseExceptionGroup[BaseException]", each).exceptions
        left += filter(None, (each.__cause__ or each.__context__,))


def _value(error: BaseException) -> dict[str, Any]:
    kind = type(error)
    frames = list(_frames(error.__traceback__))
    return {
        "type": kind.__qualname__,
        "module": kind.__module__,
        "stacktrace": {"frames": frames[-_MOST_FRAMES:]},
    }


def _frames(traceback: TracebackType | None) -> Iterable[dict[str, Any]]:
    while traceback is not None:
        code = traceback.tb_frame.f_code
        yield {
            "module": traceback.tb_frame.f_globals.get("__name__"),
            "function": code.co_qualname,
            "filename": PurePath(code.co_filename).name,
            "lineno": traceback.tb_lineno,
        }
        traceback = traceback.tb_next
