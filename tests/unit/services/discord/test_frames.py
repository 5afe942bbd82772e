"""The library's table of parsers, with the frames that it drops."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest
from discord.ext import commands

from domain.events import Heard, InteractionTroubled, Trouble
from services.discord.frames import Frame, frames_heard

FORM = "INTERACTION_MODAL_CREATE"


class ParsingBot:
    """A bot whose library knows what to do with forms alone."""

    def __init__(self) -> None:
        self.forms: list[Frame] = []
        self.parsers: dict[str, Any] = {FORM: self.forms.append}
        self._connection = SimpleNamespace(parsers=self.parsers)


@pytest.fixture
def bot() -> ParsingBot:
    return ParsingBot()


def test_what_the_library_drops_is_heard(bot: ParsingBot) -> None:
    heard: list[Heard] = []
    with frames_heard(cast("commands.Bot", bot), heard.append):
        bot.parsers["INTERACTION_FAILURE"]({"nonce": "1"})
        bot.parsers["INTERACTION_IFRAME_MODAL_CREATE"]({"nonce": "2"})
        bot.parsers["INTERACTION_FAILURE"]({"id": "not ours: it has no nonce"})
    assert heard == [
        InteractionTroubled("1", Trouble.FAILURE),
        InteractionTroubled("2", Trouble.HUMAN_CHECK),
    ]


def test_what_the_library_knows_reaches_it_as_well(bot: ParsingBot) -> None:
    heard: list[Heard] = []
    with frames_heard(cast("commands.Bot", bot), heard.append):
        bot.parsers[FORM]({"nonce": "1"})
    assert heard == [InteractionTroubled("1", Trouble.FORM)]
    assert bot.forms == [{"nonce": "1"}]


def test_at_its_end_the_library_parses_as_before(bot: ParsingBot) -> None:
    before = dict(bot.parsers)
    with frames_heard(cast("commands.Bot", bot), lambda _: None):
        assert bot.parsers != before
    assert bot.parsers == before
