"""Whatever fails behind a command: no answer, row, page or line of the log has a secret in it."""

from __future__ import annotations

import io
import logging
from collections.abc import Generator
from typing import Any

import pytest
import structlog

from domain.generation import Generation
from services import logs
from tests.cogs.channel_harness import OLGA, ChannelHarness
from tests.cogs.recording_http import Sent
from tests.cogs.stored_rows import painted
from tests.leaks import ERRORS, SECRETS, found_in
from tests.unit.services.log_harness import FORMATS

COMMANDS = (
    *("imagine a cat", "status", "queue", "show {code}", "again {code}", "upscale {code} 1"),
    *("vary {code} 1", "retry {code}", "cancel {code}", "delete {code}", "favs", "find cat"),
    *("stats", "random", "prefer --ar 3:2", "preset noir film", "pause", "resume", "gallery"),
    *("adopt", "allow 1180000000000000004", "export"),
)
STORE = (
    *("create_generation", "get_generation", "list_generations", "update_generation"),
    *("list_queue", "get_load", "get_pause", "set_pause_by_command", "set_person"),
    *("list_children", "list_newest_of_each", "place_in_queue", "get_generation_of_grid"),
)
COLLECTION = ("search", "draw", "get_statistics", "list_favourites", "set_favourite")
PARTS = ("set_preference", "set_preset")
IMAGES = ("url", "put", "delete", "path")


OF_DISCORD = ("discord", "forbidden", "login", "transport", "disk")
"""No store raises these, and a command that could not be answered is looked for again and again."""


@pytest.fixture
def log(request: pytest.FixtureRequest) -> Generator[io.StringIO]:
    """Give the log as the process writes it."""
    root, stream = logging.getLogger(), io.StringIO()
    handlers, level = list(root.handlers), root.level
    logs.configure(request.param, SECRETS, stream)
    yield stream
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def fail_in(patch: pytest.MonkeyPatch, part: object, names: tuple[str, ...], kind: str) -> None:
    """Let these methods of a part raise."""

    async def fail(*_: Any, **__: Any) -> None:
        error = ERRORS[kind]()
        raise error

    for name in names:
        patch.setattr(type(part), name, fail, raising=False)


async def type_everything(harness: ChannelHarness, row: Generation) -> list[Sent]:
    """Let the owner type every command, and return all that is said."""
    said: list[Sent] = []
    for command in COMMANDS:
        said += await harness.say(f"!{command.format(code=row.code)}", OLGA)
    return said


def everything(harness: ChannelHarness) -> list[object]:
    """Return all that left the bot, as messages and as edits, and what `/health` tells."""
    edits: list[object] = []
    while not harness.http.edits.empty():
        edits.append(harness.http.edits.get_nowait())
    return [*harness.http.sent, *edits, *harness.atelier.what_is_wrong()]


@pytest.mark.parametrize(
    ("log", "kind"),
    [("logfmt", kind) for kind in ERRORS if kind not in OF_DISCORD]
    + [(other, "groups") for other in FORMATS[1:]],
    indirect=["log"],
)
async def test_nothing_that_a_store_raises_is_said_written_or_kept(
    harness: ChannelHarness, log: io.StringIO, kind: str
) -> None:
    row, atelier = await painted(harness), harness.atelier
    with pytest.MonkeyPatch.context() as patch:
        fail_in(patch, atelier.store, STORE, kind)
        fail_in(patch, atelier.store.collection, COLLECTION, kind)
        fail_in(patch, atelier.store.parts, PARTS, kind)
        fail_in(patch, atelier.images, IMAGES, kind)
        assert await type_everything(harness, row)
    out = everything(harness)
    rows = await harness.rows()
    harness.failures.clear()  # they are in the log
    assert [found for found in (*out, *rows) if found_in(found)] == []
    assert found_in(log.getvalue()) == []


@pytest.mark.parametrize(
    ("log", "kind"),
    [("logfmt", "discord"), ("json", "forbidden"), ("console", "transport")],
    indirect=["log"],
)
async def test_nothing_that_discord_answers_is_said_written_or_kept(
    harness: ChannelHarness, log: io.StringIO, kind: str
) -> None:
    row = await painted(harness)
    harness.http.refusal = ERRORS[kind]()
    await type_everything(harness, row)
    harness.http.refusal = None
    await harness.say("!status", OLGA)
    out, rows = everything(harness), await harness.rows()
    harness.failures.clear()
    assert out
    assert [found for found in (*out, *rows) if found_in(found)] == []
    assert log.getvalue()
    assert found_in(log.getvalue()) == []
