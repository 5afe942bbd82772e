"""Corrects, on the way, where the tests' server differs from Supabase's own Storage.

Each correction follows the source of Supabase Storage; the official client relies on it.
"""

from __future__ import annotations

import json
import re

_CACHE_SECONDS = re.compile(rb'name="cacheControl"\r\n\r\n(\d+)\r\n')
_TYPE = re.compile(rb'name="file"[^\r]*\r\nContent-Type: ([^\r]+)\r\n')
_BEGINNING = 1000  # bytes of a form, in which both are
_OBJECT = re.compile(r"(GET|POST) /storage/v1/object/(?:(public|sign|info|list)/)?([^?]+)")


class Hosted:
    """Remembers what uploads said about their files, and repeats it on downloads.

    The tests' server ignores how long a file may be cached, and derives its type from its name.
    """

    def __init__(self) -> None:
        self._headers: dict[str, dict[str, str]] = {}

    def note(self, line: str, body: bytes) -> None:
        """Remember what an upload says."""
        found = _OBJECT.match(line)
        seconds = _CACHE_SECONDS.search(body, 0, _BEGINNING)
        type_ = _TYPE.search(body, 0, _BEGINNING)
        if found and seconds and type_:
            self._headers[found[3]] = {
                "Cache-Control": f"max-age={seconds[1].decode()}",
                "Content-Type": type_[1].decode(),
            }

    def headers(self, line: str) -> dict[str, str]:
        """Return the headers that replace the server's own."""
        found = _OBJECT.match(line)
        fetched = found and found[1] == "GET" and found[2] in ("public", "sign")
        return self._headers.get(found[3], {}) if found and fetched else {}

    def body(self, line: str, body: bytes) -> bytes:
        """Return what Supabase would send.

        A signed address is relative to the address of Storage, and is called `signedURL`.
        """
        if line.startswith("POST /storage/v1/object/sign/") and b'"signedUrl"' in body:
            address = json.loads(body)["signedUrl"]
            return json.dumps({"signedURL": address.removeprefix("/storage/v1")}).encode()
        return body
