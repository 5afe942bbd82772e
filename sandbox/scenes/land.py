"""Meadows, forests, mountains and deserts."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from sandbox.scenes.buildings import house
from sandbox.scenes.colours import NAMED, Colour, darker, lighter, mix
from sandbox.scenes.plants import cactus, leaves, pine, tree

if TYPE_CHECKING:
    from sandbox.scenes.drawing import Pen
    from sandbox.scenes.stage import Stage

_SAND: Colour = (228, 184, 118)
_FIR = "-24,6 -11,34 -17,34 -8,58 -12,58 0,100 12,58 8,58 17,34 11,34 24,6"
_FIR_SHADE = "0,6 0,100 12,58 8,58 17,34 11,34 24,6"
_FIR_SNOW = (
    "-9,67 -5,62 -1,69 3,62 9,67 0,100",
    "-14,41 -7,37 -1,44 5,37 14,41 4,62 -4,62",
    "-20,14 -9,10 -1,18 7,10 20,14 5,38 -5,38",
)


def draw_hills(stage: Stage) -> None:
    """Draw hills one behind another, with trees on them."""
    ground, season = stage.palette.ground, stage.palette.season
    for k, (level, swing, distance) in enumerate(((0.10, 0.05, 0.72), (0.05, 0.035, 0.46))):
        pen = stage.pen(distance)
        ridge = stage.ridge(f"hill {k}", stage.horizon + level, swing, 4)
        pen.land(ridge, darker(ground, 0.2))
        random = stage.random(f"trees {k}")
        for number in range(int((9 - 2 * k) * max(1.0, stage.width))):
            at, high = random.uniform(0, stage.width), random.uniform(0.03, 0.05) * (1 + k)
            foot = _height(ridge, at) - 0.01
            if season == "winter" or number % 3 == 0:
                pen.at(at, foot, high * 1.5).polygon(_FIR, darker((62, 108, 86), 0.1))
            else:
                _bush(pen.at(at, foot, high), leaves(season, number))


def draw_meadow(stage: Stage) -> None:
    """Draw the ground from the horizon down, with grass and flowers."""
    ground, horizon = stage.palette.ground, stage.horizon
    pen = stage.pen()
    stage.pen(0.24).land(stage.ridge("ground 1", horizon, 0.012, 4), ground)
    pen.land(stage.ridge("ground 2", horizon * 0.72, 0.02, 4), darker(ground, 0.07))
    pen.land(stage.ridge("ground 3", horizon * 0.38, 0.02, 3), darker(ground, 0.15))
    if stage.palette.season == "winter":
        _drifts(stage, ground)
    else:
        _grass(stage, ground)


def draw_field(stage: Stage) -> None:
    """Draw a field of flowers, or of corn, in rows that run to the horizon."""
    draw_meadow(stage)
    if stage.palette.season == "winter":
        return
    random, pen = stage.random("field"), stage.pen()
    names = ("red", "yellow", "pink", "purple", "white")
    if stage.palette.season == "autumn":
        names = ("gold", "beige", "rust")
    colours = [NAMED[name] for name in random.sample(names, 3)]
    for row in range(11):
        share = (row / 10) ** 1.6
        y, size = stage.horizon * (0.93 - 0.93 * share), 0.004 + 0.013 * share
        for step in range(int(stage.width / (size * 3.4))):
            x = (step + random.uniform(0.1, 0.9)) * size * 3.4
            if pen.shows(size * 1.2):
                pen.ellipse(
                    x, y + random.uniform(-1, 1) * size, (size, size * 0.7), random.choice(colours)
                )


def draw_forest(stage: Stage) -> None:
    """Draw rows of trees, the farther the paler."""
    season, random = stage.palette.season, stage.random("forest")
    fir = season == "winter" or random.random() < 0.5  # noqa: PLR2004 - as often as not
    needles = (62, 108, 86)
    for k, (distance, high, count) in enumerate(
        ((0.76, 0.30, 15), (0.52, 0.36, 11), (0.28, 0.46, 8))
    ):
        pen, base = stage.pen(distance), stage.horizon + 0.03 - 0.025 * k
        pen.land(stage.ridge(f"floor {k}", base, 0.01, 4), darker(stage.palette.ground, 0.1))
        trees = int(count * max(0.8, stage.width))
        for number in range(trees):
            x = (number + random.uniform(0.1, 0.9)) / trees * stage.width
            tall = high * random.uniform(0.75, 1.15)
            place = pen.at(x, base - 0.015, tall)
            if fir or number % 4 == 0:
                _fir(place, darker(needles, random.uniform(0.0, 0.22)), snowy=season == "winter")
            else:
                _trunk(place, leaves(season, number))
    draw_meadow(stage)


def draw_forest_edge(stage: Stage) -> None:
    """Draw large trees at both sides, which frame the subject."""
    random, season = stage.random("edge"), stage.palette.season
    y, x = stage.horizon * 0.55, stage.composition.x
    for side in (-0.02, 1.02):
        if abs(side * stage.width - x) < 0.3 * stage.width:
            continue
        for step in (0.09, -0.03):
            at = side * stage.width + (step if side < 0 else -step) * (1 + stage.width) / 2
            pen = stage.pen(0.10 if step > 0 else 0.04).at(at, y if step > 0 else y - 0.08)
            draw = pine if season == "winter" or random.random() < 0.6 else tree  # noqa: PLR2004 - mostly
            draw(pen.at(0, 0, random.uniform(0.54, 0.74)), stage.style())


def draw_mountains(stage: Stage) -> None:
    """Draw two ranges with snow on their tops."""
    random = stage.random("mountains")
    rock: Colour = mix((112, 116, 138), stage.palette.sky[0], 0.25)
    for distance, high, count in ((0.62, 0.34, 4), (0.36, 0.25, 3)):
        pen = stage.pen(distance)
        peaks = max(3, int(count * stage.width))
        for number in range(peaks):
            x = (number + random.uniform(0.2, 0.8)) / peaks * stage.width
            tall = high * random.uniform(0.7, 1.2)
            _peak(pen.at(x, stage.horizon - 0.03, tall, flip=random.random() < 0.5), rock)  # noqa: PLR2004 - as often as not
    random = stage.random("foot")
    pen = stage.pen(0.30)
    ridge = stage.ridge("foothill", stage.horizon + 0.03, 0.02, 4)
    pen.land(ridge, darker(stage.palette.ground, 0.25))
    for number in range(int(26 * max(1.0, stage.width))):
        x, tall = random.uniform(0, stage.width), random.uniform(0.04, 0.075)
        foot = _height(ridge, x) - 0.012
        if stage.palette.season == "autumn" and number % 2:
            _bush(pen.at(x, foot, tall * 0.8), leaves("autumn", number))
        else:
            pen.at(x, foot, tall).polygon(_FIR, (58, 98, 82))


def draw_desert(stage: Stage) -> None:
    """Draw dunes with a light and a dark side."""
    sand = mix(_SAND, stage.palette.ground, 0.1)
    for k, (level, swing, distance) in enumerate(
        ((1.10, 0.05, 0.55), (0.92, 0.06, 0.32), (0.60, 0.05, 0.12), (0.26, 0.04, 0.0))
    ):
        pen, random = stage.pen(distance), stage.random(f"dune {k}")
        tone = lighter(sand, 0.1) if k % 2 else sand
        ridge = stage.ridge(f"dune {k}", stage.horizon * level, swing, 3)
        pen.land(ridge, tone)
        x = random.uniform(0.2, 0.8) * stage.width
        y = _height(ridge, x)
        _slope(pen.at(x, y), darker(tone, 0.18), random.uniform(0.5, 0.8))
    random = stage.random("cacti")
    for _ in range(3):
        x = random.uniform(0.05, 0.95) * stage.width
        if abs(x - stage.composition.x) > 0.2 * stage.width:
            pen = stage.pen(0.16).at(x, stage.horizon * random.uniform(0.5, 0.66))
            cactus(pen.at(0, 0, random.uniform(0.07, 0.12)), stage.style())


def draw_village(stage: Stage) -> None:
    """Draw small houses on the nearest hill."""
    draw_hills(stage)
    random = stage.random("village")
    count = int(7 * max(1.0, stage.width))
    for number in range(count):
        x = (number + random.uniform(0.2, 0.8)) / count * stage.width
        y = stage.horizon + random.uniform(-0.01, 0.035)
        place = stage.pen(0.28).at(x, y, random.uniform(0.07, 0.1), flip=number % 2 == 0)
        house(place, stage.style((None, NAMED["white"], NAMED["beige"])[number % 3]))


def _peak(pen: Pen, rock: Colour) -> None:
    pen.polygon("-88,0 -60,30 -46,38 -26,72 -12,84 0,100 16,80 30,66 44,44 62,30 90,0", rock)
    pen.polygon("0,100 16,80 30,66 44,44 62,30 90,0 20,0 26,26 8,44 14,62 2,76", darker(rock, 0.28))
    pen.polygon("-26,72 -12,84 0,100 16,80 24,72 14,74 8,66 0,76 -8,66 -16,74", (244, 247, 252))
    pen.polygon("0,100 16,80 24,72 14,74 8,66 2,76", (206, 214, 230))


def _slope(pen: Pen, shade: Colour, size: float) -> None:
    """Draw the dark side of a dune down from its crest."""
    place = pen.at(0, 0, size)
    place.shape("0,0 0,0 8,-6 6,-14 18,-24 60,-34 60,-34 40,-14 22,-5", shade)


def _height(ridge: tuple[tuple[float, float], ...], x: float) -> float:
    """Return about how high a ridge is at a place."""
    for (left, low), (right, high) in pairwise(ridge):
        if left <= x <= right:
            share = (x - left) / (right - left)
            share = share * share * (3 - 2 * share)
            return low + (high - low) * share
    return ridge[-1][1]


def _fir(pen: Pen, needles: Colour, *, snowy: bool) -> None:
    pen.box(0, 0, (0.04, 0.1), (92, 72, 66))
    pen.polygon(_FIR, needles)
    pen.polygon(_FIR_SHADE, darker(needles, 0.16))
    if snowy:
        for outline in _FIR_SNOW:
            pen.polygon(outline, (238, 243, 250))


def _bush(pen: Pen, colour: Colour) -> None:
    pen.ellipse(0, 0.45, (0.5, 0.55), darker(colour, 0.18))
    pen.ellipse(-0.12, 0.58, (0.32, 0.36), colour)


def _trunk(pen: Pen, crown: Colour) -> None:
    pen.taper("0,0 1,50", (0.07, 0.04), (92, 72, 66))
    for x, y, size in ((-0.14, 0.60, 0.17), (0.14, 0.62, 0.17), (0.0, 0.78, 0.2)):
        pen.circle(x, y, size, darker(crown, 0.12 if x else 0.0))


def _grass(stage: Stage, ground: Colour) -> None:
    random, pen = stage.random("grass"), stage.pen()
    blade, light = darker(ground, 0.3), lighter(ground, 0.22)
    for number in range(int(120 * max(1.0, stage.width))):
        share = random.random() ** 0.7
        x, y = random.uniform(0, stage.width), stage.horizon * 0.94 * (1 - share)
        high, lean = 0.008 + 0.026 * share, random.uniform(-0.5, 0.5)
        if pen.shows(high * 0.3):
            pen.polygon(
                ((x - high * 0.1, y), (x + high * 0.1, y), (x + high * lean, y + high)),
                light if number % 3 == 0 else blade,
            )
    if stage.palette.season == "spring":
        for _ in range(int(44 * max(1.0, stage.width))):
            x, share = random.uniform(0, stage.width), random.random()
            size = 0.003 + 0.006 * share
            colour = random.choice(((250, 244, 236), (246, 206, 84), (240, 140, 170)))
            if pen.shows(size * 1.6):
                pen.circle(x, stage.horizon * 0.9 * (1 - share), size, colour)


def _drifts(stage: Stage, snow: Colour) -> None:
    random, pen = stage.random("drifts"), stage.pen()
    for _ in range(9):
        x, y = random.uniform(0, stage.width), stage.horizon * random.uniform(0.05, 0.85)
        long = random.uniform(0.08, 0.2)
        path = ((x - long, y), (x, y + 0.012), (x + long, y - 0.004))
        pen.taper(path, (0.003, 0.012, 0.003), mix(snow, (168, 190, 222), random.uniform(0.2, 0.5)))


def draw_crag(stage: Stage, x: float, high: float, wide: float) -> None:
    """Draw a rock with grass on it, for something of half that width to stand on."""
    rock, ground = (124, 116, 122), stage.palette.ground
    pen = stage.pen(0.10).at(x, high, wide / 0.56)
    pen.polygon(
        "-60,0 60,0 74,-14 70,-30 92,-52 96,-90 130,-130 170,-240 -170,-240 -124,-130 -104,-96 "
        "-98,-60 -76,-38 -78,-16",
        rock,
    )
    pen.polygon(
        "8,0 60,0 74,-14 70,-30 92,-52 96,-90 130,-130 170,-240 60,-240 34,-120 40,-50",
        darker(rock, 0.25),
    )
    pen.polygon("-40,-16 -16,-60 -30,-110 -58,-90 -62,-40", lighter(rock, 0.14))
    pen.shape(
        "-70,-6 -60,4 0,6 60,4 76,-8 50,-14 30,-7 10,-18 -14,-8 -36,-16 -52,-8", darker(ground, 0.1)
    )
    random = stage.random("crag")
    for number in range(8):
        side, down = random.choice((-1, 1)), -random.uniform(0.12, 1.1)
        place = pen.at(side * random.uniform(0.1, 0.62), down)
        if stage.palette.season == "winter" or number % 3 == 0:
            place.at(0, 0, 0.26).polygon(_FIR, (58, 98, 82))
        else:
            _bush(place.at(0, 0, 0.17), leaves(stage.palette.season, number))
