"""What people travel in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.scenes.colours import INK, WHITE, Colour, darker, lighter

if TYPE_CHECKING:
    from sandbox.scenes.drawing import Pen
    from sandbox.scenes.style import Style

_GLASS = (166, 206, 220)
_WOOD = (146, 92, 60)


def boat(pen: Pen, style: Style) -> None:
    """Draw a sailing boat whose sails leave its bow free."""
    hull = style.coloured((190, 74, 58))
    pen.line("-16,18 -16,100", 0.03, _WOOD)
    pen.shape("-12,98 -12,98 10,66 20,36 20,36 -12,34 -12,34", (250, 244, 228))
    pen.shape("-20,92 -20,92 -34,66 -50,32 -50,32 -20,30 -20,30", (236, 222, 196))
    pen.polygon("-16,107 -30,103 -16,99", hull)
    _hull(pen, hull, 0.66, 0.24)


def rowing_boat(pen: Pen, style: Style) -> None:
    """Draw a rowing boat."""
    hull = style.coloured(_WOOD)
    pen.taper("0,50 -50,-12", (0.03, 0.07), lighter(hull, 0.3))
    _hull(pen, hull, 0.9, 0.42)


def ship(pen: Pen, style: Style) -> None:
    """Draw a tall ship with three masts."""
    hull = style.coloured((122, 76, 54))
    for x, high in ((-0.34, 0.82), (0.0, 1.0), (0.34, 0.84)):
        pen.line(((x, 0.2), (x, high)), 0.02, darker(_WOOD, 0.3))
        for k, wide in enumerate((0.17, 0.14, 0.10)):
            low = 0.28 + k * (high - 0.3) / 3
            top = low + (high - 0.3) / 3 - 0.03
            pen.shape(
                (
                    (x - wide, low),
                    (x - wide, low),
                    (x + 0.02, low + 0.03),
                    (x + wide, low),
                    (x + wide, low),
                    (x + wide * 0.9, top),
                    (x + wide * 0.9, top),
                    (x - wide * 0.8, top),
                    (x - wide * 0.8, top),
                ),
                (248, 240, 222) if k % 2 else (238, 226, 202),
            )
        pen.polygon(((x, high), (x + 0.10, high - 0.025), (x, high - 0.05)), (206, 62, 56))
    pen.polygon("-60,0 56,0 80,28 52,20 -44,20 -48,32 -70,32", hull)
    pen.polygon("-66,14 66,14 70,18 -67,18", (226, 184, 106))
    pen.polygon("-60,0 56,0 62,7 -62.5,7", darker(hull, 0.3))
    for k in range(6):
        pen.box(-0.45 + k * 0.17, 0.085, (0.05, 0.04), INK)


def submarine(pen: Pen, style: Style) -> None:
    """Draw a submarine."""
    hull = style.coloured((240, 196, 62))
    pen.taper("-86,62 -86,14", (0.05, 0.05), darker(hull, 0.3))
    pen.line("0,80 0,102 12,102", 0.05, darker(hull, 0.3))
    pen.polygon("-22,66 26,66 20,88 -16,88", darker(hull, 0.12))
    pen.ellipse(0, 0.38, (0.82, 0.34), hull)
    pen.shape("-80,34 0,22 80,34 50,8 0,3 -50,8", (*darker(hull, 0.8), 60))
    for x in (-0.36, 0.02, 0.40):
        pen.circle(x, 0.42, 0.13, darker(hull, 0.3))
        pen.circle(x, 0.42, 0.09, (255, 226, 150) if style.lit else _GLASS)


def hot_air_balloon(pen: Pen, style: Style) -> None:
    """Draw a hot air balloon."""
    cloth = style.coloured((214, 72, 62))
    second: Colour = (250, 214, 130) if style.colour is None else lighter(cloth, 0.7)
    for x in (-0.13, -0.05, 0.05, 0.13):
        pen.line(((x, 0.32), (x * 0.55, 0.15)), 0.008, (92, 72, 64))
    for share, colour in ((1.0, cloth), (0.78, second), (0.50, cloth), (0.18, second)):
        pen.shape(_envelope(share), colour)
    pen.shape("10,30 10,30 30,52 36,70 24,92 8,99 22,78 20,52", (*darker(cloth, 0.8), 56))
    pen.shape("-26,80 -16,92 -20,78 -27,66", (*WHITE, 70))
    pen.box(0, 0.295, (0.20, 0.025), darker(cloth, 0.4))
    if style.lit:
        pen.shining.shape("-2,17 0,27 2,17", (255, 214, 110))
    pen.shape("-8.5,15 -8.5,15 8.5,15 8.5,15 7,2 0,0 -7,2", (150, 100, 60))
    pen.line("-8.5,14.5 8.5,14.5", 0.022, (104, 66, 44))
    pen.line("-7.8,7.5 7.8,7.5", 0.01, (104, 66, 44))


def car(pen: Pen, style: Style) -> None:
    """Draw a car."""
    paint = style.coloured((206, 66, 58))
    pen.shape("-66,52 -66,52 -44,94 -20,100 24,100 40,92 62,54 62,54", darker(paint, 0.12))
    for left, right in ((-0.52, -0.06), (0.02, 0.50)):
        inner = (left + right) / 2
        pen.shape(
            (
                (left, 0.56),
                (left, 0.56),
                (left + 0.15 * (inner < 0), 0.88),
                (inner, 0.91),
                (right - 0.16 * (inner > 0), 0.88),
                (right, 0.56),
                (right, 0.56),
            ),
            (255, 226, 150) if style.lit else _GLASS,
        )
    pen.shape("-100,20 -100,20 -98,46 -80,56 0,58 66,56 94,46 100,20 100,20", paint)
    pen.box(0, 0.2, (2.0, 0.08), darker(paint, 0.35))
    for x in (-0.58, 0.58):
        pen.circle(x, 0.2, 0.24, darker(paint, 0.5))
        pen.circle(x, 0.18, 0.20, INK)
        pen.circle(x, 0.18, 0.10, (196, 198, 204))
    pen.ellipse(0.92, 0.42, (0.07, 0.07), (255, 236, 170))
    pen.box(-0.97, 0.36, (0.06, 0.12), (236, 92, 72))
    pen.line("6,48 16,48", 0.025, darker(paint, 0.4))
    if style.lit:
        pen.shining.polygon("96,40 240,62 240,0 96,36", (255, 236, 170, 90))


def bus(pen: Pen, style: Style) -> None:
    """Draw a bus."""
    paint = style.coloured((226, 170, 58))
    pen.box(0, 0.14, (2.0, 0.82), paint)
    pen.box(0, 0.88, (1.9, 0.10), lighter(paint, 0.3))
    for k in range(5):
        pen.box(-0.76 + k * 0.34, 0.50, (0.28, 0.30), (255, 226, 150) if style.lit else _GLASS)
    pen.box(0.87, 0.14, (0.20, 0.68), _GLASS)
    pen.box(0, 0.32, (2.0, 0.05), darker(paint, 0.4))
    for x in (-0.56, 0.50):
        pen.circle(x, 0.15, 0.16, INK)
        pen.circle(x, 0.15, 0.08, (196, 198, 204))


def train(pen: Pen, style: Style) -> None:
    """Draw a steam engine with two coaches."""
    paint = style.coloured((58, 92, 92))
    red = (190, 66, 56)
    pen.line("-160,0 95,0", 0.03, (90, 80, 80))
    for left in (-1.58, -0.92):
        pen.box(
            left + 0.30, 0.14, (0.60, 0.46), red if style.colour is None else lighter(paint, 0.2)
        )
        pen.box(left + 0.30, 0.58, (0.64, 0.06), darker(red, 0.4))
        for k in range(3):
            pen.box(
                left + 0.12 + k * 0.18, 0.32, (0.12, 0.17), (255, 226, 150) if style.lit else _GLASS
            )
        for x in (0.14, 0.46):
            pen.circle(left + x, 0.10, 0.09, INK)
    pen.box(-0.08, 0.14, (0.36, 0.66), paint)
    pen.box(-0.08, 0.78, (0.46, 0.06), darker(paint, 0.3))
    pen.box(-0.08, 0.46, (0.20, 0.22), (255, 226, 150) if style.lit else _GLASS)
    pen.taper("10,38 66,38", (0.40, 0.40), paint)
    pen.box(0.40, 0.12, (0.90, 0.08), red)
    for x in (0.24, 0.44):
        pen.box(x, 0.16, (0.03, 0.43), (226, 174, 62))
    pen.polygon("58,56 70,56 75,82 53,82", darker(paint, 0.3))
    pen.shape("24,56 24,68 34,68 34,56", (226, 174, 62))
    pen.circle(0.84, 0.42, 0.06, (255, 236, 170))
    pen.polygon("80,16 96,0 72,0", darker(red, 0.2))
    for x, size in ((-0.10, 0.13), (0.28, 0.13), (0.62, 0.13)):
        pen.circle(x, 0.12, size, INK)
        pen.circle(x, 0.12, size * 0.55, red)
    for k in range(5):
        pen.circle(0.60 - k * 0.24, 0.94 + 0.07 * k, 0.09 + 0.03 * k, (*WHITE, 210 - 30 * k))


def bicycle(pen: Pen, style: Style) -> None:
    """Draw a bicycle."""
    frame = style.coloured((44, 140, 140))
    for x in (-0.52, 0.52):
        pen.circle(x, 0.36, 0.36, INK)
        pen.circle(x, 0.36, 0.315, (206, 214, 216))
        for turn in range(0, 180, 45):
            pen.at(x, 0.36, turn=turn).line("-31,0 31,0", 0.012, (120, 124, 130))
    for part in (
        ((-0.52, 0.36), (-0.22, 0.78), (0.36, 0.78), (-0.04, 0.34), (-0.52, 0.36)),
        ((-0.26, 0.88), (-0.04, 0.34)),
        ((0.52, 0.36), (0.32, 0.96)),
    ):
        pen.line(part, 0.05, frame)
    pen.taper("-38,90 -16,90", (0.09, 0.05), INK)
    pen.line("32,96 46,100", 0.05, INK)
    pen.circle(-0.04, 0.34, 0.07, darker(frame, 0.4))


def plane(pen: Pen, style: Style) -> None:
    """Draw an aeroplane."""
    paint = style.coloured((232, 236, 242))
    accent = (206, 66, 58)
    pen.polygon("-80,56 -102,98 -80,98 -56,58", accent)
    pen.polygon("-6,52 -40,90 -24,92 22,56", darker(paint, 0.25))
    pen.taper("-90,58 -30,52 50,48 90,46", (0.06, 0.24, 0.28, 0.14), paint)
    pen.taper("-80,50 0,42 86,40", (0.02, 0.05, 0.02), accent)
    for k in range(6):
        pen.circle(-0.30 + k * 0.14, 0.55 - k * 0.006, 0.028, (84, 130, 170))
    pen.polygon("66,58 80,56 88,49 66,50", (84, 130, 170))
    pen.polygon("10,44 -46,-2 -24,-2 38,42", lighter(paint, 0.4))
    pen.taper("-10,20 8,19", (0.10, 0.08), darker(paint, 0.4))
    pen.polygon("-78,56 -100,40 -86,40 -56,54", darker(paint, 0.2))


def rocket(pen: Pen, style: Style) -> None:
    """Draw a rocket on its flame."""
    paint = style.coloured((238, 238, 242))
    accent = (212, 66, 58) if style.colour is None else darker(paint, 0.5)
    fire = pen.shining
    fire.shape("-9,20 9,20 7,2 0,-20 0,-20 -7,2", (248, 150, 50))
    fire.shape("-5,20 5,20 3.5,6 0,-6 0,-6 -3.5,6", (255, 230, 140))
    for half in pen.halves:
        half.shape("12,46 12,46 28,28 29,10 29,10 10,22 10,22", accent)
    pen.shape("-12,20 -12,20 -18,48 -12,80 0,100 12,80 18,48 12,20 12,20", paint)
    pen.shape("2,20 12,20 18,48 12,80 0,100 8,72 10,46", (*darker(paint, 0.8), 50))
    pen.shape("-12,80 -12,80 -7,91 0,100 7,91 12,80 12,80", accent)
    pen.circle(0, 0.60, 0.085, accent)
    pen.circle(0, 0.60, 0.06, (255, 226, 150) if style.lit else _GLASS)


def flying_saucer(pen: Pen, style: Style) -> None:
    """Draw a flying saucer and its ray."""
    metal = style.coloured((162, 172, 188))
    pen.shining.polygon("-30,50 30,50 62,-30 -62,-30", (190, 250, 200, 80))
    pen.ellipse(0, 0.74, (0.34, 0.26), (176, 226, 226))
    pen.ellipse(0, 0.56, (0.82, 0.20), metal)
    pen.ellipse(0, 0.50, (0.56, 0.12), darker(metal, 0.35))
    for k in range(5):
        pen.shining.circle(-0.56 + k * 0.28, 0.55 - 0.03 * (2 - abs(k - 2)), 0.04, (255, 226, 130))


def _envelope(share: float) -> tuple[tuple[float, float], ...]:
    """Return the outline of a balloon; a smaller share is a narrower stripe of it."""
    half = ((0.10, 0.31), (0.29, 0.50), (0.375, 0.70), (0.28, 0.90), (0.10, 0.99))
    right = [(x * share, y) for x, y in half]
    return (*right, *((-x, y) for x, y in reversed(right)))


def _hull(pen: Pen, hull: Colour, half: float, high: float) -> None:
    pen.shape(
        (
            (-half, high),
            (-half, high),
            (0, high * 0.78),
            (half * 1.14, high * 1.12),
            (half * 1.14, high * 1.12),
            (half * 0.72, 0.0),
            (half * 0.72, 0.0),
            (-half * 0.74, 0.0),
            (-half * 0.74, 0.0),
        ),
        hull,
    )
    pen.polygon(
        (
            (-half * 0.80, high * 0.28),
            (half * 0.84, high * 0.28),
            (half * 0.72, 0.0),
            (-half * 0.74, 0.0),
        ),
        darker(hull, 0.3),
    )
    pen.taper(
        ((-half, high * 0.96), (0, high * 0.74), (half * 1.12, high * 1.06)),
        (high * 0.18, high * 0.16, high * 0.1),
        lighter(hull, 0.5),
    )
