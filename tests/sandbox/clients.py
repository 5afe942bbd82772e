"""Small clients without the library, so that tests see exactly what is sent."""

import asyncio
import json
import zlib
from types import TracebackType
from typing import Any, Self

import aiohttp

from sandbox import Sandbox, versions

Json = dict[str, Any]

MIDJOURNEY = "936929561302675456"
IMAGINE = "938956540159881230"
FIRST_VERSION = "1237876415471554623"
NAMED = versions.parameter(versions.USUAL)
"""What an echo has of a prompt that names no version of Midjourney."""


class Client:
    """One person with REST and, once `connect` was called, a gateway session."""

    def __init__(self, sandbox: Sandbox, name: str = "atelier") -> None:
        self.sandbox = sandbox
        self.person = sandbox.people[name]
        self.token = self.person.token
        self.session_id = ""
        self.sequence: int | None = None
        self._http = aiohttp.ClientSession()
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._inflate: Any = None
        self._nonce = 1000

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._leave()
        await self._http.close()

    @property
    def messages(self) -> str:
        return f"/channels/{self.sandbox.channel_id}/messages"

    async def rest(self, method: str, path: str, **options: Any) -> tuple[int, Any]:
        """Return the status and the JSON body (or None)."""
        headers = {"Authorization": self.token}
        url = self.sandbox.api_base + path
        async with self._http.request(method, url, headers=headers, **options) as response:
            body = await response.read()
            return response.status, json.loads(body) if body else None

    async def download(self, url: str) -> tuple[int, str, bytes]:
        """Return the status, the content type and the body."""
        async with self._http.get(url, allow_redirects=False) as response:
            return response.status, response.content_type, await response.read()

    async def connect(self, *, compress: bool = False, resume: bool = False) -> Self:
        """Open a gateway socket and identify (until READY is complete), or ask for a resume."""
        query = "?v=9&encoding=json" + ("&compress=zlib-stream" if compress else "")
        await self._leave()
        self._inflate = zlib.decompressobj() if compress else None
        self._socket = await self._http.ws_connect(self.sandbox.gateway_url + query)
        assert (await self.receive())["op"] == 10
        if resume:
            data = {"token": self.token, "session_id": self.session_id, "seq": self.sequence}
            await self.send(6, data)
            return self
        await self.send(2, {"token": self.token, "properties": {}})
        self.session_id = (await self.event("READY"))["session_id"]
        await self.event("READY_SUPPLEMENTAL")
        return self

    async def _leave(self) -> None:
        # Not with 1000, which would end the session.
        if self._socket is not None:
            await self._socket.close(code=4000)

    async def send(self, op: int, data: object) -> None:
        assert self._socket is not None
        await self._socket.send_str(json.dumps({"op": op, "d": data}))

    async def hang_up(self, code: int) -> None:
        assert self._socket is not None
        await self._socket.close(code=code)

    async def receive(self) -> Json:
        """Return the next frame, or {"close": code} when the socket ends."""
        assert self._socket is not None
        frame = await self._socket.receive(timeout=50)
        if frame.type not in (aiohttp.WSMsgType.TEXT, aiohttp.WSMsgType.BINARY):
            return {"close": self._socket.close_code}
        text = self._inflate.decompress(frame.data) if self._inflate else frame.data
        message: Json = json.loads(text)
        self.sequence = message.get("s") or self.sequence
        return message

    async def event(self, name: str) -> Json:
        """Return the data of the next event of that name; other frames are passed over."""
        while True:
            message = await self.receive()
            assert "close" not in message, f"closed while waiting for {name}"
            if message.get("t") == name:
                return message["d"]

    def command(self, prompt: str, **changes: Any) -> Json:
        """Return the payload of /imagine."""
        self._nonce += 1
        option = {"type": 3, "name": "prompt", "value": prompt}
        return {
            "type": 2,
            "application_id": MIDJOURNEY,
            "guild_id": str(self.sandbox.guild_id),
            "channel_id": str(self.sandbox.channel_id),
            "session_id": self.session_id,
            "nonce": str(self._nonce),
            "data": {
                "id": IMAGINE,
                "version": FIRST_VERSION,
                "name": "imagine",
                "type": 1,
                "options": [option],
                "attachments": [],
            },
        } | changes

    def press(self, message: Json, custom_id: str, **changes: Any) -> Json:
        """Return the payload of a press."""
        payload = self.command("") | {
            "type": 3,
            "message_id": message["id"],
            "message_flags": message["flags"],
            "data": {"component_type": 2, "custom_id": custom_id},
        }
        return payload | changes

    async def interact(self, payload: Json) -> tuple[int, Any]:
        return await self.rest("POST", "/interactions", json=payload)


def labels_of(message: Json) -> list[str]:
    """Return the labels of all buttons."""
    return [each["label"] for row in message["components"] for each in row["components"]]


def button(message: Json, label: str) -> Json:
    """Return the button of that label."""
    buttons = [each for row in message["components"] for each in row["components"]]
    return next(each for each in buttons if each["label"] == label)


def is_grid(event: str, message: Json) -> bool:
    """Return whether it is a finished grid."""
    return event == "MESSAGE_CREATE" and "V1" in labels_of(message)


def is_solo(event: str, message: Json) -> bool:
    """Return whether it is a finished upscale."""
    finished = event == "MESSAGE_CREATE" and bool(message["attachments"])
    return finished and " - Image #" in message["content"]


async def grid_of(client: Client, prompt: str = "a cat") -> Json:
    """Run /imagine and return the finished grid."""
    grid = asyncio.create_task(client.sandbox.wait_for(is_grid))
    await client.interact(client.command(prompt))
    return await grid


async def solo_of(client: Client, grid: Json, label: str = "U1") -> Json:
    """Press U and return the solo."""
    solo = asyncio.create_task(client.sandbox.wait_for(is_solo))
    await client.interact(client.press(grid, button(grid, label)["custom_id"]))
    return await solo
