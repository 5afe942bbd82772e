"""Seas, lakes and rivers, and what is below their surface."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING

from sandbox.scenes.colours import Colour, darker, lighter, mix
from sandbox.scenes.plants import palm

if TYPE_CHECKING:
    from sandbox.scenes.stage import Stage

_SAND: Colour = (236, 208, 156)
_CREST = "-140,0 -140,0 -80,12 -20,44 26,50 48,32 40,32 30,38 22,24 40,6 110,0 110,0"
_FOAM = "-46,28 -18,46 26,52 50,31 50,31 38,35 28,40 8,40 -14,36"


def draw_sea(stage: Stage) -> None:
    """Draw the open sea up to the horizon, with the light's path on it."""
    storm = "storm" in stage.depiction.weather
    light = stage.palette
    near = darker(light.water, 0.16)
    stage.drawing.gradient((mix(light.haze, light.water, 0.42), light.water, near), stage.horizon)
    _glitter(stage, stage.horizon, 0.02)
    if storm:
        _breakers(stage)
    else:
        _ripples(stage, stage.horizon - 0.015, 0.0)


def draw_swell(stage: Stage) -> None:
    """Draw the nearest waves, in front of what floats."""
    storm, light = "storm" in stage.depiction.weather, stage.palette
    pen = stage.drawing.pen
    for k, level in enumerate((0.26, 0.08)):
        swing = 0.03 if storm else 0.010
        ridge = stage.ridge(f"swell {k}", stage.horizon * level, swing, 7 if storm else 5)
        colour = darker(light.water, 0.20 + 0.10 * k)
        pen.land(tuple((x, y + 0.006) for x, y in ridge), (*lighter(light.water, 0.3), 150))
        pen.land(ridge, colour)


def draw_lake(stage: Stage) -> None:
    """Draw a lake between a far and a near shore, in which the far shore is mirrored."""
    light, horizon = stage.palette, stage.horizon
    shore = horizon * 0.30
    stage.drawing.gradient(
        (mix(light.haze, light.water, 0.5), light.water, darker(light.water, 0.12)), horizon, 0.0
    )
    pen = stage.pen(0.4)
    pen.taper(
        ((-0.1, horizon), (stage.width * 0.5, horizon + 0.006), (stage.width + 0.1, horizon)),
        (0.02, 0.026, 0.02),
        darker(light.ground, 0.3),
    )
    stage.drawing.veil(darker(light.ground, 0.4), horizon - 0.008, horizon - 0.10, (0.36, 0.0))
    _glitter(stage, horizon - 0.01, shore)
    _ripples(stage, horizon - 0.03, shore)


def draw_lake_shore(stage: Stage) -> None:
    """Draw the near shore of a lake or river, with reeds."""
    random, ground = stage.random("shore"), stage.palette.ground
    pen = stage.pen()
    ridge = stage.ridge("shore", stage.horizon * 0.24, 0.018, 3)
    pen.land(tuple((x, y + 0.008) for x, y in ridge), (*lighter(stage.palette.water, 0.4), 150))
    pen.land(ridge, darker(ground, 0.12))
    for _ in range(int(16 * max(1.0, stage.width))):
        x = random.choice((random.uniform(-0.02, 0.22), random.uniform(0.78, 1.02))) * stage.width
        high, lean = random.uniform(0.08, 0.19), random.uniform(-0.02, 0.02)
        foot = stage.horizon * random.uniform(0.0, 0.18)
        pen.taper(
            ((x, foot), (x + lean / 2, foot + high * 0.6), (x + lean, foot + high)),
            (0.007, 0.006, 0.002),
            darker(ground, 0.34),
        )
        if stage.palette.season != "winter":
            pen.taper(
                ((x + lean, foot + high * 0.9), (x + lean * 1.1, foot + high * 1.12)),
                (0.011, 0.010),
                (112, 76, 56),
            )


