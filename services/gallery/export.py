"""Writes the gallery as plain files, to look at without a server."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
from collections.abc import AsyncIterator, Callable, Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from domain.errors import NotAPicture
from domain.generation import Generation
from domain.slots import Slot
from services.gallery.addresses import STATIC
from services.gallery.pages import Pages
from services.gallery.records import Card, Opened, Relative, ShownPicture, without_ids
from services.gallery.source import FAVOURITES, STATES, Page, Wanted, is_shown
from services.gallery.thumbnails import make_thumbnail
from services.pictures.png_text import XMP_KEYWORD, with_text, xmp
from services.temporary_files import disk_faults

if TYPE_CHECKING:
    from services.gallery.originals import Originals
    from services.gallery.source import GallerySource

CARDS_ON_A_PAGE = 60
SOFTWARE = "Atelier"

Rows = Callable[[], AsyncIterator[Generation]]
"""Gives the chosen generations, newest first, each time anew."""


class FileUrls:
    """Names of files, as seen from the folder `up` leads out of."""

    def __init__(self, up: str = "") -> None:
        self._up = up

    def home(self) -> str:
        return f"{self._up}index.html"

    def opened(self, code: str) -> str:
        return f"{self._up}g/{code}.html"

    def thumbnail(self, code: str) -> str:
        return f"{self._up}thumbnails/{code}.webp"

    def star(self, code: str) -> str:  # noqa: ARG002 -- no file can be changed
        return ""

    def static(self, name: str) -> str:
        return f"{self._up}static/{name}"

    def live(self) -> str:
        return ""


@dataclass(slots=True)
class Written:
    """How far an export is."""

    generations: int = 0
    pictures: int = 0
    missing: int = 0  #: pictures that are in the database, and not in the image store


class Export:
    """Writes into one folder: pages, pictures beside them, and what the pages need."""

    def __init__(
        self, source: GallerySource, originals: Originals, language: str, folder: Path
    ) -> None:
        """Keep where everything comes from, and where it goes."""
        self._source = source
        self._originals = originals
        self._folder = folder
        self._lists = Pages(language, urls=FileUrls())
        self._single = Pages(language, urls=FileUrls("../"))

    async def write(self, rows: Rows) -> AsyncIterator[Written]:
        """Write everything, the first page last; say after each generation how far it is."""
        written = Written()
        with disk_faults():
            await asyncio.to_thread(_prepare, self._folder)
            codes = {row.code async for row in rows() if is_shown(row)}
            favourites = await self._source.all_favourites()
            cards: list[Card] = []
            async for row in rows():
                opened = await self._source.opened(row.code) if row.code in codes else None
                if opened is None:  # deleted meanwhile
                    continue
                pictures = await self._pictures(row, opened, written)
                shown = _among(codes, _with(opened, pictures))
                await self._save(f"g/{row.code}.html", self._single.opened(shown))
                cards.append(replace(shown.card, starred=row.id in favourites))
                written.generations += 1
                yield written
            found = [self._found(card) for card in cards]
            await self._save("cards.js", f"const exportedCards = {json.dumps(found)};\n")
            for name, text in self._list(cards):
                await self._save(name, text)

    async def _pictures(
        self, row: Generation, opened: Opened, written: Written
    ) -> tuple[ShownPicture, ...]:
        """Copy the pictures, and return those that are there."""
        found: list[ShownPicture] = []
        for picture in opened.pictures:
            name = f"pictures/{row.code}_{picture.slot.title}.png"
            stored = row.step(picture.slot).picture
            if stored is not None and await self._picture(row, stored.key, picture.slot, name):
                found.append(replace(picture, url=f"../{name}"))
                written.pictures += 1
            else:
                written.missing += 1
        return tuple(found)

    async def _picture(self, row: Generation, key: str, slot: Slot, name: str) -> bool:
        async with self._originals.file(key) as source:
            if source is None:
                return False
            target, texts = self._folder / name, texts_of(row, slot)
            try:
                await asyncio.to_thread(with_text, source, target, texts)
                if slot == Slot.GRID:
                    small = self._folder / FileUrls().thumbnail(row.code)
                    await asyncio.to_thread(make_thumbnail, source, small)
            except NotAPicture:
                await asyncio.to_thread(target.unlink, missing_ok=True)
                return False
            with suppress(OSError):  # the copy is as old as the picture, where that can be set
                moment = row.updated_at.timestamp()
                await asyncio.to_thread(os.utime, target, (moment, moment))
        return True

    def _found(self, card: Card) -> dict[str, object]:
        """Return what the search of the pages looks at, and what it shows."""
        return {
            "prompt": card.prompt.lower(),
            "person": card.person,
            "states": _states(card),
            "card": self._lists.card(card),
        }

    def _list(self, cards: list[Card]) -> Iterator[tuple[str, str]]:
        """Yield the pages of cards with their names, the first page last."""
        people = tuple((name, name) for name in sorted({card.person for card in cards}))
        known = {name for card in cards for name in _states(card)}
        states = [name for name in (*STATES, FAVOURITES) if name in known]
        starts = range(0, max(len(cards), 1), CARDS_ON_A_PAGE)
        for number, start in reversed(list(enumerate(starts, 1))):
            page = Page(tuple(cards[start : start + CARDS_ON_A_PAGE]), None)
            following = _name(number + 1) if number < len(starts) else None
            text = self._lists.list(page, Wanted(), people, following=following, states=states)
            yield _name(number), text

    async def _save(self, name: str, text: str) -> None:
        await asyncio.to_thread((self._folder / name).write_text, text, encoding="utf-8")


def texts_of(row: Generation, slot: Slot) -> dict[str, str]:
    """Return what is written into a picture: by PNG's own keywords, and as XMP."""
    prompt, person = without_ids(row.prompt), without_ids(row.author_name)
    name = f"{row.code} {slot.title}"
    return {
        "Title": name,
        "Description": prompt,
        "Author": person,
        "Creation Time": row.created_at.isoformat(),
        "Software": SOFTWARE,
        XMP_KEYWORD: xmp(text=prompt, person=person, name=name, time=row.created_at),
    }


def _prepare(folder: Path) -> None:
    for name in ("g", "pictures", "thumbnails"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    shutil.copytree(STATIC, folder / "static", dirs_exist_ok=True)


def _with(opened: Opened, pictures: tuple[ShownPicture, ...]) -> Opened:
    card = replace(opened.card, pictures=tuple(picture.slot for picture in pictures))
    return replace(opened, card=card, pictures=pictures)


def _among(codes: Collection[str], opened: Opened) -> Opened:
    """Leave out relatives that are not exported, so that no link leads nowhere."""
    near: list[Relative] = []
    for one in reversed(opened.ancestors):
        if one.card.code not in codes:
            break
        near.insert(0, one)
    children = tuple(one for one in opened.children if one.card.code in codes)
    return replace(opened, ancestors=tuple(near), children=children)


def _states(card: Card) -> list[str]:
    """Return by which of the names in `source` a card is found."""
    found = [name for name, statuses in STATES.items() if card.status in statuses]
    return [*found, FAVOURITES] if card.starred else found


def _name(number: int) -> str:
    return "index.html" if number == 1 else f"page-{number}.html"
