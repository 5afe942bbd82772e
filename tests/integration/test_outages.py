"""Database, image store or gateway is away for a minute: nothing is lost, and people know."""

from __future__ import annotations

import asyncio
import functools
import inspect
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from domain.errors import StoreUnavailable
from domain.generation import Status
from domain.ports import Clock
from domain.slots import Slot
from sandbox import Sandbox
from services.updates import GenerationUpdate, Update
from tests.fault_proxy import Fault, FaultProxy
from tests.integration.conftest import RunningBot
from tests.integration.store_harness import StoreHarness, emptied
from tests.supabase_server import SupabaseServer

pytestmark = pytest.mark.integration

MINUTE = 60.0  # of the bot's time
HALF_AN_HOUR = 1800.0
LEASE = 30.0
AWAY_AT_FIRST = 25  # connections: more than a gateway may hang up in a minute
PICKED_UP = 45.0  # seconds after it at the latest: the longest pause between two tries, and more
AWAY, PROMISE = "My database isn't answering", "I can't save anything right now"
DELAYED, RECONNECTING = "saving it is taking longer", "Reconnecting to Discord"
REFUSED, UNANSWERED = Fault.answer(503), Fault.reset(handed_on=True)


@dataclass
class Outage:
    """One outage of a part: it begins on demand, and lasts a minute unless said otherwise.

    The first call during it is carried out but not answered; later calls are not carried out.
    """

    clock: Clock
    seconds: float = MINUTE
    calls: int = 0
    away: bool = False
    over: asyncio.Event = field(default_factory=asyncio.Event)
    _ending: asyncio.Task[None] | None = None

    def of(self, thing: object, *names: str) -> None:
        """Apply the outage to these methods."""
        for name in names:
            setattr(thing, name, self._within(getattr(thing, name)))

    def begin(self) -> None:
        """Begin, unless it has begun before."""
        if self._ending is None:
            self.away = True
            self._ending = asyncio.create_task(self._end())

    async def _end(self) -> None:
        await self.clock.sleep(self.seconds)
        self.away = False
        self.over.set()

    def _within(self, call: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        @functools.wraps(call)
        async def called(*args: Any, **named: Any) -> Any:
            answer = None if self.away and self.calls else await call(*args, **named)
            if self.away:
                self.calls += 1
                raise StoreUnavailable("away")
            return answer

        return called


def of_database(running_bot: RunningBot, seconds: float = MINUTE) -> Outage:
    """Return an outage of all methods of the store."""
    store = running_bot.atelier.store
    outage = Outage(running_bot.atelier.clock, seconds)
    found = inspect.getmembers(store, inspect.iscoroutinefunction)
    outage.of(store, *(name for name, _ in found if not name.startswith("_")))
    return outage


def begin_at(running_bot: RunningBot, begin: Callable[[], None], status: Status) -> None:
    """Begin as soon as a generation is in a status."""

    def hear(news: Update) -> None:
        if isinstance(news, GenerationUpdate) and news.generation.status == status:
            begin()

    running_bot.atelier.orchestrator.notifier.subscribe(hear)


def said(running_bot: RunningBot, words: str) -> int:
    """Return how many of the bot's messages have these words."""
    account = str(running_bot.sandbox.account.id)
    own = (m["content"] for m in running_bot.sandbox.messages if m["author"]["id"] == account)
    return sum(words in content for content in own)


def imagined(running_bot: RunningBot) -> list[str]:
    """Return the prompts of the requests that were accepted, in order."""
    return [
        i.prompt for i in running_bot.sandbox.interactions if i.kind == "imagine" and i.accepted
    ]


async def asked_for_both(running_bot: RunningBot) -> None:
    """Request a cat and a dog; nothing is sent before both commands are completely handled."""
    await running_bot.sandbox.say("ann", "!pause")
    await running_bot.sandbox.wait_until(lambda: said(running_bot, "Paused") == 1)
    await running_bot.imagine("a cat")
    await running_bot.imagine("a dog", "ben")
    while [bool(row.status_message_id) for row in await running_bot.generations()] != [True, True]:
        await running_bot.atelier.clock.sleep(1)
    await running_bot.sandbox.say("ann", "!resume")


@pytest.fixture
def home(tmp_path: Path) -> StoreHarness:
    return StoreHarness(tmp_path)


@pytest.mark.fault(name="F11")
@pytest.mark.parametrize(
    "status",
    [
        Status.SUBMITTED,
        Status.VARIATIONS_IN_PROGRESS,
        *(
            pytest.param(status, marks=pytest.mark.long)
            for status in (Status.SUBMITTING, Status.GRID_COMPLETED, Status.COMPLETED)
        ),
    ],
)
async def test_a_minute_without_database_loses_nothing_in_any_status(
    home: StoreHarness,
    status: Status,
) -> None:
    """One generation is in that status, and another one waits."""
    async with (
        Sandbox(seed=7, picture_size=64) as sandbox,
        home.quick(sandbox, lease_seconds=LEASE) as running_bot,
    ):
        outage = of_database(running_bot)
        begin_at(running_bot, outage.begin, status)
        await asked_for_both(running_bot)
        await outage.over.wait()
        for prompt in ("a cat", "a dog"):
            assert (await running_bot.ended(prompt)).stored == tuple(Slot)
        assert outage.calls > 1
        assert imagined(running_bot) == ["a cat", "a dog"]
        assert said(running_bot, AWAY) == 1


@pytest.mark.fault(name="F11")
@pytest.mark.parametrize(
    "status",
    [Status.SUBMITTED, pytest.param(Status.VARIATIONS_IN_PROGRESS, marks=pytest.mark.long)],
)
async def test_half_an_hour_without_database_loses_nothing_either(
    home: StoreHarness, status: Status
) -> None:
    """What was typed meanwhile is done at its end, however old it is then."""
    home.promised.add("a dog")
    async with (
        Sandbox(seed=7, picture_size=64) as sandbox,
        home.quick(sandbox, lease_seconds=LEASE) as running_bot,
    ):
        outage = of_database(running_bot, HALF_AN_HOUR)
        begin_at(running_bot, outage.begin, status)
        await running_bot.imagine("a cat")
        await sandbox.wait_until(lambda: outage.away)
        await running_bot.imagine("a dog", "ben")
        await sandbox.wait_until(lambda: said(running_bot, PROMISE) == 1)
        await outage.over.wait()
        for prompt in ("a cat", "a dog"):
            assert (await running_bot.ended(prompt)).stored == tuple(Slot)
        assert imagined(running_bot) == ["a cat", "a dog"]


async def test_a_minute_without_database_loses_nothing_that_only_waits(home: StoreHarness) -> None:
    """The row is there, but the answer that says so is lost."""
    home.promised.add("a cat")
    async with (
        Sandbox(seed=7, picture_size=64) as sandbox,
        home.quick(sandbox, lease_seconds=LEASE) as running_bot,
    ):
        outage = of_database(running_bot)
        create = running_bot.atelier.store.create_generation

        async def create_at_last(*args: Any, **named: Any) -> Any:
            change = await create(*args, **named)
            if outage.over.is_set():
                return change
            outage.begin()
            raise StoreUnavailable("no answer")

        running_bot.atelier.store.create_generation = create_at_last
        await running_bot.imagine("a cat")
        await sandbox.wait_until(lambda: said(running_bot, PROMISE) == 1)
        await outage.over.wait()
        assert imagined(running_bot) == []
        assert (await running_bot.ended("a cat")).stored == tuple(Slot)
        assert [row.prompt for row in await running_bot.generations()] == ["a cat"]
        assert imagined(running_bot) == ["a cat"]
        assert said(running_bot, AWAY) == 1


async def test_a_command_typed_without_database_is_carried_out_afterwards_by_itself(
    home: StoreHarness,
) -> None:
    home.promised.update(("a dog", "a hare"))
    async with (
        Sandbox(seed=7, picture_size=64) as sandbox,
        home.quick(sandbox, lease_seconds=LEASE) as running_bot,
    ):
        outage = of_database(running_bot)
        begin_at(running_bot, outage.begin, Status.SUBMITTED)
        await running_bot.imagine("a cat")
        await sandbox.wait_until(lambda: outage.away)
        await running_bot.imagine("a dog", "ben")
        await running_bot.imagine("a hare", "cleo")
        await sandbox.wait_until(lambda: said(running_bot, PROMISE) == 2)
        assert not outage.over.is_set()
        await outage.over.wait()
        back = running_bot.atelier.clock.monotonic()
        await running_bot.until(lambda told: told.generation.prompt == "a hare")
        assert running_bot.atelier.clock.monotonic() - back <= PICKED_UP
        for prompt in ("a cat", "a dog", "a hare"):
            assert (await running_bot.ended(prompt)).stored == tuple(Slot)
        assert [row.prompt for row in await running_bot.generations()] == [
            "a cat",
            "a dog",
            "a hare",
        ]
        assert imagined(running_bot) == ["a cat", "a dog", "a hare"]
        assert (said(running_bot, AWAY), said(running_bot, PROMISE)) == (1, 2)


@pytest.mark.fault(name="F12")
async def test_a_minute_without_image_store_delays_the_pictures_and_says_so(
    home: StoreHarness,
) -> None:
    shown: list[str] = []
    async with (
        Sandbox(seed=7, picture_size=64) as sandbox,
        home.quick(sandbox) as running_bot,
    ):
        outage = Outage(running_bot.atelier.clock)
        outage.of(running_bot.atelier.images, "put")
        begin_at(running_bot, outage.begin, Status.VARIATIONS_IN_PROGRESS)
        sandbox.watch(lambda _, message: shown.append(message["content"]))
        await running_bot.imagine("a cat")
        await outage.over.wait()
        (row,) = await running_bot.generations()
        assert row.status == Status.VARIATIONS_IN_PROGRESS
        assert any(DELAYED in text for text in shown)
        assert (await running_bot.ended("a cat")).stored == tuple(Slot)
        await running_bot.atelier.clock.sleep(10)
        assert said(running_bot, DELAYED) == 0
        assert said(running_bot, AWAY) == 0


async def test_that_the_gateway_is_away_is_said_until_it_is_back_and_nothing_is_lost(
    home: StoreHarness,
) -> None:
    home.log_witness.excused.add("discord.client: Attempting a reconnect")
    async with (
        Sandbox(seed=7, picture_size=64) as sandbox,
        home.quick(sandbox) as running_bot,
    ):

        def go_away() -> None:
            if not went:
                went.append(True)
                sandbox.switches.answer_connect.set("refuse")
                sandbox.gateway.drop()

        went: list[bool] = []
        begin_at(running_bot, go_away, Status.SUBMITTED)
        await running_bot.imagine("a cat")
        await sandbox.wait_until(lambda: said(running_bot, RECONNECTING) == 1)
        assert running_bot.atelier.connection.away
        sandbox.switches.answer_connect.reset()
        assert (await running_bot.ended("a cat")).stored == tuple(Slot)
        await running_bot.atelier.clock.sleep(10)
        assert said(running_bot, RECONNECTING) == 0
        assert imagined(running_bot) == ["a cat"]


async def test_a_gateway_that_is_away_at_the_start_is_asked_less_and_less(
    home: StoreHarness,
) -> None:
    """More often, and it would be taken for one that hangs up twenty times in a minute."""
    home.log_witness.excused.add("discord.client: Attempting a reconnect")
    async with Sandbox(seed=7, picture_size=64) as sandbox:
        sandbox.switches.answer_connect.arm("refuse", times=AWAY_AT_FIRST)
        async with home.quick(sandbox) as running_bot:
            assert sandbox.gateway.counts["connect"] == AWAY_AT_FIRST + 1
            await running_bot.imagine("a cat")
            assert (await running_bot.ended("a cat")).stored == tuple(Slot)


@pytest.mark.fault(name="F11")
@pytest.mark.fault(name="F12")
@pytest.mark.long
@pytest.mark.postgres
@pytest.mark.parametrize("status", [Status.SUBMITTED, Status.VARIATIONS_IN_PROGRESS])
@pytest.mark.parametrize("fault", [REFUSED, UNANSWERED], ids=["refused", "unanswered"])
async def test_a_project_that_is_away_for_a_minute_loses_nothing(
    tmp_path: Path,
    supabase_server: SupabaseServer,
    fault_proxy: FaultProxy,
    status: Status,
    fault: Fault,
) -> None:
    """Database and pictures fail together; unanswered calls are carried out anyway."""
    facts = emptied(supabase_server, fault_proxy.url)
    home = StoreHarness(tmp_path, facts, promised={"a dog"})
    async with (
        Sandbox(seed=7, picture_size=64) as sandbox,
        home.quick(sandbox, lease_seconds=LEASE) as running_bot,
    ):

        def go_away() -> None:
            if not went:
                went.append(status)
                fault_proxy.outage = fault

        went: list[Status] = []
        begin_at(running_bot, go_away, status)
        await running_bot.imagine("a cat")
        await sandbox.wait_until(lambda: bool(went))
        await running_bot.imagine("a dog", "ben")
        await sandbox.wait_until(lambda: said(running_bot, PROMISE) == 1)
        await running_bot.atelier.clock.sleep(MINUTE)
        fault_proxy.outage = None
        for prompt in ("a cat", "a dog"):
            assert (await running_bot.ended(prompt)).stored == tuple(Slot)
        assert imagined(running_bot) == ["a cat", "a dog"]
        assert (said(running_bot, AWAY), said(running_bot, PROMISE)) == (1, 1)