def draw_river(stage: Stage) -> None:
    """Draw a river that winds from the horizon to the front."""
    light, horizon = stage.palette, stage.horizon
    bend = stage.random("river").choice((-1, 1)) * 0.16
    middle = stage.width / 2
    spine = (
        (0.0, 1.0, 0.012),
        (0.7, 0.86, 0.025),
        (-0.7, 0.64, 0.06),
        (0.6, 0.34, 0.15),
        (0.2, -0.12, 0.42),
    )
    left = [
        (middle + bend * x - half * (0.6 + 0.4 * stage.width), horizon * y) for x, y, half in spine
    ]
    right = [
        (middle + bend * x + half * (0.6 + 0.4 * stage.width), horizon * y) for x, y, half in spine
    ]
    outline = (left[0], *left, left[-1], right[-1], *reversed(right), right[0])
    pen = stage.drawing.pen
    pen.shape(
        tuple((x, y + 0.008) for x, y in outline), darker(light.ground, 0.35 + light.dark * 0.5)
    )
    pen.shape(outline, mix(light.water, light.haze, 0.3))
    random = stage.random("current")
    for _ in range(26):
        share = random.random() ** 0.6
        at, half = _between(spine, 1 - share)
        x = middle + bend * at + random.uniform(-0.7, 0.7) * half
        y, long = horizon * (1 - share) * 0.98, 0.01 + 0.06 * share
        pen.taper(
            ((x - long, y), (x, y + 0.002), (x + long, y)),
            (0.001, 0.004 * (0.4 + share), 0.001),
            (*lighter(light.water, 0.5), 170),
        )


def draw_beach(stage: Stage) -> None:
    """Draw sand in front of the sea, with foam on its edge."""
    draw_sea(stage)
    pen = stage.pen()
    ridge = stage.ridge("beach", stage.horizon * 0.52, 0.02, 3)
    for rise, colour in ((0.020, (250, 252, 250, 200)), (0.008, darker(_SAND, 0.22)), (0.0, _SAND)):
        pen.land(tuple((x, y + rise) for x, y in ridge), colour)
    random = stage.random("sand")
    for _ in range(int(60 * stage.width)):
        x, y = random.uniform(0, stage.width), stage.horizon * random.uniform(0.0, 0.44)
        if pen.shows(0.004):
            pen.ellipse(x, y, (0.004, 0.0016), darker(_SAND, random.uniform(0.05, 0.2)))
    side = 0.08 if stage.composition.x > stage.width / 2 else 0.92
    palm(pen.at(side * stage.width, stage.horizon * 0.4, 0.52, flip=side > 0.5), stage.style())  # noqa: PLR2004 - on the right


def draw_island(stage: Stage) -> None:
    """Draw a small island in the sea."""
    draw_sea(stage)
    x, y = stage.composition.x, stage.composition.near
    reach = 0.34 * min(1.0, stage.width) * max(0.9, stage.composition.size)
    pen = stage.pen().at(x, y, reach)
    pen.ellipse(0, -0.04, (1.28, 0.20), (*lighter(stage.palette.water, 0.45), 150))
    pen.shape("-118,-6 -118,-6 -70,12 0,20 70,12 118,-6 118,-6 0,-20", _SAND)
    pen.shape("-80,6 -50,18 0,24 60,16 84,4 0,0", stage.palette.ground)
    palm(pen.at(-0.72, 0.1, 1.2), stage.style())
    palm(pen.at(0.86, 0.04, 0.9, flip=True), stage.style())


def draw_underwater(stage: Stage) -> None:
    """Draw the bottom of the sea, with weeds, corals and rays of light."""
    dark = stage.palette.dark
    top, middle, low = (
        mix(each, (6, 16, 46), dark) for each in ((120, 208, 214), (34, 130, 168), (14, 60, 110))
    )
    stage.drawing.gradient((top, middle, low))
    random, pen = stage.random("reef"), stage.drawing.pen
    for _ in range(6):
        x, wide = random.uniform(-0.1, 1.0) * stage.width, random.uniform(0.03, 0.1)
        pen.polygon(
            ((x, 1), (x + wide, 1), (x + wide * 2.6 + 0.2, 0.1), (x + 0.14, 0.1)),
            (236, 252, 250, 26),
        )
    tinted = pen.tinted(middle, 0.45)
    tinted.land(stage.ridge("floor 1", 0.17, 0.03, 4), (160, 160, 132))
    _weeds(stage, 0.13, 0.45)
    pen.tinted(low, 0.12 + dark * 0.6).land(stage.ridge("floor 2", 0.085, 0.02, 3), (216, 196, 146))
    _weeds(stage, 0.03, 0.12)
    for _ in range(26):
        x, y, size = (
            random.uniform(0, stage.width),
            random.uniform(0.1, 0.95),
            random.uniform(0.004, 0.013),
        )
        if pen.shows(size):
            pen.circle(x, y, size, (232, 250, 252, 90))
            pen.circle(x - size * 0.3, y + size * 0.3, size * 0.3, (250, 255, 255, 190))


