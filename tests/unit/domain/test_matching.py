"""Whose a message is, by its ids: every rung of the ladder, and what must never be swapped."""

from typing import Any

import pytest

from domain.events import (
    Action,
    Heard,
    InteractionCreated,
    InteractionSucceeded,
    InteractionTroubled,
    JobStopped,
    JobWaiting,
    MessageDeleted,
    Trouble,
)
from domain.generation import Generation, Problem, ProblemKind, Status, Step
from domain.matching import Match, match
from domain.messages import parse
from domain.slots import Slot
from tests import builders, mj
from tests.builders import asked, notice

GRID, ONE, TWO = Slot.GRID, Slot.UPSCALE_1, Slot.UPSCALE_2


def generation(steps: dict[Slot, Step] | None = None, **changes: Any) -> Generation:
    """Return an active generation with some steps."""
    made = builders.generation(Status.SUBMITTED, **changes)
    for slot, step in (steps or {}).items():
        made = made.with_step(slot, step)
    return made


def slot_of(heard: Heard, *generations: Generation) -> Slot | None:
    """Return the matched step of the first generation; any other generation is a mistake."""
    found = match(heard, generations)
    assert found is None or found.generation_id == generations[0].id
    return found.slot if found else None


@pytest.mark.parametrize(
    "heard",
    [
        InteractionCreated("N1", 50),
        InteractionSucceeded("N1", 50),
        InteractionTroubled("N1", Trouble.HUMAN_CHECK),
        builders.waiting(nonce="N1"),
        builders.progress(nonce="N1"),
        builders.grid(nonce="N1", reference_id=None),
        notice(nonce="N1"),
    ],
)
def test_our_nonce_leads_to_the_step_that_sent_it(heard: Heard) -> None:
    ours = generation({GRID: asked(nonce="N1")})
    assert match(heard, [generation({GRID: asked(nonce="N0")}), ours]) == Match(ours.id, GRID)


def test_the_nonce_of_a_press_leads_to_its_image() -> None:
    ours = generation({ONE: asked(nonce="N1"), TWO: asked(nonce="N2")})
    heard = builders.waiting(nonce="N2", action=Action.UPSCALE, index=2)
    assert slot_of(heard, ours) == TWO


@pytest.mark.parametrize(
    "heard",
    [
        builders.progress(message_id=100),
        JobStopped(message_id=100, prompt="other words"),
        notice(message_id=100),
        MessageDeleted(100),
        MessageDeleted(200),
        builders.grid(message_id=200, reference_id=None),
    ],
)
def test_a_message_that_is_known_keeps_its_step(heard: Heard) -> None:
    assert (
        slot_of(heard, generation({GRID: asked(progress_message_id=100, message_id=200)})) == GRID
    )


def test_a_finished_grid_replies_to_our_progress_message() -> None:
    ours = generation({GRID: asked(progress_message_id=100)})
    theirs = generation({GRID: asked(progress_message_id=101)})
    assert slot_of(builders.grid(reference_id=100), ours, theirs) == GRID


def test_a_refusal_replies_to_our_progress_message() -> None:
    assert (
        slot_of(notice(reference_id=100), generation({GRID: asked(progress_message_id=100)}))
        == GRID
    )


def test_a_solo_may_reply_to_its_waiting_message() -> None:
    ours = generation({TWO: asked(progress_message_id=100)})
    assert slot_of(builders.solo(TWO, reference_id=100, job_id=None), ours) == TWO


def test_the_job_of_a_preview_leads_to_the_finished_grid() -> None:
    ours = generation({GRID: asked(job_id=builders.GRID_JOB)})
    assert slot_of(builders.grid(reference_id=None), ours) == GRID


def test_the_job_of_the_cancel_button_leads_to_the_solo() -> None:
    ours = generation({ONE: asked(job_id="one"), TWO: asked(job_id="two")})
    assert slot_of(builders.solo(TWO, reference_id=None, job_id="two"), ours) == TWO


