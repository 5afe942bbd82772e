"""Messages as the page gets them: Discord's JSON, with pictures that this page serves itself.

Its pictures do not come from the sandbox's CDN, because the page would use up the answers that are
armed for the bot's next downloads, and its links would end.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sandbox import Sandbox
    from sandbox.messages import Attachment
    from sandbox.people import Json

MOST_MESSAGES = 300
"""The page begins with so many."""
_KEPT_PREVIEWS = 64


class ShownMessages:
    """The channel's messages and pictures for the page."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._previews: OrderedDict[int, tuple[Attachment, bytes]] = OrderedDict()

    def latest(self) -> list[Json]:
        """Return the messages that a page begins with, oldest first."""
        return [self.message(each) for each in self._sandbox.messages[-MOST_MESSAGES:]]

    def message(self, message: Json) -> Json:
        """Return one message; its previews stay available for pages that are a moment behind."""
        self._keep_previews(message)
        reactions = self._sandbox.reactions(int(message["id"]))
        shown = _with_files(message) | {
            "reactions": [{"emoji": each, "people": who} for each, who in reactions.items()]
        }
        replied = message.get("referenced_message")
        return shown if replied is None else shown | {"referenced_message": _with_files(replied)}

    def file(self, attachment_id: int, filename: str) -> tuple[Attachment, bytes] | None:
        """Return a picture that a message shows, or showed a moment ago."""
        found = self._previews.get(attachment_id)
        if found is not None and found[0].filename == filename:
            return found
        return self._sandbox.file(attachment_id, filename)

    def _keep_previews(self, message: Json) -> None:
        for each in message["attachments"]:
            found = self._sandbox.file(int(each["id"]), each["filename"])
            if found is not None and found[0].label == "preview":
                self._previews[found[0].id] = found
        while len(self._previews) > _KEPT_PREVIEWS:
            self._previews.popitem(last=False)


def _with_files(message: Json) -> Json:
    attachments = [
        {name: value for name, value in each.items() if name != "proxy_url"}
        | {"url": f"files/{each['id']}/{each['filename']}"}
        for each in message["attachments"]
    ]
    left_out = ("nonce", "interaction_metadata", "reactions")
    kept = {name: value for name, value in message.items() if name not in left_out}
    return kept | {"attachments": attachments}
