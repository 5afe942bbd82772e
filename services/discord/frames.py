"""Listens for gateway frames that the library drops: they say what went wrong with a request."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Generator, Mapping
from typing import Any, cast

from discord.ext import commands

from domain.events import Heard, InteractionTroubled, Trouble

_FRAMES = {
    "INTERACTION_FAILURE": Trouble.FAILURE,
    "INTERACTION_MODAL_CREATE": Trouble.FORM,
    "INTERACTION_IFRAME_MODAL_CREATE": Trouble.HUMAN_CHECK,
}

Frame = Mapping[str, Any]
Parser = Callable[[Frame], None]


@contextlib.contextmanager
def frames_heard(bot: commands.Bot, hear: Callable[[Heard], None]) -> Generator[None]:
    """Receive the frames that the library drops, from every socket's first event.

    They are added to the parsers by which the library looks up each event, so that other events
    cost nothing more. A waiter would have to be asked about each of them.
    """
    parsers: dict[str, Parser] = cast("Any", bot)._connection.parsers  # noqa: SLF001 -- see above
    usual = {name: parsers[name] for name in _FRAMES if name in parsers}
    for name, trouble in _FRAMES.items():
        parsers[name] = _parser(hear, trouble, usual.get(name))
    try:
        yield
    finally:
        for name in _FRAMES:
            del parsers[name]
        parsers.update(usual)


def _parser(hear: Callable[[Heard], None], trouble: Trouble, usual: Parser | None) -> Parser:
    """Return a parser that tells of a trouble before the library's own one has the frame."""

    def parse(frame: Frame) -> None:
        if frame.get("nonce") is not None:
            hear(InteractionTroubled(str(frame["nonce"]), trouble))
        if usual is not None:
            usual(frame)

    return parse
