"""Which generations `bot.py list` prints: by person, status and age, a page at a time."""

from __future__ import annotations

import argparse
import re
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from domain.errors import AtelierError
from domain.generation import Status
from domain.ports import Query

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from datetime import datetime

    from domain.generation import Generation
    from domain.ports import GenerationReader

PAGE = 20
LARGEST_PAGE = 1000
READ_AT_ONCE = 200
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_AGE = re.compile(rf"([0-9]{{1,4}})([{''.join(_UNITS)}])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which generations to list, newest first; None or empty means any."""

    author_id: int | None = None
    statuses: frozenset[Status] = frozenset()
    age: timedelta | None = None  #: no older than this
    before: str | None = None  #: the id or code of the last one of the page before
    limit: int = PAGE

    @classmethod
    def of(cls, arguments: argparse.Namespace) -> Selection:
        """Read what `add_arguments` has added."""
        return cls(
            author_id=arguments.by,
            statuses=arguments.status,
            age=arguments.since,
            before=getattr(arguments, "before", None),
            limit=getattr(arguments, "limit", PAGE),
        )


def add_filters(parser: argparse.ArgumentParser) -> None:
    """Add the options that choose generations."""
    parser.add_argument("--by", type=_number, metavar="USER_ID", help="only this person's")
    parser.add_argument(
        "--status",
        type=_statuses,
        default=frozenset(),
        metavar="STATUS[,STATUS]",
        help=f"only in these: {', '.join(Status)}",
    )
    parser.add_argument(
        "--since", type=_age, metavar="AGE", help="only those made since: 30m, 12h, 7d, 4w"
    )


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of the list: these, and which page."""
    add_filters(parser)
    parser.add_argument(
        "--before", metavar="ID", help="go on after the last one of the page before"
    )
    parser.add_argument(
        "--limit", type=_limit, default=PAGE, metavar="N", help=f"how many at most ({PAGE})"
    )


async def select(reader: GenerationReader, selection: Selection, now: datetime) -> list[Generation]:
    """Return the page, newest first; raise `AtelierError` for an unknown `before`.

    The rows of a page are in the order in which they were created, so those that are too old are at
    its end, and only the page is read.
    """
    page = await reader.list_generations(
        Query(
            author_id=selection.author_id,
            statuses=selection.statuses,
            before_seq=await _seq(reader, selection.before),
            limit=selection.limit,
        )
    )
    if selection.age is None:
        return page
    return [each for each in page if each.created_at >= now - selection.age]


async def every(
    reader: GenerationReader, selection: Selection, now: datetime
) -> AsyncIterator[Generation]:
    """Yield all that are chosen, newest first, whatever the limit is."""
    page = replace(selection, limit=READ_AT_ONCE)
    while found := await select(reader, page, now):
        for each in found:
            yield each
        page = replace(page, before=found[-1].id)


async def _seq(reader: GenerationReader, id_or_code: str | None) -> int | None:
    return None if id_or_code is None else (await find(reader, id_or_code)).seq


async def find(reader: GenerationReader, id_or_code: str) -> Generation:
    """Return one generation; raise `AtelierError` if it is unknown."""
    found = await reader.get_generation(id_or_code)
    if found is None:
        raise AtelierError(f"There is no generation {id_or_code}.")
    return found


def _number(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,19}", text) or int(text) >= 2**63:
        raise argparse.ArgumentTypeError(f"{text!r} is not the id of a person")
    return int(text)


def _statuses(text: str) -> frozenset[Status]:
    try:
        return frozenset(Status(part.strip()) for part in text.split(","))
    except ValueError:
        known = ", ".join(Status)
        raise argparse.ArgumentTypeError(f"{text!r} is not one of: {known}") from None


def _age(text: str) -> timedelta:
    match = _AGE.fullmatch(text)
    if match is None:
        raise argparse.ArgumentTypeError(f"{text!r} is no age like 30m, 12h, 7d or 4w")
    return timedelta(**{_UNITS[match[2]]: int(match[1])})


def _limit(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= LARGEST_PAGE:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 to {LARGEST_PAGE}")
    return int(text)
