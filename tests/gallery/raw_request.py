"""Requests that no decent client would send."""

import asyncio

from services.web_server import WebServer


async def sent(server: WebServer, head: str, body: bytes = b"") -> tuple[int, str]:
    """Send what no decent client would; return the status and all that comes back."""
    base = server.base
    reader, writer = await asyncio.open_connection("127.0.0.1", base.port)
    lines = head.replace("\n", "\r\n")
    writer.write(f"{lines}\r\nConnection: close\r\n\r\n".encode() + body)
    answer = (await reader.read()).decode(errors="replace")
    writer.close()
    await writer.wait_closed()
    return int(answer.split()[1]), answer
