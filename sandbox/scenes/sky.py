"""The sky, and what is in it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sandbox.scenes.colours import WHITE, Colour, darker, lighter, mix

if TYPE_CHECKING:
    from sandbox.scenes.drawing import Pen
    from sandbox.scenes.stage import Stage

_RAINBOW: tuple[Colour, ...] = (
    (226, 84, 80),
    (240, 152, 74),
    (248, 214, 96),
    (110, 184, 110),
    (84, 140, 210),
    (138, 96, 182),
)
_COVERED = frozenset({"storm", "fog", "rain", "snow"})


def draw_sky(stage: Stage) -> None:
    """Draw the sky down to the horizon, with sun or moon, stars and clouds."""
    depiction, light = stage.depiction, stage.palette
    stage.drawing.gradient(light.sky, 1.0, max(0.0, stage.horizon - 0.04))
    stage.drawing.gradient((light.sky[-1], light.sky[-1]), max(0.0, stage.horizon - 0.04), 0.0)
    covered = bool(depiction.weather & _COVERED)
    named = depiction.heavens.keys()
    moonlit = light.time == "night" and not covered
    if "stars" in named or moonlit:
        draw_stars(stage, 1.0, many="stars" in named)
    for name, draw in (("aurora", _aurora), ("rainbow", _rainbow), ("planet", _planet)):
        if name in named:
            draw(stage)
    if "moon" in named or (moonlit and "sun" not in named):
        _moon(stage)
    elif "sun" in named or not covered:
        _sun(stage)
    if depiction.weather & {"storm", "rain"}:
        _dark_clouds(stage)
    elif "fog" not in depiction.weather:
        _clouds(stage)


def draw_stars(stage: Stage, density: float, *, many: bool = False) -> None:
    """Draw stars, and a milky way if there are many."""
    random, pen = stage.random("stars"), stage.drawing.pen
    if many:
        for _ in range(5):
            x, y = random.uniform(0, stage.width), random.uniform(0.55, 1.0)
            stage.drawing.glow((x, y), random.uniform(0.16, 0.3), (150, 160, 220), 0.16)
    for _ in range(int((150 if many else 80) * density * max(1.0, stage.width))):
        x, y = random.uniform(0, stage.width), random.uniform(stage.horizon * 0.8, 1.0)
        radius = 0.0012 + 0.0028 * random.random() ** 3
        warm = random.random()
        if pen.shows(radius * 2.4):
            colour = mix((255, 255, 255), (255, 226, 180) if warm < 0.5 else (190, 214, 255), warm)  # noqa: PLR2004 - half of them
            pen.circle(x, y, radius, colour)
    for _ in range(6 if many else 3):
        x, y = random.uniform(0.05, 0.95) * stage.width, random.uniform(0.55, 0.95)
        _sparkle(pen.at(x, y, random.uniform(0.008, 0.016) * (1.4 if many else 1.0)))


def _sparkle(pen: Pen) -> None:
    pen.polygon("0,100 14,14 100,0 14,-14 0,-100 -14,-14 -100,0 -14,14", (255, 250, 232))


def _sun(stage: Stage) -> None:
    light, (x, y) = stage.palette, stage.composition.light
    colour = stage.depiction.heavens.get("sun") or light.light
    low = light.time in ("dawn", "dusk")
    if low:
        y = stage.horizon + (y - 0.62) * 0.9
    radius = (0.085 if low else 0.055) * stage.composition.unit
    stage.drawing.glow((x, y), radius * 5.5, mix(colour, light.sky[-1], 0.25), 0.75)
    pen = stage.drawing.pen
    pen.circle(x, y, radius * 1.35, (*colour, 70))
    pen.circle(x, y, radius, colour)


def _moon(stage: Stage) -> None:
    x, y = stage.composition.light
    pale = 0.25 if stage.palette.time == "day" else 0.0
    colour = stage.depiction.heavens.get("moon") or (248, 242, 218)
    colour = mix(colour, stage.palette.sky[0], pale)
    radius = 0.09 if "moon" in stage.depiction.heavens else 0.062
    radius *= stage.composition.unit
    stage.drawing.glow((x, y), radius * 4.6, lighter(colour, 0.2), 0.42)
    pen = stage.drawing.pen.at(x, y, radius)
    pen.circle(0, 0, 1.28, (*colour, 36))
    pen.circle(0, 0, 1, colour)
    for across, up, size in (
        (-0.35, 0.3, 0.24),
        (0.3, -0.1, 0.3),
        (-0.2, -0.45, 0.17),
        (0.35, 0.5, 0.13),
    ):
        pen.circle(across, up, size, darker(colour, 0.12))


def _clouds(stage: Stage) -> None:
    random, light = stage.random("clouds"), stage.palette
    pen = stage.drawing.pen
    low = light.time in ("dawn", "dusk")
    white = mix(WHITE, light.sky[-1], 0.55 if low else 0.2)
    white = mix(white, light.sky[1], light.dark * 1.3)
    many = 5 if "clouds" in stage.depiction.weather else 3
    for _ in range(many):
        x, y = random.uniform(0, stage.width), random.uniform(stage.horizon + 0.2, 0.94)
        size = random.uniform(0.10, 0.2) * stage.composition.unit
        if low:
            _streak(pen.at(x, y, size * 1.5), white)
        elif light.time == "night":
            _streak(pen.at(x, y - 0.12, size * 1.3), mix(light.sky[1], light.sky[2], 0.6))
        else:
            _cumulus(pen.at(x, y, size, flip=random.random() < 0.5), white, light.sky[1])  # noqa: PLR2004 - as often as not


def _cumulus(pen: Pen, colour: Colour, sky: Colour) -> None:
    for x, y, radius in (
        (-0.55, 0.1, 0.3),
        (-0.1, 0.28, 0.42),
        (0.4, 0.16, 0.33),
        (0.75, 0.05, 0.2),
    ):
        pen.circle(x, y, radius, colour)
    pen.taper("-75,-8 90,-8", (0.3, 0.26), colour)
    pen.taper("-70,-16 80,-16", (0.1, 0.08), mix(colour, sky, 0.3))


def _streak(pen: Pen, colour: Colour) -> None:
    for path, wide in (
        ("-100,0 0,5 90,-2", 0.12),
        ("-50,13 10,17 60,12", 0.09),
        ("0,-10 60,-9 120,-13", 0.07),
    ):
        pen.taper(path, (0.02, wide, 0.02), (*colour, 190))


def _dark_clouds(stage: Stage) -> None:
    """Draw rain clouds along the top."""
    random, light = stage.random("clouds"), stage.palette
    storm = "storm" in stage.depiction.weather
    base = darker(mix(light.sky[0], light.sky[1], 0.5), 0.30 if storm else 0.12)
    pen = stage.drawing.pen
    rows = 3 if storm else 2
    for row in range(rows):
        y = 0.86 + 0.075 * row - (0.06 if storm else 0.0)
        colour = mix(base, light.sky[1], 0.16 * (rows - 1 - row))
        x = -random.uniform(0, 0.2)
        while x < stage.width + 0.2:
            radius = random.uniform(0.08, 0.15)
            pen.ellipse(x, y + 0.06, (radius * 1.5, radius), colour)
            x += radius * 1.3
        pen.box(stage.width / 2, y + 0.05, (stage.width, 0.5), colour)


def _rainbow(stage: Stage) -> None:
    pen = stage.drawing.pen.at(stage.width * 0.5, stage.horizon - 0.12, 0.36 + 0.3 * stage.width)
    for k, colour in enumerate(_RAINBOW):
        radius = 1.0 - k * 0.045
        arc = tuple(
            (radius * math.cos(math.pi * step / 12), radius * math.sin(math.pi * step / 12))
            for step in range(13)
        )
        pen.taper(arc, (0.047, 0.047), (*colour, 150))


def _aurora(stage: Stage) -> None:
    """Draw curtains of light, brightest at their lower edge."""
    random, pen = stage.random("aurora"), stage.drawing.pen
    for k, colour in enumerate(((92, 232, 168), (96, 214, 206), (156, 120, 226))):
        phase, steps = random.uniform(0, 6.28), 28
        edge: list[tuple[float, float]] = []
        tops: list[float] = []
        for step in range(steps + 1):
            x = step / steps * (stage.width + 0.2) - 0.1
            wave = math.sin(phase + x * 7) * 0.05 + math.sin(phase * 2 + x * 17) * 0.018
            edge.append((x, 0.54 + 0.12 * k + wave))
            tops.append(0.16 + 0.07 * math.sin(phase + x * 11) + random.uniform(0.0, 0.05))
        for share in (0.12, 0.3, 0.55, 0.8, 1.0):
            upper = [(x, y + top * share) for (x, y), top in zip(edge, tops, strict=True)]
            pen.polygon((*edge, *reversed(upper)), (*colour, 30))


def _planet(stage: Stage) -> None:
    x, y = stage.width - stage.composition.light[0], 0.74
    colour = stage.depiction.heavens.get("planet") or (222, 160, 108)
    draw_planet(stage.drawing.pen.at(x, y, 0.13), colour)


def draw_planet(pen: Pen, colour: Colour) -> None:
    """Draw a planet with rings; its radius is 1."""
    ring = lighter(colour, 0.45)
    pen.ellipse(0, 0, (1.9, 0.42), (*ring, 200), 18)
    pen.ellipse(0, 0, (1.5, 0.28), darker(colour, 0.7), 18)
    pen.circle(0, 0, 1, colour)
    for y, wide in ((0.45, 0.14), (0.05, 0.2), (-0.4, 0.12)):
        half = (1 - y * y) ** 0.5 * 0.92
        pen.at(0, 0, turn=18).taper(((-half, y), (half, y)), (wide, wide), darker(colour, 0.14))
    pen.shape("40,-91 40,-91 90,-40 98,20 75,64 75,64 70,0", (*darker(colour, 0.9), 70))
    pen.at(0, 0, turn=18).taper(
        "-185,-4 -100,-32 0,-40 100,-32 185,-4", (0.05, 0.16, 0.16, 0.05), ring
    )
