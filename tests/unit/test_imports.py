"""What a worker loads that keeps everything in a folder: nothing that only others need."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
HEAVY = {"supabase", "httpx", "postgrest", "realtime", "psycopg", "cryptography", "jwt"}
START = """
import asyncio, sys
from contextlib import AsyncExitStack
from pathlib import Path
import bot, config
from services.clock import SystemClock
from services.stores import open_stores
from services.web_server import WebServer

async def start():
    settings = config.SubcommandSettings(_env_file=None, data_dir=Path(sys.argv[1]))
    async with AsyncExitStack() as opened:
        await open_stores(settings, SystemClock(), opened, WebServer("127.0.0.1:0"))

asyncio.run(start())
print(*sys.modules, sep="\\n")
"""


def test_without_a_project_nothing_of_supabase_is_loaded(tmp_path: Path) -> None:
    started = subprocess.run(
        [sys.executable, "-c", START, str(tmp_path)],
        cwd=ROOT,
        env={},
        check=True,
        capture_output=True,
        text=True,
    )
    loaded = {name.partition(".")[0] for name in started.stdout.split()}
    assert "discord" in loaded
    assert loaded & HEAVY == set()
    assert "prometheus_client" not in loaded  # before somebody asks for the numbers
