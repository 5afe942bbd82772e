"""Films: those that people make of the bot's pictures by hand, and those that they ask it for."""

from dataclasses import replace
from typing import Any

import pytest

from domain.effects import AnnounceProblem
from domain.events import (
    Action,
    Cancelled,
    Event,
    FinalNoticeSent,
    JobFinished,
    JobMessage,
    MessageDeleted,
    Overdue,
)
from domain.generation import Generation, Origin, OriginKind, Problem, ProblemKind, Status
from domain.matching import match
from domain.messages import AttachmentSnapshot, ButtonSnapshot, parse
from domain.slots import Slot
from domain.transitions import apply
from tests import mj
from tests.builders import NOW, film, grid, progress
from tests.unit.domain.history_harness import asked, at, look
from tests.unit.domain.story_harness import after, heard, sent, with_grid

URL = "https://cdn.discordapp.com/attachments/1/2/film.mp4?ex=1&is=2&hm=3&"
FILM = Problem(ProblemKind.FILM)
FILMS = ("video_waiting", "video_progress_first", "video_progress", "video_final", "video_clip")


def test_a_film_is_known_by_its_buttons_or_by_its_file_alone() -> None:
    """A film that `/imagine` itself makes replies to nothing while it runs."""
    extend = ButtonSnapshot(custom_id=f"MJ::JOB::animate_low_extend::2::{mj.CLIP_JOB}")
    cut = ButtonSnapshot(custom_id=f"MJ::JOB::video_virtual_upscale::2::{mj.CLIP_JOB}")
    clip = AttachmentSnapshot(filename=f"{mj.CLIP_JOB}_1_720_N.mp4", url=URL)
    changes: tuple[dict[str, Any], ...] = (
        {"buttons": (extend,)},
        {"buttons": (cut,)},
        {"attachments": (clip,)},
    )
    for change in changes:
        said = parse(mj.snapshot("imagine_final", reference_id=None, **change))
        assert isinstance(said, JobFinished)
        assert said.action == Action.FILM


@pytest.mark.parametrize("name", FILMS)
def test_a_film_of_our_picture_is_no_answer_to_a_reroll_of_which_no_id_is_known(name: str) -> None:
    """Its prompt has the same words, and the row whose button was pressed may be gone."""
    reroll = asked(Origin(kind=OriginKind.REROLL, parent_id="p"), prompt="a cat")
    said = parse(mj.snapshot(name, id=at(5)))
    assert isinstance(said, JobMessage)
    assert look(said, [reroll]) is None
    assert look(replace(said, action=Action.IMAGINE), [reroll]) is not None


def running() -> Generation:
    return after(sent(prompt="a cat --video"), heard(progress(51)))


def test_a_film_that_was_asked_for_ends_its_generation_and_says_so() -> None:
    """It is known by its ids, like a grid; nothing of it is pressed, copied, or asked for again."""
    start = running()
    found = match(film(), [start, with_grid()])
    assert found is not None
    assert (found.generation_id, found.slot) == (start.id, Slot.GRID)
    ended, effects = apply(start, heard(film()), NOW)
    assert (ended.status, ended.problem, ended.step(Slot.GRID).problem) == (
        Status.FAILED,
        FILM,
        FILM,
    )
    assert effects == (AnnounceProblem(),)
    assert not ended.has_grid


def test_a_film_is_also_the_first_sign_of_its_generation() -> None:
    ended = after(sent(), heard(film()))
    assert (ended.status, ended.submitted_at) == (Status.FAILED, NOW)


@pytest.mark.parametrize(
    "events",
    [
        (Overdue(Slot.GRID),),
        (heard(MessageDeleted(100)), Overdue(Slot.GRID, gone=True)),
        (Overdue(Slot.GRID), heard(progress(20, message_id=150))),
    ],
    ids=["silence", "gone", "in the queue again"],
)
def test_a_film_that_comes_late_puts_right_what_people_were_told(events: tuple[Event, ...]) -> None:
    ended = after(running(), *events, FinalNoticeSent(500))
    told = after(ended, heard(film()))
    assert (told.status, told.problem, told.notice_message_id) == (Status.FAILED, FILM, None)


def test_a_film_is_told_of_once_however_often_it_is_edited() -> None:
    told = after(running(), heard(film()), FinalNoticeSent(500))
    assert after(told, heard(film()), heard(film(message_id=201))) == told


@pytest.mark.parametrize(
    "start",
    [
        after(running(), Cancelled()),
        after(running(), heard(grid())),
        with_grid(wanted=()),
        replace(running(), status=Status.COMPLETED),
    ],
    ids=["cancelled", "finished", "completed", "completed, of which no message is known"],
)
def test_a_film_changes_nothing_where_none_is_awaited(start: Generation) -> None:
    assert after(start, heard(film())) == start
