"""What each switch can be set to, for those who set them while a sandbox runs."""

from __future__ import annotations

import types
from dataclasses import dataclass
from typing import Literal, get_args, get_origin, get_type_hints

from sandbox.switches import Switches


@dataclass(frozen=True, slots=True, kw_only=True)
class SwitchRow:
    """A switch: what it does, and what should come of it.

    `choices` are all its values; where there are none, any of the kind of `usual` will do.
    """

    name: str
    what: str
    outcome: str
    usual: object
    choices: tuple[object, ...]


def switch_rows() -> tuple[SwitchRow, ...]:
    """Return all switches, in their order."""
    kinds = get_type_hints(Switches)
    return tuple(
        SwitchRow(
            name=name,
            what=switch.what,
            outcome=switch.outcome,
            usual=switch.usual,
            choices=_choices(get_args(kinds[name])[0], switch.usual),
        )
        for name, switch in Switches().all().items()
    )


def set_switch(switches: Switches, name: str, value: object) -> None:
    """Set a switch from now on; `ValueError` if there is no such switch or value."""
    row = next((row for row in switch_rows() if row.name == name), None)
    if row is None:
        raise ValueError(f"there is no switch {name!r}")
    if type(row.usual) is float and type(value) is int:  # JSON may write 60.0 as 60
        value = float(value)
    if row.choices:
        known = any(value == each and type(value) is type(each) for each in row.choices)
    else:
        known = type(value) is type(row.usual)
    if not known:
        raise ValueError(f"{name} cannot be {value!r}")
    switches.all()[name].set(value)


def _choices(kind: object, usual: object) -> tuple[object, ...]:
    """Return the values, the usual one first."""
    values = (False, True) if kind is bool else tuple(_literals(kind))
    return tuple(dict.fromkeys((usual, *values))) if values else ()


def _literals(kind: object) -> list[object]:
    """Return what the literals in a type name; nothing, for a type like `str`."""
    if get_origin(kind) is Literal:
        return list(get_args(kind))
    if isinstance(kind, types.UnionType) or get_origin(kind) is not None:
        return [value for part in get_args(kind) for value in _literals(part)]
    return []
