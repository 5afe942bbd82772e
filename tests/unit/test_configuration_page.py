"""docs/configuration.md is made of `.env.example` and of the settings.

What a variable is for is a comment of `.env.example`; what to write, and the default, are the
program's. After a change, regenerate it: `WRITE_GOLDEN=1 python3 dev.py test -m golden`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from config import FIELDS
from config_settings import Settings
from tests.golden import assert_golden

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/configuration.md"
BEGIN, END = "<!-- From .env.example and the settings: -->\n", "<!-- End of the variables. -->\n"
SECTION = re.compile(r"^# --- (.+?) -+$")
VARIABLE = re.compile(r"^(#?)([A-Z_]+)=(.*)$")


def lines() -> Iterator[str]:
    """Yield the variables as `.env.example` has them, section by section."""
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    for paragraph in example.split("\n\n")[1:]:
        said, names = list[str](), dict[str, str]()
        for line in paragraph.splitlines():
            if section := SECTION.match(line):
                yield from ("", f"## {section[1].capitalize()}")
            elif found := VARIABLE.match(line):
                names[found[2]] = "**Required.**" if not found[1] else without(found[3])
            else:
                if names:
                    yield from group(said, names)
                    said, names = [], {}
                said.append(line.removeprefix("# "))
        yield from group(said, names)
    yield from ("", "## What a platform sets")
    for name in platform():
        yield from group(["Where `python bot.py gallery` listens."], {name: without("")})


def group(said: list[str], names: dict[str, str]) -> Iterator[str]:
    """Yield what variables that are explained together are for, and what to write in each.

    A comment without variables is of the whole section.
    """
    if names:
        yield from ("", "### " + ", ".join(f"`{name}`" for name in names))
    if said:
        yield from ("", markdown(" ".join(said)))
    yield ""
    for name, default in names.items():
        what = markdown(str(FIELDS[name.lower()].description))
        told = f"{what[0].upper()}{what[1:]}. {default}"
        yield told if len(names) == 1 else f"- `{name}`: {what}. {default}"


def without(default: str) -> str:
    return f"Default: `{default}`." if default else "Default: none."


def platform() -> list[str]:
    """Name the variables that are not for people to set."""
    return [name.upper() for name in FIELDS if name not in Settings.model_fields]


def markdown(text: str) -> str:
    """Return a text with what Markdown would read otherwise escaped, but not in code."""
    parts = text.split("`")
    parts[::2] = (re.sub(r"([*<\[])", r"\\\1", part) for part in parts[::2])
    return "`".join(parts)


@pytest.mark.golden
def test_the_page_has_the_variables_of_the_program() -> None:
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    assert after
    made = re.sub(r"\n{3,}", "\n\n", "\n".join([*lines(), "", ""]))
    assert_golden(f"{before}{BEGIN}{made}{END}{after}", PAGE)
