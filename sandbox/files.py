"""The content of attachments, and signed links to them."""

from __future__ import annotations

import hashlib
import hmac
from io import BytesIO
from typing import TYPE_CHECKING

from PIL import Image, UnidentifiedImageError

from sandbox.messages import Attachment

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sandbox.clock import SandboxClock
    from sandbox.snowflakes import Snowflakes
    from sandbox.switches import Switches


class Files:
    """Uploaded files. A file exists as long as a message shows it."""

    def __init__(self, snowflakes: Snowflakes) -> None:
        self._snowflakes = snowflakes
        self._contents: dict[int, tuple[Attachment, bytes]] = {}

    def add(
        self,
        content: bytes,
        filename: str,
        content_type: str,
        *,
        size: tuple[int, int] | None = None,
        label: str = "upload",
    ) -> Attachment:
        """Store a file and return its attachment; `size` is in pixels."""
        width, height = size or (None, None)
        attachment = Attachment(
            id=self._snowflakes.next(),
            filename=filename.replace(" ", "_"),  # as Discord does
            content_type=content_type,
            size=len(content),
            width=width,
            height=height,
            label=label,
        )
        self._contents[attachment.id] = attachment, content
        return attachment

    def find(self, attachment_id: int, filename: str) -> tuple[Attachment, bytes] | None:
        """Return the attachment and its bytes, or None if there is no such file."""
        found = self._contents.get(attachment_id)
        return found if found and found[0].filename == filename else None

    def forget(self, attachments: tuple[Attachment, ...]) -> None:
        """Delete files whose message is gone or no longer shows them."""
        for attachment in attachments:
            self._contents.pop(attachment.id, None)


class SignedLinks:
    """Links of the form `/attachments/<channel>/<attachment>/<file>?ex=<hex>&is=<hex>&hm=<hmac>&`.

    `ex` and `is` are seconds since 1970 in hexadecimal; `hm` covers the path and both of them.
    """

    def __init__(
        self, clock: SandboxClock, switches: Switches, *, seed: int, channel_id: int
    ) -> None:
        self.base = ""  # "http://127.0.0.1:port", known once the server listens
        self.resizing_base = ""
        self._clock = clock
        self._switches = switches
        self._key = hashlib.sha256(f"links:{seed}".encode()).digest()
        self._channel_id = channel_id

    def sign(self, attachment: Attachment, *, ephemeral: bool = False) -> str:
        """Return a link to the attachment that is valid from now on, usually for a day."""
        shelf = "ephemeral-attachments" if ephemeral else "attachments"
        path = f"/{shelf}/{self._channel_id}/{attachment.id}/{attachment.filename}"
        issued, life = int(self._clock.now()), self._switches.link_life.take()
        ex, since = f"{issued + life:x}", f"{issued:x}"
        return f"{self.base}{path}?ex={ex}&is={since}&hm={self._signature(path, ex, since)}&"

    def proxied(self, url: str) -> str:
        """Return the link on the resizing host, which serves nothing here: it must not be used."""
        return url.replace(self.base, self.resizing_base, 1)

    def good(self, path: str, query: Mapping[str, str]) -> bool:
        """Return whether a link was signed here, is unchanged and has not expired."""
        ex, since = query.get("ex", ""), query.get("is", "")
        if not hmac.compare_digest(query.get("hm", ""), self._signature(path, ex, since)):
            return False
        return self._clock.now() < int(ex, 16)

    def _signature(self, path: str, ex: str, since: str) -> str:
        return hmac.new(self._key, f"{path}?{ex}&{since}".encode(), hashlib.sha256).hexdigest()


def picture_size(content: bytes) -> tuple[int, int] | None:
    """Return width and height in pixels, or None when the bytes are no picture."""
    try:
        with Image.open(BytesIO(content)) as picture:
            return picture.size
    except UnidentifiedImageError:
        return None
