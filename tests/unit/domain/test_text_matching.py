"""What a prompt may decide after a gap, and everything that it must not."""

from dataclasses import replace
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest

from domain.events import Action, Heard, JobStopped, MessageDeleted, MidjourneyNotice
from domain.generation import Generation, Origin, OriginKind, Problem, ProblemKind, Status
from domain.matching import Match
from domain.slots import Slot
from domain.text_matching import (
    CLOCK_TOLERANCE,
    EARLY,
    HistoryGap,
    created_at,
    is_ruled_out,
    match_by_text,
    may_be_grid_of,
)
from tests import builders, mj
from tests.unit.domain.history_harness import EPOCH, US, asked, at, grid, look, progress


def test_the_only_job_with_our_prompt_is_ours() -> None:
    ours = asked()
    for heard in (
        progress(),
        grid(),
        grid(reference_id=at(5)),
        builders.waiting(message_id=at(5), mentioned_id=US),
    ):
        assert look(heard, [ours]) == Match(ours.id, Slot.GRID)


def test_words_do_not_decide_while_our_own_job_may_still_begin() -> None:
    early = EARLY.total_seconds()
    assert look(progress(), [asked()], seconds=early - 1) is None
    assert look(progress(), [asked()], seconds=early) is not None


def test_words_do_not_decide_before_our_own_job_can_have_begun() -> None:
    """Discord took the request late, or it is not even there yet."""
    ours, early = asked(), EARLY.total_seconds()
    late = asked(step={"delivered_at": builders.NOW + timedelta(seconds=12)})
    assert look(progress(), [late], seconds=12 + early - 1) is None
    assert look(progress(), [late], seconds=12 + early) is not None
    assert look(progress(), [ours], sending=frozenset({ours.id})) is None
    assert look(progress(), [ours], sending=frozenset({"another"})) is not None


def test_a_job_that_may_be_that_of_a_new_request_is_not_an_older_ones() -> None:
    before = asked(step={"intended_at": builders.NOW - timedelta(seconds=60)})
    new = replace(asked(), id="new")
    early = EARLY.total_seconds()
    assert look(progress(), [before], seconds=early - 1) is not None
    assert look(progress(), [before, new], seconds=early - 1) is None


@pytest.mark.parametrize("clue", [at(5), at(30), "J1"])
def test_what_was_heard_before_we_asked_is_not_ours(clue: int | str) -> None:
    """By our own clock, on both sides: that of Discord may be another."""
    ours, done = asked(), grid(reference_id=at(5), job_id="J1")
    asked_at = builders.NOW
    assert look(done, [ours], first_heard={clue: asked_at - timedelta(seconds=1)}) is None
    assert look(done, [ours], first_heard={clue: asked_at}) is not None
    assert look(done, [ours], first_heard={at(6): asked_at - timedelta(seconds=1)}) is not None


def test_the_parent_of_what_came_from_a_button_was_heard_before() -> None:
    ours = asked(Origin(kind=OriginKind.REROLL, parent_id="parent"))
    heard = {at(5): builders.NOW - timedelta(seconds=1)}
    assert look(grid(reference_id=at(5)), [ours], first_heard=heard) is not None


def test_what_began_before_discord_took_our_request_is_not_ours() -> None:
    """Discord dates the request itself by its id; our own clock is only roughly right."""
    ours = asked(step={"interaction_id": at(-30)})
    assert look(grid(reference_id=at(-29)), [ours]) is not None
    assert look(grid(reference_id=at(-31)), [ours]) is None
    assert look(progress(-31), [ours]) is None


def test_a_grid_whose_progress_was_another_requests_is_not_ours() -> None:
    ours = asked(step={"interaction_id": at(0)})
    began = progress(interaction_id=at(4))
    assert is_ruled_out(began, ours)
    assert ruled_out_by(at(5), grid(reference_id=at(5)), ours)
    assert ruled_out_by(at(30), grid(), ours)
    assert not ruled_out_by(at(6), grid(reference_id=at(5)), ours)


