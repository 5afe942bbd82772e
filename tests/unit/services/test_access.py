"""Who may use the bot."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

from domain.ports import Person
from services.access import ONE_DAY, Access
from services.database.sqlite import SqliteGenerationStore
from tests.builders import ANN, NOW
from tests.fakes import FakeClock

OLGA, BEN, CLEO, ARTISTS = 1, 1002, 1003, 7


def settings(**changes: object) -> Any:
    facts: dict[str, object] = {
        "owner_ids": frozenset({OLGA}),
        "allowed_user_ids": frozenset({ANN}),
        "allowed_role_ids": frozenset({ARTISTS}),
        "allow_everybody": False,
    }
    return SimpleNamespace(**facts | changes)


async def test_who_was_allowed_or_denied_is_known_after_a_restart(tmp_path: Path) -> None:
    clock = FakeClock(NOW)
    store = await SqliteGenerationStore.open(tmp_path / "atelier.sqlite3", clock=clock)
    lease = await store.acquire_lease("test", 30)
    access = Access(settings(), store, lease, clock)
    assert [access.allows(person, ()) for person in (OLGA, ANN, BEN)] == [True, True, False]
    for person, allowed in ((OLGA, False), (ANN, False), (BEN, True)):
        said = Person(id=person, allowed=allowed, by=1, since=NOW)
        assert await access.set_person(said, person)
        assert not await access.set_person(said, person)
    restarted = await Access.open(settings(), store, lease, clock)
    for each in (access, restarted):
        assert [each.allows(person, ()) for person in (OLGA, ANN, BEN)] == [True, False, True]
        assert [each.denies(person) for person in (ANN, BEN, CLEO)] == [True, False, False]
    assert await store.get_mark() == BEN
    await store.close()


def of(**changes: object) -> Access:
    store: Any = None
    return Access(settings(**changes), store, store, FakeClock())


def test_a_role_is_enough_and_everybody_may_be_allowed() -> None:
    assert of().allows(BEN, (8, ARTISTS))
    assert not of().allows(BEN, (8,))
    assert of(allow_everybody=True).allows(BEN, ())


def test_who_may_not_use_it_is_told_so_once_a_day() -> None:
    clock = FakeClock()
    store: Any = None
    access = Access(settings(), store, store, clock)
    told: list[bool] = []
    for wait in (0, ONE_DAY - 1, 1):
        clock.jump(wait)
        told.append(access.first_refusal_today(BEN))
    assert told == [True, False, True]
    assert access.first_refusal_today(CLEO)
