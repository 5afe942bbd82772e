"""Which places are behind the subjects, and which under their feet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sandbox.scenes import land, space, towns, waters
from sandbox.scenes.sky import draw_sky

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.scenes.stage import Stage

    Part = Callable[[Stage], None]

WATERS = frozenset({"sea", "lake", "river", "island", "beach"})
_BACKDROPS: dict[str, tuple[Part, str]] = {  # with the ground before them
    "mountain": (land.draw_mountains, "meadow"),
    "forest": (land.draw_forest, "meadow"),
    "city": (towns.draw_city, "square"),
    "village": (land.draw_village, "meadow"),
    "hills": (land.draw_hills, "meadow"),
}
_GROUNDS: dict[str, Part] = {
    "meadow": land.draw_meadow,
    "square": towns.draw_square,
    "field": land.draw_field,
    "sea": waters.draw_sea,
    "beach": waters.draw_beach,
    "island": waters.draw_island,
    "lake": waters.draw_lake,
    "river": waters.draw_river,
    "desert": land.draw_desert,
    "street": towns.draw_street,
    "room": towns.draw_room,
    "table": towns.draw_table,
}
_FRONTS: dict[str, Part] = {
    "sea": waters.draw_swell,
    "island": waters.draw_swell,
    "lake": waters.draw_lake_shore,
}
_OPEN = frozenset(
    {"sea", "beach", "island", "desert", "street", "room", "table"}
)  # need no backdrop


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where a scene is."""

    backdrop: str
    ground: str

    @property
    def all_around(self) -> bool:
        """Whether there is neither sky nor horizon."""
        return self.ground in ("underwater", "space", "room", "table")

    def draw_back(self, stage: Stage) -> None:
        """Draw all that is behind the subjects."""
        if self.ground == "underwater":
            waters.draw_underwater(stage)
            return
        if self.ground == "space":
            space.draw_space(stage)
            return
        if not self.all_around:
            draw_sky(stage)
        if self.backdrop:
            _BACKDROPS[self.backdrop][0](stage)
        if self.ground == "river":
            land.draw_meadow(stage)
        _GROUNDS[self.ground](stage)

    def draw_front(self, stage: Stage) -> None:
        """Draw what is in front of things far away, and of what floats."""
        if self.ground in _FRONTS:
            _FRONTS[self.ground](stage)

    def draw_frame(self, stage: Stage) -> None:
        """Draw what is near by at the edges."""
        if self.backdrop == "forest" and self.ground == "meadow":
            land.draw_forest_edge(stage)


def place_of(names: tuple[str, ...], *, dry: bool) -> Surroundings:
    """Return where a scene is; `dry`: whether something stands where there might only be water."""
    ground = next((name for name in names if name not in _BACKDROPS), "")
    backdrop = next((name for name in names if name in _BACKDROPS), "")
    if not ground:
        ground = _BACKDROPS[backdrop or "hills"][1]
    if not backdrop and ground not in _OPEN:
        backdrop = "hills"
    return Surroundings(backdrop, "beach" if ground == "sea" and dry else ground)
