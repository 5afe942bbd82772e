"""Takes out one safety mechanism after another: `python -m mutants [NAME ...]`, or by dev.py."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from mutants.mutant import Mutant
from mutants.runner import Verdict, baseline, chosen, verdicts
from mutants.table import MUTANTS
from tools.environment import ROOT, SetupProblem, say


def main(
    arguments: Sequence[str], *, mutants: Sequence[Mutant] = MUTANTS, project: Path = ROOT
) -> int:
    """Try the mutants; return 1 if one survives, or if nothing could be found out."""
    options = _parser().parse_args(arguments)
    began = time.monotonic()
    found: list[Verdict] = []
    try:
        wanted = chosen(mutants, options.names)
        baseline(wanted, project)
        for verdict in verdicts(wanted, project):
            found.append(verdict)
            say(line(verdict))
    except SetupProblem as problem:
        say(str(problem))
        return 1
    survivors = [verdict.mutant.name for verdict in found if not verdict.caught]
    if options.json:
        print(json.dumps(_as_json(found, time.monotonic() - began)))
    say(summary(len(found), survivors))
    return 1 if survivors else 0


def line(verdict: Verdict) -> str:
    """Say what became of one mutant; of a survivor, which tests noticed nothing."""
    name = verdict.mutant.name
    if verdict.caught:
        return f"caught    {name}: {verdict.mutant.why}"
    return "\n          ".join([f"SURVIVED  {name}: {verdict.mutant.why}", *verdict.survived])


def summary(count: int, survivors: Sequence[str]) -> str:
    """Say how many were caught, and name the others."""
    if not survivors:
        return f"All {count} mutants were caught."
    return f"{len(survivors)} of {count} mutants survived: {', '.join(survivors)}."


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python3 dev.py mutants",
        description="Take out one safety mechanism after another: do the tests notice?",
        allow_abbrev=False,
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="only these mutants")
    parser.add_argument("--json", action="store_true", help="one object on standard output, too")
    return parser


def _as_json(found: Sequence[Verdict], seconds: float) -> dict[str, object]:
    mutants = [
        {
            "name": verdict.mutant.name,
            "why": verdict.mutant.why,
            "file": verdict.mutant.file,
            "tests": verdict.mutant.tests,
            "caught": verdict.caught,
            "survived": verdict.survived,
            "seconds": round(verdict.seconds, 1),
        }
        for verdict in found
    ]
    ok = all(verdict.caught for verdict in found)
    return {"mutants": mutants, "ok": ok, "seconds": round(seconds, 1)}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
