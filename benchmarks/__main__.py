"""Runs benchmarks: `python3 dev.py bench`, or some of them by name."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict

from benchmarks import gallery, history, memory, page, queries, suite
from benchmarks.figures import table
from benchmarks.growth import MANY
from benchmarks.queries import LIMIT, Cost
from tools.environment import SetupProblem, say

QUERIES = "pages that each question to Postgres reads, in a small and in a large table"
MEMORY = "how much memory it takes to keep a grid in HD, with all processes"
GALLERY = "how long pages of the gallery take, and how much they weigh, with 10,000 generations"
HISTORY = "what else is held up, and how much memory it takes, while a long history is read"
ALONE = ("queries", "history", "memory", "gallery")
"""Those that have options and a table of their own, where nothing else is asked for."""


def main() -> int:
    """Run a benchmark; return 1 if a promise is not kept."""
    if _is_alone(sys.argv[1:]):
        return _with_own_options()
    options = _parser_of_many().parse_args()
    try:
        return _many(options)
    except SetupProblem as problem:
        say(str(problem))
        return 1


def _is_alone(arguments: Sequence[str]) -> bool:
    """Whether one is asked for that has options and a table of its own, and no page."""
    named = [each for each in arguments if each in suite.BENCHMARKS]
    return len(named) == 1 and named[0] in ALONE and arguments[0] in ALONE


def _many(options: argparse.Namespace) -> int:
    run = suite.Run(times=options.times, generations=options.generations)
    suite.measure(options.names or tuple(suite.BENCHMARKS), run)
    if options.page:
        say("One whole generation ...")
        page.write(run, asyncio.run(page.whole()))
    if options.json:
        print(run.as_json())
    else:
        print(table(run.all))
    say(page.summary(run))
    return 0 if run.ok else 1


def _parser_of_many() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python3 dev.py bench", description=__doc__)
    names = "; ".join(f"{name}: {each.what}" for name, each in suite.BENCHMARKS.items())
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"all, or some of {names}")
    parser.add_argument("--times", type=int, help="measure each so many times")
    parser.add_argument("--generations", type=int, default=MANY, help=f"of growth ({MANY})")
    parser.add_argument("--page", action="store_true", help="write docs/performance.md, too")
    parser.add_argument("--json", action="store_true", help="one object instead of a table")
    return parser


def _with_own_options() -> int:
    options = _parser().parse_args()
    try:
        code: int = options.run(options)
    except SetupProblem as problem:
        say(str(problem))
        return 1
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python3 dev.py bench", description=__doc__)
    benchmarks = parser.add_subparsers(required=True, metavar="NAME")
    for name, run, few, many, of, what in (
        ("queries", _queries, queries.FEW, queries.MANY, "rows", QUERIES),
        ("history", _history, history.FEW, history.MANY, "messages", HISTORY),
    ):
        one = benchmarks.add_parser(name, help=what, allow_abbrev=False)
        one.add_argument("--few", type=int, default=few, help=f"{of} of the small one ({few})")
        one.add_argument("--many", type=int, default=many, help=f"{of} of the large one ({many})")
        one.add_argument("--json", action="store_true", help="one object instead of a table")
        one.set_defaults(run=run)
    one = benchmarks.add_parser("memory", help=MEMORY, allow_abbrev=False)
    one.add_argument("--store", choices=memory.STORES, help="only this one")
    one.add_argument("--size", type=int, default=memory.FULL_SIZE, help="of an ordinary grid")
    one.add_argument("--json", action="store_true", help="one object instead of a table")
    one.set_defaults(run=_memory)
    one = benchmarks.add_parser("gallery", help=GALLERY, allow_abbrev=False)
    one.add_argument("--rows", type=int, default=gallery.ROWS, help=f"of it ({gallery.ROWS})")
    one.add_argument("--json", action="store_true", help="one object instead of a table")
    one.set_defaults(run=_gallery)
    return parser


def _gallery(options: argparse.Namespace) -> int:
    found = gallery.costs(options.rows, say)
    wrong = gallery.too_dear(found)
    if options.json:
        print(json.dumps({"readings": [asdict(cost) for cost in found], "ok": not wrong}))
    else:
        print(f"{'page':22}      ms      kB")
        for cost in found:
            print(f"{cost.page:22}  {cost.ms:6.1f}  {cost.kb:6.1f}")
    for each in wrong:
        say(f"{each}.")
    return 1 if wrong else 0


def _memory(options: argparse.Namespace) -> int:
    stores = (options.store,) if options.store else memory.STORES
    found = memory.costs(stores, say, options.size)
    wrong = memory.too_dear(found)
    if options.json:
        readings = [asdict(cost) | {"all_mb": round(cost.all_mb, 1)} for cost in found]
        print(json.dumps({"readings": readings, "ok": not wrong}))
    else:
        print("store     seconds  idle (MB)  worker (MB)  its children (MB)  all (MB)")
        for cost in found:
            print(
                f"{cost.store:8}  {cost.seconds:7.1f}  {cost.idle_mb:9.0f}  {cost.worker_mb:11.0f}"
                f"  {cost.children_mb:17.0f}  {cost.all_mb:8.0f}"
            )
    for each in wrong:
        say(f"{each}.")
    return 1 if wrong else 0


def _history(options: argparse.Namespace) -> int:
    found = history.costs(options.few, options.many, say)
    wrong = history.too_dear(found)
    if options.json:
        print(json.dumps({"readings": [asdict(cost) for cost in found], "ok": not wrong}))
    else:
        print("messages  pages  seconds  longest gap (ms)  memory grown by (MB)")
        for cost in found:
            print(
                f"{cost.messages:8,}  {cost.pages:5}  {cost.seconds:7.1f}  {cost.gap_ms:16.0f}"
                f"  {cost.grown_mb:20.1f}"
            )
    for each in wrong:
        say(f"{each}.")
    return 1 if wrong else 0


def _queries(options: argparse.Namespace) -> int:
    started = time.monotonic()
    found = queries.costs(options.few, options.many, say)
    if options.json:
        print(json.dumps(_as_json(found, options, time.monotonic() - started)))
    else:
        print(_as_table(found, options))
    dear = [cost.name for cost in found if not cost.ok]
    if dear:
        say(f"More than {queries.LIMIT:g} times the pages: {', '.join(dear)}.")
    return 1 if dear else 0


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
