"""A bare bot of the same library, which does nothing but answer `pong` to one command."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from benchmarks import runtime
from benchmarks.worker import DONE_SECONDS, MeasuredWorker
from soak.worker import environment
from tools.environment import ROOT

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

COMMAND = "!limits"
"""What it answers, as ours does."""
_PROGRAM = """
import os, discord
from discord.ext import commands
bot = commands.Bot("!", max_messages=None, proxy=os.environ["PROXY_URL"])
@bot.command()
async def limits(ctx): await ctx.reply("pong")
bot.run(os.environ["DISCORD_TOKEN"], log_handler=None)
"""


@asynccontextmanager
async def bare_bot(worker: MeasuredWorker) -> AsyncGenerator[int]:
    """Connect one to the sandbox of a worker, whether that one runs or not; yield its process."""
    before = {session.id for session in worker.sandbox.gateway.sessions}
    values = environment(worker.sandbox, worker.proxy, worker.folder) | runtime.environment()
    process = await asyncio.create_subprocess_exec(
        *runtime.command(["-c", _PROGRAM]), cwd=ROOT, env=values
    )
    try:
        await worker.sandbox.wait_until(
            lambda: any(one.id not in before for one in worker.sandbox.gateway.sessions),
            DONE_SECONDS,
        )
        await asyncio.sleep(2)  # until it is ready
        yield process.pid
    finally:
        process.terminate()
        await process.wait()
