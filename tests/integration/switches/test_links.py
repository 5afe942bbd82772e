"""Prompts with a link to a picture: Midjourney shortens it, maybe differently in every echo."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from domain.generation import Status
from sandbox import Sandbox
from tests.integration.conftest import RunningBot
from tests.integration.switches.conftest import hurried
from tests.integration.switches.invariants import LogWitness
from tests.integration.switches.switch_harness import (
    its_end,
    leave_all,
    leave_only_the_first_words,
    leave_only_the_words,
    turn,
)

pytestmark = pytest.mark.integration

SHORT = re.compile(r"https://s\.mj\.run/\w+")


@pytest.fixture
async def running_bot(
    sandbox: Sandbox, tmp_path: Path, log_witness: LogWitness
) -> AsyncIterator[RunningBot]:
    """Run a bot that allows links."""
    async with hurried(sandbox, tmp_path, log_witness, allow_image_prompts=True) as running_bot:
        yield running_bot


@pytest.mark.parametrize("gap", [leave_all, leave_only_the_first_words, leave_only_the_words])
@pytest.mark.parametrize("echo_changes", [False, True])
async def test_a_prompt_with_a_link_comes_to_five_pictures(
    running_bot: RunningBot,
    gap: Callable[[RunningBot], None],
    echo_changes: bool,
) -> None:
    gap(running_bot)
    turn(running_bot, "echo_changes", echo_changes, times=5)
    links = await links_of(running_bot, "https://example.org/a.png a cat")
    assert len(links) == 1 + echo_changes


async def test_pictures_to_edit_come_to_five_pictures(running_bot: RunningBot) -> None:
    leave_only_the_words(running_bot)
    turn(running_bot, "echo_changes", value=True, times=5)
    links = await links_of(
        running_bot, "a cat --edit https://example.org/a.png https://example.org/b.png --ar 3:2"
    )
    assert len(links) == 4
    assert all("--edit <https" in job.prompt for job in running_bot.sandbox.jobs)


async def links_of(running_bot: RunningBot, prompt: str) -> set[str]:
    """Have the pictures made, and return the links in Midjourney's echoes."""
    links: set[str] = set()

    def collect(_: str, message: dict[str, Any]) -> None:
        links.update(SHORT.findall(message["content"]))

    running_bot.sandbox.watch(collect)
    await running_bot.imagine(prompt)
    end = await its_end(running_bot)
    assert (end.status, end.problem) == (Status.COMPLETED, None)
    return links
