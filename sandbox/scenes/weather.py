"""What falls through the picture, in front of everything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.scenes.colours import mix
from sandbox.scenes.plants import leaves

if TYPE_CHECKING:
    from sandbox.scenes.stage import Stage


def draw_weather(stage: Stage) -> None:
    """Draw rain, snow, fog or falling leaves over the whole picture."""
    weather, season = stage.depiction.weather, stage.palette.season
    if "fog" in weather:
        _fog(stage)
    if weather & {"rain", "storm"}:
        _rain(stage, hard="storm" in weather)
    if "snow" in weather:
        _snow(stage)
    elif season in ("autumn", "spring") and "room" not in stage.depiction.places:
        _leaves(stage)


def _mist(stage: Stage, level: float, strength: float) -> None:
    """Draw mist that lies on the ground up to a level."""
    haze = stage.palette.haze
    stage.drawing.veil(haze, level + 0.16, level - 0.02, (0.0, strength))
    stage.drawing.veil(haze, level - 0.02, max(0.0, level - 0.2), (strength, 0.0))


def draw_lightning(stage: Stage) -> None:
    """Draw a flash behind the subject."""
    random = stage.random("lightning")
    x, y = stage.composition.light[0], 0.86
    stage.drawing.glow((x, y), 0.5, (206, 214, 255), 0.45)
    path = [(x, y)]
    while y > stage.horizon:
        x, y = x + random.uniform(-0.06, 0.06), y - random.uniform(0.06, 0.12)
        path.append((x, y))
    pen = stage.drawing.pen
    pen.line(path, 0.009, (255, 252, 232))
    fork = path[len(path) // 2]
    pen.line(
        (fork, (fork[0] + 0.07, fork[1] - 0.09), (fork[0] + 0.09, fork[1] - 0.18)),
        0.005,
        (255, 252, 232),
    )


def _rain(stage: Stage, *, hard: bool) -> None:
    random, pen = stage.random("rain"), stage.drawing.pen
    lean = random.choice((-1, 1)) * (0.30 if hard else 0.12)
    colour = mix((226, 236, 248), stage.palette.sky[1], 0.2)
    for _ in range(int((170 if hard else 120) * max(1.0, stage.width))):
        x, y = random.uniform(-0.1, stage.width + 0.1), random.uniform(0, 1.1)
        depth = random.random()
        long, wide = 0.03 + 0.05 * depth, 0.0012 + 0.0016 * depth
        if pen.shows(wide * 4):
            slant = long * lean
            pen.polygon(
                ((x, y), (x + wide, y), (x + wide + slant, y - long), (x + slant, y - long)),
                (*colour, 90 + int(80 * depth)),
            )


def _snow(stage: Stage) -> None:
    random, pen = stage.random("snow"), stage.drawing.pen
    for _ in range(int(130 * max(1.0, stage.width))):
        x, y, depth = random.uniform(0, stage.width), random.random(), random.random() ** 2
        radius = 0.002 + 0.006 * depth
        if pen.shows(radius * 2):
            pen.circle(x, y, radius, (252, 253, 255, 150 + int(90 * depth)))


def _fog(stage: Stage) -> None:
    random, haze = stage.random("fog"), stage.palette.haze
    for _ in range(3):
        level = random.uniform(0.08, stage.horizon + 0.2)
        _mist(stage, level, random.uniform(0.3, 0.55))
    pen = stage.drawing.pen
    for _ in range(5):
        x, y = random.uniform(0, stage.width), random.uniform(0.04, stage.horizon + 0.16)
        long = random.uniform(0.2, 0.4)
        path = ((x - long, y), (x, y + 0.012), (x + long, y - 0.006))
        pen.taper(path, (0.005, random.uniform(0.03, 0.06), 0.005), (*haze, 70))


def _leaves(stage: Stage) -> None:
    """Draw falling leaves in autumn, and petals in spring."""
    random, pen = stage.random("leaves"), stage.pen()
    for number in range(int(16 * max(1.0, stage.width))):
        x, y = random.uniform(0, stage.width), random.uniform(0.04, 0.96)
        size, turn = random.uniform(0.008, 0.016), random.uniform(0, 180)
        colour = leaves(stage.palette.season, number)
        if pen.shows(size):
            pen.at(x, y, size, turn=turn).shape("-100,0 -100,0 -20,45 100,0 100,0 -20,-45", colour)
