"""What Midjourney makes of a prompt."""

import pytest

from sandbox.pictures import Scene
from sandbox.prompts import aspect, rewrite, split_flags


@pytest.mark.parametrize(
    ("sent", "echoed"),
    [
        ("a cat", "a cat --v 7.0"),
        ("a cat --v 7", "a cat --v 7.0"),
        ("a cat --v 6.1", "a cat --v 6.1"),
        ("a cat --niji 6", "a cat --niji 6"),
        ("a  cat\nand a\tdog", "a cat and a dog --v 7.0"),
        ("a cat \u2014ar 3:2", "a cat --ar 3:2 --v 7.0"),
        ("a cat --style raw --ar 3:2", "a cat --ar 3:2 --v 7.0 --raw"),
        ("a cat --raw --v 7", "a cat --v 7.0 --raw"),
        ("a cat --fast", "a cat --v 7.0"),
        ("\u201ca cat\u2019s hat\u201d", '"a cat\'s hat" --v 7.0'),
        ("a **bold** [cat] (50%) Image #2", "a **bold** [cat] (50%) Image #2 --v 7.0"),
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
    assert first.endswith("> a cat --v 7.0")


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
        ("a cat --ar 0:0", (1024, 1024)),
    ],
)
def test_the_aspect_decides_the_size(prompt: str, cell: tuple[int, int]) -> None:
    assert Scene(prompt, "job").cell_size == cell


def test_an_absurd_aspect_is_bounded() -> None:
    assert aspect("a cat --ar 1000:1") == 4.0
