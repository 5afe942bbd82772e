"""Builds Atelier as one package, `atelier`: `pip wheel .` and `pip install .` come here.

The tree has `cogs/`, `services/`, `config.py` and so on side by side, as most bots have, too. So a
copy is made, a package with its imports qualified (`tools/qualify.py`), and setuptools builds that.
A source distribution is that copy, too.
"""

from __future__ import annotations

import contextlib
import re
import shutil
import tempfile
from collections.abc import Generator, Mapping
from pathlib import Path

from setuptools import build_meta

from tools.qualify import PACKAGE, qualified

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("cli", "cogs", "domain", "services", "supabase/migrations")
NOT_SHIPPED = {"dev.py"}
MAIN = """\
\"\"\"`python -m atelier`: the worker and its subcommands.\"\"\"

import sys

from atelier.bot import main

sys.exit(main())
"""
BUILT_BY = """\
[build-system]
requires = ["setuptools>=77"]
build-backend = "setuptools.build_meta"

"""
_KEPT = ("[project]", "[project.scripts]", "[tool.setuptools")
_EXTRA = re.compile(r"(?ms)^\[project\.optional-dependencies\]\nsentry = \[.*?^\]\n")
"""Of the extras, the one that a host may want; it is the first."""


def build_wheel(
    wheel_directory: str,
    config_settings: Mapping[str, str | list[str] | None] | None = None,
    metadata_directory: str | None = None,  # noqa: ARG001 -- the standard's argument
) -> str:
    """Build a wheel and return its name."""
    folder = str(Path(wheel_directory).resolve())
    with staged() as copy, contextlib.chdir(copy):
        return build_meta.build_wheel(folder, config_settings)


def build_sdist(
    sdist_directory: str,
    config_settings: Mapping[str, str | list[str] | None] | None = None,
) -> str:
    """Build a source distribution and return its name."""
    folder = str(Path(sdist_directory).resolve())
    with staged() as copy, contextlib.chdir(copy):
        return build_meta.build_sdist(folder, config_settings)


@contextlib.contextmanager
def staged(root: Path = ROOT) -> Generator[Path]:
    """Give a temporary folder that has everything as setuptools expects it."""
    with tempfile.TemporaryDirectory() as name:
        copy = Path(name)
        package = copy / PACKAGE
        project = project_of((root / "pyproject.toml").read_text(encoding="utf-8"))
        write(package / "pyproject.toml", project)  # services/version.py reads it
        write(copy / "pyproject.toml", BUILT_BY + project)
        shutil.copy(root / "LICENSE", copy)
        modules = modules_of(root)
        for path in files_of(root):
            target = package / path.relative_to(root)
            if path == root / f"{PACKAGE}.py":
                target = package / "__init__.py"
            if path.suffix == ".py":
                write(target, qualified(path.read_text(encoding="utf-8"), modules))
            else:
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(path, target)
        write(package / "__main__.py", MAIN)
        yield copy


def project_of(text: str) -> str:
    """Return the tables of pyproject.toml that are for whoever installs it."""
    tables = re.split(r"(?m)^(?=\[)", text)
    return "".join([*(table for table in tables if table.startswith(_KEPT)), *_EXTRA.findall(text)])


def files_of(root: Path) -> list[Path]:
    """Return every file of the product: the modules in the root, and what is in its folders."""
    inside = (path for folder in FOLDERS for path in (root / folder).rglob("*"))
    kept = [path for path in inside if path.is_file() and path.suffix != ".pyc"]
    return [path for path in sorted(root.glob("*.py")) if path.name not in NOT_SHIPPED] + kept


def modules_of(root: Path) -> set[str]:
    """Return the full name of every module of the product but the package's own."""
    parts = (
        path.relative_to(root).with_suffix("").parts for path in files_of(root) if is_module(path)
    )
    names = {".".join(part for part in each if part != "__init__") for each in parts}
    return names - {PACKAGE}


def is_module(path: Path) -> bool:
    """Whether Python can import it."""
    return path.suffix == ".py"


def write(path: Path, text: str) -> None:
    """Write a file, and the folders that it is in."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
