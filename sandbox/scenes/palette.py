"""The light of a scene: colours by time of day, season and weather, in four variations each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sandbox.scenes.colours import Colour, darker, mix

if TYPE_CHECKING:
    from sandbox.scenes.reading import Depiction

_SKIES: dict[str, tuple[tuple[Colour, ...], ...]] = {  # from the zenith to the horizon
    "dawn": (
        ((92, 120, 178), (236, 170, 160), (255, 222, 170)),
        ((70, 96, 150), (226, 140, 150), (255, 208, 150)),
        ((120, 150, 190), (245, 190, 170), (255, 235, 195)),
        ((84, 84, 150), (214, 130, 170), (255, 200, 160)),
    ),
    "day": (
        ((74, 144, 205), (139, 195, 232), (225, 240, 245)),
        ((58, 122, 190), (120, 190, 222), (246, 236, 206)),
        ((86, 164, 200), (160, 212, 218), (250, 240, 215)),
        ((90, 130, 204), (160, 188, 232), (242, 226, 232)),
    ),
    "dusk": (
        ((46, 38, 92), (180, 76, 110), (255, 166, 92)),
        ((34, 52, 102), (140, 92, 140), (250, 176, 120)),
        ((64, 30, 84), (214, 84, 84), (255, 196, 104)),
        ((28, 48, 88), (104, 110, 156), (246, 184, 130)),
    ),
    "night": (
        ((10, 16, 44), (24, 44, 92), (62, 92, 146)),
        ((16, 12, 42), (46, 38, 100), (100, 86, 146)),
        ((6, 22, 44), (14, 58, 84), (52, 116, 130)),
        ((18, 20, 58), (38, 54, 114), (88, 108, 168)),
    ),
}
_AMBIENT: dict[str, tuple[Colour, float]] = {
    "dawn": ((255, 190, 170), 0.14),
    "day": ((255, 250, 235), 0.0),
    "dusk": ((92, 44, 92), 0.30),
    "night": ((18, 26, 70), 0.46),
}
_GROUND: dict[str, tuple[Colour, ...]] = {
    "spring": ((132, 184, 92), (120, 180, 104), (146, 188, 84), (112, 172, 98)),
    "summer": ((104, 160, 80), (92, 152, 92), (122, 162, 74), (84, 148, 84)),
    "autumn": ((190, 142, 72), (176, 124, 66), (202, 156, 84), (160, 134, 70)),
    "winter": ((232, 239, 246), (224, 234, 246), (238, 240, 244), (226, 232, 244)),
}
_LIGHTS: dict[str, Colour] = {
    "dawn": (255, 240, 200),
    "day": (255, 250, 222),
    "dusk": (255, 226, 160),
    "night": (246, 240, 214),
}
_OVERCAST: dict[str, tuple[Colour, float]] = {  # what weather mixes into the sky, and how much
    "clouds": ((196, 204, 214), 0.30),
    "rain": ((108, 122, 142), 0.52),
    "snow": ((206, 214, 226), 0.42),
    "storm": ((44, 50, 68), 0.70),
    "fog": ((210, 214, 216), 0.74),
}
_DIMMED = {"night": 0.66, "dusk": 0.42, "dawn": 0.10, "day": 0.0}  # clouds have less light then
_DARK = (24, 28, 58)


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours that all parts of a scene share."""

    time: str
    season: str
    sky: tuple[Colour, ...]  # from the zenith to the horizon
    light: Colour  # of sun or moon
    ambient: Colour  # what is mixed into everything
    dark: float  # how much of it
    ground: Colour
    lit: bool  # whether lamps are on

    @property
    def haze(self) -> Colour:
        """The colour that things fade into with the distance."""
        return mix(self.sky[-1], self.sky[-2], 0.25)

    @property
    def water(self) -> Colour:
        """The colour of water near by: that of the sky above, deeper."""
        return mix(mix(self.sky[0], self.sky[1], 0.4), (22, 84, 124), 0.45 * (1 - self.dark))


def palette_of(depiction: Depiction, number: int) -> Palette:
    """Return the light of a scene; `number` is one of four variations."""
    time = time_of(depiction)
    season = season_of(depiction)
    sky = _SKIES[time][number % 4]
    if colour := depiction.heavens.get("sky"):
        sky = (darker(colour, 0.35), colour, mix(colour, sky[-1], 0.55))
    dark = _AMBIENT[time][1]
    for weather in sorted(depiction.weather):
        grey, share = _OVERCAST[weather]
        grey = mix(grey, _DARK, _DIMMED[time])
        sky = tuple(mix(each, grey, share) for each in sky)
    if "storm" in depiction.weather:
        dark = max(dark, 0.34)
    return Palette(
        time=time,
        season=season,
        sky=sky,
        light=_LIGHTS[time],
        ambient=_AMBIENT["night"][0] if "storm" in depiction.weather else _AMBIENT[time][0],
        dark=dark,
        ground=_GROUND[season][number % 4],
        lit=time in ("dusk", "night") or bool(depiction.weather & {"storm", "fog", "rain"}),
    )


def time_of(depiction: Depiction) -> str:
    """Return the time of day that a prompt names, or what is above suggests."""
    if depiction.time:
        return depiction.time
    if depiction.heavens.keys() & {"moon", "stars", "aurora", "planet"}:
        return "night"
    return "day"


def season_of(depiction: Depiction) -> str:
    """Return the season that a prompt names, or what it names suggests."""
    if depiction.season:
        return depiction.season
    cold = {mention.name for mention in depiction.mentions} & {"penguin", "igloo", "snowman"}
    return "winter" if cold or "snow" in depiction.weather else "summer"
