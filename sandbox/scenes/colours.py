"""Colours, and the words for them."""

from __future__ import annotations

Colour = tuple[int, int, int]
Ink = tuple[int, int, int] | tuple[int, int, int, int]  # the fourth: how opaque, 0 to 255

WHITE: Colour = (250, 250, 246)
INK: Colour = (34, 30, 42)

NAMED: dict[str, Colour] = {
    "red": (206, 52, 46),
    "rust": (204, 92, 40),
    "orange": (238, 134, 40),
    "yellow": (246, 206, 70),
    "gold": (226, 174, 62),
    "green": (84, 156, 82),
    "teal": (44, 156, 156),
    "blue": (54, 108, 190),
    "sky blue": (122, 184, 226),
    "purple": (132, 84, 172),
    "pink": (240, 140, 170),
    "white": (244, 242, 236),
    "silver": (186, 192, 202),
    "grey": (136, 140, 148),
    "black": (50, 48, 58),
    "brown": (136, 90, 58),
    "beige": (222, 200, 164),
}


def mix(first: Colour, second: Colour, share: float) -> Colour:
    """Return a colour between two; a share of 1 is the second."""
    return (
        round(first[0] + (second[0] - first[0]) * share),
        round(first[1] + (second[1] - first[1]) * share),
        round(first[2] + (second[2] - first[2]) * share),
    )


def darker(colour: Colour, share: float = 0.25) -> Colour:
    """Return the colour in shadow: nearer to a dark violet, not to black."""
    return mix(colour, (30, 22, 52), share)


def lighter(colour: Colour, share: float = 0.3) -> Colour:
    """Return the colour in light: nearer to a warm white."""
    return mix(colour, (255, 246, 226), share)
