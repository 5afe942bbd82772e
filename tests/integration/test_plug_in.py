"""Atelier inside somebody else's bot, as docs/plug-in.md describes it."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncGenerator, Awaitable, Callable
from functools import partial
from pathlib import Path
from types import CoroutineType

import pytest
from discord.ext import commands

import services
from cogs.attached_services import CommandNamesTaken
from domain.errors import AlreadyAttached, LeaseHeld, StoreUnavailable
from domain.ports import Clock
from sandbox import Sandbox
from sandbox.pointing import point_library_at
from services import Atelier
from services.database.sqlite import SqliteGenerationStore
from tests.integration.conftest import settings
from tests.integration.quick_time import passing

pytestmark = pytest.mark.integration

ROOT = Path(__file__).parents[2]
EXTENSIONS = ("cogs.generation", "cogs.grid", "cogs.upscale")
AWAY_AT_FIRST = 3
Context = commands.Context[commands.Bot]
PlugIn = Callable[[commands.Bot], Awaitable[None]]


class Host(commands.Bot):
    """An existing bot, with its own commands and its own help."""

    atelier: Atelier

    def __init__(self, plug_in: PlugIn | None = None) -> None:
        super().__init__(command_prefix="?")
        self.plug_in = plug_in
        self.was_ready = asyncio.Event()

    async def setup_hook(self) -> None:
        await self.add_cog(Own())
        if self.plug_in is not None:
            await self.plug_in(self)

    async def on_ready(self) -> None:
        self.was_ready.set()


class Own(commands.Cog):
    """The host's own commands."""

    @commands.command(aliases=["p"])
    async def ping(self, ctx: Context) -> None:
        await ctx.send("pong")


class Clashing(commands.Cog):
    """Commands whose names Atelier also uses."""

    @commands.command(aliases=["im"])
    async def status(self, ctx: Context) -> None:
        await ctx.send("I am fine")


async def plug_in(
    bot: commands.Bot,
    *,
    sandbox: Sandbox,
    folder: Path,
    begin: str = "",
    clock: Clock | None = None,
) -> None:
    """Attach the services and load the three extensions, as the host's author would."""
    values = settings(sandbox, folder, command_prefix="?", lease_seconds=2)
    origins = frozenset({sandbox.cdn_base})
    await services.attach(
        bot, values, commands_begin_with=begin, picture_origins=origins, clock=clock
    )
    for extension in EXTENSIONS:
        await bot.load_extension(extension)


@contextlib.asynccontextmanager
async def at_work(host: Host, sandbox: Sandbox) -> AsyncGenerator[asyncio.Task[None]]:
    """Run the host until the block ends; yield its task."""

    async def run() -> None:
        async with host:
            await host.start(sandbox.token)

    with point_library_at(sandbox):
        async with asyncio.TaskGroup() as tasks:
            work = tasks.create_task(run())
            await host.was_ready.wait()
            yield work
            await host.close()


@pytest.fixture
def plug(sandbox: Sandbox, tmp_path: Path) -> partial[Awaitable[None]]:
    return partial(plug_in, sandbox=sandbox, folder=tmp_path)


async def said(sandbox: Sandbox, *words: str) -> str:
    """Wait for a message of the account with these words in it, and return it."""
    found: list[str] = []

    def look() -> bool:
        own = (m["content"] for m in sandbox.messages if m["author"]["id"] == account)
        found.extend(text for text in own if all(word in text for word in words))
        return bool(found)

    account = str(sandbox.account.id)
    await sandbox.wait_until(look, 20)
    return found[0]


def is_ateliers(task: asyncio.Task[object]) -> bool:
    """Whether a task belongs to the services or their events, not the library or the sandbox."""
    work = task.get_coro()
    file = work.cr_code.co_filename if isinstance(work, CoroutineType) else ""
    return file.startswith(str(ROOT / "services")) or "atelier" in task.get_name()


@pytest.mark.parametrize(
    "late",
    [False, pytest.param(True, marks=pytest.mark.long)],
    ids=["in setup_hook", "when it was ready"],
)
async def test_a_generation_completes_in_somebody_elses_bot(
    sandbox: Sandbox,
    plug: PlugIn,
    tmp_path: Path,
    late: bool,
) -> None:
    host = Host(None if late else plug)
    async with at_work(host, sandbox):
        if late:
            await plug(host)
        await sandbox.say("ann", "?imagine a cat")
        await said(sandbox, "✅", "a cat")
        assert len(list((tmp_path / "pictures").rglob("*.png"))) == 5
        await sandbox.say("ann", "?ping")
        await said(sandbox, "pong")
        await sandbox.say("ann", "?help")
        await said(sandbox, "imagine", "Own:", "ping")


