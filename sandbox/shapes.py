"""Validates posted JSON: each function returns a field's value, or refuses it like Discord."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sandbox.answers import ApiError, invalid_form

if TYPE_CHECKING:
    from sandbox.people import Json

_SNOWFLAKE = re.compile(r"[0-9]{1,20}")


def an_object(value: Any, field: str) -> Json:
    """Return an object; empty if missing."""
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise invalid_form(field, "MODEL_TYPE_CONVERT", "Only dictionaries may be used here.")
    return value  # pyright: ignore[reportUnknownVariableType] -- JSON has no narrower type


def objects(value: Any, field: str) -> list[Json]:
    """Return a list of objects; empty if missing."""
    if value is None:
        return []
    if not isinstance(value, list):
        raise invalid_form(field, "LIST_TYPE_CONVERT", "Only iterables may be used here.")
    return [an_object(each, f"{field}.{n}") for n, each in enumerate(value)]  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType] -- as above


def text(value: Any, field: str) -> str:
    """Return a required text."""
    if value is None:
        raise _required(field)
    if not isinstance(value, str):
        raise invalid_form(field, "STRING_TYPE_CONVERT", "Could not interpret this as string.")
    return value


def snowflake(value: Any, field: str) -> int:
    """Return a required id."""
    if value is None:
        raise _required(field)
    if not _SNOWFLAKE.fullmatch(str(value)):
        raise invalid_form(field, "NUMBER_TYPE_COERCE", "This is not a snowflake.")
    return int(value)


def _required(field: str) -> ApiError:
    return invalid_form(field, "BASE_TYPE_REQUIRED", "This field is required.")
