"""Trees, flowers and other plants."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.scenes.colours import Colour, darker, lighter
from sandbox.scenes.drawing import numbers

if TYPE_CHECKING:
    from sandbox.scenes.drawing import Pen
    from sandbox.scenes.style import Style

_BARK = (104, 74, 60)
_SNOW = (244, 247, 252)
_LEAVES: dict[str, tuple[Colour, ...]] = {
    "spring": ((148, 192, 92), (244, 176, 196)),
    "summer": ((86, 146, 76), (108, 160, 74)),
    "autumn": ((222, 126, 48), (202, 84, 46), (232, 172, 62)),
    "winter": ((198, 210, 222),),
}


def leaves(season: str, number: int = 0) -> Colour:
    """Return a colour that leaves have; each number has its own."""
    return _LEAVES[season][number % len(_LEAVES[season])]


def tree(pen: Pen, style: Style) -> None:
    """Draw a broad tree; it is bare in winter."""
    crown = style.coloured(leaves(style.season))
    pen.taper("0,0 1,24 0,50", (0.15, 0.09, 0.07), _BARK)
    for x, y in ((-0.22, 0.62), (0.22, 0.64), (-0.10, 0.80), (0.10, 0.82)):
        pen.taper(((0.0, 0.34), (x * 0.5, 0.5), (x, y)), (0.06, 0.04, 0.012), _BARK)
    if style.snowy and style.colour is None:
        for x, y in ((-0.32, 0.74), (0.34, 0.76), (-0.24, 0.92), (0.24, 0.94), (0.02, 1.0)):
            pen.taper(((x * 0.4, 0.58), (x, y)), (0.035, 0.008), _BARK)
            pen.taper(((x * 0.62, 0.68), (x, y + 0.012)), (0.008, 0.022, 0.006), _SNOW)
        return
    for x, y, radius, tone in (
        (-0.26, 0.58, 0.19, 0.2),
        (0.26, 0.60, 0.19, 0.2),
        (0.0, 0.60, 0.24, 0.12),
        (-0.16, 0.78, 0.2, 0.05),
        (0.18, 0.76, 0.2, 0.1),
        (0.0, 0.86, 0.17, 0.0),
    ):
        pen.circle(x, y, radius, darker(crown, tone))
    for x, y, radius in ((-0.20, 0.82, 0.10), (-0.30, 0.62, 0.09), (-0.02, 0.92, 0.08)):
        pen.circle(x, y, radius, lighter(crown, 0.16))


def perch(pen: Pen, style: Style) -> None:
    """Draw a tree from near by: its trunk, and a branch to the right at 0.4 to sit on."""
    crown = style.coloured(leaves(style.season))
    pen.taper("-36,-60 -32,30 -38,90 -34,240", (0.24, 0.19, 0.17, 0.14), _BARK)
    pen.taper("-30,-60 -25,30 -30,90 -27,240", (0.06, 0.05, 0.04, 0.03), darker(_BARK, 0.3))
    pen.taper("-36,28 -8,36 30,39 76,45", (0.13, 0.08, 0.065, 0.012), _BARK)
    pen.taper("44,40 60,52 66,62", (0.035, 0.025, 0.008), _BARK)
    pen.taper("-36,74 -8,86 24,104", (0.09, 0.06, 0.02), _BARK)
    if style.snowy:
        pen.taper("-26,37 0,41 30,43 74,47", (0.01, 0.03, 0.03, 0.01), _SNOW)
        return
    places = (
        "-62,134,26 -30,140,28 2,132,24 -74,104,22 -44,110,26 -10,112,20 20,114,16 38,120,12 "
        "66,64,7 75,49,6 58,56,6"
    )
    for k, (x, y, size) in enumerate(numbers(places)):
        pen.circle(x, y, size, darker(crown, 0.16 - 0.07 * (k % 3)))
        pen.circle(x - size * 0.2, y + size * 0.25, size * 0.5, lighter(crown, 0.10))


def pine(pen: Pen, style: Style) -> None:
    """Draw a pine; snow lies on it in winter."""
    needles = style.coloured((62, 108, 86))
    pen.box(0, 0, (0.07, 0.2), _BARK)
    for level in range(4):
        low, half = 0.12 + level * 0.20, 0.30 - level * 0.055
        top = low + 0.34
        outline = (
            (-half, low),
            (-half * 0.4, low + 0.03),
            (0, low - 0.012),
            (half * 0.4, low + 0.03),
            (half, low),
            (0, top),
        )
        pen.polygon(outline, darker(needles, 0.18 - level * 0.06))
        pen.polygon(
            ((0, low - 0.012), (half * 0.4, low + 0.03), (half, low), (0, top)),
            darker(needles, 0.32 - level * 0.06),
        )
        if style.snowy:
            pen.polygon(
                (
                    (-half * 0.62, low + 0.125),
                    (-half * 0.2, low + 0.10),
                    (0, low + 0.14),
                    (half * 0.25, low + 0.10),
                    (half * 0.62, low + 0.125),
                    (0, top),
                ),
                _SNOW,
            )


def palm(pen: Pen, style: Style) -> None:
    """Draw a palm."""
    leaf = style.coloured((74, 142, 84))
    pen.taper("0,0 6,36 0,76", (0.075, 0.05, 0.045), (150, 108, 76))
    for k, (x, y) in enumerate(
        ((-0.40, 0.62), (0.40, 0.64), (-0.34, 0.86), (0.36, 0.88), (-0.12, 1.0), (0.14, 1.0))
    ):
        pen.taper(
            ((0, 0.76), (x * 0.6, 0.82 + (y - 0.76) * 0.8), (x, y)),
            (0.03, 0.085, 0.01),
            darker(leaf, 0.2 - 0.03 * k),
        )
    for x in (-0.03, 0.03):
        pen.circle(x, 0.735, 0.03, (122, 82, 54))


def cactus(pen: Pen, style: Style) -> None:
    """Draw a cactus with two arms."""
    green = style.coloured((84, 140, 92))
    pen.taper("-2,34 -24,36 -25,62", (0.11, 0.12, 0.11), darker(green, 0.14))
    pen.taper("2,46 22,48 23,74", (0.11, 0.11, 0.10), darker(green, 0.14))
    pen.taper("0,0 0,92", (0.19, 0.18), green)
    for x in (-0.045, 0.0, 0.045):
        pen.line(((x, 0.04), (x, 0.92)), 0.009, darker(green, 0.3))
    pen.circle(0.0, 1.0, 0.045, (238, 110, 140))


def flower(pen: Pen, style: Style) -> None:
    """Draw a single flower."""
    petal = style.coloured((236, 110, 140))
    _stem(pen, 0.76)
    for turn in range(0, 360, 45):
        pen.at(0, 0.80, turn=turn).ellipse(0, 0.14, (0.075, 0.12), darker(petal, (turn % 90) / 400))
    pen.circle(0, 0.80, 0.085, (250, 206, 84))
    pen.circle(-0.02, 0.82, 0.035, (255, 232, 150))


def sunflower(pen: Pen, style: Style) -> None:
    """Draw a sunflower."""
    petal = style.coloured((248, 196, 52))
    _stem(pen, 0.72)
    for turn in range(0, 360, 24):
        pen.at(0, 0.78, turn=turn).ellipse(0, 0.17, (0.042, 0.09), darker(petal, (turn % 48) / 200))
    pen.circle(0, 0.78, 0.13, (112, 72, 48))
    pen.circle(0, 0.78, 0.08, (84, 52, 42))


def tulip(pen: Pen, style: Style) -> None:
    """Draw a tulip."""
    petal = style.coloured((222, 70, 86))
    _stem(pen, 0.70)
    pen.shape(
        "-14,98 -14,98 -17,82 -10,68 0,65 10,68 17,82 14,98 14,98 7,86 7,86 "
        "0,100 0,100 -7,86 -7,86",
        petal,
    )
    pen.shape("0,65 10,68 17,82 14,98 14,98 7,80", darker(petal, 0.2))


def rose(pen: Pen, style: Style) -> None:
    """Draw a rose."""
    petal = style.coloured((204, 46, 66))
    _stem(pen, 0.68)
    for x, y, radius, tone in (
        (-0.10, 0.78, 0.12, 0.28),
        (0.10, 0.78, 0.12, 0.28),
        (0, 0.74, 0.13, 0.15),
        (0, 0.86, 0.13, 0.0),
        (0.0, 0.85, 0.08, 0.2),
        (0.015, 0.86, 0.045, 0.0),
    ):
        pen.circle(x, y, radius, darker(petal, tone))


def mushroom(pen: Pen, style: Style) -> None:
    """Draw a mushroom with white dots."""
    cap = style.coloured((208, 62, 52))
    pen.taper("0,6 0,56", (0.30, 0.20), (244, 232, 212))
    pen.ellipse(0.02, 0.50, (0.17, 0.035), (226, 208, 184))
    pen.shape("-50,50 -50,50 -42,78 -16,98 16,98 42,78 50,50 50,50 0,56", cap)
    for x, y, size in (
        (-0.26, 0.72, 0.07),
        (0.02, 0.84, 0.085),
        (0.28, 0.70, 0.06),
        (0.12, 0.64, 0.05),
        (-0.08, 0.62, 0.045),
    ):
        pen.ellipse(x, y, (size, size * 0.8), _SNOW)


def pumpkin(pen: Pen, style: Style) -> None:
    """Draw a pumpkin."""
    rind = style.coloured((232, 126, 42))
    for x, wide, tone in (
        (-0.34, 0.24, 0.3),
        (0.34, 0.24, 0.3),
        (-0.18, 0.28, 0.14),
        (0.18, 0.28, 0.14),
        (0, 0.24, 0.0),
    ):
        pen.ellipse(x, 0.40, (wide, 0.40), darker(rind, tone))
    pen.taper("0,76 3,90 14,97", (0.11, 0.07, 0.06), (96, 124, 66))


def _stem(pen: Pen, top: float) -> None:
    green = (92, 148, 78)
    pen.taper(((0, 0), (0.03, top * 0.5), (0, top)), (0.035, 0.032), green)
    for half, low in zip(pen.halves, (0.12, 0.26), strict=True):
        half.at(0, low).shape("-1,0 16,6 26,20 26,20 8,15", darker(green, 0.1))
