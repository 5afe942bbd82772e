"""Writes docs/performance.md: the machine, every line, the plot, and where one generation goes."""

from __future__ import annotations

import os
import platform
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import anatomy, profiling
from benchmarks.anatomy import Anatomy
from benchmarks.figures import MOST_SPREAD, GoalVerdict, table
from benchmarks.plot import Panel, svg
from benchmarks.profiling import CpuProfile
from tools.environment import ROOT

if TYPE_CHECKING:
    from benchmarks.suite import Run

PAGE, PLOT = ROOT / "docs" / "performance.md", ROOT / "docs" / "performance.svg"
HEAD = """# Performance

Written by `python3 dev.py bench --page`: do not edit it. Only ratios can be compared between
machines. Each line has the median, in brackets the 10th and the 90th percentile, and how often it
was measured. Ours and its reference are run one after the other, in random order. Where the
reference itself spreads by more than {spread:g} times, the line says `too noisy` and gives no
figure. CPU is that of the bot's process alone; memory is its resident set, with its children's. The
process runs with the packages of `requirements.txt` and no others.

"""
WHAT = """
## What the lines mean

- **Copy**: a picture from a host on this machine into the folder. The reference writes the answer
  to a file, computes its SHA-256, which every row has, and flushes the file to the disk. Ours also
  checks the link, the size and every checksum of the PNG, and flushes the file's name. "8 MB/s for
  each" limits every connection, "together" all of them, with a token bucket. "To Supabase" both
  upload the file with the official client, to a host that answers as Storage does and keeps
  nothing. Below the table stands how much of a copy the SHA-256 is: on a quick machine it takes as
  long as all the rest, and nothing that computes one can be quicker.
- **Start**: from starting the process until it says `ready`, with a gateway that answers at once;
  the reference is `import discord`.
- **Foreign events**: a client of the same library that hears the same frames and does nothing.
  Both take turns of a moment.
- **Command to first reply**: a bare bot that answers `pong` is the reference; the goal is for our
  own 95th percentile.
- **Database 20 ms away**: the official client of Supabase, through a way that delays whatever it
  asks; the reference is the same bare bot, which has no database.
- **Stall**: the real process ticks a hundred times a second; the greatest delay of all generations
  counts. What the loop did meanwhile stands below: whatever was seen most often in that time.
- **Idle**: a bare bot of the same library, which ran at the same time, is the reference.
- **Grid to row**: from the message until the database has the picture, a PNG.
- **Growth**: the last tenth of all generations beside the first tenth.
"""


PROFILE = """
### Where its CPU goes

{ms:.0f} ms in the process itself, on average of {times} generations after the first. What is
written in C counts for whoever called it, the standard library for whatever package used it.

"""
IDLE = """
## A minute in which nothing happens

At this rate, with the profiler, it is {seconds:.1f} s an hour. By itself, curl_cffi wakes a process
ten times a second (`AsyncCurl._force_timeout`): that is most of what the bare bot takes, the
reference of the line `CPU per hour, idle`. The worker has it do so once a second
(`services/discord/curl_wakeups.py`).

"""


BEYOND = """
## What keeps it from some stretch goals

- **Memory, idle** (80 MB): Python with asyncio takes 21 MB, discord.py-self 34, pydantic-settings
  11, our own modules with what they need 13 to 15, each as grown by its import. The next step would
  be to read the settings without pydantic.
- **Grid to row** (15 ms): the picture, its name and the row are flushed to the disk, one after the
  other, before anybody is told. The next step would give up that a power cut loses nothing.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchedWhole:
    """One generation from outside, and the CPU of one and of a minute in between."""

    anatomy: Anatomy
    generation: CpuProfile
    idle: CpuProfile


async def whole() -> WatchedWhole:
    """Watch some."""
    found = await anatomy.anatomy()
    generation, idle = await profiling.profiles()
    return WatchedWhole(anatomy=found, generation=generation, idle=idle)


def write(run: Run, found: WatchedWhole | None) -> None:
    """Write the page, and the plot if generations were counted, of what was measured."""
    parts = [HEAD.format(spread=MOST_SPREAD), f"## The machine\n\n{machine(run.loads)}\n", WHAT]
    for name, figures in run.figures.items():
        parts.append(f"\n## {name}\n\n{table(figures)}\n")
        if name in run.notes:
            parts.append(f"\n{run.notes[name]}\n")
    if run.points:
        PLOT.write_text(_plot(run), "utf-8")
        many = len(run.points)
        parts.append(f"\n![Time, memory and CPU from the 1st to the {many}th](performance.svg)\n")
    if found is not None:
        parts.append(f"\n## One whole generation\n\n{anatomy.as_text(found.anatomy)}\n")
        parts.append(PROFILE.format(ms=found.generation.ms, times=profiling.GENERATIONS))
        parts.append(f"{profiling.as_text(found.generation)}\n")
        parts.append(IDLE.format(seconds=found.idle.ms * 60 / 1000))
        parts.append(f"{profiling.as_text(found.idle)}\n{BEYOND}")
    PAGE.write_text("".join(parts), "utf-8")


def machine(loads: list[float]) -> str:
    """Describe the machine, and how busy it was."""
    busiest = max(loads, default=os.getloadavg()[0])
    facts = (
        f"{os.cpu_count()} processors ({_processor()}), {_memory()} of memory",
        f"{platform.system()}, Python {platform.python_version()}",
        f"load average at most {busiest:g}, on {datetime.now(UTC):%Y-%m-%d}",
    )
    return "; ".join(facts) + "."


def _plot(run: Run) -> str:
    return svg(
        (
            Panel("ms from the command to the final notice", [point.ms for point in run.points]),
            Panel("MB of memory after it", [point.mb for point in run.points]),
            Panel("ms of CPU", [point.cpu_ms for point in run.points]),
        )
    )


def _processor() -> str:
    return _fact("/proc/cpuinfo", r"model name\s*: (.+)") or platform.machine()


def _memory() -> str:
    kilobytes = _fact("/proc/meminfo", r"MemTotal:\s+(\d+) kB")
    return "unknown" if kilobytes is None else f"{int(kilobytes) / 2**20:.0f} GB"


def _fact(file: str, pattern: str) -> str | None:
    try:
        found = re.search(pattern, Path(file).read_text("utf-8", "replace"))
    except OSError:
        return None
    return None if found is None else found[1].strip()


def summary(run: Run) -> str:
    """Return a line: how many hold, and what does not."""
    broken = [figure.name for figure in run.all if figure.verdict == GoalVerdict.BROKEN]
    noisy = sum(figure.verdict == GoalVerdict.NOISY for figure in run.all)
    said = f"{len(run.all)} lines, {noisy} too noisy"
    return f"{said}; broken: {', '.join(broken)}." if broken else f"{said}; no goal is broken."
