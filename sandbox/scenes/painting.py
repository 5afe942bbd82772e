"""Paints a scene: sky, place, subjects, weather."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sandbox.scenes.abstract import draw_abstract
from sandbox.scenes.casting import Spotted, cast, seated, spot
from sandbox.scenes.catalogue import PERCH
from sandbox.scenes.colours import lighter
from sandbox.scenes.composition import compose
from sandbox.scenes.drawing import Drawing
from sandbox.scenes.land import draw_crag
from sandbox.scenes.palette import palette_of
from sandbox.scenes.places import WATERS, Surroundings, place_of
from sandbox.scenes.reading import read
from sandbox.scenes.space import draw_moon_ground
from sandbox.scenes.stage import Stage
from sandbox.scenes.weather import draw_lightning, draw_weather

if TYPE_CHECKING:
    from PIL import Image

    from sandbox.scenes.casting import Role
    from sandbox.scenes.drawing import Size


def paint(prompt: str, seed: str, index: int, size: Size) -> Image.Image:
    """Return picture 1-4 of a prompt. The same seed gives the same four, in any size."""
    # Half an emoji is no text; JSON can hold it all the same.
    prompt, seed = (text.encode("utf-8", "replace").decode() for text in (prompt, seed))
    depiction = read(prompt)
    drawing = Drawing(size)
    composition = compose(seed, index, drawing.width)
    stage = Stage(
        drawing,
        depiction,
        composition,
        palette_of(depiction, composition.palette),
        f"{seed}:{index}",
    )
    if depiction.empty:
        draw_abstract(stage, prompt)
    else:
        _draw_scene(stage)
    return drawing.finished()


def _draw_scene(stage: Stage) -> None:
    roles = cast(stage.depiction)
    place = _place(stage, roles)
    place.draw_back(stage)
    if "storm" in stage.depiction.weather and not place.all_around:
        draw_lightning(stage)
    if "fog" in stage.depiction.weather and not place.all_around:
        stage.drawing.veil(stage.palette.haze, 1.0, 0.0, (0.3, 0.6))
    spotted = spot(stage, roles, place.ground)
    behind = [each for each in spotted if each.role.subject.realm not in ("near", "deep")]
    for each in behind:
        _draw_footing(stage, each, place)
        _draw_role(stage, each, place)
    if place.ground == "space" and any(each.role.subject.realm != "air" for each in spotted):
        draw_moon_ground(stage)
    place.draw_front(stage)
    place.draw_frame(stage)
    for each in spotted:
        if each not in behind:
            _draw_role(stage, each, place)
    if not place.all_around:
        draw_weather(stage)


def _place(stage: Stage, roles: tuple[Role, ...]) -> Surroundings:
    names = stage.depiction.places
    if not names and roles:
        names = (roles[0].subject.home or "hills",)
    dry = any(role.subject.realm == "near" for role in roles)
    if roles and all(role.subject.realm == "deep" for role in roles) and WATERS.issuperset(names):
        names = ("underwater",)
    return place_of(names, dry=dry)


def _draw_footing(stage: Stage, spotted: Spotted, place: Surroundings) -> None:
    """Draw a rock under a building at sea, or on a mountain."""
    if spotted.role.subject.realm != "far":
        return
    wide = max(0.09, spotted.role.subject.reach * spotted.height)
    if place.ground in ("sea", "beach") or place.backdrop == "mountain":
        draw_crag(stage, spotted.x, spotted.y + 0.012, wide)


def _draw_role(stage: Stage, spotted: Spotted, place: Surroundings) -> None:
    role = spotted.role
    realm = role.subject.realm
    floats = realm == "water" and place.ground in WATERS
    if stage.palette.dark and realm != "deep":
        middle = spotted.x, spotted.y + spotted.height / 2
        stage.drawing.glow(middle, spotted.height * 0.95, lighter(stage.palette.haze, 0.25), 0.34)
    if floats:
        _draw_reflection(stage, spotted)
    elif realm == "near" and role.subject is not PERCH:
        wide = role.subject.reach * spotted.height * 0.85
        stage.pen().ellipse(spotted.x, spotted.y, (wide, wide * 0.13), (26, 24, 50, 70))
    _draw_subject(stage, spotted)
    _draw_rider(stage, spotted)
    if floats:
        pen, foam = stage.drawing.pen.at(spotted.x, spotted.y), lighter(stage.palette.water, 0.45)
        long, wide = role.subject.reach * spotted.height, 0.02 * spotted.height + 0.006
        path = ((-long, -0.006), (0.0, 0.002), (long, -0.006))
        pen.taper(path, (0.002, wide, 0.002), (*foam, 220))


def _draw_rider(stage: Stage, spotted: Spotted) -> None:
    """Draw who sits on a subject, and on them, and so on."""
    rider, seat = spotted.role.rider, spotted.role.subject.seat
    if rider is None or seat is None:
        return
    x, y, height = seated(spotted, seat)
    count = rider.mention.count
    for number in range(count):
        small = height / (1 + 0.25 * (count - 1))
        shift = (0.3 * (count - 1) - 0.8 * number) * small * (-1 if spotted.flip else 1)
        on = Spotted(rider, x + shift, y, small, spotted.flip, number)
        _draw_subject(stage, on)
        _draw_rider(stage, on)


def _draw_subject(stage: Stage, spotted: Spotted) -> None:
    role = spotted.role
    distance = 0.10 if role.subject.realm == "far" else 0.02
    if "fog" in stage.depiction.weather:
        distance += 0.16
    pen = stage.subject_pen(distance).at(spotted.x, spotted.y, spotted.height, flip=spotted.flip)
    style = stage.style(role.mention.colour, spotted.number + stage.composition.palette)
    if role.held is not None and role.subject.hand is not None:
        x, y, size = role.subject.hand
        held = pen.at(x, y, size * role.held.grip)
        role.held.subject.draw(held, replace(style, colour=role.held.mention.colour))
    role.subject.draw(pen, style)


def _draw_reflection(stage: Stage, spotted: Spotted) -> None:
    role = spotted.role
    pen = stage.subject_pen(0.04).tinted(stage.palette.water, 0.66)
    style = stage.style(role.mention.colour)
    place = pen.at(spotted.x, spotted.y, spotted.height, flip=spotted.flip)
    role.subject.draw(place.squashed(-0.5), style)
