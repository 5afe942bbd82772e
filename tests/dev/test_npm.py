"""What comes from npm: installed once, exactly what the lock names."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.dev.conftest import DEV, put_node
from tools import environment, midjourney_client, npm, supabase_lite
from tools.environment import SetupProblem

KITS: Any = pytest.mark.parametrize(
    "kit", [supabase_lite.KIT, midjourney_client.KIT], ids=lambda kit: kit.name
)
NAME = midjourney_client.KIT.name


@pytest.fixture
def bare(finished: Path) -> Path:
    """Create a project in which only the npm client is not installed."""
    environment.stamp(finished / ".venv", midjourney_client.KIT).unlink()
    return finished


@pytest.fixture
def installs(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Record the calls of npm instead of running it."""
    noted: list[str] = []

    def quietly(*command: str) -> None:
        noted.append(command[2])

    monkeypatch.setattr(npm, "quietly", quietly)
    return noted


def test_it_is_installed_once_and_again_when_the_lock_changes(
    bare: Path, installs: list[str]
) -> None:
    put_node(bare)
    midjourney_client.ensure()
    midjourney_client.ensure()
    assert installs == ["ci"]
    (bare / f"tools/{NAME}/package-lock.json").write_text("{}")
    midjourney_client.ensure()
    assert installs == ["ci", "ci"]
    assert (bare / f".venv/{NAME}/package-lock.json").read_text() == "{}"


def test_an_installation_that_fails_does_not_look_finished(
    bare: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    put_node(bare, "echo no registry; exit 1")
    with pytest.raises(SetupProblem, match="Installing failed"):
        midjourney_client.ensure()
    assert "no registry" in capfd.readouterr().err
    assert not npm.is_installed(midjourney_client.KIT)


@pytest.mark.usefixtures("bare")
def test_without_node_it_says_what_to_do() -> None:
    with pytest.raises(SetupProblem, match=r"There is no Node\.js in \.venv"):
        midjourney_client.ensure()


@KITS
def test_a_lock_names_no_registry_and_exact_versions_only(kit: environment.Kit) -> None:
    package, lock = ((DEV.parent / name).read_text() for name in kit.files)
    packages = json.loads(lock)["packages"]
    assert not [name for name, package in packages.items() if "resolved" in package]
    assert all("integrity" in package for name, package in packages.items() if name)
    wanted = json.loads(package)["dependencies"]
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in wanted.values())
    assert wanted == {n: packages[f"node_modules/{n}"]["version"] for n in wanted}
