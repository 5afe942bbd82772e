"""Corrects, on the way, where the tests' server differs from Supabase's own Storage.

Each correction follows the source of Supabase Storage, or what it was seen to answer; the official
client relies on some. The server itself is a package of Supabase's, used as it is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from email.utils import formatdate
from typing import Any
from urllib.parse import parse_qs, urlencode
from uuid import uuid4

import jwt
from multidict import CIMultiDict

_CACHE_SECONDS = re.compile(rb'name="cacheControl"\r\n\r\n(\d+)\r\n')
_TYPE = re.compile(rb'name="file"[^\r]*\r\nContent-Type: ([^\r]+)\r\n')
_BEGINNING = 1000  # bytes of a form, in which both are
_OBJECT = re.compile(r"(GET|POST) /storage/v1/object/(?:(public|sign|info|list)/)?([^?]+)\??(.*)")
_SECRET = "only the tests' server has to recognise these signatures"
_CODES = {
    "Bucket not found": "NoSuchBucket",
    "Duplicate": "ResourceAlreadyExists",
    "Payload too large": "EntityTooLarge",
    "Unauthorized": "AccessDenied",
    "invalid_mime_type": "InvalidMimeType",
    "not_found": "NoSuchKey",
}


def refusal(status: int, error: str, message: str) -> str:
    """Return the body of Storage's refusal, which has the real status."""
    code = _CODES.get(error, error)
    return json.dumps({"statusCode": str(status), "error": error, "code": code, "message": message})


class Hosted:
    """What an object's upload and its links were told, and the differences that it puts right.

    - The server ignores for how long a file may be cached, and derives its type from its name.
    - Its signed addresses are shorter, and called otherwise; what they give may be kept for as long
      as a public object, and not until the link ends.
    - Its refusals lack the code.
    - It has no limit on files for the whole project; here, this is `file_size_limit`, in bytes.
    """

    def __init__(self) -> None:
        self.file_size_limit = 50 * 1024 * 1024
        self._headers: dict[str, dict[str, str]] = {}
        self._tokens: dict[str, str] = {}
        self._key_id = f"storage-url-signing-key_{uuid4()}"

    def request(self, line: str, body: bytes) -> str:
        """Remember what an upload says; return the line that the server understands."""
        found = _OBJECT.match(line)
        if found is None:
            return line
        seconds = _CACHE_SECONDS.search(body, 0, _BEGINNING)
        type_ = _TYPE.search(body, 0, _BEGINNING)
        if seconds and type_:
            self._headers[found[3]] = {
                "Cache-Control": f"max-age={seconds[1].decode()}",
                "Content-Type": type_[1].decode(),
            }
        token = _token(found[4])
        return line.replace(token, self._tokens.get(token, token)) if token else line

    def refused(self, line: str, body: bytes) -> str | None:
        """Return the refusal of a bucket that would take larger files than the project."""
        if line != "POST /storage/v1/bucket":
            return None
        if (json.loads(body).get("file_size_limit") or 0) <= self.file_size_limit:
            return None
        return refusal(413, "Payload too large", "The object exceeded the maximum allowed size")

    def headers(self, line: str, own: Mapping[str, str]) -> dict[str, str]:
        """Return the headers that Supabase would send, instead of the server's own."""
        found = _OBJECT.match(line)
        if not found or found[1] != "GET" or found[2] not in ("public", "sign"):
            return dict(own)
        told = CIMultiDict(own)
        told.update(self._headers.get(found[3], {}))
        if found[2] == "sign":
            told.popall("Cache-Control", None)
            told["Expires"] = formatdate(_claims(_token(found[4]))["exp"], usegmt=True)
        return dict(told)

    def body(self, line: str, body: bytes, *, ok: bool) -> bytes:
        """Return what Supabase would send."""
        if not ok and b'"statusCode"' in body:
            told = json.loads(body)
            return refusal(told["statusCode"], told["error"], told["message"]).encode()
        if ok and line.startswith("POST /storage/v1/object/sign/"):
            return json.dumps({"signedURL": self._signed(json.loads(body)["signedUrl"])}).encode()
        return body

    def _signed(self, address: str) -> str:
        """Return a signed address as Supabase's, relative to the address of Storage."""
        path, _, query = address.removeprefix("/storage/v1").partition("?")
        claims = _claims(_token(query))
        told = {
            "url": path.removeprefix("/object/sign/"),
            "scope": "download",
            "iat": claims["iat"],
            "exp": claims["exp"],
        }
        # An empty type is left out.
        token = jwt.encode(told, _SECRET, headers={"kid": self._key_id, "typ": ""})
        self._tokens[token] = _token(query)
        return f"{path}?{urlencode({'token': token})}"


def _token(query: str) -> str:
    return parse_qs(query).get("token", [""])[0]


def _claims(token: str) -> dict[str, Any]:
    return jwt.decode(token, options={"verify_signature": False})
