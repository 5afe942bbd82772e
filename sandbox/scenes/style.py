"""How a subject looks in its scene."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sandbox.scenes.colours import Colour

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.scenes.drawing import Pen

    Draw = Callable[[Pen, "Style"], None]


_SKINS: tuple[Colour, ...] = ((226, 172, 134), (150, 100, 72), (240, 196, 160), (190, 136, 100))
_HAIR: tuple[Colour, ...] = ((84, 56, 48), (44, 38, 46), (186, 128, 66), (58, 44, 44))


@dataclass(frozen=True, slots=True)
class Style:
    """The colour that the prompt gives a subject, if any, and what its surroundings do to it."""

    colour: Colour | None = None
    season: str = "summer"
    lit: bool = False  # whether it is so dark that lamps are on
    number: int = 0  # tells people apart

    @property
    def snowy(self) -> bool:
        """Whether snow lies on it."""
        return self.season == "winter"

    @property
    def skin(self) -> Colour:
        """The colour of a person's skin."""
        return _SKINS[self.number % len(_SKINS)]

    @property
    def hair(self) -> Colour:
        """The colour of a person's hair."""
        return _HAIR[self.number % len(_HAIR)]

    def coloured(self, usual: Colour) -> Colour:
        """Return its main colour."""
        return self.colour or usual
