"""Small records for tests, with defaults for everything that a test does not care about."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from itertools import product
from typing import Any

from domain.events import Action, JobFinished, JobProgress, JobWaiting, MidjourneyNotice
from domain.generation import (
    CODE_ALPHABET,
    CODE_LENGTH,
    Button,
    Generation,
    NewGeneration,
    Picture,
    Status,
    Step,
)
from domain.slots import UPSCALES, Slot, picture_key

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
ANN = 1001
CHANNEL = 2001
GUILD = 3001
GRID_JOB = "0f0e0d0c-1111-4222-8333-444455556666"

# From zzzzzz down, so that no two are the same, and the first ones are not numbers.
_codes = map("".join, product(reversed(CODE_ALPHABET), repeat=CODE_LENGTH))


def new_generation(**changes: Any) -> NewGeneration:
    """Return a new generation; id, code and message differ in every call."""
    unique = uuid.uuid4()
    facts: dict[str, Any] = {
        "id": str(unique),
        "code": next(_codes),
        "prompt": "a lighthouse at dusk --ar 3:2",
        "author_id": ANN,
        "author_name": "Ann",
        "guild_id": GUILD,
        "channel_id": CHANNEL,
        "command_message_id": unique.int >> 70,
    }
    return NewGeneration(**facts | changes)


def generation(status: Status = Status.QUEUED, **changes: Any) -> Generation:
    """Return a record with a status, without filling in what the status implies."""
    facts: dict[str, Any] = {
        "id": str(uuid.uuid4()),
        "code": next(_codes),
        "prompt": "a lighthouse at dusk --ar 3:2",
        "author_id": ANN,
        "author_name": "Ann",
        "guild_id": GUILD,
        "channel_id": CHANNEL,
        "command_message_id": 4001,
        "seq": 1,
        "turn": 1,
        "version": 1,
        "created_at": NOW,
        "updated_at": NOW,
        "status": status,
    }
    return Generation(**facts | changes)


def picture(generation_id: str = "g", slot: Slot = Slot.GRID, **changes: Any) -> Picture:
    """Return the facts of a stored picture."""
    facts: dict[str, Any] = {
        "key": picture_key(generation_id, slot),
        "sha256": "0" * 64,
        "size": 1234,
        "width": 64,
        "height": 64,
        "stored_at": NOW,
    }
    return Picture(**facts | changes)


def u_buttons(job: str = GRID_JOB, pressed: tuple[int, ...] = ()) -> tuple[Button, ...]:
    """Return the U buttons of a grid."""
    return tuple(
        Button(f"MJ::JOB::upsample::{slot.value}::{job}", f"U{slot.value}", slot.value in pressed)
        for slot in UPSCALES
    )


def asked(**changes: Any) -> Step:
    """Return a step that was requested."""
    facts: dict[str, Any] = {"intended_at": NOW}
    return Step(**facts | changes)


def notice(**changes: Any) -> MidjourneyNotice:
    """Return a refusal."""
    facts: dict[str, Any] = {"message_id": 900, "title": "Job action restricted", "text": ""}
    return MidjourneyNotice(**facts | changes)


def waiting(**changes: Any) -> JobWaiting:
    """Return the first message of a job."""
    facts: dict[str, Any] = {"message_id": 100, "prompt": "a lighthouse at dusk --ar 3:2"}
    return JobWaiting(**facts | changes)


def progress(percent: int = 51, **changes: Any) -> JobProgress:
    """Return an edit of the first message."""
    facts: dict[str, Any] = {
        "message_id": 100,
        "prompt": "a lighthouse at dusk --ar 3:2",
        "percent": percent,
    }
    return JobProgress(**facts | changes)


def grid(**changes: Any) -> JobFinished:
    """Return the finished grid's message."""
    facts: dict[str, Any] = {
        "message_id": 200,
        "prompt": "a lighthouse at dusk --ar 3:2",
        "reference_id": 100,
        "job_id": GRID_JOB,
        "picture_url": "https://cdn.discordapp.com/attachments/2001/1/grid.webp?ex=1&is=0&hm=0&",
        "buttons": u_buttons(),
    }
    return JobFinished(**facts | changes)


def film(**changes: Any) -> JobFinished:
    """Return the finished film's message, in the place of a grid's."""
    return grid(**{"action": Action.FILM, "buttons": ()} | changes)


def solo(slot: Slot, **changes: Any) -> JobFinished:
    """Return the finished message of an upscale."""
    facts: dict[str, Any] = {
        "message_id": 300 + slot,
        "prompt": "a lighthouse at dusk --ar 3:2",
        "action": Action.UPSCALE,
        "index": slot.value,
        "reference_id": 200,
        "job_id": f"0f0e0d0c-1111-4222-8333-44445555000{slot.value}",
        "picture_url": f"https://cdn.discordapp.com/attachments/2001/1/solo{slot.value}.png",
        "buttons": (Button("MJ::JOB::high_variation::1::x::SOLO"),),
    }
    return JobFinished(**facts | changes)
