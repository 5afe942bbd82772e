"""Pictures of prompts that name nothing that is known here."""

from __future__ import annotations

import colorsys
import math
from itertools import pairwise
from random import Random
from typing import TYPE_CHECKING

from sandbox.scenes.colours import Colour, darker, lighter, mix

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.scenes.stage import Stage

    Colours = tuple[Colour, ...]


def draw_abstract(stage: Stage, prompt: str) -> None:
    """Draw one of three kinds of abstract pictures, in colours of the prompt's own."""
    kinds: tuple[Callable[[Stage, Colours], None], ...] = (_bands, _discs, _ranges)
    random = Random(f"abstract:{prompt}")  # noqa: S311 - repeatable on purpose
    draw = random.choice(kinds)
    draw(stage, _scheme(random.random(), stage.composition.palette))


def _scheme(hue: float, variation: int) -> Colours:
    """Return five colours, from light to dark: two neighbours and what stands out from them."""
    turn = hue + (0.0, 0.06, -0.05, 0.5)[variation]
    away = 0.45 if variation % 2 else 0.55
    shares = (
        (0.04, 0.93, 0.50),
        (0.0, 0.78, 0.42),
        (away, 0.62, 0.58),
        (0.07, 0.45, 0.38),
        (0.1, 0.24, 0.42),
    )
    return tuple(_colour(turn + shift, light, strength) for shift, light, strength in shares)


def _colour(hue: float, light: float, strength: float) -> Colour:
    red, green, blue = colorsys.hls_to_rgb(hue % 1.0, light, strength)
    return round(red * 255), round(green * 255), round(blue * 255)


def _bands(stage: Stage, colours: Colours) -> None:
    """Draw flowing bands, one over another."""
    light, soft, bright, deep, dark = colours
    random, pen = stage.random("bands"), stage.drawing.pen
    stage.drawing.gradient((light, soft))
    x, y = stage.composition.light
    pen.circle(x, y, 0.13, bright)
    pen.circle(x, y, 0.09, lighter(bright, 0.3))
    count = 7
    for k in range(count):
        share = k / (count - 1)
        tone = mix(mix(soft, deep, min(1.0, share * 1.7)), dark, max(0.0, share * 2 - 1))
        level = 0.74 - 0.68 * share
        ridge = stage.ridge(f"band {k}", level, 0.06 + 0.03 * random.random(), 4)
        pen.land(
            tuple((x, y + 0.012) for x, y in ridge), bright if k % 3 == 1 else lighter(tone, 0.25)
        )
        pen.land(ridge, tone)


def _discs(stage: Stage, colours: Colours) -> None:
    """Draw discs, rings and half discs on a ground of paper."""
    light, soft, bright, deep, dark = colours
    random, pen = stage.random("discs"), stage.drawing.pen
    stage.drawing.gradient((lighter(light, 0.5), light))
    x, size = stage.composition.x, 0.26 * stage.composition.room
    pen.circle(x, 0.55, size * 1.5, soft)
    pen.circle(x, 0.55, size, bright)
    for number in range(9):
        angle = random.uniform(0, 2 * math.pi)
        reach = random.uniform(0.26, 0.55)
        place = pen.at(
            x + reach * math.cos(angle),
            0.55 + reach * math.sin(angle),
            random.uniform(0.04, 0.13),
            turn=random.choice((0, 90, 180, 270)),
        )
        tone = (deep, soft, dark, bright)[number % 4]
        if number % 3 == 0:
            place.shape("-100,0 -100,0 -71,71 0,100 71,71 100,0 100,0", tone)
        elif number % 3 == 1:
            place.circle(0, 0, 1, tone)
            place.circle(0, 0, 0.62, lighter(light, 0.5))
        else:
            place.circle(0, 0, 0.8, (*tone, 200))
    for k in range(3):
        y = random.uniform(0.1, 0.9)
        pen.line(
            ((0.0, y), (stage.width, y + random.uniform(-0.3, 0.3))),
            0.004 + 0.002 * k,
            darker(dark, 0.2),
        )
    pen.box(stage.width / 2, -0.1, (stage.width, 0.1 + stage.horizon * 0.4), deep)
    pen.box(stage.width / 2, -0.1, (stage.width, 0.1 + stage.horizon * 0.2), dark)


def _ranges(stage: Stage, colours: Colours) -> None:
    """Draw mountains of paper, one behind another, under a large sun."""
    light, soft, bright, deep, dark = colours
    random, pen = stage.random("ranges"), stage.drawing.pen
    stage.drawing.gradient((soft, light), 1.0, 0.2)
    x, y = stage.composition.light
    stage.drawing.glow((x, y - 0.16), 0.5, lighter(bright, 0.5), 0.6)
    pen.circle(x, y - 0.16, 0.14, bright)
    for k in range(5):
        tone = mix(mix(light, deep, 0.35 + 0.16 * k), dark, max(0.0, k - 1) / 4)
        base = 0.50 - 0.12 * k
        points = [(-0.1, base)]
        while points[-1][0] < stage.width + 0.1:
            at = points[-1][0] + random.uniform(0.07, 0.2)
            points.append(
                (at, base + random.uniform(-0.02, 0.15) * (1 if len(points) % 2 else -0.2))
            )
        for (x0, y0), (x1, y1) in pairwise(points):
            shade = darker(tone, 0.12) if y1 < y0 else tone
            pen.polygon(((x0, y0), (x1, y1), (x1, -0.1), (x0, -0.1)), shade)
