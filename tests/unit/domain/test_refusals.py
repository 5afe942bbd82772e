"""Every refusal and notice by name, and what the table does not know."""

from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.events import MidjourneyNotice
from domain.messages import parse
from domain.refusals import (
    REFUSALS,
    UNKNOWN_NOTICE,
    UNKNOWN_REFUSAL,
    Accepted,
    Delivery,
    RefusalClass,
    classify,
)
from tests import mj

RED, YELLOW, AMBER, GOLD = 16711680, 16776960, 16239475, 15844367


def notice(title: str = "", text: str = "", colour: int | None = None) -> MidjourneyNotice:
    return MidjourneyNotice(message_id=1, title=title, text=text, colour=colour)


MEANINGS = {
    "invalid_parameter": ("invalid_parameter", "user", "no"),
    "invalid_prompt": ("invalid_prompt", "user", "no"),
    "empty_prompt": ("invalid_prompt", "user", "no"),
    "invalid_link": ("invalid_link", "user", "no"),
    "invalid_link_as_reply": ("invalid_link", "user", "no"),
    "banned_prompt": ("banned_prompt", "user", "no"),
    "banned_prompt_detected": ("banned_prompt", "user", "no"),
    "banned_image_prompt": ("banned_prompt", "user", "no"),
    "action_needed": ("action_needed", "user", "no"),
    "image_filters": ("filtered", "user", "yes"),
    "output_filters": ("filtered", "user", "yes"),
    "duplicate_images": ("duplicate_images", "user", "yes"),
    "job_queued": ("job_queued", "wait", "yes"),
    "queue_full": ("queue_full", "full", "no"),
    "slow_down": ("slow_down", "full", "no"),
    "failed_to_process": ("outage", "later", "no"),
    "processing_error": ("outage", "later", "no"),
    "internal_error": ("internal_error", "later", "unknown"),
    "bad_response": ("internal_error", "later", "unknown"),
    "not_completed": ("not_completed", "later", "yes"),
    "not_completed_as_reply": ("not_completed", "later", "yes"),
    "action_restricted": ("action_restricted", "exists", "unknown"),
    "already_upscaled": ("already_upscaled", "exists", "unknown"),
    "already_upscaled_plain": ("already_upscaled", "exists", "unknown"),
    "invalid_request": ("invalid_request", "unknown", "no"),
    "credits_exhausted": ("credits_exhausted", "stop", "no"),
    "subscription_required": ("no_subscription", "stop", "no"),
    "subscription_paused": ("no_subscription", "stop", "no"),
    "plan_cancelled": ("no_subscription", "stop", "no"),
    "moderator_message": ("moderator_message", "stop", "no"),
    "blocked": ("blocked", "stop", "no"),
    "terms": ("terms", "stop", "no"),
    "human_check": ("human_check", "stop", "unknown"),
    "human_check_task": ("human_check", "stop", "unknown"),
    "human_check_plain": ("human_check", "stop", "unknown"),
    "human_check_buttons_only": ("human_check", "stop", "unknown"),
    "human_check_in_a_job": ("human_check", "stop", "unknown"),
    "unknown_red": ("unknown_failure", "unknown", "unknown"),
    "unknown_denied": ("unknown_failure", "unknown", "unknown"),
    "unknown_plain_error": ("unknown_failure", "unknown", "unknown"),
    "unknown_yellow": ("unknown_notice", "notice", "unknown"),
    "unknown_amber": ("unknown_notice", "notice", "unknown"),
    "unknown_green": ("unknown_notice", "notice", "unknown"),
    "unknown_plain": ("unknown_notice", "notice", "unknown"),
}


@pytest.mark.parametrize("name", MEANINGS)
def test_refusal(name: str) -> None:
    """The recorded message of that name is read as a notice and means what the table says."""
    heard = parse(mj.snapshot(f"refusal_{name}"))
    assert isinstance(heard, MidjourneyNotice)
    failure = classify(heard)
    assert (failure.key, failure.kind, failure.accepted) == MEANINGS[name]


def test_every_recorded_refusal_has_its_test() -> None:
    recorded = {name.removeprefix("refusal_") for name in mj.NAMES if name.startswith("refusal_")}
    assert recorded == set(MEANINGS)


def test_every_row_is_tested_by_a_recorded_refusal() -> None:
    rows = (*REFUSALS, UNKNOWN_REFUSAL, UNKNOWN_NOTICE)
    assert {row.key for row in rows} == {key for key, _, _ in MEANINGS.values()}


