"""Four compositions of one scene: where its subject and its light are, and how large."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

_FRAMES = (  # x of the subject, its size, the horizon, x of sun or moon: as shares
    (0.50, 1.00, 0.36, 0.74),
    (0.65, 0.88, 0.31, 0.30),
    (0.35, 0.80, 0.43, 0.68),
    (0.54, 1.18, 0.27, 0.24),
)


@dataclass(frozen=True, slots=True)
class Composition:
    """How one picture of a scene is composed. A picture is 1 high."""

    width: float
    x: float  # of the subject
    size: float  # of the subject, 1 being usual
    horizon: float
    light: tuple[float, float]  # sun or moon
    flip: bool  # whether the subject looks to the left
    palette: int  # one of four

    @property
    def unit(self) -> float:
        """How large things are: in a narrow picture, smaller."""
        return min(1.0, 0.25 + 0.75 * self.width)

    @property
    def room(self) -> float:
        """How high a subject of size 1 may be."""
        return self.unit * self.size

    @property
    def near(self) -> float:
        """How high in the picture the feet are of what stands near by."""
        return self.horizon * 0.36


def compose(seed: str, index: int, width: float) -> Composition:
    """Compose picture 1-4: all four are different, and always the same for the same seed."""
    order = Random(f"{seed}:order")  # noqa: S311 - repeatable on purpose
    frames, palettes = order.sample(_FRAMES, 4), order.sample(range(4), 4)
    x, size, horizon, light = frames[(index - 1) % 4]
    random = Random(f"{seed}:{index}")  # noqa: S311 - as above
    mirrored = order.random() < 0.5  # noqa: PLR2004 - as often as not
    x += random.uniform(-0.03, 0.03)
    light += random.uniform(-0.06, 0.06)
    return Composition(
        width=width,
        x=(1 - x if mirrored else x) * width,
        size=size * random.uniform(0.96, 1.04),
        horizon=horizon + random.uniform(-0.02, 0.02),
        light=((1 - light if mirrored else light) * width, random.uniform(0.78, 0.87)),
        flip=x > 0.5,  # noqa: PLR2004 - towards the middle
        palette=palettes[(index - 1) % 4],
    )
