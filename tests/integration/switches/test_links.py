"""Prompts with a link to a picture: Midjourney shortens it, and may do so anew in every echo."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from domain.generation import Status
from sandbox import Sandbox
from tests.integration.conftest import House
from tests.integration.switches.conftest import hurried
from tests.integration.switches.course import (
    its_end,
    leave_all,
    leave_only_the_first_words,
    leave_only_the_words,
    turn,
)
from tests.integration.switches.truth import Witness

pytestmark = pytest.mark.integration

SHORT = re.compile(r"https://s\.mj\.run/\w+")


@pytest.fixture
async def house(sandbox: Sandbox, tmp_path: Path, witness: Witness) -> AsyncIterator[House]:
    """Run a bot that lets links pass."""
    async with hurried(sandbox, tmp_path, witness, allow_image_prompts=True) as house:
        yield house


@pytest.mark.parametrize("gap", [leave_all, leave_only_the_first_words, leave_only_the_words])
@pytest.mark.parametrize("echo_changes", [False, True])
async def test_a_prompt_with_a_link_comes_to_five_pictures(
    house: House,
    gap: Callable[[House], None],
    echo_changes: bool,
) -> None:
    links: set[str] = set()

    def collect(_: str, message: dict[str, Any]) -> None:
        links.update(SHORT.findall(message["content"]))

    house.sandbox.watch(collect)
    gap(house)
    turn(house, "echo_changes", echo_changes, times=5)
    await house.imagine("https://example.org/a.png a cat")
    end = await its_end(house)
    assert (end.status, end.problem) == (Status.COMPLETED, None)
    assert len(links) == 1 + echo_changes
