"""What the account posts in the channel: replies, notices, pings, and edits of its messages."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from pathlib import Path
from typing import Any

import discord
import stamina
import structlog

from domain.errors import ChannelUnavailable
from domain.ports import Clock
from services.discord.connection import PASSING, DiscordConnection, new_message_nonce
from services.discord.message_parts import Send, parts, send_in_parts
from services.discord.message_rate import MessageRate
from services.lease import LeaseKeeper

log = structlog.get_logger(__name__)


class Messenger:
    """Posts messages, but only while no other process may be at work."""

    def __init__(
        self, connection: DiscordConnection, lease_keeper: LeaseKeeper, clock: Clock
    ) -> None:
        """Keep the parts."""
        self._connection = connection
        self._lease_keeper = lease_keeper
        self._sends, self._edits = MessageRate(clock), MessageRate(clock)

    async def post(
        self,
        send: Send,
        text: str,
        *,
        files: Mapping[str, Path],
        nonce: str,
        patient: bool = True,
        **facts: Any,
    ) -> discord.Message:
        """Send a text once, when Discord takes messages again; raise what Discord answers.

        Without patience, because others wait for the caller, it raises `discord.RateLimited`.
        """
        if patient and await self._sends.wait():
            await self._lease_keeper.may_speak()
        request = functools.partial(send_in_parts, send, text, files=files, nonce=nonce, **facts)
        return await self._sends.ask(request)

    async def send_notice(
        self,
        text: str,
        *,
        reply_to: int | None,
        files: Mapping[str, Path],
        notify: int | None,
        without_files: str = "",
        nonce: str | None = None,
    ) -> discord.Message | None:
        """Send a notice as a reply, which pings at most one person: `notify`.

        They are pinged if it replies to a message of theirs, or mentions them.
        `without_files` is the text to send if Discord refuses the files. Returns None if Discord
        refuses the notice; that is logged, and the work goes on. Raises `ChannelUnavailable` if
        Discord does not answer: then it may be tried again with the same `nonce`, and Discord drops
        the second copy. Waits while another process may be at work.
        """
        await self._lease_keeper.assured()
        send = functools.partial(self._reply, to=reply_to, notify=notify)
        sent = await send(text, files=files, nonce=nonce)
        if sent is None and files:
            sent = await send(without_files, files={}, nonce=nonce)
        return sent

    async def reply(self, text: str, to: int | None) -> discord.Message | None:
        """Post a text without a ping, perhaps as a reply; return None if Discord refuses it.

        Raises `ChannelUnavailable` if Discord does not answer, and `StoreUnavailable` while another
        process may be at work: try again then. It does not wait itself, because others may be
        waiting for the caller.
        """
        self._lease_keeper.check()
        return await self._reply(text, to, files={}, notify=None, patient=False)

    async def _reply(
        self,
        text: str,
        to: int | None,
        *,
        files: Mapping[str, Path],
        notify: int | None,
        nonce: str | None = None,
        patient: bool = True,
    ) -> discord.Message | None:
        pings = discord.AllowedMentions.none()
        pings.replied_user = notify is not None
        if notify is not None:
            pings.users = [discord.Object(notify)]
        nonce = nonce or new_message_nonce()
        attempts = 6 if patient else 2
        try:
            channel = await self._connection.channel()
            tries = stamina.retry_context(on=PASSING, attempts=attempts, wait_max=30)
            async for attempt in tries.with_name("post a notice", (), {}):
                with attempt:
                    return await self.post(
                        channel.send,
                        text,
                        patient=patient,
                        files=files,
                        reference=None if to is None else _reference(channel, to),
                        allowed_mentions=pings,
                        nonce=nonce,
                    )
        except PASSING as error:
            msg = f"a reply cannot be sent: {error}"
            raise ChannelUnavailable(msg) from error
        except discord.HTTPException as error:
            _raise_if_later(error)
            log.warning("notice_not_sent", why=str(error))
        return None

    async def until_editable(self) -> None:
        """Wait until Discord takes edits."""
        await self._edits.wait()

    async def edit(self, message_id: int, text: str) -> bool:
        """Edit a message of the account, or raise `ChannelUnavailable`; return False if it is gone.

        If Discord refuses for another reason, that is only logged. Waits while another process may
        be at work, but not for a gateway that is away.
        """
        await self._lease_keeper.assured()
        try:
            connection = self._connection
            channel = connection.known_channel() if connection.away else await connection.channel()
            edit = functools.partial(
                channel.get_partial_message(message_id).edit,
                content=parts(text)[0],
                allowed_mentions=discord.AllowedMentions.none(),
            )
            await self._edits.ask(edit)
        except PASSING as error:
            msg = f"message {message_id} cannot be edited now: {error}"
            raise ChannelUnavailable(msg) from error
        except discord.HTTPException as error:
            _raise_if_later(error)
            log.warning("status_not_shown", message=message_id, why=str(error))
            return not isinstance(error, discord.NotFound)
        return True

    async def call(self, text: str, people: Sequence[int]) -> None:
        """Send a message that pings these people, unless another process has taken over."""
        await self._lease_keeper.may_speak()
        pings = discord.AllowedMentions.none()
        pings.users = [discord.Object(person) for person in people]
        tries = stamina.retry_context(on=PASSING, attempts=6, wait_max=30)
        try:
            send = (await self._connection.channel()).send
            nonce = new_message_nonce()
            async for attempt in tries.with_name("call the owners", (), {}):
                with attempt:
                    await self.post(send, text, files={}, allowed_mentions=pings, nonce=nonce)
        except (discord.HTTPException, *PASSING) as error:
            log.warning("owners_not_called", why=str(error))


def _raise_if_later(error: discord.HTTPException) -> None:
    """Raise `ChannelUnavailable` if the library has waited several times and gives up."""
    if error.status == HTTPStatus.TOO_MANY_REQUESTS:
        raise ChannelUnavailable(str(error)) from error


def _reference(channel: discord.TextChannel, message_id: int) -> discord.MessageReference:
    """Return a reference for replying to a message, even if that message is gone."""
    return discord.MessageReference(
        message_id=message_id,
        channel_id=channel.id,
        guild_id=channel.guild.id,
        fail_if_not_exists=False,
    )
