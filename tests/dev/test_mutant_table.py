"""The table of mutants fits the program; that tests notice them is seen by `dev.py mutants`."""

import ast
import shutil
from collections import Counter
from pathlib import Path

import pytest

from mutants.mutant import Mutant
from mutants.table import MUTANTS

ROOT = Path(__file__).parents[2]
by_name = pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)


@by_name
def test_a_mutant_has_its_place_in_the_program(mutant: Mutant, tmp_path: Path) -> None:
    copy = tmp_path / mutant.file
    copy.parent.mkdir(parents=True)
    shutil.copy(ROOT / mutant.file, copy)
    mutant.apply(tmp_path)
    changed = copy.read_text("utf-8")
    assert changed != (ROOT / mutant.file).read_text("utf-8")
    if copy.suffix == ".py":
        ast.parse(changed)


@by_name
def test_the_tests_of_a_mutant_are_there(mutant: Mutant) -> None:
    assert mutant.tests
    for test in mutant.tests:
        file, _, name = test.partition("::")
        tree = ast.parse((ROOT / file).read_text("utf-8"))
        there = {
            node.name
            for node in tree.body
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        }
        assert name.partition("[")[0] in there


def test_no_two_mutants_have_one_name() -> None:
    assert max(Counter(mutant.name for mutant in MUTANTS).values()) == 1
