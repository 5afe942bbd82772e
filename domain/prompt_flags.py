"""The parameters in a prompt: where each begins, what its value is, what a slip was meant as."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise

from domain.parameter_table import BY_NAME
from domain.parameters import Parameter, Values
from domain.prompt_text import clean, without_command


@dataclass(frozen=True, slots=True)
class Flag:
    """One parameter: its short name in lower case, its value, and both as they were typed.

    `label` is its own name with two dashes. A slip is what Midjourney does not read as this
    parameter: `-ar 16:9`, `--ar16:9`.
    """

    name: str
    value: str
    typed: str
    label: str = field(default="", compare=False)
    slip: bool = False


def split(prompt: str) -> tuple[str, tuple[Flag, ...]]:
    """Split a cleaned prompt into its text and its parameters; a value ends at the next `--`."""
    starts = [start for start in _START.finditer(prompt) if start[1] == "--"]
    return _parts(prompt, starts)


def read(prompt: str) -> tuple[str, tuple[Flag, ...]]:
    """Split it like this, but find what was probably meant as a parameter, too."""
    begun = [one for one in _START.finditer(prompt) if one[1] == "--" or _known(one[2])]
    _, all_of_them = _parts(prompt, begun)
    starts = [
        start
        for start, flag in zip(begun, all_of_them, strict=True)
        if start[1] == "--" or _was_meant(flag)
    ]
    text, flags = _parts(prompt, starts)
    return text, tuple(_unglued(flag) for flag in flags)


def plain(text: str) -> str:
    """Return a prompt as it is sent: cleaned, without a copied command, its text first.

    What comes to the front by that may be a command or a long dash of its own, as in `--raw—hd a
    cat`, so it is read again until nothing changes.
    """
    while (read_once := text_first(without_command(clean(text)))) != text:
        text = read_once
    return text


def text_first(prompt: str) -> str:
    """Return a cleaned prompt with the parameters that stand before its text behind it."""
    text, flags = read(prompt)
    if text:
        return prompt
    for place, flag in enumerate(flags):
        words = flag.value.split()
        row = BY_NAME.get(flag.name)
        length = None if row is None else row.length(words)
        if length is None:
            return prompt
        if len(words) > length:
            text = " ".join(words[length:])
            typed = [each.typed for each in flags]
            typed[place] = flag.typed.removesuffix(text).rstrip()
            return " ".join([text, *typed])
    return prompt


def _parts(prompt: str, starts: list[re.Match[str]]) -> tuple[str, tuple[Flag, ...]]:
    bounds = [*(start.start() for start in starts), len(prompt)]
    typed = [prompt[first:last].strip() for first, last in pairwise(bounds)]
    flags = [_flag(start, whole) for start, whole in zip(starts, typed, strict=True)]
    return prompt[: bounds[0]].strip(), tuple(flags)


def _flag(start: re.Match[str], typed: str) -> Flag:
    """Return the parameter that begins here, with everything up to the next one as its value."""
    written = _NAME.match(start[2])
    label = start[2] if written is None else written[0]
    value = typed[len(start[1]) + len(label) :].strip()
    row = BY_NAME.get(label.lower())
    name = label.lower() if row is None else row.name
    return Flag(name, value, typed, f"--{label}", slip=start[1] != "--")


def _known(chunk: str) -> bool:
    """Whether a word after some dashes begins with the name of a parameter."""
    return any(
        found is not None and found[1].lower() in BY_NAME
        for found in (_NAME.match(chunk), _GLUED.fullmatch(chunk))
    )


def _unglued(flag: Flag) -> Flag:
    """Return `--ar16:9` as `--ar 16:9`, unless that is a name of its own."""
    chunk, _, rest = flag.typed.lstrip("- ").partition(" ")
    found = _GLUED.fullmatch(chunk)
    row = None if found is None else BY_NAME.get(found[1].lower())
    if found is None or row is None or not _takes_numbers(row):
        return flag
    number, value = found[2], f"{found[2]} {rest}".strip()
    if not any(each.admits(number) or each.nearest(number) for each in row.values.values()):
        return flag
    return Flag(row.name, value, flag.typed, f"--{found[1]}", slip=True)


def _takes_numbers(row: Parameter) -> bool:
    return any(_is_of_numbers(values) for values in row.values.values())


def _is_of_numbers(values: Values) -> bool:
    return bool(values.word) or not (values.is_nothing or values.is_text)


def _was_meant(flag: Flag) -> bool:
    """Whether what follows other dashes than two is a parameter, and no part of the text.

    A value that fits says so. A name alone must be a word, with nothing behind it; one that takes
    any text, with something.
    """
    meant = _unglued(flag)
    row, value = BY_NAME.get(meant.name), meant.value.rstrip(",.;")
    if row is None:
        return False
    if _takes_numbers(row):
        first = value.partition(" ")[0]
        sides = ":" in first and row.admits(first, None)
        return sides or (value != "" and row.admits(value, None)) or _reads(row, value)
    takes_none = all(values.is_nothing for values in row.values.values())
    return len(row.name) > 1 and takes_none == (value == "")


def _reads(row: Parameter, value: str) -> bool:
    """Whether the value is another way to write one that is taken."""
    return any(v.read is not None and v.read(value) != "" for v in row.values.values())


_START = re.compile(r"(?<!\S)(-+|--\s|-\s-\s?)([A-Za-z]\S*)", re.ASCII)
_FILM = re.compile(r"(?<!\S)--video(?!\S)")
_NAME = re.compile(r"([A-Za-z][\w-]*)", re.ASCII)
_GLUED = re.compile(r"([A-Za-z]+)(\.?\d\S*)", re.ASCII)


def asks_for_film(prompt: str) -> bool:
    """Whether a prompt has `--video`, so that Midjourney makes a film and no grid."""
    return _FILM.search(prompt) is not None
