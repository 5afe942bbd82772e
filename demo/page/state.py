"""What is beside the channel: the generation at work, the queue, rows and event rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from domain.content import State, read
from domain.generation import Generation, Status, Step
from domain.messages import MIDJOURNEY_ID
from domain.settling import overall
from domain.slots import Slot
from sandbox.troubles import TROUBLES
from services.database.rows import from_row

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from demo.page.parts import BotStatus, Contents, Row
    from sandbox.people import Json
    from sandbox.troubles import TroublePanel

_EXACT = 2**53
"""From here on, JavaScript's numbers have gaps: Discord's ids are sent as text."""
_IDS = ("nonce", "interaction_id", "progress_message_id", "job_id", "message_id")


def database_state(contents: Contents, percent: Callable[[Generation], int | None]) -> Json:
    """Return the parts that come from the database; `percent` is Midjourney's of a generation."""
    rows = contents.rows
    codes = {row["id"]: row["code"] for row in rows}
    generations = [from_row(row) for row in rows]
    queued = sorted(
        (each for each in generations if each.status == Status.QUEUED),
        key=lambda each: (each.turn, each.seq),
    )
    work = _at_work(generations)
    return {
        "work": None if work is None else shown_work(work, percent(work)),
        "queue": [_waiting(each) for each in queued],
        "rows": [exact(row) for row in rows],
        "events": [_event(event, codes) for event in contents.events],
    }


def bot_state(bot: BotStatus) -> Json:
    """Return what the page shows of the bot's process."""
    return {"running": bot.running, "ready": bot.ready, "starts": bot.starts}


def trouble_state(troubles: TroublePanel) -> list[str]:
    """Return the names of the troubles that are on."""
    return [trouble.name for trouble in TROUBLES if troubles.is_on(trouble.name)]


def percent_of(generation: Generation, find: Callable[[int], Json | None]) -> int | None:
    """Return Midjourney's percentage in the progress message of its grid, if there is one."""
    progress = generation.step(Slot.GRID).progress_message_id
    message = None if progress is None else find(progress)
    if message is None or message["author"]["id"] != str(MIDJOURNEY_ID):
        return None
    line = read(message["content"])
    return line.percent if line is not None and line.state == State.RUNNING else None


def shown_work(generation: Generation, percent: int | None) -> Json:
    """Return one generation with its five steps, and their ids as far as they are known."""
    wanted = {Slot.GRID, *generation.wanted}
    return {
        "code": generation.code,
        "prompt": generation.prompt,
        "person": generation.author_name,
        "status": generation.status.value,
        "active": generation.active,
        "progress": round(overall(generation, percent), 1),
        "problem": None if generation.problem is None else str(generation.problem),
        "steps": [
            {"slot": slot.title, **_step(generation.step(slot))} for slot in Slot if slot in wanted
        ],
    }


def exact(value: Any) -> Any:
    """Return JSON whose large numbers are text."""
    if isinstance(value, dict):
        return {key: exact(each) for key, each in cast("Json", value).items()}
    if isinstance(value, list):
        return [exact(each) for each in cast("list[Any]", value)]
    is_large = isinstance(value, int) and abs(value) >= _EXACT
    return str(value) if is_large else value


def _at_work(generations: Sequence[Generation]) -> Generation | None:
    """Return the active one, or else the one that changed last."""
    active = [each for each in generations if each.active]
    begun = [each for each in generations if each.status != Status.QUEUED]
    return max(active or begun, key=lambda each: each.updated_at, default=None)


def _waiting(generation: Generation) -> Json:
    return {
        "code": generation.code,
        "prompt": generation.prompt,
        "person": generation.author_name,
    }


def _step(step: Step) -> Json:
    ids = {name: getattr(step, name) for name in _IDS}
    picture = step.picture
    return {
        "stage": _stage(step),
        "ids": {name: str(value) for name, value in ids.items() if value is not None},
        "size": None if picture is None else [picture.width, picture.height, picture.size],
        "problem": None if step.problem is None else str(step.problem),
    }


def _stage(step: Step) -> str:
    if step.settled:
        return "stored" if step.picture is not None else "given up"
    if step.message_id is not None:
        return "finished"
    if step.accepted_at is not None:
        return "accepted"
    if step.delivered_at is not None:
        return "sent"
    return "asked for" if step.intended_at is not None else "to come"


def _event(event: Row, codes: Mapping[str, str]) -> Json:
    name = event["generation_id"]
    return exact(dict(event)) | {"code": codes.get(name, name[:8])}
