"""Every fact of every generation in Postgres, where functions decide what may happen to it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Self

from domain.errors import LeaseHeld
from domain.generation import may_follow
from domain.pause import Pause
from domain.ports import Change, Lease, Outcome
from services.database.rows import from_row, new_row, picture_facts, time_text, writable
from services.database.supabase.functions import Answer, Functions, json_text
from services.database.supabase.schema import check

if TYPE_CHECKING:
    from domain.generation import Generation, NewGeneration, Picture, Slot
    from domain.ports import Query
    from services.supabase import Supabase

LAST_SEQ = 2**63 - 1
"""Every page is a search below some `seq`; the first one below this."""


class SupabaseGenerationStore:
    """The store on Supabase. Times are the database's; each change is one call, one transaction.

    After an outage, a call is made again a few times. What the first try may have done, before its
    answer was lost, is then found done, and is told as if the answer had come.
    """

    def __init__(self, functions: Functions) -> None:
        self._functions = functions

    @classmethod
    async def open(cls, supabase: Supabase) -> Self:
        """Look whether the schema is there; if it is not, or is older, that is a `WrongSchema`."""
        functions = Functions(supabase)
        await check(functions)
        return cls(functions)

    async def create_generation(self, new: NewGeneration, *, fence: int) -> Change:
        """Accept a command: a queued row with its turn, or ALREADY with the row of that message.

        CONFLICT and None: the id or the code is taken by another command.
        """
        answer = await self._functions.call(
            "accept_command", command=json_text(new_row(new)), fence=fence
        )
        change = _change(answer)
        ours = change.generation is not None and change.generation.id == new.id
        if answer.repeated and ours:
            return Change(Outcome.DONE, change.generation)
        return change

    async def claim_next(self, *, now: datetime, fence: int) -> Change:
        """Make the first waiting generation active, in the status of its first missing step."""
        return _change(await self._functions.call("claim_next", now=time_text(now), fence=fence))

    async def update_generation(
        self,
        before: Generation,
        after: Generation,
        *,
        event: str,
        fence: int,
    ) -> Change:
        """Apply a transition; an illegal one is a `ValueError`.

        ALREADY: the row is as `after` wants it, as when a call is repeated whose answer was lost.
        """
        if not may_follow(before.status, after.status):
            msg = f"{after.status} must not follow {before.status}"
            raise ValueError(msg)
        answer = await self._functions.call(
            "apply_transition",
            status=before.status.value,
            version=before.version,
            after=json_text(writable(after)),
            event=event,
            fence=fence,
        )
        return _change(answer)

    async def record_picture(
        self,
        generation_id: str,
        slot: Slot,
        picture: Picture,
        *,
        fence: int,
    ) -> Change:
        """Record a stored picture, also of a generation that is no longer active."""
        answer = await self._functions.call(
            "record_picture",
            id=generation_id,
            slot=slot.title,
            key=picture.key,
            facts=json_text(picture_facts(picture)),
            fence=fence,
        )
        return _change(answer)

    async def get_generation(self, id_or_code: str) -> Generation | None:
        """Return one generation by its id or its code (in any case)."""
        answer = await self._functions.call("get_generation", id_or_code=id_or_code)
        return _row(answer.value)

    async def list_generations(self, query: Query) -> list[Generation]:
        """Return a page of generations, newest first."""
        answer = await self._functions.call(
            "list_generations",
            author_id=query.author_id,
            statuses=sorted(query.statuses) or None,
            before_seq=LAST_SEQ if query.before_seq is None else query.before_seq,
            limit=query.limit,
        )
        return [from_row(row) for row in answer.value]

    async def get_processing_generation(self) -> Generation | None:
        """Return the active generation."""
        return _row((await self._functions.call("get_processing_generation")).value)

    async def place_in_queue(self, generation_id: str) -> int:
        """Return how many come before this one; 0 for one that does not wait."""
        return int((await self._functions.call("place_in_queue", id=generation_id)).value)

    async def get_pause(self) -> Pause | None:
        """Return the pause of the queue; None while it runs."""
        found = (await self._functions.call("get_pause")).value
        if found is None:
            return None
        since = datetime.fromisoformat(found["since"]).astimezone(UTC)
        by = None if found["by"] is None else int(found["by"])
        return Pause(words=found["words"], since=since, by=by)

    async def set_pause(self, pause: Pause | None, *, fence: int) -> Outcome:
        """Pause the queue, or resume it; the first pause stays until then."""
        wanted = None if pause is None else json_text(_pause_columns(pause))
        answer = await self._functions.call("set_pause", pause=wanted, fence=fence)
        outcome = Outcome(answer.value["outcome"])
        if answer.repeated and outcome == Outcome.ALREADY and await self.get_pause() == pause:
            return Outcome.DONE
        return outcome

    async def acquire_lease(self, owner: str, seconds: float) -> Lease:
        """Take the lease with a higher fence than ever before, or raise `LeaseHeld`."""
        answer = await self._functions.call("acquire_lease", owner=owner, seconds=seconds)
        if answer.value["outcome"] == "held":
            msg = f"another process holds the lease, for {answer.value['seconds']} s at most"
            raise LeaseHeld(msg)
        return Lease(owner, answer.value["fence"])

    async def renew_lease(self, lease: Lease, seconds: float) -> bool:
        """Prolong the lease; False when it is no longer ours."""
        return await self._renew(lease, seconds, within=seconds / 3)

    async def release_lease(self, lease: Lease) -> None:
        """Let the next process act at once; a lease that is no longer ours is left alone."""
        await self._renew(lease, 0)

    async def _renew(self, lease: Lease, seconds: float, **limits: float) -> bool:
        answer = await self._functions.call(
            "renew_lease",
            owner=lease.owner,
            fence=lease.fence,
            seconds=seconds,
            **limits,
        )
        return answer.value["outcome"] == Outcome.DONE

    async def close(self) -> None:
        """Let go of nothing: the connection is closed by whoever has opened it."""


def _pause_columns(pause: Pause) -> dict[str, Any]:
    return {"since": time_text(pause.since), "words": pause.words, "by": pause.by}


def _change(answer: Answer) -> Change:
    return Change(Outcome(answer.value["outcome"]), _row(answer.value["row"]))


def _row(row: dict[str, Any] | None) -> Generation | None:
    return None if row is None else from_row(row)
