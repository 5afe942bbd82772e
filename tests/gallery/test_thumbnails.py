"""Small pictures: made once, kept within a limit, gone with their pictures."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any, cast

import pytest
from PIL import Image, ImageOps

from domain.errors import StoreUnavailable
from domain.ports import ImageStore
from domain.slots import Slot
from services.gallery import originals
from services.gallery import thumbnails as module
from services.gallery.originals import Originals
from services.gallery.thumbnails import SIDE, Thumbnails, make_thumbnail
from services.updates import GenerationUpdate
from tests.builders import picture
from tests.gallery.gallery_harness import GalleryHarness
from tests.pictures import HTML, drawing, encoded, png, png_claiming, png_of
from tests.unit.cli.test_listing import FakeImages


async def thumbnail(harness: GalleryHarness, code: str, status: int = 200) -> bytes:
    async with harness.visitor.get(harness.url(f"/g/{code}/grid.webp")) as answer:
        assert answer.status == status
        if status == 200:
            assert answer.content_type == "image/webp"
            assert "private" in answer.headers["Cache-Control"]
        return await answer.read()


def opened(file: bytes) -> Image.Image:
    return Image.open(BytesIO(file), formats=["WEBP"])


def cached(harness: GalleryHarness) -> list[str]:
    folder = harness.folder / "thumbnails"
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


async def test_a_grid_is_shown_small_and_square(harness: GalleryHarness) -> None:
    row = await harness.made(file=png((2048, 1024)), size=(2048, 1024))
    assert opened(await thumbnail(harness, row.code)).size == (SIDE, SIDE)


async def test_it_is_made_once(harness: GalleryHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Path] = []

    def counted(source: Path, target: Path) -> None:
        made.append(source)
        make_thumbnail(source, target)

    monkeypatch.setattr(module, "make_thumbnail", counted)
    row = await harness.made()
    assert await thumbnail(harness, row.code) == await thumbnail(harness, row.code)
    assert len(made) == 1


async def test_what_has_no_grid_has_no_thumbnail(harness: GalleryHarness) -> None:
    row = await harness.asked()
    await thumbnail(harness, row.code, 404)
    await thumbnail(harness, "zzzzzz", 404)


async def test_a_file_that_is_no_picture_has_none_and_is_told(harness: GalleryHarness) -> None:
    row = await harness.made("a cat", Slot.GRID, file=HTML)
    await thumbnail(harness, row.code, 404)
    assert cached(harness) == []


async def archive(harness: GalleryHarness, generation_id: str) -> None:
    """Delete the pictures, as another process does."""
    row = await harness.worker.store.get_generation(generation_id)
    assert row is not None
    await harness.worker.store.begin_archiving([row.id], unchanged_since=row.updated_at)
    await harness.images.delete([f"{row.id}/{slot.title}.png" for slot in Slot])
    await harness.worker.store.finish_archiving([row.id])


async def test_it_is_not_shown_when_its_picture_is_gone_and_goes_then(
    harness: GalleryHarness,
) -> None:
    row = await harness.made()
    await thumbnail(harness, row.code)
    await archive(harness, row.id)
    await thumbnail(harness, row.code, 404)
    assert cached(harness) == []


async def test_it_goes_as_soon_as_this_process_is_told(harness: GalleryHarness) -> None:
    row = await harness.made()
    await thumbnail(harness, row.code)
    await archive(harness, row.id)
    now = await harness.worker.store.get_generation(row.id)
    assert now is not None
    harness.gallery.hear(GenerationUpdate(now))
    assert cached(harness) == []


async def test_what_another_process_cleaned_up_is_swept(harness: GalleryHarness) -> None:
    gone, kept = await harness.made(), await harness.made()
    for row in (gone, kept):
        await thumbnail(harness, row.code)
    await archive(harness, gone.id)
    await harness.gallery.thumbnails.sweep(harness.worker.store)
    assert cached(harness) == [f"{kept.id}/grid.webp"]


async def test_above_the_limit_the_oldest_go(
    harness: GalleryHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [await harness.made() for _ in range(4)]
    size = len(await thumbnail(harness, rows[0].code))
    monkeypatch.setattr(harness.gallery.thumbnails, "_limit", int(3.4 * size))
    for row in rows[1:]:
        await thumbnail(harness, row.code)
    assert cached(harness) == sorted(f"{row.id}/grid.webp" for row in rows[1:])


# ------------------------------------------------------------------------------------ all PNGs


def made_of(tmp_path: Path, file: bytes) -> Image.Image:
    source, target = tmp_path / "source.png", tmp_path / "small.webp"
    source.write_bytes(file)
    make_thumbnail(source, target)
    return opened(target.read_bytes())


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA", "LA", "P", "1", "I;16"])
@pytest.mark.parametrize("size", [(256, 200), (40, 30), (1, 1), (900, 20)])
def test_every_kind_of_png_is_made_small(tmp_path: Path, mode: str, size: tuple[int, int]) -> None:
    image = ImageOps.pad(drawing(size=(256, 200)), size)
    file = encoded(image.convert("I").convert("I;16") if mode == "I;16" else image.convert(mode))
    assert made_of(tmp_path, file).size == (min(*size, SIDE),) * 2


def test_it_looks_like_the_picture_that_is_decoded_at_once(tmp_path: Path) -> None:
    """So that no row is lost or twice between two strips."""
    whole = ImageOps.pad(drawing(size=(256, 256)), (1500, 1500))
    small = made_of(tmp_path, encoded(whole)).convert("RGB")
    expected = ImageOps.pad(whole, small.size, Image.Resampling.LANCZOS)
    differences = [
        abs(one - other) for one, other in zip(small.tobytes(), expected.tobytes(), strict=True)
    ]
    assert sum(differences) / len(differences) < 4


@pytest.mark.parametrize(
    "broken",
    [
        *(HTML, b"", png((300, 300))[:-40], png()[:40], png()[:20], png()[:41] + b"\0" * 20),
        png_claiming((400, 400), rows=7),  # fewer rows
        png_claiming((400, 400), rows=900),  # more
        png_claiming((400, 400), rows=0),
        png_of((8, 8), (8, 2, 0, 0, 0), b"\0" * 30),  # a row that ends early
        png_of((8, 8), (8, 5, 0, 0, 0), b"\0" * 72),  # colours that PNG does not have
        png_of((8, 8), (8, 0, 0, 0, 0), b"\x09" * 72),  # filters that PNG does not have
    ],
)
def test_a_broken_file_is_no_picture(tmp_path: Path, broken: bytes) -> None:
    with pytest.raises(module.NotAPicture):
        made_of(tmp_path, broken)


def test_rows_that_would_need_much_memory_are_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Such a file may be small: two megabytes of it become two gigabytes."""
    monkeypatch.setattr(module, "strips", pytest.fail)
    (tmp_path / "wide.png").write_bytes(png_claiming((39_000_000, 1), rows=0))
    with pytest.raises(module.NotAPicture, match="too wide"):
        make_thumbnail(tmp_path / "wide.png", tmp_path / "small.webp")


