"""Lets a Python process reach nothing but this machine.

The name makes Python import it at start wherever this folder is on PYTHONPATH: in every process
that a test starts with the environment it has itself. `tests/conftest.py` imports it for the test
process.
"""

import sys
from typing import Any

# Audit event -> where its arguments name the other side.
WATCHED = {
    "socket.connect": 1,
    "socket.sendto": 1,
    "socket.sendmsg": 1,
    "socket.getaddrinfo": 0,
    "socket.gethostbyname": 0,
    "socket.gethostbyaddr": 0,
}

refused: list[str] = []
"""Where this process wanted to go. Code that takes the error for a bad network is found here."""


class RefusedError(ConnectionRefusedError):
    """Looks like a missing network to the code under test."""


def is_this_machine(address: str | bytes | tuple[Any, ...] | None) -> bool:
    """Return whether a socket address or a host name (or none) means this machine."""
    import ipaddress  # noqa: PLC0415 -- every child starts with this module: not before it is needed

    host: str | bytes | None = address[0] if isinstance(address, tuple) else address
    name = host.decode() if isinstance(host, bytes) else host or ""
    if name in ("", "localhost"):
        return True
    try:
        found = ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        return False
    return (getattr(found, "ipv4_mapped", None) or found).is_loopback


def is_on_the_internet(event: str, arguments: tuple[Any, ...]) -> bool:
    """Tell Internet sockets from those to a file of this machine, whose addresses are paths."""
    if event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"):
        return True
    return getattr(arguments[0], "family", None) in (2, 10, 30)  # AF_INET; AF_INET6, on macOS


def guard(event: str, arguments: tuple[Any, ...]) -> None:
    """Refuse and record every connection that would leave this machine."""
    place = WATCHED.get(event)
    if place is None or not is_on_the_internet(event, arguments):
        return
    address = arguments[place]
    if not is_this_machine(address):
        refused.append(str(address))
        raise RefusedError(f"Tests reach this machine only, not {address}.")


def begun_with_this() -> Any:
    """Return this module as Python imported it at the start of the process, if it did."""
    module = sys.modules.get("sitecustomize")
    same = module is not None and getattr(module, "__file__", None) == __file__
    return module if same and __name__ != "sitecustomize" else None


if (first := begun_with_this()) is not None:  # the hook is there: its record is the record
    refused = first.refused
    RefusedError = first.RefusedError
else:
    sys.addaudithook(guard)
