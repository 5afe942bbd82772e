"""A safety mechanism, and how it is taken out of a copy of the project."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tools.environment import SetupProblem


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """One mechanism that is missing: in `file`, `text` is replaced, and every one of `tests` fails.

    A test of several cases fails if one of them does.
    """

    name: str
    why: str  #: what the mechanism is good for
    file: str
    text: str
    replacement: str
    tests: tuple[str, ...]

    def apply(self, root: Path) -> None:
        """Take it out of the project at `root`; `SetupProblem` unless the text is there once."""
        path = root / self.file
        source = path.read_text("utf-8") if path.is_file() else ""
        count = source.count(self.text)
        if count != 1:
            raise SetupProblem(
                f"{self.name}: its text is {count} times in {self.file}, and must be there once."
            )
        path.write_text(source.replace(self.text, self.replacement), "utf-8")
