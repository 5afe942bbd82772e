"""Which repeated prompt can be which sent one: what Midjourney rewrites, and what it does not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.text_matching import resembles
from tests.builders import generation


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
