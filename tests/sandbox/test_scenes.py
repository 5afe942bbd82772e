"""The pictures of the sandbox show what the prompt names, in any size."""

import hashlib
import os
import subprocess
import sys
from io import BytesIO
from itertools import combinations
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageFilter, ImageStat

from sandbox.pictures import Scene, draw_cell, draw_grid, draw_preview, hd_file
from sandbox.scenes import words
from sandbox.scenes.catalogue import CATALOGUE
from sandbox.scenes.composition import compose
from sandbox.scenes.drawing import Drawing, resized
from sandbox.scenes.painting import paint
from sandbox.scenes.style import Style

PROMPTS = (
    "a lighthouse at dusk --ar 3:2",
    "a red fox in a snowy forest",
    "a cat on a boat under the moon",
    "a robot with a flower in the rain",
    "a castle on a mountain in autumn",
    "a blue whale under stars",
    "un phare dans la tempête",
    "a city street at night in the rain --ar 16:9",
    "an owl on a tree in fog --ar 2:3",
    "a hot air balloon over a desert at sunrise",
    "a violin concerto",
)
STRANGE = (
    "",
    "مرحبا بالعالم",
    "\N{FOX FACE}\N{SPARKLES}",
    "x" * 2000,
    "a " * 1000 + "cat",
    "cat " * 60,
    "--ar 0:0",
    "\x00\ud83d",
    " ".join(sorted(set(words.SUBJECTS))),
    " ".join(sorted({*words.PLACES, *words.TIMES, *words.WEATHERS, *words.SEASONS})),
)
SMALL = 256  # of a grid's side


def difference(first: Image.Image, second: Image.Image) -> float:
    """Return how much two pictures differ on average, from 0 to 255."""
    assert first.size == second.size
    return sum(ImageStat.Stat(ImageChops.difference(first, second)).mean) / 3


def quarters(grid: Image.Image) -> list[Image.Image]:
    width, height = grid.width // 2, grid.height // 2
    corners = [(0, 0), (width, 0), (0, height), (width, height)]
    return [grid.crop((x, y, x + width, y + height)) for x, y in corners]


def shrunk(picture: Image.Image, times: int) -> Image.Image:
    return picture.reduce(times)


def share_of(picture: Image.Image, reds: range, greens: range, blues: range) -> float:
    """Return the share of pixels whose colour is within these ranges."""
    content = picture.tobytes()
    pixels = zip(content[::3], content[1::3], content[2::3], strict=True)
    found = sum(r in reds and g in greens and b in blues for r, g, b in pixels)
    return found / (picture.width * picture.height)


@pytest.mark.parametrize("prompt", PROMPTS)
def test_an_upscale_is_its_quarter_of_the_grid_and_no_other(prompt: str) -> None:
    scene = Scene(prompt, "job", SMALL)
    cells = quarters(draw_grid(scene))
    width, height = scene.cell_size
    for index in (1, 2, 3, 4):
        assert draw_cell(scene, index).tobytes() == cells[index - 1].tobytes()
        larger = draw_cell(scene, index, (4 * width, 4 * height))
        own, *others = sorted(range(4), key=lambda k: difference(shrunk(larger, 4), cells[k]))
        assert own == index - 1
        nearest = difference(shrunk(larger, 4), cells[own])
        assert nearest < 6
        assert all(difference(shrunk(larger, 4), cells[k]) > 1.8 * nearest for k in others)


def test_a_larger_picture_is_finer() -> None:
    """It is drawn anew, and not stretched."""
    scene = Scene("a castle on a mountain in autumn", "job", SMALL)
    content, size = hd_file(scene, 1)
    assert size == (SMALL, SMALL)
    with Image.open(BytesIO(content)) as image:
        larger = image.convert("RGB")
    stretched = resized(draw_cell(scene, 1), size, Image.Resampling.BICUBIC)
    assert _detail(larger) > 1.3 * _detail(stretched)


def _detail(picture: Image.Image) -> float:
    return difference(picture, picture.filter(ImageFilter.GaussianBlur(1)))


@pytest.mark.parametrize("prompt", PROMPTS)
def test_the_four_of_a_grid_differ(prompt: str) -> None:
    cells = quarters(draw_grid(Scene(prompt, "job", SMALL)))
    assert all(difference(*pair) > 8 for pair in combinations(cells, 2))


@pytest.mark.parametrize("width", [0.25, 1.0, 1.5, 4.0])
def test_the_four_are_composed_otherwise(width: float) -> None:
    """Subject, light, horizon and colours are elsewhere in each; the subject is never far off."""
    four = [compose("job", index, width) for index in (1, 2, 3, 4)]
    assert sorted(each.palette for each in four) == [0, 1, 2, 3]
    for first, second in combinations(four, 2):
        assert abs(first.size - second.size) + abs(first.horizon - second.horizon) > 0.05
        assert abs(first.x - second.x) + abs(first.light[0] - second.light[0]) > 0.01 * width
    assert all(0.3 < each.x / width < 0.7 for each in four)
    assert four != [compose("other job", index, width) for index in (1, 2, 3, 4)]


