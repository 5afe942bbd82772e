"""dev.py: how it calls the tools, and what it does with their results."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

import dev
from tests.dev.conftest import DEV, put_tool
from tests.left_out import OPTION
from tools import audit, npm
from tools.environment import Kit


@pytest.fixture
def runs(finished: Path, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """Record the tools that would run; `pyright` fails."""
    noted: list[tuple[str, ...]] = []

    def run(*command: str, cwd: Path = finished) -> int:
        noted.append(tuple(part for part in command if not part.startswith(OPTION)))
        return 1 if command[0] == "pyright" else 0

    monkeypatch.setattr(dev, "run", run)
    monkeypatch.setattr(dev, "AT_ONCE", AT_ONCE)
    monkeypatch.setattr(dev, "coverage_gates", lambda: 3)
    return noted


AT_ONCE = ("--numprocesses=3", "--dist=worksteal")
WHOLE_BOT = ("tests/integration", "tests/model")
MEASURED = (
    *("--ignore=tests/integration", "--ignore=tests/model"),
    *("--cov", "--cov-report=", "--cov-fail-under=0"),
)


@pytest.mark.parametrize(
    ("arguments", "commands", "code"),
    [
        (["-k", "grid"], [("-m", "not long", "-k", "grid")], 0),
        (["--all", "tests/unit"], [("tests/unit",)], 0),
        ([], [("-m", "not long", *AT_ONCE)], 0),
        (["--all"], [(*MEASURED, *AT_ONCE), (*WHOLE_BOT, *AT_ONCE)], 3),
    ],
    ids=["chosen", "chosen of all", "quick", "all"],
)
def test_only_a_run_of_everything_is_measured(
    runs: list[tuple[str, ...]],
    arguments: list[str],
    commands: list[tuple[str, ...]],
    code: int,
) -> None:
    assert dev.main(["test", *arguments]) == code
    assert runs == [("pytest", *command) for command in commands]


@pytest.mark.parametrize(
    ("arguments", "installed"),
    [([], ["supabase-lite"]), (["--all"], ["supabase-lite", "midjourney-client"])],
    ids=["quick", "all"],
)
@pytest.mark.usefixtures("runs")
def test_the_npm_client_is_installed_for_the_long_tests(
    monkeypatch: pytest.MonkeyPatch, arguments: list[str], installed: list[str]
) -> None:
    noted: list[str] = []

    def ensure(kit: Kit, _what: str) -> None:
        noted.append(kit.name)

    monkeypatch.setattr(npm, "ensure", ensure)
    dev.main(["test", *arguments])
    assert noted == installed


NOTHING: dict[str, object] = {"not_chosen": 0, "skipped": {}}


@pytest.mark.parametrize(
    ("arguments", "counts", "said"),
    [
        (["--all"], [NOTHING, NOTHING], "Every test was run."),
        (
            [],
            [{"not_chosen": 7, "skipped": {"b.py": 2, "a.py": 1}}],
            "Not run: 7 long tests (`test --all` runs them), 1 skipped in a.py, 2 skipped in b.py.",
        ),
        (
            ["--all"],
            [{"not_chosen": 0, "skipped": {"a.py": 1}}, {"not_chosen": 0, "skipped": {"b.py": 2}}],
            "Not run: 1 skipped in a.py, 2 skipped in b.py.",
        ),
        ([], [None], "The tests did not come to their end."),
        (
            ["--all"],
            [NOTHING, None],
            "The tests did not come to their end.",
        ),
    ],
    ids=["all", "some", "some of both parts", "broken off", "broken off later"],
)
def test_it_ends_by_saying_what_was_not_run_and_how_long_it_took(
    runs: list[tuple[str, ...]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    counts: list[object],
    said: str,
) -> None:
    told = iter(counts)

    def run(*command: str) -> int:
        [file] = [part.partition("=")[2] for part in command if part.startswith(OPTION)]
        if (count := next(told)) is not None:
            Path(file).write_text(json.dumps(count))
        return 0

    moments = iter([1000.0, 1221.4])
    monkeypatch.setattr(dev, "run", run)
    monkeypatch.setattr(dev.time, "monotonic", lambda: next(moments))
    dev.main(["test", *arguments])
    assert capsys.readouterr().err == f"3 min 41 s. {said}\n"


def test_what_tests_start_is_compiled_once(
    runs: list[tuple[str, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    dev.main(["test", "-x"])
    assert "PYTHONDONTWRITEBYTECODE" not in os.environ


def test_a_short_time_is_said_in_seconds() -> None:
    assert dev.duration(41.2) == "41 s"


TESTS = """
import pytest

