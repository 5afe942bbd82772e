"""dev.py: what it says before it can work, and when it installs."""

import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

import dev
from tests.dev.conftest import DEV, put_tool
from tools import environment
from tools.environment import DEMO, DEVELOPMENT, STAND_IN


@pytest.mark.parametrize("version", [(2, 7), (3, 9), (3, 10)], ids=repr)
def test_an_old_python_is_told_what_to_do(version: tuple[int, int]) -> None:
    sentence = environment.too_old(version)
    assert sentence is not None
    assert "3.11 or newer" in sentence
    assert f"this is {version[0]}.{version[1]}:" in sentence


OWN_FILES = """
import dev, sys
print(*(m.__file__ for name, m in sys.modules.items() if name.split(".")[0] in ("dev", "tools")))
"""


def test_an_old_python_can_read_all_that_comes_before_that() -> None:
    """Python itself cannot check that: it accepts the `with` of 3.9 as one of 3.7."""
    python = partial(subprocess.run, cwd=DEV.parent, capture_output=True, text=True, check=False)
    files = python([sys.executable, "-c", OWN_FILES]).stdout.split()
    assert str(DEV) in files
    rules = ("--isolated", "--select=E9", "--target-version=py37")
    assert python([sys.executable, "-m", "ruff", "check", "-q", *rules, *files]).stdout == ""


@pytest.mark.parametrize("version", [(3, 11), (3, 13), (4, 0)], ids=repr)
def test_a_python_that_will_do_is_told_nothing(version: tuple[int, int]) -> None:
    assert environment.too_old(version) is None


@pytest.mark.parametrize("missing", ["venv", "ensurepip"])
def test_a_missing_venv_module_is_named_with_its_package(missing: str) -> None:
    sentence = environment.no_venv_module((3, 12), lambda name: name != missing)
    assert sentence is not None
    assert "sudo apt install python3.12-venv" in sentence


def test_a_present_venv_module_is_not_mentioned() -> None:
    assert environment.no_venv_module((3, 12), lambda _: True) is None


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "demo, test, check, bench, mutants, soak, screenshots, lock"),
        (["tset"], "demo, test, check, bench, mutants, soak, screenshots, lock"),
        (["check", "everything"], "Unknown argument: everything."),
    ],
    ids=["none", "unknown verb", "unknown argument"],
)
def test_a_wrong_command_gets_one_sentence(arguments: list[str], words: str) -> None:
    result = subprocess.run(
        [sys.executable, DEV, *arguments], capture_output=True, text=True, check=False
    )
    assert result.returncode == 1
    assert result.stdout == ""
    assert words in result.stderr
    assert result.stderr.count("\n") == 1


def test_help_names_every_verb(capsys: pytest.CaptureFixture[str]) -> None:
    assert dev.main(["--help"]) == 0
    text = capsys.readouterr().out
    assert all(f"dev.py {verb}" in text for verb in dev.VERBS)


@pytest.mark.parametrize("name", ["requirements-dev.txt", f"{STAND_IN}/pyproject.toml"])
def test_other_requirements_have_another_fingerprint(tree: Path, name: str) -> None:
    before = environment.fingerprint(tree, DEVELOPMENT)
    assert before == environment.fingerprint(tree, DEVELOPMENT)
    (tree / name).write_text("b==2")
    assert environment.fingerprint(tree, DEVELOPMENT) != before


def test_a_moved_tree_has_another_fingerprint(tree: Path) -> None:
    elsewhere = tree / "elsewhere"
    shutil.copytree(tree, elsewhere, ignore=shutil.ignore_patterns("elsewhere"))
    moved = environment.fingerprint(elsewhere, DEVELOPMENT)
    assert moved != environment.fingerprint(tree, DEVELOPMENT)


def test_an_environment_without_stamp_is_not_finished(finished: Path) -> None:
    assert environment.is_finished(finished, DEVELOPMENT)
    environment.stamp(finished / ".venv", DEVELOPMENT).unlink()
    assert not environment.is_finished(finished, DEVELOPMENT)


