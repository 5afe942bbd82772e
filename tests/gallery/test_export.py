"""The gallery as plain files."""

from __future__ import annotations

import argparse
import json
import re
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from PIL import Image

from cli.commands import parse
from cli.exit import Exit
from cli.gallery import export
from domain.collection import Favourite
from domain.generation import Origin, OriginKind
from domain.slots import Slot
from services.gallery import export as module
from services.gallery.records import Opened
from services.gallery.source import GallerySource
from tests.gallery.gallery_harness import (
    ANN,
    BEN,
    CHANNEL,
    GalleryHarness,
    codes,
    following,
)
from tests.pictures import pixels, png

PROMPT = 'a fox & a "cat", un été <3 --ar 3:2'
DUBLIN = "{http://purl.org/dc/elements/1.1/}"


async def exported(harness: GalleryHarness, *options: str) -> Path:
    """Export beside a worker that runs, and return the folder."""
    folder = harness.folder / "export"
    assert await run(harness, folder, *options) == Exit.DONE
    return folder


async def run(harness: GalleryHarness, folder: Path, *options: str) -> Exit:
    arguments = parse(["export", "--html", str(folder), *options])
    return await export(harness.settings, arguments)


def read(folder: Path, name: str = "index.html") -> str:
    return (folder / name).read_text(encoding="utf-8")


def texts(file: Path) -> dict[str, str]:
    with Image.open(file) as image:
        image.load()
        return {str(name): str(text) for name, text in image.info.items()}


async def test_it_is_the_gallery_with_its_pictures_beside_it(
    harness: GalleryHarness, capsys: pytest.CaptureFixture[str]
) -> None:
    older, newer = await harness.made("a fox"), await harness.made("a boat")
    folder = await exported(harness)
    assert codes(read(folder)) == [newer.code, older.code]
    page = read(folder, f"g/{older.code}.html")
    assert "a fox" in page
    for slot in Slot:
        name = f"pictures/{older.code}_{slot.title}.png"
        assert f'src="../{name}"' in page
        assert pixels((folder / name).read_bytes()) == pixels(png((96, 64)))
    assert (folder / f"thumbnails/{older.code}.webp").stat().st_size > 0
    assert capsys.readouterr().out == (
        f"2 generations with 10 pictures. Open {folder / 'index.html'}\n"
    )


