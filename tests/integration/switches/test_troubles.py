"""Each trouble that a person may make in the demo brings what it promises."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from domain.generation import ACTIVE, Generation, ProblemKind, Status
from domain.slots import Slot
from sandbox.troubles import RETRY_AFTER, TROUBLES, SandboxTrouble, TroublePanel
from tests.integration.conftest import RunningBot
from tests.integration.switches.invariants import LogWitness
from tests.integration.switches.switch_harness import NEXT, PROMPT, ended, imagined

pytestmark = pytest.mark.integration

AWAY = 300.0
"""Seconds after which a lasting trouble is switched off."""


@dataclass(frozen=True, slots=True)
class TroubleOutcome:
    """How a generation ends: `resumed`, after an owner has let the queue go on."""

    ends: Status = Status.COMPLETED
    why: ProblemKind | None = None
    sent: int = 1  # how often /imagine was accepted
    resumed: bool = False


STORED = TroubleOutcome()
OUTCOMES = {
    "banned-prompt": TroubleOutcome(Status.FAILED, ProblemKind.REFUSED),
    "human-check": TroubleOutcome(Status.NEEDS_ATTENTION, ProblemKind.NO_ANSWER, resumed=True),
    "no-credits": TroubleOutcome(sent=2, resumed=True),
    "queue-full": TroubleOutcome(sent=2),
    "silence": TroubleOutcome(Status.NEEDS_ATTENTION, ProblemKind.NO_ANSWER),
    "cut-short": TroubleOutcome(Status.FAILED, ProblemKind.STOPPED),
    "slow": STORED,
    "lost-final": STORED,
    "pressed-by-hand": STORED,
    "expired-link": STORED,
    "broken-picture": STORED,
    "too-big": STORED,
    "rate-limit": STORED,
    "lost-answer": STORED,
    "gateway-drop": STORED,
    "gateway-gap": STORED,
    "gateway-down": STORED,
    "discord-down": STORED,
}
QUICK = {"banned-prompt", "human-check", "expired-link", "gateway-drop", "discord-down"}
"""Of each kind, and those that only this test has; what the others come to is tested elsewhere."""


@pytest.fixture
def log_witness() -> LogWitness:
    """Watch the log, but allow what the troubles are about."""
    return LogWitness(excused={"queue_stopped", "discord.client: Attempting a reconnect"})


@pytest.mark.parametrize(
    "trouble",
    [
        pytest.param(each, id=each.name, marks=[pytest.mark.long] * (each.name not in QUICK))
        for each in TROUBLES
    ],
)
async def test_a_trouble_brings_what_it_promises(
    running_bot: RunningBot, trouble: SandboxTrouble
) -> None:
    sandbox, outcome = running_bot.sandbox, OUTCOMES[trouble.name]
    panel = TroublePanel(sandbox)
    if trouble.values and not trouble.lasting:
        panel.switch_on(trouble.name)
        await running_bot.imagine(PROMPT)
    else:
        await running_bot.imagine(PROMPT)
        await sandbox.wait_until(lambda: bool(sandbox.jobs))
        panel.switch_on(trouble.name)
    if trouble.lasting:
        await running_bot.atelier.clock.sleep(AWAY)
        assert panel.is_on(trouble.name)
        assert [row.status in ACTIVE for row in await running_bot.generations()] == [True]
        panel.switch_off(trouble.name)
    if outcome.resumed:
        await sandbox.wait_until(lambda: pinged(running_bot))
        await sandbox.say("ann", "!resume")
    end = await ended(running_bot, PROMPT, outcome.ends)
    assert not panel.is_on(trouble.name)
    check(running_bot, end, outcome)
    if trouble.name == "rate-limit":
        first, second, *_ = sandbox.interactions
        assert (first.status, second.at - first.at >= RETRY_AFTER) == (429, True)
    if trouble.name == "pressed-by-hand":
        assert len(sandbox.jobs) == len(Slot)
    await running_bot.imagine(NEXT)
    await ended(running_bot, NEXT, Status.COMPLETED)


def check(running_bot: RunningBot, end: Generation, outcome: TroubleOutcome) -> None:
    """Check the reason, that nothing was paid twice, and that all pictures are there, or none."""
    assert (end.problem and end.problem.kind) == outcome.why
    assert imagined(running_bot) == outcome.sent
    asked = running_bot.sandbox.interactions
    presses = [each.custom_id for each in asked if each.custom_id and each.accepted]
    assert len(presses) == len(set(presses))
    assert len(end.stored) == (len(Slot) if outcome.ends == Status.COMPLETED else 0)


def pinged(running_bot: RunningBot) -> bool:
    ann = running_bot.sandbox.people["ann"].mention
    account = str(running_bot.sandbox.account.id)
    return any(
        ann in message["content"]
        for message in running_bot.sandbox.messages
        if message["author"]["id"] == account
    )
