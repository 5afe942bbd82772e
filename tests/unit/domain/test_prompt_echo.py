"""Which repeated prompt can be which sent one: what Midjourney rewrites, and what it does not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.prompt_echo import begins_like, resembles
from tests.builders import generation
from tests.unit.domain.rewritings import REWRITINGS, Rewriting


@pytest.mark.parametrize(
    ("sent", "echoed"),
    [
        ("a cat", "a cat"),
        ("A Cat", "a cat"),
        ("a  cat", "a cat"),
        ("a cat", "a cat --v 7.0"),
        ("a cat --v 7", "a cat --v 7.0"),
        ("a cat --version 7", "a cat --v 7.00"),
        ("a cat --v 6.1", "a cat --v 6.1"),
        ("a cat --style raw --v 7", "a cat --v 7.0 --raw"),
        ("a cat --ar 3:2 --v 7", "a cat --v 7.0 --ar 3:2"),
        ("a cat --stylize 50", "a cat --s 50"),
        ("a cat --q .5", "a cat --q 0.5"),
        ("a cat --fast", "a cat"),
        ("a cat", "a cat --relax"),
        ("a cat", "a cat in moody light --s 50"),
        ("a cat", "a cat, in moody light"),
        ("a cat \u2014newflag 3", "a cat --newflag 3"),
        ("a cat \u2014 a hat", "a cat - a hat"),
        ("a cat \u2014 a hat --ar 3:2", "a cat -- a hat --ar 3:2"),
        ("a cat \u2013 a hat", "a cat \u2014 a hat"),
        ("\u201ca cat\u201d", '"a cat"'),
        ("a \U0001f468\u200d\U0001f680", "a \U0001f468\U0001f680"),
        ("a cat --no big hats", "a cat --no big hats --v 7.0"),
        ("https://example.com/cat.png a cat", "<https://s.mj.run/AbC> a cat"),
    ],
)
def test_a_prompt_is_known_again_after_its_rewriting(sent: str, echoed: str) -> None:
    assert resembles(generation(prompt=sent), echoed)


@pytest.mark.parametrize(
    ("sent", "echoed"),
    [
        ("a cat", "a dog"),
        ("a cat", "a cathedral"),
        ("a cat", "a cats, asleep"),
        ("a cat", "a cat's dream"),
        ("a cat", "a cat-like dog"),
        ("a cat", "the picture of a cat"),
        ("a cat in a hat", "a cat"),
        ("a cat --v 7", "a cat"),
        ("a cat --v 7", "a cat --v 6.1"),
        ("a cat --v 7", "a cat --v 70"),
        ("a cat --s 5", "a cat --s 50"),
        ("a cat --s 100", "a cat --s 1"),
        ("a cat --style raw", "a cat --style cute"),
        ("a cat --no hats", "a cat --no big hats"),
        ("a cat", ""),
    ],
)
def test_another_prompt_is_another_prompt(sent: str, echoed: str) -> None:
    assert not resembles(generation(prompt=sent), echoed)


@pytest.mark.parametrize("each", REWRITINGS.values(), ids=REWRITINGS)
def test_a_prompt_that_comes_back_rewritten_is_known_again_and_its_neighbour_is_not(
    each: Rewriting,
) -> None:
    ours = generation(prompt=each.sent)
    assert resembles(ours, each.echoed)
    assert not resembles(ours, each.neighbour)


@pytest.mark.parametrize(
    ("echo", "again", "neighbour"),
    [
        ("a cat --sref random", "a cat --sref 55", "a cat --sref 55 --raw"),
        ("a cat --sref 55", "a cat --sref 55", "a cat --sref 56"),
        ("a cat --p --v 8.2", "a cat --v 8.2 --p abc123", "a cat in a hat --v 8.2 --p abc123"),
        ("a cat --p abc123", "a cat --p abc123", "a cat --p"),
        ("a cat --niji", "a cat --niji 7", "a cat --niji 7 --hd"),
        ("a cat --stealth --raw", "a cat --raw", "a cat --stealth"),
    ],
)
def test_what_midjourney_chooses_may_be_written_later_than_the_first_echo(
    echo: str, again: str, neighbour: str
) -> None:
    ours = generation(prompt="a cat", echo=echo)
    assert resembles(ours, again)
    assert not resembles(ours, neighbour)


LONG = "a cat asleep on the window sill in the morning sun"


@pytest.mark.parametrize(
    ("sent", "echo", "result", "neighbour"),
    [
        (
            f"{LONG} --p",
            None,
            "a cat asleep on the window sill in soft light --p abc123",
            "a cat asleep on the warm window sill in soft light --p abc123",
        ),
        (
            f"{LONG} --p --ar 3:2",
            None,
            f"{LONG}rise --ar 3:2 --p ab",
            f"{LONG}rise --ar 2:3 --p ab",
        ),
        (f"{LONG} --p abc", None, f"{LONG}beams --p abc", f"{LONG}beams --p def"),
        (f"{LONG} --p", f"{LONG} --p", f"{LONG}rise --p abc123", "a cat asleep --p abc123"),
        (f"{LONG} --p", f"{LONG}, dim --p", f"{LONG}rise --p abc123", f"{LONG}rise"),
        (f"{LONG} --p", f"{LONG} --p --raw", f"{LONG}rise --raw --p ab", f"{LONG}rise --p ab"),
        ("a cat --p", "a cat --p", "a cat, dim --p abc123", "a cat-like dog --p abc123"),
        ("a cat in a hat --p", None, "a cat in a hat, dim --p ab", "a cat in a haze --p ab"),
        (f"{LONG}, {LONG} --p", None, f"{LONG}, {LONG[:-4]} --p ab", f"{LONG} --p ab"),
        (
            "a cat \u2014 asleep on the window sill in the sun --p",
            None,
            "a cat asleep on the window sill in the fog --p ab",
            "a cat asleep on the stairs in the sun --p ab",
        ),
    ],
)
def test_a_personalised_prompt_may_end_in_other_words(
    sent: str, echo: str | None, result: str, neighbour: str
) -> None:
    ours = generation(prompt=sent, echo=echo)
    assert begins_like(ours, result)
    assert not begins_like(ours, neighbour)


def test_only_a_personalised_prompt_may_end_in_other_words() -> None:
    """Also if the account's settings personalise it: then nobody knows what was meant."""
    result = "a cat asleep on the window sill in soft light --p abc123"
    assert not begins_like(generation(prompt=LONG), result)
    assert not begins_like(generation(prompt=LONG, echo=f"{LONG} --p abc123"), result)


def test_what_was_repeated_once_is_repeated_unchanged() -> None:
    """The account's suffix and defaults are known then: nothing more may be added."""
    ours = generation(prompt="a cat", echo="a cat in moody light --v 7.0")
    assert resembles(ours, "a cat in moody light --v 7.0")
    assert not resembles(ours, "a cat --v 7.0")
    assert not resembles(ours, "a cat in moody light --v 7.0 --raw")
    assert not resembles(ours, "a cat in moody light and rain --v 7.0")


def test_a_link_that_is_repeated_differently_is_the_same_link() -> None:
    ours = generation(prompt="a cat", echo="<https://s.mj.run/AbC> a cat")
    assert resembles(ours, "<https://s.mj.run/XyZ> a cat")


@given(st.text(st.characters(blacklist_categories=["Cs"])))
def test_every_prompt_resembles_itself(prompt: str) -> None:
    assert resembles(generation(prompt=prompt), prompt)
    assert resembles(generation(prompt="other", echo=prompt), prompt)