async def test_every_link_leads_to_a_file_and_none_elsewhere(
    harness: GalleryHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CARDS_ON_A_PAGE", 2)
    first = await harness.made()
    origin = Origin(kind=OriginKind.VARIATION, parent_id=first.id, index=1)
    await harness.made(origin=origin)
    await harness.failed("a dog")
    folder = await exported(harness)
    pages = [*folder.glob("*.html"), *folder.glob("g/*.html")]
    assert len(pages) == 5
    for page in pages:
        for link in re.findall(r'(?:href|src)="([^"]+)"', page.read_text(encoding="utf-8")):
            assert ":" not in link
            assert link.startswith("#") or (page.parent / link).is_file(), link


async def test_pages_follow_each_other(
    harness: GalleryHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CARDS_ON_A_PAGE", 2)
    rows = [await harness.asked() for _ in range(5)]
    folder = await exported(harness)
    found: list[str] = []
    name: str | None = "index.html"
    while name is not None:
        found += codes(read(folder, name))
        name = following(read(folder, name))
    assert found == [row.code for row in reversed(rows)]


async def test_pages_need_no_server_and_load_no_module(harness: GalleryHarness) -> None:
    row = await harness.made()
    folder = await exported(harness)
    for page in (read(folder), read(folder, f"g/{row.code}.html")):
        assert "<script defer src=" in page
        assert 'type="module"' not in page
        assert 'data-live=""' in page
        assert 'method="post"' not in page
    assert re.search(r'<form class="filters"[^>]* hidden>', read(folder))  # until a script runs


async def test_what_can_be_found_comes_as_a_script(harness: GalleryHarness) -> None:
    """In a browser, tests/browser looks whether it is found."""
    ended, fox = await harness.failed("a dog"), await harness.made("a FOX </script>")
    kept = Favourite(person_id=BEN, generation_id=fox.id, kept=True)
    await harness.worker.store.collection.set_favourite(kept, fence=None)
    folder = await exported(harness)
    script = read(folder, "cards.js").removeprefix("const exportedCards = ").rstrip(";\n")
    found = json.loads(script)
    assert [(one["prompt"], one["person"], one["states"]) for one in found] == [
        ("a fox </script>", "Ann", ["done", "favourites"]),
        ("a dog", "Ann", ["ended"]),
    ]
    assert [codes(one["card"]) for one in found] == [[fox.code], [ended.code]]
    options = re.findall(r'<option value="(\w*)"', read(folder))
    assert options == ["", "Ann", "", "done", "ended", "favourites"]


async def test_what_a_picture_shows_is_written_into_its_copy(harness: GalleryHarness) -> None:
    row = await harness.made(PROMPT, author_name="Zoé")
    folder = await exported(harness)
    found = texts(folder / f"pictures/{row.code}_upscale_2.png")
    assert found["Description"] == PROMPT
    assert found["Author"] == "Zoé"
    assert found["Title"] == f"{row.code} upscale_2"
    assert found["Creation Time"] == row.created_at.isoformat()
    packet = ET.fromstring(found["XML:com.adobe.xmp"].encode())  # noqa: S314 -- our own
    said = {
        name: "".join(packet.find(f".//{DUBLIN}{name}").itertext())  # pyright: ignore[reportOptionalMemberAccess] -- the test fails
        for name in ("description", "creator", "identifier")
    }
    assert said == {
        "description": PROMPT,
        "creator": "Zoé",
        "identifier": f"{row.code} upscale_2",
    }


async def test_no_id_of_discords_is_in_any_file(harness: GalleryHarness) -> None:
    await harness.made(f"like <@{ANN}>", author_name=f"Ann {ANN}\x07")
    folder = await exported(harness)
    for file in folder.rglob("*"):
        if file.is_file():
            for number in (ANN, CHANNEL):
                assert str(number).encode() not in file.read_bytes()


async def test_the_same_choice_as_in_lists_is_possible(harness: GalleryHarness) -> None:
    old = await harness.made("old")
    harness.clock.jump(10**8)  # the process's own clock is later than the harness's
    bens = await harness.made("new", author_id=BEN)
    failed = await harness.failed("a dog")
    chosen = [
        (["--by", str(BEN)], [bens]),
        (["--status", "failed"], [failed]),
        (["--status", "completed", "--by", str(ANN)], [old]),
    ]
    for number, (options, rows) in enumerate(chosen):
        folder = harness.folder / str(number)
        assert await run(harness, folder, *options) == Exit.DONE
        assert codes(read(folder)) == [row.code for row in rows]


async def test_relatives_that_are_left_out_are_not_linked(harness: GalleryHarness) -> None:
    bens = await harness.made("Ben's", author_id=BEN)
    by_ben = Origin(kind=OriginKind.REROLL, parent_id=bens.id)
    anns = await harness.made("Ann's", origin=by_ben)
    own = await harness.made("hers", origin=Origin(parent_id=anns.id))
    await harness.made("his", origin=Origin(parent_id=anns.id), author_id=BEN)
    folder = await exported(harness, "--by", str(ANN))
    page = read(folder, f"g/{anns.code}.html")
    assert f'href="../g/{own.code}.html"' in page
    assert "Ben&#39;s" not in page
    assert "his" not in re.findall(r'dir="auto">([^<]*)<', page)


async def test_pictures_that_are_lost_or_broken_are_told_and_left_out(
    harness: GalleryHarness, capsys: pytest.CaptureFixture[str]
) -> None:
    row = await harness.made()
    await harness.images.delete([f"{row.id}/upscale_1.png"])
    broken = harness.folder / f"pictures/{row.id}/upscale_2.png"
    broken.unlink()  # the five are one file of the test's
    broken.write_bytes(b"broken")
    folder = await exported(harness)
    assert len(list((folder / "pictures").iterdir())) == 3
    assert "2 pictures not found in the image store" in capsys.readouterr().out
    assert read(folder, f"g/{row.code}.html").count(".png") == 6


async def test_what_was_deleted_is_not_exported(harness: GalleryHarness) -> None:
    row = await harness.made("a secret")
    store = harness.worker.store
    await store.begin_archiving([row.id], unchanged_since=row.updated_at)
    await store.finish_archiving([row.id])
    folder = await exported(harness)
    assert list((folder / "pictures").iterdir()) == []
    assert "pictures deleted" in read(folder, f"g/{row.code}.html")


async def test_what_is_deleted_while_it_is_exported_is_left_out(
    harness: GalleryHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, gone = await harness.made("kept"), await harness.made("gone")
    usual = GallerySource.opened

    async def opened(source: GallerySource, code: str) -> Opened | None:
        return None if code == gone.code else await usual(source, code)

    monkeypatch.setattr(GallerySource, "opened", opened)
    assert codes(read(await exported(harness))) == [kept.code]


async def test_a_folder_with_something_in_it_is_left_alone(
    harness: GalleryHarness, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = harness.folder / "mine"
    folder.mkdir()
    (folder / "note.txt").write_text("mine")
    assert await run(harness, folder) == Exit.FAILED
    assert await run(harness, folder / "note.txt") == Exit.FAILED
    assert "name a new folder" in capsys.readouterr().err
    assert [path.name for path in folder.iterdir()] == ["note.txt"]


async def test_an_empty_gallery_can_be_exported(harness: GalleryHarness) -> None:
    assert "There are no pictures yet" in read(await exported(harness))


def test_where_to_write_must_be_said() -> None:
    with pytest.raises(SystemExit):
        parse(["export"])
    assert isinstance(parse(["export", "--html", "x"]), argparse.Namespace)


def test_a_picture_keeps_its_bytes_but_for_the_texts(tmp_path: Path) -> None:
    source, target = tmp_path / "a.png", tmp_path / "b.png"
    source.write_bytes(png())
    module.with_text(source, target, {"Title": "a title", "Author": "\udce9"})
    with Image.open(BytesIO(target.read_bytes())) as image:
        image.verify()
        assert image.info["Title"] == "a title"
    assert target.read_bytes().endswith(png()[33:])
