"""POST /interactions: Discord's checks, the record of requests, and failures of the answer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, Protocol

from sandbox import faults
from sandbox.answers import ApiError, bad_gateway, denial, invalid_form, nothing, unknown
from sandbox.people import MIDJOURNEY_ID
from sandbox.rest import Call
from sandbox.shapes import an_object, objects, snowflake, text

if TYPE_CHECKING:
    from aiohttp import web

    from sandbox.commands import Commands
    from sandbox.discord_switches import InteractionAnswer
    from sandbox.people import Json, SandboxUser
    from sandbox.rest import Handler
    from sandbox.world import World

Kind = Literal["imagine", "press", "modal", "unknown"]

MAX_PROMPT = 6000  # characters of a command's text option
_KINDS: dict[int, Kind] = {2: "imagine", 3: "press", 5: "modal"}
_LATE = 40.0  # seconds of Midjourney's time before the answer "late"
# The HTTP status of each failing answer to an accepted request; 0 is no answer.
_ACCEPTED: dict[InteractionAnswer, int] = {
    "normal": 204,
    "stale version": 204,
    "new command": 204,
    "late": 204,
    "502": 502,
    "504": 504,
    "reset": 0,
    "close": 0,
    "stall": 0,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Interaction:
    """One POST as it arrived, and its outcome."""

    id: int  # the interaction's own id, as in INTERACTION_CREATE
    kind: Kind  # unknown: another type, or it could not be read
    person: SandboxUser
    at: float  # seconds since 1970
    nonce: str = ""
    session: str = ""
    prompt: str = ""  # of a command
    custom_id: str = ""  # of a button or a modal
    message_id: int | None = None  # the message whose button was pressed
    form_id: int | None = None  # of a modal: the interaction that brought it up
    values: tuple[str, ...] = ()  # of a modal: the text of each field
    status: int = 0  # the HTTP status answered; 0 when no answer was sent
    accepted: bool = False  # whether Discord accepted it and told the bot

    @property
    def elsewhere(self) -> bool:
        """Whether it was not sent by a client of the sandbox, so that no switch applies."""
        return not self.session


class Bot(Protocol):
    """The application that receives accepted interactions."""

    def receive(self, asked: Interaction) -> None:
        """Start to answer."""
        ...


class InteractionsApi:
    """Checks as strictly as Discord, records everything, and passes it to the bot."""

    def __init__(self, world: World, commands: Commands, bot: Bot) -> None:
        self.received: list[Interaction] = []
        self._world = world
        self._commands = commands
        self._bot = bot

    def table(self) -> list[tuple[str, str, Handler]]:
        """Return the route as (method, path, handler)."""
        return [("POST", "/interactions", self.receive)]

    async def receive(self, call: Call) -> web.Response:
        """Check, record and answer one interaction."""
        asked = self._unread(call.person)
        try:
            body, _ = await call.body()
            asked = _read(asked, body)
            how = self._take(asked)
            if how in _ACCEPTED:
                self._check(asked, body)
        except ApiError as refusal:
            self._record(replace(asked, status=refusal.status))
            raise
        if how not in _ACCEPTED:
            return self._refuse(asked, how)
        accepted = replace(asked, status=_ACCEPTED[how], accepted=True)
        self._record(accepted)
        self._bot.receive(accepted)
        return await self._answer(how, call.request)

    def _unread(self, person: SandboxUser) -> Interaction:
        return Interaction(
            id=self._world.snowflakes.next(),
            kind="unknown",
            person=person,
            at=self._world.clock.now(),
        )

    def _take(self, asked: Interaction) -> InteractionAnswer:
        how = self._world.switches.answer_interaction.take(asked.kind)
        if how in ("stale version", "new command"):
            self._commands.publish(anew=how == "new command")
        return how

    def _check(self, interaction: Interaction, body: Json) -> None:
        guild = self._world.guild
        if str(body.get("application_id")) != str(MIDJOURNEY_ID):
            raise unknown("Application", 10002)
        place = str(body.get("guild_id")), str(body.get("channel_id"))
        if place != (str(guild.id), str(guild.channel_id)):
            raise ApiError(400, 10003, "Unknown Channel")
        self._check_session(interaction)
        if not interaction.nonce.isdigit():
            raise invalid_form("nonce", "NUMBER_TYPE_COERCE", "A nonce is required.")
        if interaction.kind == "imagine":
            self._check_command(interaction, body.get("data") or {})
        elif interaction.kind == "press":
            self._check_press(interaction, body)

    def _check_session(self, interaction: Interaction) -> None:
        if not interaction.session:
            raise invalid_form("session_id", "BASE_TYPE_REQUIRED", "This field is required")
        known = self._world.gateway.session(interaction.session, interaction.person)
        if known is None and self._world.switches.unknown_session.take() == "refused":
            raise invalid_form("session_id", "INTERACTION_INVALID_SESSION", "Unknown session.")

    def _check_command(self, interaction: Interaction, data: Json) -> None:
        if str(data.get("id")) != str(self._commands.id) or data.get("name") != "imagine":
            raise unknown("Application Command", 10063)
        if str(data.get("version")) != str(self._commands.version):
            code = "INTERACTION_APPLICATION_COMMAND_INVALID_VERSION"
            raise invalid_form("data", code, "This command is outdated, please try again.")
        if not 1 <= len(interaction.prompt) <= MAX_PROMPT:
            raise invalid_form("data.options.0.value", "BASE_TYPE_BAD_LENGTH", "1-6000 in length.")

    def _check_press(self, interaction: Interaction, body: Json) -> None:
        message = self._world.channel.get(interaction.message_id or 0)
        if message is None or message.author != self._world.midjourney:
            raise unknown("Message", 10008)
        if message.only_for not in (None, interaction.person):
            raise unknown("Message", 10008)
        if body.get("message_flags", 0) != message.shown_flags:
            raise invalid_form("message_flags", "BASE_TYPE_CHOICES", "Not the message's flags.")
        if interaction.custom_id not in _custom_ids(message.components):
            raise invalid_form("data.custom_id", "COMPONENT_VALIDATION_FAILED", "No such button.")

    def _record(self, interaction: Interaction) -> None:
        self.received.append(interaction)
        self._world.changed.notify()

    def _refuse(self, interaction: Interaction, how: InteractionAnswer) -> web.Response:
        response = denial(how, self._world.switches.retry_after.take())
        self._record(replace(interaction, status=response.status))
        return response

    async def _answer(self, how: InteractionAnswer, request: web.Request) -> web.Response:
        if how in ("502", "504"):
            return bad_gateway(_ACCEPTED[how])
        if how == "reset":
            return faults.reset(request)
        if how == "close":
            return faults.close(request)
        if how == "stall":
            return await faults.stall(request, self._world.clock)
        if how == "late":
            await self._world.clock.sleep(_LATE)
        return nothing()


def _read(unread: Interaction, body: Json) -> Interaction:
    number = body.get("type")
    kind = _KINDS.get(number) if isinstance(number, int) else None
    if kind is None:
        raise invalid_form("type", "BASE_TYPE_CHOICES", "Value must be one of (2, 3, 5).")
    data = an_object(body.get("data"), "data")
    message_id = body.get("message_id")
    return replace(
        unread,
        kind=kind,
        nonce=str(body.get("nonce") or ""),
        session=str(body.get("session_id") or ""),
        prompt=_prompt(data) if kind == "imagine" else "",
        custom_id=str(data.get("custom_id") or ""),
        message_id=None if message_id is None else snowflake(message_id, "message_id"),
        form_id=snowflake(data.get("id"), "data.id") if kind == "modal" else None,
        values=_values(data) if kind == "modal" else (),
    )


def _prompt(data: Json) -> str:
    options = objects(data.get("options"), "data.options")
    found = (
        text(option.get("value"), f"data.options.{number}.value")
        for number, option in enumerate(options)
        if option.get("name") == "prompt"
    )
    return next(found, "")


def _values(data: Json) -> tuple[str, ...]:
    return tuple(
        text(field.get("value"), f"{place}.{number}.value")
        for row_number, row in enumerate(objects(data.get("components"), "data.components"))
        for place in [f"data.components.{row_number}.components"]
        for number, field in enumerate(objects(row.get("components"), place))
    )


def _custom_ids(components: tuple[Json, ...]) -> set[Any]:
    return {button.get("custom_id") for row in components for button in row["components"]}
