"""An HTTP proxy that terminates TLS, so that an unmodified Discord client reaches the sandbox.

Not for the demo: it needs a development package for its certificates.
"""

from __future__ import annotations

import asyncio
import contextlib
import ssl
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Self

import trustme
from yarl import URL

from sandbox import hosts

if TYPE_CHECKING:
    from sandbox.server import Sandbox

_PIECE = 64 * 1024
_HEAD_END = b"\r\n\r\n"


class TlsProxy:
    """Answers `CONNECT` for Discord's hosts itself, and passes the traffic to a sandbox.

    Use as `async with TlsProxy(sandbox) as proxy: ...` inside of that of a `Sandbox(public=True)`,
    with which its connections end. Clients trust the certificates in `ca_file` (PEM) and take `url`
    for their proxy. `hosts` counts their connections; `refused` are the targets of those that
    wanted to go elsewhere, and went nowhere.
    """

    url: str
    ca_file: Path

    def __init__(self, sandbox: Sandbox) -> None:
        self.hosts: Counter[str] = Counter()
        self.refused: list[str] = []
        self._sandbox = sandbox
        self._tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self._open = contextlib.ExitStack()

    async def __aenter__(self) -> Self:
        with contextlib.ExitStack() as opened:
            folder = opened.enter_context(tempfile.TemporaryDirectory(prefix="sandbox-"))
            self.ca_file = Path(folder) / "ca.pem"
            self._make_certificates()
            server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
            opened.callback(server.close)
            self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
            self._open = opened.pop_all()
        return self

    async def __aexit__(self, *_: object) -> None:
        self._open.close()

    def _make_certificates(self) -> None:
        authority = trustme.CA()
        authority.cert_pem.write_to_path(str(self.ca_file))
        certificate = authority.issue_cert(*hosts.SERVED)
        certificate.configure_cert(self._tls)  # pyright: ignore[reportUnknownMemberType] -- it also takes a class of pyOpenSSL, which is not here
        self._tls.set_alpn_protocols(["http/1.1"])  # the sandbox speaks nothing newer

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._sandbox.clock.start(self._serve(reader, writer), "proxied connection")

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = writer.transport  # under that of TLS, which cannot be aborted twice
        try:
            # A client may leave at any time, also in the middle of a handshake.
            with contextlib.suppress(OSError, asyncio.IncompleteReadError):
                if await self._let_in(reader, writer):
                    await writer.start_tls(self._tls)
                    await self._relay(reader, writer)
        finally:
            connection.abort()

    async def _let_in(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Accept `CONNECT` for a host of Discord's, refuse anything else."""
        head = await reader.readuntil(_HEAD_END)
        method, target, _ = head.decode("latin-1").split(maxsplit=2)
        host, _, port = target.rpartition(":")
        known = (method, port) == ("CONNECT", "443") and host in hosts.SERVED
        if known:
            self.hosts[host] += 1
            writer.write(b"HTTP/1.1 200 Connection established" + _HEAD_END)
        else:
            self.refused.append(target)
            writer.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0" + _HEAD_END)
        await writer.drain()
        return known

    async def _relay(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        origin = URL(self._sandbox.cdn_base)
        behind, to_sandbox = await asyncio.open_connection(origin.host, origin.port)
        try:
            await asyncio.gather(_pass_on(reader, to_sandbox), _pass_on(behind, writer))
        finally:
            to_sandbox.transport.abort()


async def _pass_on(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    """Forward data; when the source ends, even by a reset, so does the sink."""
    with contextlib.suppress(OSError):
        while piece := await source.read(_PIECE):
            sink.write(piece)
            await sink.drain()
    sink.close()
