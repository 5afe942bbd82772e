"""The files for deployment: they name what exists, and what they copy is enough to run."""

from __future__ import annotations

import configparser
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from cli.exit import Exit

ROOT = Path(__file__).parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text()
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
