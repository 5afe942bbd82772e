"""docs/security.md and the tests that attack belong together: none is without the other."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TESTS = ROOT / "tests"
PAGE = (ROOT / "docs/security.md").read_text(encoding="utf-8")
NAMED = re.compile(r"`([\w/]+\.py)::(\w+)`")
ROWS = [line for line in PAGE.splitlines() if re.match(r"\| (?!---|Somebody)", line)]
ATTACKS = sorted(TESTS.rglob("test_*_attacks.py"))


@cache
def names_in(path: Path) -> frozenset[str]:
    """Return the names of a file's tests."""
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    functions = (node for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    return frozenset(node.name for node in functions if node.name.startswith("test_"))


def test_the_page_has_rows_and_there_are_attacks() -> None:
    assert len(ROWS) > 40
    assert len(ATTACKS) >= 8


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[2:40])
def test_each_row_names_a_test_and_each_test_exists(row: str) -> None:
    named = NAMED.findall(row)
    assert named
    assert row.count("::") == len(named)
    for path, name in named:
        assert (TESTS / path).is_file(), path
        assert name in names_in(TESTS / path), name


@pytest.mark.parametrize("path", ATTACKS, ids=lambda path: path.name)
def test_each_test_that_attacks_is_on_the_page(path: Path) -> None:
    """Such a file is named `test_..._attacks.py`."""
    named = {name for file, name in NAMED.findall(PAGE) if TESTS / file == path}
    assert named == names_in(path)
