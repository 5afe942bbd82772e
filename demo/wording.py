"""Messages of the channel as text for a terminal, and the demo's own sentences."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from domain.content import Line, State, read
from domain.events import Action
from domain.messages import MIDJOURNEY_ID

if TYPE_CHECKING:
    from pathlib import Path

Json = dict[str, Any]
Lines = tuple[str, ...]

MIDJOURNEY = "midjourney"
DEMO = "demo"

# An escaped character stands for itself; bold and code are shown as plain text.
_MARKDOWN = re.compile(r"\\([^\w\s])|\*\*|`")


def speaker(message: Json) -> str:
    """Return the name before what somebody says."""
    author = message["author"]
    return MIDJOURNEY if author["id"] == str(MIDJOURNEY_ID) else str(author["username"])


def describe(message: Json) -> Lines:
    """Return a message's lines: Midjourney's about jobs in short, all others in full."""
    line = read(message["content"]) if speaker(message) == MIDJOURNEY else None
    if line is not None:
        return (_job(line),)
    said = [message["content"], *(text for each in message["embeds"] for text in _embed(each))]
    if files := message["attachments"]:
        said.append(f"({len(files)} files attached)")
    return tuple(plain(line) for text in said for line in text.splitlines())


def changed(before: Lines, after: Lines) -> Lines:
    """Return the lines of an edited message that were not there before."""
    return tuple(line for line in after if line not in before)


def plain(text: str) -> str:
    """Return text without markdown, and without what would move the cursor."""
    visible = "".join(each if each.isprintable() else " " for each in text)
    return _MARKDOWN.sub(r"\1", visible)


def greeting(pictures: Path | None, address: str, log: Path) -> Lines:
    """Return the introduction for somebody who sees the demo for the first time.

    `pictures` is the folder of the pictures; without one, they are gone when the demo ends.
    """
    until = "in a Supabase project of this machine, until the demo ends"
    return (
        "This is the real bot, in a sandbox on this machine instead of Discord and Midjourney:",
        "it needs no account, costs nothing, and the pictures are drawn, not dreamt.",
        f"Pictures: {pictures or until}",
        f"          {address}<id>/grid.png",
        f"Log:      {log}",
    )


def stored(generation_id: str, pictures: Path | None) -> Lines:
    """Return where the pictures of a generation are kept."""
    place = "Supabase" if pictures is None else str(pictures / generation_id)
    return (f"The grid and the upscales are in {place}",)


def verified() -> Lines:
    """Return the result of downloading the pictures again from their addresses."""
    return ("Fetched back from their addresses, they are the same to the last byte.",)


def served(generation_id: str, address: str) -> Lines:
    """Return where the pictures of a generation can be seen while the demo runs."""
    return (
        f"Look at them: {address}{generation_id}/grid.png",
        "              and upscale_1.png to upscale_4.png beside it",
    )


def invitation(name: str) -> Lines:
    """Return what can be typed."""
    return (f"You are {name}. Type !imagine <prompt>, !status or !help. Ctrl-C ends the demo.",)


def _job(line: Line) -> str:
    """Return how far a job is, without its prompt and person."""
    wanted = _name(line)
    match line.state:
        case State.WAITING:
            return f"{wanted} accepted, waiting to start"
        case State.RUNNING:
            return f"{wanted} {line.percent} %"
        case State.STOPPED:
            return f"{wanted} stopped"
        case State.ENDED:
            return f"{wanted} finished"


def _name(line: Line) -> str:
    match line.action:
        case Action.IMAGINE:
            return "/imagine"
        case Action.UPSCALE:
            return f"U{line.index}"
        case _:
            return line.action.value


def _embed(embed: Json) -> Lines:
    return tuple(embed[part] for part in ("title", "description") if embed.get(part))
