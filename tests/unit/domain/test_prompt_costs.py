"""What costs more than an ordinary grid: refused with its factor, unless it is listed."""

import pytest

from domain.errors import BadPrompt, PromptFault
from domain.parameter_table import TABLE
from domain.parameters import Costly, Price
from domain.prompt_check import check, cost, too_dear
from tests.unit.domain.refused import refusal

EVERYTHING = frozenset(Costly)
COSTLY = [
    ("a cat --turbo", "--turbo", Price(Costly.TURBO, 2)),
    ("a cat --v 7 --TURBO --raw", "--TURBO", Price(Costly.TURBO, 2)),
    ("a cat --hd", "--hd", Price(Costly.HD, 1.6)),
    ("a cat --q 2", "--q 2", Price(Costly.QUALITY, 2, value="2")),
    ("a cat --quality 4", "--quality 4", Price(Costly.QUALITY, 4, value="4")),
    ("a cat --q2", "--q2", Price(Costly.QUALITY, 2, value="2")),
    ("a cat --oref 5", "--oref 5", Price(Costly.OREF, 2)),
    ("a cat --video", "--video", Price(Costly.VIDEO, 2, 26)),
    ("a cat --video 1", "--video 1", Price(Costly.VIDEO, 2, 26)),
    ("a cat --video --motion low --bs 4", "--video", Price(Costly.VIDEO, 2, 26)),
    ("a cat --hd --sd", "--hd", Price(Costly.HD, 1.6)),
    ("a cat --hd --ar 6:1", "--hd", Price(Costly.HD, 1.6)),
]


@pytest.mark.parametrize(
    "text",
    [
        "prompt:\u2014hd a cat",
        "/imagine prompt:\u2014hd a cat",
        "--raw\u2014hd a cat",
        "\u2014raw\u2014hd a cat",
        "--tile\u200d\u2014hd a cat",
        "--niji /imagine prompt:\u2014hd a cat",
    ],
)
def test_a_long_dash_that_comes_first_only_as_it_is_sent_is_two_dashes(text: str) -> None:
    """Midjourney reads it so where a word begins with it, whatever stood before it here."""
    assert refusal(text).fault == PromptFault.COSTLY


@pytest.mark.parametrize(("text", "found", "price"), COSTLY)
def test_what_costs_more_is_not_sent(text: str, found: str, price: Price) -> None:
    expected = BadPrompt(PromptFault.COSTLY, found=found, price=price)
    for others in (frozenset[Costly](), EVERYTHING - {price.kind}):
        assert refusal(text, costly=others) == expected


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("a cat --turbo", Costly.TURBO),
        ("a cat --hd", Costly.HD),
        ("a cat --q 2", Costly.QUALITY),
        ("a cat --quality 4", Costly.QUALITY),
        ("a cat --oref 5", Costly.OREF),
        ("a cat --video --motion low --bs 4", Costly.VIDEO),
    ],
)
def test_what_is_listed_may_be_sent(text: str, kind: Costly) -> None:
    assert check(text, costly=frozenset({kind})) == text


@pytest.mark.parametrize(
    "text",
    ["a cat --q 1", "a cat --q .5", "a cat --sd", "a cat --draft", "a cat --fast", "a cat --relax"],
)
def test_what_costs_no_more_needs_no_leave(text: str) -> None:
    assert check(text) == text
    assert cost(text) is None


def test_every_kind_can_be_asked_for() -> None:
    assert {price.kind for row in TABLE for price in row.costs} == EVERYTHING


@pytest.mark.parametrize(
    ("text", "times", "most"),
    [
        ("a cat --hd", 1.6, 0),
        ("a cat --turbo --q 4", 8, 0),
        ("a cat --turbo --turbo", 2, 0),
        ("a cat --video --turbo", 4, 52),
    ],
)
def test_costs_of_one_prompt_multiply(text: str, times: float, most: float) -> None:
    price = cost(text)
    assert price is not None
    assert (price.times, price.most) == (times, most)


def test_what_was_accepted_once_may_be_too_dear_when_it_is_made_again() -> None:
    prompt = "a cat --ar 3:2 --turbo --q 4 --v 7"
    assert too_dear(prompt, frozenset({Costly.HD})) == ("--turbo", Price(Costly.TURBO, 2))
    assert too_dear(prompt, frozenset({Costly.TURBO})) == (
        "--q 4",
        Price(Costly.QUALITY, 4, value="4"),
    )
    assert too_dear(prompt, EVERYTHING) is None
    assert too_dear("a cat --q 1 --new-one 4", frozenset()) is None


def test_links_may_be_allowed_and_costs_too() -> None:
    prompt = "https://example.com/a.png a cat --turbo"
    assert check(prompt, links=True, costly=EVERYTHING) == prompt
    assert refusal(prompt, costly=EVERYTHING).fault == PromptFault.LINK
    assert refusal(prompt, links=True).fault == PromptFault.COSTLY
