"""Ports for servers that are told theirs before they listen."""

from __future__ import annotations

import random
import socket

import pytest

from tools import ports


def test_a_port_is_none_that_the_system_gives_away_and_none_in_use(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with socket.socket() as taken:
        port = ports.free_port()
        taken.bind(("127.0.0.1", port))
        assert port in range(20_000, 32_000)
        other = ports.free_port()
        monkeypatch.setattr(ports, "PORTS", [port, other])
        assert {ports.free_port() for _ in range(20)} == {other}


def test_another_process_with_the_same_seed_gets_other_ports() -> None:
    """The Discord library seeds the generator that all share."""
    before, drawn = random.getstate(), list[list[int]]()
    try:
        for _ in range(2):
            random.seed(7)
            drawn.append([ports.free_port() for _ in range(5)])
    finally:
        random.setstate(before)
    assert drawn[0] != drawn[1]
