"""Messages of the sandbox's channel, as the demo hears them."""

from typing import Any

from demo.wording import Json

MIDJOURNEY_ID = "936929561302675456"
PROMPT = "**a cat --v 8.2** - "
PERSON = "<@100000000000000001>"


def message(content: str = "", name: str = "atelier", **changes: Any) -> Json:
    """Return a message of a person, with the keys that the demo looks at."""
    facts: Json = {
        "id": "1",
        "author": {"id": "100000000000000001", "username": name},
        "content": content,
        "attachments": [],
        "embeds": [],
    }
    return facts | changes


def from_midjourney(content: str = "", **changes: Any) -> Json:
    """Return a message of Midjourney."""
    author = {"id": MIDJOURNEY_ID, "username": "Midjourney Bot"}
    return message(content, author=author, **changes)


def waiting(**changes: Any) -> Json:
    """Return the first message of a grid."""
    return from_midjourney(f"{PROMPT}{PERSON} (Waiting to start)", **changes)


def progress(percent: int, **changes: Any) -> Json:
    """Return an edit of it."""
    return from_midjourney(f"{PROMPT}{PERSON} ({percent}%) (fast)", **changes)
