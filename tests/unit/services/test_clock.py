"""Limits and intervals are measured by a clock that goes on while the machine is suspended."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

from domain.ports import GenerationStore
from services.clock import SystemClock, steady_clock
from services.lease import LeaseKeeper
from tests.fakes import FakeClock
from tests.unit.services.test_lease import SECONDS, FakeLeaseStore

BOOT = 7


class Machine(SimpleNamespace):
    """The functions of `time` on a Linux machine that can be suspended."""

    def __init__(self) -> None:
        super().__init__(CLOCK_BOOTTIME=BOOT)
        self.awake, self.suspended = 100.0, 0.0

    def monotonic(self) -> float:
        return self.awake

    def clock_gettime(self, clock: int) -> float:
        assert clock == BOOT
        return self.awake + self.suspended


def test_time_in_a_suspend_counts() -> None:
    machine = Machine()
    clock = SystemClock(steady_clock(machine))
    before = clock.monotonic()
    machine.awake += 1
    machine.suspended += 3600
    assert clock.monotonic() - before == 3601


async def test_lease_does_not_outlast_a_suspend() -> None:
    machine = Machine()
    clock = SystemClock(steady_clock(machine))
    store = cast("GenerationStore", FakeLeaseStore(FakeClock(), 0))
    lease_keeper = await LeaseKeeper.begin(store, clock, SECONDS)
    assert lease_keeper.lasts()
    machine.suspended += SECONDS
    assert not lease_keeper.lasts()


def test_system_without_that_clock_has_its_monotonic_one() -> None:
    elsewhere = SimpleNamespace(monotonic=lambda: 5.0)
    assert steady_clock(elsewhere)() == 5


def test_kernel_that_does_not_know_the_clock_has_its_monotonic_one() -> None:
    def refuse(clock: int) -> float:
        raise OSError(22, f"no clock {clock}")

    old = SimpleNamespace(monotonic=lambda: 5.0, CLOCK_BOOTTIME=BOOT, clock_gettime=refuse)
    assert steady_clock(old)() == 5