@pytest.mark.long
def test_long(): ...

@pytest.mark.parametrize("number", [1, 2])
def test_skipped(number): pytest.skip("no need")

def test_short(): ...
"""


@pytest.mark.parametrize(
    "at_once",
    [pytest.param((), marks=pytest.mark.long), ("--numprocesses=2",)],
    ids=["one process", "two"],
)
def test_what_is_left_out_is_counted(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, at_once: tuple[str, ...]
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(DEV.parent), prepend=os.pathsep)
    pytester.makeini("[pytest]\nmarkers = long")
    pytester.makepyfile(test_it=TESTS)
    options = ("-p", "tests.left_out", "-m", "not long", f"{OPTION}=left.json")
    pytester.runpytest_subprocess(*options, *at_once, f"--rootdir={pytester.path}")
    assert json.loads((pytester.path / "left.json").read_text()) == {
        "not_chosen": 1,
        "skipped": {"test_it.py": 2},
    }


@pytest.mark.long
def test_nothing_is_said_of_what_an_interrupted_run_left_out(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(DEV.parent), prepend=os.pathsep)
    pytester.makepyfile(test_it="def test_it(): raise KeyboardInterrupt")
    options = ("-p", "tests.left_out", f"{OPTION}=left.json", f"--rootdir={pytester.path}")
    pytester.runpytest_subprocess(*options)
    assert not (pytester.path / "left.json").exists()


@pytest.mark.parametrize(
    ("verb", "package"), [("bench", "benchmarks"), ("mutants", "mutants"), ("soak", "soak")]
)
def test_a_package_of_tools_gets_its_arguments(
    runs: list[tuple[str, ...]], verb: str, package: str
) -> None:
    assert dev.main([verb, "some", "--json"]) == 0
    assert runs == [("python", "-m", package, "some", "--json")]


@pytest.mark.parametrize(
    ("well", "failed"),
    [((True, True), "types"), ((False, True), "types, lock"), ((True, False), "types, audit")],
)
def test_check_runs_all_and_names_what_failed(
    runs: list[tuple[str, ...]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    well: tuple[bool, bool],
    failed: str,
) -> None:
    def is_clean(files: Sequence[str]) -> bool:
        return well[1] and set(files) == dev.LOCKS.keys()

    monkeypatch.setattr(dev, "lock_is_current", lambda: well[0])
    monkeypatch.setattr(audit, "is_clean", is_clean)
    assert dev.main(["check"]) == 1
    assert [tool for tool, *_ in runs] == ["ruff", "ruff", "pyright", "lint-imports"]
    assert capsys.readouterr().err.endswith(f"Failed: {failed}.\n")


def test_too_little_coverage_shows_what_is_missing(
    tree: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    put_tool(tree, "coverage", 'case "$*" in *total*domain*) echo 99; exit 2;; esac; echo "$*"')
    assert dev.coverage_gates() == 1
    out, err = capfd.readouterr()
    assert out == "report --include=domain/* --fail-under=100\n"
    assert "Coverage of the domain is too low:\n" in err


def test_a_tool_ended_by_a_signal_has_the_code_a_shell_gives_it(tree: Path) -> None:
    put_tool(tree, "tool", "kill -TERM $$")
    assert dev.run("tool") == 128 + signal.SIGTERM


@pytest.mark.parametrize(
    ("arguments", "installed"),
    [([], ["demo"]), (["--once", "a cat", "--supabase"], ["development", "supabase-lite"])],
    ids=["alone", "with Supabase"],
)
def test_the_demo_installs_no_more_than_it_needs(
    finished: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], installed: list[str]
) -> None:
    noted: list[str] = []

    def ensure(kit: Kit) -> None:
        noted.append(kit.name)

    def become(_: str, command: list[str]) -> None:
        noted.append(f"demo {command[3:]}")

    monkeypatch.chdir(finished)
    monkeypatch.setattr(dev, "ensure", ensure)
    monkeypatch.setattr(dev.supabase_lite, "ensure", lambda: noted.append("supabase-lite"))
    monkeypatch.setattr(dev.os, "execv", become)
    dev.main(["demo", *arguments])
    assert noted == [*installed, f"demo {arguments}"]


DEMO = """
import signal, sys, time
received = []
signal.signal(signal.SIGINT, lambda *_: received.append("SIGINT"))
print(*sys.argv[1:], flush=True)
for _ in range(2500):
    if received:
        time.sleep(0.2)
        break
    time.sleep(0.02)
