"""What becomes of a prompt when more is added: where two cannot both be meant, one of them goes."""

from __future__ import annotations

from domain.parameter_table import BY_NAME
from domain.prompt_flags import Flag, read, split, text_first
from domain.prompt_text import clean

_ALTERNATIVES = (
    frozenset({"v", "niji"}),
    frozenset({"fast", "relax", "turbo"}),
    frozenset({"public", "stealth"}),
)
"""Parameters that say different things of one matter; the table names what Midjourney refuses."""


def amended(prompt: str, more: str) -> str:
    """Return a prompt with more words behind its text, and other parameters in place of its own."""
    text, flags = split(clean(prompt))
    words, others = read(text_first(clean(more)))
    kept = [flag for flag in flags if not any(_rival(flag, other) for other in others)]
    return _joined(f"{text} {words}", [*kept, *others])


def _rival(one: Flag, other: Flag) -> bool:
    """Whether two parameters cannot both be meant."""
    names = {one.name, other.name}
    alternatives = len(names) == 1 or any(names <= each for each in _ALTERNATIVES)
    return alternatives or other.name in _excluded(one) or one.name in _excluded(other)


def _excluded(flag: Flag) -> tuple[str, ...]:
    row = BY_NAME.get(flag.name)
    return () if row is None else row.excludes


def _joined(text: str, flags: list[Flag]) -> str:
    return " ".join([*text.split(), *(flag.typed for flag in flags)])
