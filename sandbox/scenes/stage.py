"""What all parts of a scene are drawn with."""

from __future__ import annotations

import math
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

from sandbox.scenes.style import Style

if TYPE_CHECKING:
    from sandbox.scenes.colours import Colour
    from sandbox.scenes.composition import Composition
    from sandbox.scenes.drawing import Drawing, Pen, Point, Points
    from sandbox.scenes.palette import Palette
    from sandbox.scenes.reading import Depiction


@dataclass(frozen=True, slots=True)
class Stage:
    """A picture in the making, with its light and its composition."""

    drawing: Drawing
    depiction: Depiction
    composition: Composition
    palette: Palette
    seed: str

    @property
    def width(self) -> float:
        """Width of the picture, which is 1 high."""
        return self.composition.width

    @property
    def horizon(self) -> float:
        """Height of the horizon."""
        return self.composition.horizon

    def pen(self, distance: float = 0.0) -> Pen:
        """Return a pen for what is so far away: 0 is near, at 1 all fades into the haze."""
        light = self.palette
        near = (
            self.drawing.pen.tinted(light.ambient, light.dark) if light.dark else self.drawing.pen
        )
        if "fog" in self.depiction.weather:
            distance = min(0.9, distance * 1.2 + 0.12)
        return near.tinted(light.haze, distance) if distance else near

    def subject_pen(self, distance: float) -> Pen:
        """Return a pen for a subject: it keeps more of its own colours than what is around it."""
        light = self.palette
        pen = self.drawing.pen
        if light.dark:
            pen = pen.tinted(light.ambient, light.dark * 0.55)
        return pen.tinted(light.haze, distance)

    def random(self, name: str) -> Random:
        """Return random numbers that only depend on the picture and on a part's name."""
        return Random(f"{self.seed}:{name}")  # noqa: S311 - repeatable on purpose

    def style(self, colour: Colour | None = None, number: int = 0) -> Style:
        """Return how a subject looks here."""
        return Style(colour, self.palette.season, self.palette.lit, number)

    def ridge(self, name: str, level: float, swing: float, bumps: int = 5) -> Points:
        """Return an uneven line across the picture, about so high."""
        random = self.random(name)
        phase, step = random.uniform(0, 6.28), self.width / bumps
        found: list[Point] = []
        for k in range(-1, bumps + 2):
            wave = math.sin(phase + k * 1.7) * 0.6 + random.uniform(-0.5, 0.5)
            found.append((k * step, level + swing * wave))
        return tuple(found)