print(*received, flush=True)
sys.exit(7)
"""


def test_the_demo_gets_its_arguments_one_interrupt_and_gives_its_code(finished: Path) -> None:
    (finished / "demo").mkdir()
    (finished / "demo/__main__.py").write_text(DEMO)
    command = [sys.executable, finished / "dev.py", "demo", "--help", "x"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd="/"
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline() == "--help x\n"
        process.send_signal(signal.SIGINT)
        assert process.stdout.read() == "SIGINT\n"
        assert process.stderr.read() == ""
    assert process.returncode == 7


UV = """
for argument; do case "$argument" in --output-file=*) file="${argument#*=}";; esac; done
grep -q "name" pyproject.toml || exit 1
cp pyproject.toml "$file"
pwd > "$FOLDER"
"""


@pytest.fixture
def compiler(finished: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put a uv that copies pyproject.toml, and fails unless there is a name in it."""
    monkeypatch.setenv("FOLDER", str(finished / "folder"))
    put_tool(finished, "uv", UV)
    (finished / "pyproject.toml").write_text("name = 'x'")
    return finished


def lines(tree: Path) -> Sequence[str]:
    return [(tree / name).read_text() for name in dev.LOCKS]


def test_lock_writes_what_was_compiled_and_then_has_nothing_to_do(
    compiler: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert not dev.lock_is_current()
    assert dev.main(["lock"]) == 0
    assert lines(compiler) == ["name = 'x'"] * len(dev.LOCKS)
    assert dev.lock_is_current()
    assert dev.main(["lock"]) == 0
    assert capsys.readouterr().err.endswith("Nothing to change.\n")


def test_checking_the_lock_leaves_it_alone_and_names_the_way_out(
    compiler: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert not dev.lock_is_current()
    assert lines(compiler) == ["a==1"] * len(dev.LOCKS)
    assert "requirements.txt does not follow from pyproject.toml" in capsys.readouterr().err


def test_nothing_is_compiled_in_the_tree_itself(compiler: Path) -> None:
    dev.lock_is_current()
    folder = Path((compiler / "folder").read_text().strip())
    assert folder != compiler
    assert not folder.exists()


def test_a_lock_that_cannot_be_compiled_changes_nothing(
    compiler: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (compiler / "pyproject.toml").write_text("")
    assert dev.main(["lock"]) == 1
    assert lines(compiler) == ["a==1"] * len(dev.LOCKS)
    assert "could not be compiled" in capsys.readouterr().err


@pytest.mark.parametrize("name", dev.LOCKS)
def test_the_lock_names_no_place_outside_the_project(name: str) -> None:
    text = (DEV.parent / name).read_text()
    assert "://" not in text
    assert "--index" not in text
    assert "--find-links" not in text
    assert "discord-py==" not in text
    assert not [line for line in text.splitlines() if line.startswith(("-", "/", "."))]
