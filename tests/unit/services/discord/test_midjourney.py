"""What Discord's answers to an interaction mean, and what is sent."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any, cast

import discord
import pytest

from domain.errors import ChannelUnavailable
from domain.generation import Problem, ProblemKind
from domain.reasons import Reason
from domain.sender import Answer, Postponed, Ready, Rejected, Taken, Unknown
from services.discord.interaction_answers import LONGEST_WAIT, read_answer
from services.discord.midjourney import MidjourneyClient
from tests.fakes import FakeClock

STALE_CODE = "INTERACTION_APPLICATION_COMMAND_INVALID_VERSION"
STALE = f'{{"code":50035,"errors":{{"_errors":[{{"code":"{STALE_CODE}"}}]}}}}'


def no(detail: str, retry_after: float | None = None) -> Rejected:
    return Rejected(Problem(ProblemKind.NOT_SENT, detail), retry_after)


def account(detail: str) -> Rejected:
    """Nothing was accepted, and nothing more is to be sent."""
    return Rejected(Problem(ProblemKind.ACCOUNT, detail), retry_after=0)


@pytest.mark.parametrize(
    ("status", "text", "header", "meaning"),
    [
        (204, "", None, Taken()),
        (200, "{}", None, Taken()),
        (400, STALE, None, no(STALE_CODE)),
        (400, '{"captcha_key":["x"]}', None, account(Reason.CAPTCHA)),
        (400, '{"code":50035}', None, no("HTTP 400, code 50035")),
        (401, '{"message":"401", "code":0}', None, account(Reason.LOGGED_OUT)),
        (403, '{"code":10008}', None, account(Reason.BLOCKED)),
        (403, "<html>", None, no("HTTP 403")),
        (404, '{"code":10008}', None, no("HTTP 404, code 10008")),
        (429, '{"retry_after":1.5}', "9", Postponed(Reason.RATE_LIMITED, 1.5)),
        (429, "<html>", "9", Postponed(Reason.RATE_LIMITED, 9)),
        (429, "[]", None, Postponed(Reason.RATE_LIMITED)),
        (429, '{"retry_after":-1}', None, Postponed(Reason.RATE_LIMITED, 0)),
        (429, '{"retry_after":1e300}', None, Postponed(Reason.RATE_LIMITED, LONGEST_WAIT)),
        (429, '{"retry_after":Infinity}', None, Postponed(Reason.RATE_LIMITED)),
        (500, "", None, Unknown("HTTP 500")),
        (504, "<html>", None, Unknown("HTTP 504")),
    ],
)
def test_an_answer_means(status: int, text: str, header: str | None, meaning: Answer) -> None:
    """A server error says nothing about acceptance; only an explicit no is a no."""
    assert read_answer(status, text, header) == meaning


class CommandChannel:
    """Connection and lease in one; fails as it is told to, or offers no command."""

    def __init__(self, failure: Exception | None) -> None:
        self._failure = failure

    async def session(self) -> str:
        return "s"

    async def assured(self) -> None: ...

    async def channel(self) -> CommandChannel:
        return self

    async def application_commands(self) -> list[object]:
        if self._failure is not None:
            raise self._failure
        return []


def failed(kind: type[discord.HTTPException], status: int) -> discord.HTTPException:
    response = SimpleNamespace(status=status, reason="no")
    return kind(cast("Any", response), {"code": 50001, "message": "Accès refusé"})


@pytest.mark.parametrize(
    ("failure", "answer"),
    [
        (None, no(Reason.NO_IMAGINE)),
        (ChannelUnavailable("the channel is not there"), Postponed(Reason.UNREACHABLE)),
        (OSError("no network"), Postponed(Reason.UNREACHABLE)),
        (failed(discord.DiscordServerError, 501), Postponed(Reason.UNREACHABLE)),
        (failed(discord.HTTPException, 429), Postponed(Reason.RATE_LIMITED)),
        (failed(discord.Forbidden, 403), no("looking_up: HTTP 403, code 50001")),
        (failed(discord.HTTPException, 401), account(Reason.LOGGED_OUT)),
    ],
    ids=repr,
)
async def test_what_keeps_the_command_from_being_found_is_a_reason_and_no_english(
    failure: Exception | None, answer: Rejected | Postponed
) -> None:
    channel: Any = CommandChannel(failure)
    bot: Any = SimpleNamespace()
    client = MidjourneyClient(bot, channel, channel, press_interval=0, clock=FakeClock())
    assert await client.prepare(None) == Ready("s", answer)


@pytest.mark.parametrize("press", [None, object()], ids=["an /imagine", "a button"])
async def test_interval_is_between_any_two_requests(press: Any) -> None:
    channel: Any = CommandChannel(None)
    bot: Any = SimpleNamespace()
    clock = FakeClock()
    client = MidjourneyClient(bot, channel, channel, press_interval=1.5, clock=clock)
    await client.prepare(None)
    async with asyncio.TaskGroup() as tasks:
        second = tasks.create_task(client.prepare(press))
        await clock.advance(1.4)
        assert not second.done()
        await clock.advance(0.1)
        assert second.done()


def test_nonces_are_snowflakes_of_now_and_differ_within_a_millisecond() -> None:
    nothing: Any = None
    clock = FakeClock()
    client = MidjourneyClient(nothing, nothing, nothing, press_interval=0, clock=clock)
    # Two only: of a hundred with 22 random bits, two are the same once in 850 times.
    first, second = client.new_nonce(), client.new_nonce()
    assert first != second
    assert [discord.utils.snowflake_time(int(nonce)) for nonce in (first, second)] == (
        [clock.now()] * 2
    )
    assert all(17 <= len(nonce) <= 20 and nonce.isdecimal() for nonce in (first, second))
