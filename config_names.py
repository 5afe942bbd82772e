"""Names of variables that are nearly one of ours: a slip that would otherwise go unnoticed."""

from __future__ import annotations

import os
from difflib import get_close_matches
from typing import TYPE_CHECKING

from dotenv import dotenv_values

from config import DOTENV, FIELDS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path

NEARLY = 0.88
"""How similar two names must be, from 0 to 1: two slips in a long name, one in a short one."""


def find_slips(env_file: Path | None = DOTENV) -> dict[str, str]:
    """Return each variable that is set but nearly one of ours, with the name that it resembles."""
    return slips(_given(env_file), {name.upper() for name in FIELDS})


def _given(env_file: Path | None) -> frozenset[str]:
    """Return the names in the environment and in `env_file`, if that can be read."""
    try:
        in_file = dotenv_values(env_file) if env_file is not None and env_file.is_file() else {}
    except (OSError, UnicodeError):
        in_file = {}
    return frozenset(name.upper() for name in (*os.environ, *in_file))  # noqa: TID251 -- their names only


def slips(given: Iterable[str], known: Collection[str]) -> dict[str, str]:
    """Return each name that is none of the known ones but nearly one, with that one.

    A name is no slip where the one that it resembles is given as well: then both are meant.
    """
    names = frozenset(given)
    free = sorted(set(known) - names)
    near = {name: get_close_matches(name, free, n=1, cutoff=NEARLY) for name in names - set(known)}
    return {name: found[0] for name, found in sorted(near.items()) if found}