def ruled_out_by(message_id: int, heard: Heard, ours: Generation) -> bool:
    """Whether it is nobody's, both if the message is another's and if it is only not ours."""
    known = frozenset({message_id})
    found = {look(heard, [ours], foreign=known), look(heard, [ours], ruled_out={ours.id: known})}
    assert len(found) == 1
    assert look(heard, [ours], ruled_out={"another": known}) is not None
    return found == {None}


@pytest.mark.parametrize(
    "step",
    [{}, {"interaction_id": at(4)}, {"interaction_id": at(0), "message_id": at(3)}],
)
def test_a_job_is_ruled_out_by_other_ids_while_the_grid_is_missing(step: dict[str, Any]) -> None:
    assert not is_ruled_out(progress(interaction_id=at(4)), asked(step=step))


def test_a_stopped_job_is_found_too() -> None:
    ours = asked()
    heard = JobStopped(message_id=at(5), prompt=ours.prompt, mentioned_id=US)
    assert look(heard, [ours]) == Match(ours.id, Slot.GRID)


@pytest.mark.parametrize(
    "facts",
    [
        {"mentioned_id": mj.PERSON_ID},
        {"mentioned_id": None},
        {"prompt": "a lighthouse at dawn --ar 3:2"},
        {"action": Action.VARIATION},
        {"action": Action.OTHER},
        {"action": Action.UPSCALE, "index": 1},
        {"message_id": at(-121)},
        {"nonce": "somebody's"},
    ],
)
def test_a_job_that_differs_in_one_thing_is_not_ours(facts: dict[str, Any]) -> None:
    assert look(grid(), [asked()]) is not None
    assert look(grid(**facts), [asked()]) is None


def test_a_grid_may_be_awaited_unless_its_words_its_ids_or_its_account_say_otherwise() -> None:
    ours = asked(step={"job_id": "ours"})
    assert may_be_grid_of(ours, grid(job_id=None), US)
    assert not may_be_grid_of(ours, grid(job_id="theirs"), US)
    assert not may_be_grid_of(ours, grid(job_id=None, prompt="a lighthouse at dawn"), US)
    assert not may_be_grid_of(ours, grid(job_id=None), US + 1)


def test_a_film_is_only_ours_if_we_asked_for_one() -> None:
    """Others make films of pictures of the same prompt."""
    prompt = "a lighthouse at dusk --ar 3:2 --video"
    film = grid(prompt=f"{prompt} 1", action=Action.FILM, job_id="another")
    ours = replace(asked(), prompt=prompt)
    reroll = replace(asked(Origin(kind=OriginKind.REROLL, parent_id="parent")), prompt=prompt)
    assert look(film, [ours]) == Match(ours.id, Slot.GRID)
    assert look(film, [asked()]) is None
    assert look(film, [reroll]) is None


@pytest.mark.parametrize(
    ("step", "facts"),
    [
        ({"interaction_id": 50}, {"interaction_id": 51}),
        ({"job_id": "ours"}, {"job_id": "theirs"}),
        ({"nonce": "ours"}, {"nonce": "theirs"}),
    ],
)
def test_a_contradicting_id_counts_more_than_the_prompt(
    step: dict[str, Any], facts: dict[str, Any]
) -> None:
    assert look(progress(**facts), [asked(step=step)]) is None


@pytest.mark.parametrize(
    "step",
    [
        {"intended_at": None},
        {"message_id": 200},
        {"problem": Problem(ProblemKind.REFUSED, "Banned prompt")},
        {"problem": Problem(ProblemKind.NOT_SENT)},
        {"problem": Problem(ProblemKind.FILM)},
    ],
)
def test_a_generation_that_awaits_no_grid_gets_none(step: dict[str, Any]) -> None:
    assert look(grid(), [asked(step=step)]) is None


def test_a_grid_given_up_for_its_silence_may_come_late() -> None:
    ours = asked(step={"problem": Problem(ProblemKind.NO_ANSWER)})
    assert look(grid(), [ours]) == Match(ours.id, Slot.GRID)


