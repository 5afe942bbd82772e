"""What must hold in every run, looked at with every change and every request."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from domain.effects import TOLD
from domain.generation import ACTIVE, TERMINAL, Generation, Status
from domain.slots import Slot
from tests.model.channel import ACCOUNT
from tests.model.holds import Holds
from tests.model.memory_data import StoreEvent
from tests.model.midjourney import Request, SimulatedJob
from tests.model.plans import FINAL

if TYPE_CHECKING:
    from tests.model.people import Typed
    from tests.model.world import SimulatedWorld

IN_FLIGHT = 2.0
"""Seconds for which a request may be on its way when a pause begins."""
GIVEN_UP = frozenset({Status.FAILED, Status.NEEDS_ATTENTION})
TOO_LATE = "too old to run now"


class Invariants:
    """Watches a world; every violation is noted there."""

    def __init__(self, world: SimulatedWorld) -> None:
        self._world = world
        self._nonces: set[str] = set()
        self._never_sent: Counter[tuple[str, Slot]] = Counter()
        self._holds = Holds(world)
        world.watchers.append(self._written)
        world.interactions.arrived = self._arrived

    # Requests.

    def _arrived(self, nonce: str, row: Generation | None, slot: Slot) -> None:
        world = self._world
        if nonce in self._nonces:
            world.blame(f"the nonce {nonce} was sent twice")
        self._nonces.add(nonce)
        pause = world.data.pause
        if pause is not None and (world.clock.now() - pause.since).total_seconds() > IN_FLIGHT:
            world.blame("sent while the queue was paused")
        if row is None:
            return  # the press of a Cancel button
        if not row.active and self._age(row) > IN_FLIGHT:
            world.blame(f"{row.code}: sent although it is {row.status.value}")
        self._holds.check_intention(row, slot)
        if slot == Slot.GRID:
            self._check_payment(row)

    def _age(self, row: Generation) -> float:
        return (self._world.clock.now() - row.updated_at).total_seconds()

    def _check_payment(self, row: Generation) -> None:
        """Ask for a grid again only where each request before was refused in plain words."""
        for request in self._world.requests_of(row.id):
            refused = request.plan.course == "refused" and request.plan.fault is None
            if request.slot == Slot.GRID and not refused:
                self._world.blame(f"{row.code}: the grid was asked for twice")

    # Rows.

    def _written(self, event: StoreEvent) -> None:
        before, after = event.before, event.after
        self._holds.written(event)
        rows = self._world.data.rows.values()
        if sum(row.status in ACTIVE for row in rows) > 1:
            self._world.blame("two are active")
        grid = after.step(Slot.GRID).message_id
        if grid is not None and (before is None or before.step(Slot.GRID).message_id != grid):
            self._check_grid(after, grid)
        if before is None:
            return
        if event.event == "Overdue":
            self._note_never_sent(before, after)
        for slot in after.stored:
            if slot not in before.stored:
                self._check_picture(after, slot)
        if after.status in GIVEN_UP and before.status != after.status:
            self._check_end(after)

    def _note_never_sent(self, before: Generation, after: Generation) -> None:
        """Count a press that is made once more, where a kill came between its record and itself."""
        for slot in Slot:
            nonce, intended = before.step(slot).nonce, before.step(slot).intended_at
            if nonce is None or nonce in self._nonces or after.step(slot).nonce == nonce:
                continue
            assert intended is not None
            ago = (self._world.clock.now() - intended).total_seconds()
            at = self._world.clock.monotonic() - ago
            if any(killed >= at for killed in self._world.killed_at):
                self._never_sent[before.id, slot] += 1

    def _check_grid(self, row: Generation, message_id: int) -> None:
        for other in self._world.data.rows.values():
            if other.id != row.id and other.step(Slot.GRID).message_id == message_id:
                self._world.blame(f"{row.code} and {other.code} have the same grid")

    def _check_picture(self, row: Generation, slot: Slot) -> None:
        """Compare the stored picture with the job that this generation has paid for."""
        picture = row.step(slot).picture
        assert picture is not None
        name = self._world.pictures.objects.get(picture.key)
        job = self._world.midjourney.jobs.get(name or "")
        if job is None:
            self._world.blame(f"{row.code} {slot.title}: nothing is stored")
            return
        grid = job if slot == Slot.GRID else job.parent
        if job.index != slot.value or grid is None or not self._may_keep(grid, slot, row):
            self._world.blame(f"{row.code} {slot.title}: the picture is another's")

    def _may_keep(self, grid: SimulatedJob, slot: Slot, row: Generation) -> bool:
        """Whether a grid, or what comes of it, belongs to a row.

        It is decided when the grid is stored: an upscale must be of that grid, whatever became
        known since.
        """
        kept = row.step(Slot.GRID)
        if slot != Slot.GRID and kept.picture is not None:
            return grid.id == kept.job_id
        return self._is_of(grid, row)

    def _is_of(self, grid: SimulatedJob, row: Generation) -> bool:
        """Whether a grid belongs to a row: paid for, adopted, or not to be told from its own."""
        by = grid.request
        owner = self._world.data.rows.get(by.generation_id or "")
        if owner is not None and owner.id == row.id:
            return True
        nobodys = owner is None or owner.status == Status.CANCELLED
        if nobodys and grid.id in self._world.adoptable:
            return True
        # The account made the same by hand, and what became of our own request was not heard.
        grids = [r for r in self._world.requests_of(row.id) if r.slot == Slot.GRID]
        begun = any(request.job is not None for request in grids)
        return owner is None and by.person == ACCOUNT and not begun

    def _check_end(self, row: Generation) -> None:
        if not self.excuses(row):
            end = f"{row.status.value} ({row.problem or ''})"
            self._world.blame(f"{row.code} ends {end} without a lasting trouble")

    def excuses(self, row: Generation) -> list[str]:
        """Return the lasting troubles of a generation that may have ended it."""
        grid = self._faults(row, Slot.GRID) + (["twins"] if self._twins(row) else [])
        if row.step(Slot.GRID).picture is None or row.status == Status.NEEDS_ATTENTION:
            return grid
        found: list[str] = []
        for slot in row.missing:
            faults = self._faults(row, slot)
            final = [one for one in faults if one in FINAL]
            found += final or (faults if len(faults) > 1 else [])
        return found

    def _faults(self, row: Generation, slot: Slot) -> list[str]:
        requests = [r for r in self._world.requests_of(row.id) if r.slot == slot]
        faults = [fault for request in requests if (fault := self._fault(request))]
        nonce = row.step(slot).nonce
        unsent = nonce is not None and all(request.nonce != nonce for request in requests)
        never_sent = self._never_sent[row.id, slot] + unsent
        return faults + ["killed before it was sent"] * never_sent

    def _fault(self, request: Request) -> str | None:
        if request.plan.fault is not None:
            return request.plan.fault
        parts, gateway = self._world.parts, self._world.gateway
        if min(gateway.vanished_at, parts["discord"].failed_at) >= request.at:
            return "neither heard nor read"
        if request.job is not None:
            return None
        if request.untold:
            return "the answer was lost"
        killed = any(at >= request.at for at in self._world.killed_at)
        return "killed before the answer was stored" if killed else None

    # The end.

    def settled(self, typed: list[Typed]) -> bool:
        """Whether nothing is to be done any more: what was typed last was handled, too."""
        world = self._world
        if typed and (world.data.mark or 0) < typed[-1].message_id:
            return False
        rows = world.data.rows.values()
        at_work = any(row.status in ACTIVE or row.status == Status.QUEUED for row in rows)
        untold = any(row.status in TOLD and row.notice_message_id is None for row in rows)
        return not (at_work or untold or world.midjourney.busy or world.data.pause)

    def check_the_end(self, typed: list[Typed]) -> None:
        """Look at what is left when everything was well for long enough."""
        rows = self._world.data.rows.values()
        for row in rows:
            self._check_kept(row)
            if row.status not in TERMINAL | {Status.NEEDS_ATTENTION}:
                self._world.blame(f"{row.code} is still {row.status.value}")
            elif row.status in TOLD and row.notice_message_id is None:
                self._world.blame(f"{row.code} has ended, and nobody was told")
        commands = {row.command_message_id for row in rows}
        replies = Counter(
            one.snapshot.reference_id
            for one in self._world.channel.messages.values()
            if one.author == ACCOUNT
        )
        late, hindered = self._said_too_late(), self._hindered()
        for one in typed:
            known = replies[one.message_id] or one.message_id in commands
            excused = hindered and not one.text.startswith("!imagine")
            if not known and not excused and late < one.message_id:
                self._world.blame(f"{one.text!r} of {one.at:.0f} s was lost")

    def _check_kept(self, row: Generation) -> None:
        """Look for what was made for a generation and is not stored, unless nobody wants it."""
        if row.status == Status.CANCELLED or row.archived or self._twins(row):
            return
        for job in self._world.midjourney.jobs.values():
            own = job.request.generation_id == row.id and job.message_id and not job.bad_picture
            slot = Slot(job.index)
            if own and slot in row.missing:
                self._world.blame(f"{row.code}: {slot.title} was made, and is not stored")

    def _twins(self, row: Generation) -> bool:
        """Whether it cannot be told from another grid, which has the same prompt and no ids.

        The account made it by hand, or it was cancelled when it had been asked for, or the answer
        to a request for it was never heard.
        """
        return any(
            request.person == ACCOUNT
            and request.generation_id != row.id
            and request.slot == Slot.GRID
            and request.prompt.startswith(row.prompt)
            and (request.job is None or self._is_nobodys(request))
            for request in self._world.midjourney.requests
        )

    def _is_nobodys(self, request: Request) -> bool:
        owner = self._world.data.rows.get(request.generation_id or "")
        return owner is None or owner.status == Status.CANCELLED

    def _hindered(self) -> bool:
        """Whether the answer to what was done may never have been sent."""
        return bool(self._world.killed_at) or self._world.parts["discord"].failed_at > 0

    def _said_too_late(self) -> int:
        """Return the last message in which commands were called too old."""
        own = (one for one in self._world.channel.messages.values() if one.author == ACCOUNT)
        return max((one.id for one in own if TOO_LATE in one.content), default=0)