def test_a_large_picture_of_a_rare_kind_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_PIXELS", 100)
    with pytest.raises(module.NotAPicture, match="too many pixels"):
        made_of(tmp_path, encoded(drawing().convert("P")))


# ---------------------------------------------------------------------------------- from a bucket


class Elsewhere(FakeImages):
    """A store whose pictures are at a URL."""

    def __init__(self, url: str) -> None:
        self._url = url

    async def url(self, key: str) -> str:
        return self._url

    def path(self, key: str) -> None:
        return None


async def fetched(harness: GalleryHarness, tmp_path: Path, path: str) -> Any:
    store = Elsewhere(str(harness.url(path)))
    bucket = Originals(cast("ImageStore", store), tmp_path / "small", here=False)
    try:
        return await Thumbnails(tmp_path / "small", bucket).of(picture("0" * 8))
    finally:
        await bucket.close()


async def test_a_picture_of_a_bucket_is_fetched(harness: GalleryHarness, tmp_path: Path) -> None:
    row = await harness.made()
    found = await fetched(harness, tmp_path, f"/{row.id}/grid.png")
    assert opened(found.read_bytes()).size == (64, 64)
    assert [path for path in (tmp_path / "small").iterdir() if path.is_file()] == []


async def test_a_picture_that_is_not_in_the_bucket_has_none(
    harness: GalleryHarness, tmp_path: Path
) -> None:
    assert await fetched(harness, tmp_path, "/nothing") is None


async def test_a_bucket_that_is_away_is_told_without_its_link(
    harness: GalleryHarness, tmp_path: Path
) -> None:
    with pytest.raises(StoreUnavailable) as caught:
        await fetched(harness, tmp_path, "/live?token=x")
    assert "HTTP 403" in str(caught.value)
    await harness.server.close()
    with pytest.raises(StoreUnavailable) as caught:
        await fetched(harness, tmp_path, "/?secret")
    assert "secret" not in str(caught.value)


async def test_more_bytes_than_a_picture_may_have_are_not_read(
    harness: GalleryHarness, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(originals, "MOST_BYTES", 10)
    row = await harness.made()
    with pytest.raises(StoreUnavailable, match="more bytes"):
        await fetched(harness, tmp_path, f"/{row.id}/grid.png")
