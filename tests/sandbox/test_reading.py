"""What the sandbox understands of a prompt, to draw it."""

import pytest

from sandbox.scenes import words
from sandbox.scenes.casting import Role, cast
from sandbox.scenes.catalogue import CATALOGUE
from sandbox.scenes.colours import NAMED
from sandbox.scenes.palette import season_of, time_of
from sandbox.scenes.places import place_of
from sandbox.scenes.reading import read


@pytest.mark.parametrize(
    ("prompt", "named"),
    [
        ("a lighthouse", [("lighthouse", None, 1)]),
        ("un phare", [("lighthouse", None, 1)]),
        ("A RED FOX", [("fox", "red", 1)]),
        ("un renard roux", [("fox", "rust", 1)]),
        ("a red old wooden house", [("house", "red", 1)]),
        ("une maison bleue et un chat noir", [("house", "blue", 1), ("cat", "black", 1)]),
        ("a blue house, a white horse", [("house", "blue", 1), ("horse", "white", 1)]),
        ("a red and white lighthouse", [("lighthouse", "red", 1)]),
        ("two foxes", [("fox", None, 2)]),
        ("trois chevaux blancs", [("horse", "white", 3)]),
        ("a flock of birds", [("bird", None, 3)]),
        ("4 ducks", [("duck", None, 4)]),
        ("9 ducks", [("duck", None, 5)]),
        ("a hot air balloon", [("hot air balloon", None, 1)]),
        ("une montgolfière", [("hot air balloon", None, 1)]),
        ("une chauve-souris", [("bat", None, 1)]),
        ("a polar bear", [("bear", "white", 1)]),
        ("a cup of coffee", [("cup", None, 1)]),
        ("une rose", [("rose", None, 1)]),
        ("une maison rose", [("house", "pink", 1)]),
        ("a cat --ar 3:2 --v 7.0", [("cat", None, 1)]),
        ("a cat and a dog --no dogs, moon", [("cat", None, 1)]),
        ("<https://s.mj.run/cat-dog> a fox", [("fox", None, 1)]),
        ("a violin concerto", []),
    ],
)
def test_subjects_are_understood(prompt: str, named: list[tuple[str, str | None, int]]) -> None:
    assert [(each.name, each.colour, each.count) for each in read(prompt).mentions] == [
        (name, colour and NAMED[colour], count) for name, colour, count in named
    ]


@pytest.mark.parametrize(
    ("prompt", "places", "time", "weather", "season"),
    [
        ("a fox", (), "day", set[str](), "summer"),
        ("a lighthouse at dusk", (), "dusk", set[str](), "summer"),
        ("a red fox in a snowy forest", ("forest",), "day", {"snow"}, "winter"),
        ("a castle on a mountain in autumn", ("mountain",), "day", set[str](), "autumn"),
        ("a blue whale under stars", (), "night", set[str](), "summer"),
        ("a cat under the moon", (), "night", set[str](), "summer"),
        ("a cat in the sun", (), "day", set[str](), "summer"),
        ("un phare dans la tempête", (), "day", {"storm"}, "summer"),
        ("a city street at night in the rain", ("city", "street"), "night", {"rain"}, "summer"),
        ("an owl in the fog", (), "day", {"fog"}, "summer"),
        ("a desert at sunrise", ("desert",), "dawn", set[str](), "summer"),
        ("la forêt au crépuscule en été", ("forest",), "dusk", set[str](), "summer"),
        ("un lac, coucher de soleil d'automne", ("lake",), "dusk", set[str](), "autumn"),
        ("la mer sous la pluie au printemps", ("sea",), "day", {"rain"}, "spring"),
        ("une rue en hiver, la nuit", ("street",), "night", set[str](), "winter"),
        ("northern lights over mountains", ("mountain",), "night", set[str](), "summer"),
        ("a penguin", (), "day", set[str](), "winter"),
    ],
)
def test_place_time_weather_and_season_are_understood(
    prompt: str, places: tuple[str, ...], time: str, weather: set[str], season: str
) -> None:
    found = read(prompt)
    assert (found.places, time_of(found), found.weather, season_of(found)) == (
        places,
        time,
        weather,
        season,
    )


def test_what_is_above_may_have_a_colour() -> None:
    assert read("a red moon in a green sky").heavens == {
        "moon": NAMED["red"],
        "sky": NAMED["green"],
    }
    assert read("la lune rouge").heavens == {"moon": NAMED["red"]}


@pytest.mark.parametrize(
    ("prompt", "roles"),
    [
        ("a cat and a boat", ["cat", "boat"]),
        ("a cat on a boat under the moon", ["boat < cat"]),
        ("un chat dans un bateau", ["boat < cat"]),
        ("an astronaut riding a horse", ["horse < astronaut"]),
        ("a cat on a dog on a horse", ["horse < dog < cat"]),
        ("a fox with a rose on a boat", ["boat < fox + rose"]),
        ("a fox in a house", ["fox", "house"]),
        ("a robot with a flower", ["robot + flower"]),
        ("a cat under an umbrella", ["cat + umbrella"]),
        ("a man with a dog", ["man", "dog"]),
        ("an owl on a tree", ["tree < owl"]),
        ("an owl", ["tree < owl"]),
        ("a dragon over a castle", ["dragon ^", "castle"]),
    ],
)
def test_who_sits_on_whom_and_holds_what_is_understood(prompt: str, roles: list[str]) -> None:
    assert [_told(each) for each in cast(read(prompt))] == roles


def _told(role: Role) -> str:
    """Name a role, who rides it and what it holds, and whether it flies."""
    return (
        role.mention.name
        + (f" < {_told(role.rider)}" if role.rider else "")
        + (f" + {role.held.mention.name}" if role.held else "")
        + (" ^" if role.subject.realm == "air" else "")
    )


@pytest.mark.parametrize(
    "prompt",
    [
        "",
        " \n\t",
        "violin concerto",
        "مرحبا بالعالم",
        "שלום עולם",
        "\N{FOX FACE}\N{ZERO WIDTH JOINER}\N{SPARKLES}",
        "灯台",
        "x" * 2000,
        "--ar 3:2",
        "--no",
        "::2 , . ;",
        "\x00\ud83d",
    ],
)
def test_nothing_is_understood_of_what_names_nothing(prompt: str) -> None:
    assert read(prompt).empty


def test_every_word_means_something_that_can_be_drawn() -> None:
    assert set(words.SUBJECTS.values()) == CATALOGUE.keys()
    assert set(words.COLOURS.values()) | {"sky blue"} == NAMED.keys()
    for name in words.PLACES.values():
        assert place_of((name,), dry=False)
    for word in words.PLURALS:
        assert read(word).mentions[0].count > 1
    known = words.SUBJECTS | words.PLACES | words.TIMES | words.WEATHERS | words.SEASONS
    for word in known:
        assert not read(word).empty
