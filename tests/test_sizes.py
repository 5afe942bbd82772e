"""What is too long to be read at once is parted; how much a function does is counted by ruff."""

import ast
from collections.abc import Iterator
from pathlib import Path

LINES_OF_A_FILE = 350
LINES_OF_A_FUNCTION = 40

ROOT = Path(__file__).parents[1]


def files() -> Iterator[Path]:
    yield from ROOT.glob("*.py")
    for folder in ROOT.glob("[!.]*/"):
        yield from folder.rglob("*.py")


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """Return the name and the length of every function, those in classes and functions, too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{path.relative_to(ROOT)}: {node.name}", (node.end_lineno or 0) - node.lineno + 1


def test_no_file_is_long() -> None:
    lengths = {str(p.relative_to(ROOT)): len(p.read_text("utf-8").splitlines()) for p in files()}
    assert "bot.py" in lengths
    assert {name: n for name, n in lengths.items() if n > LINES_OF_A_FILE} == {}


def test_no_function_is_long() -> None:
    found = [each for path in files() for each in functions(path)]
    assert "bot.py: main" in dict(found)
    assert [(name, length) for name, length in found if length > LINES_OF_A_FUNCTION] == []
