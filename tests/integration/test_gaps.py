"""Discord goes away and comes back with a new session: messages in between are found."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pytest

from domain.generation import Generation, Status
from domain.slots import Slot
from sandbox import Sandbox
from services.updates import GenerationUpdate, Update
from tests.integration.conftest import RunningBot
from tests.integration.store_harness import StoreHarness, emptied
from tests.supabase_server import SupabaseServer

pytestmark = pytest.mark.integration

SOON, FOUND = 40.0, 20.0
"""Seconds, of the bot's and Midjourney's time, from Discord's return: until the last picture is
stored, and until something is known of what was hidden. What Midjourney itself still needs for the
grid is not counted."""
CREATE, UPDATE, DELETE = "MESSAGE_CREATE", "MESSAGE_UPDATE", "MESSAGE_DELETE"


@dataclass(frozen=True, slots=True)
class GapMoment:
    """A message event of Midjourney's."""

    event: str
    words: str  # a regular expression

    def is_now(self, event: str, message: dict[str, Any]) -> bool:
        return event == self.event and re.search(self.words, message["content"]) is not None


WAITING, GRID = GapMoment(CREATE, r"^\*\*.*Waiting to start"), GapMoment(CREATE, r"\(fast\)$")
FIRST_PERCENT, LAST_PERCENT = GapMoment(UPDATE, r"\(\d+%\)"), GapMoment(UPDATE, r"\(7[59]%\)")
PROGRESS_GONE = GapMoment(DELETE, r"\(7[59]%\)")


def upscaling(index: int) -> GapMoment:
    return GapMoment(CREATE, rf"Upscaling image #{index}.*Waiting to start")


