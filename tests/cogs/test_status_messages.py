"""The status messages: edited rarely, but never left out of date."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import suppress
from dataclasses import dataclass
from typing import cast

import discord
import pytest

from domain.errors import ChannelUnavailable
from services.discord.connection import DiscordConnection
from services.discord.message_rate import MOMENT
from services.discord.messenger import Messenger
from services.discord.status_messages import StatusMessages
from services.lease import LeaseKeeper
from tests.cogs.recording_http import refused
from tests.fakes import FakeClock

ONE, TWO = 11, 12


class Assured:
    """A lease that lasts."""

    async def assured(self) -> None: ...


class EditedChannel:
    """A connection and its channel in one, which record when each message got which text."""

    def __init__(self, clock: FakeClock) -> None:
        self.clock = clock
        self.away = False
        self.edits: list[tuple[float, int, str]] = []
        self.asked = 0
        self.pings: list[discord.AllowedMentions] = []
        self.refusals: list[Exception] = []
        connection, lease_keeper = cast("DiscordConnection", self), cast("LeaseKeeper", Assured())
        self.messenger = Messenger(connection, lease_keeper, clock)

    async def channel(self) -> EditedChannel:
        return self

    def get_partial_message(self, message_id: int) -> EditedMessage:
        return EditedMessage(self, message_id)


@dataclass
class EditedMessage:
    channel: EditedChannel
    id: int

    async def edit(self, *, content: str, allowed_mentions: discord.AllowedMentions) -> None:
        self.channel.asked += 1
        if self.channel.refusals:
            raise self.channel.refusals.pop(0)
        self.channel.edits.append((self.channel.clock.monotonic(), self.id, content))
        self.channel.pings.append(allowed_mentions)


@pytest.fixture
def channel() -> EditedChannel:
    return EditedChannel(FakeClock())


@pytest.fixture
async def status_messages(channel: EditedChannel) -> AsyncGenerator[StatusMessages]:
    """Run the status messages on the edited channel."""
    status_messages = StatusMessages(channel.messenger, channel.clock)
    work = asyncio.create_task(status_messages.run())
    yield status_messages
    work.cancel()
    with suppress(asyncio.CancelledError):
        await work


async def test_first_text_is_shown_at_once(
    status_messages: StatusMessages, channel: EditedChannel
) -> None:
    status_messages.show(ONE, "a")
    await channel.clock.advance(0)
    assert channel.edits == [(0, ONE, "a")]


async def test_texts_follow_three_seconds_apart_and_those_between_are_dropped(
    status_messages: StatusMessages, channel: EditedChannel
) -> None:
    for text in "abcdefgh":
        status_messages.show(ONE, text)
        await channel.clock.advance(1)
    assert channel.edits == [(0, ONE, "a"), (3, ONE, "c"), (6, ONE, "f")]


async def test_last_text_is_never_dropped(
    status_messages: StatusMessages, channel: EditedChannel
) -> None:
    for text in "ab":
        status_messages.show(ONE, text)
        await channel.clock.advance(0)
    await channel.clock.advance(60)
    assert channel.edits[-1] == (3, ONE, "b")


async def test_each_message_has_its_own_interval(
    status_messages: StatusMessages, channel: EditedChannel
) -> None:
    status_messages.show(ONE, "a")
    await channel.clock.advance(1)
    status_messages.show(TWO, "x")
    await channel.clock.advance(1)
    status_messages.show(ONE, "b")
    status_messages.show(TWO, "y")
    await channel.clock.advance(60)
    assert channel.edits == [(0, ONE, "a"), (1, TWO, "x"), (3, ONE, "b"), (4, TWO, "y")]


async def test_text_that_is_there_already_is_not_sent_again(
    status_messages: StatusMessages, channel: EditedChannel
) -> None:
    for text in "aaba":
        status_messages.show(ONE, text)
        await channel.clock.advance(0.5)
    await channel.clock.advance(60)
    assert channel.edits == [(0, ONE, "a")]


async def test_edits_ping_nobody(status_messages: StatusMessages, channel: EditedChannel) -> None:
    status_messages.show(ONE, "a")
    await channel.clock.advance(0)
    assert [pings.to_dict() for pings in channel.pings] == [{"parse": []}]


@pytest.mark.parametrize(
    "error",
    [
        refused(discord.DiscordServerError, 503),
        ChannelUnavailable("the guild is out of order"),
        ConnectionResetError(),
    ],
    ids=lambda error: type(error).__name__,
)
async def test_what_passes_delays_the_newest_text(
    status_messages: StatusMessages, channel: EditedChannel, error: Exception
) -> None:
    channel.refusals = [error]
    status_messages.show(ONE, "a")
    await channel.clock.advance(1)
    status_messages.show(ONE, "b")
    await channel.clock.advance(60)
    assert channel.edits == [(3, ONE, "b")]


async def test_all_wait_as_long_as_discord_says_and_then_show_their_newest_text(
    status_messages: StatusMessages, channel: EditedChannel
) -> None:
    channel.refusals = [discord.RateLimited(60.0, cloudflare=False)]
    status_messages.show(ONE, "a")
    await channel.clock.advance(1)
    status_messages.show(TWO, "x")
    await channel.clock.advance(30)
    status_messages.show(ONE, "b")
    await channel.clock.advance(28)
    assert channel.asked == 1
    await channel.clock.advance(60)
    over = 60 + MOMENT
    assert channel.edits == [(over, ONE, "b"), (over, TWO, "x")]


async def test_only_text_is_tried_again_after_what_passes(
    status_messages: StatusMessages, channel: EditedChannel
) -> None:
    channel.refusals = [ConnectionResetError(), refused(discord.HTTPException, 429)]
    status_messages.show(ONE, "a")
    await channel.clock.advance(60)
    assert channel.edits == [(3 + 6, ONE, "a")]


@pytest.mark.parametrize(
    "error",
    [
        refused(discord.NotFound, 404),
        refused(discord.Forbidden, 403),
        refused(discord.HTTPException, 400),
    ],
    ids=lambda error: type(error).__name__,
)
async def test_refused_text_is_given_up_and_the_work_goes_on(
    status_messages: StatusMessages, channel: EditedChannel, error: Exception
) -> None:
    channel.refusals = [error]
    status_messages.show(ONE, "a")
    await channel.clock.advance(60)
    assert channel.edits == []
    status_messages.show(ONE, "b")
    status_messages.show(TWO, "x")
    await channel.clock.advance(0)
    assert channel.edits == [(60, ONE, "b"), (60, TWO, "x")]


async def test_nothing_is_remembered_of_messages_long_done(
    status_messages: StatusMessages, channel: EditedChannel
) -> None:
    async def gone() -> None: ...

    for number in range(100):
        status_messages.show(number, "a", gone)
        await channel.clock.advance(3)
        channel.refusals = [ConnectionResetError()]
        status_messages.show(number, "b", gone)
        await channel.clock.advance(1)
        status_messages.show(number, "a", gone)
        await channel.clock.advance(3)
    assert len(channel.edits) == 100
    assert sum(len(held) for held in vars(status_messages).values() if isinstance(held, dict)) <= 4  # pyright: ignore[reportUnknownArgumentType] -- any dictionary


async def test_a_message_that_is_gone_is_told_once(
    status_messages: StatusMessages, channel: EditedChannel
) -> None:
    told: list[str] = []

    async def gone() -> None:
        told.append("gone")

    channel.refusals = [refused(discord.NotFound, 404)]
    status_messages.show(ONE, "a", gone)
    await channel.clock.advance(30)
    assert told == ["gone"]
    assert channel.edits == []


async def test_the_longer_discord_refuses_the_seldomer_it_is_tried(
    status_messages: StatusMessages, channel: EditedChannel
) -> None:
    channel.refusals = [ConnectionResetError()] * 4
    status_messages.show(ONE, "a")
    await channel.clock.advance(44)
    assert channel.edits == []
    await channel.clock.advance(1)
    assert channel.edits == [(3 + 6 + 12 + 24, ONE, "a")]


async def test_edit_that_may_wait_holds_up_no_other_and_shows_the_latest(
    status_messages: StatusMessages, channel: EditedChannel
) -> None:
    begun = channel.clock.monotonic()
    status_messages.show(TWO, "paused", after=2)
    status_messages.show(ONE, "46%")
    await channel.clock.advance(1)
    status_messages.show(TWO, "on again", after=0)
    await channel.clock.advance(9)
    assert channel.edits == [(begun, ONE, "46%"), (begun + 2, TWO, "on again")]


async def test_a_text_without_news_waits_longer_and_one_with_news_does_not_wait_for_it(
    channel: EditedChannel, status_messages: StatusMessages
) -> None:
    status_messages.show(ONE, "a")
    await channel.clock.advance(1)
    status_messages.show(ONE, "31%", calm=True)
    await channel.clock.advance(8)
    assert [text for _, _, text in channel.edits] == ["a"]
    await channel.clock.advance(1)
    assert channel.edits[-1] == (10, ONE, "31%")
    status_messages.show(ONE, "46%", calm=True)
    await channel.clock.advance(4)
    status_messages.show(ONE, "grid")
    await channel.clock.advance(0)
    assert channel.edits[-1] == (14, ONE, "grid")
    status_messages.show(ONE, "U1")
    status_messages.show(ONE, "U1, later", calm=True)
    await channel.clock.advance(3)
    assert channel.edits[-1] == (17, ONE, "U1, later")
