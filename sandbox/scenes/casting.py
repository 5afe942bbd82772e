"""Where each subject of a scene is, and how large."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sandbox.scenes.catalogue import CATALOGUE, ENTERED, HELD, PERCH, Spot, Subject

if TYPE_CHECKING:
    from random import Random

    from sandbox.scenes.reading import Depiction, Mention
    from sandbox.scenes.stage import Stage


@dataclass(frozen=True, slots=True)
class Role:
    """A subject with what it carries."""

    mention: Mention
    subject: Subject
    rider: Role | None = None
    held: Role | None = None

    @property
    def tall(self) -> float:
        """How high it is with what it carries, in heights of the subject."""
        tops = [1.0]
        if self.rider is not None and self.subject.seat is not None:
            tops.append(self.subject.seat[1] + self.subject.seat[2] * self.rider.tall)
        if self.held is not None and self.subject.hand is not None:
            tops.append(self.subject.hand[1] + self.subject.hand[2] * self.held.grip)
        return max(tops)

    @property
    def grip(self) -> float:
        """How large it is when it is held: an umbrella has to go over its bearer's head."""
        return 1.7 if self.mention.name == "umbrella" else 1.0


@dataclass(frozen=True, slots=True)
class Spotted:
    """A role and its place in the picture."""

    role: Role
    x: float
    y: float
    height: float
    flip: bool
    number: int = 0


def cast(depiction: Depiction) -> tuple[Role, ...]:
    """Return the subjects that a prompt names; who sits on another, or is held, is part of it."""
    roles: list[Role] = []
    for mention in depiction.mentions:
        role, last = Role(mention, CATALOGUE[mention.name]), roles[-1] if roles else None
        if (
            last is not None
            and mention.relation == "with"
            and mention.name in HELD
            and last.subject.hand
        ):
            roles[-1] = replace(last, held=role)
        elif last is not None and mention.relation == "over" and last.subject.realm == "near":
            flying = replace(last, subject=replace(last.subject, realm="air"))
            roles[-1:] = [flying, role]
        elif last is not None and _carries(mention):
            roles[-1] = _carrier(role, last)
        else:
            roles.append(role)
    return tuple(_perching(role) for role in roles)


def _carries(mention: Mention) -> bool:
    """Return whether the one before is on or in this one."""
    if mention.relation == "in":
        return mention.name in ENTERED
    subject = CATALOGUE[mention.name]
    return mention.relation == "on" and (subject.seat is not None or mention.name == "tree")


def _carrier(role: Role, rider: Role) -> Role:
    if role.mention.name == "tree":
        role = replace(role, subject=PERCH)
    if rider.subject.perched is not None:
        rider = replace(rider, subject=replace(rider.subject, draw=rider.subject.perched))
    return replace(role, rider=rider)


def _perching(role: Role) -> Role:
    """Give a branch to a bird that neither flies nor sits on anything."""
    if role.subject.perched is None or role.subject.realm == "air" or role.rider:
        return role
    tree = replace(role.mention, name="tree", colour=None, count=1)
    return Role(tree, PERCH, role)


def spot(stage: Stage, roles: tuple[Role, ...], ground: str) -> list[Spotted]:
    """Place all roles, the farthest first."""
    found: list[Spotted] = []
    main = roles[0].subject.realm if roles else "near"
    alone = len({role.subject.realm for role in roles}) < 2  # noqa: PLR2004 - only one row
    for realm in ("far", "air", "deep", "water", "near"):
        row = [
            role for role in roles for _ in range(role.mention.count) if role.subject.realm == realm
        ]
        if row:
            found += _row(stage, row, ground, (realm == main, alone))
    return found


def _row(stage: Stage, row: list[Role], ground: str, standing: tuple[bool, bool]) -> list[Spotted]:
    """Place what is side by side; the row of the first subject as the composition wants it."""
    first, alone = standing
    composition = stage.composition
    random = stage.random(f"row {row[0].subject.realm}")
    sizes = _heights(row, random)
    wide = [2 * role.subject.reach * size for role, size in zip(row, sizes, strict=True)]
    scale = composition.room * (1.0 if alone else 0.84)
    scale = min(scale, (0.94 if len(row) == 1 else 1.0) * stage.width / sum(wide))
    found: list[Spotted] = []
    flips: dict[Role, bool] = {}
    places = _places(stage, [scale * each for each in wide], first=first)
    for number, (role, size, x) in enumerate(zip(row, sizes, places, strict=True)):
        subject = role.subject
        height = min(size * scale, 0.86 / role.tall)
        y = _foot(stage, subject, height, ground) + random.uniform(-0.01, 0.01)
        if subject.realm in ("air", "deep") and number:
            y += random.uniform(-0.14, 0.14)
        flip = flips.setdefault(role, x > stage.width / 2)  # those of one kind look one way
        found.append(Spotted(role, x, min(y, 0.97 - height * role.tall), height, flip, number))
    return sorted(found, key=lambda each: -each.y)


def _heights(row: list[Role], random: Random) -> list[float]:
    """Return how high each is beside the others, if there were room enough."""
    mixed = len({role.subject.beside for role in row}) > 1
    found: list[float] = []
    for number, role in enumerate(row):
        small = role.subject.beside if mixed else 1.0
        again = number > 0 and row[number - 1] is role
        found.append(
            role.subject.size * small * random.uniform(*((0.76, 0.94) if again else (0.94, 1.0)))
        )
    return found


def _places(stage: Stage, wide: list[float], *, first: bool) -> list[float]:
    """Return where so many are, side by side; the first where the composition has its subject."""
    x = stage.composition.x
    if not first:
        aside = abs(x - stage.width / 2) > 0.1 * stage.width
        x = stage.width - x if aside else stage.width * 0.24
    if len(wide) == 1:
        margin = min(wide[0] * 0.46, stage.width / 2)
        return [min(max(x, margin), stage.width - margin)]
    order = list(range(1, len(wide)))
    order.insert(round(x / stage.width * len(order)), 0)
    gap = (stage.width - sum(wide)) / len(wide)
    found, left = dict.fromkeys(order, 0.0), 0.0
    for number in order:
        found[number] = left + gap / 2 + wide[number] / 2
        left += gap + wide[number]
    return [found[number] for number in range(len(wide))]


def _foot(stage: Stage, subject: Subject, height: float, ground: str) -> float:
    """Return how high in the picture the feet of a subject are."""
    composition = stage.composition
    if subject.realm == "air" or ground == "space":
        return (
            max(composition.horizon + 0.05, 0.68 - height / 2)
            if ground != "space"
            else 0.5 - height / 2
        )
    if subject.realm == "deep" and ground == "underwater":
        return 0.5 - height / 2
    if subject.realm == "water" and ground in ("sea", "lake", "island", "river", "beach"):
        return composition.horizon * (0.74 if ground == "beach" else 0.46)
    if subject.realm == "far" and ground not in ("street", "room", "underwater"):
        high = ground == "lake" or "mountain" in stage.depiction.places
        return composition.horizon * (1.06 if high else 0.86)
    return composition.near


def seated(spotted: Spotted, seat: Spot) -> tuple[float, float, float]:
    """Return where a seat or hand is in the picture, and how high is what is there."""
    way = -1 if spotted.flip else 1
    return (
        spotted.x + way * seat[0] * spotted.height,
        spotted.y + seat[1] * spotted.height,
        seat[2] * spotted.height,
    )