@pytest.mark.parametrize("prompt", ["a cat", "a room", "مرحبا", ""])
def test_no_two_jobs_have_one_picture(prompt: str) -> None:
    """As small as in most tests, which tell pictures apart by their pixels."""
    scenes = [Scene(prompt, f"job {number}", 64) for number in range(50)]
    pictures = {draw_cell(each, index).tobytes() for each in scenes for index in (1, 2, 3, 4)}
    assert len(pictures) == 200


def test_a_scene_is_the_same_in_every_process() -> None:
    code = (
        "import hashlib; from sandbox.scenes.painting import paint;"
        f"print(hashlib.sha256(paint({PROMPTS[7]!r}, 'job', 2, (64, 36)).tobytes()).hexdigest())"
    )
    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=Path(__file__).parents[2],
            capture_output=True,
            check=True,
        )
        here = hashlib.sha256(paint(PROMPTS[7], "job", 2, (64, 36)).tobytes()).hexdigest()
        assert done.stdout.decode().strip() == here


@pytest.mark.parametrize("prompt", STRANGE)
@pytest.mark.parametrize("size", [(8, 8), (96, 24), (24, 96), (64, 48)])
def test_every_prompt_has_a_picture(prompt: str, size: tuple[int, int]) -> None:
    for index in (1, 2, 3, 4):
        picture = paint(prompt, "job", index, size)
        assert picture.size == size
        assert len(picture.getcolors(8000) or ()) > 8


@pytest.mark.parametrize("name", CATALOGUE)
def test_every_subject_can_be_seen(name: str) -> None:
    """It covers some of a square as wide as itself; it comes from its name alone."""
    drawing, subject = Drawing((96, 96)), CATALOGUE[name]
    subject.draw(drawing.pen.at(0.5, 0.05, min(0.9, 0.5 / subject.reach)), Style())
    blank = Image.new("RGB", (96, 96))
    assert difference(drawing.finished(), blank) > 5
    word = next(word for word, found in words.SUBJECTS.items() if found == name)
    without, shown = (paint(each, "job", 1, (64, 64)) for each in ("hills", f"a {word}, hills"))
    assert difference(without, shown) > 2


@pytest.mark.parametrize(
    "surroundings",
    sorted(
        {
            name
            for table in (words.PLACES, words.TIMES, words.WEATHERS, words.SEASONS, words.HEAVENS)
            for name in table.values()
        }
        - {"hills", "day", "summer", "sun"}  # as it usually is
        - {"sky"}  # which only has a colour
    ),
)
def test_all_that_is_around_a_subject_can_be_seen(surroundings: str) -> None:
    usual, other = (paint(f"a cat, {each}", "job", 1, (64, 64)) for each in ("hills", surroundings))
    assert difference(usual, other) > 1


@pytest.mark.parametrize(
    ("prompt", "reds", "greens", "blues"),
    [
        ("a red fox", range(180, 256), range(60, 130), range(20, 70)),
        ("a red house", range(150, 256), range(25, 90), range(25, 90)),
        ("a blue house", range(30, 100), range(60, 150), range(120, 220)),
        ("a yellow submarine", range(200, 256), range(170, 230), range(40, 120)),
    ],
)
def test_a_colour_is_that_of_its_noun(
    prompt: str, reds: range, greens: range, blues: range
) -> None:
    subject = prompt.rpartition(" ")[2]
    other = "green" if subject != "fox" else "white"
    for index in (1, 2, 3, 4):
        size = (96, 96)
        shares = [
            share_of(paint(each, "job", index, size), reds, greens, blues)
            for each in (prompt, f"a {other} {subject}")
        ]
        assert shares[0] > shares[1] + 0.03


def test_more_of_a_kind_are_smaller_and_all_there() -> None:
    """Foxes are the only thing that is so red."""
    reds, greens, blues = range(190, 256), range(70, 120), range(20, 60)
    one, three = (paint(each, "job", 1, (240, 80)) for each in ("a fox", "three foxes"))
    thirds = [three.crop((x, 0, x + 80, 80)) for x in (0, 80, 160)]
    assert (
        sum(
            share_of(one.crop((x, 0, x + 80, 80)), reds, greens, blues) > 0.01 for x in (0, 80, 160)
        )
        < 3
    )
    assert all(share_of(each, reds, greens, blues) > 0.01 for each in thirds)


def test_a_preview_is_the_picture_blurred_the_less_the_later() -> None:
    scene = Scene("a red fox in a snowy forest", "job", 1024)
    grid = shrunk(draw_grid(scene), 4)
    far = [difference(draw_preview(scene, percent), grid) for percent in (35, 51, 79, 93)]
    assert draw_preview(scene, 35).size == (256, 256)
    assert far == sorted(far, reverse=True)
    assert far[-1] < 0.5 * far[0]
    cell = draw_preview(scene, 93, 2)
    own, *others = sorted(range(4), key=lambda k: difference(cell, quarters(grid)[k]))
    assert own == 1
    assert others
