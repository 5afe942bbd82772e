"""`dev.py mutants`, on a project of two files."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from mutants.__main__ import main
from mutants.mutant import Mutant
from mutants.runner import outcomes
from tools.environment import SetupProblem

DOOR = """
def may_enter(age):
    if age < 18:
        return False
    return True
"""
TESTS = """
import pytest
from door import may_enter

@pytest.mark.parametrize("age", [4, 17, 18])
def test_children_stay_outside(age):
    assert may_enter(age) == (age >= 18)

def test_grown_ups_enter():
    assert may_enter(40)

def test_that_is_red():
    assert may_enter(4)

def test_that_is_skipped():
    pytest.skip("for a reason")
"""
FILE = "test_door.py"
CHILDREN, GROWN_UPS = f"{FILE}::test_children_stay_outside", f"{FILE}::test_grown_ups_enter"
OPEN = Mutant(
    name="open-door",
    why="children stay outside",
    file="door.py",
    text="return False",
    replacement="return True",
    tests=(CHILDREN,),
)
UNSEEN = replace(OPEN, name="unseen", tests=(CHILDREN, GROWN_UPS))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "door.py").write_text(DOOR)
    (tmp_path / FILE).write_text(TESTS)
    (tmp_path / ".venv").mkdir()
    return tmp_path


@pytest.mark.long
def test_what_is_noticed_is_caught_and_the_project_stays_as_it_was(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([], mutants=[OPEN], project=project) == 0
    said = "caught    open-door: children stay outside\nAll 1 mutants were caught.\n"
    assert capsys.readouterr().err == said
    assert (project / "door.py").read_text() == DOOR


def test_each_test_has_to_notice_it(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One test of several would hide that the others are of no use."""
    assert main([], mutants=[OPEN, UNSEEN], project=project) == 1
    assert capsys.readouterr().err.splitlines() == [
        "caught    open-door: children stay outside",
        "SURVIVED  unseen: children stay outside",
        f"          {GROWN_UPS}",
        "1 of 2 mutants survived: unseen.",
    ]


@pytest.mark.long
def test_what_was_found_can_be_had_as_json(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--json", "unseen"], mutants=[OPEN, UNSEEN], project=project) == 1
    found = json.loads(capsys.readouterr().out)
    assert not found["ok"]
    [unseen] = found["mutants"]
    assert (unseen["name"], unseen["caught"]) == ("unseen", False)
    assert unseen["survived"] == [GROWN_UPS]


def test_a_test_that_fails_without_a_mutant_proves_nothing(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    red = replace(OPEN, tests=(f"{FILE}::test_that_is_red", CHILDREN))
    assert main([], mutants=[red], project=project) == 1
    said = f"These tests fail without any mutant:\n  {FILE}::test_that_is_red\n"
    assert capsys.readouterr().err == said


@pytest.mark.long
@pytest.mark.parametrize("test", ["test_nobody_wrote", "test_that_is_skipped"])
def test_a_test_that_is_not_run_proves_nothing(
    project: Path, capsys: pytest.CaptureFixture[str], test: str
) -> None:
    missing = replace(OPEN, tests=(f"{FILE}::{test}",))
    assert main([], mutants=[missing], project=project) == 1
    said = f"These tests could not be run:\n  {FILE}::{test}\n"
    assert capsys.readouterr().err.startswith(said)


def test_a_mutant_that_breaks_the_program_is_not_caught(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every test fails then, whatever it is about."""
    broken = replace(OPEN, replacement="return )")
    assert main([], mutants=[broken], project=project) == 1
    said = capsys.readouterr().err
    assert said.startswith("These tests could not be run:")
    assert "SyntaxError" in said


@pytest.mark.long
@pytest.mark.parametrize(
    ("file", "text", "count"),
    [
        ("door.py", "return None", 0),
        ("door.py", "return", 2),
        ("window.py", "return False", 0),
    ],
)
def test_a_mutant_changes_one_place(
    project: Path, capsys: pytest.CaptureFixture[str], file: str, text: str, count: int
) -> None:
    lost = replace(OPEN, file=file, text=text)
    assert main([], mutants=[lost], project=project) == 1
    said = f"open-door: its text is {count} times in {file}, and must be there once.\n"
    assert capsys.readouterr().err == said


def test_a_name_that_is_not_there_is_answered_with_those_that_are(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["shut-door"], mutants=[OPEN, UNSEEN], project=project) == 1
    said = "There is no mutant shut-door; there are: open-door, unseen.\n"
    assert capsys.readouterr().err == said


@pytest.mark.long
def test_a_test_that_ends_badly_has_failed(project: Path) -> None:
    (project / FILE).write_text(
        "import pytest\n\n"
        "@pytest.fixture\ndef door():\n    yield\n    raise ValueError\n\n"
        "def test_door(door): ...\n"
    )
    assert outcomes(project, [f"{FILE}::test_door"]) == {f"{FILE}::test_door": False}


@pytest.mark.long
def test_nothing_at_all_is_no_success(project: Path) -> None:
    with pytest.raises(SetupProblem):
        outcomes(project, [f"{FILE}::test_nobody_wrote"])
