"""Runs a benchmark: `python -m benchmarks queries`, or `python3 dev.py bench queries`."""

from __future__ import annotations

import argparse
import json
import sys
import time

from benchmarks.queries import FEW, LIMIT, MANY, Cost, costs
from tools.environment import SetupProblem, say


def main() -> int:
    """Run a benchmark; return 1 if a promise is not kept."""
    options = _parser().parse_args()
    started = time.monotonic()
    try:
        found = costs(options.few, options.many, say)
    except SetupProblem as problem:
        say(str(problem))
        return 1
    if options.json:
        print(json.dumps(_as_json(found, options, time.monotonic() - started)))
    else:
        print(_as_table(found, options))
    dear = [cost.name for cost in found if not cost.ok]
    if dear:
        say(f"More than {LIMIT:g} times the pages: {', '.join(dear)}.")
    return 1 if dear else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python3 dev.py bench", description=__doc__)
    benchmarks = parser.add_subparsers(required=True, metavar="NAME")
    queries = benchmarks.add_parser(
        "queries",
        help="pages that each question to Postgres reads, in a small and in a large table",
        allow_abbrev=False,
    )
    queries.add_argument("--few", type=int, default=FEW, help=f"rows of the small one ({FEW})")
    queries.add_argument("--many", type=int, default=MANY, help=f"rows of the large one ({MANY})")
    queries.add_argument("--json", action="store_true", help="one object instead of a table")
    return parser


def _as_json(found: list[Cost], options: argparse.Namespace, seconds: float) -> dict[str, object]:
    queries = [
        {
            "name": cost.name,
            "query": cost.question,
            "pages": {"few": cost.few, "many": cost.many},
            "ratio": round(cost.ratio, 3),
            "limit": LIMIT,
            "ok": cost.ok,
        }
        for cost in found
    ]
    return {
        "rows": {"few": options.few, "many": options.many},
        "queries": queries,
        "worst": max(round(cost.ratio, 3) for cost in found),
        "ok": all(cost.ok for cost in found),
        "seconds": round(seconds, 1),
    }


def _as_table(found: list[Cost], options: argparse.Namespace) -> str:
    width = max(len(cost.name) for cost in found)
    lines = [f"{'pages read of':{width}}  {options.few:>10,}  {options.many:>10,}  ratio"]
    lines += [
        f"{cost.name:{width}}  {cost.few:>10,}  {cost.many:>10,}  {cost.ratio:5.2f}"
        + ("" if cost.ok else f"  over {LIMIT:g}")
        for cost in found
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
