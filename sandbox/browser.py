"""The browser version to imitate, which the library asks a server of its author's for."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING

from aiohttp import web

from sandbox.answers import answer

if TYPE_CHECKING:
    from sandbox.people import Json

VERSION = 136
PROPERTIES: Json = {
    "os": "Windows",
    "browser": "Chrome",
    "browser_user_agent": f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/{VERSION}.0.0.0",
    "browser_version": f"{VERSION}.0.0.0",
    "client_build_number": 9999,
}
ENCODED = base64.b64encode(json.dumps(PROPERTIES).encode()).decode()
"""As it goes into the header X-Super-Properties."""


def routes() -> list[web.RouteDef]:
    """Return that server's only route."""
    return [web.post("/api/v2/properties/web", _tell)]


async def _tell(_: web.Request) -> web.Response:
    return answer(
        {"properties": PROPERTIES, "extra_gateway_properties": {}, "encoded": ENCODED},
    )
