"""What the tests of the pictures folder share."""

from pathlib import Path

ID = "0b2e4c6a-1d3f-4a5b-8c7d-9e0f1a2b3c4d"
KEY = f"{ID}/grid.png"


def names(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
