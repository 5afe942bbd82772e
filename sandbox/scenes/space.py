"""The space between the stars, and the ground of a moon."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.scenes.colours import Colour, darker, lighter
from sandbox.scenes.sky import draw_planet, draw_stars

if TYPE_CHECKING:
    from sandbox.scenes.stage import Stage

_NIGHTS: tuple[tuple[Colour, Colour, Colour], ...] = (
    ((12, 12, 34), (30, 24, 66), (70, 44, 104)),
    ((8, 16, 36), (18, 42, 78), (36, 92, 118)),
    ((20, 10, 36), (58, 22, 72), (126, 50, 96)),
    ((10, 14, 42), (26, 36, 92), (66, 86, 150)),
)
_PLANETS: tuple[Colour, ...] = ((222, 150, 98), (110, 168, 190), (196, 110, 130), (150, 130, 200))


def draw_space(stage: Stage) -> None:
    """Draw stars, a nebula and a planet."""
    number = stage.composition.palette
    stage.drawing.gradient(_NIGHTS[number])
    random = stage.random("nebula")
    for _ in range(7):
        place = random.uniform(0, stage.width), random.uniform(0.2, 1.0)
        stage.drawing.glow(place, random.uniform(0.2, 0.4), lighter(_NIGHTS[number][2], 0.2), 0.22)
    draw_stars(stage, 1.6)
    x, y = stage.composition.light
    draw_planet(
        stage.drawing.pen.at(x, y - 0.04, 0.13 * min(1.0, 0.4 + stage.width / 2)), _PLANETS[number]
    )


def draw_moon_ground(stage: Stage) -> None:
    """Draw the dusty ground of a moon, with craters."""
    dust = (142, 140, 156)
    random, pen = stage.random("craters"), stage.drawing.pen
    pen.land(stage.ridge("far moon", stage.horizon * 0.96, 0.03, 5), darker(dust, 0.45))
    pen.land(stage.ridge("near moon", stage.horizon * 0.78, 0.02, 3), dust)
    for _ in range(12):
        share = random.random()
        x, y = random.uniform(0, stage.width), stage.horizon * 0.68 * (1 - share)
        wide = 0.02 + 0.06 * share
        pen.ellipse(x, y, (wide, wide * 0.34), darker(dust, 0.26))
        pen.ellipse(
            x + wide * 0.06, y - wide * 0.07, (wide * 0.86, wide * 0.25), lighter(dust, 0.12)
        )
