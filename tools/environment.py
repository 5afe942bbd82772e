"""The environment in .venv: created when needed, and again only if requirements change."""

# An older Python has to read this, to be able to say that it is too old: no newer syntax here.
from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

OLDEST_PYTHON = (3, 11)
ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAND_IN = "tools/discord-py-provided"


class SetupProblem(Exception):
    """A problem that stops a command, as a sentence that says what to do."""


class Kit(NamedTuple):
    """A set of packages for a purpose, and the files that define it."""

    name: str
    duration: str  # on an ordinary machine, said before it starts
    files: tuple[str, ...]
    installs: tuple[tuple[str, ...], ...]  # one call of pip each


# What the bot needs, and the demo's terminal: there in a third of the time.
DEMO = Kit(
    name="demo",
    duration="10 s",
    files=("requirements-demo.txt",),
    installs=(("--require-hashes", "-r", "requirements-demo.txt"),),
)
# All that and the tools. A folder cannot have a hash, so it needs a separate call.
DEVELOPMENT = Kit(
    name="development",
    duration="30 s",
    files=("requirements-dev.txt", f"{STAND_IN}/pyproject.toml"),
    installs=(
        ("--require-hashes", "-r", "requirements-dev.txt"),
        ("--no-build-isolation", f"./{STAND_IN}"),
    ),
)


def say(sentence: str) -> None:
    """Print what is happening, apart from the tools' own output."""
    print(sentence, file=sys.stderr, flush=True)


# --------------------------------------------------------------------------- what stands in the way


def too_old(version: tuple[int, int]) -> str | None:
    """Return what to do if this Python is too old."""
    if version >= OLDEST_PYTHON:
        return None
    oldest, found = (f"{major}.{minor}" for major, minor in (OLDEST_PYTHON, version))
    return (
        f"Atelier needs Python {oldest} or newer, and this is {found}: "
        f"run dev.py with a newer one, for example `python{oldest} dev.py`."
    )


def has_module(name: str) -> bool:
    """Tell whether this Python has a module, without importing it."""
    return importlib.util.find_spec(name) is not None


def no_venv_module(version: tuple[int, int], has: Callable[[str], bool]) -> str | None:
    """Return what to do if this Python cannot create environments (a separate Debian package)."""
    if has("venv") and has("ensurepip"):
        return None
    package = f"python{version[0]}.{version[1]}-venv"
    return (
        "This Python comes without its venv module: "
        f"on Debian or Ubuntu run `sudo apt install {package}`, then this command again."
    )


# ---------------------------------------------------------------------------- what is there already


def stamp(venv: Path, kit: Kit) -> Path:
    """Return the file that is written when everything of a kit is installed."""
    return venv / f"atelier-{kit.name}.sha256"


def fingerprint(root: Path, kit: Kit) -> str:
    """Return a digest of everything that determines what is installed, and where.

    The location counts because the programs in .venv/bin contain it: moving breaks them.
    """
    digest = hashlib.sha256(str(root / ".venv").encode())
    for name in kit.files:
        digest.update((root / name).read_bytes())
    return digest.hexdigest()


def is_finished(root: Path, kit: Kit) -> bool:
    """Return whether a kit was completely installed from the current files."""
    written = stamp(root / ".venv", kit)
    works = (root / ".venv/bin/python").exists()
    return works and written.is_file() and written.read_text() == fingerprint(root, kit)


# ---------------------------------------------------------------------------------------- making it


@contextlib.contextmanager
def one_at_a_time() -> Generator[None]:
    """Make a second command wait until the first has installed."""
    import fcntl  # noqa: PLC0415 -- not everywhere: only where something is installed

    folder = os.open(ROOT, os.O_RDONLY)
    try:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Waiting for another dev.py, which is installing.")
            fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def ensure(kit: Kit) -> None:
    """Install a kit into .venv, unless it is completely installed."""
    if is_finished(ROOT, kit):
        return
    with one_at_a_time():
        if not is_finished(ROOT, kit):
            make(kit)


def make(kit: Kit) -> None:
    """Install a kit. Its stamp comes last: without it, the next run starts again."""
    from_nothing = not can_be_added(kit)
    obstacle = no_venv_module(sys.version_info[:2], has_module) if from_nothing else None
    if obstacle:
        raise SetupProblem(obstacle)
    started = time.monotonic()
    say(f"Installing the {kit.name} packages into .venv, once. It takes about {kit.duration}.")
    if from_nothing:
        make_empty_venv()
    for what in kit.installs:
        install(*what)
    for each in (DEMO, kit):  # the tools come with what the demo needs
        stamp(VENV, each).write_text(fingerprint(ROOT, each))
    say(f"Installed in {time.monotonic() - started:.0f} s.")


def can_be_added(kit: Kit) -> bool:
    """Tell whether .venv holds exactly what the demo needs, to which the tools can be added.

    Otherwise it is created again: an older one may have packages that are no longer needed, and
    files of another `discord` would break the library.
    """
    return kit is DEVELOPMENT and is_finished(ROOT, DEMO) and not stamp(VENV, kit).exists()


def make_empty_venv() -> None:
    """Create .venv from scratch, even if it is running this; never in the place of another tree."""
    if VENV.is_symlink():  # venv would follow it, and empty what is there
        raise SetupProblem(
            f".venv is a link to {VENV.readlink()}, which does not fit and is left as it is: "
            "remove the link, then run this command again."
        )
    for kit in (DEMO, DEVELOPMENT):
        stamp(VENV, kit).unlink(missing_ok=True)
    python = (
        os.path.realpath(sys.executable) if Path(sys.prefix).resolve() == VENV else sys.executable
    )
    quietly(python, "-m", "venv", "--clear", str(VENV))


def install(*what: str) -> None:
    """Install with pip, exactly what the files say."""
    pip = (str(VENV / "bin/python"), "-m", "pip", "--no-input", "--disable-pip-version-check")
    quietly(*pip, "install", "--no-deps", "--progress-bar=off", *what)


def quietly(*command: str) -> None:
    """Run a command, and show its output only if it fails."""
    words: list[str] = []
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        for line in process.stdout or ():
            words.append(line)
            show_progress(line)
    show_progress("")
    if process.returncode != 0:
        say("".join(words).rstrip())
        raise SetupProblem("Installing failed, for the reason above; the next run starts again.")


def show_progress(line: str) -> None:
    """Show pip's progress on one line of a terminal; an empty line erases it."""
    if not sys.stderr.isatty():
        return
    words = line.split()
    if not line or words[:1] in (["Collecting"], ["Installing"], ["Building"]):
        print("\r\x1b[K" + " ".join(words)[:76], end="", file=sys.stderr, flush=True)
