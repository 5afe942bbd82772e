"""Puts generations in the state that a test needs into the bot's database."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from domain.generation import Button, Generation, Problem, ProblemKind, Status, Step
from domain.ports import Outcome
from domain.slots import UPSCALES, Slot
from services.generation.service import draw_code
from tests import mj
from tests.builders import GRID_JOB, asked, new_generation, picture, u_buttons
from tests.cogs.channel_harness import ANN, CHANNEL, GUILD, ChannelHarness
from tests.cogs.recording_http import history

SOME_FILE = Path(__file__)
"""Nobody looks into it."""
GRID_MESSAGE = 200
"""The grid of the first row that is made; each one has its own."""
V_BUTTONS = tuple(
    Button(f"MJ::JOB::variation::{slot.value}::{GRID_JOB}", f"V{slot.value}") for slot in UPSCALES
)
REROLL = Button(f"MJ::JOB::reroll::0::{GRID_JOB}::SOLO", "🔄")
ALL_BUTTONS = (*u_buttons(), *V_BUTTONS, REROLL)
NO_ANSWER = Problem(ProblemKind.NO_ANSWER)


async def queued(harness: ChannelHarness, **changes: Any) -> Generation:
    """Return a queued generation of Ann's, without any typed command."""
    facts: dict[str, Any] = {"author_id": ANN, "channel_id": CHANNEL, "guild_id": GUILD}
    new = new_generation(**facts | {"prompt": "a cat", "code": draw_code()} | changes)
    change = await harness.atelier.store.create_generation(
        new, fence=harness.atelier.lease_keeper.lease.fence
    )
    return change.row


async def changed(harness: ChannelHarness, row: Generation, **facts: Any) -> Generation:
    """Return a row with other facts."""
    fence = harness.atelier.lease_keeper.lease.fence
    after = replace(row, **facts)
    change = await harness.atelier.store.update_generation(row, after, event="made up", fence=fence)
    assert change.outcome == Outcome.DONE, change.outcome
    return change.row


async def failed(
    harness: ChannelHarness,
    kind: ProblemKind = ProblemKind.REFUSED,
    *,
    begun: bool = True,
    **changes: Any,
) -> Generation:
    """Return a generation of Ann's that has failed without any picture."""
    row = await queued(harness, **changes)
    if begun:
        row = row.with_step(Slot.GRID, asked())
    return await changed(
        harness, row, status=Status.FAILED, steps=row.steps, problem=Problem(kind, "no cats")
    )


async def unknown(harness: ChannelHarness, **changes: Any) -> Generation:
    """Return a generation of Ann's for which nobody knows whether Midjourney accepted it."""
    row = (await queued(harness, **changes)).with_step(Slot.GRID, asked(nonce="12"))
    return await changed(harness, row, status=Status.NEEDS_ATTENTION, problem=NO_ANSWER)


async def painted(
    harness: ChannelHarness,
    *numbers: int,
    grid_message: int | None = None,
    buttons: tuple[Button, ...] = ALL_BUTTONS,
    **changes: Any,
) -> Generation:
    """Return a generation of Ann's with its grid and some upscales; the last wanted one ends it."""
    row = await queued(harness, **changes)
    message_id = GRID_MESSAGE - 1 + row.seq if grid_message is None else grid_message
    grid = Step(intended_at=row.created_at, message_id=message_id)
    row = await changed(
        harness,
        row.with_step(Slot.GRID, grid),
        status=Status.SUBMITTED,
        buttons=buttons,
        notice_message_id=5,
    )
    for slot in (Slot.GRID, *(Slot(number) for number in numbers)):
        stored = picture(row.id, slot)
        await harness.atelier.images.put(stored.key, SOME_FILE)
        fence = harness.atelier.lease_keeper.lease.fence
        row = (await harness.atelier.store.record_picture(row.id, slot, stored, fence=fence)).row
    return row


async def ended(
    harness: ChannelHarness,
    status: Status = Status.COMPLETED,
    slots: tuple[Slot, ...] = tuple(Slot),
    sizes: dict[Slot, int] | None = None,
) -> Generation:
    """Return a finished generation of Ann's, with its files in the image store."""
    row = replace(await harness.imagined("a cat"), status=status, completed_at=harness.clock.now())
    if Slot.GRID in slots:
        row = replace(row, buttons=ALL_BUTTONS)
    for slot in slots:
        stored = picture(row.id, slot, size=(sizes or {}).get(slot, 1234))
        await harness.atelier.images.put(stored.key, SOME_FILE)
        row = row.with_step(slot, replace(row.step(slot), picture=stored))
    await harness.sent()
    return row


async def now(harness: ChannelHarness, row: Generation) -> Generation:
    """Return a row as it is now."""
    found = await harness.atelier.store.get_generation(row.id)
    assert found is not None
    return found


def grid_by_hand(name: str = "imagine_final") -> int:
    """Put a recorded message of Midjourney's into the history, and return its id."""
    return message_of_midjourneys(name, int(mj.raw(name)["id"]))


def message_of_midjourneys(name: str, message_id: int, reference: int | None = None) -> int:
    """Put such a message into the history under another id, perhaps as a reply to another."""
    raw = mj.raw(name)
    message: dict[str, Any] = raw | {
        "id": message_id,
        "channel_id": CHANNEL,
        "guild_id": GUILD,
        "author": {"username": "bot", "discriminator": "0000", "avatar": None, **raw["author"]},
        **dict.fromkeys(("mentions", "mention_roles"), ()),
        **dict.fromkeys(("mention_everyone", "pinned", "tts"), False),
    }
    if reference is not None:
        message["message_reference"] |= {"message_id": reference}
    history(CHANNEL).append(message)
    return message_id
