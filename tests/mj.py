"""The recorded shapes of Midjourney's messages (`tests/fixtures/mj`), as JSON and as snapshots."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from domain.messages import AttachmentSnapshot, ButtonSnapshot, EmbedSnapshot, MessageSnapshot

FOLDER = Path(__file__).parent / "fixtures" / "mj"
NAMES = tuple(sorted(path.stem for path in FOLDER.glob("*.json")))

# The people and ids in them.
ACCOUNT_ID = 1180000000000000001
PERSON_ID = 1180000000000000002
CHANNEL_ID = 1190000000000000001
PROGRESS_ID = 1511000000000000100
GRID_ID = 1511000000104857700
WAITING_ID = 1511000000109051900
SOLO_ID = 1511000000111149200
VARIED_ID = 1511000000310378500
INTERACTION_ID = 1511000000000000050
GRID_NONCE = "1510999999958056960"
SOLO_NONCE = "1511000000106954752"
GRID_JOB = "0b5c7d1e-3f42-4a86-9d10-5e7f8a9b0c1d"
SOLO_JOB = "7e21a9c4-58b3-4f0d-8a6e-1c2d3e4f5a6b"
VARY_JOB = "d9e8f7a6-b5c4-4d3e-8f21-0a1b2c3d4e5f"
OTHER_JOB = "c3d4e5f6-0718-4293-a4b5-c6d7e8f90a1b"
CLIP_JOB = "2b9f4c61-7d80-4e15-9a3c-6f5e4d3c2b1a"


def raw(name: str) -> dict[str, Any]:
    """Return the message object as Discord sends it."""
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def snapshot(name: str, **changes: Any) -> MessageSnapshot:
    """Return the message as a snapshot, with some fields changed."""
    return replace(_read(raw(name)), **changes)


def _read(message: dict[str, Any]) -> MessageSnapshot:
    reference = message.get("message_reference", {}).get("message_id")
    interaction = message.get("interaction", {}).get("id")
    return MessageSnapshot(
        id=int(message["id"]),
        author_id=int(message["author"]["id"]),
        content=message["content"],
        nonce=message.get("nonce"),
        flags=message["flags"],
        reference_id=int(reference) if reference else None,
        interaction_id=int(interaction) if interaction else None,
        attachments=tuple(_attachment(each) for each in message["attachments"]),
        buttons=tuple(_button(b) for row in message["components"] for b in row["components"]),
        embeds=tuple(_embed(each) for each in message["embeds"]),
    )


def _attachment(shape: dict[str, Any]) -> AttachmentSnapshot:
    return AttachmentSnapshot(
        filename=shape["filename"],
        url=shape["url"],
    )


def _button(shape: dict[str, Any]) -> ButtonSnapshot:
    return ButtonSnapshot(
        custom_id=shape.get("custom_id"),
        label=shape["label"],
        style=shape["style"],
    )


def _embed(shape: dict[str, Any]) -> EmbedSnapshot:
    return EmbedSnapshot(
        title=shape.get("title", ""),
        description=shape.get("description", ""),
        colour=shape.get("color"),
    )
