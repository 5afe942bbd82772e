"""README.fr.md says the same as README.md: its parts, commands, links, codes and rows."""

from __future__ import annotations

import re
from collections.abc import Callable, Sized
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ENGLISH, FRENCH = (
    (ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.fr.md")
)
TO_EACH_OTHER = {"README.md", "README.fr.md"}


def parts(page: str) -> list[str]:
    """Return how deep each heading is, and the paragraphs that warn, in their order."""
    return re.findall(r"^(#+ |> \*\*)", page, re.MULTILINE)


def blocks(page: str) -> list[str]:
    return re.findall(r"^ *```\n(.+?)^ *```", page, re.MULTILINE | re.DOTALL)


def links(page: str) -> list[str]:
    return sorted(set(re.findall(r"\]\((\S+?)\)", page)) - TO_EACH_OTHER)


def tables(page: str) -> list[int]:
    """Return the number of rows of each table."""
    rows = re.findall(r"(?:^ *\|.+\n)+", page, re.MULTILINE)
    return [table.count("\n") for table in rows]


def names(page: str) -> list[str]:
    """Return the variables, subcommands and commands that are named."""
    return sorted(set(re.findall(r"`([A-Z_]{4,}|(?:\S+/)?python \S[^`]*|![a-z]+)`", page)))


def codes(page: str) -> list[str]:
    """Return whatever else is written as code; prompts are in the page's own language."""
    prose = re.sub(r"^ *```\n.+?^ *```", "", page, flags=re.MULTILINE | re.DOTALL)
    found = set(re.findall(r"`([^`\n]+)`", prose)) - {"REPLY_LANGUAGE=fr"}
    return sorted(code for code in found if not code.startswith("!imagine "))


def steps(page: str) -> list[str]:
    """Return the numbers and dots of the lists."""
    return re.findall(r"^(\d\.|-) \*\*", page, re.MULTILINE)


@pytest.mark.parametrize("same", [parts, blocks, links, tables, names, codes, steps])
def test_the_french_readme_is_in_step(same: Callable[[str], Sized]) -> None:
    assert same(FRENCH) == same(ENGLISH)
    assert len(same(ENGLISH)) > 3


def test_the_risk_is_told_before_the_first_command() -> None:
    for page in (ENGLISH, FRENCH):
        assert page.index("\n> **") < page.index("\n## ") < page.index("```")


def test_each_readme_leads_to_the_other() -> None:
    assert "[Français](README.fr.md)" in ENGLISH
    assert "[English](README.md)" in FRENCH
