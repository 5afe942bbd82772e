#!/usr/bin/env python3
"""Work on Atelier, from a fresh clone, with nothing but Python 3.11 or newer.

    python3 dev.py demo [...]          run the bot against a sandbox; needs no account
    python3 dev.py test [--all] [...]  run the tests; --all: the long ones too
    python3 dev.py check               lint, format, types, layers; is the lock current, and safe?
    python3 dev.py bench [NAME ...]    measure time, memory and CPU, against goals; --times, --json
    python3 dev.py mutants [NAME ...]  take out each safety mechanism: do tests notice? --json
    python3 dev.py soak --minutes N    people, faults, kills at random; --speed, --seed, --json
    python3 dev.py screenshots [DIR]   take the pictures of the pages; needs a Chromium
    python3 dev.py lock [...]          compile the requirements files from pyproject.toml

[...] is passed on to the demo, to pytest, to the benchmark, or to uv (`lock --upgrade`).
`test --all` without further arguments also checks the coverage: 100 % of domain/, 90 % of the
product.

The first run installs what it needs into .venv. Later runs do so only when requirements change.
"""

# An older Python has to read this, to be able to say that it is too old: no newer syntax here.
from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from tools import audit, midjourney_client, supabase_lite
from tools.environment import DEMO, DEVELOPMENT, ROOT, VENV, SetupProblem, ensure, say, too_old

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Sequence

LOCKS = {
    "requirements.txt": (),
    "requirements-sentry.txt": ("--extra=sentry", "--constraints=requirements.txt"),
    "requirements-demo.txt": ("--extra=demo", "--constraints=requirements.txt"),
    "requirements-dev.txt": (
        *("--extra=demo", "--extra=sentry", "--extra=dev"),
        *("--constraints=requirements-sentry.txt", "--constraints=requirements-demo.txt"),
    ),
}
"""What is compiled, and how: what is named under constraints is in it, with the same versions."""
CHECKS = {
    "lint": ("ruff", "check"),
    "format": ("ruff", "format", "--check"),
    "types": ("pyright",),
    "layers": ("lint-imports",),
}
AT_ONCE = (f"--numprocesses={2 * (os.cpu_count() or 1)}", "--dist=worksteal")
"""Twice as many as there are cores: tests of the running bot wait for sockets and processes."""
WHOLE_BOT = ("tests/integration", "tests/model")
PARTS = {
    "measured": (
        *(f"--ignore={folder}" for folder in WHOLE_BOT),
        *("--cov", "--cov-report=", "--cov-fail-under=0"),
    ),
    "not measured": WHOLE_BOT,
}
"""Everything is tested in two parts: to be traced makes the running bot half as slow again, and
what it runs through is covered without it."""
COVERAGE_GATES = {
    "product": (),  # its limit is in pyproject.toml
    "domain": ("--include=domain/*", "--fail-under=100"),
}


def run(tool: str, *arguments: str, cwd: Path = ROOT) -> int:
    """Run a tool of the environment and return its exit code, as a shell would.

    Ctrl-C reaches the tool from the terminal; it gets the time to end by itself.
    """
    process = subprocess.Popen([VENV / "bin" / tool, *arguments], cwd=cwd)
    try:
        code = process.wait()
    except KeyboardInterrupt:
        process.wait()
        raise
    return code if code >= 0 else 128 - code


# ----------------------------------------------------------------------------------------- the lock


def compile_lock(folder: Path, extra: Sequence[str] = ()) -> int:
    """Compile the requirements files in a folder that holds pyproject.toml.

    Versions that the files there already name are kept. Nothing of this machine gets in: the
    folder is the working directory, so that no path is needed, and no index is written down.
    """
    for name, options in LOCKS.items():
        code = run(
            "uv",
            *("pip", "compile", "pyproject.toml", f"--output-file={name}", "--quiet"),
            *("--universal", "--python-version=3.11", "--generate-hashes"),
            *("--no-emit-index-url", "--no-emit-find-links"),
            *("--custom-compile-command=python3 dev.py lock", f"--python={VENV / 'bin/python'}"),
            *options,
            *extra,
            cwd=folder,
        )
        if code != 0:
            return code
    return 0


