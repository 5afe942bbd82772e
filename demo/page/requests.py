"""What a page may ask for, read from the text that it sends."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

MOST_CHARACTERS = 4000
"""Of a message; Discord allows so many to those who pay."""
LONGEST_REQUEST = 64 * 1024
"""Bytes; far more than any request needs."""

_Id = Annotated[int, Field(ge=0, lt=2**63)]
_Name = Annotated[str, Field(min_length=1, max_length=100)]


class BadRequest(Exception):
    """Why something cannot be done, as one sentence for whoever asked."""


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Say(_Request):
    """Write a message as a person."""

    type: Literal["say"]
    person: _Name
    content: Annotated[str, Field(min_length=1, max_length=MOST_CHARACTERS)]
    reply_to: _Id | None = None


class PressButton(_Request):
    """Press a button of Midjourney's as a person."""

    type: Literal["press"]
    person: _Name
    message: _Id
    custom_id: _Name


class React(_Request):
    """Add a person's reaction, or take it away."""

    type: Literal["react"]
    person: _Name
    message: _Id
    emoji: _Name
    on: bool


class SwitchTrouble(_Request):
    """Begin or end a trouble."""

    type: Literal["trouble"]
    name: _Name
    on: bool


class ControlBot(_Request):
    """Do something to the bot's process, such as kill it."""

    type: Literal["bot"]
    action: _Name


class SetPace(_Request):
    """Make Midjourney quicker or slower; 1 is its real pace."""

    type: Literal["pace"]
    speed: Annotated[float, Field(ge=0.1, le=100, allow_inf_nan=False)]


PageRequest = Say | PressButton | React | SwitchTrouble | ControlBot | SetPace

_READER: TypeAdapter[PageRequest] = TypeAdapter(
    Annotated[PageRequest, Field(discriminator="type")],
)


def read(text: str) -> PageRequest:
    """Read a request; raise `BadRequest` if it is none."""
    try:
        return _READER.validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise BadRequest(f"{place}: {first['msg']}." if place else f"{first['msg']}.") from None
