"""A Python that sees the packages of `requirements.txt` only: what an operator installs."""

from __future__ import annotations

import os
import re
import sys
import tempfile
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import TYPE_CHECKING

from tools.environment import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_NAME = re.compile(r"^([A-Za-z0-9._-]+)==", re.MULTILINE)


def link_packages(folder: Path, requirements: str | None = None) -> None:
    """Put links into an empty folder, to whatever belongs to the packages that are required.

    What is installed beside them, for development, is not found there.
    """
    text = (ROOT / "requirements.txt").read_text("utf-8") if requirements is None else requirements
    for entry in _entries(_NAME.findall(text)):
        link = folder / entry.name
        if not link.exists():
            link.symlink_to(entry)


@cache
def packages() -> Path:
    """Return a folder with them, which is there as long as this process."""
    folder = Path(_kept().name)
    link_packages(folder)
    return folder


@cache
def _kept() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="atelier-packages-")


def command(program: Iterable[str | Path]) -> list[str | Path]:
    """Return how to start a program of ours so that it sees those packages, in `environment`."""
    return [sys.executable, "-S", *program]


def environment() -> dict[str, str]:
    """Return what the process needs beside its own settings."""
    return {"PYTHONPATH": os.pathsep.join((str(ROOT), str(packages())))}


def _entries(names: Iterable[str]) -> Iterator[Path]:
    """Yield the files and folders of packages as they stand in `site-packages`."""
    for name in names:
        try:
            package = distribution(name)
        except PackageNotFoundError:
            continue  # not for this system
        for top in {file.parts[0] for file in package.files or ()} - {"..", "__pycache__"}:
            yield Path(str(package.locate_file(top)))
