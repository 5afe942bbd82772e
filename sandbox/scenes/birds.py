"""Birds, and what else flies by beating its wings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.scenes.colours import INK, WHITE, Colour, darker, lighter

if TYPE_CHECKING:
    from sandbox.scenes.drawing import Pen
    from sandbox.scenes.style import Style

_BEAK = (240, 166, 60)


def owl(pen: Pen, style: Style) -> None:
    """Draw an owl: two large round eyes."""
    coat = style.coloured((142, 100, 68))
    light = lighter(coat, 0.62)
    pen.shape("-10,2 10,2 7,-10 -7,-10", darker(coat, 0.4))
    pen.shape(
        "0,0 -22,8 -32,36 -30,70 -27,100 -27,100 -14,92 14,92 27,100 27,100 30,70 32,36 22,8", coat
    )
    pen.ellipse(0, 0.32, (0.20, 0.29), light)
    for row in range(4):
        for place in range(3 - row % 2):
            x, y = (place - (2 - row % 2) / 2) * 0.12, 0.48 - row * 0.11
            pen.shape(((x - 0.045, y), (x, y + 0.01), (x + 0.045, y), (x, y - 0.06)), coat)
    for half in pen.halves:
        half.shape("26,58 37,40 33,14 22,4 20,30", darker(coat, 0.28))
        half.circle(0.135, 0.72, 0.155, light)
        half.circle(0.13, 0.72, 0.115, (246, 190, 66))
        half.circle(0.125, 0.72, 0.075, INK)
        half.circle(0.15, 0.75, 0.025, WHITE)
        for toe in (-0.04, 0.0, 0.04):
            half.at(toe, 0).taper("10,2 10,-4", (0.03, 0.02), _BEAK)
    pen.shape("-4.5,66 4.5,66 0,55 0,55", _BEAK)


def songbird(pen: Pen, style: Style) -> None:
    """Draw a small bird that sits."""
    coat = style.coloured((72, 128, 190))
    for x in (-0.02, 0.08):
        pen.line(((x, 0.20), (x + 0.01, 0.0)), 0.025, (150, 90, 60))
    pen.taper("-30,34 -62,16", (0.16, 0.10), darker(coat, 0.3))
    pen.shape("-40,30 -24,60 2,78 16,96 36,96 46,80 40,48 22,20 -8,13", coat)
    pen.shape(
        "38,66 40,46 22,20 -6,14 10,40",
        (244, 176, 104) if style.colour is None else lighter(coat, 0.6),
    )
    pen.shape("-46,20 -30,50 2,62 12,46 -10,28", darker(coat, 0.28))
    pen.polygon("43,86 62,79 43,74", _BEAK)
    pen.circle(0.30, 0.83, 0.05, WHITE)
    pen.circle(0.31, 0.83, 0.034, INK)


def flying_bird(pen: Pen, style: Style) -> None:
    """Draw a bird with its wings spread."""
    _flying(pen, style.coloured((74, 120, 178)), None)


def eagle(pen: Pen, style: Style) -> None:
    """Draw an eagle: brown, with a white head."""
    _flying(pen, style.coloured((98, 70, 54)), WHITE)


def gull(pen: Pen, style: Style) -> None:
    """Draw a gull: white, with grey wings."""
    _flying(pen, style.coloured((226, 230, 236)), WHITE)


def raven(pen: Pen, style: Style) -> None:
    """Draw a raven, which sits."""
    coat = style.coloured((48, 46, 62))
    for x in (0.0, 0.09):
        pen.line(((x, 0.22), (x + 0.01, 0.0)), 0.028, INK)
    pen.taper("-22,34 -60,8", (0.20, 0.13), darker(coat, 0.3))
    pen.shape("-36,28 -18,60 6,74 16,92 32,95 42,84 36,56 24,26 -4,16", coat)
    pen.shape("-52,10 -24,50 6,62 14,44 -8,26", lighter(coat, 0.16))
    pen.shape("38,90 56,85 64,76 64,76 40,77", (84, 80, 92))
    pen.circle(0.30, 0.85, 0.034, (220, 220, 226))
    pen.circle(0.305, 0.85, 0.022, INK)


def swan(pen: Pen, style: Style) -> None:
    """Draw a swan, or a large duck, that swims at y = 0."""
    coat = style.coloured((246, 244, 240))
    pen.shape("-56,40 -56,40 -42,16 -20,2 20,0 40,12 36,30 10,36 -26,34", coat)
    pen.taper("30,18 42,44 24,68 34,90", (0.20, 0.12, 0.10, 0.12), coat)
    pen.ellipse(0.38, 0.90, (0.12, 0.075), coat, -12)
    pen.shape("46,92 62,83 60,79 46,84", _BEAK)
    pen.circle(0.46, 0.89, 0.03, INK)
    pen.circle(0.41, 0.915, 0.016, INK)
    pen.shape("-60,46 -60,46 -34,20 6,12 22,22 6,38 -24,40", darker(coat, 0.12))


def duck(pen: Pen, style: Style) -> None:
    """Draw a duck that swims at y = 0."""
    coat = style.coloured((244, 202, 74))
    pen.shape("-60,48 -60,48 -44,10 -16,0 26,0 46,20 36,46 0,40 -30,42", coat)
    pen.circle(0.30, 0.68, 0.26, coat)
    pen.shape("-44,40 -10,42 14,34 0,14 -30,18", darker(coat, 0.18))
    pen.shape("50,72 74,66 72,58 50,58", (236, 122, 52))
    pen.circle(0.38, 0.76, 0.045, INK)
    pen.circle(0.392, 0.775, 0.014, WHITE)


def penguin(pen: Pen, style: Style) -> None:
    """Draw a penguin."""
    coat = style.coloured((54, 60, 84))
    for half in pen.halves:
        half.ellipse(0.11, 0.03, (0.11, 0.04), _BEAK)
    pen.shape("0,2 -24,10 -28,40 -22,72 -16,94 0,100 16,94 22,72 28,40 24,10", coat)
    pen.shape("0,5 -17,12 -20,40 -12,66 0,62 12,66 20,40 17,12", WHITE)
    for half in pen.halves:
        half.taper("21,60 34,40 32,24", (0.10, 0.10, 0.03), darker(coat, 0.2))
        half.ellipse(0.085, 0.80, (0.085, 0.095), WHITE)
        half.circle(0.075, 0.82, 0.035, INK)
        half.circle(0.087, 0.832, 0.012, WHITE)
    pen.polygon("-5,77 5,77 0,69", _BEAK)


def butterfly(pen: Pen, style: Style) -> None:
    """Draw a butterfly with its wings open."""
    wing = style.coloured((238, 134, 54))
    for half in pen.halves:
        half.shape("0,50 14,86 46,100 54,74 36,50", darker(wing, 0.6))
        half.shape("0,48 32,48 42,24 24,4 8,22", darker(wing, 0.6))
        half.shape("4,54 17,82 42,93 47,75 32,55", wing)
        half.shape("4,44 28,44 35,25 23,11 11,24", lighter(wing, 0.25))
        half.circle(0.36, 0.76, 0.06, lighter(wing, 0.6))
        half.circle(0.24, 0.27, 0.05, lighter(wing, 0.7))
        half.taper("0,72 5,86 14,94", (0.012, 0.012, 0.03), INK)
    pen.taper("0,74 0,50 0,22", (0.07, 0.06, 0.03), INK)


def bat(pen: Pen, style: Style) -> None:
    """Draw a bat."""
    coat = style.coloured((64, 54, 78))
    for half in pen.halves:
        half.shape(
            "0,62 26,74 62,92 62,92 76,46 76,46 58,52 48,34 48,34 32,44 20,24 20,24 0,36", coat
        )
        half.polygon("3,78 12,96 15,72", coat)
    pen.ellipse(0, 0.52, (0.13, 0.24), lighter(coat, 0.12))
    pen.circle(0, 0.70, 0.15, lighter(coat, 0.12))
    for half in pen.halves:
        half.circle(0.06, 0.72, 0.03, (246, 206, 90))
        half.polygon("6,64 3,64 4.5,59", WHITE)


def _flying(pen: Pen, coat: Colour, head: Colour | None) -> None:
    pen.shape("20,46 22,72 6,102 -16,120 -16,120 -14,86 -10,44", darker(coat, 0.32))
    pen.polygon("-36,40 -74,50 -66,34 -72,22 -34,28", head or darker(coat, 0.25))
    pen.shape("-50,34 -20,46 24,52 46,52 54,42 40,30 6,20 -26,24", coat)
    pen.shape("40,30 6,20 -26,24 0,29", lighter(coat, 0.5))
    if head is not None:
        pen.ellipse(0.46, 0.42, (0.12, 0.105), head)
    pen.polygon("53,46 70,40 54,36", _BEAK)
    pen.circle(0.47, 0.45, 0.024, INK)
    pen.shape("26,40 14,66 -16,90 -54,102 -54,102 -46,86 -34,66 -16,46 4,34", lighter(coat, 0.14))
    pen.shape("-54,102 -54,102 -46,86 -34,66 -18,48 -24,66 -36,86", darker(coat, 0.3))
