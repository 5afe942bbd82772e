"""Runs the tests of each mutant in a copy of the project of its own."""

from __future__ import annotations

import functools
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from mutants.mutant import Mutant
from mutants.outcomes import OPTION
from tools.environment import ROOT, SetupProblem

NOT_COPIED = shutil.ignore_patterns(".git", ".venv", ".hypothesis", ".*_cache")
LONGEST = 300.0
"""Seconds that the tests of one mutant may take."""
SHOWN = 15
"""How many of the last lines of pytest are shown when it could not run the tests."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the tests said about a mutant: caught if none of them still passes."""

    mutant: Mutant
    survived: tuple[str, ...]  #: the tests that noticed nothing
    seconds: float

    @property
    def caught(self) -> bool:
        """Whether every test has failed."""
        return not self.survived


def baseline(mutants: Sequence[Mutant], project: Path) -> None:
    """Run all the tests on the project as it is; `SetupProblem` unless all of them pass."""
    wanted = sorted({test for mutant in mutants for test in mutant.tests})
    with copied(project) as copy:
        passed = outcomes(copy, wanted)
    failing = [test for test in wanted if not all(cases(passed, test).values())]
    if failing:
        raise SetupProblem("\n  ".join(["These tests fail without any mutant:", *failing]))


def verdicts(mutants: Sequence[Mutant], project: Path) -> Iterator[Verdict]:
    """Give the verdict about each mutant, in order; as many at once as there are processors."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        yield from pool.map(functools.partial(verdict, project=project), mutants)


def verdict(mutant: Mutant, *, project: Path) -> Verdict:
    """Apply a mutant to a copy, and run its tests there."""
    began = time.monotonic()
    with copied(project) as copy:
        mutant.apply(copy)
        passed = outcomes(copy, mutant.tests)
    survived = tuple(test for test in mutant.tests if all(cases(passed, test).values()))
    return Verdict(mutant=mutant, survived=survived, seconds=time.monotonic() - began)


@contextmanager
def copied(project: Path) -> Generator[Path]:
    """Copy a project into a temporary folder, for as long as the block lasts."""
    with tempfile.TemporaryDirectory(prefix="mutant-") as folder:
        yield Path(shutil.copytree(project, Path(folder, "project"), ignore=NOT_COPIED))


def outcomes(project: Path, tests: Sequence[str]) -> Mapping[str, bool]:
    """Run tests of a project, and tell of each of their cases whether it passed.

    `SetupProblem` if one of the tests has not been run at all: that proves nothing.
    """
    file = project / "outcomes.json"
    result = subprocess.run(  # noqa: S603 -- our own tests
        [
            *(sys.executable, "-m", "pytest", "-p", "mutants.outcomes", f"{OPTION}={file}"),
            *("-p", "no:cacheprovider", "-q", "--tb=line", *tests),
        ],
        cwd=project,
        env=_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=LONGEST,
    )
    passed: dict[str, bool] = json.loads(file.read_text("utf-8")) if file.exists() else {}
    missing = [test for test in tests if not cases(passed, test)]
    if missing:
        last = result.stdout.splitlines()[-SHOWN:]
        raise SetupProblem("\n  ".join(["These tests could not be run:", *missing, *last]))
    return passed


def cases(passed: Mapping[str, bool], test: str) -> Mapping[str, bool]:
    """Return the outcomes of a test: of its cases, if it has several."""
    return {key: ok for key, ok in passed.items() if key == test or key.startswith(f"{test}[")}


def _environment() -> Mapping[str, str]:
    """Return an environment in which the plugin is found; what is in the copy comes before it."""
    return {**os.environ, "PYTHONPATH": str(ROOT)}  # noqa: TID251 -- for what is started here


def chosen(mutants: Iterable[Mutant], names: Sequence[str]) -> list[Mutant]:
    """Return the mutants of these names, or all; `SetupProblem` if there is none of a name."""
    by_name = {mutant.name: mutant for mutant in mutants}
    unknown = [name for name in names if name not in by_name]
    if unknown:
        raise SetupProblem(
            f"There is no mutant {', '.join(unknown)}; there are: {', '.join(by_name)}."
        )
    return [by_name[name] for name in names] or list(by_name.values())
