"""The files for deployment: they name what exists, and what they copy is enough to run."""

from __future__ import annotations

import configparser
import json
import re
import shutil
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path

import pytest

from cli.commands import parse
from cli.exit import Exit
from config import FIELDS

ROOT = Path(__file__).parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text()
GIVES_BACK = "MALLOC_TRIM_THRESHOLD_=131072"
ANALYZE = shutil.which("systemd-analyze")
COPIES = re.findall(r"^COPY (.+) \S+$", DOCKERFILE, re.MULTILINE)
COPIED = [path for line in COPIES for path in line.split()]


def unit() -> configparser.SectionProxy:
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    parser.optionxform = str  # type: ignore[assignment,method-assign] -- its names have capitals
    parser.read(ROOT / "deploy/atelier.service")
    return parser["Service"]


def test_systemd_starts_again_whatever_a_restart_can_mend() -> None:
    service = unit()
    assert service["Restart"] == "on-failure"
    assert {int(code) for code in service["RestartPreventExitStatus"].split()} == {
        Exit.TOKEN_REFUSED,
        Exit.SETTINGS_WRONG,
    }
    assert service["ExecStart"].endswith(" bot.py")
    assert int(service["TimeoutStopSec"]) >= 10


@pytest.mark.skipif(ANALYZE is None, reason="systemd is not here")
def test_systemd_knows_every_line_of_the_unit(tmp_path: Path) -> None:
    text = (ROOT / "deploy/atelier.service").read_text()
    copy = tmp_path / "atelier.service"
    copy.write_text(text.replace("/opt/atelier/.venv/bin/python", sys.executable))
    found = subprocess.run(
        [str(ANALYZE), "verify", str(copy)], capture_output=True, text=True, check=False
    )
    assert "atelier.service:" not in found.stderr


def test_the_image_has_what_the_worker_needs_and_nothing_else(tmp_path: Path) -> None:
    """Each subcommand can be loaded from exactly the files that are copied."""
    ignored = (ROOT / ".dockerignore").read_text()
    for name in COPIED:
        assert f"!{name.partition('/')[0]}\n" in ignored
        source, target = ROOT / name, tmp_path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(source, target) if source.is_dir() else shutil.copy(source, target)
    ended = subprocess.run(
        [sys.executable, "bot.py"],
        cwd=tmp_path,
        env={},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == Exit.SETTINGS_WRONG
    assert "DISCORD_TOKEN is not set" in ended.stderr
    code = "import bot, services.project_stores, services.database.migrate, services.gallery.export"
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env={}, check=True)
    assert (tmp_path / "supabase/migrations").is_dir()


def test_railway_can_build_the_image() -> None:
    """It refuses the instruction, even where compose.yaml is not used."""
    assert not re.search(r"^VOLUME", DOCKERFILE, re.MULTILINE)


def test_all_modules_of_the_product_are_copied() -> None:
    modules = {path.name for path in ROOT.glob("*.py")} - {"dev.py"}
    assert modules <= set(COPIED)


@pytest.mark.parametrize("command", ["HEALTHCHECK", "CMD"])
def test_the_image_runs_subcommands_that_exist(command: str) -> None:
    assert re.search(rf'^{command}.*"python", "bot.py"', DOCKERFILE, re.MULTILINE)


def test_compose_uses_the_volume_of_the_image() -> None:
    compose = (ROOT / "compose.yaml").read_text()
    assert '"data:/data"' in compose
    assert "ENV DATA_DIR=/data" in DOCKERFILE


def procfile() -> dict[str, str]:
    """Return the command of each process that Heroku knows."""
    lines = (ROOT / "Procfile").read_text().splitlines()
    return {name: command.strip() for name, _, command in (line.partition(":") for line in lines)}


def test_the_buildpack_finds_one_lock_and_one_version_of_python() -> None:
    """With a second lock the build ends; a runtime.txt would win over .python-version."""
    locks = {"requirements.txt", "uv.lock", "poetry.lock", "Pipfile", "Pipfile.lock"}
    assert [name for name in sorted(locks) if (ROOT / name).exists()] == ["requirements.txt"]
    assert not (ROOT / "runtime.txt").exists()
    version = (ROOT / ".python-version").read_text()
    assert re.fullmatch(r"3\.1[1-4]\n", version)
    assert f"FROM python:{version.strip()}-slim" in DOCKERFILE


def test_memory_that_a_large_picture_needed_goes_back_to_the_system() -> None:
    """However the worker is started here."""
    unit = (ROOT / "deploy/atelier.service").read_text()
    assert procfile()["worker"].startswith(f"env {GIVES_BACK} ")
    assert GIVES_BACK in DOCKERFILE
    assert f"Environment={GIVES_BACK}\n" in unit


def test_every_process_of_heroku_is_a_subcommand_that_exists() -> None:
    commands = procfile()
    assert set(commands) == {"release", "worker", "web"}
    for command in commands.values():
        start = command.removeprefix(f"env {GIVES_BACK} ")
        python, program, *arguments = start.split()
        assert (python, program) == ("python", "bot.py")
        assert parse(arguments).command == next(iter(arguments), None)


def test_heroku_keeps_what_the_worker_needs() -> None:
    left_out = (ROOT / ".slugignore").read_text().split()
    needed = {name.partition("/")[0] for name in COPIED} | {"Procfile", ".python-version"}
    assert [name for name in needed if any(fnmatch(name, rule) for rule in left_out)] == []


def test_the_deploy_button_asks_for_variables_that_exist_and_starts_one_worker() -> None:
    app = json.loads((ROOT / "app.json").read_text())
    assert [buildpack["url"] for buildpack in app["buildpacks"]] == ["heroku/python"]
    assert {name: told["quantity"] for name, told in app["formation"].items()} == {
        "worker": 1,
        "web": 0,
    }
    asked = app["env"]
    assert {name.lower() for name in asked} <= set(FIELDS)
    required = {name.upper() for name, field in FIELDS.items() if field.is_required()}
    assert required <= {name for name, told in asked.items() if told.get("required")}


def test_the_commands_for_heroku_set_all_that_the_button_requires() -> None:
    page = (ROOT / "docs/operating.md").read_text()
    commands = page.split("\n## Heroku\n")[1].split("```")[1]
    asked = json.loads((ROOT / "app.json").read_text())["env"]
    given = set(re.findall(r"([A-Z_]+)=", commands))
    assert {name for name, told in asked.items() if told.get("required")} <= given <= set(asked)
    assert "ps:scale worker=1 web=0" in commands
