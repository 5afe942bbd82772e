"""The version of Atelier, which `pyproject.toml` states and nothing else."""

import tomllib
from pathlib import Path

_PROJECT = Path(__file__).parents[1] / "pyproject.toml"

VERSION: str = tomllib.loads(_PROJECT.read_text(encoding="utf-8"))["project"]["version"]
"""Read from the file, since the project runs from its folder and is not installed."""
