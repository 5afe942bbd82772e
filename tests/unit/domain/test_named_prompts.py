"""The prompts that went wrong once, by name: each with what is sent, or said, today."""

import pytest

from domain.errors import PromptFault
from domain.parameters import Costly
from domain.prompt_check import check
from tests.unit.domain.refused import refusal

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
HEALER = "\U0001f469\u200d\u2695\ufe0f"
WALES = "\U0001f3f4" + "".join(chr(0xE0000 + ord(c)) for c in "gbwls") + "\U000e007f"
PERSIAN = "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"
INDIC = "\u0d9a\u0dca\u200d\u0dc2"


@pytest.mark.parametrize(
    ("typed", "fault", "offered"),
    [
        pytest.param("--ar16:9", PromptFault.MISSPELT, "--ar 16:9", id="--ar16:9"),
        pytest.param("--v6", PromptFault.MISSPELT, "--v 6", id="--v6"),
        pytest.param("--s250", PromptFault.MISSPELT, "--s 250", id="--s250"),
        pytest.param("--chaos50", PromptFault.MISSPELT, "--chaos 50", id="--chaos50"),
        pytest.param("-ar 16:9", PromptFault.MISSPELT, "--ar 16:9", id="-ar 16:9"),
        pytest.param("--ar 3:2,", PromptFault.PARAMETER, "--ar 3:2", id="--ar 3:2,"),
        pytest.param("--q 3", PromptFault.PARAMETER, "--q 1", id="--q 3"),
        pytest.param("--q 5", PromptFault.PARAMETER, "--q 1", id="--q 5, the cheapest"),
        pytest.param("--hd --ar 6:1", PromptFault.SHAPE, "--ar 4:1", id="--hd --ar 6:1"),
    ],
)
def test_a_slip_is_caught_with_the_right_form(typed: str, fault: PromptFault, offered: str) -> None:
    told = refusal(f"a cat {typed}", costly=frozenset(Costly))
    assert (told.fault, f"{told.name} {told.nearest}") == (fault, offered)
    assert check(f"a cat {offered}") == f"a cat {offered}"


@pytest.mark.parametrize(
    ("typed", "fault", "out", "beside"),
    [
        pytest.param("--stop 80 --v 7", PromptFault.MODEL, "--stop 80", "--v 7", id="stop in V7"),
        pytest.param("--hd --sd", PromptFault.EXCLUDES, "--hd", "--sd", id="HD and SD"),
        pytest.param("--bs 2", PromptFault.NEEDS, "--bs 2", "--video", id="--bs alone"),
        pytest.param(
            "--motion low", PromptFault.NEEDS, "--motion low", "--video", id="--motion alone"
        ),
    ],
)
def test_what_does_not_go_together_is_caught_with_what_to_leave_out(
    typed: str, fault: PromptFault, out: str, beside: str
) -> None:
    told = refusal(f"a cat {typed}", costly=frozenset(Costly))
    assert (told.fault, told.found, told.other) == (fault, out, beside)
    assert check(" ".join(f"a cat {typed}".replace(out, "").split()))


@pytest.mark.parametrize(
    ("typed", "times"),
    [("--turbo", 2), ("--q 2", 2), ("--q 4", 4), ("--oref x", 2), ("--hd", 1.6), ("--video", 2)],
)
def test_what_costs_more_is_caught_with_its_factor(typed: str, times: float) -> None:
    told = refusal(f"a cat {typed}")
    assert told.fault == PromptFault.COSTLY
    assert told.price is not None
    assert told.price.times == times
    assert check(f"a cat {typed}", costly=frozenset(Costly)) == f"a cat {typed}"


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("a cat \u2014ar 16:9 \u2014hd", "a cat --ar 16:9 --hd"),
        ("a cat \u2013v 7 \u2013stealth", "a cat --v 7 --stealth"),
        ("a cat \u2014 a turtle", "a cat \u2014 a turtle"),
        ("1890\u20131910", "1890\u20131910"),
        ("imagine prompt: a cat", "a cat"),
        ("/imagine prompt: a cat", "a cat"),
        ("prompt: a cat", "a cat"),
        ("--ar 16:9 a cat", "a cat --ar 16:9"),
    ],
)
def test_what_is_typed_is_understood(typed: str, sent: str) -> None:
    assert check(typed, costly=frozenset(Costly)) == sent


@pytest.mark.parametrize("words", [FAMILY, HEALER, WALES, PERSIAN, INDIC])
def test_what_joins_stays(words: str) -> None:
    assert check(words) == words


def test_a_zero_width_space_in_everyone_is_seen() -> None:
    assert refusal("a cat @every\u200bone").found == "@everyone"
