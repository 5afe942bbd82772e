"""What the benchmarks see of the real process: late ticks, CPU by function, and a generation."""

import asyncio
import json
import sys
import threading
import traceback
from asyncio import events
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path

import pytest

import bot as worker
from benchmarks import anatomy, inside, page, profiling, stalling
from benchmarks.anatomy import Anatomy
from benchmarks.far import far_away
from benchmarks.figures import GoalVerdict
from benchmarks.page import WatchedWhole
from benchmarks.places import part, place
from benchmarks.profiling import profile
from benchmarks.samples import LOOP, Sample, Samples
from benchmarks.stalling import WatchedGenerations
from benchmarks.stalls import WAITING, Stall, within
from benchmarks.suite import Run
from tools.environment import ROOT

TURN = (events.__file__, 1, "_run", "self._context.run(self._callback)")
ANATOMY = Anatomy(
    moments=(
        (0.0, "ann writes"),
        (0.1, "the bot writes"),
        (0.3, "Midjourney Bot writes"),
        (1.0, "Midjourney Bot edits, files: 1"),
        (2.0, "Midjourney Bot writes, files: 1"),
        (2.1, "the bot edits"),
        (3.0, "Midjourney Bot writes, files: 1"),
        (4.0, "Midjourney Bot writes, files: 1"),
        (4.5, "the bot writes, files: 5"),
    ),
    seconds=4.5,
    cpu_seconds=0.5,
    discord_calls=(("POST /interactions", 5),),
    bytes_of_pictures=6_000_000,
    bytes_stored=13_000_000,
    bytes_attached=9_000_000,
    bytes_of_log=4_000,
    bytes_written=14_000_000,
    rows_of_events=24,
)


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Generator[Path]:
    """Import from a folder, too."""
    monkeypatch.setattr(sys, "path", [*sys.path, str(tmp_path)])
    for cached in (place, part):
        cached.cache_clear()
    yield tmp_path
    for cached in (place, part):
        cached.cache_clear()


def test_code_has_the_name_that_its_package_gives_it(packages: Path) -> None:
    assert place(f"{packages}/discord/client.py") == "discord/client.py"
    assert place(f"{ROOT}/services/logs.py") == "services/logs.py"
    assert place(json.__file__) == "json/__init__.py"
    sys.path.append(f"{packages}/within")
    assert place(f"{packages}/within/aiohttp/client.py") == "aiohttp/client.py"
    assert place("<frozen x>") == "<frozen x>"


def test_a_part_is_a_package_or_a_folder_of_ours(packages: Path) -> None:
    assert part(f"{packages}/discord/ext/x.py") == "discord"
    assert part(f"{ROOT}/services/pictures/deep/x.py") == "services/pictures"
    assert part(f"{ROOT}/benchmarks/x.py") is None
    assert part(f"{ROOT}/bot.py") is None
    assert part(json.__file__) is None


def stack(*calls: tuple[str, int, str, str]) -> traceback.StackSummary:
    return traceback.StackSummary.from_list(calls)


def test_a_stack_begins_with_what_the_loop_has_called() -> None:
    ours = (f"{ROOT}/services/logs.py", 7, "work", "work()")
    other = (f"{ROOT}/bot.py", 1, "main", "main()")
    assert within(stack(other, TURN, ours)) == "services/logs.py:7 work()"
    assert within(stack(other, ours)) == WAITING


async def test_samples_tell_who_is_at_work_and_pass_over_who_waits() -> None:
    over, usual = threading.Event(), sys.getswitchinterval()
    mine = test_samples_tell_who_is_at_work_and_pass_over_who_waits.__name__

    def wait() -> None:
        while not over.wait(0.0001):
            pass

    waiting = threading.Thread(target=wait, name="waiting")
    waiting.start()
    async with Samples() as samples:
        while sum(each.function.endswith(mine) for each in samples.found) < 20:
            sum(range(10_000))
    over.set()
    waiting.join()
    assert not any("Condition.wait" in each.function for each in samples.found)
    assert {each.part for each in samples.found} == {"tests/dev"}
    assert sys.getswitchinterval() == usual


@pytest.mark.parametrize("what", ["stalls", "profile"])
def test_what_was_seen_is_written_even_if_the_worker_is_ended(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, what: str
) -> None:
    ran: list[object] = []

    async def run(bot: object) -> None:
        ran.append(bot)
        raise asyncio.CancelledError

    def main(_: object) -> None:
        asyncio.run(worker.run(None))  # type: ignore[arg-type]

    monkeypatch.setattr(worker, "run", run)
    monkeypatch.setattr(worker, "main", main)
    with pytest.raises(asyncio.CancelledError):
        inside.main(what, tmp_path / "seen.json")
    assert ran == [None]
    assert isinstance(json.loads((tmp_path / "seen.json").read_text()), list)


