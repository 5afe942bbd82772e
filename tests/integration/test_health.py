"""`/health` and `/metrics` of a running bot, and `bot.py health`, which asks it."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from yarl import URL

from cli.exit import Exit
from cli.health import ask_health
from cogs.admin import NOBODY
from domain.slots import Slot, picture_key
from sandbox import Sandbox
from services.health import HealthReport
from services.web_server import WebServer
from tests.integration.conftest import RunningBot, running, settings


class AskedPort:
    """Where `bot.py health` asks."""

    def __init__(self, server: WebServer) -> None:
        self.pictures_address = server.base.authority


async def served(*routes: web.RouteDef) -> WebServer:
    application, server = web.Application(), WebServer("127.0.0.1:0")
    application.add_routes(routes)
    await server.start(application)
    return server


async def address(bot: RunningBot) -> URL:
    """Return where the bot serves."""
    return URL(await bot.atelier.images.url(picture_key(NOBODY, Slot.GRID))).origin()


async def test_a_worker_is_well_until_discord_is_gone(tmp_path: Path) -> None:
    async with (
        Sandbox(speed=100) as sandbox,
        running(sandbox, settings(sandbox, tmp_path)) as bot,
        aiohttp.ClientSession(await address(bot)) as visitor,
    ):
        async with visitor.get("/health") as answer:
            assert (answer.status, (await answer.json())["wrong"]) == (200, [])
        async with visitor.get("/metrics") as answer:
            numbers = (await answer.text()).splitlines()
        assert {
            "atelier_gateway_connected 1.0",
            'atelier_gateway_connects_total{session="new"} 1.0',
            'atelier_gateway_connects_total{session="resumed"} 0.0',
            "atelier_database_up 1.0",
        } <= set(numbers)
        await bot.atelier.connection.on_resumed()
        async with visitor.get("/metrics") as answer:
            assert 'atelier_gateway_connects_total{session="resumed"} 1.0' in await answer.text()
        await bot.atelier.connection.on_disconnect()
        async with visitor.get("/health") as answer:
            told = await answer.json()
            assert answer.status == 503
        assert told["well"] is False
        assert told["wrong"] == ["Discord's gateway is not connected"]


@pytest.mark.parametrize(
    ("wrong", "code", "words"),
    [
        ([], Exit.DONE, "It is well."),
        (["the database does not answer"], Exit.FAILED, "Not well: the database does not answer."),
    ],
)
async def test_the_subcommand_tells_what_the_worker_says(
    wrong: list[str], code: Exit, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    report = HealthReport()
    report.look = lambda: wrong
    server = await served(report.route())
    try:
        assert await ask_health(AskedPort(server), Namespace()) is code
    finally:
        await server.close()
    assert capsys.readouterr().out == f"{words}\n"


async def test_somebody_else_at_that_port_is_not_the_worker(
    capsys: pytest.CaptureFixture[str],
) -> None:
    server = await served()
    try:
        assert await ask_health(AskedPort(server), Namespace()) is Exit.FAILED
    finally:
        await server.close()
    assert "Something else" in capsys.readouterr().out
    assert await ask_health(AskedPort(server), Namespace()) is Exit.FAILED
    assert "Nothing answers" in capsys.readouterr().out


async def test_a_worker_that_has_not_begun_is_not_well(
    capsys: pytest.CaptureFixture[str],
) -> None:
    server = await served(HealthReport().route())
    try:
        assert await ask_health(AskedPort(server), Namespace()) is Exit.FAILED
    finally:
        await server.close()
    assert "starting" in capsys.readouterr().out
