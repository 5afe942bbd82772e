"""All data about generations in Postgres, whose functions enforce the rules."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Self

from domain.acceptance import MOST_COUNTED, Standing
from domain.errors import LeaseHeld
from domain.generation import may_follow
from domain.hang_ups import HangUps
from domain.pause import Pause
from domain.ports import Acceptance, Change, Lease, Outcome
from services.database.rows import (
    below,
    bounds_row,
    candidate,
    changes,
    from_row,
    from_rows,
    load,
    new_row,
    person,
    person_row,
    picture_facts,
    time_text,
)
from services.database.supabase.collection import SupabaseCollection
from services.database.supabase.events import SupabaseEvents
from services.database.supabase.functions import Answer, Functions, json_text
from services.database.supabase.prompt_parts import SupabasePromptParts
from services.database.supabase.schema import check

if TYPE_CHECKING:
    from collections.abc import Collection

    from domain.acceptance import Bounds, Load
    from domain.archive import Candidate
    from domain.generation import Generation, NewGeneration, Picture
    from domain.ports import Person, Query
    from domain.slots import Slot
    from services.supabase import Supabase

RELEASE_SECONDS = 3.0
"""A process has little time to shut down; a lease that is not released expires by itself."""


class SupabaseGenerationStore:
    """The store on Supabase. Times are the database's; each change is one call, one transaction.

    During an outage, a call is repeated a few times. If an earlier attempt did the work but its
    answer was lost, the result is the same as if the answer had arrived.
    """

    def __init__(self, functions: Functions) -> None:
        self._functions = functions
        self.collection = SupabaseCollection(functions)
        self.events = SupabaseEvents(functions)
        self.parts = SupabasePromptParts(functions)

    @classmethod
    async def open(cls, supabase: Supabase) -> Self:
        """Check the schema; raise `WrongSchema` if it is missing or older."""
        functions = Functions(supabase)
        await check(functions)
        return cls(functions)

    async def create_generation(
        self, new: NewGeneration, *, fence: int, bounds: Bounds | None = None
    ) -> Acceptance:
        """Accept a command: a queued row with its turn, or ALREADY with the row of that message.

        CONFLICT and None: the id or the code is taken by another command. GRID_TAKEN: the grid.
        """
        answer = await self._functions.call(
            "accept_generation",
            command=json_text(new_row(new)),
            bounds=None if bounds is None else json_text(bounds_row(bounds)),
            fence=fence,
        )
        if answer.outcome == Outcome.OVER_QUOTA:
            facts = Standing(
                load=load(answer.value["load"]), failed=from_rows(answer.value["failed"])
            )
            return Acceptance(Outcome.OVER_QUOTA, None, standing=facts)
        row, place = _row(answer.value["row"]), answer.value.get("place", 0)
        ours = answer.repeated and row is not None and row.id == new.id
        return Acceptance(Outcome.DONE if ours else answer.outcome, row, place)

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
        command: int | None = None,
    ) -> Change:
        """Apply a transition; raises `ValueError` for an illegal one.

        ALREADY: the row is already like `after`, as when a call whose answer was lost is repeated.
        """
        if not may_follow(before.status, after.status):
            msg = f"{after.status} must not follow {before.status}"
            raise ValueError(msg)
        answer = await self._functions.call(
            "apply_changes",
            id=before.id,
            status=before.status.value,
            version=before.version,
            changes=json_text(changes(before, after)),
            event=event,
            fence=fence,
            command=command,
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
        """Record a stored picture, even of a generation that is no longer active."""
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

    async def get_generation_of_grid(self, message_id: int) -> Generation | None:
        """Return the generation whose finished grid is this message."""
        answer = await self._functions.call("get_generation_of_grid", message_id=str(message_id))
        return _row(answer.value)

    async def list_generations(self, query: Query) -> list[Generation]:
        """Return a page of generations, newest first."""
        answer = await self._functions.call(
            "list_generations",
            author_id=query.author_id,
            statuses=sorted(query.statuses) or None,
            before_seq=below(query.before_seq),
            limit=query.limit,
        )
        return from_rows(answer.value)

    async def list_ended(
        self, since: datetime, *, after_seq: int = 0, limit: int
    ) -> list[Generation]:
        """Return a page of those that ended or need attention, by their last change."""
        answer = await self._functions.call(
            "list_ended", since=time_text(since), after_seq=after_seq, limit=limit
        )
        return from_rows(answer.value)

    async def list_children(self, parent_id: str, limit: int) -> list[Generation]:
        """Return what was made of a generation, in the order in which it was asked for."""
        answer = await self._functions.call("list_children", parent_id=parent_id, limit=limit)
        return from_rows(answer.value)

    async def list_newest_of_each(self, limit: int) -> list[Generation]:
        """Return everybody's newest generation, newest first."""
        return from_rows((await self._functions.call("list_newest_of_each", limit=limit)).value)

    async def get_processing_generation(self) -> Generation | None:
        """Return the active generation."""
        return _row((await self._functions.call("get_processing_generation")).value)

    async def place_in_queue(self, generation_id: str) -> int:
        """Return how many are ahead of this one; 0 for one that is not waiting."""
        return int((await self._functions.call("place_in_queue", id=generation_id)).value)

    async def list_queue(self, limit: int) -> list[Generation]:
        """Return the first waiting generations, in the order in which they will be claimed."""
        return from_rows((await self._functions.call("list_queue", limit=limit)).value)

    async def get_load(self, author_id: int, since: datetime) -> Load:
        """Return how much is waiting, and how much a person has requested since a time."""
        answer = await self._functions.call(
            "get_load", author_id=author_id, since=time_text(since), limit=MOST_COUNTED
        )
        return load(answer.value)

    async def get_pause(self) -> Pause | None:
        """Return the pause of the queue; None while it runs."""
        found = (await self._functions.call("get_pause")).value
        if found is None:
            return None
        since = datetime.fromisoformat(found["since"]).astimezone(UTC)
        by = None if found["by"] is None else int(found["by"])
        return Pause(words=found["words"], since=since, by=by)

    async def set_pause(
        self,
        pause: Pause | None,
        *,
        fence: int,
        command: int | None = None,
    ) -> Outcome:
        """Pause the queue, or resume it; the first pause stays until then."""
        wanted = None if pause is None else json_text(_pause_columns(pause))
        answer = await self._by_command("set_pause", command, pause=wanted, fence=fence)
        if answer.may_be_ours and await self.get_pause() == pause:
            return Outcome.DONE
        return answer.outcome

    async def get_mark(self) -> int | None:
        """Return the latest command message that was handled; None before the first."""
        found = (await self._functions.call("get_mark")).value
        mark = None if found is None else found["message_id"]
        return None if mark is None else int(mark)

    async def set_mark(self, message_id: int, *, fence: int) -> Outcome:
        """Note that all commands up to this message are handled."""
        answer = await self._functions.call("set_mark", message_id=message_id, fence=fence)
        if answer.may_be_ours and await self.get_mark() == message_id:
            return Outcome.DONE
        return answer.outcome

    async def get_hang_ups(self) -> HangUps | None:
        """Return how Discord's gateway hung up; None if it did not, or lasted since."""
        found = (await self._functions.call("get_hang_ups")).value
        if found is None:
            return None
        last_at = datetime.fromisoformat(found["last_at"]).astimezone(UTC)
        return HangUps(in_a_row=found["in_a_row"], last_at=last_at)

    async def set_hang_ups(self, hang_ups: HangUps | None, *, fence: int) -> Outcome:
        """Note how Discord's gateway hung up, for the next process."""
        wanted = None
        if hang_ups is not None:
            facts = {"in_a_row": hang_ups.in_a_row, "last_at": time_text(hang_ups.last_at)}
            wanted = json_text(facts)
        return (await self._functions.call("set_hang_ups", hang_ups=wanted, fence=fence)).outcome

    async def list_people(self) -> list[Person]:
        """Return everybody who was allowed or denied by command, ordered by id."""
        return [person(row) for row in (await self._functions.call("list_people")).value]

    async def set_person(self, person: Person, *, fence: int, command: int) -> Outcome:
        """Allow or deny somebody; a repeat keeps the owner who decided first."""
        answer = await self._functions.call(
            "set_person", person=json_text(person_row(person)), fence=fence, command=command
        )
        if answer.may_be_ours and person in await self.list_people():
            return Outcome.DONE
        return answer.outcome

    async def list_candidates(self, *, before_seq: int | None, limit: int) -> list[Candidate]:
        """Return a page of the ended generations that are not archived, newest first."""
        before = below(before_seq)
        answer = await self._functions.call("list_candidates", before_seq=before, limit=limit)
        return [candidate(row) for row in answer.value]

    async def begin_archiving(
        self,
        ids: Collection[str],
        *,
        unchanged_since: datetime,
        favourites_too: bool = True,
    ) -> frozenset[str]:
        """Mark generations before their pictures are deleted; return those that were marked."""
        answer = await self._functions.call(
            "begin_archiving",
            ids=[*ids],
            unchanged_since=time_text(unchanged_since),
            favourites_too=favourites_too,
        )
        return frozenset(answer.value)

    async def finish_archiving(self, ids: Collection[str]) -> None:
        """Record that the pictures are deleted, for generations that were marked."""
        await self._functions.call("finish_archiving", ids=[*ids])

    async def unarchived(self, ids: Collection[str]) -> frozenset[str]:
        """Return which of these are in the database, and not archived."""
        return frozenset((await self._functions.call("unarchived", ids=[*ids])).value)

    async def acquire_lease(self, owner: str, seconds: float) -> Lease:
        """Take the lease with a higher fence than ever before, or raise `LeaseHeld`."""
        answer = await self._functions.call("acquire_lease", owner=owner, seconds=seconds)
        if answer.value["outcome"] == "held":
            if answer.value.get("moving"):
                raise LeaseHeld("a move is at work on it, or was interrupted: run it again")
            seconds = answer.value["seconds"]
            raise LeaseHeld(f"a worker is at work on the project ({seconds} s at most, if it died)")
        return Lease(owner, answer.value["fence"])

    async def renew_lease(self, lease: Lease, seconds: float) -> bool:
        """Renew the lease; False if it is no longer ours."""
        return await self._renew(lease, seconds, within=seconds / 3)

    async def release_lease(self, lease: Lease) -> None:
        """Release the lease, if it is still ours, so that the next process can start at once."""
        await self._renew(lease, 0, within=RELEASE_SECONDS)

    async def _renew(self, lease: Lease, seconds: float, **limits: float) -> bool:
        answer = await self._functions.call(
            "renew_lease",
            owner=lease.owner,
            fence=lease.fence,
            seconds=seconds,
            **limits,
        )
        return answer.value["outcome"] == Outcome.DONE

    async def _by_command(self, name: str, command: int | None, **parameters: Any) -> Answer:
        """Make a change; if a command asked for it, move the mark in the same transaction."""
        if command is None:
            return await self._functions.call(name, **parameters)
        return await self._functions.call(f"{name}_by_command", command=command, **parameters)

    async def close(self) -> None:
        """Do nothing: whoever opened the connection closes it."""


def _pause_columns(pause: Pause) -> dict[str, Any]:
    return {"since": time_text(pause.since), "words": pause.words, "by": pause.by}


def _change(answer: Answer) -> Change:
    return Change(answer.outcome, _row(answer.value["row"]))


def _row(row: dict[str, Any] | None) -> Generation | None:
    return None if row is None else from_row(row)
