"""Messages of the channel as text for a terminal, and the demo's own sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cogs.sentences.english import ENGLISH
from demo.markup import SMALL
from domain.content import Line, State, read
from domain.events import Action
from domain.generation import ENDED
from domain.messages import MIDJOURNEY_ID

if TYPE_CHECKING:
    from pathlib import Path

Json = dict[str, Any]
Lines = tuple[str, ...]

MIDJOURNEY = "midjourney"
DEMO = "demo"

_ENDS = tuple(f"% · {ENGLISH.stages[status]} ·" for status in ENDED)

_INTRODUCTION = (
    "This is the real bot. A sandbox on this machine stands in for Discord and Midjourney:"
)
_COST = "it needs no account and costs nothing, and the pictures are drawn, not dreamt."


def speaker(message: Json) -> str:
    """Return the name before what somebody says."""
    author = message["author"]
    return MIDJOURNEY if author["id"] == str(MIDJOURNEY_ID) else str(author["username"])


def describe(message: Json, *, addresses: bool = False) -> Lines:
    """Return a message's lines, in Discord's markup: Midjourney's about jobs in short.

    Its files are named; with `addresses`, the address of each is a line of its own.
    """
    line = _job_line(message)
    if line is not None:
        return (_job(line),)
    said = [message["content"], *(text for each in message["embeds"] for text in _embed(each))]
    lines = tuple(line for text in said for line in text.splitlines())
    return lines + _files(message, addresses=addresses)


def grid_address(message: Json) -> str | None:
    """Return where the grid is that Midjourney has finished with this message, if it is one."""
    line, files = _job_line(message), message["attachments"]
    if line is None or line.state != State.ENDED or line.action == Action.UPSCALE or not files:
        return None
    return str(files[0]["url"])


def shows_the_end(lines: Lines) -> bool:
    """Return whether this is the bot's status message of a generation that has ended."""
    return any(end in line for line in lines for end in _ENDS)


def changed(before: Lines, after: Lines) -> Lines:
    """Return the lines of an edited message that were not there before."""
    return tuple(line for line in after if line not in before)


def greeting(pictures: Path | None, log: Path) -> Lines:
    """Return the introduction for somebody who sees the demo for the first time.

    `pictures` is the folder of the pictures; without one, they are gone when the demo ends.
    """
    until = "in a Supabase project on this machine, until the demo ends"
    return (
        f"{_INTRODUCTION} {_COST}",
        f"Pictures: {pictures or until}",
        f"Log: {log}",
    )


def stored(code: str, folder: Path | None) -> Lines:
    """Return where the grid and the upscales of a generation are kept."""
    if folder is None:
        return (f"The grid and the upscales of {code} are in Supabase.",)
    return (f"The grid and the upscales of {code} are in", str(folder))


def verified() -> Lines:
    """Return the result of downloading the pictures again from their addresses."""
    return ("Fetched back from their addresses, they are the same to the last byte.",)


def served(generation_id: str, address: str) -> Lines:
    """Return where the pictures of a generation can be seen while the demo runs."""
    return (
        "Look at them, upscale_1.png to upscale_4.png beside the grid:",
        f"{address}{generation_id}/grid.png",
    )


def invitation(name: str) -> Lines:
    """Return what can be typed."""
    return (f"You are {name}. Type !imagine <prompt>, !status or !help. Ctrl-C ends the demo.",)


def farewell(pictures: Path | None, count: int) -> Lines:
    """Return where the pictures are that the demo has made, `count` in all."""
    if not count:
        return ("No pictures were made.",)
    yours = "Your picture is" if count == 1 else f"Your {count} pictures are"
    if pictures is None:
        return (f"{yours} in the Supabase project, which ends with the demo.",)
    return (f"{yours} in", str(pictures))


def _job_line(message: Json) -> Line | None:
    return read(message["content"]) if speaker(message) == MIDJOURNEY else None


def _files(message: Json, *, addresses: bool) -> Lines:
    files = message["attachments"]
    if addresses:
        return tuple(line for file in files for line in (file["filename"], f"{SMALL}{file['url']}"))
    return (", ".join(file["filename"] for file in files),) if files else ()


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
