"""A generation survives being a row, whatever is in it."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from domain.errors import StoreRefused
from domain.generation import (
    Button,
    Generation,
    Origin,
    OriginKind,
    Picture,
    Problem,
    ProblemKind,
    Proof,
    Status,
    Step,
)
from domain.slots import UPSCALES, Slot
from services.database.rows import (
    JSON_COLUMNS,
    STORE_COLUMNS,
    changes,
    from_row,
    from_rows,
    new_row,
    time_text,
    to_row,
)
from tests.builders import NOW, generation, new_generation, picture

pytestmark = pytest.mark.timeout(600)
"""CI draws 500 whole generations for each test, traced; that is no sign of a hang."""

COLUMNS = """
    id code seq turn status progress version prompt author_id author_name guild_id channel_id
    command_message_id status_message_id status_replaced notice_message_id
    origin_kind parent_id parent_index wanted not_before echo buttons message_flags
    grid_url upscale_1_url upscale_2_url upscale_3_url upscale_4_url
    grid_step upscale_1_step upscale_2_step upscale_3_step upscale_4_step
    error created_at updated_at submitted_at completed_at archiving_at archived_at
    grid_copy
"""

ids = st.integers(1, 2**63 - 1)
counts = st.integers(0, 2**31)
texts = st.text()
times = st.datetimes(
    min_value=datetime(1970, 1, 1),  # noqa: DTZ001 -- the zone comes with `timezones`
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=30))]),
)
problems = st.builds(Problem, st.sampled_from(ProblemKind), texts)
pictures = st.builds(
    Picture,
    key=texts,
    sha256=texts,
    size=counts,
    width=counts,
    height=counts,
    stored_at=times,
)
steps = st.builds(
    Step,
    intended_at=st.none() | times,
    nonce=st.none() | texts,
    session_id=st.none() | texts,
    attempts=counts,
    unanswered=counts,
    delivered_at=st.none() | times,
    accepted_at=st.none() | times,
    accepted_by=st.none() | st.sampled_from(Proof),
    job_queued=st.booleans(),
    interaction_id=st.none() | ids,
    progress_message_id=st.none() | ids,
    gone_at=st.none() | times,
    job_id=st.none() | texts,
    message_id=st.none() | ids,
    picture_url=st.none() | texts,
    picture=st.none() | pictures,
    problem=st.none() | problems,
)
generations = st.builds(
    Generation,
    id=texts,
    code=texts,
    prompt=texts,
    author_id=ids,
    author_name=texts,
    guild_id=ids,
    channel_id=ids,
    command_message_id=ids,
    wanted=st.lists(st.sampled_from(UPSCALES), unique=True).map(tuple),
    origin=st.builds(
        Origin,
        kind=st.sampled_from(OriginKind),
        parent_id=st.none() | texts,
        index=st.none() | counts,
    ),
    seq=ids,
    turn=ids,
    version=ids,
    created_at=times,
    updated_at=times,
    status=st.sampled_from(Status),
    progress=st.sampled_from([0.0, 25.0, 50.0, 62.5, 75.0, 87.5, 100.0]),
    not_before=st.none() | times,
    echo=st.none() | texts,
    buttons=st.lists(st.builds(Button, texts, texts, st.booleans()), max_size=3).map(tuple),
    message_flags=counts,
    steps=st.tuples(*(steps for _ in Slot)),
    status_message_id=st.none() | ids,
    status_replaced=st.booleans(),
    notice_message_id=st.none() | ids,
    problem=st.none() | problems,
    submitted_at=st.none() | times,
    completed_at=st.none() | times,
)


@given(generations)
def test_a_generation_comes_back_from_its_row_also_through_json(whole: Generation) -> None:
    row = to_row(whole)
    assert from_row(row) == whole
    assert from_row(json.loads(json.dumps(row))) == whole


@given(generations)
def test_a_row_has_the_columns_of_the_table_and_only_those_of_json_hold_more_than_plain_values(
    whole: Generation,
) -> None:
    row = to_row(whole)
    assert set(row) == set(COLUMNS.split())
    assert {name for name in row if isinstance(row[name], dict | list)} == set(JSON_COLUMNS)


@given(generations, generations)
def test_the_changes_make_one_generation_of_another(before: Generation, after: Generation) -> None:
    changed = changes(before, after)
    assert not STORE_COLUMNS & set(changed)
    theirs = {name: getattr(before, name) for name in STORE_COLUMNS}
    assert from_row(to_row(before) | changed) == replace(after, **theirs)


def test_what_is_equal_has_no_changes() -> None:
    row = generation()
    assert changes(row, row) == {}


def test_a_picture_changes_its_own_two_columns() -> None:
    before = generation()
    after = before.with_step(Slot.UPSCALE_2, Step(picture=picture(before.id, Slot.UPSCALE_2)))
    assert changes(before, after) == {
        "upscale_2_url": f"{before.id}/upscale_2.png",
        "upscale_2_step": {
            "sha256": "0" * 64,
            "size": 1234,
            "width": 64,
            "height": 64,
            "stored_at": "2026-11-22T12:00:00.000000+00:00",
        },
    }


def test_the_row_of_a_command_is_a_part_of_the_whole_row() -> None:
    new = new_generation()
    whole = generation(**{name: getattr(new, name) for name in new.__dataclass_fields__})
    assert new_row(new).items() <= to_row(whole).items()


def test_a_step_that_was_not_asked_for_is_empty() -> None:
    assert to_row(generation())["grid_step"] == {}


@given(times, times)
def test_times_sort_as_text(one: datetime, other: datetime) -> None:
    assert (time_text(one) < time_text(other)) == (one < other)


@pytest.mark.parametrize(
    "text",
    ["2026-11-22T12:00:00Z", "2026-11-22T14:00:00+02:00", "2026-11-22 12:00:00.000+00"],
)
def test_times_are_read_as_databases_write_them(text: str) -> None:
    read = from_row(to_row(generation()) | {"completed_at": text}).completed_at
    assert read is not None
    assert (read, read.tzinfo) == (NOW, UTC)


def test_a_progress_that_comes_as_text_is_a_number() -> None:
    assert from_row(to_row(generation()) | {"progress": "62.50"}).progress == 62.5


def test_words_of_a_hand_are_a_problem_with_these_words() -> None:
    step = {"problem": "looked at: by Bob"}
    row = to_row(generation()) | {"error": "looked at by Bob", "grid_step": step}
    read = from_row(row)
    assert read.problem == Problem(ProblemKind.BROKEN, "looked at by Bob")
    assert read.step(Slot.GRID).problem == Problem(ProblemKind.BROKEN, "looked at: by Bob")


def test_a_key_without_facts_is_a_picture_of_which_nothing_is_known() -> None:
    read = from_row(to_row(generation()) | {"grid_url": "by hand"})
    assert read.step(Slot.GRID).picture == Picture(
        key="by hand", sha256="", size=0, width=0, height=0, stored_at=read.updated_at
    )


def test_a_button_is_read_by_its_id() -> None:
    read = from_row(to_row(generation()) | {"buttons": [{"custom_id": "x", "seen": 1}]})
    assert read.buttons == (Button("x"),)


@pytest.mark.parametrize(
    "spoilt",
    [{"wanted": [9]}, {"buttons": [1]}, {"not_before": "infinity"}, {"grid_step": []}],
    ids=str,
)
def test_a_row_that_cannot_be_read_is_named_and_hides_no_other(spoilt: dict[str, Any]) -> None:
    good, bad = to_row(generation()), to_row(generation(code="ab2xyz")) | spoilt
    with pytest.raises(StoreRefused, match="generation ab2xyz cannot be read"):
        from_row(bad)
    with capture_logs() as logged:
        assert from_rows([bad, good]) == [from_row(good)]
    assert [(line["event"], "ab2xyz" in line["why"]) for line in logged] == [("row_left_out", True)]
