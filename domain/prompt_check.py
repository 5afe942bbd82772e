"""Prompts as people type them, checked before anything is sent.

Midjourney's parameters (`--ar 16:9`) come after the text. Those in the table are checked, so that a
typo costs nobody a turn; others pass, because new ones appear and Midjourney itself answers if it
refuses them. Prompts that would start several jobs, ping people or cost more than one grid are
refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import reduce

from domain.errors import BadPrompt, PromptFault
from domain.parameter_table import BY_NAME, model_named
from domain.parameters import Costly, Model, Parameter, Price, Values
from domain.prompt_flags import Flag, plain, read, split
from domain.prompt_text import is_blank

LIMIT, MOST = 1500, 6000
"""Characters: the default limit of the settings, and Discord's own."""


def check(
    text: str,
    limit: int = LIMIT,
    *,
    pictures: Sequence[str] = (),
    links: bool = False,
    costly: frozenset[Costly] = frozenset(),
) -> str:
    """Return the prompt as it is sent, or raise `BadPrompt` with its first fault.

    `pictures` are the links of attached ones, which come first. `links` says whether others may be
    in it, too, and `costly` what may cost more than an ordinary grid.
    """
    prompt = " ".join([*pictures, plain(text)]).strip()
    words, flags = read(prompt)
    if is_blank(words):
        raise BadPrompt(PromptFault.EMPTY)
    if len(prompt) > limit:
        raise BadPrompt(PromptFault.TOO_LONG, length=len(prompt), limit=limit)
    for fault, pattern in _FORBIDDEN_TEXT:
        if not (links and fault == PromptFault.LINK) and (found := pattern.search(prompt)):
            raise BadPrompt(fault, found=found[0])
    _check_flags(flags, costly)
    if (glued := _GLUED_ON.search(prompt)) is not None:
        apart = " ".join(filter(None, glued.groups()))
        raise BadPrompt(PromptFault.MISSPELT, found=glued[0], name=apart)
    return prompt


def cost(prompt: str) -> Price | None:
    """Return how many times an ordinary grid's cost a prompt has, or None if it is one."""
    prices = {price.kind: price for _, price in _priced(prompt)}
    return reduce(Price.and_also, prices.values()) if prices else None


def too_dear(prompt: str, costly: frozenset[Costly]) -> tuple[str, Price] | None:
    """Return the first parameter, as typed, whose cost is not allowed, and that; None if all are.

    This is asked of a prompt that was accepted, or made by hand, before it is made once more.
    """
    return next((each for each in _priced(prompt) if each[1].kind not in costly), None)


def _priced(prompt: str) -> Iterator[tuple[str, Price]]:
    for flag in split(prompt)[1]:
        row = BY_NAME.get(flag.name)
        price = None if row is None else row.cost(flag.value)
        if price is not None:
            yield flag.typed, price


def _check_flags(flags: Sequence[Flag], costly: frozenset[Costly]) -> None:
    known = [(flag, BY_NAME[flag.name]) for flag in flags if flag.name in BY_NAME]
    given = {flag.name: flag for flag, _ in known}
    versions = [flag for flag, _ in known if flag.name in {"v", "niji"}]
    version = versions[0] if len(versions) == 1 else None
    for flag, row in known:
        _check_value(flag, row, version)
    for flag, row in known:
        if row.needs and row.needs not in given:
            raise _against(PromptFault.NEEDS, flag, f"--{row.needs}")
        price = row.cost(flag.value)
        if price is not None and price.kind not in costly:
            raise BadPrompt(PromptFault.COSTLY, found=flag.typed, price=price)
    for flag, row in known:
        _check_beside(flag, row, given)
    for flag, _ in known:
        if flag.slip:
            raise _wrong(PromptFault.MISSPELT, flag, nearest=flag.value)


def _check_value(flag: Flag, row: Parameter, version: Flag | None) -> None:
    """Check one parameter alone, for the model of the prompt; it may be the account's own."""
    if row.multiplies:
        raise BadPrompt(PromptFault.MULTIPLIES, found=flag.typed)
    model = _model(version)
    values = row.of(model)
    if values is None:
        raise _against(PromptFault.MODEL, flag, "" if version is None else version.typed)
    if not row.admits(flag.value, model):
        fault = _fault(values, flag.value)
        told = values.told if fault == PromptFault.PARAMETER else ""
        raise _wrong(fault, flag, allowed=told, nearest=values.nearest(flag.value))


def _model(version: Flag | None) -> Model | None:
    return None if version is None else model_named(version.name, version.value)


def _fault(values: Values, value: str) -> PromptFault:
    if values.is_nothing:
        return PromptFault.VALUE
    lacks = values.is_text and not value
    return PromptFault.NO_VALUE if lacks else PromptFault.PARAMETER


def _check_beside(flag: Flag, row: Parameter, given: Mapping[str, Flag]) -> None:
    """Check what a parameter does not go together with: another one, or a shape."""
    for other in (given[name] for name in row.excludes if name in given):
        if row.costs or not BY_NAME[other.name].costs:  # otherwise the other is to be left out
            raise _against(PromptFault.EXCLUDES, flag, other.typed)
    shape = given.get("ar")
    if not row.widest or shape is None:
        return
    width, height = map(int, shape.value.split(":"))
    if max(width, height) > row.widest * min(width, height):
        most = f"{row.widest}:1" if width > height else f"1:{row.widest}"
        raise BadPrompt(
            PromptFault.SHAPE,
            found=shape.typed,
            name=shape.label,
            value=shape.value,
            allowed=most,
            nearest=most,
            other=flag.typed,
        )


def _against(fault: PromptFault, flag: Flag, other: str) -> BadPrompt:
    return BadPrompt(fault, found=flag.typed, name=flag.label, other=other)


def _wrong(fault: PromptFault, flag: Flag, *, allowed: str = "", nearest: str = "") -> BadPrompt:
    return BadPrompt(
        fault,
        found=flag.typed,
        name=flag.label,
        value=flag.value,
        allowed=allowed,
        nearest=nearest,
    )


_COSTLY_NAMES = "|".join(sorted(name for name, row in BY_NAME.items() if row.costs))
_GLUED_ON = re.compile(
    rf"""(?ix) (?<!\S) (?!<?https?:) (?:
        (\S*[^\s-]) (--(?:{_COSTLY_NAMES})) (?![\w-]) | (--(?:{_COSTLY_NAMES})) (--[a-z]\S*)
    )""",
)
"""What costs more, glued to a word or another parameter: nobody knows if Midjourney reads it."""
_FORBIDDEN_TEXT = (
    (PromptFault.MENTION, re.compile(r"@everyone|@here|<@[!&]?[0-9]+>")),
    (PromptFault.LINK, re.compile(r"https?://[^\s<>]*", re.IGNORECASE)),
    (PromptFault.MULTIPLIES, re.compile(r"\{[^{}]*\}")),
)
