"""Prompts as people type them, checked before anything is sent.

Midjourney's parameters (`--ar 16:9`) come after the text. The known ones are checked, so that a
typo costs nobody a turn; unknown ones pass, because new ones appear and Midjourney itself answers
if it refuses them. Prompts that would start several jobs, ping people or cost more than one grid
are refused.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf
from types import MappingProxyType

from domain.errors import BadPrompt, PromptFault
from domain.prompt_text import clean, is_blank, without_command

LIMIT, MOST = 1500, 6000
"""Characters: the default limit of the settings, and Discord's own."""


@dataclass(frozen=True, slots=True)
class Flag:
    """One parameter: its short name in lower case, its value, and both as they were typed."""

    name: str
    value: str
    typed: str


def check(
    text: str,
    limit: int = LIMIT,
    *,
    pictures: Sequence[str] = (),
    allowed: frozenset[PromptFault] = frozenset(),
) -> str:
    """Return the prompt as it is sent, or raise `BadPrompt` with its first fault.

    `pictures` are the links of attached ones, which come first; `allowed` are no faults here.
    """
    prompt = " ".join([*pictures, without_command(clean(text))]).strip()
    words, flags = split(prompt)
    if is_blank(words):
        raise BadPrompt(PromptFault.EMPTY)
    if len(prompt) > limit:
        raise BadPrompt(PromptFault.TOO_LONG, length=len(prompt), limit=limit)
    for fault, pattern in _FORBIDDEN_TEXT:
        if fault not in allowed and (found := pattern.search(prompt)):
            raise BadPrompt(fault, found=found[0])
    for flag in flags:
        _check_flag(flag, allowed)
    return prompt


def split(prompt: str) -> tuple[str, tuple[Flag, ...]]:
    """Split a cleaned prompt into its text and its parameters; a value ends at the next `--`."""
    starts = list(_FLAG.finditer(prompt))
    ends = [start.start() for start in starts[1:]] + [len(prompt)]
    flags = tuple(
        Flag(
            name=_ALIASES.get(start[1].lower(), start[1].lower()),
            value=prompt[start.end() : end].strip(),
            typed=prompt[start.start() : end].strip(),
        )
        for start, end in zip(starts, ends, strict=False)
    )
    return prompt[: starts[0].start() if starts else None].strip(), flags


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rule:
    """Which values a parameter takes: a pattern, a range for numbers, and `allowed` for people."""

    form: str
    allowed: str = ""
    fault: PromptFault = PromptFault.PARAMETER
    low: float = -inf
    high: float = inf

    def admits(self, value: str) -> bool:
        fits = re.fullmatch(self.form, value, re.ASCII) is not None
        return fits and (self.low == -inf or self.low <= float(value) <= self.high)

    def nearest(self, value: str) -> str:
        """Return the nearest value that fits, less a comma at its end; empty if there is none."""
        bare = value.rstrip(",.;")
        if self.admits(bare):
            return bare
        if self.low == -inf or re.fullmatch(_ANY_NUMBER, bare, re.ASCII) is None:
            return ""
        near = min(max(float(bare), self.low), self.high)
        return f"{near if '.' in self.allowed else round(near):.10g}"


_ANY_NUMBER = r"-?(\d{1,10}(\.\d{1,4})?|\.\d{1,4})"


def _whole(low: int, high: int) -> _Rule:
    return _Rule(allowed=f"{low}-{high}", form=r"\d{1,10}", low=low, high=high)


def _number(low: float, high: float) -> _Rule:
    form = r"\d{1,3}(\.\d{1,4})?|\.\d{1,4}"
    return _Rule(allowed=f"{low:g}-{high:g}", form=form, low=low, high=high)


def _check_flag(flag: Flag, allowed: frozenset[PromptFault]) -> None:
    fault = _FORBIDDEN_FLAGS.get(flag.name)
    if fault is not None and fault not in allowed:
        raise BadPrompt(fault, found=flag.typed)
    rule = _RULES.get(flag.name)
    if rule is not None and not rule.admits(flag.value):
        raise BadPrompt(
            rule.fault,
            found=flag.typed,
            name=flag.typed.split()[0],
            value=flag.value,
            allowed=rule.allowed,
            nearest=rule.nearest(flag.value),
        )


_NO_VALUE = _Rule(form="", fault=PromptFault.VALUE)
_ANY_VALUE = _Rule(form=r"(?s:.+)", fault=PromptFault.NO_VALUE)
_VERSION = r"\d{1,2}(\.\d{1,2})?"

_RULES: Mapping[str, _Rule] = MappingProxyType(
    {
        "ar": _Rule(allowed="W:H (16:9)", form=r"0*[1-9]\d{0,4}:0*[1-9]\d{0,4}"),
        "c": _whole(0, 100),
        "cw": _whole(0, 100),
        "draft": _NO_VALUE,
        "exp": _whole(0, 100),
        "iw": _number(0, 3),
        "niji": _Rule(allowed="7, 6 …", form=rf"({_VERSION})?"),
        "no": _ANY_VALUE,
        "ow": _whole(1, 1000),
        "q": _number(0.25, 4),
        "raw": _NO_VALUE,
        "s": _whole(0, 1000),
        "seed": _whole(0, 4294967295),
        "sref": _ANY_VALUE,
        "stop": _whole(10, 100),
        "style": _ANY_VALUE,
        "sw": _whole(0, 1000),
        "tile": _NO_VALUE,
        "v": _Rule(allowed="7, 6.1 …", form=_VERSION),
        "w": _whole(0, 3000),
    },
)
_ALIASES: Mapping[str, str] = MappingProxyType(
    {
        "aspect": "ar",
        "chaos": "c",
        "personalize": "p",
        "profile": "p",
        "quality": "q",
        "repeat": "r",
        "stylize": "s",
        "version": "v",
        "weird": "w",
    },
)
_FORBIDDEN_FLAGS: Mapping[str, PromptFault] = MappingProxyType(
    {
        "r": PromptFault.MULTIPLIES,
        "turbo": PromptFault.TURBO,
        "video": PromptFault.VIDEO,
    },
)
_FORBIDDEN_TEXT = (
    (PromptFault.MENTION, re.compile(r"@everyone|@here|<@[!&]?[0-9]+>")),
    (PromptFault.LINK, re.compile(r"https?://[^\s<>]*", re.IGNORECASE)),
    (PromptFault.MULTIPLIES, re.compile(r"\{[^{}]*\}")),
)

_FLAG = re.compile(r"(?<!\S)--([A-Za-z][\w-]*)", re.ASCII)
