"""All subjects: how each is drawn, how large it is, where it is at home, and who can sit on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from sandbox.scenes import (
    birds,
    buildings,
    figures,
    grazers,
    mammals,
    plants,
    sea_life,
    things,
    vehicles,
)

if TYPE_CHECKING:
    from sandbox.scenes.style import Draw

Realm = Literal["near", "far", "water", "air", "deep"]
Spot = tuple[
    float, float, float
]  # x, y, and the height of what is there, in heights of the subject


@dataclass(frozen=True, slots=True)
class Subject:
    """What can be drawn. `size` is its height, in heights of a picture; `reach` half its width."""

    draw: Draw
    size: float
    reach: float  # in its own heights
    realm: Realm = "near"  # where it stands, swims or flies
    home: str = ""  # the place it is in, if the prompt names none
    seat: Spot | None = None  # for what is on or in it
    hand: Spot | None = None  # for what it holds
    perched: Draw | None = None  # how it is drawn when it sits on something
    beside: float = 1.0  # how large it is beside others, if not as it is alone


CATALOGUE: dict[str, Subject] = {
    "apple": Subject(things.apple, 0.34, 0.5, home="table", beside=0.62),
    "astronaut": Subject(figures.astronaut, 0.56, 0.34, home="space", hand=(0.27, 0.2, 0.5)),
    "bat": Subject(birds.bat, 0.34, 0.78, "air"),
    "bear": Subject(mammals.bear, 0.54, 0.4, seat=(0.0, 0.9, 0.5)),
    "bicycle": Subject(vehicles.bicycle, 0.36, 0.9, seat=(-0.16, 0.72, 1.1)),
    "bird": Subject(birds.flying_bird, 0.32, 0.72, "air", perched=birds.songbird, beside=0.62),
    "boat": Subject(vehicles.boat, 0.58, 0.76, "water", "sea", seat=(0.40, 0.16, 0.52)),
    "book": Subject(things.book, 0.36, 0.9, home="table", seat=(0.0, 0.7, 0.8)),
    "bridge": Subject(buildings.bridge, 0.27, 1.62, "far", "river", seat=(0.0, 0.95, 0.7)),
    "bus": Subject(vehicles.bus, 0.30, 1.0, home="street", seat=(0.0, 0.96, 0.8)),
    "butterfly": Subject(birds.butterfly, 0.36, 0.55, "air", "field", beside=0.62),
    "cabin": Subject(buildings.cabin, 0.36, 0.62, "far", "forest", seat=(0.0, 0.94, 0.5)),
    "cactus": Subject(plants.cactus, 0.5, 0.3, home="desert", seat=(0.0, 0.92, 0.4)),
    "camel": Subject(grazers.camel, 0.52, 0.7, home="desert", seat=(-0.02, 0.84, 0.62)),
    "campfire": Subject(things.campfire, 0.26, 0.5),
    "car": Subject(vehicles.car, 0.27, 1.0, home="street", seat=(0.02, 0.98, 0.9)),
    "castle": Subject(buildings.castle, 0.64, 0.46, "far", "hills", seat=(0.0, 0.3, 0.4)),
    "cat": Subject(
        mammals.cat, 0.46, 0.5, hand=(0.3, 0.2, 0.5), seat=(0.0, 0.92, 0.55), beside=0.62
    ),
    "child": Subject(figures.child, 0.48, 0.3, hand=(0.27, 0.3, 0.6)),
    "church": Subject(buildings.church, 0.46, 0.52, "far", "village"),
    "cow": Subject(grazers.cow, 0.44, 0.66, home="field", seat=(-0.05, 0.76, 0.6)),
    "cup": Subject(things.cup, 0.34, 0.66, home="table", beside=0.62),
    "deer": Subject(grazers.deer, 0.54, 0.5, home="forest", seat=(-0.08, 0.68, 0.4)),
    "dog": Subject(
        mammals.dog, 0.48, 0.42, hand=(0.3, 0.2, 0.5), seat=(0.0, 0.92, 0.55), beside=0.62
    ),
    "dolphin": Subject(sea_life.dolphin, 0.42, 0.85, "water", "sea"),
    "dragon": Subject(things.dragon, 0.50, 1.2, home="mountain", seat=(0.0, 0.52, 0.5)),
    "duck": Subject(birds.duck, 0.30, 0.68, "water", "lake", seat=(-0.1, 0.4, 0.6), beside=0.62),
    "eagle": Subject(birds.eagle, 0.38, 0.74, "air", "mountain"),
    "elephant": Subject(grazers.elephant, 0.54, 0.72, home="field", seat=(-0.1, 0.86, 0.5)),
    "fish": Subject(sea_life.fish, 0.36, 0.75, "deep", "underwater"),
    "flower": Subject(plants.flower, 0.52, 0.28, home="field", beside=0.62),
    "fox": Subject(mammals.fox, 0.48, 0.62, hand=(0.3, 0.2, 0.5), beside=0.62),
    "frog": Subject(sea_life.frog, 0.36, 0.55, home="lake", seat=(0.0, 0.9, 0.5), beside=0.62),
    "ghost": Subject(figures.ghost, 0.48, 0.32, "air", "hills"),
    "giraffe": Subject(grazers.giraffe, 0.68, 0.36, home="field", seat=(-0.08, 0.5, 0.3)),
    "gull": Subject(birds.gull, 0.30, 0.72, "air", "sea", beside=0.62),
    "heart": Subject(things.heart, 0.42, 0.5, "air"),
    "horse": Subject(grazers.horse, 0.52, 0.62, home="field", seat=(-0.06, 0.66, 0.62)),
    "hot air balloon": Subject(
        vehicles.hot_air_balloon, 0.56, 0.38, "air", "hills", seat=(0.0, 0.1, 0.34)
    ),
    "house": Subject(buildings.house, 0.36, 0.62, "far", "hills", seat=(0.1, 0.9, 0.45)),
    "igloo": Subject(buildings.igloo, 0.32, 0.8, "far", "mountain", seat=(-0.1, 0.9, 0.7)),
    "jellyfish": Subject(sea_life.jellyfish, 0.44, 0.38, "deep", "underwater"),
    "knight": Subject(figures.knight, 0.56, 0.38, home="hills", hand=(0.3, 0.4, 0.5)),
    "lantern": Subject(things.lantern, 0.36, 0.34),
    "lighthouse": Subject(buildings.lighthouse, 0.62, 0.2, "far", "sea"),
    "lion": Subject(mammals.lion, 0.50, 0.56, home="field", seat=(0.0, 0.9, 0.4)),
    "man": Subject(figures.man, 0.56, 0.32, hand=(0.30, 0.58, 0.5)),
    "mouse": Subject(mammals.mouse, 0.40, 0.62, home="field", hand=(0.3, 0.1, 0.6), beside=0.62),
    "mushroom": Subject(
        plants.mushroom, 0.36, 0.5, home="forest", seat=(0.0, 0.97, 0.7), beside=0.62
    ),
    "octopus": Subject(sea_life.octopus, 0.44, 0.75, "deep", "underwater"),
    "owl": Subject(
        birds.owl, 0.44, 0.38, home="forest", hand=(0.3, 0.1, 0.5), perched=birds.owl, beside=0.62
    ),
    "palm": Subject(plants.palm, 0.62, 0.4, home="beach"),
    "panda": Subject(mammals.panda, 0.52, 0.4, home="forest", hand=(0.3, 0.2, 0.5)),
    "penguin": Subject(
        birds.penguin, 0.46, 0.36, home="mountain", hand=(0.33, 0.24, 0.6), beside=0.62
    ),
    "pine": Subject(plants.pine, 0.62, 0.32, "far", "mountain"),
    "plane": Subject(vehicles.plane, 0.30, 1.0, "air"),
    "pumpkin": Subject(plants.pumpkin, 0.32, 0.56, home="field", seat=(0.0, 0.86, 0.8)),
    "pyramid": Subject(buildings.pyramid, 0.42, 0.88, "far", "desert", seat=(0.06, 0.98, 0.4)),
    "queen": Subject(figures.queen, 0.56, 0.32, hand=(0.30, 0.58, 0.5)),
    "rabbit": Subject(
        mammals.rabbit, 0.42, 0.34, home="field", hand=(0.26, 0.16, 0.6), beside=0.62
    ),
    "raven": Subject(birds.raven, 0.38, 0.62, perched=birds.raven, beside=0.62),
    "robot": Subject(
        figures.robot, 0.52, 0.42, home="city", hand=(0.37, 0.5, 0.52), seat=(0.0, 0.94, 0.4)
    ),
    "rocket": Subject(vehicles.rocket, 0.60, 0.3, "air", "space"),
    "rose": Subject(plants.rose, 0.52, 0.28, home="field", beside=0.62),
    "rowing boat": Subject(
        vehicles.rowing_boat, 0.26, 1.05, "water", "lake", seat=(0.1, 0.3, 1.35)
    ),
    "shark": Subject(sea_life.shark, 0.34, 1.0, "deep", "underwater"),
    "sheep": Subject(grazers.sheep, 0.42, 0.52, home="field", seat=(-0.05, 0.8, 0.6)),
    "ship": Subject(vehicles.ship, 0.56, 0.8, "water", "sea", seat=(0.5, 0.22, 0.3)),
    "snowman": Subject(figures.snowman, 0.52, 0.42, hand=(0.36, 0.6, 0.5)),
    "submarine": Subject(vehicles.submarine, 0.40, 0.9, "deep", "underwater"),
    "sunflower": Subject(plants.sunflower, 0.56, 0.28, home="field"),
    "swan": Subject(birds.swan, 0.40, 0.64, "water", "lake", seat=(-0.1, 0.36, 0.5)),
    "teapot": Subject(things.teapot, 0.34, 0.8, home="table", seat=(0.0, 0.92, 0.7)),
    "temple": Subject(buildings.temple, 0.56, 0.46, "far", "mountain"),
    "tent": Subject(buildings.tent, 0.30, 0.74, "far", "forest"),
    "tiger": Subject(mammals.tiger, 0.50, 0.52, home="forest", seat=(0.0, 0.9, 0.4)),
    "tower": Subject(buildings.tower, 0.62, 0.2, "far", "hills"),
    "train": Subject(vehicles.train, 0.24, 1.62, "far", "hills", seat=(-1.2, 0.62, 0.9)),
    "tree": Subject(plants.tree, 0.60, 0.46, "far", "hills"),
    "tulip": Subject(plants.tulip, 0.52, 0.28, home="field", beside=0.62),
    "turtle": Subject(sea_life.turtle, 0.34, 0.8, home="beach", seat=(-0.04, 0.84, 0.9)),
    "ufo": Subject(vehicles.flying_saucer, 0.32, 0.86, "air", "hills"),
    "umbrella": Subject(things.umbrella, 0.44, 0.64),
    "unicorn": Subject(grazers.unicorn, 0.52, 0.62, home="field", seat=(-0.06, 0.66, 0.62)),
    "whale": Subject(sea_life.whale, 0.38, 1.12, "water", "sea", seat=(-0.05, 0.6, 0.6)),
    "windmill": Subject(buildings.windmill, 0.54, 0.44, "far", "field"),
    "wizard": Subject(figures.wizard, 0.56, 0.32, hand=(-0.28, 0.42, 0.5)),
    "wolf": Subject(mammals.wolf, 0.50, 0.62, home="forest", seat=(0.0, 0.9, 0.4)),
    "woman": Subject(figures.woman, 0.56, 0.30, hand=(0.30, 0.58, 0.5)),
    "zebra": Subject(grazers.zebra, 0.50, 0.62, home="field", seat=(-0.06, 0.66, 0.62)),
}

PERCH = Subject(plants.perch, 0.86, 0.5, seat=(0.30, 0.40, 0.40))
"""A tree for what sits on it: its trunk and a branch, near by."""

HELD = frozenset(
    ("apple", "book", "cup", "flower", "heart", "lantern", "rose", "sunflower", "tulip", "umbrella")
)
"""What can be carried."""

ENTERED = frozenset(
    ("bicycle", "boat", "bus", "car", "hot air balloon", "rowing boat", "ship", "train", "tree")
)
"""What one is in, and not only on."""