@contextlib.contextmanager
def compiled_apart(extra: Sequence[str] = ()) -> Generator[Path]:
    """Compile in a temporary folder, from copies, and give that folder."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file in ("pyproject.toml", *LOCKS):
            if (ROOT / file).exists():
                shutil.copy(ROOT / file, folder)
        if compile_lock(folder, extra) != 0:
            raise SetupProblem("The requirements could not be compiled, for the reason above.")
        yield folder


def differences(folder: Path, root: Path) -> list[str]:
    """Name the requirements files of `folder` that `root` has not, or has otherwise."""
    return [
        name
        for name in LOCKS
        if not (root / name).exists() or (root / name).read_text() != (folder / name).read_text()
    ]


def lock_is_current() -> bool:
    """Tell whether compiling again would change nothing; new releases alone change nothing."""
    with compiled_apart() as folder:
        changed = differences(folder, ROOT)
    for name in changed:
        say(f"{name} does not follow from pyproject.toml: run `python3 dev.py lock`.")
    return not changed


# ---------------------------------------------------------------------------------------- the verbs


def demo(arguments: Sequence[str]) -> int:
    """Become the demo: signals and the exit code are its own."""
    if "--supabase" in arguments:  # it brings Node.js and a Postgres with it
        ensure(DEVELOPMENT)
        supabase_lite.ensure()
    else:
        ensure(DEMO)
    os.chdir(ROOT)
    python = str(VENV / "bin/python")
    os.execv(python, [python, "-m", "demo", *arguments])  # noqa: S606 - no shell is wanted


def test(arguments: Sequence[str]) -> int:
    """Run pytest; of everything in two parts, and with the coverage gates."""
    # Some hundred processes would otherwise compile everything again, each for itself.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # noqa: TID251 -- for what is started here
    ensure(DEVELOPMENT)
    supabase_lite.ensure()
    everything = "--all" in arguments
    if everything:
        midjourney_client.ensure()
    chosen = () if everything else ("-m", "not long")
    further = [argument for argument in arguments if argument != "--all"]
    if further:
        return run("pytest", *chosen, *further)
    parts = PARTS if everything else {"quick": chosen}
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        left_out = {name: Path(folder, name) for name in parts}
        code = max(
            run("pytest", *part, *AT_ONCE, f"--left-out={left_out[name]}")
            for name, part in parts.items()
        )
        if everything:
            code = code or coverage_gates()
        say(f"{duration(time.monotonic() - begun)}. {not_run(left_out.values())}")
    return code


def duration(seconds: float) -> str:
    """Return minutes and seconds, as one says them."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def not_run(left_out: Iterable[Path]) -> str:
    """Say what the tests left out, from the files that they wrote."""
    not_chosen, skipped = 0, Counter[str]()
    for file in left_out:
        if not file.exists():
            return "The tests did not come to their end."
        counts = json.loads(file.read_text())
        not_chosen += counts["not_chosen"]
        skipped.update(counts["skipped"])
    parts = [f"{not_chosen} long tests (`test --all` runs them)"] * (not_chosen > 0)
    parts += [f"{count} skipped in {place}" for place, count in sorted(skipped.items())]
    return f"Not run: {', '.join(parts)}." if parts else "Every test was run."


def coverage_gates() -> int:
    """Say how much of the product and of the domain is covered, and show what is missing."""
    return max(coverage_gate(name, options) for name, options in COVERAGE_GATES.items())


def coverage_gate(name: str, options: Sequence[str]) -> int:
    """Say one figure; show the lines only if it is too low."""
    command = [VENV / "bin/coverage", "report", "--format=total", *options]
    result = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    if result.returncode == 0:
        say(f"Coverage of the {name}: {result.stdout.strip()} %.")
        return 0
    say(f"Coverage of the {name} is too low:")
    run("coverage", "report", *options)
    return 1


def check(arguments: Sequence[str]) -> int:
    """Run every check, also after one has failed, and name those that have."""
    refuse(arguments)
    ensure(DEVELOPMENT)
    failed: list[str] = []
    for name, (tool, *options) in CHECKS.items():
        say(f"== {name}: {' '.join((tool, *options))}")
        if run(tool, *options) != 0:
            failed.append(name)
    say("== lock")
    if not lock_is_current():
        failed.append("lock")
    say("== audit")
    if not audit.is_clean(tuple(LOCKS)):
        failed.append("audit")
    say(f"Failed: {', '.join(failed)}." if failed else "All checks passed.")
    return 1 if failed else 0


def bench(arguments: Sequence[str]) -> int:
    """Run benchmarks: all, or some of them."""
    ensure(DEVELOPMENT)
    named = [each for each in arguments if each.isalpha()]
    if not named or {"memory", "footprint", "latency"} & set(named):  # they measure in both stores
        supabase_lite.ensure()
    return run("python", "-m", "benchmarks", *arguments)


def mutants(arguments: Sequence[str]) -> int:
    """Take out one safety mechanism after another."""
    ensure(DEVELOPMENT)
    return run("python", "-m", "mutants", *arguments)


def soak(arguments: Sequence[str]) -> int:
    """Run the real process under people, faults and kills at random."""
    ensure(DEVELOPMENT)
    return run("python", "-m", "soak", *arguments)


def screenshots(arguments: Sequence[str]) -> int:
    """Take pictures of the pages."""
    ensure(DEVELOPMENT)
    return run("python", "-m", "tests.browser.screenshots", *arguments)


def lock(arguments: Sequence[str]) -> int:
    """Compile the requirements files."""
    # An outdated .venv will do: what belongs into it is about to change.
    if not (VENV / "bin/uv").exists():
        ensure(DEVELOPMENT)
    with compiled_apart(arguments) as folder:
        changed = differences(folder, ROOT)
        for name in changed:
            shutil.copy(folder / name, ROOT)
    say(f"Written: {', '.join(changed)}." if changed else "Nothing to change.")
    return 0


def refuse(arguments: Sequence[str]) -> None:
    """Refuse what a verb would otherwise ignore."""
    if arguments:
        raise SetupProblem(f"Unknown argument: {arguments[0]}.")


VERBS = {
    "demo": demo,
    "test": test,
    "check": check,
    "bench": bench,
    "mutants": mutants,
    "soak": soak,
    "screenshots": screenshots,
    "lock": lock,
}


def main(arguments: Sequence[str]) -> int:
    """Do what the first argument says."""
    verb, rest = (arguments[0], arguments[1:]) if arguments else ("", ())
    if verb in ("-h", "--help"):
        print(__doc__)
        return 0
    obstacle = too_old(sys.version_info[:2])
    if verb not in VERBS:
        obstacle = obstacle or f"Say what to do: {', '.join(VERBS)}; `dev.py --help` tells more."
    if obstacle:
        say(obstacle)
        return 1
    try:
        return VERBS[verb](rest)
    except SetupProblem as problem:
        say(str(problem))
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
