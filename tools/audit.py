"""Known vulnerabilities in the packages of the lock, as pip-audit finds them at PyPI."""

# dev.py reads this with an older Python, to be able to say that it is too old: no newer syntax.
from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, Any

from tools import environment
from tools.environment import say

if TYPE_CHECKING:
    from collections.abc import Sequence

SECONDS = 90.0
"""How long the whole audit may take; it asks for one package after the other."""
OPTIONS = (
    *("--require-hashes", "--disable-pip"),  # the lock says it all: nothing has to be resolved
    *("--format=json", "--desc=off", "--progress-spinner=off"),
    "--timeout=5",
)


def is_clean(files: Sequence[str]) -> bool:
    """Say what is known about the packages in requirements files; False for a vulnerability.

    Where the data cannot be reached, that is said, and it is no failure: the lock is as good as
    it was before.
    """
    packages = _ask(files)
    if not packages:
        say("Not audited: the data about vulnerabilities cannot be reached.")
        return True
    for package in packages:
        for found in package.get("vulns", ()):
            say(_sentence(package, found))
    unknown = sum("skip_reason" in package for package in packages)
    known = len(packages) - unknown
    vulnerable = sum(bool(package.get("vulns")) for package in packages)
    if unknown:
        say(f"Packages of which PyPI told nothing: {unknown} of {len(packages)}.")
    if known:
        say(f"Audited packages: {known}, with known vulnerabilities: {vulnerable}.")
    return not vulnerable


def _ask(files: Sequence[str]) -> list[dict[str, Any]]:
    """Return what pip-audit tells about each package; nothing if it could not find out."""
    requirements = [f"--requirement={name}" for name in files]
    command = [environment.VENV / "bin/pip-audit", *OPTIONS, *requirements]
    try:
        done = subprocess.run(
            command,
            cwd=environment.ROOT,
            capture_output=True,
            text=True,
            check=False,
            timeout=SECONDS,
        )
        # Its exit code is 1 for vulnerabilities as well as for a network that is not there.
        return json.loads(done.stdout)["dependencies"]
    except (subprocess.TimeoutExpired, ValueError, KeyError):
        return []


def _sentence(package: dict[str, Any], found: dict[str, Any]) -> str:
    fixed = ", ".join(found.get("fix_versions", ())) or "no version yet"
    return f"{package['name']} {package['version']} has {found['id']}, mended in: {fixed}."
