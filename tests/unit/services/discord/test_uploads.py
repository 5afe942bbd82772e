"""Attached files go from the disk to Discord without being read as a whole."""

from collections.abc import AsyncGenerator
from io import BytesIO
from pathlib import Path
from typing import Any, cast

import discord
import pytest
from aiohttp import web
from curl_cffi.requests import AsyncSession
from discord.ext import commands

from services.discord.uploads import FORM, stream_files

Part = dict[str, Any]
BODY = bytes(range(256)) * 3000


class FormServer:
    """Keeps the parts of the last form: name, file name, type and content."""

    def __init__(self) -> None:
        self.parts: list[tuple[str, str | None, str, bytes]] = []

    async def take(self, request: web.Request) -> web.Response:
        async for found in await request.multipart():
            part = cast("Any", found)
            kind = part.headers.get("Content-Type", "")
            self.parts.append((part.name, part.filename, kind, bytes(await part.read())))
        return web.Response()


@pytest.fixture
async def server() -> AsyncGenerator[tuple[FormServer, str]]:
    form, application = FormServer(), web.Application()
    application.add_routes([web.post("/", form.take)])
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield form, "http://{}:{}/".format(*runner.addresses[0])
    await runner.cleanup()


@pytest.fixture
async def bot() -> commands.Bot:
    bot = commands.Bot("!")
    stream_files(bot)
    return bot


async def sent(bot: commands.Bot, url: str, *parts: Part) -> None:
    """Send a form as the library does."""
    form = await getattr(bot.http, FORM)(list(parts))
    async with AsyncSession[Any]() as session:
        assert (await session.post(url, multipart=form)).status_code == 200


def part_of(file: discord.File) -> Part:
    kind = "application/octet-stream"
    return {"name": "files[0]", "data": file.fp, "filename": file.filename, "content_type": kind}


async def test_a_file_is_sent_without_being_read_here(
    bot: commands.Bot, server: tuple[FormServer, str], tmp_path: Path
) -> None:
    path = tmp_path / "a picture.png"
    path.write_bytes(BODY)
    file = discord.File(path, "grid.png")
    text = {"name": "payload_json", "data": '{"content": "é"}'}

    def read(_: int | None = -1, /) -> bytes:
        pytest.fail("it was read")

    file.fp.read = read
    await sent(bot, server[1], text, part_of(file))
    file.close()
    kind = "application/octet-stream"
    assert server[0].parts[0][0] == "payload_json"
    assert server[0].parts[0][3] == '{"content": "é"}'.encode()
    assert server[0].parts[1:] == [("files[0]", "grid.png", kind, BODY)]


async def test_what_is_no_file_or_a_part_of_one_is_sent_as_it_is(
    bot: commands.Bot, server: tuple[FormServer, str], tmp_path: Path
) -> None:
    path = tmp_path / "a"
    path.write_bytes(BODY)
    opened = discord.File(path, "c")
    opened.fp.seek(1000)
    parts = (part_of(discord.File(BytesIO(b"bytes"), "b")), part_of(opened))
    await sent(bot, server[1], *parts)
    opened.close()
    assert [part[3] for part in server[0].parts] == [b"bytes", BODY[1000:]]


async def test_a_file_that_is_gone_is_an_error(bot: commands.Bot, tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(BODY)
    file = discord.File(path)
    path.unlink()
    with pytest.raises(FileNotFoundError):
        await sent(bot, "http://127.0.0.1:1/", part_of(file))
    file.close()
