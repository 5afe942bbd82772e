"""Animals that stand on four legs, seen from the side; they look to the right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.scenes.colours import INK, WHITE, Colour, darker, lighter, mix
from sandbox.scenes.drawing import points_of

if TYPE_CHECKING:
    from sandbox.scenes.drawing import Pen
    from sandbox.scenes.style import Style

_FRONT = points_of("22,50 23,26 22,4")
_HIND = points_of("-27,54 -33,30 -28,20 -29,4")


def horse(pen: Pen, style: Style) -> None:
    """Draw a horse with a mane and a long tail."""
    coat = style.coloured((150, 92, 58))
    _horse(pen, coat, darker(coat, 0.55) if style.colour != WHITE else (210, 206, 200))


def unicorn(pen: Pen, style: Style) -> None:
    """Draw a unicorn: a white horse with a horn and a pink mane."""
    _horse(pen, style.coloured((244, 240, 246)), (226, 140, 196))
    pen.polygon("44.5,96.5 50,93 60,116", (244, 204, 104))


def zebra(pen: Pen, style: Style) -> None:
    """Draw a zebra: a striped horse."""
    _horse(pen, style.coloured((240, 238, 232)), INK)
    for x in (-0.24, -0.15, -0.06, 0.03, 0.12):
        pen.taper(((x, 0.74), (x + 0.02, 0.60), (x - 0.01, 0.48)), (0.012, 0.042, 0.006), INK)
    for k in range(4):
        x, y = 0.22 + k * 0.05, 0.64 + k * 0.08
        pen.taper(((x - 0.05, y + 0.06), (x + 0.07, y - 0.02)), (0.035, 0.005), INK)


def deer(pen: Pen, style: Style) -> None:
    """Draw a deer with antlers."""
    coat = style.coloured((168, 108, 66))
    _legs(pen, coat, 0.052, darker(coat, 0.5))
    pen.ellipse(-0.335, 0.66, (0.035, 0.065), WHITE, 25)
    pen.shape("-34,62 -24,72 0,69 20,72 30,60 20,47 0,46 -24,47", coat)
    pen.shape("-10,47 12,51 28,56 20,47 0,46", lighter(coat, 0.5))
    pen.taper("19,58 30,74 34,87", (0.24, 0.14, 0.11), coat)
    pen.ellipse(0.33, 0.68, (0.05, 0.10), lighter(coat, 0.4), -20)
    for turn, tone in ((-38, darker(coat, 0.2)), (38, coat)):
        pen.at(0.34, 0.93, turn=turn).ellipse(0, 0.06, (0.032, 0.075), tone)
    pen.shape("28,90 36,95.5 44,91 55,83 55,79 48,78 36,80", coat)
    pen.circle(0.545, 0.815, 0.022, INK)
    pen.circle(0.415, 0.89, 0.017, INK)
    antler = (226, 204, 170)
    for half in pen.at(0.35, 0.94).halves:
        half.taper("2,0 15,12 13,30", (0.035, 0.028, 0.01), antler)
        half.taper("12,10 24,22", (0.024, 0.008), antler)
        half.taper("7,5 3,19", (0.022, 0.008), antler)


def cow(pen: Pen, style: Style) -> None:
    """Draw a cow with dark patches, horns and an udder."""
    coat = style.coloured(WHITE)
    patch = (70, 58, 60) if style.colour is None else darker(coat, 0.5)
    pen.taper("-40,68 -47,50 -45,32", (0.03, 0.025, 0.05), patch)
    _legs(pen, coat, 0.085, patch)
    pen.ellipse(-0.14, 0.38, (0.08, 0.06), (240, 176, 176))
    pen.shape("-42,70 -34,80 0,78 28,80 36,64 28,42 0,38 -34,42", coat)
    pen.shape("-30,78 -14,79 -10,66 -24,54 -34,64", patch)
    pen.shape("6,62 18,66 22,52 10,44 2,52", patch)
    pen.taper("26,66 44,80", (0.28, 0.20), coat)
    for half in pen.at(0.46, 0).halves:
        half.taper("3,92 10,100", (0.04, 0.01), (226, 204, 170))
    pen.ellipse(0.37, 0.86, (0.085, 0.04), patch, -20)
    pen.taper("44,86 58,70", (0.20, 0.15), coat)
    pen.ellipse(0.60, 0.685, (0.095, 0.075), (240, 186, 180), -40)
    pen.circle(0.62, 0.70, 0.014, INK)
    pen.circle(0.50, 0.85, 0.022, INK)


def sheep(pen: Pen, style: Style) -> None:
    """Draw a sheep: a cloud of wool."""
    wool, face = style.coloured((246, 242, 232)), (72, 62, 66)
    small = pen.at(0, 0, 1.0)
    for x in (-0.22, -0.10, 0.14, 0.25):
        small.taper(((x, 0.34), (x, 0.04)), (0.075, 0.065), face)
    curls = (
        (-0.34, 0.52),
        (-0.26, 0.72),
        (-0.08, 0.82),
        (0.12, 0.80),
        (0.28, 0.68),
        (0.32, 0.50),
        (0.2, 0.36),
        (0.0, 0.32),
        (-0.2, 0.36),
    )
    for x, y in curls:
        small.circle(x, y, 0.14, wool)
    small.ellipse(0, 0.56, (0.32, 0.24), wool)
    small.shape("-30,42 0,36 30,44 20,28 0,24 -20,28", (*darker(wool, 0.5), 60))
    small.ellipse(0.30, 0.74, (0.09, 0.035), face, -25)
    small.ellipse(0.42, 0.70, (0.115, 0.155), face, 18)
    small.circle(0.40, 0.84, 0.09, wool)
    small.circle(0.45, 0.74, 0.028, WHITE)
    small.circle(0.455, 0.74, 0.016, INK)


def elephant(pen: Pen, style: Style) -> None:
    """Draw an elephant: a trunk, a tusk, large ears."""
    skin = style.coloured((138, 146, 166))
    dark = darker(skin, 0.18)
    pen.taper("-48,62 -55,46 -53,32", (0.035, 0.025, 0.05), dark)
    for x, tone in ((-0.20, dark), (0.14, dark), (-0.33, skin), (0.26, skin)):
        pen.taper(((x, 0.45), (x, 0.07)), (0.20, 0.17), tone)
        pen.ellipse(x, 0.035, (0.09, 0.035), lighter(tone, 0.35))
    pen.shape("-50,58 -42,82 -10,90 22,86 38,66 30,38 -5,33 -42,36", skin)
    pen.taper("50,66 68,46 66,22 78,16", (0.22, 0.13, 0.09, 0.06), skin)
    pen.ellipse(0.43, 0.76, (0.21, 0.20), skin)
    pen.taper("52,58 62,50 74,54", (0.05, 0.04, 0.01), WHITE)
    pen.shape("30,90 10,92 4,70 14,52 30,58 36,74", dark)
    pen.shape("27,86 14,87 10,70 17,58 27,62 31,74", mix(dark, (230, 160, 160), 0.3))
    pen.circle(0.51, 0.79, 0.025, INK)
    pen.circle(0.518, 0.797, 0.008, WHITE)


def giraffe(pen: Pen, style: Style) -> None:
    """Draw a giraffe: a long neck with patches."""
    coat, patch = style.coloured((240, 194, 110)), (170, 104, 58)
    for x in (-0.20, -0.12, 0.10, 0.17):
        pen.taper(((x, 0.40), (x, 0.03)), (0.055, 0.04), coat if x in (-0.2, 0.17) else patch)
    pen.shape("-26,42 -18,50 14,56 22,44 14,34 -18,33", coat)
    pen.taper("13,46 24,70 29,90", (0.17, 0.10, 0.08), coat)
    for x, y, size in (
        (-0.16, 0.42, 0.05),
        (-0.04, 0.45, 0.055),
        (0.08, 0.44, 0.055),
        (0.17, 0.56, 0.04),
        (0.21, 0.66, 0.034),
        (0.245, 0.75, 0.028),
        (0.02, 0.37, 0.03),
        (-0.12, 0.36, 0.03),
        (0.275, 0.83, 0.022),
    ):
        pen.ellipse(x, y, (size, size * 0.8), patch, 60 * x * 10)
    for x in (0.26, 0.31):
        pen.line(((x, 0.93), (x - 0.01, 1.0)), 0.016, patch)
        pen.circle(x - 0.01, 1.0, 0.016, patch)
    pen.ellipse(0.235, 0.93, (0.045, 0.02), coat, -20)
    pen.shape("24,90 28,95.5 34,94 42,87 41,84 34,84.5", coat)
    pen.circle(0.405, 0.86, 0.022, lighter(coat, 0.5))
    pen.circle(0.315, 0.91, 0.012, INK)


def camel(pen: Pen, style: Style) -> None:
    """Draw a camel with its hump."""
    coat = style.coloured((206, 156, 96))
    _legs(pen, coat, 0.065, darker(coat, 0.3))
    pen.shape("-36,58 -26,70 -14,86 0,94 10,84 24,68 34,60 24,46 0,45 -26,46", coat)
    pen.taper("28,58 44,54 50,72 50,88", (0.17, 0.13, 0.10, 0.09), coat)
    pen.shape("44,86 48,95 56,95 68,88 66,83 56,83", coat)
    pen.ellipse(0.46, 0.95, (0.022, 0.035), darker(coat, 0.2))
    pen.circle(0.55, 0.905, 0.016, INK)
    pen.shape("-14,86 0,95 10,85 7,66 -10,66", (*(196, 62, 70), 255))
    pen.box(-0.01, 0.68, (0.16, 0.03), (244, 204, 104))


def _horse(pen: Pen, coat: Colour, hair: Colour) -> None:
    pen.taper("-33,66 -46,60 -47,38 -53,24", (0.05, 0.10, 0.11, 0.01), hair)
    _legs(pen, coat, 0.062, hair)
    pen.shape("-37,62 -29,73.5 -12,72 6,69 22,73 32,62 26,49 4,46 -20,49 -32,50", coat)
    pen.shape("-30,52 0,52 28,54 22,46 0,44 -22,47", (*darker(coat, 0.6), 60))
    pen.shape("12,71 22,84 30,99 40,93 39,80 34,58 22,52", coat)
    pen.shape("10,73 14,86 24,98 38,102 34,92 27,84 22,72", hair)
    pen.polygon("33,97 36.5,107 41,97", coat)
    pen.shape("29,95 40,98.5 47,92 59,77 59,72 54,70 49,73 38,82", coat)
    pen.circle(0.565, 0.735, 0.03, darker(coat, 0.25))
    pen.circle(0.435, 0.905, 0.02, INK)
    pen.taper("36,100 42,97 43,92", (0.02, 0.05, 0.01), hair)


def _legs(pen: Pen, coat: Colour, width: float, hoof: Colour) -> None:
    for shift, tone in ((0.12, darker(coat, 0.25)), (0.0, coat)):
        for leg, way in ((_FRONT, -1.0), (_HIND, 1.0)):
            moved = pen.at(shift * way, 0)
            moved.taper(leg, (width * 1.9, width * 1.1, width), tone)
            x, y = leg[-1]
            near, far = x - width * 0.55, x + width * 0.8
            moved.polygon(((near, y), (x + width * 0.5, y), (far, 0.0), (near, 0.0)), hoof)
