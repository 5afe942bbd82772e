"""What Midjourney makes of a prompt."""

import pytest

from sandbox.pictures import Scene, draw_grid, solo_file
from sandbox.prompts import aspect, is_hd, rewrite, split_flags
from tests.sandbox.clients import NAMED


@pytest.mark.parametrize(
    ("sent", "echoed"),
    [
        ("a cat", f"a cat {NAMED}"),
        ("a cat --v 7", "a cat --v 7.0"),
        ("a cat --v 6.1", "a cat --v 6.1"),
        ("a cat --niji 6", "a cat --niji 6"),
        ("a  cat\nand a\tdog", f"a cat and a dog {NAMED}"),
        ("a cat \u2014ar 3:2", f"a cat --ar 3:2 {NAMED}"),
        ("a cat --style raw --ar 3:2", f"a cat --ar 3:2 {NAMED} --raw"),
        ("a cat --raw --v 7", "a cat --v 7.0 --raw"),
        ("a cat --fast", f"a cat {NAMED}"),
        ("\u201ca cat\u2019s hat\u201d", f'"a cat\'s hat" {NAMED}'),
        ("a **bold** [cat] (50%) Image #2", f"a **bold** [cat] (50%) Image #2 {NAMED}"),
        ("well-known --no hat, tie --v 7", "well-known --no hat, tie --v 7.0"),
    ],
)
def test_a_prompt_is_echoed_in_midjourneys_own_form(sent: str, echoed: str) -> None:
    assert rewrite(sent) == echoed


def test_links_become_short_ones_and_equal_links_equal_ones() -> None:
    first, second = (rewrite("https://example.org/a.png a cat") for _ in range(2))
    assert first == second
    assert first.startswith("<https://s.mj.run/")
    assert "example.org" not in first
    assert first.endswith(f"> a cat {NAMED}")


def test_pictures_to_edit_become_short_links() -> None:
    echo = rewrite("a cat --edit https://example.org/a.png https://example.org/b.png --tile")
    assert echo.startswith("a cat --edit <https://s.mj.run/")
    assert echo.count("<https://s.mj.run/") == 2
    assert echo.endswith(f"> --tile {NAMED}")


def test_an_echo_is_echoed_unchanged() -> None:
    echoed = rewrite("a cat --style raw --ar 3:2")
    assert rewrite(echoed) == echoed


def test_flags_keep_their_values() -> None:
    assert split_flags("a cat --no hat, tie --tile") == ("a cat", ["--no hat, tie", "--tile"])


@pytest.mark.parametrize(
    ("prompt", "cell"),
    [
        ("a cat", (1024, 1024)),
        ("a cat --ar 3:2", (1344, 896)),
        ("a cat --ar 2:3", (896, 1344)),
        ("a cat --aspect 16:9", (1456, 816)),
        ("a cat --ar 4:3", (1232, 928)),
        ("a cat --ar 3:4", (928, 1232)),
        ("a cat --ar 0:0", (1024, 1024)),
    ],
)
def test_the_aspect_decides_the_size(prompt: str, cell: tuple[int, int]) -> None:
    assert Scene(prompt, "job").cell_size == cell


@pytest.mark.parametrize(
    ("prompt", "grid"),
    [
        ("a cat", (4096, 4096)),
        ("a cat --ar 16:9", (5824, 3264)),
        ("a cat --ar 3:4", (3712, 4928)),
    ],
)
def test_in_hd_all_sides_are_twice_as_long(prompt: str, grid: tuple[int, int]) -> None:
    assert draw_grid(Scene(prompt, "job", hd=True)).size == grid


@pytest.mark.parametrize(
    ("prompt", "usually", "hd"),
    [
        ("a cat", False, False),
        ("a cat", True, True),
        ("a cat --hd", False, True),
        ("a cat --hd --ar 3:2", False, True),
        ("a cat --sd", True, False),
        ("a cat --hdr", False, False),
        ("an hd cat", False, False),
    ],
)
def test_the_prompt_decides_about_hd_or_else_the_account(
    prompt: str, usually: bool, hd: bool
) -> None:
    assert is_hd(prompt, usually=usually) is hd


def test_grain_makes_the_files_of_a_photo_and_the_same_ones_again() -> None:
    flat, grainy = (solo_file(Scene("a cat", "job", grain=g), 1)[0] for g in (0.0, 0.1))
    assert len(grainy) > 5 * len(flat)
    assert grainy == solo_file(Scene("a cat", "job", grain=0.1), 1)[0]


def test_an_absurd_aspect_is_bounded() -> None:
    assert aspect("a cat --ar 1000:1") == 4.0