def test_a_varied_grid_is_told_from_its_siblings_by_its_job() -> None:
    """It references the grid it was made of, and so do all its siblings."""
    ours = generation({GRID: asked(job_id=mj.VARY_JOB)})
    parent = generation({GRID: asked(message_id=mj.GRID_ID)})
    heard = parse(mj.snapshot("v_final"))
    assert heard is not None
    assert slot_of(heard, ours, parent) == GRID
    assert match(heard, [parent]) is None


def test_the_number_of_a_variation_is_no_upscale() -> None:
    heard = parse(mj.snapshot("v_waiting"))
    assert isinstance(heard, JobWaiting)
    assert heard.index == 2
    assert slot_of(heard, generation({GRID: asked(nonce=heard.nonce)})) == GRID


def test_the_interaction_leads_to_its_first_message() -> None:
    ours = generation({GRID: asked(interaction_id=50)})
    assert slot_of(builders.waiting(interaction_id=50), ours) == GRID
    assert slot_of(InteractionSucceeded("unknown", 50), ours) == GRID
    assert slot_of(notice(interaction_id=50), ours) == GRID


def test_an_upscale_replies_to_our_grid_and_names_its_image() -> None:
    ours = generation({GRID: asked(message_id=200)})
    theirs = generation({GRID: asked(message_id=201)})
    for slot in ours.wanted:
        assert slot_of(builders.solo(slot, reference_id=200), ours, theirs) == slot
        heard = builders.waiting(reference_id=200, action=Action.UPSCALE, index=slot.value)
        assert slot_of(heard, ours, theirs) == slot


def test_an_upscale_of_a_foreign_grid_is_nobodys() -> None:
    ours = generation({GRID: asked(message_id=200), ONE: asked(nonce="N1")})
    assert slot_of(builders.solo(ONE, reference_id=777), ours) is None
    assert slot_of(builders.solo(ONE, reference_id=None), ours) is None


def test_an_upscale_with_another_job_is_still_this_image() -> None:
    """Two presses make two jobs of one image; if the second comes first, it is the same picture."""
    ours = generation({GRID: asked(message_id=200), ONE: asked(job_id="seen while waiting")})
    assert slot_of(builders.solo(ONE, reference_id=200, job_id="pressed by Ann"), ours) == ONE


def test_an_upscale_with_the_job_of_another_image_is_nobodys() -> None:
    ours = generation({GRID: asked(message_id=200), ONE: asked(job_id="one"), TWO: asked()})
    assert slot_of(builders.solo(TWO, reference_id=200, job_id="one"), ours) is None


def test_an_upscale_with_the_nonce_of_another_image_is_nobodys() -> None:
    ours = generation({GRID: asked(message_id=200), ONE: asked(nonce="N1")})
    assert slot_of(builders.solo(TWO, reference_id=200, nonce="N1"), ours) is None


def test_an_upscale_is_never_a_grid_and_a_grid_never_an_upscale() -> None:
    ours = generation(
        {GRID: asked(nonce="N1", progress_message_id=100, job_id="j"), ONE: asked(nonce="N2")}
    )
    assert slot_of(builders.solo(ONE, nonce="N1", reference_id=100, job_id="j"), ours) is None
    assert slot_of(builders.grid(nonce="N2", reference_id=None, job_id=None), ours) is None


def test_a_grid_that_finished_in_its_progress_message_has_upscales_all_the_same() -> None:
    ours = generation({GRID: asked(progress_message_id=200, message_id=200)})
    assert slot_of(builders.solo(TWO, reference_id=200), ours) == TWO


@pytest.mark.parametrize(
    "name",
    [
        *("zoom_progress", "zoom_final", "pan_final", "hd_upscale_final"),
        *("video_waiting", "video_progress", "video_final", "video_clip"),
    ],
)
def test_what_makes_no_grid_and_no_upscale_is_left_alone(name: str) -> None:
    """Even when it replies to our messages, which a person's presses on them do."""
    step = asked(message_id=mj.SOLO_ID, progress_message_id=mj.SOLO_ID, job_id=mj.OTHER_JOB)
    heard = parse(mj.snapshot(name))
    assert heard is not None
    assert slot_of(heard, generation({GRID: step, ONE: step})) is None