def test_a_message_older_than_the_command_is_not_ours_whatever_our_clock_says() -> None:
    early = asked(step={"intended_at": builders.NOW - timedelta(hours=1)})
    assert look(grid(-61), [early]) is None
    assert look(grid(-59), [early]) is not None


def test_our_clock_may_be_a_little_ahead() -> None:
    limit = -CLOCK_TOLERANCE.total_seconds()
    ours = replace(asked(), command_message_id=at(-3600))
    assert look(grid(limit), [ours]) is not None
    assert look(grid(limit - 1), [ours]) is None


def test_two_generations_that_could_claim_one_job_get_none() -> None:
    assert look(grid(), [asked(), asked()]) is None


def test_a_cancelled_generation_can_still_claim_what_it_asked_for() -> None:
    cancelled = replace(asked(), status=Status.CANCELLED)
    assert look(grid(), [asked(), cancelled]) is None


def test_two_jobs_that_one_generation_could_claim_are_nobodys() -> None:
    """The account's owner typed the same prompt by hand: one is ours, but nobody knows which."""
    ours, one, two = asked(), grid(30, job_id="one"), grid(40, job_id="two")
    assert look(one, [ours], two) is None
    assert look(two, [ours], one) is None


def test_a_job_of_another_generation_by_its_ids_is_no_rival() -> None:
    other = asked(step={"nonce": "N2", "job_id": "two", "message_id": at(40)})
    ours = asked()
    assert look(grid(30, job_id="one"), [ours, other], grid(40, job_id="two")) == Match(
        ours.id, Slot.GRID
    )


@pytest.mark.parametrize(
    "others",
    [
        [grid(30)],
        [progress(5, job_id=builders.GRID_JOB)],
        [builders.waiting(message_id=at(5), mentioned_id=US)],
        [MessageDeleted(at(5)), MidjourneyNotice(message_id=at(6), title="", text="")],
        [builders.solo(Slot.UPSCALE_1, message_id=at(60), mentioned_id=US, reference_id=at(30))],
    ],
)
def test_the_messages_of_one_job_are_no_rivals(others: list[Heard]) -> None:
    assert look(grid(30, reference_id=at(5)), [asked()], *others) is not None


def test_a_progress_message_and_its_result_are_no_rivals() -> None:
    begun, ended = progress(5), grid(30, reference_id=at(5))
    assert look(begun, [asked()], ended) is not None
    assert look(ended, [asked()], begun) is not None


def test_a_progress_message_and_a_foreign_result_are_rivals() -> None:
    begun, ended = progress(5), grid(30, reference_id=at(6))
    assert look(begun, [asked()], ended) is None
    assert look(ended, [asked()], begun) is None


def test_what_ids_decide_is_no_matter_of_likeness() -> None:
    ours = asked(step={"progress_message_id": at(5)})
    assert look(grid(reference_id=at(5)), [ours, asked()]) is None


@pytest.mark.parametrize(
    "heard", [MessageDeleted(5), MidjourneyNotice(message_id=5, title="Queue full", text="")]
)
def test_only_jobs_have_a_prompt(heard: Heard) -> None:
    assert look(heard, [asked()]) is None


def test_the_time_is_in_the_id() -> None:
    assert created_at(at(0)) == builders.NOW
    assert created_at(0) == EPOCH


def test_neither_order_nor_repetition_changes_who_gets_what() -> None:
    cats, dogs = asked(prompt="a cat"), asked(prompt="a dog")
    begun = progress(prompt="a cat --v 7.0")
    cat = grid(30, prompt="a cat --v 7.0", reference_id=at(5))
    dog = grid(40, prompt="a dog", job_id="dog")
    owners = {begun: cats.id, cat: cats.id, dog: dogs.id}
    for order in permutations([begun, cat, dog, cat]):
        for generations in permutations([cats, dogs]):
            gap = HistoryGap(account_id=US, at=builders.NOW + EARLY, heard=order)
            found = {each: match_by_text(each, generations, gap) for each in order}
            assert found == {each: Match(owner, Slot.GRID) for each, owner in owners.items()}
