"""The only place that sends interactions: `/imagine` and button presses, each with one POST.

The library's own calls cannot be used: they make up the nonce, wait for an answer, and post again
after server errors and broken connections. libcurl, too, repeats a request if a reused connection
turns out to be dead. A paid request must never be repeated, so each one goes through a short-lived
session on a fresh connection, with the library's headers, token and proxy.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import discord
import structlog
from curl_cffi import CurlError, CurlInfo, CurlOpt
from curl_cffi.requests import AsyncSession, Response
from discord.ext import commands
from discord.http import Route

from domain.errors import ChannelUnavailable
from domain.events import JobFinished
from domain.generation import Generation, Problem, ProblemKind, Step
from domain.messages import MIDJOURNEY_ID, MessageSnapshot, parse
from domain.ports import Clock
from domain.reasons import Reason
from domain.sender import Answer, Postponed, Press, Ready, Rejected, Unknown, Withdrawn
from domain.slots import Slot
from services.discord.connection import PASSING, DiscordConnection, nonce_at
from services.discord.interaction_answers import (
    NO_SESSION,
    STALE_VERSION,
    TOO_MANY,
    read_answer,
    refused,
)
from services.discord.request_rate import RequestRate
from services.lease import LeaseKeeper

log = structlog.get_logger(__name__)

ANSWER_SECONDS = 15.0
"""How long Discord may take to answer; Discord gives the bot behind the command 3 s."""
_OUTDATED = {STALE_VERSION, "HTTP 400, code 50035", "HTTP 404, code 10063"}
"""Discord's errors for a command that was edited or replaced."""
_STALE = {"HTTP 400, code 50035", "HTTP 404, code 10008"}
"""Discord's errors for a button that its message no longer has."""


@dataclass(frozen=True, slots=True)
class ImagineCommand:
    """The ids that a call of /imagine needs; the version changes with every edit of the command."""

    id: int
    version: int


class MidjourneyClient:
    """Sends the requests for a generation's steps, with a minimum interval between them."""

    def __init__(
        self,
        bot: commands.Bot,
        connection: DiscordConnection,
        lease_keeper: LeaseKeeper,
        *,
        press_interval: float,
        clock: Clock,
        proxy: str | None = None,
    ) -> None:
        """Keep the parts; nothing is looked up before the first request."""
        self._bot = bot
        self._connection = connection
        self._lease_keeper = lease_keeper
        self._rate = RequestRate(press_interval, clock)
        self._clock = clock
        self._proxy = proxy
        self._command: ImagineCommand | None = None
        self._refetched = False

    def new_nonce(self) -> str:
        """Return a nonce in Discord's form: a snowflake of now, with 22 random bits."""
        return nonce_at(self._clock.now())

    async def prepare(self, press: Press | None) -> Ready:
        """Wait for the interval, the command, the lease, and the gateway."""
        await self._rate.wait()
        refusal = await self._look_up() if press is None else None
        await self._lease_keeper.assured()
        return Ready(await self._connection.session(), refusal)

    async def send(
        self,
        generation: Generation,
        slot: Slot,
        press: Press | None,
        may_go: Callable[[], bool],
    ) -> Answer:
        """Request a picture with the nonce and session of the generation's step.

        Presses a button, or sends `/imagine` if `press` is None. `may_go` is called right before.
        """
        if press is not None:
            payload = _press_payload(generation, generation.step(slot), press)
        elif self._command is not None:
            payload = _imagine_payload(generation, self._command)
        else:
            return Withdrawn()
        answer = await self._post(payload, may_go)
        if press is None:
            answer = self._learn(answer)
        match answer:
            case Rejected(retry_after=None) if self._has_ended(generation.step(slot).session_id):
                return replace(answer, retry_after=0.0)  # its reason may be gone with the session
            case Rejected(Problem(detail=detail), None) if detail == NO_SESSION:
                return Postponed(Reason.UNREACHABLE)  # the library notices it sooner or later
            case Rejected(Problem(detail=detail), None) if (
                press is not None and detail in _STALE and generation.step(slot).attempts == 1
            ):
                return replace(answer, retry_after=0.0)  # with the button as it is then
            case _:
                return answer

    async def read_grid(self, message_id: int) -> JobFinished | None:
        """Return a finished grid as its message is now; None if that can't be read."""
        try:
            live = await self._connection.read(message_id)
        except ChannelUnavailable:
            return None
        heard = None if live is None else parse(live)
        return heard if isinstance(heard, JobFinished) else None

    async def stop_job(self, generation: Generation) -> None:
        """Press Midjourney's Cancel on the grid's progress message, if it has that button.

        Jobs started by buttons have one; those of `/imagine` recently had none. Whatever the
        result, the generation is already cancelled here.
        """
        message_id = generation.step(Slot.GRID).progress_message_id
        try:
            live = None if message_id is None else await self._connection.read(message_id)
        except ChannelUnavailable:
            live = None
        cancel = None if live is None else _cancel_button(live)
        if cancel is not None:
            ready = await self.prepare(cancel)
            step = Step(nonce=self.new_nonce(), session_id=ready.session_id)
            answer = await self._post(_press_payload(generation, step, cancel), lambda: True)
            log.info("cancel_pressed", gen=generation.code, answer=type(answer).__name__)

    def _has_ended(self, session_id: str | None) -> bool:
        """Whether the gateway has left this session, for another one or for none."""
        return session_id != self._bot.ws.session_id

    async def _look_up(self) -> Rejected | Postponed | None:
        """Look up Midjourney's /imagine; if that fails, return the reason."""
        try:
            if self._command is None:
                self._command = await imagine_command(await self._connection.channel())
        except PASSING as error:
            log.info("imagine_not_looked_up", why=str(error))
            return Postponed(Reason.UNREACHABLE)
        except discord.HTTPException as error:
            if error.status == TOO_MANY:
                return Postponed(Reason.RATE_LIMITED)
            captcha = isinstance(error, discord.CaptchaRequired)
            detail = Reason.CAPTCHA if captcha else f"HTTP {error.status}, code {error.code}"
            return refused(error.status, detail, f"{Reason.LOOKING_UP}: ")
        if self._command is None:
            return Rejected(Problem(ProblemKind.NOT_SENT, Reason.NO_IMAGINE))
        return None

    def _learn(self, answer: Answer) -> Answer:
        """Look the command up again if it seems to have changed; give up the second time."""
        match answer:
            case Rejected(Problem(detail=detail)) if detail in _OUTDATED:
                self._command = None
                known, self._refetched = self._refetched, True
                return answer if known else Withdrawn()
            case _:
                self._refetched = False
                return answer

    async def _post(self, payload: Mapping[str, object], may_go: Callable[[], bool]) -> Answer:
        """Send one POST. If it may have been accepted without an answer, return `Unknown`."""
        url = Route("POST", "/interactions").url
        try:
            async with AsyncSession[Response](
                impersonate="chrome",
                default_headers=False,
                timeout=ANSWER_SECONDS,
                allow_redirects=False,
                proxy=self._proxy,
                curl_options={CurlOpt.FRESH_CONNECT: 1, CurlOpt.FORBID_REUSE: 1},
                curl_infos=[CurlInfo.APPCONNECT_TIME, CurlInfo.CONNECT_TIME],
            ) as session:
                body, headers = json.dumps(payload).encode(), self._headers()
                if not (self._lease_keeper.lasts() and may_go()):
                    return Withdrawn()
                response = await session.post(url, data=body, headers=headers)
        except CurlError as error:
            if _was_never_sent(error, url):
                return Postponed(Reason.UNREACHABLE)
            return Unknown(f"no answer (curl {int(error.code)})")
        return read_answer(response.status_code, response.text, response.headers.get("Retry-After"))

    def _headers(self) -> dict[str, str]:
        """Return the headers that the library sends with its own requests."""
        known = self._bot.http.headers
        return {
            **known.client_hints,
            "Accept": "*/*",
            "Accept-Language": "en-US,en;q=0.9",
            "Authorization": self._bot.http.token or "",
            "Content-Type": "application/json",
            "Origin": "https://discord.com",
            "Referer": "https://discord.com/channels/@me",
            "User-Agent": known.user_agent,
            "X-Discord-Locale": self._bot.http.get_locale(),
            "X-Super-Properties": known.encoded_super_properties,
        }


