"""Many clients at once: whatever the code does, only one wins, and nothing is lost."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Any, TypeVar

import pytest
from psycopg import errors

from domain.generation import Status
from domain.slots import UPSCALES, Slot
from services.database.rows import new_row, picture_facts
from services.database.supabase.functions import json_text
from tests.builders import NOW, new_generation, picture
from tests.postgres.cluster import Provoked
from tests.postgres.plain import ANOTHER_IS_ACTIVE, PlainDatabase, stored

pytestmark = pytest.mark.postgres

T = TypeVar("T")
CLIENTS = 8
ROUNDS = 10
LATER = datetime(2200, 1, 1, tzinfo=UTC)


class Race:
    """Clients with a connection each, who all start at the same moment."""

    def __init__(self, clients: list[PlainDatabase], pool: ThreadPoolExecutor) -> None:
        self.clients = clients
        self._pool = pool
        self._start = threading.Barrier(len(clients))

    def run(self, act: Callable[[int, PlainDatabase], T]) -> list[T]:
        """Let each client act, given its number, and return what they got."""

        def one(number: int, client: PlainDatabase) -> T:
            self._start.wait(timeout=30)
            return act(number, client)

        return list(self._pool.map(one, range(len(self.clients)), self.clients))


@pytest.fixture
def race(postgres_url: str) -> Generator[Race]:
    with ExitStack() as opened:
        clients = [opened.enter_context(PlainDatabase.on(postgres_url)) for _ in range(CLIENTS)]
        pool = opened.enter_context(ThreadPoolExecutor(CLIENTS))
        yield Race(clients, pool)


@pytest.fixture
def hand(race: Race) -> PlainDatabase:
    return race.clients[0]


@pytest.fixture
def held(hand: PlainDatabase) -> int:
    return hand.call("acquire_lease", "holder", 60)["fence"]


def test_one_of_many_rows_becomes_active(
    race: Race, hand: PlainDatabase, provoked: Provoked
) -> None:
    """Even without any function: the index alone decides."""
    provoked(ANOTHER_IS_ACTIVE)
    for _ in range(ROUNDS):
        ids = [hand.insert() for _ in range(CLIENTS)]

        def activate(number: int, client: PlainDatabase, ids: list[str] = ids) -> str:
            try:
                client.set(ids[number], "status", Status.SUBMITTING)
            except errors.UniqueViolation:
                return "refused"
            return "active"

        assert Counter(race.run(activate)) == {"active": 1, "refused": CLIENTS - 1}
        hand.run("UPDATE generations SET status = 'failed' WHERE status = 'submitting'")


def test_claims_come_in_the_order_of_the_queue(race: Race, hand: PlainDatabase, held: int) -> None:
    ids = [hand.insert(turn=turn) for turn in (3, 1, 2, 1, 5, 4)]
    in_order = [ids[place] for place in (1, 3, 2, 0, 5, 4)]
    for first in in_order:
        answers = race.run(lambda _, client: client.call("claim_next", NOW, held))
        assert Counter(a["outcome"] for a in answers) == {"done": 1, "already": CLIENTS - 1}
        assert {answer["row"]["id"] for answer in answers} == {first}
        hand.set(first, "status", Status.FAILED)


def test_everybody_who_asks_at_once_has_their_own_turn(race: Race, held: int) -> None:
    def ask(number: int, client: PlainDatabase) -> Any:
        new = json_text(new_row(new_generation(author_id=7)))
        return client.call("accept_command", new, held)["row"]

    rows = [row for _ in range(3) for row in race.run(ask)]
    assert sorted(row["turn"] for row in rows) == list(range(1, 3 * CLIENTS + 1))
    by_seq = sorted(rows, key=lambda row: row["seq"])
    assert by_seq == sorted(rows, key=lambda row: row["turn"])


def test_one_command_message_is_one_row(race: Race, held: int) -> None:
    for message in range(ROUNDS):

        def accept(_: int, client: PlainDatabase, message: int = message) -> Any:
            new = json_text(new_row(new_generation(command_message_id=message)))
            return client.call("accept_command", new, held)

        answers = race.run(accept)
        assert Counter(a["outcome"] for a in answers) == {"done": 1, "already": CLIENTS - 1}
        assert len({answer["row"]["id"] for answer in answers}) == 1


def test_four_upscales_at_once_are_four_steps_and_one_completion(
    race: Race, hand: PlainDatabase, held: int
) -> None:
    for _ in range(ROUNDS):
        row_id = hand.insert(status=Status.GRID_COMPLETED, **stored(Slot.GRID))

        def store(number: int, client: PlainDatabase, row_id: str = row_id) -> Any:
            slot = UPSCALES[number % 4]
            facts = json_text(picture_facts(picture(row_id, slot)))
            return client.call("record_picture", row_id, slot.title, slot.title, facts, held)

        answers = race.run(store)
        made = [answer["row"] for answer in answers if answer["outcome"] == "done"]
        assert sorted(row["progress"] for row in made) == [62.5, 75, 87.5, 100]
        assert [row["status"] for row in made].count("completed") == 1
        row = hand.get(row_id)
        assert (row["status"], row["progress"], row["version"]) == ("completed", 100, 5)
        assert all(row[f"{slot.title}_url"] == slot.title for slot in Slot)


def test_one_of_many_takes_a_free_lease(race: Race, hand: PlainDatabase) -> None:
    for fence in range(1, ROUNDS + 1):
        answers = race.run(lambda number, client: client.call("acquire_lease", str(number), 60))
        assert Counter(a["outcome"] for a in answers) == {"done": 1, "held": CLIENTS - 1}
        assert [a["fence"] for a in answers if a["outcome"] == "done"] == [fence]
        hand.run("UPDATE leases SET expires_at = now()")


def test_who_lost_the_lease_changes_nothing(race: Race, hand: PlainDatabase) -> None:
    """Half of the clients go on writing with the old fence while the lease is taken over."""
    for _ in range(ROUNDS):
        old = hand.call("acquire_lease", "old", 60)["fence"]
        hand.run("UPDATE leases SET expires_at = now()")

        def act(number: int, client: PlainDatabase, old: int = old) -> Any:
            if number == 0:
                return client.call("acquire_lease", "new", 60)
            new = json_text(new_row(new_generation()))
            return client.call("accept_command", new, old)

        taken, *written = race.run(act)
        assert taken == {"outcome": "done", "fence": old + 1}
        late = [client.call("claim_next", NOW, old)["outcome"] for client in race.clients]
        assert late == ["stale_fence"] * CLIENTS
        assert {answer["outcome"] for answer in written} <= {"done", "stale_fence"}
        hand.run("UPDATE leases SET expires_at = now()")


def test_a_claim_that_a_hand_is_faster_than_is_a_conflict(
    race: Race, hand: PlainDatabase, held: int
) -> None:
    """The hand's transaction is open, so that the claim cannot see it and waits at the index."""
    by_hand, _waiting = hand.insert(turn=2), hand.insert(turn=1)
    other = race.clients[1]
    with ThreadPoolExecutor(1) as pool:
        with hand.connection.transaction():
            hand.set(by_hand, "status", Status.SUBMITTING)
            claim = pool.submit(other.call, "claim_next", NOW, held)
            wait_until_blocked(race.clients[2])
        assert claim.result(timeout=30) == {"outcome": "conflict", "row": None}
    assert hand.get(by_hand)["status"] == "submitting"
    assert hand.value("SELECT last_claimed_turn FROM queue_state") == 0


def wait_until_blocked(watcher: PlainDatabase) -> None:
    """Return when somebody waits for a lock."""
    sql = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
    while watcher.value(sql) == 0:
        pass


def test_what_is_changed_at_this_moment_keeps_its_old_events(
    race: Race, hand: PlainDatabase
) -> None:
    """The clean-up waits for nobody, and takes nothing from what may go back to work."""
    changed, _ = [hand.insert(status=Status.FAILED) for _ in range(2)]
    worker = race.clients[1]
    with worker.undone():
        worker.set(changed, "status", Status.QUEUED)
        assert hand.call("delete_old_events", LATER, 0, 2**62) == 1
        left = hand.rows("SELECT generation_id::text FROM generation_events")
        assert [row["generation_id"] for row in left] == [changed]
    assert hand.call("delete_old_events", LATER, 0, 2**62) == 1
