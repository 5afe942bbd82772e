"""The audit of the lock: what it says, and when it fails; no test needs a network."""

import json
import os
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.dev.conftest import DEV, put_tool
from tools import audit

Package = Mapping[str, Any]
GOOD: Package = {"name": "aiohttp", "version": "3.9.0", "vulns": []}
BAD: Package = {
    "name": "pillow",
    "version": "9.0.0",
    "vulns": [{"id": "PYSEC-2026-1", "fix_versions": ["9.0.1", "10.0"], "aliases": []}],
}
HOPELESS: Package = {
    "name": "yarl",
    "version": "1.0",
    "vulns": [{"id": "PYSEC-2026-2", "fix_versions": [], "aliases": []}],
}
UNKNOWN: Package = {"name": "psycopg", "skip_reason": "Dependency not found on PyPI"}


def told(tree: Path, *packages: Package, code: int = 0) -> None:
    """Let pip-audit tell this, and note how it was called."""
    answer = json.dumps({"dependencies": packages, "fixes": []})
    put_tool(tree, "pip-audit", f"echo \"$@\" > asked\ncat <<'END'\n{answer}\nEND\nexit {code}")


@pytest.mark.parametrize(
    ("packages", "code", "clean", "said"),
    [
        ([GOOD], 0, True, ["Audited packages: 1, with known vulnerabilities: 0."]),
        (
            [GOOD, BAD, HOPELESS],
            1,
            False,
            [
                "pillow 9.0.0 has PYSEC-2026-1, mended in: 9.0.1, 10.0.",
                "yarl 1.0 has PYSEC-2026-2, mended in: no version yet.",
                "Audited packages: 3, with known vulnerabilities: 2.",
            ],
        ),
        (
            [UNKNOWN, UNKNOWN],
            0,
            True,
            ["Packages of which PyPI told nothing: 2 of 2."],
        ),
        (
            [UNKNOWN, BAD],
            1,
            False,
            [
                "pillow 9.0.0 has PYSEC-2026-1, mended in: 9.0.1, 10.0.",
                "Packages of which PyPI told nothing: 1 of 2.",
                "Audited packages: 1, with known vulnerabilities: 1.",
            ],
        ),
    ],
    ids=["clean", "vulnerable", "nothing known", "half known and vulnerable"],
)
def test_a_known_vulnerability_fails_and_a_lack_of_data_is_said(
    finished: Path,
    capsys: pytest.CaptureFixture[str],
    packages: list[Package],
    code: int,
    clean: bool,
    said: list[str],
) -> None:
    told(finished, *packages, code=code)
    assert audit.is_clean(["requirements.txt", "requirements-dev.txt"]) == clean
    assert capsys.readouterr().err.splitlines() == said
    asked = (finished / "asked").read_text().split()
    assert asked[-2:] == ["--requirement=requirements.txt", "--requirement=requirements-dev.txt"]


@pytest.mark.parametrize(
    "script",
    [
        "echo 'requests.exceptions.ConnectionError: nobody there' >&2; exit 1",
        "echo ERROR:pip_audit._cli >&2; exit 1",
        "exec sleep 60",
    ],
    ids=["no network", "refused", "endless"],
)
def test_data_that_cannot_be_reached_is_said_and_fails_nothing(
    finished: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    script: str,
) -> None:
    monkeypatch.setattr(audit, "SECONDS", 0.3 if "sleep" in script else 30)
    put_tool(finished, "pip-audit", script)
    assert audit.is_clean(["requirements.txt"])
    said = "Not audited: the data about vulnerabilities cannot be reached.\n"
    assert capsys.readouterr().err == said


@pytest.mark.long
def test_the_tool_itself_gives_up_at_once_without_a_network(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """At the first package: it does not try one after the other."""
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    begun = time.monotonic()
    assert audit.is_clean(["requirements.txt"])
    assert time.monotonic() - begun < 30
    assert "cannot be reached" in capsys.readouterr().err


@pytest.mark.long
def test_the_tool_reads_the_lock_and_understands_how_it_is_asked(tmp_path: Path) -> None:
    """As without a network, but it lists what it would look up."""
    tool = audit.environment.VENV / "bin/pip-audit"
    options = [*audit.OPTIONS, "--dry-run", "--requirement=requirements-dev.txt"]
    done = subprocess.run(
        [tool, *options],
        cwd=DEV.parent,
        env=os.environ | {"XDG_CACHE_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "would have audited" in done.stderr
