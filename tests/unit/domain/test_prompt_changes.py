"""What is added to a prompt, and which of two parameters wins."""

from __future__ import annotations

import pytest

from domain.errors import BadPrompt
from domain.prompt_changes import amended, defaults_at_the_end, with_defaults
from domain.prompt_check import check


@pytest.mark.parametrize(
    ("prompt", "more", "sent"),
    [
        ("a cat", "", "a cat"),
        ("a cat --ar 3:2", "", "a cat --ar 3:2"),
        ("a cat", "in the rain", "a cat in the rain"),
        ("a cat --ar 3:2", "in the rain", "a cat in the rain --ar 3:2"),
        ("a cat --ar 3:2", "--ar 9:16", "a cat --ar 9:16"),
        ("a cat --aspect 3:2", "--ar 9:16", "a cat --ar 9:16"),
        ("a cat --ar 3:2", "--aspect 9:16", "a cat --aspect 9:16"),
        ("a cat --AR 3:2 --s 50", "--ar 9:16", "a cat --s 50 --ar 9:16"),
        ("a cat --ar 3:2", "\u2014ar 9:16", "a cat --ar 9:16"),  # a phone's dash
        ("a cat", "--ar 9:16 in the rain", "a cat in the rain --ar 9:16"),
        ("a cat --no rain, fog", "in snow --no ice", "a cat in snow --no ice"),
        ("a cat --v 7", "--niji 7", "a cat --niji 7"),
        ("a cat --niji 7 --ar 3:2", "--v 8.2", "a cat --ar 3:2 --v 8.2"),
        ("a cat --hd", "--sd", "a cat --sd"),
        ("a cat --sd", "--hd", "a cat --hd"),
        ("a cat --fast", "--relax", "a cat --relax"),
        ("a cat --public", "--stealth", "a cat --stealth"),
        ("a cat --zebra 1 --lion 2", "--zebra 3", "a cat --lion 2 --zebra 3"),
    ],
)
def test_words_go_behind_the_text_and_parameters_in_place_of_their_like(
    prompt: str, more: str, sent: str
) -> None:
    assert amended(prompt, more) == sent


def test_a_slip_is_left_for_the_check_to_name() -> None:
    with pytest.raises(BadPrompt) as bad:
        check(amended("a cat --ar 3:2", "-ar 9:16"))
    assert bad.value.found == "-ar 9:16"


def test_dashes_in_the_old_text_stay_there() -> None:
    assert amended("a cat -s 50", "--ar 3:2") == "a cat -s 50 --ar 3:2"


def fits(prompt: str) -> bool:
    """Return what the settings of a bot say of a prompt, where nothing costly is allowed."""
    try:
        check(prompt)
    except BadPrompt:
        return False
    return True


@pytest.mark.parametrize(
    ("prompt", "defaults", "used"),
    [
        ("a cat", "", ""),
        ("a cat", "--ar 3:2 --v 7", "--ar 3:2 --v 7"),
        ("a cat --ar 1:1", "--ar 3:2 --v 7", "--v 7"),
        ("a cat --aspect 1:1", "--ar 3:2", ""),
        ("a cat --niji 7", "--v 7", ""),
        ("a cat --v 7", "--niji 7", ""),
        ("a cat --hd", "--sd", ""),
        ("a cat --sd", "--hd", ""),
        ("a cat --relax", "--fast", ""),
        ("a cat --no rain", "--no text", ""),
        ("a cat --zebra 1", "--zebra 2 --lion 3", "--lion 3"),
        ("a cat --v 7", "--sd --ar 3:2", "--ar 3:2"),  # V7 does not take it
        ("a cat --ar 16:1", "--sd --s 50", "--s 50"),  # too long a picture for it
        ("a cat", "--turbo --s 50", "--s 50"),  # allowed once, and not any more
    ],
)
def test_defaults_are_added_where_the_prompt_says_nothing_of_it(
    prompt: str, defaults: str, used: str
) -> None:
    sent = f"{prompt} {used}".strip()
    assert with_defaults(prompt, defaults, fits) == (sent, used)
    assert defaults_at_the_end(sent, defaults) == used


def test_defaults_are_found_at_the_end_alone() -> None:
    assert defaults_at_the_end("a cat --s 50 --ar 3:2", "--ar 3:2 --v 7") == "--ar 3:2"
    assert defaults_at_the_end("a cat --ar 3:2 --s 50", "--ar 3:2 --v 7") == ""
    assert defaults_at_the_end("a cat --ar 3:2", "") == ""
