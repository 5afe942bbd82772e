"""The copy of the tree that becomes the wheel: the same code, with its own modules qualified."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tools.qualify import CannotQualify, qualified
from tools.wheel import ROOT, files_of, modules_of, project_of, staged

MODULES = modules_of(ROOT)
TOPS = {name.partition(".")[0] for name in MODULES}
PYTHON = [path for path in files_of(ROOT) if path.suffix == ".py"]


class Expected(ast.NodeTransformer):
    """What should become of a module, worked out on its tree instead of its text."""

    def visit_ImportFrom(self, node: ast.ImportFrom) -> ast.ImportFrom:
        if node.module and node.module.partition(".")[0] in TOPS:
            node.module = f"atelier.{node.module}"
        return node

    def visit_Import(self, node: ast.Import) -> ast.Import | ast.ImportFrom:
        if node.names[0].name in TOPS:
            return ast.ImportFrom(module="atelier", names=node.names, level=0)
        return node

    def visit_Call(self, node: ast.Call) -> ast.Call:
        match node:
            case ast.Call(func=ast.Attribute(attr="get_logger"), args=[ast.Constant(value="bot")]):
                node.args = [ast.Constant("atelier.bot")]
            case _:
                pass
        self.generic_visit(node)
        return node

    def visit_Constant(self, node: ast.Constant) -> ast.Constant:
        if isinstance(node.value, str):
            text = f"atelier.{node.value}" if node.value in MODULES - TOPS else node.value
            return ast.Constant(text.replace("python bot.py", "atelier"), kind=node.kind)
        return node


@pytest.mark.parametrize("path", PYTHON, ids=lambda path: str(path.relative_to(ROOT)))
def test_only_names_of_own_modules_change(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    after = qualified(source, MODULES)
    assert ast.dump(ast.parse(after)) == ast.dump(Expected().visit(ast.parse(source)))
    assert after.count("\n") == source.count("\n")
    for node in ast.walk(ast.parse(after)):
        if isinstance(node, ast.Import):
            assert TOPS.isdisjoint(alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            assert (node.module or "").partition(".")[0] not in TOPS


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("import config", "from atelier import config"),
        ("import config as c", "from atelier import config as c"),
        ("import services.logs as l; x = 'é'", "from atelier.services import logs as l; x = 'é'"),
        ("'é'; import config", "'é'; from atelier import config"),
        ("from  services  import logs", "from  atelier.services  import logs"),
        ("from supabase import Client", "from supabase import Client"),
        ("from . import logs", "from . import logs"),
        ("a = 'cogs.grid', 'cogs', 'config'", "a = 'atelier.cogs.grid', 'cogs', 'config'"),
        ("log = getLogger('bot')", "log = getLogger('atelier.bot')"),
        ('"run `python bot.py check`"', '"run `atelier check`"'),
    ],
)
def test_each_form_is_known(before: str, after: str) -> None:
    assert qualified(before, MODULES) == after


@pytest.mark.parametrize(
    "source", ["import services.logs", "import config, services", "x = 'cogs' '.grid'"]
)
def test_what_would_bind_another_name_is_refused(source: str) -> None:
    with pytest.raises(CannotQualify, match="line 1"):
        qualified(source, MODULES)


def test_the_copy_has_the_files_of_the_product_and_no_others() -> None:
    with staged() as copy:
        there = {str(p.relative_to(copy / "atelier")) for p in copy.rglob("atelier/**/*.*")}
        project = tomllib.loads((copy / "pyproject.toml").read_text())
    ours = {str(path.relative_to(ROOT)) for path in files_of(ROOT)} - {"atelier.py"}
    assert there == ours | {"__init__.py", "__main__.py", "pyproject.toml"}
    assert set(project) == {"build-system", "project", "tool"}
    assert set(project["project"]["optional-dependencies"]) == {"sentry"}


def test_the_package_loads_no_library_before_it_is_asked_to() -> None:
    """A picture's process imports it, too."""
    code = "import sys, atelier; print({'discord', 'pydantic', 'structlog'} & set(sys.modules))"
    ended = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env={}, check=True, capture_output=True, text=True
    )
    assert ended.stdout == "set()\n"


def test_the_projects_facts_are_kept_and_the_tools_settings_left_out() -> None:
    kept = tomllib.loads(project_of((ROOT / "pyproject.toml").read_text(encoding="utf-8")))
    whole = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert kept["project"]["dependencies"] == whole["project"]["dependencies"]
    extras = whole["project"]["optional-dependencies"]
    assert kept["project"]["optional-dependencies"] == {"sentry": extras["sentry"]}
    assert set(kept["tool"]) == {"setuptools"}
