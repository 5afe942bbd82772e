"""Things that lie on a table or are carried, and a dragon."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.scenes.colours import INK, WHITE, darker, lighter

if TYPE_CHECKING:
    from sandbox.scenes.drawing import Pen
    from sandbox.scenes.style import Style


def dragon(pen: Pen, style: Style) -> None:
    """Draw a dragon with wings and a breath of fire."""
    scales = style.coloured((78, 142, 92))
    belly, wing = lighter(scales, 0.55), darker(scales, 0.3)
    pen.shape(
        "-2,46 -10,80 -34,110 -34,110 -44,82 -44,82 -58,80 -58,80 -50,58 -28,44", darker(wing, 0.25)
    )
    pen.taper("-20,24 -56,12 -88,16 -98,38", (0.28, 0.18, 0.10, 0.03), scales)
    pen.polygon("-98,34 -108,42 -98,56 -90,40", wing)
    for x in (-0.14, 0.18):
        pen.taper(
            ((x, 0.26), (x + 0.03, 0.10), (x + 0.02, 0.03)), (0.17, 0.10, 0.10), darker(scales, 0.2)
        )
        pen.ellipse(x + 0.05, 0.025, (0.10, 0.03), darker(scales, 0.3))
    pen.taper("-32,28 -2,34 28,44 38,70 54,86", (0.24, 0.44, 0.30, 0.18, 0.15), scales)
    pen.taper("-10,20 16,26 36,46 46,70", (0.04, 0.16, 0.12, 0.05), belly)
    for x, y in ((-0.36, 0.40), (-0.20, 0.50), (0.20, 0.62), (0.26, 0.76), (0.36, 0.90)):
        pen.polygon(((x - 0.06, y - 0.03), (x - 0.05, y + 0.10), (x + 0.06, y)), wing)
    pen.shape("10,44 10,80 -6,122 -6,122 -22,92 -22,92 -38,90 -38,90 -34,68 -34,68 -22,50", wing)
    for end in ((-0.22, 0.92), (-0.38, 0.90), (-0.06, 1.22)):
        pen.taper(((0.06, 0.46), end), (0.04, 0.012), darker(wing, 0.3))
    for x in (0.46, 0.53):
        pen.taper(((x, 0.94), (x - 0.12, 1.08)), (0.05, 0.01), (240, 226, 190))
    pen.shape("42,90 54,100 68,96 86,88 88,80 70,76 50,76", scales)
    pen.taper("66,80 86,81", (0.012, 0.012), darker(scales, 0.5))
    pen.circle(0.83, 0.87, 0.014, INK)
    pen.ellipse(0.61, 0.91, (0.034, 0.03), (246, 206, 70))
    pen.ellipse(0.615, 0.91, (0.012, 0.026), INK)
    fire = pen.shining
    fire.shape("90,81 110,88 134,84 120,76 130,68 108,72", (244, 132, 44))
    fire.shape("92,80.5 106,83 120,79 108,76", (255, 226, 120))


def umbrella(pen: Pen, style: Style) -> None:
    """Draw an open umbrella, held by its handle at the bottom."""
    cloth = style.coloured((206, 62, 66))
    pen.line("0,2 0,90", 0.03, (92, 72, 64))
    pen.taper("0,4 5,-4 11,3", (0.035, 0.035), (92, 72, 64))
    pen.shape(
        "-62,54 -62,54 -52,78 -26,96 0,100 26,96 52,78 62,54 62,54 42,60 21,54 "
        "21,54 0,60 -21,54 -21,54 -42,60",
        cloth,
    )
    pen.shape("-21,54 -21,54 -14,84 0,100 0,100 14,84 21,54 21,54 0,60", lighter(cloth, 0.18))


def lantern(pen: Pen, style: Style) -> None:
    """Draw a lantern that is lit."""
    metal = style.coloured((74, 66, 76))
    pen.taper("-16,80 0,100 16,80", (0.03, 0.03), metal)
    pen.box(0, 0.0, (0.52, 0.10), metal)
    pen.shining.box(0, 0.10, (0.42, 0.56), (255, 220, 130))
    pen.shining.shape("-9,14 -7,36 0,54 0,54 7,36 9,14", (250, 150, 60))
    for x in (-0.21, 0.0, 0.21):
        pen.box(x, 0.10, (0.035, 0.56), metal)
    pen.polygon("-32,66 32,66 16,82 -16,82", metal)


def campfire(pen: Pen, style: Style) -> None:
    """Draw a fire of logs."""
    flame = style.coloured((244, 128, 42))
    fire = pen.shining
    fire.shape("-30,12 -34,42 -16,62 -14,84 0,100 0,100 20,66 32,42 26,12", flame)
    fire.shape("-18,12 -18,34 -4,52 2,70 2,70 16,40 16,12", (252, 190, 72))
    fire.shape("-9,12 -7,28 2,42 2,42 9,24 8,12", (255, 240, 180))
    for half in pen.halves:
        half.taper("-46,4 44,20", (0.13, 0.11), (104, 70, 52))
        half.circle(0.45, 0.20, 0.05, (180, 134, 92))


def cup(pen: Pen, style: Style) -> None:
    """Draw a cup with something hot in it."""
    china = style.coloured((232, 226, 214))
    pen.ellipse(0, 0.07, (0.66, 0.09), darker(china, 0.14))
    pen.taper("36,54 62,52 52,26 30,24", (0.08, 0.07, 0.08), china)
    pen.shape("-42,66 -42,66 -40,34 -24,10 24,10 40,34 42,66 42,66", china)
    pen.polygon("14,10 24,10 40,34 42,64 24,62", (*darker(china, 0.8), 36))
    pen.ellipse(0, 0.66, (0.42, 0.09), lighter(china, 0.4))
    pen.ellipse(0, 0.65, (0.36, 0.065), (124, 78, 50))
    for x in (-0.16, 0.0, 0.16):
        pen.taper(
            ((x, 0.76), (x + 0.06, 0.88), (x - 0.04, 1.0), (x + 0.03, 1.12)),
            (0.01, 0.05, 0.04, 0.005),
            (*WHITE, 150),
        )


def teapot(pen: Pen, style: Style) -> None:
    """Draw a teapot."""
    china = style.coloured((84, 140, 160))
    pen.taper("-34,60 -74,56 -66,24 -34,22", (0.08, 0.09, 0.08), china)
    pen.taper("36,30 62,44 78,74", (0.22, 0.13, 0.09), darker(china, 0.12))
    pen.ellipse(0, 0.40, (0.48, 0.38), china)
    pen.ellipse(0, 0.05, (0.28, 0.05), darker(china, 0.25))
    pen.ellipse(0, 0.76, (0.26, 0.07), darker(china, 0.18))
    pen.circle(0, 0.88, 0.07, darker(china, 0.25))
    pen.ellipse(-0.18, 0.54, (0.10, 0.16), lighter(china, 0.3), 30)


def apple(pen: Pen, style: Style) -> None:
    """Draw an apple."""
    skin = style.coloured((206, 58, 54))
    pen.shape("0,74 -20,84 -42,74 -46,44 -30,10 -12,2 0,6 12,2 30,10 46,44 42,74 20,84", skin)
    pen.ellipse(-0.24, 0.56, (0.08, 0.15), lighter(skin, 0.4), 15)
    pen.taper("0,72 4,98", (0.05, 0.04), (104, 70, 52))
    pen.shape("5,86 20,100 38,98 38,98 24,86", (98, 156, 76))


def book(pen: Pen, style: Style) -> None:
    """Draw an open book."""
    cover = style.coloured((150, 62, 66))
    for half, light in zip(pen.halves, (0.2, 0.0), strict=True):
        half.polygon("0,10 86,22 86,74 0,60", cover)
        half.shape(
            "0,16 0,16 40,34 80,28 80,28 80,78 80,78 40,84 0,66 0,66",
            lighter((238, 228, 206), light),
        )
        for k in range(4):
            half.at(0, k * 0.09).taper("10,35 40,44 70,40", (0.014, 0.014), (150, 140, 130))


def heart(pen: Pen, style: Style) -> None:
    """Draw a heart."""
    red = style.coloured((212, 52, 72))
    pen.shape("0,0 0,0 -34,34 -50,66 -42,92 -20,98 0,80 0,80 20,98 42,92 50,66 34,34", red)
    pen.ellipse(-0.27, 0.76, (0.07, 0.13), lighter(red, 0.45), -30)
