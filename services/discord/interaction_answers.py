"""What Discord's HTTP answers to an interaction mean."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import cast

from domain.generation import Problem, ProblemKind
from domain.reasons import Reason
from domain.sender import Answer, Postponed, Rejected, Taken, Unknown

SERVER_ERROR, TOO_MANY = 500, 429
LONGEST_WAIT = 86_400.0
"""Seconds: nobody is asked to wait longer than this, whatever the answer says."""
_BLOCKED = "HTTP 403, code 10008"
"""The code for an unknown message; with 403 it means a block against abuse."""
_ACCOUNT = {Reason.CAPTCHA.value: Reason.CAPTCHA, _BLOCKED: Reason.BLOCKED}
STALE_VERSION = "INTERACTION_APPLICATION_COMMAND_INVALID_VERSION"
NO_SESSION = "session_id"
"""The field that a form (HTTP 400) names as invalid."""


def read_answer(status: int, text: str, retry_after: str | None) -> Answer:
    """Return the meaning of an HTTP answer to an interaction; a server error proves nothing."""
    if 200 <= status < 300:  # noqa: PLR2004 -- the range of success
        return Taken()
    if status >= SERVER_ERROR:
        return Unknown(f"HTTP {status}")
    detail = _detail(status, text)
    if status == TOO_MANY:
        return Postponed(Reason.RATE_LIMITED, _seconds(text, retry_after))
    return refused(status, detail)


def refused(status: int, detail: str, about: str = "") -> Rejected:
    """Tell a bad request from an account problem that needs a person."""
    account = Reason.LOGGED_OUT if status == 401 else _ACCOUNT.get(detail)  # noqa: PLR2004 -- Unauthorized
    if account is not None:
        return Rejected(Problem(ProblemKind.ACCOUNT, account), retry_after=0)
    return Rejected(Problem(ProblemKind.NOT_SENT, about + detail))


def _detail(status: int, text: str) -> str:
    """Name the refusal by its code; Discord's text is localised, and may be an HTML page."""
    if STALE_VERSION in text:
        return STALE_VERSION
    if f'"{NO_SESSION}"' in text:
        return NO_SESSION
    body = _json(text)
    if "captcha_key" in body:
        return Reason.CAPTCHA
    return f"HTTP {status}, code {body['code']}" if "code" in body else f"HTTP {status}"


def _json(text: str) -> Mapping[str, object]:
    try:
        body: object = json.loads(text)
    except ValueError:
        return {}
    return cast("dict[str, object]", body) if isinstance(body, dict) else {}


def _seconds(text: str, header: str | None) -> float | None:
    value = _json(text).get("retry_after", header)
    try:
        seconds = float(str(value))
    except ValueError:
        return None
    return min(max(0.0, seconds), LONGEST_WAIT) if math.isfinite(seconds) else None
