"""The CDN: serves attachments with signed links, and fails as CDNs do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

from sandbox import faults

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from sandbox.clock import SandboxClock
    from sandbox.discord_switches import DownloadAnswer
    from sandbox.files import Files, SignedLinks
    from sandbox.messages import Attachment
    from sandbox.switches import Switches

GONE = "This content is no longer available."  # Discord's answer: unsigned, expired or deleted
OVERSIZE = 300 * 1024 * 1024  # bytes promised, and sent, by the fault "oversize"
_CHUNK = 64 * 1024
_HTML = b"<!DOCTYPE html><html><body>One moment, please</body></html>"
_GIF = (
    b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff,"
    b"\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"
)


class Cdn:
    """Handles `GET /attachments/<channel>/<attachment>/<file>`."""

    def __init__(
        self, files: Files, links: SignedLinks, clock: SandboxClock, switches: Switches
    ) -> None:
        self._files = files
        self._links = links
        self._clock = clock
        self._switches = switches

    def routes(self) -> list[web.RouteDef]:
        """Return the routes of the two kinds of attachments."""
        tail = r"{channel:\d+}/{attachment:\d+}/{filename}"
        return [
            web.get(f"/attachments/{tail}", self.download),
            web.get(f"/ephemeral-attachments/{tail}", self.download),
        ]

    async def download(self, request: web.Request) -> web.StreamResponse:
        """Answer a valid link with the file, or as the switch `answer_download` says."""
        part = request.match_info
        found = self._files.find(int(part["attachment"]), part["filename"])
        if found is None or not self._links.good(request.path, request.query):
            return _gone()
        attachment, content = found
        answer = self._switches.answer_download.take(attachment.label)
        if answer in ("reset", "stall"):
            return await self._break(answer, request)
        if answer in ("truncated", "oversize", "slow", "no length"):
            return await self._stream(answer, request, attachment, content)
        whole = web.Response(body=content, content_type=attachment.content_type)
        return _wrong(answer) or whole

    async def _break(self, answer: DownloadAnswer, request: web.Request) -> web.StreamResponse:
        if answer == "reset":
            return faults.reset(request)
        return await faults.stall(request, self._clock)

    async def _stream(
        self, answer: DownloadAnswer, request: web.Request, attachment: Attachment, content: bytes
    ) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": attachment.content_type})
        if answer != "no length":
            response.content_length = OVERSIZE if answer == "oversize" else len(content)
        await response.prepare(request)
        try:
            async for chunk in self._chunks(answer, content):
                await response.write(chunk)
        except ConnectionError:
            return response  # the client has closed the connection
        if answer == "truncated":
            faults.close(request)
        return response

    async def _chunks(self, answer: DownloadAnswer, content: bytes) -> AsyncIterator[bytes]:
        if answer == "truncated":
            yield content[: len(content) // 2]
        elif answer == "no length":
            yield content
        elif answer == "oversize":
            yield content
            for start in range(len(content), OVERSIZE, _CHUNK):
                yield bytes(min(_CHUNK, OVERSIZE - start))
        else:
            for byte in content:
                yield bytes((byte,))
                await self._clock.pause(1.0)
                if self._clock.closing.is_set():
                    return


def _gone() -> web.Response:
    return web.Response(status=404, text=GONE)


def _wrong(answer: DownloadAnswer) -> web.Response | None:
    """Return the complete but wrong answer of this name, if there is one."""
    answers = {
        "html": web.Response(body=_HTML, content_type="text/html"),
        "404": _gone(),
        "expired": _gone(),
        "403": web.Response(status=403, text="Forbidden"),
        "redirect": web.Response(status=302, headers={"Location": "http://elsewhere.invalid/"}),
        "empty": web.Response(body=b"", content_type="image/png"),
        "wrong kind": web.Response(body=_GIF, content_type="image/png"),
    }
    return answers.get(answer)
