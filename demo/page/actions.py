"""Does what a page asks for: in the sandbox, with the bot's process, or with a trouble."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from demo.page.requests import (
    BadRequest,
    ControlBot,
    PageRequest,
    PressButton,
    React,
    Say,
    SetPace,
    SwitchTrouble,
)
from domain.messages import MIDJOURNEY_ID

if TYPE_CHECKING:
    from demo.page.feed import About
    from sandbox import Sandbox
    from sandbox.people import Json
    from sandbox.troubles import TroublePanel


class Actions:
    """What people can do on the page. Whatever makes no sense is a `BadRequest`."""

    def __init__(self, sandbox: Sandbox, troubles: TroublePanel, about: About) -> None:
        self._sandbox = sandbox
        self._troubles = troubles
        self._controls = {each.name: each for each in about.controls}
        self._people = frozenset(about.people)

    async def do(self, asked: PageRequest) -> None:
        """Do it; the channel tells what comes of it."""
        match asked:
            case Say():
                await self._say(asked)
            case PressButton():
                self._press(asked)
            case React():
                self._react(asked)
            case SwitchTrouble():
                self._switch(asked)
            case ControlBot():
                await self._control(asked)
            case SetPace():
                self._sandbox.clock.speed = asked.speed
            case _:
                assert_never(asked)

    async def _say(self, asked: Say) -> None:
        self._check_person(asked.person)
        if not asked.content.strip():
            raise BadRequest("There is nothing in that message.")
        if asked.reply_to is not None:
            self._message(asked.reply_to)
        await self._sandbox.say(asked.person, asked.content, reply_to=asked.reply_to)

    def _press(self, asked: PressButton) -> None:
        self._check_person(asked.person)
        message = self._message(asked.message)
        buttons = [each for row in message["components"] for each in row["components"]]
        pressable = {each.get("custom_id") for each in buttons if not each.get("disabled")}
        if message["author"]["id"] != str(MIDJOURNEY_ID) or asked.custom_id not in pressable:
            raise BadRequest("That message has no such button any more.")
        self._sandbox.press_elsewhere(asked.person, asked.message, asked.custom_id)

    def _react(self, asked: React) -> None:
        self._check_person(asked.person)
        self._message(asked.message)
        change = self._sandbox.react if asked.on else self._sandbox.unreact
        change(asked.person, asked.message, asked.emoji)

    def _switch(self, asked: SwitchTrouble) -> None:
        change = self._troubles.switch_on if asked.on else self._troubles.switch_off
        try:
            change(asked.name)
        except KeyError:
            raise BadRequest(f"There is no trouble called {asked.name}.") from None

    async def _control(self, asked: ControlBot) -> None:
        control = self._controls.get(asked.action)
        if control is None:
            raise BadRequest(f"There is nothing called {asked.action} to do with the bot.")
        await control.run()

    def _check_person(self, name: str) -> None:
        if name not in self._people:
            raise BadRequest(f"There is nobody called {name}.")

    def _message(self, message_id: int) -> Json:
        message = self._sandbox.message(message_id)
        if message is None:
            raise BadRequest("That message is gone.")
        return message
