"""Draws in place of Midjourney: the scene that the prompt describes, in four compositions.

`sandbox.scenes` draws a cell in any size, so the picture of an upscale is the cell of its grid.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from random import Random
from typing import Any

from PIL import Image, ImageFilter

from sandbox.prompts import aspect
from sandbox.scenes.drawing import resized
from sandbox.scenes.painting import paint

_CELL_AREA = 1344 * 896  # pixels of one cell that is not square
_CELLS = {4 / 3: (1232, 928), 3 / 4: (928, 1232)}  # the shapes that have fewer
PLAIN_GRID = 2048  # pixels of a square grid's side at Midjourney
_FRAMES = 4  # of a film
CLIP = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom\0\0\0\x08mdat"
"""A film that is taken from a grid of films: an MP4 without a single picture."""
_CELL_NUMBERS = (1, 2, 3, 4)
_PREVIEW = 4  # a square grid is this many times as wide as its previews: 512 pixels
_KEPT = 8  # cells: those of two grids at work, which previews, grid and upscales show

Size = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Scene:
    """What the four cells of one grid show. `grid_size` is the side of a square grid, in pixels.

    In HD all sides are twice as long. `grain` is from 0 (flat colours) to 1 (nothing but noise).
    """

    prompt: str
    job: str
    grid_size: int = PLAIN_GRID
    hd: bool = False
    grain: float = 0.0

    @property
    def cell_size(self) -> Size:
        """Width and height of one cell: 1024 x 1024, or for 3:2 1344 x 896, and in between."""
        width, height = self.plain_cell_size
        return (2 * width, 2 * height) if self.hd else (width, height)

    @property
    def plain_cell_size(self) -> Size:
        """The same, where it is not in HD."""
        shape = aspect(self.prompt)
        scale = self.grid_size / PLAIN_GRID
        if shape == 1.0:
            return self.grid_size // 2, self.grid_size // 2
        sides = _CELLS.get(shape) or (
            # A hair is added because 1344 must not come out as 1343.999.
            (side + 0.01) // 16 * 16
            for side in (math.sqrt(_CELL_AREA * shape), math.sqrt(_CELL_AREA / shape))
        )
        width, height = (max(8, round(side * scale)) for side in sides)
        return width, height


def grid_file(scene: Scene, kind: str) -> tuple[bytes, Size]:
    """Return the grid as lossy "webp" by the quickest method, or as "png", and its size."""
    if kind == "png":
        return _encoded(draw_grid(scene), "PNG", compress_level=1)
    return _encoded(draw_grid(scene), "WEBP", quality=80, method=0)


def preview_file(scene: Scene, percent: int, index: int = 0) -> tuple[bytes, Size]:
    """Return a preview as WebP, and its size: of the whole grid, or of one cell."""
    return _encoded(draw_preview(scene, percent, index), "WEBP", quality=80, method=0)


def solo_file(scene: Scene, index: int) -> tuple[bytes, Size]:
    """Return one cell as PNG, lightly compressed, and its size."""
    return _encoded(draw_cell(scene, index), "PNG", compress_level=1)


def hd_file(scene: Scene, index: int) -> tuple[bytes, Size]:
    """Return one cell as PNG, twice as wide and as high, and its size."""
    width, height = scene.cell_size
    return _encoded(draw_cell(scene, index, (2 * width, 2 * height)), "PNG", compress_level=1)


def film_file(scene: Scene, index: int) -> tuple[bytes, Size]:
    """Return one cell as a moving WebP, which wanders over it from near by, and its size."""
    width, height = scene.cell_size
    cell = draw_cell(scene, index, (width * 5 // 4, height * 5 // 4))
    steps = (
        (width // 4 * step // _FRAMES, height // 4 * step // _FRAMES) for step in range(_FRAMES)
    )
    frames = [cell.crop((x, y, x + width, y + height)) for x, y in steps]
    return _encoded(frames[0], "WEBP", save_all=True, append_images=frames[1:], method=0)


def draw_grid(scene: Scene) -> Image.Image:
    """Return the four cells, two by two."""
    return _four([draw_cell(scene, index) for index in _CELL_NUMBERS])


def draw_preview(scene: Scene, percent: int, index: int = 0) -> Image.Image:
    """Return a preview: small, and the earlier, the more blurred."""
    width, height = scene.cell_size
    side = max(8, scene.grid_size // 2 // _PREVIEW)
    size = side, max(1, side * height // width)
    numbers = (index,) if index else _CELL_NUMBERS
    cells = [resized(draw_cell(scene, number), size, Image.Resampling.BOX) for number in numbers]
    picture = cells[0] if index else _four(cells)
    return picture.filter(ImageFilter.GaussianBlur((100 - percent) / 10))


@lru_cache(maxsize=_KEPT)
def draw_cell(scene: Scene, index: int, size: Size | None = None) -> Image.Image:
    """Return cell 1-4 alone, in its own size or in another. Nobody may change it: it is kept."""
    picture = paint(scene.prompt, f"{scene.prompt}:{scene.job}", index, size or scene.cell_size)
    return _grainy(picture, scene, index) if scene.grain else picture


def _grainy(picture: Image.Image, scene: Scene, index: int) -> Image.Image:
    random = Random(f"grain:{scene.job}:{index}")  # noqa: S311 - repeatable on purpose
    width, height = picture.size
    noise = Image.frombytes("L", picture.size, random.randbytes(width * height))
    return Image.blend(picture, noise.convert("RGB"), scene.grain)


def _encoded(picture: Image.Image, kind: str, **options: Any) -> tuple[bytes, Size]:
    buffer = BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue(), picture.size


def _four(cells: list[Image.Image]) -> Image.Image:
    width, height = cells[0].size
    grid = Image.new("RGB", (2 * width, 2 * height))
    for number, cell in enumerate(cells):
        grid.paste(cell, (number % 2 * width, number // 2 * height))
    return grid