async def imagine_command(channel: discord.TextChannel) -> ImagineCommand | None:
    """Return Midjourney's /imagine as the channel offers it now; other bots have one, too."""
    return next(
        (
            ImagineCommand(command.id, command.version)
            for command in await channel.application_commands()
            if command.application_id == MIDJOURNEY_ID and command.name == "imagine"
        ),
        None,
    )


def _cancel_button(message: MessageSnapshot) -> Press | None:
    found = (b.custom_id for b in message.buttons if b.custom_id is not None)
    return next(
        (
            Press(message_id=message.id, flags=message.flags, custom_id=custom_id)
            for custom_id in found
            if custom_id.startswith("MJ::CancelJob::")
        ),
        None,
    )


def _envelope(generation: Generation, step: Step, kind: int) -> dict[str, object]:
    return {
        "type": kind,
        "application_id": str(MIDJOURNEY_ID),
        "guild_id": str(generation.guild_id),
        "channel_id": str(generation.channel_id),
        "session_id": step.session_id,
        "nonce": step.nonce,
    }


def _imagine_payload(generation: Generation, command: ImagineCommand) -> dict[str, object]:
    return _envelope(generation, generation.step(Slot.GRID), 2) | {
        "data": {
            "id": str(command.id),
            "version": str(command.version),
            "name": "imagine",
            "type": 1,
            "options": [{"type": 3, "name": "prompt", "value": generation.prompt}],
            "attachments": [],
        },
    }


def _press_payload(generation: Generation, step: Step, press: Press) -> dict[str, object]:
    """Press a live button; its custom_id is read from the message, never built."""
    return _envelope(generation, step, 3) | {
        "message_id": str(press.message_id),
        "message_flags": press.flags,
        "data": {"component_type": 2, "custom_id": press.custom_id},
    }


def _was_never_sent(error: CurlError, url: str) -> bool:
    """Whether the connection failed before the request could be on its way.

    libcurl then has no time at which TLS was agreed on, or without TLS no time of the connection.
    """
    response: Any = getattr(error, "response", None)
    ready = CurlInfo.APPCONNECT_TIME if url.startswith("https:") else CurlInfo.CONNECT_TIME
    return response is not None and response.infos[ready] == 0
