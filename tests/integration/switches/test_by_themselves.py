"""Switches that need more than being turned on; and a check that none is forgotten."""

from __future__ import annotations

from typing import Any, Literal

import pytest

from domain.generation import Status
from sandbox.switch_table import switch_rows
from sandbox.switches import Switches
from tests.integration.conftest import RunningBot
from tests.integration.switches.cases import (
    BY_THEMSELVES,
    CASES,
    DOWNLOADS,
    LOOK_UP_STOPS,
    REQUESTS,
    STOPS,
)
from tests.integration.switches.invariants import LogWitness
from tests.integration.switches.refusals import REFUSED_REQUESTS
from tests.integration.switches.switch_harness import PROMPT, comes_to, ended, imagined, turn

pytestmark = pytest.mark.integration


@pytest.mark.parametrize("person", ["atelier", "ben"])
async def test_a_grid_that_waits_for_a_twin_of_another_job_is_still_its_own(
    running_bot: RunningBot,
    person: str,
) -> None:
    """The other job has the same prompt and ends first, whoever owns it."""
    turn(running_bot, "finish_after_next", value=True, only="grid")
    running_bot.sandbox.imagine_elsewhere(PROMPT, person)
    await comes_to(running_bot, Status.COMPLETED, None)


@pytest.mark.usefixtures("fast_retries")
@pytest.mark.parametrize("only", ["grid", "solo"])
async def test_a_link_that_is_dead_already_is_replaced_by_a_fresh_one(
    running_bot: RunningBot,
    only: str,
) -> None:
    """The switch is set when the result is next to get a link."""

    def just_before(event: str, message: dict[str, Any]) -> None:
        result_is_next = (
            "(7" in message["content"] if only == "grid" else "#1" in message["content"]
        )
        if event != "MESSAGE_DELETE" and result_is_next and not turned:
            turned.append(message)
            turn(running_bot, "link_life", 0)

    turned: list[dict[str, Any]] = []
    running_bot.sandbox.watch(just_before)
    await comes_to(running_bot, Status.COMPLETED, None)
    assert turned
    assert running_bot.sandbox.requests["GET /channels/{channel}/messages"] >= 1


@pytest.mark.fault(name="F08")
@pytest.mark.parametrize("only", ["imagine", "press"])
async def test_nothing_is_sent_before_the_time_that_discord_asks_for(
    running_bot: RunningBot,
    only: str,
) -> None:
    turn(running_bot, "retry_after", 600.0)
    turn(running_bot, "answer_interaction", "429", only)
    await comes_to(running_bot, Status.COMPLETED, None)
    first, second, *_ = (each for each in running_bot.sandbox.interactions if each.kind == only)
    assert first.status == 429
    assert second.at - first.at >= 600
    assert imagined(running_bot) == 1


@pytest.mark.parametrize("answer", ["refuse", "hang up"])
async def test_a_gateway_that_turns_connections_away_is_asked_again(
    running_bot: RunningBot,
    log_witness: LogWitness,
    answer: Literal["refuse", "hang up"],
) -> None:
    log_witness.excused.add("discord.client: Attempting a reconnect")
    gateway = running_bot.sandbox.gateway
    running_bot.sandbox.switches.answer_connect.set(answer)
    gateway.drop()
    await running_bot.imagine(PROMPT)
    await running_bot.sandbox.wait_until(lambda: gateway.counts["connect"] > 2)
    running_bot.sandbox.switches.answer_connect.reset()
    await ended(running_bot, PROMPT, Status.COMPLETED)


@pytest.mark.fault(name="F09")
@pytest.mark.long
@pytest.mark.timeout(240)
@pytest.mark.parametrize(
    "route",
    [
        "POST /channels/{channel}/messages",
        "PATCH /channels/{channel}/messages/{message}",
        "GET /channels/{channel}/messages",
        "GET /guilds/{guild}/application-command-index",
    ],
)
async def test_a_request_that_is_never_answered_keeps_nothing_away_for_long(
    running_bot: RunningBot,
    route: str,
) -> None:
    """The library gives up on it after half a minute of real time, and asks again."""
    if route.startswith("GET /channels"):
        turn(running_bot, "gateway_at_result", "fresh", "grid")
    turn(running_bot, "answer_request", "stall", route)
    await running_bot.imagine(PROMPT)
    await running_bot.until(
        lambda told: (
            told.generation.status == Status.COMPLETED
            and told.generation.notice_message_id is not None
        )
    )


OPEN = {
    "retry_after": (600.0,),
    "link_life": (0,),
    "refusal": (),  # the titles have a test of their own
    "extra_delay": (60.0, 1800.0),
    "somebody_presses": (1, 2, 3, 4),
    "account_settings": ("--p abc123",),
    "picture_grain": (0.1,),
    "ready_megabytes": (6.0,),
    "mode": ("relaxed", "turbo", "fast, stealth"),
}
"""What is tried of the switches that may have any number or text."""


CHOICES = {row.name: set(row.choices) - {row.usual} for row in switch_rows()}


def values_of(name: str) -> set[object]:
    """Return every value of a switch except the usual one."""
    return set(OPEN[name]) if name in OPEN else CHOICES[name]


TRIED = (*CASES, *DOWNLOADS, *STOPS, *REQUESTS, *LOOK_UP_STOPS)


@pytest.mark.parametrize("name", list(Switches().all()))
def test_every_value_of_every_switch_is_tried(name: str) -> None:
    tried = {case.value for case in TRIED if case.switch == name}
    tried |= {value for switch, value in BY_THEMSELVES if switch == name}
    assert tried == values_of(name)


UNMET = {
    "modal",  # the bot fills in no form
    "preview",  # nor does it fetch previews,
    "upload",  # or what people upload
}


@pytest.mark.parametrize("name", [n for n, s in Switches().all().items() if s.kinds])
def test_every_kind_of_occasion_of_a_switch_is_tried(name: str) -> None:
    tried = {case.only for case in TRIED if case.switch == name}
    tried |= {"refusal"} if name == "deliver_event" else set()
    tried |= {each.only for each in REFUSED_REQUESTS} if name.startswith("refusal") else set()
    tried |= {"grid"} if name == "finish_after_next" else set()
    assert tried == set(Switches().all()[name].kinds) - UNMET
