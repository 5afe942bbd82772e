"""Shapes on a picture of any size.

A picture is 1 high; its width is its aspect. x goes to the right and y upwards. So the same scene
can be drawn at any size, and only gets finer.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw

from sandbox.scenes.colours import mix

if TYPE_CHECKING:
    from sandbox.scenes.colours import Colour, Ink

Size = tuple[int, int]
Box = tuple[int, int, int, int]
Point = tuple[float, float]
Points = tuple[Point, ...]
Outline = str | Sequence[Point]
"""Points, or their coordinates in hundredths: "-20,0 20,0 0,95". """
Matrix = tuple[float, float, float, float, float, float]

_LARGE = 5_000_000  # pixels from which edges are fine enough as they are
_EDGE = 180  # of Pillow's radial gradient, at the middle of a side
_CAP = tuple((math.cos(math.pi * k / 6), math.sin(math.pi * k / 6)) for k in range(1, 6))
_ROWS = 160  # of a gradient


class Drawing:
    """A picture in the making. It is drawn twice as large as asked for, so that edges are soft."""

    def __init__(self, size: Size) -> None:
        width, height = size
        self._times = 1 if width * height > _LARGE else 2
        self._image = Image.new("RGB", (width * self._times, height * self._times))
        self._high = height * self._times
        self.width = width / height
        self.pen = Pen(
            ImageDraw.Draw(self._image),
            ImageDraw.Draw(self._image, "RGBA"),
            (self._high, 0.0, 0.0, 0.0, -self._high, self._high),
            self._high,
            self._high / self._times,
        )

    def finished(self) -> Image.Image:
        """Return the picture in the size that was asked for."""
        return self._image.reduce(self._times) if self._times > 1 else self._image

    def gradient(self, colours: Sequence[Colour], top: float = 1.0, bottom: float = 0.0) -> None:
        """Fill a band of the whole width with colours that run into each other, downwards."""
        last = len(colours) - 1
        for share, box in self._rows(top, bottom):
            first = min(int(share * last), max(0, last - 1))
            colour = mix(colours[first], colours[min(first + 1, last)], share * last - first)
            self.pen.opaque.rectangle(box, colour)

    def veil(self, colour: Colour, top: float, bottom: float, ends: tuple[float, float]) -> None:
        """Lay a colour over a band, more or less opaque (0 to 1) at its upper and lower end."""
        for share, box in self._rows(top, bottom):
            alpha = round(255 * (ends[0] + (ends[1] - ends[0]) * share))
            self.pen.blending.rectangle(box, (*colour, alpha))

    def glow(self, centre: Point, radius: float, colour: Colour, strength: float) -> None:
        """Lay light around a point, which fades to nothing at the radius."""
        reach = max(1, round(radius * self._high))
        left, top = round(centre[0] * self._high) - reach, self._row(centre[1]) - reach
        size = 2 * reach, 2 * reach
        mask = resized(_radial(strength), size, Image.Resampling.NEAREST)
        self._image.paste(colour, (left, top), mask)

    def _rows(self, top: float, bottom: float) -> Iterator[tuple[float, Box]]:
        """Part a band into rows; return how far down each is (0 to 1), and its rectangle."""
        first, last = self._row(top), self._row(bottom)
        count = min(_ROWS, last - first)
        for row in range(count):
            upper = first + (last - first) * row // count
            lower = first + (last - first) * (row + 1) // count
            yield row / max(1, count - 1), (0, upper, self._image.width, lower - 1)

    def _row(self, y: float) -> int:
        return round((1.0 - y) * self._high)


@dataclass(frozen=True, slots=True)
class Pen:
    """Draws on a picture, in coordinates of its own: those of a subject, or of a part of it.

    All colours are tinted with the light of the scene, but for what shines by itself.
    """

    opaque: ImageDraw.ImageDraw
    blending: ImageDraw.ImageDraw
    matrix: Matrix
    rows: int  # of the picture while it is drawn
    pixels: float  # of the finished picture, in one unit
    tint: tuple[Colour, float] | None = None

    def at(
        self, x: float, y: float, scale: float = 1.0, *, flip: bool = False, turn: float = 0.0
    ) -> Pen:
        """Return a pen with another origin: larger, mirrored, or turned to the left by degrees."""
        cos, sin = math.cos(math.radians(turn)) * scale, math.sin(math.radians(turn)) * scale
        way = -1.0 if flip else 1.0
        return self._moved((cos * way, -sin, x, sin * way, cos, y), scale)

    @property
    def halves(self) -> tuple[Pen, Pen]:
        """The same pen and a mirrored one: what one draws on the right, the other draws left."""
        return self, self.at(0, 0, flip=True)

    def squashed(self, height: float) -> Pen:
        """Return a pen that draws lower; a negative height draws upside down."""
        return self._moved((1.0, 0.0, 0.0, 0.0, height, 0.0), 1.0)

    def tinted(self, colour: Colour, amount: float) -> Pen:
        """Return a pen whose colours are mixed with this one; 1 leaves nothing else."""
        if self.tint is not None:
            rest = (1 - amount) * (1 - self.tint[1])
            share = amount / (1 - rest) if rest < 1 else 0.0
            colour, amount = mix(self.tint[0], colour, share), 1 - rest
        return Pen(
            self.opaque, self.blending, self.matrix, self.rows, self.pixels, (colour, amount)
        )

    def place(self, x: float, y: float) -> Point:
        """Return where a point of this pen is in the picture."""
        a, b, c, d, e, f = self.matrix
        across, down = a * x + b * y + c, d * x + e * y + f
        return across / self.rows, 1 - down / self.rows

    @property
    def shining(self) -> Pen:
        """The same pen, for what shines by itself: its colours stay as they are."""
        return Pen(self.opaque, self.blending, self.matrix, self.rows, self.pixels)

    def shows(self, size: float) -> bool:
        """Return whether something of this size can be seen at all."""
        return size * self.pixels >= 0.8  # noqa: PLR2004 - pixels

    def polygon(self, outline: Outline, colour: Ink) -> None:
        """Fill an outline with straight sides."""
        points = points_of(outline) if isinstance(outline, str) else outline
        a, b, c, d, e, f = self.matrix
        ink = self._ink(colour)
        draw = self.opaque if len(ink) == 3 else self.blending  # noqa: PLR2004 - red, green, blue
        draw.polygon([(a * x + b * y + c, d * x + e * y + f) for x, y in points], fill=ink)

    def shape(self, outline: str | Points, colour: Ink) -> None:
        """Fill a smooth outline through the points; one that is there twice is a corner."""
        self.polygon(_smooth(outline, self._steps, closed=True), colour)

    def land(self, ridge: Points, colour: Ink) -> None:
        """Fill everything below a smooth line."""
        line = _smooth(ridge, self._steps, closed=False)
        self.polygon((*line, (line[-1][0], -1.0), (line[0][0], -1.0)), colour)

    def taper(self, path: str | Points, widths: tuple[float, ...], colour: Ink) -> None:
        """Draw a smooth line through the points, with round ends, whose width changes."""
        self.polygon(_tube(path, widths, self._steps), colour)

    def line(self, path: Outline, width: float, colour: Ink) -> None:
        """Draw a line with straight parts and round ends."""
        points = points_of(path) if isinstance(path, str) else path
        for start, end in pairwise(points):
            self.polygon(_tube((start, end), (width, width), 1), colour)

    def circle(self, x: float, y: float, radius: float, colour: Ink) -> None:
        """Fill a circle."""
        self.ellipse(x, y, (radius, radius), colour)

    def ellipse(
        self, x: float, y: float, radii: tuple[float, float], colour: Ink, turn: float = 0.0
    ) -> None:
        """Fill an ellipse, turned to the left by degrees."""
        sides = max(8, min(72, int(6 * math.sqrt(max(radii) * self.pixels))))
        self.polygon(_round(x, y, radii, turn, sides), colour)

    def box(self, x: float, y: float, size: tuple[float, float], colour: Ink) -> None:
        """Fill a rectangle whose lower side is centred at a point."""
        half, high = size[0] / 2, size[1]
        self.polygon(
            ((x - half, y), (x + half, y), (x + half, y + high), (x - half, y + high)), colour
        )

    @property
    def _steps(self) -> int:
        """Into how many parts a curve between two points is cut."""
        return max(2, min(12, 1 + int(self.pixels / 20)))

    def _moved(self, by: Matrix, scale: float) -> Pen:
        a, b, c, d, e, f = self.matrix
        g, h, i, j, k, m = by
        matrix = (
            *(a * g + b * j, a * h + b * k, a * i + b * m + c),
            *(d * g + e * j, d * h + e * k, d * i + e * m + f),
        )
        return Pen(
            self.opaque, self.blending, matrix, self.rows, self.pixels * abs(scale), self.tint
        )

    def _ink(self, colour: Ink) -> Ink:
        if self.tint is None:
            return colour
        mixed = mix(colour[:3], *self.tint)
        return mixed if len(colour) == 3 else (*mixed, colour[3])  # noqa: PLR2004 - as above


@lru_cache(maxsize=2048)
def points_of(text: str) -> Points:
    """Read points in hundredths: "-20,0 20,0 0,95"."""
    return tuple((x, y) for x, y in numbers(text))


@lru_cache(maxsize=256)
def numbers(text: str) -> tuple[tuple[float, ...], ...]:
    """Read groups of hundredths."""
    return tuple(
        tuple(float(number) / 100 for number in group.split(",")) for group in text.split()
    )


def resized(image: Image.Image, size: Size, how: Image.Resampling) -> Image.Image:
    """Return a picture in another size."""
    return image.resize(size, how)  # pyright: ignore[reportUnknownMemberType] -- numpy's types


@lru_cache(maxsize=32)
def _radial(strength: float) -> Image.Image:
    """Return a round light as a mask."""
    fading = Image.eval(
        Image.radial_gradient("L"),
        lambda value: max(0, _EDGE - value) ** 2 / _EDGE**2 * 255 * strength,
    )
    return resized(fading, (1024, 1024), Image.Resampling.BILINEAR)


@lru_cache(maxsize=4096)
def _smooth(outline: str | Points, steps: int, *, closed: bool) -> Points:
    """Return a Catmull-Rom curve through the points, as many straight parts."""
    points = points_of(outline) if isinstance(outline, str) else outline
    count = len(points)
    ends = (points[-1], *points, *points[:2]) if closed else (points[0], *points, points[-1])
    weights = _weights(steps)
    found: list[Point] = []
    for at in range(count if closed else count - 1):
        (x0, y0), (x1, y1), (x2, y2), (x3, y3) = ends[at : at + 4]
        if (x1, y1) == (x2, y2):
            continue
        for a, b, c, d in weights:
            found.append((a * x0 + b * x1 + c * x2 + d * x3, a * y0 + b * y1 + c * y2 + d * y3))
    if not closed:
        found.append(points[-1])
    return tuple(found)


@lru_cache
def _weights(steps: int) -> tuple[tuple[float, float, float, float], ...]:
    """Return what each of four neighbours counts, for the places between the inner two."""
    return tuple(
        (
            (-t + 2 * t**2 - t**3) / 2,
            (2 - 5 * t**2 + 3 * t**3) / 2,
            (t + 4 * t**2 - 3 * t**3) / 2,
            (-(t**2) + t**3) / 2,
        )
        for t in (step / steps for step in range(steps))
    )


@lru_cache(maxsize=4096)
def _tube(path: str | Points, widths: tuple[float, ...], steps: int) -> Points:
    """Return the outline of a line whose width changes, with round ends."""
    spine = _smooth(path, steps, closed=False)
    last = len(spine) - 1
    left: list[Point] = []
    right: list[Point] = []
    for at, (x, y) in enumerate(spine):
        before, after = spine[max(0, at - 1)], spine[min(last, at + 1)]
        dx, dy = after[0] - before[0], after[1] - before[1]
        length = math.hypot(dx, dy) or 1.0
        place = at / last * (len(widths) - 1)
        low = min(int(place), len(widths) - 2)
        half = (widths[low] + (widths[low + 1] - widths[low]) * (place - low)) / 2
        left.append((x - dy / length * half, y + dx / length * half))
        right.append((x + dy / length * half, y - dx / length * half))
    return (*left, *_cap(left[-1], right[-1]), *reversed(right), *_cap(right[0], left[0]))


def _cap(start: Point, end: Point) -> list[Point]:
    """Return points on the half circle from one side of a line's end to the other, clockwise."""
    x, y = (start[0] + end[0]) / 2, (start[1] + end[1]) / 2
    dx, dy = start[0] - x, start[1] - y
    return [(x + dx * cos + dy * sin, y - dx * sin + dy * cos) for cos, sin in _CAP]


@lru_cache(maxsize=4096)
def _round(x: float, y: float, radii: tuple[float, float], turn: float, sides: int) -> Points:
    cos, sin = math.cos(math.radians(turn)), math.sin(math.radians(turn))
    found: list[Point] = []
    for side in range(sides):
        angle = 2 * math.pi * side / sides
        across, up = radii[0] * math.cos(angle), radii[1] * math.sin(angle)
        found.append((x + across * cos - up * sin, y + across * sin + up * cos))
    return tuple(found)