def solo(index: int) -> GapMoment:
    return GapMoment(CREATE, rf"Image #{index} ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hidden:
    """Which events are lost: all from `first` (or from the request for a picture) to `last`."""

    first: GapMoment | None = None
    last: GapMoment
    slot: Slot = Slot.GRID
    result: bool = False  # whether the picture itself is hidden
    nameless: bool = False  # nothing in a message says which interaction it answers

    def is_known(self, generation: Generation) -> bool:
        """Whether the bot has noticed it."""
        step = generation.step(self.slot)
        return (step.picture_url if self.result else step.accepted_at) is not None


def an_upscale(slot: Slot) -> Hidden:
    moment = solo(slot.value)
    return Hidden(first=moment, last=moment, slot=slot, result=True)


GAPS = {
    "the first message": Hidden(first=WAITING, last=FIRST_PERCENT),
    "the first message and all that names it": Hidden(last=FIRST_PERCENT, nameless=True),
    "all progress": Hidden(first=FIRST_PERCENT, last=LAST_PERCENT),
    "the final grid": Hidden(first=GRID, last=PROGRESS_GONE, result=True),
    "all that leads to the grid": Hidden(last=PROGRESS_GONE, result=True, nameless=True),
    "upscale 1": an_upscale(Slot.UPSCALE_1),
    "upscale 2": an_upscale(Slot.UPSCALE_2),
    "upscale 3": an_upscale(Slot.UPSCALE_3),
    "upscale 4": an_upscale(Slot.UPSCALE_4),
    "all that leads to upscale 2": Hidden(last=solo(2), slot=Slot.UPSCALE_2, result=True),
}


class ConnectionGap:
    """Hides something once.

    `back` is when Discord returned, `known` when it was found, `painted` when Midjourney had
    finished the grid.

    The frames are held back where it begins, and die with the connection where it ends.
    """

    def __init__(self, running_bot: RunningBot, hidden: Hidden) -> None:
        self._running_bot = running_bot
        self._hidden = hidden
        self._open = False
        self.back: float | None = None
        self.known: float | None = None
        self.painted = 0.0
        running_bot.sandbox.watch(self._see)
        running_bot.atelier.orchestrator.notifier.subscribe(self._hear)

    def _hear(self, news: Update) -> None:
        """Begin when the intention is committed, which is before the request."""
        if not isinstance(news, GenerationUpdate):
            return
        asked = news.generation.step(self._hidden.slot).intended_at is not None
        if asked and self._hidden.first is None:
            self._begin()
        if self.known is None and self._hidden.is_known(news.generation):
            self.known = self._running_bot.atelier.clock.monotonic()

    def _see(self, event: str, message: dict[str, Any]) -> None:
        if message["author"]["id"] == str(self._running_bot.sandbox.account.id):
            return
        if GRID.is_now(event, message):
            self.painted = self._running_bot.atelier.clock.monotonic()
        if self._hidden.first is not None and self._hidden.first.is_now(event, message):
            self._begin()
        if self._open and self._hidden.last.is_now(event, message):
            self._end()

    def _begin(self) -> None:
        if self.back is None:
            self._open = True
            self._running_bot.sandbox.gateway.pause()

    def _end(self) -> None:
        self._open = False
        self.back = self._running_bot.atelier.clock.monotonic()
        self._running_bot.sandbox.gateway.drop(forget=True)


@pytest.fixture
def home(request: pytest.FixtureRequest, place: str, tmp_path: Path) -> StoreHarness:
    if place == "folder":
        return StoreHarness(tmp_path)
    server: SupabaseServer = request.getfixturevalue("supabase_server")
    return StoreHarness(tmp_path, facts=emptied(server))


async def completed(running_bot: RunningBot) -> float:
    """Wait until everything is stored and return when that was, in the bot's time."""
    await running_bot.until(lambda told: told.generation.status == Status.COMPLETED)
    return running_bot.atelier.clock.monotonic()


def everywhere() -> list[Any]:
    """Return every gap in both homes; on Supabase in the long run, for what they do is the same."""
    alike = {"upscale 1", "upscale 3", "upscale 4"}
    on_supabase = [pytest.mark.postgres, pytest.mark.long]
    return [
        *(
            pytest.param("folder", hidden, id=name, marks=[pytest.mark.long] * (name in alike))
            for name, hidden in GAPS.items()
        ),
        *(
            pytest.param("supabase", hidden, id=f"{name} on supabase", marks=on_supabase)
            for name, hidden in GAPS.items()
        ),
    ]


@pytest.mark.fault(name="F02")
@pytest.mark.parametrize(("place", "hidden"), everywhere())
async def test_what_a_gap_hides_is_found_and_the_generation_completed_soon(
    home: StoreHarness,
    hidden: Hidden,
) -> None:
    async with Sandbox(seed=7, picture_size=64) as sandbox:
        if hidden.nameless:
            sandbox.switches.interaction_fields.set("neither")
        async with home.quick(sandbox) as running_bot:
            gap = ConnectionGap(running_bot, hidden)
            await running_bot.imagine("a cat")
            done = await completed(running_bot)
            assert gap.back is not None
            assert gap.known is not None
            assert gap.known - gap.back <= FOUND
            assert done - max(gap.back, gap.painted) <= SOON
            assert sandbox.gateway.counts["identify"] == 2
            assert sandbox.gateway.counts["resumed"] == 0
            row = await running_bot.ended("a cat")
            assert row.stored == tuple(Slot)
            assert [each.kind for each in sandbox.interactions].count("imagine") == 1


@pytest.mark.fault(name="F02")
@pytest.mark.parametrize("slot", [Slot.GRID, Slot.UPSCALE_2], ids=["imagine", "press"])
@pytest.mark.parametrize("answer", ["refused", pytest.param("taken", marks=pytest.mark.long)])
async def test_a_request_of_a_session_that_has_ended_unnoticed_is_made_good(
    tmp_path: Path,
    slot: Slot,
    answer: Literal["refused", "taken"],
) -> None:
    """The client learns only after it, by a lost connection, that there is none."""
    home = StoreHarness(tmp_path)
    async with Sandbox(seed=7, picture_size=64) as sandbox:
        gateway = sandbox.gateway
        sandbox.switches.unknown_session.set(answer)

        def end_session(news: Update) -> None:
            asked = (
                isinstance(news, GenerationUpdate)
                and news.generation.step(slot).intended_at is not None
            )
            if asked and not ended:
                ended.append(len(sandbox.interactions))
                gateway.forget()

        ended: list[int] = []  # how many requests there were before
        async with home.quick(sandbox) as running_bot:
            running_bot.atelier.orchestrator.notifier.subscribe(end_session)
            await running_bot.imagine("a cat")
            await sandbox.wait_until(lambda: bool(ended) and len(sandbox.interactions) > ended[0])
            await running_bot.atelier.clock.sleep(2)
            gateway.drop()
            assert (await running_bot.ended("a cat")).stored == tuple(Slot)
            assert [i.kind for i in sandbox.interactions if i.accepted].count("imagine") == 1


async def test_a_session_that_is_refused_for_minutes_ends_no_generation(tmp_path: Path) -> None:
    """The client may take long to notice: until then, a refusal counts for no try."""
    more_than_are_tried = 7
    async with Sandbox(seed=7, picture_size=64) as sandbox:
        sandbox.switches.unknown_session.set("refused")

        def end_session(news: Update) -> None:
            if isinstance(news, GenerationUpdate) and not sandbox.interactions:
                sandbox.gateway.forget()

        async with StoreHarness(tmp_path).quick(sandbox) as running_bot:
            running_bot.atelier.orchestrator.notifier.subscribe(end_session)
            await running_bot.imagine("a cat")
            await sandbox.wait_until(lambda: len(sandbox.interactions) >= more_than_are_tried)
            sandbox.gateway.drop()
            assert (await running_bot.ended("a cat")).stored == tuple(Slot)
            assert [i.kind for i in sandbox.interactions if i.accepted].count("imagine") == 1
