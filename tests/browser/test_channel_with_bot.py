"""The demo's channel in a real browser, with the real bot: what is promised is seen."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from demo.page.opened import open_page
from demo.session import DemoSession, raised
from domain.generation import Generation
from domain.ports import Query
from domain.slots import Slot
from sandbox import Sandbox
from tests.browser.channel import TEXTS, choose, send, start
from tests.browser.chromium import Tab

pytestmark = [
    pytest.mark.browser,
    pytest.mark.long,
    pytest.mark.integration,
    pytest.mark.timeout(180),  # each starts the bot's process and a browser
]

SHOWN_BAR = "document.querySelector('progress')?.value"
PATIENCE = 60.0
"""Seconds for what takes one on a machine that has nothing else to do."""
WATCH = f"""
    window.seen = [];
    (function look() {{
        const value = {SHOWN_BAR};
        if (value !== undefined) seen.push(value);
        requestAnimationFrame(look);
    }})(); 0
"""
FINAL_SIZES = (
    "[...[...document.querySelectorAll('.post')].filter(post =>"
    " post.querySelectorAll('.picture-file').length === 5).at(-1)?.querySelectorAll('img') ?? []]"
    ".map(one => [one.naturalWidth, one.naturalHeight])"
)


@dataclass(frozen=True)
class LiveChannel:
    """The real bot in its process, and its page in the browser."""

    stage: DemoSession
    tab: Tab

    @property
    def sandbox(self) -> Sandbox:
        return self.stage.sandbox

    async def shown(self, words: str) -> None:
        """Wait until there is a message with these words, however slow this machine is."""
        await self.sandbox.wait_until(
            lambda: any(words in str(message) for message in self.sandbox.messages), PATIENCE
        )

    async def ended(self) -> Generation:
        """Wait until the page says that the latest generation is done, and return it."""
        await self.shown("✅")
        await self.tab.until("document.querySelector('#work .stage.completed')")
        [row] = await self.stage.reader.list_generations(Query(limit=1))
        return row

    async def five_pictures(self, row: Generation) -> None:
        """Wait for the final notice with the five pictures, in their true sizes."""
        pictures = [row.step(slot).picture for slot in Slot]
        sizes = [[one.width, one.height] for one in pictures if one is not None]
        assert len(sizes) == 5
        wanted = json.dumps(sizes, separators=(",", ":"))
        await self.tab.until(f"JSON.stringify({FINAL_SIZES}) === '{wanted}'")


@asynccontextmanager
async def live_channel(tab: Tab, folder: Path, speed: float) -> AsyncGenerator[LiveChannel]:
    async with (
        Sandbox(speed=speed, seed=7, picture_size=128) as sandbox,
        raised(sandbox, folder) as stage,
        open_page(stage, folder, None) as url,
    ):
        await tab.look_like(1360, 900)  # with everything beside the channel
        await start(tab, url)
        yield LiveChannel(stage, tab)
        await tab.open("about:blank")


@contextmanager
def frozen(process: int) -> Generator[None]:
    """Let a process do nothing, and then go on with all that it has not heard yet."""
    os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(process, signal.SIGCONT)


async def press_by_hand(channel: LiveChannel, person: str, label: str) -> None:
    """Press a button of the grid as soon as it is there."""
    tab = channel.tab
    await choose(tab, person)
    await channel.shown(f"'label': '{label}'")
    button = (
        f"[...document.querySelectorAll('button.press')].find(b => b.textContent === '{label}')"
    )
    await tab.until(button)
    await tab.run(f"{button}.click()")


async def test_a_typed_prompt_is_watched_until_its_five_pictures(tab: Tab, tmp_path: Path) -> None:
    async with live_channel(tab, tmp_path, speed=15) as channel:
        await tab.run(WATCH)
        await send(tab, "!imagine a lighthouse at dusk --ar 3:2")
        row = await channel.ended()
        await channel.five_pictures(row)
        seen: list[float] = await tab.run("[...new Set(seen)]")
        ids = await tab.run("document.querySelector('#work .steps').textContent")
        await tab.open(await tab.run("document.querySelector('#gallery').href"))
        await tab.until(f"document.querySelector('[data-code=\"{row.code}\"] img')")
    assert seen == sorted(seen)
    assert [value for value in seen if 25 < value < 50] != []
    assert seen[-1] == 100
    assert all(str(row.step(slot).message_id) in ids for slot in Slot)


async def test_a_person_presses_u2_by_hand_and_the_bot_copes(tab: Tab, tmp_path: Path) -> None:
    async with live_channel(tab, tmp_path, speed=10) as channel:
        sandbox, process = channel.sandbox, channel.stage.bot.pid
        assert process is not None
        await send(tab, "!imagine a red fox")
        await channel.shown("%) (fast)")
        with frozen(process):  # or it might be quicker than a person in a browser
            await press_by_hand(channel, "ben", "U2")
            await sandbox.wait_until(lambda: any(job.cell == 2 for job in sandbox.jobs), PATIENCE)
        await channel.five_pictures(await channel.ended())
        upscales = [m["content"] for m in sandbox.messages if "Image #" in m["content"]]
        assert len(upscales) == 4
        assert [job.asked.person.name for job in sandbox.jobs if job.cell == 2] == ["ben"]


async def test_a_trouble_has_its_promised_outcome(tab: Tab, tmp_path: Path) -> None:
    async with live_channel(tab, tmp_path, speed=30) as channel:
        switch = "document.querySelector('[data-key=banned-prompt] input')"
        await tab.click("[data-key=banned-prompt] input")
        await tab.until(f"{switch}.checked")
        await send(tab, "!imagine a dog")
        await channel.shown("Midjourney refused this")
        await tab.until("document.querySelector('.embed')?.textContent.includes('Banned prompt')")
        await tab.until(f"{TEXTS}.at(-1).includes('Midjourney refused this: Banned prompt')")
        await tab.until(f"!{switch}.checked")
        await tab.until("document.querySelector('#work .stage.failed')")


async def test_a_killed_bot_is_started_again_and_finishes_the_picture(
    tab: Tab, tmp_path: Path
) -> None:
    async with live_channel(tab, tmp_path, speed=10) as channel:
        await send(tab, "!imagine a boat")
        await channel.shown("%) (fast)")
        await tab.until(f"{SHOWN_BAR} > 25")
        await tab.click("[data-key=kill] button")
        state = "document.querySelector('#bot-state').textContent"
        await tab.until(f"{state} === 'Not running'")
        await tab.click("[data-key=start] button")
        bot = channel.stage.bot
        await channel.sandbox.wait_until(lambda: bot.starts == 2 and bot.ready, PATIENCE)
        await tab.until(f"{state} === 'Running, started 2 times'")
        await channel.five_pictures(await channel.ended())
        assert len(channel.sandbox.interactions) == 5


async def test_the_database_is_away_for_a_while_and_the_picture_comes_all_the_same(
    tab: Tab, tmp_path: Path
) -> None:
    async with live_channel(tab, tmp_path, speed=10) as channel:
        await send(tab, "!imagine a boat")
        await channel.shown("%) (fast)")
        await tab.click("[data-key=store-down] button")
        await channel.five_pictures(await channel.ended())
        assert len(channel.sandbox.interactions) == 5
        log = (tmp_path / "atelier.log").read_text()
        assert "database is locked" in log
