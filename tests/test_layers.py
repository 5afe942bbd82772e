"""Import rules that import-linter cannot check: for single modules, and for other packages."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def imported(tree: ast.AST) -> Iterator[str]:
    """Give the top-level name of every import, wherever it stands."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield (node.module or "").partition(".")[0]


def at_run_time(tree: ast.Module) -> ast.Module:
    """Leave out what stands under `if TYPE_CHECKING:` at the top."""
    kept = [
        node
        for node in tree.body
        if not (isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING")
    ]
    return ast.Module(body=kept, type_ignores=[])


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", sorted((ROOT / "domain").rglob("*.py")), ids=lambda p: p.name)
def test_the_domain_uses_the_standard_library_only(path: Path) -> None:
    assert set(imported(parsed(path))) <= {"domain", *sys.stdlib_module_names}


@pytest.mark.parametrize(
    "name", ["config.py", "config_settings.py", "config_types.py", "config_names.py"]
)
def test_the_settings_know_nobody_but_the_domain(name: str) -> None:
    rooms = {"bot", "cogs", "services", "sandbox", "demo", "discord"}
    assert not rooms & set(imported(parsed(ROOT / name)))


def test_the_entry_point_knows_neither_sandbox_nor_demo() -> None:
    assert not {"sandbox", "demo"} & set(imported(parsed(ROOT / "bot.py")))


def test_attach_names_discord_for_type_checking_only() -> None:
    tree = parsed(ROOT / "services/atelier.py")
    assert "discord" not in set(imported(at_run_time(tree)))
