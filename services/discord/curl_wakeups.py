"""Lets the process sleep while nothing happens: curl_cffi wakes it ten times a second.

Each `AsyncCurl` asks libcurl so often whether it has missed a signal (`_force_timeout`, curl_cffi
0.16). Sockets and timers reach libcurl without that, and what was missed may wait a second. There
is no option for it, and discord.py-self opens the session.
"""

from __future__ import annotations

import asyncio
from typing import Any, cast

from curl_cffi import AsyncCurl
from curl_cffi.aio import CURL_POLL_NONE, CURL_SOCKET_TIMEOUT

PAUSE_SECONDS = 1.0


def wake_rarely() -> None:
    """Have each `AsyncCurl` that this process makes from now on wake it once a second."""
    cast("Any", AsyncCurl)._force_timeout = _look_for_missed_signals  # noqa: SLF001 -- see above


async def _look_for_missed_signals(curl: Any) -> None:
    while curl._curlm:  # noqa: SLF001 -- None when it is closed
        curl.socket_action(CURL_SOCKET_TIMEOUT, CURL_POLL_NONE)
        await asyncio.sleep(PAUSE_SECONDS)
