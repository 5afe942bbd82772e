"""The points at which a process is killed: one for every moment between an action and its record.

`launcher.py` starts a process that dies at one of them. Midjourney's side of a point is set up by
the test (`kill_harness.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from domain.events import JobFinished, JobProgress, Matched, PictureStored
from domain.generation import Status
from domain.slots import UPSCALES, Slot

Place = Literal["folder", "supabase"]
Given = Mapping[str, Any]
"""The arguments of a call, by name."""

_COPIER = "services.pictures.copier:PictureCopier"
_LOOP = "services.generation.loop:Loop"
_MIDJOURNEY = "services.discord.midjourney:MidjourneyClient"
_REPOSITORY = "services.generation.repository:Repository"
_SERVICE = "services.generation.service:GenerationService"
_BODY_SENT = "httpcore._async.http11:AsyncHTTP11Connection._send_request_body"
PRESSES = "abcde"
"""The five moments of an upscale, as the names of points count them: K16 to K20 for the first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A call of a function at which the process kills itself, as it begins or as it returns."""

    where: str  #: `module:Class.function`
    after: bool = False  #: as it returns
    when: Callable[[Given], bool] = lambda _: True
    nth: int = 1  #: which of the calls that meet `when`
    within: str = ""  #: the function that calls it; `when` is about that call then
    held: str = ""  #: a coroutine function that never begins, so that nothing else happens first
    told_to_end: str = ""  #: one that sends SIGTERM, and goes on when the process ends in order
    still_after: int = 0  #: Midjourney does nothing more from this many accepted requests on
    half_a_picture: bool = False  #: the CDN sends the first half of the grid, and hangs up


def points(place: Place) -> dict[str, Point]:
    """Return all points by their names, with those functions that a place of the data has."""
    own = _OF_FOLDER if place == "folder" else _OF_SUPABASE
    upscales = [_of_upscale(slot, moment, place) for slot in UPSCALES for moment in PRESSES]
    named = {f"K{number}": point for number, point in enumerate(upscales, start=16)}
    uploading = {"K13": _mid_upload(place, Slot.GRID)}
    return dict(sorted((_SHARED | named | uploading | own).items()))


def _of_upscale(slot: Slot, moment: str, place: Place) -> Point:
    match moment:
        case "a":  # about to be pressed
            return Point(where=f"{_MIDJOURNEY}.send", when=_of(slot))
        case "b":  # pressed
            asked = 1 + slot.value
            return Point(where=f"{_MIDJOURNEY}.send", after=True, when=_of(slot), still_after=asked)
        case "c":  # its result was heard
            return Point(where=f"{_LOOP}._hear", when=_is_upscale(slot))
        case "d":
            return _mid_upload(place, slot)
        case _:  # its picture is stored, and not recorded
            return Point(where=f"{_COPIER}._store", after=True, when=_has_key(slot))


def _mid_upload(place: Place, slot: Slot) -> Point:
    """Return the point at which a copy is written but not named, or a request begun."""
    if place == "supabase":
        put = "services.storage.supabase.store:SupabaseImageStore._upload"
        return Point(where=_BODY_SENT, within=put, when=_has_key(slot))
    folder = "services.storage.folder"
    return Point(where=f"{folder}:flush", within=f"{folder}:_store", when=_has_key(slot))


def _of(slot: Slot) -> Callable[[Given], bool]:
    return lambda given: given["slot"] == slot


def _has_key(slot: Slot) -> Callable[[Given], bool]:
    return lambda given: given["key"].endswith(f"/{slot.title}.png")


def _is_upscale(slot: Slot) -> Callable[[Given], bool]:
    return lambda given: isinstance(given["heard"], JobFinished) and given["heard"].index == slot


def _is_delivered(given: Given) -> bool:
    before, after = (given[which].step(Slot.GRID) for which in ("before", "after"))
    return before.delivered_at is None and after.delivered_at is not None


def _is_first_message(given: Given) -> bool:
    steps = [given[which].step(Slot.GRID) for which in ("before", "after")]
    before, after = (step.progress_message_id for step in steps)
    return before is None and after is not None


def _is_stored_grid(given: Given) -> bool:
    return isinstance(given["event"], PictureStored) and given["event"].slot == Slot.GRID


def _is_found(given: Given) -> bool:
    return isinstance(given["event"], Matched) and not given["event"].live


_SHARED = {
    # The command was seen: there is no row; no answer; its answer is not on the row.
    "K01": Point(where=f"{_SERVICE}.submit"),
    "K02": Point(where=f"{_SERVICE}.submit", after=True),
    "K03": Point(
        where="cogs.base:answer", after=True, held="services.generation.claims:Claims.next"
    ),
    # It is its turn; the intention is on the row; it was sent; and that is on the row.
    "K04": Point(where=f"{_LOOP}._begin"),
    "K05": Point(where=f"{_MIDJOURNEY}.send", when=lambda given: given["press"] is None),
    "K06": Point(where=f"{_MIDJOURNEY}._post", after=True, still_after=1),
    "K07": Point(where=f"{_REPOSITORY}._commit", after=True, when=_is_delivered, still_after=1),
    # Midjourney has begun; goes on; has finished.
    "K08": Point(where=f"{_REPOSITORY}._commit", after=True, when=_is_first_message),
    "K09": Point(
        where=f"{_LOOP}._hear", when=lambda given: isinstance(given["heard"], JobProgress), nth=3
    ),
    "K10": Point(
        where=f"{_LOOP}._hear", when=lambda given: isinstance(given["heard"], JobFinished)
    ),
    # The grid arrives; has arrived; (K13: is being stored;) is stored; that is on the row.
    "K11": Point(where="services.pictures.download:_Body.take", after=True, half_a_picture=True),
    "K12": Point(where=f"{_COPIER}._store", when=_has_key(Slot.GRID)),
    "K14": Point(where=f"{_COPIER}._store", after=True, when=_has_key(Slot.GRID)),
    "K15": Point(where=f"{_REPOSITORY}._commit", after=True, when=_is_stored_grid),
    # All is done, and the channel was not told.
    "K37": Point(where="services.discord.messenger:Messenger.send_notice"),
    # It was told to end, and stores a picture before it does.
    "K38": Point(
        where=f"{_COPIER}._store",
        after=True,
        when=_has_key(Slot.GRID),
        told_to_end=f"{_COPIER}._store",
    ),
    # Another one was killed at K08; this one has found the grid in the history.
    "K39": Point(where=f"{_REPOSITORY}._commit", after=True, when=_is_found),
}
# K36: the last picture and the status `completed` are one transaction, which is under way.
_OF_FOLDER = {
    "K36": Point(
        where="services.database.sqlite.store:SqliteGenerationStore._note",
        when=lambda given: given["after"].status == Status.COMPLETED,
    )
}
_OF_SUPABASE = {
    "K36": Point(
        where=_BODY_SENT,
        after=True,
        within="services.database.supabase.store:SupabaseGenerationStore.record_picture",
        when=_of(Slot.UPSCALE_4),
    )
}
