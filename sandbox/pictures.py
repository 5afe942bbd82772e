"""Draws in place of Midjourney: a small landscape that depends on the prompt and number.

You can tell the cells apart at a glance: colours and hills differ, with a large number in a corner
and the prompt below it. The picture of an upscale is the cell of the grid, drawn again at full
size.
"""

from __future__ import annotations

import colorsys
import math
from dataclasses import dataclass
from io import BytesIO
from random import Random
from textwrap import wrap
from typing import Any

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont, ImageOps

from sandbox.prompts import aspect

_CELL_AREA = 1344 * 896  # pixels of one cell that is not square
_CELLS = {4 / 3: (1232, 928), 3 / 4: (928, 1232)}  # the shapes that have fewer
PLAIN_GRID = 2048  # pixels of a square grid's side at Midjourney
_FRAMES = 4  # of a video
_PREVIEW = 4  # a square grid is this many times as wide as its previews: 512 pixels

Colour = tuple[int, int, int]
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


def video_file(scene: Scene, index: int) -> tuple[bytes, Size]:
    """Return one cell as a moving WebP, which scrolls by, and its size."""
    cell = draw_cell(scene, index)
    frames = [ImageChops.offset(cell, step * cell.width // _FRAMES, 0) for step in range(_FRAMES)]
    return _encoded(frames[0], "WEBP", save_all=True, append_images=frames[1:], method=0)


def draw_grid(scene: Scene) -> Image.Image:
    """Return the four cells, two by two."""
    return _four(scene)


def draw_preview(scene: Scene, percent: int, index: int = 0) -> Image.Image:
    """Return a preview: small, and the earlier, the more blurred."""
    width, height = scene.cell_size
    side = max(8, scene.grid_size // 2 // _PREVIEW)
    cell = side, max(1, side * height // width)
    picture = draw_cell(scene, index, cell) if index else _four(scene, cell)
    return picture.filter(ImageFilter.GaussianBlur((100 - percent) / 10))


def draw_cell(scene: Scene, index: int, size: Size | None = None) -> Image.Image:
    """Return cell 1-4 alone."""
    picture = _drawn(scene, index, size or scene.plain_cell_size)
    if size is None and scene.hd:
        picture = ImageOps.scale(picture, 2, Image.Resampling.NEAREST)  # quicker than to draw it
    return _grainy(picture, scene, index) if scene.grain else picture


def _grainy(picture: Image.Image, scene: Scene, index: int) -> Image.Image:
    random = Random(f"grain:{scene.job}:{index}")  # noqa: S311 - repeatable on purpose
    width, height = picture.size
    noise = Image.frombytes("L", picture.size, random.randbytes(width * height))
    return Image.blend(picture, noise.convert("RGB"), scene.grain)


def _drawn(scene: Scene, index: int, size: Size) -> Image.Image:
    width, height = size
    random = Random(f"{scene.prompt}:{scene.job}:{index}")  # noqa: S311 - repeatable on purpose
    # A quarter turn between neighbours, so that no two cells of a grid look alike.
    hue = Random(f"{scene.prompt}:{scene.job}").random() + index / 4  # noqa: S311 - as above
    picture = _sky(hue, (width, height))
    pen = ImageDraw.Draw(picture)
    _sun(pen, random, hue, (width, height))
    for depth in range(3):
        _hills(pen, random, _paint(hue + 0.45, 0.55, 0.62 - 0.2 * depth), (width, height), depth)
    _caption(pen, scene, index, (width, height))
    return picture


def _encoded(picture: Image.Image, kind: str, **options: Any) -> tuple[bytes, Size]:
    buffer = BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue(), picture.size


def _four(scene: Scene, cell: Size | None = None) -> Image.Image:
    width, height = cell or scene.cell_size
    grid = Image.new("RGB", (2 * width, 2 * height))
    for index in range(4):
        corner = index % 2 * width, index // 2 * height
        grid.paste(draw_cell(scene, index + 1, cell), corner)
    return grid


def _paint(hue: float, saturation: float, value: float) -> Colour:
    red, green, blue = colorsys.hsv_to_rgb(hue % 1.0, saturation, value)
    return round(red * 255), round(green * 255), round(blue * 255)


def _sky(hue: float, size: Size) -> Image.Image:
    ramp = ImageOps.fit(Image.linear_gradient("L"), size)
    return ImageOps.colorize(ramp, _paint(hue, 0.65, 0.75), _paint(hue + 0.12, 0.25, 1.0))


def _sun(pen: ImageDraw.ImageDraw, random: Random, hue: float, size: Size) -> None:
    width, height = size
    radius = height * random.uniform(0.06, 0.14)
    x, y = width * random.uniform(0.2, 0.8), height * random.uniform(0.2, 0.5)
    for ring in (1.5, 1.0):
        reach = radius * ring
        colour = _paint(hue + 0.1, 0.1 if ring == 1.0 else 0.28, 1.0)
        pen.ellipse((x - reach, y - reach, x + reach, y + reach), fill=colour)


def _hills(
    pen: ImageDraw.ImageDraw, random: Random, colour: Colour, size: Size, depth: int
) -> None:
    width, height = size
    ground = height * (0.55 + 0.13 * depth)
    waves = [(random.uniform(1, 5), random.uniform(0, 6.28)) for _ in range(3)]
    ridge = [
        (
            width * step / 96,
            ground
            - height * 0.05 * sum(math.sin(pace * step / 16 + start) for pace, start in waves),
        )
        for step in range(97)
    ]
    pen.polygon([(0, height), *ridge, (width, height)], fill=colour)


def _caption(pen: ImageDraw.ImageDraw, scene: Scene, index: int, size: Size) -> None:
    width, height = size
    small, large = max(6, height // 26), max(8, height // 4)
    edge = max(1, height // 200)
    lines = wrap(scene.prompt, max(8, int(width / small * 1.7)), max_lines=2, placeholder=" ...")
    text = "\n".join([*lines, f"job {scene.job[:8]}"])
    white, shade = (255, 255, 255), (20, 20, 30)
    for words, corner, anchor, letters in (
        (str(index), (width - small, height - small), "rs", large),
        (text, (small, small), "la", small),
    ):
        font = ImageFont.load_default(letters)
        pen.text(corner, words, white, font, anchor=anchor, stroke_width=edge, stroke_fill=shade)
