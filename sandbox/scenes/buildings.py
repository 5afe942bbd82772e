"""Buildings. They are 1 high."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.scenes.colours import WHITE, Colour, Ink, darker, lighter

if TYPE_CHECKING:
    from sandbox.scenes.drawing import Pen
    from sandbox.scenes.style import Style

_LAMP = (255, 220, 130)
_PANE = (92, 116, 140)


def lighthouse(pen: Pen, style: Style) -> None:
    """Draw a lighthouse; its light sweeps where it is dark."""
    stripe = style.coloured((204, 62, 54))
    if style.lit:
        for far, low, high, alpha in ((-2.6, 0.62, 1.10, 70), (2.6, 0.74, 1.22, 90)):
            beam: Ink = (*_LAMP, alpha)
            pen.shining.polygon(((0, 0.89), (far, low), (far, high), (0, 0.92)), beam)
    for level in range(5):
        low, high = level * 0.16, level * 0.16 + 0.16
        colour = WHITE if level % 2 else stripe
        pen.polygon(_tier(low, high), colour)
        pen.polygon(
            [(max(0.03 - 0.01 * level, x), y) for x, y in _tier(low, high)],
            (*darker(colour, 0.8), 46),
        )
    pen.box(0, 0.79, (0.23, 0.028), (64, 60, 74))
    for k in range(7):
        pen.line(((-0.105 + k * 0.035, 0.815), (-0.105 + k * 0.035, 0.85)), 0.008, (64, 60, 74))
    pen.line("-11.2,85.2 11.2,85.2", 0.011, (64, 60, 74))
    lamp = pen.shining if style.lit else pen
    pen.box(0, 0.82, (0.125, 0.125), (70, 66, 80))
    lamp.box(0, 0.835, (0.10, 0.10), _LAMP if style.lit else (190, 214, 220))
    pen.box(0, 0.835, (0.012, 0.10), (70, 66, 80))
    pen.shape("-9,94 -9,94 -5,99 0,102 5,99 9,94 9,94", darker(stripe, 0.2))
    pen.line("0,100 0,107", 0.012, (64, 60, 74))
    for y in (0.24, 0.56):
        _window(pen, style, -0.02, y, 0.035, 0.055)
    pen.shape("-4,0 -4,0 -4,8 0,11 4,8 4,0 4,0", (78, 58, 52))


def house(pen: Pen, style: Style) -> None:
    """Draw a house with a chimney."""
    wall = style.coloured((232, 206, 164))
    roof = (168, 78, 62) if style.colour is None else darker(wall, 0.5)
    pen.box(0.30, 0.66, (0.12, 0.34), darker(roof, 0.2))
    for k, (x, y) in enumerate(((0.31, 1.08), (0.37, 1.20), (0.46, 1.34))):
        pen.circle(x, y, 0.05 + 0.025 * k, (*WHITE, 130 - 30 * k))
    pen.box(0.24, 0, (0.54, 0.48), wall)
    pen.polygon("-51,0 -2,0 -2,46 -26,90 -51,46", darker(wall, 0.14))
    pen.polygon("-26,93 42,93 60,43 1,43", roof)
    pen.line("-26,90 0,44", 0.05, lighter(roof, 0.25))
    pen.line("-26,90 -55,40", 0.06, darker(roof, 0.25))
    if style.snowy:
        pen.polygon("-26,95 43,95 54,68 36,72 18,66 -2,72 -12,70", (246, 248, 252))
    _window(pen, style, -0.26, 0.24, 0.17, 0.18)
    for x in (0.15, 0.40):
        _window(pen, style, x, 0.22, 0.14, 0.16)
    pen.box(-0.26, 0, (0.14, 0.19), darker(roof, 0.25))


def castle(pen: Pen, style: Style) -> None:
    """Draw a castle: walls, towers with pointed roofs, flags."""
    pen = pen.at(0, 0, 0.82)
    stone = style.coloured((186, 178, 178))
    roof = (92, 92, 152) if style.colour is None else darker(stone, 0.5)
    for x, width, high, tone in (
        (-0.20, 0.13, 0.74, 0.26),
        (0.22, 0.13, 0.66, 0.26),
        (0.02, 0.20, 0.78, 0.12),
    ):
        _tower(pen, style, x, (width, high), darker(stone, tone), roof)
    pen.box(0, 0, (0.86, 0.36), stone)
    _battlement(pen, 0, 0.36, 0.86, 9, stone)
    pen.polygon("10,0 43,0 43,36 22,36", (*darker(stone, 0.8), 40))
    for x in (-0.44, 0.44):
        _tower(pen, style, x, (0.19, 0.50), stone, roof)
    pen.shape("-10,0 -10,0 -10,16 0,24 10,16 10,0 10,0", (74, 60, 64))
    for x in (-0.05, 0.0, 0.05):
        pen.line(((x, 0.0), (x, 0.19)), 0.01, (122, 100, 92))
    for x in (-0.25, 0.25):
        _window(pen, style, x, 0.15, 0.045, 0.09)


def tower(pen: Pen, style: Style) -> None:
    """Draw a single tower of stone."""
    pen = pen.at(0, 0, 0.84)
    stone = style.coloured((176, 166, 160))
    _tower(pen, style, 0, (0.26, 0.66), stone, (140, 74, 66))
    for y in (0.14, 0.32):
        _window(pen, style, 0.0, y, 0.05, 0.09)
    pen.box(0, 0, (0.09, 0.12), (78, 58, 52))


def church(pen: Pen, style: Style) -> None:
    """Draw a church with a steeple."""
    wall, roof = style.coloured((236, 228, 212)), (104, 96, 118)
    pen.box(0.16, 0, (0.62, 0.34), wall)
    pen.polygon("-20,34 50,34 40,56 -10,56", roof)
    pen.box(-0.20, 0, (0.26, 0.56), lighter(wall, 0.3))
    pen.box(-0.10, 0, (0.06, 0.56), (*darker(wall, 0.8), 40))
    pen.polygon("-36,55 -4,55 -20,98", darker(roof, 0.15))
    pen.line("-20,96 -20,108", 0.014, (84, 76, 84))
    pen.line("-23.5,104 -16.5,104", 0.014, (84, 76, 84))
    for x in (0.06, 0.22, 0.38):
        _window(pen, style, x, 0.09, 0.06, 0.15)
    _window(pen, style, -0.20, 0.38, 0.07, 0.10)
    pen.box(-0.20, 0, (0.11, 0.16), (116, 78, 58))


def windmill(pen: Pen, style: Style) -> None:
    """Draw a windmill."""
    wall = style.coloured((238, 228, 208))
    pen.polygon("-19,0 19,0 11,62 -11,62", wall)
    pen.polygon("4,0 19,0 11,62 3,62", (*darker(wall, 0.8), 44))
    pen.shape("-14,60 -14,60 -8,72 0,76 8,72 14,60 14,60", (140, 78, 62))
    pen.box(0, 0, (0.10, 0.16), (116, 78, 58))
    for y in (0.26, 0.42):
        _window(pen, style, 0, y, 0.055, 0.07)
    for turn in range(20, 380, 90):
        sail = pen.at(0, 0.66, turn=turn)
        sail.line("0,0 0,42", 0.02, (96, 74, 62))
        sail.polygon("0.5,8 10,10 10,42 0.5,42", (250, 242, 226))
        sail.line("0.5,25 10,26", 0.01, (150, 130, 110))
    pen.circle(0, 0.66, 0.03, (96, 74, 62))


def cabin(pen: Pen, style: Style) -> None:
    """Draw a hut made of logs."""
    wood = style.coloured((142, 96, 64))
    pen.box(0, 0, (0.94, 0.46), wood)
    for k in range(1, 6):
        pen.line(((-0.47, k * 0.08), (0.47, k * 0.08)), 0.012, darker(wood, 0.3))
    pen.polygon("-47,46 47,46 0,90", lighter(wood, 0.12))
    for half in pen.halves:
        half.line("60,36 0,94", 0.10, darker(wood, 0.4))
        if style.snowy:
            half.taper("60,42 30,72 0,100", (0.08, 0.10, 0.09), (246, 248, 252))
    _window(pen, style, -0.22, 0.16, 0.18, 0.18)
    _window(pen, style, 0.0, 0.56, 0.13, 0.13)
    pen.box(0.20, 0, (0.17, 0.32), darker(wood, 0.45))
    pen.circle(0.25, 0.16, 0.014, _LAMP)


def temple(pen: Pen, style: Style) -> None:
    """Draw a pagoda with three roofs."""
    wall, roof = (238, 222, 196), style.coloured((190, 62, 56))
    for level in range(3):
        wide, low = 0.56 - level * 0.12, level * 0.28
        pen.box(0, low, (wide * 0.86, 0.20), darker(wall, 0.06 * level))
        for k in range(4):
            pen.box((k - 1.5) * wide * 0.26, low, (0.022, 0.2), darker(roof, 0.15))
        _window(pen, style, 0, low + 0.03, wide * 0.17, 0.13)
        edge = low + 0.19
        pen.shape(
            (
                (-wide * 0.78, edge + 0.03),
                (-wide * 0.78, edge + 0.03),
                (-wide * 0.5, edge),
                (0, edge - 0.012),
                (wide * 0.5, edge),
                (wide * 0.78, edge + 0.03),
                (wide * 0.78, edge + 0.03),
                (wide * 0.36, edge + 0.10),
                (-wide * 0.36, edge + 0.10),
            ),
            roof,
        )
    pen.taper("0,84 0,102", (0.03, 0.006), (226, 174, 62))


def pyramid(pen: Pen, style: Style) -> None:
    """Draw a pyramid."""
    stone = style.coloured((226, 188, 122))
    pen.polygon("-86,0 86,0 6,100", stone)
    pen.polygon("22,0 86,0 6,100", darker(stone, 0.32))
    for k in range(1, 7):
        y = k / 7
        left, middle = -0.86 + y * 0.92, 0.22 - y * 0.16
        pen.line(((left, y), (middle, y)), 0.008, darker(stone, 0.14))


def tent(pen: Pen, style: Style) -> None:
    """Draw a tent."""
    cloth = style.coloured((232, 144, 62))
    pen.polygon("-72,0 72,0 16,94 0,100", darker(cloth, 0.2))
    pen.polygon("-72,0 36,0 0,100", cloth)
    inside: Colour = (255, 224, 150) if style.lit else (92, 60, 60)
    (pen.shining if style.lit else pen).polygon("-30,0 14,0 -2,78", inside)
    pen.polygon("-30,0 -14,0 -2,78", lighter(cloth, 0.2))


def igloo(pen: Pen, style: Style) -> None:
    """Draw an igloo."""
    snow = style.coloured((228, 238, 248))
    pen.shape("-80,0 -80,0 -70,56 -30,92 10,92 50,60 60,0 60,0", snow)
    for y in (0.25, 0.5, 0.72):
        half = 0.68 * (1 - y * y) ** 0.5
        pen.line(((-0.1 - half, y), (-0.1 + half, y)), 0.016, darker(snow, 0.16))
    pen.shape("20,0 20,0 22,34 48,50 74,36 78,0 78,0", lighter(snow, 0.4))
    pen.shape("33,0 33,0 36,24 50,34 64,24 66,0 66,0", _LAMP if style.lit else (70, 90, 124))


def _tier(low: float, high: float) -> list[tuple[float, float]]:
    lower, upper = 0.155 - low * 0.095, 0.155 - high * 0.095
    return [(-lower, low), (lower, low), (upper, high), (-upper, high)]


def _tower(
    pen: Pen, style: Style, x: float, size: tuple[float, float], stone: Colour, roof: Colour
) -> None:
    width, high = size
    pen.box(x, 0, size, stone)
    pen.box(x + width * 0.32, 0, (width * 0.36, high), (*darker(stone, 0.8), 46))
    pen.box(x, high - 0.02, (width * 1.24, 0.07), lighter(stone, 0.12))
    _battlement(pen, x, high + 0.05, width * 1.24, 4, lighter(stone, 0.12))
    point = high + 0.05 + width * 1.5
    pen.polygon(
        ((x - width * 0.56, high + 0.05), (x + width * 0.56, high + 0.05), (x, point)), roof
    )
    pen.polygon(
        ((x + width * 0.12, high + 0.05), (x + width * 0.56, high + 0.05), (x, point)),
        darker(roof, 0.25),
    )
    if style.snowy:
        pen.polygon(
            (
                (x - width * 0.3, high + 0.05 + width * 0.7),
                (x, point + 0.01),
                (x + width * 0.3, high + 0.05 + width * 0.7),
                (x, high + 0.05 + width * 0.85),
            ),
            (246, 248, 252),
        )
    pen.line(((x, point - 0.01), (x, point + 0.09)), 0.008, (84, 76, 84))
    pen.polygon(((x, point + 0.09), (x + 0.075, point + 0.065), (x, point + 0.04)), (214, 66, 62))
    _window(pen, style, x, high * 0.74, width * 0.26, width * 0.5)


def _battlement(pen: Pen, x: float, y: float, width: float, count: int, stone: Colour) -> None:
    step = width / (2 * count - 1)
    for k in range(count):
        pen.box(x - width / 2 + (2 * k + 0.5) * step, y - 0.002, (step, 0.045), stone)


def _window(pen: Pen, style: Style, x: float, y: float, width: float, height: float) -> None:
    if style.lit:
        pen.shining.box(x, y, (width, height), _LAMP)
    else:
        pen.box(x, y, (width, height), _PANE)
    if width > 0.1:  # noqa: PLR2004 - others have no bars
        pen.box(x, y, (width * 0.1, height), (246, 240, 228))
        pen.box(x, y + height * 0.46, (width, height * 0.09), (246, 240, 228))


def bridge(pen: Pen, style: Style) -> None:
    """Draw a stone bridge with three arches."""
    stone = style.coloured((172, 154, 140))
    outline = "-160,0 -160,58 -80,84 0,92 80,84 160,58 160,0"
    pen.polygon(outline + " 118,0 118,0", stone)
    dark = darker(stone, 0.5)
    for x, wide, high in ((-0.94, 0.26, 0.44), (0.0, 0.36, 0.66), (0.94, 0.26, 0.44)):
        arch = pen.at(x, -0.02)
        path = (
            (-wide, 0.0),
            (-wide, 0.0),
            (-wide * 0.86, high * 0.7),
            (0.0, high),
            (wide * 0.86, high * 0.7),
            (wide, 0.0),
            (wide, 0.0),
        )
        arch.shape(tuple((px * 1.14, py * 1.09) for px, py in path), lighter(stone, 0.2))
        arch.shape(path, dark)
    pen.taper("-164,58 -80,86 0,95 80,86 164,58", (0.07, 0.07), lighter(stone, 0.25))
