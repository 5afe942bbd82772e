"""Films that people make of the bot's pictures by hand: nobody's grid, and nobody's upscale."""

from dataclasses import replace
from typing import Any

import pytest

from domain.events import Action, JobFinished, JobMessage
from domain.generation import Origin, OriginKind
from domain.messages import AttachmentSnapshot, ButtonSnapshot, parse
from tests import mj
from tests.unit.domain.history_harness import asked, at, look

URL = "https://cdn.discordapp.com/attachments/1/2/film.mp4?ex=1&is=2&hm=3&"
FILMS = ("video_waiting", "video_progress_first", "video_progress", "video_final", "video_clip")


def test_a_film_is_known_by_its_buttons_or_by_its_file_alone() -> None:
    """A film that `/imagine` itself makes replies to nothing while it runs."""
    extend = ButtonSnapshot(custom_id=f"MJ::JOB::animate_low_extend::2::{mj.CLIP_JOB}")
    cut = ButtonSnapshot(custom_id=f"MJ::JOB::video_virtual_upscale::2::{mj.CLIP_JOB}")
    film = AttachmentSnapshot(filename=f"{mj.CLIP_JOB}_1_720_N.mp4", url=URL)
    changes: tuple[dict[str, Any], ...] = (
        {"buttons": (extend,)},
        {"buttons": (cut,)},
        {"attachments": (film,)},
    )
    for change in changes:
        heard = parse(mj.snapshot("imagine_final", reference_id=None, **change))
        assert isinstance(heard, JobFinished)
        assert heard.action == Action.OTHER


@pytest.mark.parametrize("name", FILMS)
def test_a_film_of_our_picture_is_no_answer_to_a_reroll_of_which_no_id_is_known(name: str) -> None:
    """Its prompt has the same words, and the row whose button was pressed may be gone."""
    reroll = asked(Origin(kind=OriginKind.REROLL, parent_id="p"), prompt="a cat")
    heard = parse(mj.snapshot(name, id=at(5)))
    assert isinstance(heard, JobMessage)
    assert look(heard, [reroll]) is None
    assert look(replace(heard, action=Action.IMAGINE), [reroll]) is not None
