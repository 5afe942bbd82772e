"""REST responses: JSON, nothing, or one of Discord's errors."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from aiohttp import web

if TYPE_CHECKING:
    from sandbox.people import Json

_VIA = {"Via": "1.1 sandbox"}  # without it the library takes a 429 for one of Cloudflare's


class ApiError(Exception):
    """An error answer: its HTTP status and Discord's JSON body `{code, message, errors?}`."""

    def __init__(self, status: int, code: int, message: str, errors: Json | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.body: Json = {"code": code, "message": message}
        if errors:
            self.body["errors"] = errors


def invalid_form(field: str, code: str, message: str) -> ApiError:
    """Return the 400 for a bad field; `field` is a path such as `data.id`."""
    errors: Json = {"_errors": [{"code": code, "message": message}]}
    for part in reversed(field.split(".")):
        errors = {part: errors}
    return ApiError(400, 50035, "Invalid Form Body", errors)


def unknown(what: str, code: int) -> ApiError:
    """Return the 404 for something that is not there."""
    return ApiError(404, code, f"Unknown {what}")


def answer(body: object = None, status: int = 200, headers: Json | None = None) -> web.Response:
    """Return a JSON answer. The library parses a body only if its type has no charset."""
    typed = _VIA | {"Content-Type": "application/json"} | (headers or {})
    return web.Response(body=json.dumps(body).encode(), status=status, headers=typed)


def nothing() -> web.Response:
    """Return the empty answer for success."""
    return web.Response(status=204, headers=_VIA)


_ERRORS: dict[str, tuple[int, Json]] = {
    "401": (401, {"code": 0, "message": "401: Unauthorized"}),
    "403": (403, {"code": 50013, "message": "Missing Permissions"}),
    "404": (404, {"code": 10008, "message": "Unknown Message"}),
    "500": (500, {"code": 0, "message": "500: Internal Server Error"}),
    "503": (503, {"code": 0, "message": "503: Service Unavailable"}),
    "bad form": (400, {"code": 50035, "message": "Invalid Form Body", "errors": {}}),
    # The code of "Unknown Message" with another status is Discord's answer to abuse.
    "blocked": (403, {"code": 10008, "message": "Unknown Message"}),
    "captcha": (
        400,
        {
            "captcha_key": ["captcha-required"],
            "captcha_sitekey": "00000000-0000-0000-0000-000000000000",
            "captcha_service": "hcaptcha",
        },
    ),
}


def denial(name: str, retry_after: float = 1.0) -> web.Response:
    """Return the error of that name; `retry_after` (in seconds) is for a 429."""
    if name == "cloudflare":
        headers = {"Retry-After": str(round(retry_after)), "Content-Type": "text/html"}
        return web.Response(status=429, text="<html>error code: 1015</html>", headers=headers)
    if name.startswith("429"):
        body = {
            "message": "You are being rate limited.",
            "retry_after": retry_after,
            "global": name == "429 global",
        }
        return answer(body, 429, {"Retry-After": str(retry_after)})
    status, body = _ERRORS[name]
    return answer(body, status)


def bad_gateway(status: int) -> web.Response:
    """Return a 502 or 504 like Cloudflare's, which is not JSON."""
    return web.Response(status=status, text=f"error code: {status}")
