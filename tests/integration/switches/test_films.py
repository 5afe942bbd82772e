"""A film that somebody asks for where that is allowed: paid once, and not kept."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from cogs.sentences.english import ENGLISH
from domain.generation import Problem, ProblemKind, Status
from sandbox import Sandbox
from tests.integration.conftest import RunningBot
from tests.integration.switches.conftest import hurried
from tests.integration.switches.invariants import LogWitness
from tests.integration.switches.switch_harness import (
    NEXT,
    at_rest,
    imagined,
    leave_all,
    leave_only_the_words,
)

pytestmark = pytest.mark.integration


@pytest.mark.parametrize("gap", [leave_all, leave_only_the_words])
async def test_a_film_stays_in_the_channel_and_the_queue_goes_on(
    sandbox: Sandbox,
    tmp_path: Path,
    log_witness: LogWitness,
    gap: Callable[[RunningBot], None],
) -> None:
    """Its ids tell that it is the one that was asked for; people are told where it is."""
    prompt = "a cat --video --motion low"
    async with hurried(sandbox, tmp_path, log_witness, allow_costly="video") as running_bot:
        gap(running_bot)
        await running_bot.imagine(prompt)
        await running_bot.imagine(NEXT)
        film, after = sorted(await at_rest(running_bot, 2), key=lambda row: row.seq)
    assert (film.status, film.problem) == (Status.FAILED, Problem(ProblemKind.FILM))
    assert film.stored == ()
    notice = sandbox.message(film.notice_message_id or 0)
    assert notice is not None
    assert ENGLISH.problems[ProblemKind.FILM] in notice["content"]
    assert (after.prompt, after.status) == (NEXT, Status.COMPLETED)
    assert imagined(running_bot, prompt) == 1
