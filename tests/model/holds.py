"""No request before a hold is over: after a 429, an unreachable Discord, or a full queue."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from domain.generation import Generation
from domain.slots import Slot
from tests.model.memory_data import StoreEvent

if TYPE_CHECKING:
    from tests.model.world import SimulatedWorld

UNREACHABLE_PAUSE = 5.0
FULL_PAUSE, LONGEST_FULL_PAUSE = 60.0, 600.0
TOLERANCE = 0.01


@dataclass
class ExpectedHold:
    """What one process knows: a restart learns of it by its first request."""

    process: object = None
    begun: float = 0.0
    until: float = float("-inf")
    in_a_row: int = 0

    def forbids(self, process: object, at: float) -> bool:
        """Whether this process may send nothing at that time."""
        return process is self.process and self.begun < at < self.until - TOLERANCE


class Holds:
    """Follows what Discord and Midjourney have told the process to wait for."""

    def __init__(self, world: SimulatedWorld) -> None:
        self._world = world
        self._limit, self._unreachable, self._full = ExpectedHold(), ExpectedHold(), ExpectedHold()
        self._begun_jobs = 0
        world.interactions.limited = self._limited
        world.interactions.tried = self._tried

    def _limited(self, seconds: float) -> None:
        now = self._world.clock.monotonic()
        self._limit = ExpectedHold(self._world.process, now, now + seconds)
        self._full.in_a_row = -1  # another reason came in between

    def _tried(self, sent: bool) -> None:
        world, now = self._world, self._world.clock.monotonic()
        if self._limit.forbids(world.process, now):
            world.blame("sent before the time of a 429 was over")
        if self._unreachable.forbids(world.process, now):
            world.blame("tried again at once although Discord cannot be reached")
        if not sent:
            self._unreachable = ExpectedHold(world.process, now, now + UNREACHABLE_PAUSE)
            self._full.in_a_row = -1

    def written(self, event: StoreEvent) -> None:
        """Begin a hold where a row says that its request was refused by a full queue."""
        if event.event != "MidjourneyNotice" or event.before is None:
            return
        for slot in Slot:
            nonce = event.before.step(slot).nonce
            if nonce is not None and event.after.step(slot).nonce is None:
                self._refused(nonce)

    def _refused(self, nonce: str) -> None:
        world, now = self._world, self._world.clock.monotonic()
        request = next((r for r in world.midjourney.requests if r.nonce == nonce), None)
        if request is None or not request.plan.is_full:
            return
        lately = now - self._full.until < LONGEST_FULL_PAUSE
        again = self._full.process is world.process and lately and not self._has_begun_since()
        in_a_row = self._full.in_a_row + 1 if again and now > self._full.until else 0
        pause = min(FULL_PAUSE * 2**in_a_row, LONGEST_FULL_PAUSE)
        self._full = ExpectedHold(world.process, now, now + pause, in_a_row)
        self._begun_jobs = self._jobs()

    def _has_begun_since(self) -> bool:
        return self._jobs() > self._begun_jobs

    def _jobs(self) -> int:
        """Count what shows that Midjourney takes requests: jobs, and places in its own queue."""
        requests = self._world.midjourney.requests
        queued = sum(one.plan.course == "queued" and one.answer_id is not None for one in requests)
        return sum(request.job is not None for request in requests) + queued

    def check_intention(self, row: Generation, slot: Slot) -> None:
        """Look at when a request that arrives was decided on."""
        world, intended = self._world, row.step(slot).intended_at
        assert intended is not None
        at = world.clock.monotonic() - (world.clock.now() - intended).total_seconds()
        if self._full.forbids(world.process, at):
            world.blame(f"{row.code}: sent too soon after Midjourney's queue was full")