async def test_a_gateway_that_is_away_at_the_start_is_waited_for(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    """The library alone ends the bot: it reconnects only what was connected before."""
    sandbox.switches.answer_connect.arm("refuse", times=AWAY_AT_FIRST)
    with passing(sandbox) as clock:
        host = Host(partial(plug_in, sandbox=sandbox, folder=tmp_path, clock=clock))
        async with at_work(host, sandbox):
            assert sandbox.gateway.counts["connect"] == AWAY_AT_FIRST + 1


async def test_the_end_of_the_bot_is_that_of_the_services_and_the_next_one_goes_on(
    sandbox: Sandbox,
    plug: PlugIn,
    tmp_path: Path,
) -> None:
    """The bot is closed in the middle of a generation, when there is most to release."""
    host = Host(plug)
    async with at_work(host, sandbox):
        await sandbox.say("ann", "?imagine a cat")
        await sandbox.wait_until(lambda: any("%)" in m["content"] for m in sandbox.messages))
    assert [task for task in asyncio.all_tasks() if is_ateliers(task)] == []
    with pytest.raises(StoreUnavailable, match="closed"):
        await host.atelier.store.get_generation("aaaaaa")
    with pytest.raises(StoreUnavailable):
        host.atelier.lease_keeper.check()
    store = await SqliteGenerationStore.open(tmp_path / "atelier.sqlite3")
    await store.release_lease(await store.acquire_lease("somebody", 30))
    await store.close()
    async with at_work(Host(plug), sandbox):
        await said(sandbox, "✅", "a cat")
    assert [i.kind for i in sandbox.interactions].count("imagine") == 1


async def test_services_are_attached_once(sandbox: Sandbox, plug: PlugIn) -> None:
    async with Host() as bot:
        await plug(bot)
        atelier = bot.atelier
        with pytest.raises(AlreadyAttached, match="once"):
            await plug(bot)
        assert bot.atelier is atelier
        assert atelier.failure is None


async def test_a_bot_that_cannot_be_attached_is_left_as_it_was(plug: PlugIn) -> None:
    """It may try again when the other one has gone."""
    async with Host() as second:
        async with Host() as first:
            await plug(first)
            with pytest.raises(LeaseHeld):
                await plug(second)
            assert dict(second.cogs) == {}
        await plug(second)
        assert second.atelier.failure is None


async def test_names_that_the_bot_has_are_all_told_with_the_way_out(plug: PlugIn) -> None:
    async with Host() as bot:
        await bot.add_cog(Clashing())
        with pytest.raises(commands.ExtensionFailed) as raised:
            await plug(bot)
        assert isinstance(raised.value.original, CommandNamesTaken)
        assert "has already: im, status." in str(raised.value)
        assert 'commands_begin_with="atelier_"' in str(raised.value)
        assert {command.name for command in bot.commands} == {"help", "status"}


async def test_a_word_before_every_command_lets_both_bots_be(
    sandbox: Sandbox,
    plug: Callable[..., Awaitable[None]],
) -> None:
    host = Host(partial(plug, begin="atelier_"))
    await host.add_cog(Clashing())
    async with at_work(host, sandbox):
        await sandbox.say("ann", "?status")
        await said(sandbox, "I am fine")
        await sandbox.say("ann", "?atelier_status")
        await said(sandbox, "haven't made anything yet", "`?atelier_imagine a cat`")
        await sandbox.say("ann", "?atelier_im")
        await said(sandbox, "`?atelier_imagine <prompt>` Make a grid")
        await sandbox.say("ann", "?atelier_imagine a cat")
        await said(sandbox, "✅", "a cat")
        await host.load_extension("cogs.admin")
        await sandbox.say("ann", "?atelier_pause")
        await said(sandbox, "`?atelier_resume` continues")


async def test_a_cog_of_the_host_hears_what_becomes_of_generations(
    sandbox: Sandbox,
    plug: PlugIn,
) -> None:
    host = Host(plug)
    async with at_work(host, sandbox):
        await host.load_extension("examples.event_listener")
        await sandbox.say("ann", "?imagine a cat")
        await said(sandbox, "grid of", "/grid.png (buttons: U1 U2 U3 U4")
        for number in (1, 2, 3, 4):
            await said(sandbox, f"upscale {number} of", f"/upscale_{number}.png")
        await said(sandbox, "all 5 pictures of")
        sandbox.switches.answer_interaction.arm("403", only="imagine")
        await sandbox.say("ann", "?imagine a dog")
        await said(sandbox, "went wrong: not_sent")


def take_the_lease_over(folder: Path) -> None:
    """Do in the database what another process would do."""
    with contextlib.closing(sqlite3.connect(folder / "atelier.sqlite3")) as database:
        database.execute("UPDATE leases SET fence = fence + 1")
        database.commit()


async def test_work_that_ends_by_itself_closes_the_bot_and_says_why(
    sandbox: Sandbox,
    plug: PlugIn,
    tmp_path: Path,
) -> None:
    """A bot must not keep running while a part of it is dead."""
    host = Host(plug)
    async with at_work(host, sandbox) as work:
        await asyncio.to_thread(take_the_lease_over, tmp_path)
        async with asyncio.timeout(20):
            await work
    assert host.is_closed()
    assert "StaleFence" in repr(host.atelier.failure)
