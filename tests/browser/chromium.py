"""A headless Chromium, driven over its DevTools protocol: pages, keys, pictures of the screen.

It notes what no page may do: errors on the console, and requests that leave this machine.
"""

from __future__ import annotations

import asyncio
import base64
import json
import shutil
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Any

import aiohttp
from yarl import URL

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
START_SECONDS = 30.0
WAIT_SECONDS = 45.0
"""Patience with a machine that has much else to do, less than a test may take."""
_OPTIONS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    *("--disable-default-apps", "--disable-extensions", "--no-default-browser-check"),
    *("--allow-pre-commit-input", "--no-proxy-server"),
    "--disable-features=OptimizationHints,MediaRouter,PaintHolding,Translate",
    "--remote-debugging-port=0",
)
# A browser drops input for a page that it has not drawn yet.
_DRAWN = (
    "document.readyState === 'complete'"
    " && performance.getEntriesByName('first-contentful-paint').length > 0"
)
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}
_KEYS = {
    "Enter": ("\r", 13),
    "Tab": ("", 9),
    "Escape": ("", 27),
    "ArrowUp": ("", 38),
    "ArrowDown": ("", 40),
}


def program() -> str | None:
    """Return where Chromium is; None where it is not installed."""
    return next((found for name in PROGRAMS if (found := shutil.which(name))), None)


class PageFailed(AssertionError):
    """A page is not as it should be, or did something that no page may do."""


class Tab:
    """The one page that is open."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._numbers = count(1)
        self._answers: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._loaded = asyncio.Event()
        self.errors: list[str] = []
        self.requests: list[str] = []

    async def listen(self) -> None:
        """Take what the browser says, until it ends."""
        async for message in self._socket:
            told = json.loads(message.data)
            answer = self._answers.pop(told.get("id", 0), None)
            if answer is not None and not answer.done():
                answer.set_result(told)
            self._note(told.get("method", ""), told.get("params", {}))

    async def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Call a method of the protocol and return its result."""
        number = next(self._numbers)
        answer = self._answers[number] = asyncio.get_running_loop().create_future()
        await self._socket.send_json({"id": number, "method": method, "params": parameters})
        async with asyncio.timeout(WAIT_SECONDS):
            told = await answer
        if "error" in told:
            raise PageFailed(f"{method}: {told['error']}")
        return told["result"]

    async def begin(self) -> None:
        """Have everything noted from here on."""
        for domain in ("Page", "Runtime", "Log", "Network"):
            await self.call(f"{domain}.enable")

    async def open(self, url: URL | str) -> None:
        """Go to an address, and wait until the page is there."""
        self._loaded.clear()
        await self.call("Page.navigate", url=str(url))
        async with asyncio.timeout(WAIT_SECONDS):
            await self._loaded.wait()

    async def run(self, script: str) -> Any:
        """Evaluate an expression in the page, a promise to its end, and return its value."""
        told = await self.call(
            "Runtime.evaluate",
            expression=script,
            awaitPromise=True,
            returnByValue=True,
            userGesture=True,
        )
        if "exceptionDetails" in told:
            raise PageFailed(told["exceptionDetails"].get("exception", {}).get("description"))
        return told["result"].get("value")

    async def until(self, condition: str) -> None:
        """Wait until an expression is true; between two pages, none is."""
        async with asyncio.timeout(WAIT_SECONDS):
            while True:
                with suppress(PageFailed):
                    if await self.run(f"!!({condition})"):
                        return
                await asyncio.sleep(0.05)

    async def click(self, selector: str) -> None:
        """Click in the middle of an element, as a mouse does."""
        await self.until(_DRAWN)
        box = await self.run(
            f"(() => {{ const one = document.querySelector({json.dumps(selector)});"
            "one.scrollIntoView({block: 'center', behavior: 'instant'});"
            "const {x, y, width, height} = one.getBoundingClientRect();"
            "return [x + width / 2, y + height / 2]; })()"
        )
        mouse = {"x": box[0], "y": box[1], "button": "left", "clickCount": 1}
        for kind in ("mousePressed", "mouseReleased"):
            await self.call("Input.dispatchMouseEvent", type=kind, **mouse)

    async def type(self, text: str) -> None:
        """Type into whatever has the focus."""
        await self.until(_DRAWN)
        await self.call("Input.insertText", text=text)

    async def press(self, key: str) -> None:
        """Press one key."""
        await self.until(_DRAWN)
        text, number = _KEYS.get(key, (key, 0))
        facts = {"key": key, "text": text, "windowsVirtualKeyCode": number, "code": key}
        for kind in ("keyDown", "keyUp"):
            await self.call("Input.dispatchKeyEvent", type=kind, **facts)

    async def look_like(self, width: int, height: int, *, dark: bool = False) -> None:
        """Have another size, and other colours."""
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
        await self.call("Emulation.setDeviceMetricsOverride", **size)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        await self.call("Emulation.setEmulatedMedia", features=[scheme])

    async def picture(self, path: Path) -> None:
        """Write what is to be seen, as the PNG or WebP that the name says."""
        kind = path.suffix.removeprefix(".")
        shot = await self.call("Page.captureScreenshot", format=kind, quality=88)
        await asyncio.to_thread(path.write_bytes, base64.b64decode(shot["data"]))

    def check(self) -> None:
        """Raise `PageFailed` if a page did what it must not."""
        left = [url for url in self.requests if not _is_local(url)]
        if self.errors or left:
            raise PageFailed(f"on the console: {self.errors}; requested elsewhere: {left}")

    def _note(self, method: str, told: dict[str, Any]) -> None:
        if method == "Page.loadEventFired":
            self._loaded.set()
        elif method == "Network.requestWillBeSent":
            self.requests.append(told["request"]["url"])
        elif method == "Log.entryAdded" and told["entry"]["level"] == "error":
            self.errors.append(f"{told['entry']['text']} {told['entry'].get('url', '')}")
        elif method == "Runtime.exceptionThrown":
            self.errors.append(told["exceptionDetails"].get("text", ""))
        elif method == "Runtime.consoleAPICalled" and told["type"] in {"error", "assert"}:
            self.errors.append(str(told["args"]))


def _is_local(url: str) -> bool:
    address = URL(url)
    return address.scheme in {"data", "blob", "about", "file"} or address.host in _LOOPBACK


@asynccontextmanager
async def chromium(folder: Path) -> AsyncGenerator[Tab]:
    """Start a fresh Chromium, whose data are in `folder`, and give its page."""
    found = program()
    assert found is not None
    process = await asyncio.create_subprocess_exec(
        *(found, *_OPTIONS, f"--user-data-dir={folder}", "about:blank"),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        port = await _port(folder / "DevToolsActivePort")
        async with aiohttp.ClientSession() as session:
            async with session.get(f"http://127.0.0.1:{port}/json") as answer:
                pages = [page for page in await answer.json() if page["type"] == "page"]
            address = pages[0]["webSocketDebuggerUrl"]
            async with session.ws_connect(address, max_msg_size=0) as socket:
                tab = Tab(socket)
                async with asyncio.TaskGroup() as tasks:
                    listening = tasks.create_task(tab.listen(), name="chromium")
                    await tab.begin()
                    yield tab
                    listening.cancel()
    finally:
        process.terminate()
        await process.wait()


async def _port(file: Path) -> int:
    async with asyncio.timeout(START_SECONDS):
        while not file.exists() or not file.read_text().strip():  # noqa: ASYNC240, ASYNC110 -- a small file
            await asyncio.sleep(0.05)
    return int(file.read_text().split()[0])  # noqa: ASYNC240 -- a small file