def test_an_environment_whose_python_is_gone_is_not_finished(finished: Path) -> None:
    (finished / ".venv/bin/python").unlink()
    (finished / ".venv/bin/python").symlink_to("/a/python/that/was/removed")
    assert not environment.is_finished(finished, DEMO)


def test_the_environment_of_another_tree_is_not_emptied_through_a_link(
    tree: Path, tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path_factory.mktemp("other")
    (other / "theirs").touch()
    (tree / ".venv").symlink_to(other)
    assert dev.main(["check"]) == 1
    assert f".venv is a link to {other}" in capsys.readouterr().err
    assert [file.name for file in other.iterdir()] == ["theirs"]


@pytest.fixture
def installs(tree: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Replace the slow parts of an installation, and record the calls."""
    noted: list[str] = []

    def quietly(*command: str) -> None:
        noted.append(command[2])
        put_tool(tree, "python", "true")

    def install(*what: str) -> None:
        noted.append(what[-1])

    monkeypatch.setattr(environment, "quietly", quietly)
    monkeypatch.setattr(environment, "install", install)
    return noted


EVERYTHING = ["venv", "requirements-dev.txt", f"./{STAND_IN}"]


def test_it_installs_once_and_again_when_the_requirements_change(
    tree: Path, installs: list[str]
) -> None:
    environment.ensure(DEVELOPMENT)
    environment.ensure(DEVELOPMENT)
    environment.ensure(DEMO)
    assert installs == EVERYTHING
    (tree / "requirements-dev.txt").write_text("a==2")
    environment.ensure(DEMO)
    assert installs == EVERYTHING
    environment.ensure(DEVELOPMENT)
    assert installs == EVERYTHING * 2


@pytest.mark.usefixtures("tree")
def test_the_tools_are_added_to_what_the_demo_installed(installs: list[str]) -> None:
    environment.ensure(DEMO)
    environment.ensure(DEVELOPMENT)
    assert installs == ["venv", "requirements-demo.txt", *EVERYTHING[1:]]


def test_nothing_is_added_to_an_environment_of_yesterday(tree: Path, installs: list[str]) -> None:
    environment.ensure(DEMO)
    (tree / "requirements-demo.txt").write_text("a==2")
    environment.ensure(DEVELOPMENT)
    assert installs == ["venv", "requirements-demo.txt", *EVERYTHING]


@pytest.mark.usefixtures("installs")
def test_an_interrupted_installation_does_not_look_finished(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(environment, "install", interrupt)
    assert dev.main(["test"]) == 130
    assert not environment.is_finished(tree, DEVELOPMENT)
    assert not environment.is_finished(tree, DEMO)


def test_a_new_environment_first_loses_the_old_stamps(
    finished: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(environment, "quietly", interrupt)
    with pytest.raises(KeyboardInterrupt):
        environment.make_empty_venv()
    assert not environment.is_finished(finished, DEMO)
    assert not environment.is_finished(finished, DEVELOPMENT)


def test_without_a_venv_module_nothing_is_touched(
    tree: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def nothing(_: str) -> bool:
        return False

    monkeypatch.setattr(environment, "has_module", nothing)
    assert dev.main(["check"]) == 1
    said = capsys.readouterr().err
    assert "-venv`" in said
    assert said.count("\n") == 1
    assert not (tree / ".venv").exists()


def test_a_failed_installation_repeats_what_pip_said(
    tree: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    put_tool(tree, "python", "echo Collecting sense; echo there is none >&2; exit 1")
    with pytest.raises(environment.SetupProblem, match="Installing failed"):
        environment.install("sense")
    assert capfd.readouterr().err == "Collecting sense\nthere is none\n"


def test_a_good_installation_says_nothing(tree: Path, capfd: pytest.CaptureFixture[str]) -> None:
    put_tool(tree, "python", "echo Collecting sense")
    environment.install("sense")
    assert capfd.readouterr() == ("", "")