def _weeds(stage: Stage, foot: float, distance: float) -> None:
    random = stage.random(f"weeds {distance}")
    pen = stage.drawing.pen.tinted((22, 96, 140), distance + stage.palette.dark * 0.5)
    colours: tuple[Colour, ...] = (
        (66, 150, 92),
        (226, 104, 104),
        (236, 156, 84),
        (150, 96, 170),
        (58, 130, 106),
    )
    for number in range(int(10 * max(1.0, stage.width))):
        x = random.choice((random.uniform(0, 0.34), random.uniform(0.66, 1))) * stage.width
        high, colour = random.uniform(0.1, 0.3), colours[number % 5]
        if number % 5 in (1, 2, 3):
            for branch in (-0.5, -0.2, 0.1, 0.45):
                pen.taper(
                    (
                        (x, foot),
                        (x + branch * 0.07, foot + high * 0.25),
                        (x + branch * 0.16, foot + high * 0.55),
                    ),
                    (0.02, 0.014, 0.016),
                    colour,
                )
        else:
            sway = random.uniform(-0.03, 0.03)
            pen.taper(
                (
                    (x, foot),
                    (x + sway, foot + high * 0.4),
                    (x - sway, foot + high * 0.75),
                    (x + sway, foot + high),
                ),
                (0.02, 0.026, 0.02, 0.004),
                colour,
            )


def _glitter(stage: Stage, top: float, bottom: float) -> None:
    """Draw the path of the sun's or moon's light on water."""
    if stage.depiction.weather & {"storm", "fog", "rain", "clouds"}:
        return
    random, pen = stage.random("glitter"), stage.drawing.pen
    x, colour = stage.composition.light[0], stage.palette.light
    for row in range(16):
        share = row / 15
        y = top - 0.006 - (top - bottom) * share**1.3
        wide = (0.03 + 0.05 * share) * random.uniform(0.5, 1.3)
        at = x + random.uniform(-0.03, 0.03)
        pen.taper(
            ((at - wide, y), (at, y), (at + wide, y)),
            (0.001, 0.005 + 0.005 * share, 0.001),
            (*colour, 170 - int(70 * share)),
        )


def _ripples(stage: Stage, top: float, bottom: float) -> None:
    random, pen, water = stage.random("ripples"), stage.drawing.pen, stage.palette.water
    light, shade = lighter(water, 0.4), darker(water, 0.25)
    for number in range(int(46 * max(1.0, stage.width))):
        share = random.random() ** 0.8
        x, y = random.uniform(0, stage.width), top - (top - bottom) * share
        long, wide = 0.012 + 0.05 * share, 0.0015 + 0.004 * share
        if pen.shows(wide * 3):
            pen.taper(
                ((x - long, y), (x, y + wide), (x + long, y)),
                (0.0005, wide, 0.0005),
                (*(light if number % 2 else shade), 120),
            )


def _breakers(stage: Stage) -> None:
    """Draw rows of high waves with foam on their crests."""
    pen, water = stage.drawing.pen, stage.palette.water
    for k, level in enumerate((0.94, 0.74, 0.50)):
        random = stage.random(f"breaker {k}")
        size = 0.07 + 0.045 * k
        tone = mix(darker(water, 0.06 + 0.10 * k), stage.palette.haze, 0.20 - 0.07 * k)
        x, y = -random.uniform(0, size * 2), stage.horizon * level - size * 0.3
        pen.box(stage.width / 2, -0.1, (stage.width, y + 0.1), tone)
        while x < stage.width + size:
            crest = pen.at(x, y - 0.004, size * random.uniform(0.8, 1.15))
            crest.shape(_CREST, lighter(tone, 0.12))
            crest.shape(_FOAM, mix((238, 244, 247), tone, 0.30 - 0.1 * k))
            x += size * random.uniform(1.7, 2.6)


def _between(spine: tuple[tuple[float, float, float], ...], y: float) -> tuple[float, float]:
    """Return the middle and half the width of a river at a height, 1 being the horizon."""
    for (x0, y0, half0), (x1, y1, half1) in pairwise(spine):
        if y1 <= y <= y0:
            share = (y0 - y) / (y0 - y1)
            share = (1 - math.cos(share * math.pi)) / 2
            return x0 + (x1 - x0) * share, half0 + (half1 - half0) * share
    return spine[-1][0], spine[-1][2]
