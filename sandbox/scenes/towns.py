"""Cities, streets and rooms."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from sandbox.scenes.colours import Colour, darker, lighter, mix
from sandbox.scenes.plants import tree

if TYPE_CHECKING:
    from random import Random

    from sandbox.scenes.drawing import Pen
    from sandbox.scenes.stage import Stage

_LAMP: Colour = (255, 216, 128)
_WALLS: tuple[Colour, ...] = (
    (176, 104, 88),
    (206, 176, 140),
    (122, 134, 152),
    (158, 122, 120),
    (96, 112, 136),
    (214, 192, 168),
)
_DEPTHS = (1.45, 0.98, 0.68, 0.47, 0.33, 0.23, 0.16)  # how far the sides of a street are apart


def draw_city(stage: Stage) -> None:
    """Draw the skyline of a city, some of its windows lit."""
    random = stage.random("city")
    for distance, low, high in ((0.68, 0.14, 0.40), (0.46, 0.10, 0.33), (0.22, 0.06, 0.25)):
        pen = stage.pen(distance)
        x = -random.uniform(0, 0.05)
        while x < stage.width:
            wide, tall = random.uniform(0.06, 0.12), random.uniform(low, high)
            wall = mix(random.choice(_WALLS), (78, 92, 124), 0.6)
            _block(
                stage, pen.at(x + wide / 2, stage.horizon - 0.02), (wide, tall + 0.02), wall, random
            )
            x += wide * random.uniform(0.9, 1.12)


def draw_square(stage: Stage) -> None:
    """Draw the ground before a skyline: a quay with trees."""
    pave = mix((150, 150, 156), stage.palette.ground, 0.16)
    pen = stage.pen(0.12)
    pen.box(stage.width / 2, -0.1, (stage.width, stage.horizon + 0.1), pave)
    for k in range(7):
        y = stage.horizon * (1 - (k / 7) ** 0.7)
        pen.box(stage.width / 2, y, (stage.width, 0.002 + 0.0006 * k), darker(pave, 0.14))
    random = stage.random("square")
    for k in range(int(6 * max(1.0, stage.width))):
        x = (k + random.uniform(0.3, 0.7)) / 6
        tree(stage.pen(0.2).at(x, stage.horizon - 0.015, random.uniform(0.10, 0.15)), stage.style())
    if stage.depiction.weather & {"rain", "storm"}:
        _puddles(stage)


def draw_street(stage: Stage) -> None:
    """Draw a street between houses that runs to the horizon, with lamps; it is wet in the rain."""
    wet = bool(stage.depiction.weather & {"rain", "storm"})
    middle = stage.width * (0.5 + (stage.composition.x / stage.width - 0.5) * -0.35)
    place = stage.pen().at(middle, stage.horizon)
    _far_end(stage, middle)
    road = darker((96, 98, 112), 0.2 if wet else 0.0)
    place.polygon("-2,0 2,0 900,-300 -900,-300", mix((150, 146, 150), road, 0.3))
    place.polygon(((-0.012, 0), (0.012, 0), (0.95, -0.75), (-0.95, -0.75)), road)
    for near, far in ((0.9, 0.7), (0.55, 0.44), (0.35, 0.28), (0.22, 0.18), (0.14, 0.115)):
        low, high = -0.62 * near, -0.62 * far
        place.polygon(
            ((-0.02 * near, low), (0.02 * near, low), (0.02 * far, high), (-0.02 * far, high)),
            (232, 226, 200),
        )
    random = stage.random("street")
    half = max(0.62, stage.width * 0.56)
    for near, far in reversed(tuple(pairwise(_DEPTHS))):
        for side in place.halves:
            distance = max(0.0, 0.5 - near * 0.42)
            pen = side.tinted(stage.palette.haze, distance) if distance else side
            _facade(stage, pen, (half * near, half * far), random)
    if wet:
        _reflections(stage, place)
    _tail_lights(stage, place)
    for near in (0.16, 0.27, 0.46, 0.80):
        for side in place.halves:
            _street_lamp(stage, side.at(half * near * 0.80, -0.42 * near, near))


def draw_room(stage: Stage) -> None:
    """Draw a room with a window and a rug on its wooden floor."""
    _wall(stage)
    pen, level = stage.pen(), stage.horizon
    wood: Colour = (164, 112, 74)
    pen.box(stage.width / 2, -0.1, (stage.width, level + 0.1), wood)
    for k in range(1, 6):
        pen.box(stage.width / 2, level * (1 - k / 6), (stage.width, 0.003), darker(wood, 0.22))
    pen.box(stage.width / 2, level, (stage.width, 0.025), (240, 234, 222))
    at = stage.composition.x
    pen.ellipse(at, stage.composition.near, (0.42, level * 0.26), (150, 74, 82))
    pen.ellipse(at, stage.composition.near, (0.36, level * 0.20), (206, 150, 110))


def draw_table(stage: Stage) -> None:
    """Draw a table before a wall with a window."""
    _wall(stage)
    pen, level = stage.pen(), stage.horizon * 0.8
    wood: Colour = (186, 132, 88)
    pen.box(stage.width / 2, -0.1, (stage.width, level + 0.1), wood)
    random = stage.random("grain of wood")
    for _ in range(14):
        x, y = random.uniform(0, stage.width), level * random.uniform(0.2, 0.96)
        path = ((x - 0.2, y), (x, y + 0.004), (x + 0.2, y))
        pen.taper(path, (0.0, 0.004, 0.0), darker(wood, 0.16))
    pen.box(stage.width / 2, -0.1, (stage.width, 0.1 + level * 0.16), darker(wood, 0.3))


def _wall(stage: Stage) -> None:
    """Draw a wall with a window, through which the sky is seen."""
    random, pen = stage.random("wall"), stage.pen()
    paint: Colour = random.choice(
        ((196, 208, 196), (226, 204, 178), (180, 196, 212), (222, 190, 180))
    )
    half, low, high = 0.19, 0.50, 0.90
    x = min(max(stage.composition.light[0], 0.26), stage.width - 0.26)
    stage.drawing.gradient(stage.palette.sky, high, low)
    if stage.palette.time == "night":
        stage.drawing.pen.circle(x + 0.08, 0.80, 0.035, stage.palette.light)
    for left, right, bottom, top in (
        (0.0, x - half, low, high),
        (x + half, stage.width, low, high),
        (0.0, stage.width, 0.0, low),
        (0.0, stage.width, high, 1.0),
    ):
        pen.polygon(((left, bottom), (right, bottom), (right, top), (left, top)), paint)
    for k in range(int(stage.width / 0.12) + 1):
        if abs(k * 0.12 - x) > half + 0.025:
            pen.box(k * 0.12, 0.0, (0.05, 1.0), lighter(paint, 0.10))
    frame: Colour = (246, 240, 228)
    for side in pen.at(x, 0).halves:
        side.box(half, low, (0.02, high - low), frame)
        side.shape("15,94 15,94 31,94 31,94 32,60 34,40 34,40 25,40 22,60", (190, 88, 84))
    for y, wide, thick in ((low - 0.02, 0.46, 0.03), (0.70, 0.38, 0.014), (high, 0.40, 0.02)):
        pen.box(x, y, (wide, thick), frame)
    pen.box(x, low, (0.014, high - low), frame)


def _block(stage: Stage, pen: Pen, size: tuple[float, float], wall: Colour, random: Random) -> None:
    wide, tall = size
    pen.box(0, 0, size, wall)
    pen.box(wide * 0.32, 0, (wide * 0.36, tall), darker(wall, 0.16))
    kind = random.randrange(4)
    if kind == 0:
        pen.box(0, tall, (wide * 0.6, 0.02), wall)
        pen.line(((0, tall), (0, tall + 0.07)), 0.004, wall)
    elif kind == 1:
        pen.polygon(((-wide / 2, tall), (wide / 2, tall), (0, tall + wide * 0.5)), wall)
    step = 0.021
    columns, rows = int(wide / step), int(tall / (step * 1.3))
    shown = pen.shows(step * 0.45)
    bright = pen.shining
    for row in range(rows):
        for column in range(columns):
            lamp = random.random() < 0.46  # noqa: PLR2004 - nearly half of them
            if not shown:
                continue
            place = ((column - (columns - 1) / 2) * step, tall - (row + 0.9) * step * 1.3)
            if not stage.palette.lit:
                pen.box(*place, (step * 0.5, step * 0.66), lighter(wall, 0.28))
            elif lamp:
                bright.box(*place, (step * 0.5, step * 0.66), mix(_LAMP, wall, 0.1))


def _far_end(stage: Stage, middle: float) -> None:
    """Draw what is at the end of a street."""
    stage.drawing.glow((middle, stage.horizon + 0.05), 0.42, stage.palette.light, 0.35)
    random, pen = stage.random("far end"), stage.pen(0.62)
    for k in range(-4, 5):
        wide, tall = 0.06, random.uniform(0.08, 0.22)
        _block(
            stage,
            pen.at(middle + k * 0.055, stage.horizon - 0.01),
            (wide, tall),
            (92, 104, 134),
            random,
        )


def _facade(stage: Stage, pen: Pen, ends: tuple[float, float], random: Random) -> None:
    """Draw the front of a house in perspective, from its near to its far end."""
    near, far = ends
    wall, height = random.choice(_WALLS), random.uniform(0.95, 1.5)
    outline = ((near, -0.53 * near), (far, -0.53 * far), (far, height * far), (near, height * near))
    pen.polygon(outline, wall)
    pen.polygon(
        (
            (near, (height - 0.06) * near),
            (far, (height - 0.06) * far),
            (far, height * far),
            (near, height * near),
        ),
        darker(wall, 0.3),
    )
    pen.polygon(
        ((near, -0.53 * near), (far, -0.53 * far), (far, -0.18 * far), (near, -0.18 * near)),
        darker(wall, 0.36),
    )
    shown = pen.shows(far * 0.06)
    for row in range(6):
        for column in range(3):
            lamp = random.random() < 0.5  # noqa: PLR2004 - half of them
            low = 0.02 + row * 0.22
            if low + 0.16 > height - 0.08 or not shown:
                continue
            _pane(stage, pen, ends, (column, low), lit=lamp)
    if shown:
        for column in range(2):
            _pane(stage, pen, ends, (column * 1.5, -0.46), lit=True)


def _pane(
    stage: Stage, pen: Pen, ends: tuple[float, float], place: tuple[float, float], *, lit: bool
) -> None:
    near, far = ends
    left = near + (far - near) * (0.12 + place[0] * 0.28)
    right = near + (far - near) * (0.12 + place[0] * 0.28 + 0.19)
    low, high = place[1], place[1] + (0.13 if place[1] > 0 else 0.22)
    outline = ((left, low * left), (right, low * right), (right, high * right), (left, high * left))
    if stage.palette.lit and lit:
        pen.shining.polygon(outline, _LAMP)
    else:
        pen.polygon(outline, (88, 104, 128) if stage.palette.lit else (150, 184, 204))


def _street_lamp(stage: Stage, pen: Pen) -> None:
    pen.line(((0, 0), (0, 0.62), (-0.08, 0.66)), 0.016, (52, 50, 60))
    pen.box(-0.10, 0.62, (0.07, 0.035), (52, 50, 60))
    if stage.palette.lit:
        pen.shining.ellipse(-0.10, 0.615, (0.034, 0.022), (255, 240, 196))
        x, y = pen.place(-0.10, 0.61)
        stage.drawing.glow((x, y), 0.16 * pen.pixels / stage.drawing.pen.pixels, _LAMP, 0.55)


def _reflections(stage: Stage, place: Pen) -> None:
    """Draw the lights of a street on its wet ground, brighter at its sides."""
    random = stage.random("reflections")
    place.polygon("-1,0 1,0 12,-75 -12,-75", (*stage.palette.light, 34))
    alpha = 110 if stage.palette.lit else 50
    for near in (0.16, 0.21, 0.27, 0.35, 0.46, 0.6, 0.80):
        for side in place.halves:
            x, y = random.uniform(0.36, 0.58) * near, -0.55 * near
            colour = random.choice((_LAMP, _LAMP, (255, 150, 110)))
            for _ in range(5):
                y -= 0.045 * near
                at, long = (
                    x + random.uniform(-0.015, 0.015) * near,
                    random.uniform(0.02, 0.05) * near,
                )
                path = ((at - long, y), (at, y), (at + long, y))
                side.shining.taper(path, (0.0, 0.014 * near, 0.0), (*colour, alpha))


def _tail_lights(stage: Stage, place: Pen) -> None:
    """Draw a car far ahead."""
    side = stage.random("car ahead").choice((-1, 1))
    car = place.at(side * 0.075, -0.2, 0.16)
    car.shape("-30,6 -30,6 -32,30 -22,52 22,52 32,30 30,6 30,6", (58, 66, 86))
    car.polygon("-20,32 20,32 16,48 -16,48", (120, 142, 160))
    for half in car.halves:
        half.box(0.2, 0.0, (0.1, 0.1), (30, 28, 38))
        half.shining.box(0.22, 0.18, (0.12, 0.07), (250, 84, 70))
        if stage.palette.lit:
            stage.drawing.glow(half.place(0.22, 0.2), 0.04, (250, 84, 70), 0.6)


def _puddles(stage: Stage) -> None:
    random = stage.random("puddles")
    for _ in range(6):
        x, y = random.uniform(0, stage.width), stage.horizon * random.uniform(0.08, 0.7)
        stage.drawing.pen.ellipse(
            x, y, (random.uniform(0.05, 0.12), 0.012), (*stage.palette.haze, 120)
        )