def test_a_reroll_of_our_grid_by_a_person_is_not_our_grid() -> None:
    ours = generation({GRID: asked(progress_message_id=100, message_id=200, job_id="j")})
    assert slot_of(builders.waiting(message_id=500, reference_id=200), ours) is None
    assert slot_of(builders.grid(message_id=501, reference_id=200, job_id="k"), ours) is None


def test_a_stopped_upscale_is_known_by_its_message_though_its_text_does_not_say_it() -> None:
    ours = generation({GRID: asked(progress_message_id=100), ONE: asked(progress_message_id=300)})
    assert slot_of(JobStopped(message_id=300, prompt="a"), ours) == ONE


def test_a_refused_press_without_nonce_is_the_one_press_without_answer() -> None:
    answered = asked(progress_message_id=300, accepted_at=builders.NOW)
    ours = generation({GRID: asked(message_id=200), ONE: answered, TWO: asked()})
    assert slot_of(notice(reference_id=200), ours) == TWO


@pytest.mark.parametrize(
    "steps",
    [
        {ONE: asked(), TWO: asked()},
        {ONE: asked(progress_message_id=300, accepted_at=builders.NOW)},
        {ONE: asked(message_id=310)},
        {ONE: asked(problem=Problem(ProblemKind.STOPPED))},
        {ONE: asked(picture=builders.picture())},
        {ONE: Step()},
        {},
    ],
)
def test_a_refused_press_that_can_be_none_or_two_of_ours_is_nobodys(
    steps: dict[Slot, Step],
) -> None:
    assert (
        slot_of(notice(reference_id=200), generation({GRID: asked(message_id=200), **steps}))
        is None
    )


@pytest.mark.parametrize(
    "second",
    [
        asked(progress_message_id=300),
        asked(progress_message_id=300, accepted_at=builders.NOW, interaction_id=310),
    ],
    ids=["sent", "accepted"],
)
def test_a_second_press_is_without_answer_though_the_first_left_a_message(second: Step) -> None:
    ours = generation({GRID: asked(message_id=200), ONE: second})
    assert slot_of(notice(reference_id=200), ours) == ONE


def test_a_refused_press_with_a_foreign_nonce_is_not_ours() -> None:
    """The account's owner pressed a button by hand, in another session."""
    ours = generation({GRID: asked(message_id=200), ONE: asked(nonce="N1")})
    assert slot_of(notice(reference_id=200, nonce="by hand"), ours) is None
    assert slot_of(notice(reference_id=200, nonce="N1"), ours) == ONE


def test_a_message_of_two_generations_is_nobodys() -> None:
    twins = [generation({GRID: asked(nonce="N1", message_id=200)}) for _ in range(2)]
    assert match(builders.waiting(nonce="N1"), twins) is None
    assert match(MessageDeleted(200), twins) is None
    assert match(builders.solo(ONE, reference_id=200), twins) is None


def test_a_stronger_id_decides_over_weaker_ones() -> None:
    """Each rung in turn: what belongs to the first by it belongs to the second by all below."""
    rungs: list[tuple[dict[str, Any], dict[str, Any]]] = [
        ({"nonce": "N"}, {"nonce": "N"}),
        ({"message_id": 200}, {"message_id": 200}),
        ({"reference_id": 100}, {"progress_message_id": 100}),
        ({"job_id": "j"}, {"job_id": "j"}),
        ({"interaction_id": 50}, {"interaction_id": 50}),
    ]
    for above in range(1, len(rungs)):
        first = generation({GRID: asked(**rungs[above - 1][1])})
        second = generation({GRID: asked(**rungs[above][1])})
        heard = builders.grid(
            **{"job_id": None, "message_id": 1} | rungs[above - 1][0] | rungs[above][0]
        )
        assert slot_of(heard, first, second) == GRID
        assert slot_of(heard, second) == GRID


def test_nothing_known_matches_nothing() -> None:
    """An empty id is no id: two things without a nonce have nothing in common."""
    empty = generation()
    for heard in (
        builders.waiting(),
        builders.grid(),
        builders.solo(ONE),
        notice(),
        MessageDeleted(1),
    ):
        assert slot_of(heard, empty) is None
    assert match(builders.waiting(nonce="N1"), []) is None
