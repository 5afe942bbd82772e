"""Each command is one line in the log: who, which one, about what, and what became of it."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from domain.errors import StoreUnavailable
from tests.cogs.channel_harness import (
    ANN,
    BEN,
    CHANNEL,
    OLGA,
    STRANGER,
    ChannelHarness,
    open_channel,
)
from tests.cogs.reacting import react
from tests.cogs.recording_http import history


@contextmanager
def logged() -> Generator[list[dict[str, Any]]]:
    """Give the lines about commands, when the block has ended."""
    lines: list[dict[str, Any]] = []
    with capture_logs() as all_lines:
        yield lines
    lines += [dict(line) for line in all_lines if line["event"] == "command"]


async def line_of(harness: ChannelHarness, text: str, by: int = ANN) -> dict[str, Any]:
    """Type a command, and return its one line, without what all lines have."""
    with logged() as lines:
        await harness.say(text, by)
    (line,) = lines
    assert line.pop("message") == max(each["id"] for each in history(CHANNEL) if is_typed(each))
    assert (line.pop("event"), line.pop("log_level"), line.pop("by")) == ("command", "info", by)
    return line


def is_typed(message: dict[str, Any]) -> bool:
    return message["content"].startswith(("!", "/"))


async def test_accepted_prompt_is_named_by_its_code_and_not_by_its_words(
    harness: ChannelHarness,
) -> None:
    line = await line_of(harness, "!imagine a secret fox")
    (row,) = await harness.rows()
    assert line == {"command": "imagine", "gen": row.code, "outcome": "done"}


async def test_generation_is_named_also_where_it_was_not_typed(harness: ChannelHarness) -> None:
    row = await harness.imagined()
    line = await line_of(harness, "!status")
    assert line == {"command": "status", "gen": row.code, "outcome": "done"}


async def test_other_words_for_a_command_are_that_command(harness: ChannelHarness) -> None:
    await harness.imagined()
    assert (await line_of(harness, "!stop"))["command"] == "cancel"


async def test_help_is_a_command_too(harness: ChannelHarness) -> None:
    assert await line_of(harness, "!help") == {"command": "help", "outcome": "done"}


REFUSALS = [
    ("!imagine a cat --ar 3:", ANN, "imagine", "prompt_parameter"),
    ("!imagine @everyone", ANN, "imagine", "prompt_mention"),
    ("!status zzzzzz", ANN, "status", "unknown_code"),
    ("!show", ANN, "show", "no_generation_yet"),
    ("!adopt", ANN, "adopt", "reply_to_grid"),
    ("!history many", ANN, "history", "bad_number"),
    ("!pause", ANN, "pause", "owners_only"),
    ("!imagine a cat", STRANGER, "imagine", "not_allowed"),
    (f"!deny {OLGA}", OLGA, "deny", "owner_stays"),
]


@pytest.mark.parametrize(("text", "by", "command", "why"), REFUSALS)
async def test_refused_command_is_logged_with_a_key_and_no_sentence(
    harness: ChannelHarness, text: str, by: int, command: str, why: str
) -> None:
    line = await line_of(harness, text, by)
    assert line == {"command": command, "outcome": "refused", "why": why}


async def test_refusal_about_a_generation_names_it(harness: ChannelHarness) -> None:
    row = await harness.imagined()
    line = await line_of(harness, f"!cancel {row.code}", BEN)
    assert line == {
        "command": "cancel",
        "gen": row.code,
        "outcome": "refused",
        "why": "not_yours",
    }


async def test_limit_is_named_by_its_kind(limited: ChannelHarness) -> None:
    await limited.imagined()
    assert (await line_of(limited, "!imagine a dog"))["why"] == "quota_daily"


@pytest.fixture
async def limited(tmp_path: Path) -> AsyncGenerator[ChannelHarness]:
    async with open_channel(tmp_path, daily_per_person=1) as opened:
        yield opened


async def test_command_that_waits_for_the_database_has_one_line_until_it_is_done(
    harness: ChannelHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object, **__: object) -> None:
        raise StoreUnavailable("away")

    with logged() as lines:
        with monkeypatch.context() as broken:
            broken.setattr(harness.atelier.store, "create_generation", away)
            await harness.say("!imagine a cat")
            await harness.caught_up()
        await harness.later(60)
    assert [(line["outcome"], line.get("why")) for line in lines] == [
        ("deferred", "StoreUnavailable"),
        ("done", None),
    ]


async def test_message_that_comes_twice_is_done_once(harness: ChannelHarness) -> None:
    typed = harness.typed("!imagine a cat")
    with logged() as lines:
        await harness.receive(typed)
        await harness.receive(typed)
    assert [line["outcome"] for line in lines] == ["done", "repeated"]


async def test_reaction_is_logged_with_the_message_it_is_on(harness: ChannelHarness) -> None:
    row = await harness.imagined()
    assert row.status_message_id is not None
    with logged() as lines:
        await react(harness, "❌", row.status_message_id)
    (line,) = lines
    assert (line["command"], line["gen"]) == ("cancel", row.code)
    assert (line["message"], line["reaction"]) == (row.status_message_id, True)


async def test_commands_of_other_bots_and_by_webhooks_are_not_logged(
    harness: ChannelHarness,
) -> None:
    with logged() as lines:
        await harness.say("!weather")
        await harness.receive(harness.typed("!status", webhook_id="77"))
    assert lines == []


async def test_commands_that_are_too_old_are_logged(harness: ChannelHarness) -> None:
    late = harness.unheard("!imagine a cat", at=harness.clock.now())
    harness.clock.jump(3600)
    with capture_logs() as lines:
        await harness.back()
    (line,) = (line for line in lines if line["event"] == "command_too_late")
    assert (line["by"], line["message"]) == (ANN, late)
