"""Animals that sit and look at you. They are 1 high, and stand on y = 0, as all subjects do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.scenes.colours import INK, NAMED, WHITE, Colour, darker, lighter, mix

if TYPE_CHECKING:
    from sandbox.scenes.drawing import Pen
    from sandbox.scenes.style import Style

_BODY = "0,0 -20,1 -28,12 -24,34 -15,54 0,62 15,54 24,34 28,12 20,1"
_SHADE = "3,0 20,1 28,12 24,34 15,54 6,58 14,34 14,14"
_BIB = "-10,52 0,56 10,52 10,34 0,20 -10,34"


def cat(pen: Pen, style: Style) -> None:
    """Draw a cat: pointed ears, whiskers, a thin tail."""
    fur = style.coloured((226, 146, 70))
    stripe, bib = darker(fur, 0.22), lighter(fur, 0.55 if style.colour is None else 0.28)
    pen.taper("20,7 42,6 50,24 40,40", (0.10, 0.10, 0.08), fur)
    pen.taper("50,24 48,34 40,40", (0.085, 0.08), stripe)
    _body(pen, fur, bib)
    for y in (0.30, 0.40, 0.49):
        pen.taper(((-0.26 + y / 5, y), (-0.13 + y / 8, y - 0.02)), (0.03, 0.005), stripe)
    _ears(pen, fur, mix(fur, (250, 170, 170), 0.6))
    pen.ellipse(0, 0.71, (0.235, 0.175), fur)
    for x in (-0.05, 0.0, 0.05):
        pen.taper(((x, 0.885), (x * 0.8, 0.81)), (0.03, 0.005), stripe)
    pen.ellipse(0, 0.645, (0.10, 0.075), bib)
    _eyes(pen, 0.095, 0.725, 0.034, (70, 110, 60) if style.colour is None else (214, 190, 80))
    _nose(pen, 0.67, 0.024, (196, 100, 100))
    for half in pen.halves:
        for y in (0.62, 0.66):
            half.line(((0.09, 0.65), (0.30, y)), 0.008, WHITE)


def fox(pen: Pen, style: Style) -> None:
    """Draw a fox: a pointed face with white cheeks, large ears, a bushy tail with a white tip."""
    usual = (214, 96, 38)
    fur = usual if style.colour == NAMED["red"] else style.coloured(usual)
    _fox_like(pen, fur, (252, 242, 228), (66, 42, 42))


def wolf(pen: Pen, style: Style) -> None:
    """Draw a wolf: as a fox, but grey."""
    fur = style.coloured((122, 128, 142))
    _fox_like(pen, fur, lighter(fur, 0.65), darker(fur, 0.45))


def dog(pen: Pen, style: Style) -> None:
    """Draw a dog: hanging ears, a tongue, a collar."""
    fur = style.coloured((188, 132, 80))
    ear = darker(fur, 0.35)
    pen.taper("20,10 38,20 46,40", (0.10, 0.09, 0.04), fur)
    _body(pen, fur, lighter(fur, 0.6))
    pen.ellipse(0, 0.57, (0.15, 0.045), (196, 54, 54))
    pen.circle(0, 0.53, 0.03, (242, 204, 90))
    pen.shape("-20,80 -12,92 0,96 12,92 20,80 17,62 0,56 -17,62", fur)
    pen.shape("0,90 5,78 10,62 0,58 -10,62 -5,78", lighter(fur, 0.6))
    for half in pen.halves:
        half.shape("10,93 22,90 30,72 24,58 17,66 16,82", ear)
    pen.ellipse(0, 0.61, (0.035, 0.055), (232, 110, 120))
    pen.ellipse(0, 0.66, (0.105, 0.06), lighter(fur, 0.6))
    _eyes(pen, 0.085, 0.765, 0.028, (70, 46, 36))
    _nose(pen, 0.695, 0.045, INK)


def bear(pen: Pen, style: Style) -> None:
    """Draw a bear: small round ears, a broad body."""
    fur = style.coloured((124, 82, 56))
    _bear_like(pen, fur, fur, lighter(fur, 0.4))


def panda(pen: Pen, style: Style) -> None:
    """Draw a panda."""
    _bear_like(pen, style.coloured(WHITE), (52, 48, 56), WHITE)
    for half in pen.halves:
        half.ellipse(0.095, 0.735, (0.062, 0.05), (52, 48, 56), -40)
    _eyes(pen, 0.09, 0.74, 0.026, (90, 70, 60))


def rabbit(pen: Pen, style: Style) -> None:
    """Draw a rabbit: long ears, a round tail."""
    fur = style.coloured((206, 186, 166))
    small = pen.at(0, 0, 0.82)
    small.circle(0.28, 0.10, 0.09, WHITE)
    _body(small, fur, lighter(fur, 0.6))
    for half in pen.halves:
        half.ellipse(0.1, 1.02, (0.065, 0.22), fur, -7)
        half.ellipse(0.1, 1.02, (0.032, 0.16), (240, 186, 180), -7)
    small.ellipse(0, 0.71, (0.19, 0.165), fur)
    small.ellipse(0, 0.645, (0.09, 0.07), lighter(fur, 0.6))
    _eyes(small, 0.095, 0.735, 0.032, (60, 40, 40))
    _nose(small, 0.67, 0.024, (220, 120, 120))
    small.box(0, 0.595, (0.04, 0.04), WHITE)


def lion(pen: Pen, style: Style) -> None:
    """Draw a lion: a mane, a tail with a tuft."""
    fur = style.coloured((222, 168, 88))
    pen.taper("20,8 42,8 50,30", (0.06, 0.05, 0.05), fur)
    pen.circle(0.50, 0.33, 0.06, (132, 74, 40))
    _body(pen, fur, lighter(fur, 0.4))
    for turn in range(0, 360, 30):
        pen.at(0, 0.70, turn=turn).ellipse(0, 0.2, (0.085, 0.13), (146, 82, 42))
    pen.circle(0, 0.70, 0.25, (168, 96, 48))
    _round_ears(pen, fur, 0.84, 0.055)
    pen.ellipse(0, 0.71, (0.18, 0.17), fur)
    pen.ellipse(0, 0.645, (0.095, 0.07), lighter(fur, 0.5))
    _eyes(pen, 0.08, 0.74, 0.026, (90, 60, 30))
    _nose(pen, 0.68, 0.034, (110, 60, 50))


def tiger(pen: Pen, style: Style) -> None:
    """Draw a tiger: orange with black stripes."""
    fur = style.coloured((232, 132, 46))
    pen.taper("20,7 44,6 52,26 44,42", (0.10, 0.10, 0.08), fur)
    _body(pen, fur, WHITE)
    _round_ears(pen, fur, 0.86, 0.07)
    pen.ellipse(0, 0.71, (0.225, 0.18), fur)
    pen.ellipse(0, 0.635, (0.12, 0.08), WHITE)
    for half in pen.halves:
        for y in (0.20, 0.31, 0.42):
            half.at(0, y).taper("27,2 15,-3", (0.04, 0.004), INK)
        for y in (0.66, 0.72):
            half.at(0, y).taper("22.5,0 13,-1", (0.03, 0.004), INK)
        half.taper("5,89 3,81", (0.035, 0.004), INK)
    _eyes(pen, 0.085, 0.735, 0.03, (196, 160, 60))
    _nose(pen, 0.67, 0.032, (196, 100, 96))


def mouse(pen: Pen, style: Style) -> None:
    """Draw a mouse: very large ears, a long tail."""
    fur = style.coloured((160, 154, 160))
    pen.taper("20,4 50,4 62,20 50,34", (0.05, 0.03, 0.01), (224, 158, 158))
    _body(pen, fur, lighter(fur, 0.6))
    _round_ears(pen, fur, 0.86, 0.13)
    pen.shape("-19,74 0,88 19,74 6,57 -6,57", fur)
    _eyes(pen, 0.08, 0.74, 0.032, INK)
    _nose(pen, 0.60, 0.03, (220, 120, 130))


def _fox_like(pen: Pen, fur: Colour, light: Colour, dark: Colour) -> None:
    pen.taper("14,10 38,7 56,22 50,50", (0.10, 0.24, 0.26, 0.04), fur)
    pen.shape("45,32 52,29 60,29 63.5,33 60,44 48,58 48,58 44.5,44", light)
    _body(pen, fur, light, dark)
    for half in pen.halves:
        half.shape("24,76 23.5,100 23.5,100 15,95 4,84", fur)
        half.polygon("20.5,80 21.5,94 10,85", dark)
    pen.shape(
        "0,52.5 0,52.5 -13,60 -29,67 -29,67 -22.5,80 -10,88.5 10,88.5 22.5,80 29,67 29,67 13,60",
        fur,
    )
    for half in pen.halves:
        half.shape("0,52.5 0,52.5 13,60 29,67 29,67 18,73.5 6,66 0,60", light)
    _eyes(pen, 0.105, 0.745, 0.03, (66, 40, 30))
    _nose(pen, 0.565, 0.042, INK)


def _bear_like(pen: Pen, fur: Colour, limbs: Colour, muzzle: Colour) -> None:
    wide = pen.at(0, 0)
    wide.shape("0,0 -28,1 -36,20 -28,50 0,64 28,50 36,20 28,1", fur)
    wide.ellipse(0, 0.27, (0.19, 0.2), lighter(fur, 0.22))
    for half in pen.halves:
        half.taper("24,46 30,30 18,22", (0.16, 0.14), darker(limbs, 0.1))
        half.ellipse(0.24, 0.07, (0.13, 0.09), darker(limbs, 0.1))
        half.ellipse(0.25, 0.065, (0.06, 0.045), lighter(limbs, 0.3))
    _round_ears(pen, limbs, 0.88, 0.075)
    pen.ellipse(0, 0.74, (0.235, 0.2), fur)
    pen.ellipse(0, 0.675, (0.105, 0.08), muzzle)
    _eyes(pen, 0.09, 0.775, 0.026, (50, 36, 30))
    _nose(pen, 0.705, 0.04, INK)


def _body(pen: Pen, fur: Colour, bib: Colour, feet: Colour | None = None) -> None:
    pen.shape(_BODY, fur)
    pen.shape(_SHADE, (*darker(fur, 0.6), 60))
    pen.shape(_BIB, bib)
    for half in pen.halves:
        half.taper("7.5,32 8.5,6", (0.11, 0.095), lighter(fur, 0.10))
        half.taper("8.5,12 9,4.5", (0.09, 0.1), feet or bib)
        half.ellipse(0.215, 0.045, (0.085, 0.045), darker(feet or fur, 0.12))


def _ears(pen: Pen, fur: Colour, inner: Colour) -> None:
    for half in pen.halves:
        half.polygon("21,78 18,100 3,86", fur)
        half.polygon("18,81 17,94 8,86", inner)


def _round_ears(pen: Pen, fur: Colour, y: float, radius: float) -> None:
    for half in pen.halves:
        half.circle(0.175, y, radius, fur)
        half.circle(0.175, y, radius * 0.55, lighter(fur, 0.4))


def _eyes(pen: Pen, apart: float, y: float, radius: float, iris: Colour) -> None:
    for half in pen.halves:
        eye = half.at(apart, y, radius)
        eye.circle(0, 0, 1, iris)
        eye.circle(0, 0, 0.68, INK)
        eye.circle(0.3, 0.35, 0.3, WHITE)


def _nose(pen: Pen, y: float, radius: float, colour: Colour) -> None:
    pen.shape(
        ((-radius, y + radius * 0.6), (radius, y + radius * 0.6), (0, y - radius * 0.8)), colour
    )
