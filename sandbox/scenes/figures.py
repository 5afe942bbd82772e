"""People, and what walks like them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sandbox.scenes.colours import INK, Colour, darker, lighter

if TYPE_CHECKING:
    from sandbox.scenes.drawing import Pen
    from sandbox.scenes.style import Style

_METAL = (150, 166, 182)


def man(pen: Pen, style: Style) -> None:
    """Draw a man in a coat and a scarf."""
    coat = style.coloured((64, 92, 132))
    _trousers(pen, (70, 64, 82))
    _arms(pen, darker(coat, 0.14), style.skin)
    pen.shape("-15,24 -15,24 -16.5,50 -14,74 0,80 14,74 16.5,50 15,24 15,24", coat)
    pen.polygon("2,24 15,24 15,60 5,72", (*darker(coat, 0.8), 50))
    _head(pen, style.skin)
    pen.shape("-10,90 -10.5,95 -5,100 5,100.5 10.5,95 10,89 6,93.5 -6,93.5", style.hair)
    pen.taper("-8.5,78.5 0,76.5 8.5,78.5", (0.05, 0.06, 0.05), (206, 84, 66))
    pen.taper("-5,77 -7.5,62", (0.06, 0.055), (206, 84, 66))


def woman(pen: Pen, style: Style) -> None:
    """Draw a woman in a long dress."""
    dress = style.coloured((196, 66, 84))
    pen.shape("-12,96 -15,80 -14,60 14,60 15,80 12,96 0,102", style.hair)
    for x in (-0.05, 0.05):
        pen.line(((x, 0.12), (x, 0.03)), 0.045, style.skin)
        pen.ellipse(x + 0.012, 0.018, (0.045, 0.02), darker(dress, 0.4))
    _arms(pen, darker(dress, 0.14), style.skin)
    pen.shape("-24,9 -24,9 -15,36 -8.5,54 -11.5,72 0,79 11.5,72 8.5,54 15,36 24,9 24,9 0,7", dress)
    pen.shape("5,8 24,9 24,9 15,36 8.5,54 5,50", (*darker(dress, 0.8), 50))
    pen.taper("-8.5,54.5 8.5,54.5", (0.03, 0.03), darker(dress, 0.35))
    _head(pen, style.skin)
    pen.shape("-11,84 -11.5,94 0,100.5 11.5,94 11,84 8,92.5 0,94.5 -7,93", style.hair)


def child(pen: Pen, style: Style) -> None:
    """Draw a child in boots and a hood."""
    coat = style.coloured((240, 190, 62))
    for x in (-0.075, 0.075):
        pen.line(((x, 0.25), (x, 0.10)), 0.09, (72, 84, 120))
        pen.taper(((x, 0.11), (x + 0.015, 0.035)), (0.11, 0.12), (196, 66, 62))
    for half in pen.halves:
        half.taper("14,52 25,34", (0.11, 0.09), darker(coat, 0.12))
        half.circle(0.26, 0.31, 0.045, style.skin)
    pen.shape("-20,22 -20,22 -17,44 -12,60 12,60 17,44 20,22 20,22", coat)
    pen.circle(0, 0.76, 0.23, coat)
    pen.circle(0, 0.75, 0.17, style.skin)
    pen.shape("-16,80 -10,90 10,90 16,80 2,84", style.hair)
    _face(pen.at(0, 0.74, 0.065))
    for y in (0.34, 0.44):
        pen.circle(0, y, 0.018, darker(coat, 0.4))


def wizard(pen: Pen, style: Style) -> None:
    """Draw a wizard, or a witch: a pointed hat, a long robe, a staff."""
    robe = style.coloured((86, 74, 150))
    pen.line("27,0 27,80", 0.022, (126, 84, 58))
    pen.shining.circle(0.27, 0.83, 0.045, (150, 230, 240))
    pen.shape("-22,0 -22,0 -15,34 -11,62 0,68 11,62 15,34 22,0 22,0", robe)
    pen.shape("2,0 22,0 22,0 15,34 11,62 5,50", (*darker(robe, 0.8), 50))
    for half in pen.halves:
        half.taper("9,60 19,46 26,44", (0.09, 0.10, 0.10), darker(robe, 0.15))
        half.circle(0.275, 0.44, 0.03, style.skin)
    pen.circle(0, 0.72, 0.085, style.skin)
    pen.shape("-8.5,72 -6,60 0,48 0,48 6,60 8.5,72 0,68", (232, 232, 236))
    _face(pen.at(0, 0.735, 0.034))
    pen.taper("-18,76 0,77.5 18,77", (0.03, 0.05, 0.03), darker(robe, 0.2))
    pen.shape("-10,77 -10,77 -4,92 7,106 7,106 5,92 10,77 10,77", robe)
    for x, y in ((-0.02, 0.86), (0.04, 0.81), (-0.08, 0.3), (0.05, 0.18), (-0.03, 0.1)):
        pen.circle(x, y, 0.012, (246, 214, 110))


def queen(pen: Pen, style: Style) -> None:
    """Draw somebody with a crown."""
    woman(pen, replace(style, colour=style.coloured((120, 74, 160))))
    pen.polygon("-9,97 -10,108 -5,102 0,109 5,102 10,108 9,97", (246, 204, 84))
    pen.circle(0, 1.0, 0.016, (206, 62, 66))


def knight(pen: Pen, style: Style) -> None:
    """Draw a knight with a shield."""
    cloth = style.coloured((186, 58, 56))
    _trousers(pen, darker(_METAL, 0.2))
    pen.line("30,30 30,98", 0.03, lighter(_METAL, 0.4))
    pen.line("23,44 37,44", 0.025, (226, 174, 62))
    pen.taper("-12,71 -20,52 -19,38", (0.085, 0.075, 0.065), _METAL)
    pen.box(0, 0.30, (0.28, 0.46), _METAL)
    pen.polygon("-14,24 14,24 11,74 -11,74", cloth)
    pen.box(0, 0.47, (0.29, 0.035), (104, 74, 58))
    pen.taper("13,72 22,54 30,42", (0.09, 0.08, 0.07), _METAL)
    pen.circle(0, 0.88, 0.115, _METAL)
    pen.box(0, 0.78, (0.19, 0.08), darker(_METAL, 0.15))
    pen.box(0.02, 0.87, (0.16, 0.035), INK)
    pen.taper("0,98 -8,108 -20,100", (0.04, 0.08, 0.02), cloth)
    pen.shape("-36,60 -36,60 -12,60 -12,60 -13,40 -24,26 -24,26 -35,40", cloth)
    pen.line("-24,30 -24,58", 0.03, (246, 214, 110))
    pen.line("-34,49 -14,49", 0.03, (246, 214, 110))


def astronaut(pen: Pen, style: Style) -> None:
    """Draw an astronaut."""
    suit = style.coloured((236, 238, 242))
    pen.box(0, 0.34, (0.44, 0.42), darker(suit, 0.35))
    for half in pen.halves:
        half.taper("9,32 11,6", (0.17, 0.15), suit)
        half.taper("11,6 14,4.5", (0.16, 0.14), darker(suit, 0.4))
        half.taper("18,58 29,44 27,30", (0.14, 0.13, 0.11), darker(suit, 0.08))
        half.circle(0.265, 0.27, 0.06, (226, 122, 58))
    pen.shape("-17,26 -20,50 -14,66 14,66 20,50 17,26", suit)
    pen.box(0, 0.40, (0.17, 0.11), darker(suit, 0.25))
    for k, colour in enumerate(((206, 66, 58), (88, 170, 90), (246, 206, 70))):
        pen.circle(-0.05 + k * 0.05, 0.455, 0.016, colour)
    pen.circle(0, 0.80, 0.20, suit)
    pen.ellipse(0, 0.80, (0.15, 0.125), (54, 70, 112))
    pen.shape("-10,80 -8,88 0,90 -5,84", (150, 190, 226))


def robot(pen: Pen, style: Style) -> None:
    """Draw a robot with glowing eyes."""
    metal = style.coloured(_METAL)
    dark = darker(metal, 0.35)
    pen.line("0,94 0,104", 0.018, dark)
    pen.shining.circle(0, 1.06, 0.034, (246, 96, 80))
    for half in pen.halves:
        half.line("10,28 10,8", 0.075, dark)
        half.shape("2,0 2,0 3,8 12,10 21,6 21,0 21,0", metal)
    pen.taper("-20,54 -31,42 -29,28", (0.06, 0.06, 0.06), dark)
    pen.circle(-0.29, 0.25, 0.055, metal)
    pen.taper("20,54 32,44 37,54", (0.06, 0.06, 0.06), dark)
    pen.shape("-20,25 -22,27 -22,56 -19,60 19,60 22,56 22,27 20,25", metal)
    pen.polygon("8,25 21,25 22,56 12,59", (*darker(metal, 0.8), 46))
    pen.circle(0.37, 0.57, 0.055, metal)
    pen.box(-0.02, 0.36, (0.24, 0.15), darker(metal, 0.5))
    for k, high in enumerate((0.05, 0.10, 0.07, 0.12)):
        pen.shining.box(-0.10 + k * 0.052, 0.375, (0.03, high), (112, 226, 200))
    pen.box(0, 0.59, (0.12, 0.06), dark)
    for half in pen.halves:
        half.circle(0.22, 0.79, 0.055, dark)
    pen.shape("-22,64 -23,68 -23,90 -19,95 19,95 23,90 23,68 22,64", lighter(metal, 0.18))
    pen.shape("-18,70 -18,90 18,90 18,70", (50, 58, 80))
    for half in pen.halves:
        half.circle(0.09, 0.82, 0.052, (112, 226, 240))
        half.circle(0.09, 0.82, 0.026, (236, 254, 255))
    pen.taper("-6,74.5 0,73 6,74.5", (0.016, 0.016), (112, 226, 240))


def snowman(pen: Pen, style: Style) -> None:
    """Draw a snowman."""
    snow = style.coloured((246, 248, 252))
    for half in pen.halves:
        half.taper("16,52 40,66", (0.025, 0.015), (104, 74, 58))
        half.taper("32,61 36,74", (0.018, 0.01), (104, 74, 58))
    for y, radius in ((0.23, 0.25), (0.54, 0.19), (0.80, 0.14)):
        pen.circle(0, y, radius, snow)
        pen.ellipse(
            radius * 0.34, y - radius * 0.1, (radius * 0.6, radius * 0.8), (*darker(snow, 0.6), 26)
        )
    pen.taper("-12,68 0,65.5 12,68", (0.06, 0.07, 0.06), (206, 62, 58))
    pen.taper("7,66 12,50", (0.06, 0.06), (206, 62, 58))
    for half in pen.halves:
        half.circle(0.05, 0.84, 0.018, INK)
    pen.polygon("0,81.5 17,78 0,77.5", (240, 140, 50))
    for y in (0.48, 0.57):
        pen.circle(0, y, 0.02, INK)
    pen.box(0, 0.90, (0.32, 0.03), (58, 54, 68))
    pen.box(0, 0.92, (0.20, 0.18), (58, 54, 68))
    pen.box(0, 0.93, (0.20, 0.04), (206, 62, 58))


def ghost(pen: Pen, style: Style) -> None:
    """Draw a ghost."""
    sheet = style.coloured((240, 242, 248))
    pen.shape(
        "-32,4 -30,50 -24,84 0,100 24,84 30,50 32,4 20,12 10,2 0,12 -10,2 -20,12", (*sheet, 232)
    )
    for half in pen.halves:
        half.ellipse(0.09, 0.74, (0.04, 0.062), INK)
    pen.ellipse(0, 0.58, (0.045, 0.06), INK)


def _trousers(pen: Pen, colour: Colour) -> None:
    for x in (-0.065, 0.065):
        pen.taper(((x, 0.36), (x * 1.1, 0.05)), (0.12, 0.085), colour)
        pen.ellipse(x * 1.1 + 0.02, 0.022, (0.068, 0.026), INK)


def _arms(pen: Pen, sleeve: Colour, hand: Colour) -> None:
    """Draw both arms; the right one is bent, so that it can hold something."""
    pen.taper("-12,71 -20,52 -19,38", (0.085, 0.075, 0.065), sleeve)
    pen.circle(-0.19, 0.35, 0.034, hand)
    pen.taper("12,71 22,56 30,60", (0.085, 0.075, 0.065), sleeve)
    pen.circle(0.30, 0.60, 0.034, hand)


def _head(pen: Pen, skin: Colour) -> None:
    pen.box(0, 0.74, (0.07, 0.08), darker(skin, 0.12))
    pen.ellipse(0, 0.885, (0.10, 0.115), skin)
    _face(pen.at(0, 0.88, 0.04))


def _face(pen: Pen) -> None:
    """Draw eyes, which are 2 apart, cheeks and a mouth."""
    for half in pen.halves:
        half.circle(1, 0, 0.32, INK)
        half.ellipse(1.35, -0.9, (0.4, 0.26), (232, 120, 110, 110))
    pen.taper("-50,-115 0,-140 50,-115", (0.24, 0.24), (150, 70, 70))