def stall(at: float, ms: float, cpu_ms: float, seen: str = "") -> Stall:
    return Stall(at=at, seconds=ms / 1000, cpu_seconds=cpu_ms / 1000, stack=seen)


def watched(machine_ms: float = 1.0) -> WatchedGenerations:
    return WatchedGenerations(
        name="both",
        spans=((10.0, 11.0), (20.0, 21.0)),
        stalls=(
            stall(5.0, 900, 900, "before"),
            stall(10.5, 90, 2, "the machine"),
            stall(15.0, 900, 900, "in between"),
            stall(20.5, 30, 40, "ours"),
        ),
        machine_seconds=machine_ms / 1000,
    )


def test_the_longest_stall_of_all_generations_counts() -> None:
    longest, work = watched().figures()
    assert (longest.value, work.value) == (90, 40)
    assert (longest.verdict, longest.is_stretch) == (GoalVerdict.HOLDS, False)
    assert (longest.ours.n, longest.ours.p10, longest.ours.p90) == (2, pytest.approx(36), 84)


def test_a_generation_without_a_late_tick_counts_as_the_least_that_is_seen() -> None:
    longest, work = replace(watched(), stalls=()).figures()
    assert (longest.value, work.value) == (5, 5)


def test_a_machine_that_holds_up_any_process_says_nothing_but_of_work() -> None:
    longest, work = watched(machine_ms=stalling.STRETCH_MS + 1).figures()
    assert (longest.verdict, work.verdict) == (GoalVerdict.NOISY, GoalVerdict.HOLDS)


def test_stalls_are_told_by_the_work_in_them() -> None:
    text = stalling.as_text([watched()])
    assert "Ticks more than 5 ms late, both: 2." in text
    assert text.index("30.0 ms late, CPU of the loop's thread 40.0 ms") < text.index("the machine")
    assert "before" not in text
    assert "in between" not in text


def sample(seconds: float, of: str, function: str) -> Sample:
    return Sample(at=1.0, seconds=seconds, part=of, function=function)


def test_a_profile_shares_the_cpu_out_among_generations() -> None:
    found = profile(
        [sample(0.01, "a", "f"), sample(0.02, LOOP, "g"), sample(0.04, "a", "g")], 2, 7.0
    )
    assert found.parts == (("a", pytest.approx(25.0)), (LOOP, pytest.approx(10.0)))
    assert found.functions == (("g", pytest.approx(30.0)), ("f", pytest.approx(5.0)))
    assert found.ms == pytest.approx(35.0)
    assert "decodes WebP | 7.0 |" in profiling.as_text(found)


def test_a_profile_says_what_all_others_took() -> None:
    found = profile([sample(0.001, "a", f"f{n}") for n in range(23)], 1)
    text = profiling.as_text(found)
    assert "| `f19` | 1.0 |\n| all others | 3.0 |" in text
    assert "WebP" not in text


def test_the_time_of_a_generation_is_cut_at_what_was_seen() -> None:
    seconds = [round(each, 3) for _, each in anatomy.spans(ANATOMY)]
    assert seconds == [0.1, 0.2, 1.7, 2.0, 0.5]
    assert sum(seconds) == ANATOMY.seconds


def test_the_page_says_where_time_bytes_and_cpu_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page, "PAGE", tmp_path / "page.md")
    found = WatchedWhole(
        anatomy=ANATOMY,
        generation=profile([sample(0.5, "discord", "discord/x.py: f")], 5),
        idle=profile([sample(0.1, LOOP, "g")], 1),
    )
    page.write(Run(), found)
    text = (tmp_path / "page.md").read_text()
    assert "| Midjourney: until the grid is there | 1.70 |" in text
    assert "| attached to the final notice | 9,000 |" in text
    assert "passing files | 996 |" in text
    assert "| `discord/x.py: f` | 100.0 |" in text
    assert "At this rate, with the profiler, it is 6.0 s an hour." in text


async def test_what_is_asked_of_a_server_far_away_takes_its_time() -> None:
    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while piece := await reader.read(1000):
            writer.write(piece)
        writer.close()

    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    near = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    loop = asyncio.get_running_loop()
    async with far_away(near, 0.05) as url:
        reader, writer = await asyncio.open_connection("127.0.0.1", int(url.rpartition(":")[2]))
        begun = loop.time()
        writer.write(b"first")
        assert await reader.readexactly(5) == b"first"
        assert loop.time() - begun >= 0.05
        for number in range(20):
            writer.write(b"%d," % number)
        writer.write_eof()
        answer = await reader.read()
        writer.close()
    server.close()
    assert answer == b"".join(b"%d," % number for number in range(20))
