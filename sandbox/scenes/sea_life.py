"""What swims: it is drawn around the place where it is, or up from the water's surface."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.scenes.colours import INK, WHITE, darker, lighter

if TYPE_CHECKING:
    from sandbox.scenes.drawing import Pen
    from sandbox.scenes.style import Style


def whale(pen: Pen, style: Style) -> None:
    """Draw a whale at the surface, with its spout."""
    skin = style.coloured((66, 104, 150))
    belly = lighter(skin, 0.62)
    pen.taper("-30,20 -68,24 -86,50", (0.40, 0.20, 0.07), skin)
    pen.shape("-87,46 -92,66 -114,76 -114,76 -110,60 -94,48", skin)
    pen.shape("-86,46 -80,66 -62,78 -62,78 -64,60 -78,48", lighter(skin, 0.12))
    pen.shape("-56,34 -24,56 20,64 60,56 76,34 70,8 40,-8 -20,-6 -50,6", skin)
    pen.shape("75,28 70,7 40,-9 -10,-7 -36,2 -2,4 30,10 52,22", belly)
    for k in range(5):
        pen.taper(
            ((0.70 - k * 0.03, 0.20 - k * 0.045), (0.36 - k * 0.06, 0.075 - k * 0.03)),
            (0.012, 0.006),
            darker(belly, 0.3),
        )
    pen.taper("18,12 8,-4 -10,-10", (0.16, 0.14, 0.03), darker(skin, 0.22))
    pen.taper("-20,55 20,61 52,54", (0.01, 0.035, 0.01), lighter(skin, 0.25))
    pen.circle(0.50, 0.30, 0.036, WHITE)
    pen.circle(0.505, 0.30, 0.025, INK)
    for half in pen.at(0.22, 0).halves:
        half.taper("0,64 5,90 20,92 24,80", (0.04, 0.06, 0.06, 0.02), (226, 242, 250))


def dolphin(pen: Pen, style: Style) -> None:
    """Draw a dolphin that leaps."""
    skin = style.coloured((92, 132, 168))
    pen.taper("-62,-2 -50,34 -10,70 28,70 56,40", (0.05, 0.18, 0.32, 0.27, 0.10), skin)
    pen.taper("-42,30 -6,58 26,58 52,38", (0.02, 0.12, 0.13, 0.03), lighter(skin, 0.6))
    pen.taper("48,46 64,24", (0.12, 0.05), skin)
    pen.shape("-2,82 -16,102 -16,102 -30,96 -20,76", darker(skin, 0.2))
    pen.taper("16,58 2,36", (0.14, 0.03), darker(skin, 0.25))
    for end in ((-0.84, 0.0), (-0.52, -0.16)):
        pen.taper(((-0.60, 0.04), end), (0.07, 0.02), darker(skin, 0.2))
    pen.circle(0.43, 0.54, 0.025, INK)


def fish(pen: Pen, style: Style) -> None:
    """Draw a fish with stripes."""
    scales = style.coloured((242, 132, 52))
    fin = darker(scales, 0.2)
    pen.shape("-42,50 -74,86 -74,86 -66,50 -74,14 -74,14", fin)
    pen.shape("-24,74 -10,100 24,92 30,72", fin)
    pen.shape("-10,24 -12,0 16,10 20,26", fin)
    pen.shape("-50,50 -24,74 14,82 46,68 60,48 46,30 14,18 -24,26", scales)
    for x, high in ((0.16, 0.31), (-0.16, 0.25)):
        pen.taper(((x, 0.5 + high), (x + 0.05, 0.5), (x, 0.5 - high)), (0.05, 0.10, 0.05), WHITE)
    pen.taper("2,44 -14,34", (0.12, 0.16), fin)
    pen.circle(0.40, 0.56, 0.075, WHITE)
    pen.circle(0.415, 0.56, 0.046, INK)
    pen.taper("59,46 52,42 49,44", (0.018, 0.014), darker(scales, 0.5))


def shark(pen: Pen, style: Style) -> None:
    """Draw a shark."""
    skin = style.coloured((112, 132, 152))
    pen.shape("-74,50 -100,96 -100,96 -86,50 -96,20 -96,20", darker(skin, 0.15))
    pen.shape("-10,72 -14,106 -14,106 20,76", darker(skin, 0.2))
    pen.shape("-86,50 -30,72 30,78 74,64 90,50 60,30 10,24 -40,36", skin)
    pen.shape("84,46 60,30 10,24 -40,36 10,42 50,46", WHITE)
    pen.taper("22,34 2,4", (0.20, 0.03), darker(skin, 0.25))
    for k in range(3):
        pen.line(((0.36 - k * 0.06, 0.60), (0.34 - k * 0.06, 0.46)), 0.014, darker(skin, 0.4))
    pen.circle(0.62, 0.58, 0.03, INK)


def octopus(pen: Pen, style: Style) -> None:
    """Draw an octopus."""
    skin = style.coloured((206, 92, 104))
    for spread, tone in ((0.12, 0.24), (0.24, 0.12), (0.36, 0.0)):
        end = spread * 1.9
        arm = ((spread * 0.6, 0.46), (spread, 0.22), (end, 0.06), (end + 0.12, 0.16))
        for half in pen.halves:
            half.taper(arm, (0.15, 0.11, 0.08, 0.02), darker(skin, tone))
    pen.shape("-26,44 -32,74 -20,96 0,102 20,96 32,74 26,44 0,36", skin)
    for x, y, size in ((-0.14, 0.86, 0.04), (0.04, 0.92, 0.03), (0.16, 0.84, 0.045)):
        pen.circle(x, y, size, lighter(skin, 0.25))
    for half in pen.halves:
        half.circle(0.11, 0.60, 0.075, WHITE)
        half.circle(0.1, 0.59, 0.042, INK)


def jellyfish(pen: Pen, style: Style) -> None:
    """Draw a jellyfish."""
    skin = style.coloured((214, 150, 214))
    for k in range(6):
        x = -0.20 + k * 0.08
        pen.taper(
            ((x, 0.56), (x + 0.05, 0.36), (x - 0.04, 0.18), (x + 0.03, 0.0)),
            (0.04, 0.035, 0.02),
            (*lighter(skin, 0.2), 190),
        )
    pen.shape("-36,56 -36,56 -34,80 -16,98 16,98 34,80 36,56 36,56 18,60 0,55 -18,60", (*skin, 235))
    pen.shape("-24,70 -20,86 -6,94 -12,80", lighter(skin, 0.5))


def turtle(pen: Pen, style: Style) -> None:
    """Draw a turtle."""
    shell, skin = style.coloured((86, 128, 78)), (150, 176, 96)
    for x in (-0.34, 0.30):
        pen.taper(((x, 0.30), (x - 0.04, 0.06)), (0.20, 0.17), skin)
    pen.taper("-50,26 -66,20", (0.10, 0.02), skin)
    pen.taper("44,34 62,56", (0.20, 0.17), skin)
    pen.ellipse(0.68, 0.62, (0.17, 0.13), skin, 10)
    pen.circle(0.74, 0.66, 0.032, INK)
    pen.shape("-60,24 -60,24 -50,62 -20,86 14,86 44,62 54,24 54,24", shell)
    for x, y, size in ((-0.30, 0.48, 0.13), (0.0, 0.58, 0.15), (0.28, 0.46, 0.12)):
        pen.at(x, y, turn=30 * x).polygon(
            [
                (size * c, size * s)
                for c, s in (
                    (1, 0),
                    (0.5, 0.87),
                    (-0.5, 0.87),
                    (-1, 0),
                    (-0.5, -0.87),
                    (0.5, -0.87),
                )
            ],
            lighter(shell, 0.25),
        )
    pen.taper("-60,24 54,24", (0.09, 0.09), darker(shell, 0.25))


def frog(pen: Pen, style: Style) -> None:
    """Draw a frog."""
    skin = style.coloured((104, 172, 78))
    for half in pen.halves:
        half.shape("20,6 30,44 52,40 56,10 40,2", darker(skin, 0.18))
        half.ellipse(0.42, 0.03, (0.20, 0.05), darker(skin, 0.1))
    pen.shape("0,0 -28,8 -34,40 -20,66 20,66 34,40 28,8", skin)
    pen.ellipse(0, 0.26, (0.21, 0.24), lighter(skin, 0.6))
    pen.ellipse(0, 0.68, (0.38, 0.23), skin)
    for half in pen.halves:
        half.taper("20,36 17,5", (0.10, 0.08), skin)
        half.ellipse(0.18, 0.03, (0.11, 0.04), skin)
        half.circle(0.22, 0.86, 0.14, skin)
        half.circle(0.22, 0.87, 0.10, WHITE)
        half.circle(0.21, 0.87, 0.06, INK)
    pen.taper("-26,64 0,56 26,64", (0.02, 0.03, 0.02), darker(skin, 0.5))
