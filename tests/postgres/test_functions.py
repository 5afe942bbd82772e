"""The functions decide as the domain does, and answer with an outcome."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st
from psycopg import errors

from domain.generation import Generation, Problem, ProblemKind, Status, Step, may_follow
from domain.ports import Person
from domain.settling import claimed_status, with_picture
from domain.slots import UPSCALES, Slot
from services.database.rows import (
    from_row,
    new_row,
    person_row,
    picture_facts,
    time_text,
    to_row,
    writable,
)
from services.database.supabase.functions import json_text
from tests.builders import NOW, generation, new_generation, picture
from tests.postgres.cluster import Provoked
from tests.postgres.plain import PlainDatabase, violated

pytestmark = pytest.mark.postgres

# The connection lasts for all examples, and each takes back what it did.
many = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


def steps(problem: str) -> st.SearchStrategy[Step]:
    stored = picture("g", Slot.GRID, key=problem)
    given_up = Problem(ProblemKind.STOPPED, problem)
    return st.sampled_from(
        [
            Step(),
            Step(intended_at=NOW, nonce="1", accepted_at=NOW),
            Step(problem=given_up),
            Step(picture=stored),
            Step(picture=stored, problem=given_up),
        ]
    )


generations = st.builds(
    generation,
    status=st.sampled_from(Status),
    wanted=st.permutations(UPSCALES).flatmap(
        lambda order: st.integers(0, 4).map(lambda number: tuple(order[:number]))
    ),
    steps=st.tuples(*(steps(slot.title) for slot in Slot)),
)


def given_up_in_another_order() -> Generation:
    """Return a row whose problem is the first one in the order that was wanted."""
    steps = (
        Step(picture=picture("g", Slot.GRID)),
        *(Step(problem=Problem(ProblemKind.STOPPED, str(number))) for number in (1, 2)),
        Step(),
        Step(),
    )
    wanted = (Slot.UPSCALE_2, Slot.UPSCALE_1, Slot.UPSCALE_3)
    return generation(Status.GRID_COMPLETED, wanted=wanted, steps=steps)


@many
@example(before=given_up_in_another_order(), slot=Slot.UPSCALE_3)
@given(before=generations, slot=st.sampled_from(Slot))
def test_a_picture_does_to_the_row_what_it_does_in_the_domain(
    plain: PlainDatabase, fence: int, before: Generation, slot: Slot
) -> None:
    new = picture(before.id, slot)
    expected = with_picture(before, slot, new)
    assume(may_follow(before.status, expected.status))
    with plain.undone():
        plain.insert(**writable(before))
        answer = plain.call(
            "record_picture", before.id, slot.title, new.key, json_text(picture_facts(new)), fence
        )
    row = from_row(answer["row"])
    if expected.status == Status.COMPLETED != before.status:
        expected = replace(expected, completed_at=row.updated_at)  # the database's own
    assert writable(row) == writable(expected)
    assert answer["outcome"] == ("already" if expected is before else "done")


@many
@given(before=generations)
def test_a_claim_leads_to_the_status_that_the_domain_names(
    plain: PlainDatabase, fence: int, before: Generation
) -> None:
    waiting = replace(before, status=Status.QUEUED)
    with plain.undone():
        plain.insert(**writable(waiting))
        answer = plain.call("claim_next", NOW, fence)
    assert (answer["outcome"], answer["row"]["status"]) == ("done", claimed_status(waiting))


@many
@given(before=generations, slot=st.sampled_from(Slot))
def test_an_update_leaves_the_stored_pictures(
    plain: PlainDatabase, fence: int, before: Generation, slot: Slot
) -> None:
    wanted = replace(before, echo="changed").with_step(slot, Step(message_id=9))
    with plain.undone():
        plain.insert(**writable(before))
        answer = plain.call(
            "apply_transition", before.status, 1, json_text(writable(wanted)), "test", fence
        )
    there = before.step(slot).picture
    expected = wanted.with_step(slot, Step(message_id=9, picture=there))
    assert writable(from_row(answer["row"])) == writable(expected)


def test_an_older_process_leaves_what_it_does_not_know_of(plain: PlainDatabase, fence: int) -> None:
    before = generation(Status.SUBMITTED, status_replaced=True)
    wanted = writable(replace(before, echo="changed"))
    del wanted["status_replaced"]
    with plain.undone():
        plain.insert(**writable(before))
        answer = plain.call("apply_transition", before.status, 1, json_text(wanted), "test", fence)
    assert (answer["row"]["echo"], answer["row"]["status_replaced"]) == ("changed", True)


def test_ids_of_the_row_are_texts_which_javascript_does_not_round(
    plain: PlainDatabase, fence: int
) -> None:
    largest = 2**63 - 1
    row_id = plain.insert(author_id=largest, status_message_id=largest, notice_message_id=largest)
    row = plain.call("get_generation", row_id)
    ids = ("author_id", "guild_id", "channel_id", "command_message_id")
    assert all(isinstance(row[name], str) for name in ids)
    assert {row["author_id"], row["status_message_id"], row["notice_message_id"]} == {str(largest)}
    assert from_row(row).author_id == largest


def test_people_with_the_largest_numbers_alternate_too(plain: PlainDatabase, fence: int) -> None:
    answers = [accept(plain, fence, author_id=2**63 - 2) for _ in range(2)]
    assert [answer["row"]["turn"] for answer in answers] == [1, 2]


def accept(plain: PlainDatabase, fence: int, **changes: Any) -> Any:
    return plain.call("accept_command", json_text(new_row(new_generation(**changes))), fence)


def test_an_older_process_says_nothing_of_grids(plain: PlainDatabase, fence: int) -> None:
    row = new_row(new_generation())
    steps = {name for name in row if name.endswith(("_url", "_step"))}
    older = {name: row[name] for name in row.keys() - steps - {"echo", "buttons", "message_flags"}}
    answer = plain.call("accept_command", json_text(older), fence)
    assert from_row(answer["row"]).steps == tuple(Step() for _ in Slot)


def test_a_hand_that_moves_a_row_is_a_conflict_for_the_bot(
    plain: PlainDatabase, fence: int
) -> None:
    known = from_row(accept(plain, fence)["row"])
    plain.set(known.id, "status", Status.CANCELLED)
    wanted = json_text(writable(replace(known, status=Status.SUBMITTED)))
    answer = plain.call("apply_transition", known.status, known.version, wanted, "test", fence)
    assert (answer["outcome"], answer["row"]["status"]) == ("conflict", "cancelled")


def test_what_a_hand_does_after_a_function_is_told_apart(plain: PlainDatabase, fence: int) -> None:
    """Even in the same transaction, which remembers what the function said it was doing."""
    accept(plain, fence)
    row = plain.call("claim_next", NOW, fence)["row"]
    plain.set(row["id"], "status", Status.FAILED)
    found = plain.rows("SELECT event FROM generation_events ORDER BY id")
    assert [event["event"] for event in found] == ["created", "claimed", "edited"]


MARK = 2**62
PAUSE = {"since": time_text(NOW), "words": "x", "by": None}


def accept_marked(plain: PlainDatabase, fence: int) -> Any:
    return accept(plain, fence, command_message_id=MARK)


def cancel(plain: PlainDatabase, fence: int) -> Any:
    known = from_row(accept(plain, fence, command_message_id=1)["row"] or to_row(generation()))
    wanted = json_text(writable(replace(known, status=Status.CANCELLED)))
    return plain.call(
        "apply_transition_by_command", known.status, known.version, wanted, "test", fence, MARK
    )


def allow(plain: PlainDatabase, fence: int) -> Any:
    person = Person(id=1, allowed=True, by=2, since=NOW)
    return plain.call("set_person", json_text(person_row(person)), fence, MARK)


CHANGES: dict[str, Callable[[PlainDatabase, int], Any]] = {
    "accept_command": accept,
    "claim_next": lambda plain, fence: plain.call("claim_next", NOW, fence),
    "apply_transition": lambda plain, fence: plain.call(
        "apply_transition", "queued", 1, json_text(writable(generation())), "test", fence
    ),
    "record_picture": lambda plain, fence: plain.call(
        "record_picture", generation().id, "grid", "key", "{}", fence
    ),
    "set_pause": lambda plain, fence: plain.call("set_pause", json_text(PAUSE), fence),
    "set_mark": lambda plain, fence: plain.call("set_mark", MARK, fence),
    "apply_transition_by_command": cancel,
    "set_pause_by_command": lambda plain, fence: plain.call(
        "set_pause_by_command", json_text(PAUSE), fence, MARK
    ),
    "set_person": allow,
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_change_without_the_lease_is_stale(
    plain: PlainDatabase, fence: int, change: Callable[[PlainDatabase, int], Any]
) -> None:
    for outdated in (fence - 1, fence + 1, -1):
        assert change(plain, outdated)["outcome"] == "stale_fence"
    assert change(plain, fence)["outcome"] != "stale_fence"


MARKING = {
    name: CHANGES[name]
    for name in ("set_mark", "apply_transition_by_command", "set_pause_by_command", "set_person")
} | {"accept_command": accept_marked}


@pytest.mark.parametrize("change", MARKING.values(), ids=MARKING)
def test_a_mark_that_cannot_move_leaves_its_change_undone(
    plain: PlainDatabase,
    provoked: Provoked,
    fence: int,
    change: Callable[[PlainDatabase, int], Any],
) -> None:
    plain.run("ALTER TABLE queue_state ADD CHECK (handled_message_id < 9)")
    rule = "queue_state_handled_message_id_check"
    with provoked.raising(errors.CheckViolation, violated(rule, "queue_state")), plain.undone():
        change(plain, fence)
    assert plain.rows("SELECT * FROM people") == []
    assert plain.rows("SELECT * FROM generations WHERE status <> 'queued'") == []
    assert plain.rows("SELECT * FROM generations WHERE command_message_id > 1") == []
    assert plain.value("SELECT paused_since FROM queue_state") is None


def test_counts_of_the_load_stop_at_a_limit(plain: PlainDatabase, fence: int) -> None:
    for author_id in (1, 2, 1, 2, 1):
        accept(plain, fence, author_id=author_id)
    loads = [plain.call("get_load", 1, NOW - timedelta(days=9999), most) for most in (2, 4, 9)]
    counts = [(load["waiting"], load["own_waiting"], load["own_lately"]) for load in loads]
    assert counts == [(2, 2, 2), (4, 3, 3), (5, 3, 3)]


def test_a_lease_that_has_run_out_still_counts_until_somebody_takes_it(
    plain: PlainDatabase, fence: int
) -> None:
    plain.run("UPDATE leases SET expires_at = now() - interval '1 hour'")
    assert accept(plain, fence)["outcome"] == "done"
    taken = plain.call("acquire_lease", "another", 30)
    assert (taken["outcome"], accept(plain, fence)["outcome"]) == ("done", "stale_fence")
    assert plain.call("renew_lease", "test", fence, 30)["outcome"] == "stale_fence"


def test_who_asks_again_under_the_same_name_gets_the_lease(
    plain: PlainDatabase, fence: int
) -> None:
    """The answer to their first request was lost."""
    again = plain.call("acquire_lease", "test", 30)
    assert again == {"outcome": "done", "fence": fence + 1}


def test_a_held_lease_tells_for_how_long(plain: PlainDatabase, fence: int) -> None:
    assert plain.call("acquire_lease", "another", 30) == {
        "outcome": "held",
        "seconds": 30,
        "moving": False,
    }
