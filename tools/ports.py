"""Finds a port for a server that cannot take a free one by itself."""

from __future__ import annotations

import contextlib
import random
import socket

PORTS = range(20_000, 32_000)
"""Below those that systems hand out to whoever asks for any: nobody else gets it meanwhile."""

# Not the generator that all share: the Discord library seeds that with a browser's version, so that
# tests in several processes would reach for the same port.
_RANDOM = random.SystemRandom()


def free_port() -> int:
    """Return a port of the loopback address on which nothing listens."""
    while True:
        port = _RANDOM.choice(PORTS)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
