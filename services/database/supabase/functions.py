"""Calls the database's functions: what is sent, and when it is retried.

Each function is one transaction that checks before it writes, so a call whose answer was lost can
be repeated. (The client itself repeats none of these calls.)
"""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import stamina

from domain.errors import StoreUnavailable
from domain.ports import Outcome
from services.supabase import translated

if TYPE_CHECKING:
    from services.supabase import Supabase

TRIES = 3
TRY_SECONDS = 10.0
"""Shorter than the client's own limits, which allow for large pictures."""
CALL_SECONDS = 35.0
_EXACT = 2**53
"""From here on JavaScript, which Supabase's tools use, rounds whole numbers."""


class Answer(NamedTuple):
    """What a function returned; if `repeated`, an earlier attempt may have done the work."""

    value: Any
    repeated: bool

    @property
    def outcome(self) -> Outcome:
        """The outcome of a change."""
        return Outcome(self.value["outcome"])

    @property
    def may_be_ours(self) -> bool:
        """Whether an earlier attempt may have made the change that was found to be made."""
        return self.repeated and self.outcome == Outcome.ALREADY


class Functions:
    """The functions of the database, by their names."""

    def __init__(self, supabase: Supabase) -> None:
        self._client = supabase.client

    async def call(self, name: str, *, within: float = CALL_SECONDS, **parameters: Any) -> Answer:
        """Call a function with its `p_` parameters; `within` is in seconds, for all attempts."""
        sent = {f"p_{key}": _holdable(value) for key, value in parameters.items()}
        tries = stamina.retry_context(
            on=StoreUnavailable, attempts=TRIES, timeout=None, wait_initial=0.2
        )
        try:
            async with asyncio.timeout(within):
                async for attempt in tries.with_name(name, (), {}):
                    with attempt:
                        return Answer(await self._once(name, sent), attempt.num > 1)
        except TimeoutError as error:
            raise _silent(within) from error
        raise AssertionError  # pragma: no cover -- the loop ends by returning or raising

    async def _once(self, name: str, sent: dict[str, Any]) -> Any:
        try:
            with translated():
                async with asyncio.timeout(TRY_SECONDS):
                    answer = (await self._client.rpc(name, sent).execute()).data
        except TimeoutError as error:
            raise _silent(TRY_SECONDS) from error
        if isinstance(answer, str):  # the client returns text if it is not JSON; ours is
            raise StoreUnavailable("something else than Supabase answers at SUPABASE_URL")
        return answer


def json_text(value: Any) -> str:
    """Return the JSON of a value, in a form that Postgres and every later reader can handle.

    Large whole numbers become text. Characters that Postgres cannot store become question marks:
    NUL and unpaired surrogates.
    """
    return json.dumps(_holdable(value), ensure_ascii=False)


def _holdable(value: Any) -> Any:
    match value:
        case bool():
            return value
        case int() if abs(value) >= _EXACT:
            return str(value)
        case str():
            return value.encode(errors="replace").decode().replace("\0", "?")
        case list():
            return [_holdable(one) for one in cast("list[Any]", value)]
        case dict():
            return {key: _holdable(one) for key, one in cast("dict[str, Any]", value).items()}
        case _:
            return value


def _silent(seconds: float) -> StoreUnavailable:
    return StoreUnavailable(f"Supabase does not answer within {seconds:g} s")