def test_every_row_tells_how_its_refusals_arrive() -> None:
    """What is unknown may come in any way."""
    seen: dict[str, set[Delivery]] = defaultdict(set)
    for name, (key, _, _) in MEANINGS.items():
        heard = parse(mj.snapshot(f"refusal_{name}"))
        assert isinstance(heard, MidjourneyNotice)
        seen[key].add(delivery(heard))
    assert {row.key: set(row.delivery) for row in REFUSALS} == {
        key: ways for key, ways in seen.items() if not key.startswith("unknown")
    }
    assert set(UNKNOWN_REFUSAL.delivery) == set(UNKNOWN_NOTICE.delivery) == set(Delivery)


def delivery(notice: MidjourneyNotice) -> Delivery:
    if notice.nonce is not None:
        return Delivery.ANSWER
    return Delivery.EDIT if notice.message_id == mj.PROGRESS_ID else Delivery.REPLY


def test_no_two_rows_have_the_same_key_or_title() -> None:
    keys = [row.key for row in REFUSALS]
    titles = [title.casefold() for row in REFUSALS for title in row.titles]
    assert len(keys) == len(set(keys))
    assert len(titles) == len(set(titles))


def test_every_title_is_its_own_rows() -> None:
    for row in REFUSALS:
        for title in row.titles:
            assert classify(notice(title)) is row


def test_every_phrase_is_its_own_rows() -> None:
    for row in REFUSALS:
        for phrase in row.phrases:
            assert classify(notice(text=f"Oh no. {phrase}, sorry!")) is row


@pytest.mark.parametrize(
    ("title", "key"),
    [
        ("QUEUE FULL", "queue_full"),
        ("  Queue   full!! ", "queue_full"),
        ("❌ Queue full", "queue_full"),
        ("Queue full: 3 of 3 jobs", "queue_full"),
        ("Queue fuller", "unknown_notice"),
        ("The queue full", "unknown_notice"),
        ("SORRY! could not complete the job", "not_completed"),
        ("Banned prompt detected by us", "banned_prompt"),
        ("Action required", "unknown_notice"),
    ],
)
def test_a_title_is_known_by_its_words_from_the_start(title: str, key: str) -> None:
    assert classify(notice(title)).key == key


def test_the_longest_known_beginning_decides() -> None:
    """So that the table's order says nothing: "Invalid link" is more than "Invalid"."""
    assert classify(notice("Action needed to continue", colour=RED)).kind == RefusalClass.USER
    assert classify(notice("Action required to continue", colour=RED)).kind == RefusalClass.STOP


def test_a_description_does_not_speak_for_an_unknown_title() -> None:
    """What a refusal says about outages in passing must not make it one that is asked again."""
    said = notice("Nothing special", "Failed to process your command")
    assert classify(said) is UNKNOWN_NOTICE


@pytest.mark.parametrize("colour", [YELLOW, AMBER, GOLD])
def test_a_warning_colour_is_no_failure_whatever_the_words(colour: int) -> None:
    assert classify(notice("An error, invalid and denied", colour=colour)) is UNKNOWN_NOTICE


@pytest.mark.parametrize("title", ["Invalid taste", "Some ERROR", "Errors happened", "Denied!"])
def test_alarming_words_are_a_failure_in_any_other_colour(title: str) -> None:
    assert classify(notice(title)) is UNKNOWN_REFUSAL


def test_a_word_within_another_does_not_alarm() -> None:
    assert classify(notice("Terror in a cat's eyes")) is UNKNOWN_NOTICE


def test_a_known_title_counts_more_than_its_colour() -> None:
    assert classify(notice("Job queued", colour=RED)).kind == RefusalClass.WAIT
    assert classify(notice("Invalid link", colour=YELLOW)).kind == RefusalClass.USER


@given(st.text(), st.text(), st.none() | st.sampled_from([RED, YELLOW, AMBER]))
def test_every_notice_gets_an_answer(title: str, text: str, colour: int | None) -> None:
    assert classify(notice(title, text, colour)).key


def test_only_what_was_not_accepted_is_asked_for_again() -> None:
    """Of all rows, these are the ones after which a paid request is sent again."""
    again = {
        row.key
        for row in REFUSALS
        if row.kind in {RefusalClass.LATER, RefusalClass.FULL} and row.accepted == Accepted.NO
    }
    assert again == {"queue_full", "slow_down", "outage"}
