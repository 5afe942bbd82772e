"""What the benchmarks measure with: links, packages, curves, pages, and who is looked at."""

import asyncio
import time
import xml.etree.ElementTree as ET
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from benchmarks import page, suite
from benchmarks.__main__ import main
from benchmarks.figures import Figure, spread
from benchmarks.growth import GrowthPoint
from benchmarks.growth import figures as figures_of_growth
from benchmarks.pairs import in_pairs
from benchmarks.plot import Panel, svg
from benchmarks.runtime import link_packages
from benchmarks.stalls import Stalls
from benchmarks.suite import Benchmark, Run
from benchmarks.token_bucket import TokenBucket


class LinkClock:
    """Time that passes only while somebody sleeps."""

    def __init__(self) -> None:
        self.now = 100.0

    async def sleep(self, seconds: float) -> None:
        self.now += seconds

    def bucket(self, rate: float, burst: float) -> TokenBucket:
        return TokenBucket(rate, burst, now=lambda: self.now, sleep=self.sleep)


async def test_a_full_bucket_gives_at_once_and_then_at_its_rate() -> None:
    clock = LinkClock()
    bucket = clock.bucket(rate=1000, burst=500)
    await bucket.take(500)
    assert clock.now == 100.0
    await bucket.take(2000)
    assert clock.now == 102.0


async def test_a_bucket_holds_no_more_than_a_burst() -> None:
    clock = LinkClock()
    bucket = clock.bucket(rate=1000, burst=500)
    clock.now += 60
    await bucket.take(1500)
    assert clock.now == 161.0


async def test_many_that_share_a_bucket_get_no_more_together() -> None:
    """Each takes before any has waited."""
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)
        await asyncio.sleep(0)

    bucket = TokenBucket(1000, 0, now=lambda: 0.0, sleep=sleep)
    await asyncio.gather(*(bucket.take(1000) for _ in range(4)))
    assert waits == [1.0, 2.0, 3.0, 4.0]


async def test_pairs_come_in_both_orders_and_the_first_does_not_count() -> None:
    done: list[str] = []
    after: list[int] = []

    def work(name: str) -> Callable[[], Awaitable[None]]:
        async def note() -> None:
            done.append(name)

        return note

    found = await in_pairs(work("ours"), work("bare"), 10, after=lambda: after.append(len(done)))
    assert len(found) == 10
    assert after == list(range(2, 24, 2))
    pairs = [tuple(done[at : at + 2]) for at in range(0, len(done), 2)]
    assert len(pairs) == 11
    assert set(pairs) == {("ours", "bare"), ("bare", "ours")}


async def test_a_stall_is_told_with_what_was_done_meanwhile() -> None:
    async with Stalls(enough=0.02) as stalls:
        await asyncio.sleep(0.03)
        time.sleep(0.15)  # noqa: ASYNC251 -- the stall
        await asyncio.sleep(0.03)
    assert stalls.longest > 0.1
    (longest,) = (each for each in stalls.found if each.seconds == stalls.longest)
    assert longest.stack.endswith("time.sleep(0.15)  # noqa: ASYNC251 -- the stall")
    assert longest.cpu_seconds < 0.1


def test_only_the_packages_of_the_requirements_are_linked(tmp_path: Path) -> None:
    link_packages(tmp_path, "aiosqlite==1.0 \\\n    --hash=sha256:0\nnot-installed==1.0\n")
    names = {path.name.partition("-")[0] for path in tmp_path.iterdir()}
    assert names == {"aiosqlite"}
    assert (tmp_path / "aiosqlite" / "__init__.py").is_file()


def test_a_curve_ends_where_its_values_do() -> None:
    drawn = ET.fromstring(svg([Panel("a < b", [0.0, 5.0, 10.0]), Panel("none", [])]))  # noqa: S314 -- our own
    name = "{http://www.w3.org/2000/svg}"
    lines = drawn.findall(f"{name}polyline")
    assert [line.get("points") for line in lines] == ["70.0,145.0 425.0,87.5 780.0,30.0", ""]
    assert "a < b" in [text.text for text in drawn.findall(f"{name}text")]


def points(*costs: float) -> list[GrowthPoint]:
    return [
        GrowthPoint(number=at, ms=cost, cpu_ms=cost, mb=cost) for at, cost in enumerate(costs, 1)
    ]


def test_the_last_tenth_is_compared_with_the_first_but_for_the_very_first() -> None:
    found = points(900, *[10] * 10, *[50] * 79, *[30] * 10)
    time_, cpu, memory = figures_of_growth(found)
    assert time_.ratio == cpu.ratio == spread([3.0] * 10)
    assert memory.ours.median == 20


def of_one(goal: float) -> Benchmark:
    def run(found: Run) -> list[Figure]:
        value = float(found.number(7))
        return [Figure(name="one", unit="MB", ours=spread([value]), goal=goal)]

    return Benchmark("one thing", run)


@pytest.mark.parametrize(("goal", "code"), [(7.0, 0), (6.9, 1)])
def test_a_broken_goal_is_a_failure(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], goal: float, code: int
) -> None:
    monkeypatch.setattr(suite, "BENCHMARKS", {"one": of_one(goal)})
    monkeypatch.setattr("sys.argv", ["bench", "one"])
    assert main() == code
    out, err = capsys.readouterr()
    assert "| one | 7 MB | - | - |" in out
    assert ("broken: one" in err) is bool(code)


def test_how_often_may_be_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(suite, "BENCHMARKS", {"one": of_one(7.0)})
    monkeypatch.setattr("sys.argv", ["bench", "--times", "3", "--json"])
    assert main() == 0
    assert '"median": 3.0' in capsys.readouterr().out


def test_the_page_has_every_line_the_machine_and_the_plot(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page, "PAGE", tmp_path / "page.md")
    monkeypatch.setattr(page, "PLOT", tmp_path / "plot.svg")
    run = Run(
        figures={"one": of_one(9).run(Run())},
        points=points(1, 2),
        notes={"one": "what was seen"},
        loads=[0.5, 3.25],
    )
    page.write(run, None)
    text = (tmp_path / "page.md").read_text()
    assert text.index("## one") < text.index("what was seen")
    assert "| one | 7 MB |" in text
    assert "load average at most 3.25" in text
    assert "2th](performance.svg)" in text
    assert (tmp_path / "plot.svg").read_text().startswith("<svg")
