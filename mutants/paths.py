"""Where the program and its tests are, for the tables of mutants."""

from __future__ import annotations

UNIT = "tests/unit"
SERVICES = f"{UNIT}/services"
GENERATION = f"{SERVICES}/generation"
PICTURES = f"{SERVICES}/pictures"
SQLITE = "services/database/sqlite"


def tests_in(file: str, *tests: str) -> tuple[str, ...]:
    """Return the names of some tests of a file, as pytest takes them."""
    return tuple(f"{file}::{test}" for test in tests)
