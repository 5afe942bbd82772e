"""Codes for people to type."""

from __future__ import annotations

import secrets

from domain.generation import CODE_ALPHABET, CODE_LENGTH


def draw_code() -> str:
    """Return a code by chance; the store knows whether it is free."""
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))
