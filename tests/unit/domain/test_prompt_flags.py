"""Where the parameters of a prompt begin and end."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.prompt_flags import Flag, read, split, text_first
from domain.prompt_text import clean


def test_parameters_are_split_from_the_text() -> None:
    assert split("a cat --Stylize 50 --no big hats --raw") == (
        "a cat",
        (
            Flag("s", "50", "--Stylize 50"),
            Flag("no", "big hats", "--no big hats"),
            Flag("raw", "", "--raw"),
        ),
    )


@pytest.mark.parametrize(
    "text", ["a well--known cat", "a cat -- a hat", "a cat --5", "a cat -v 7", "---v 7"]
)
def test_dashes_in_the_text_are_no_parameters(text: str) -> None:
    assert split(text) == (text, ())


@pytest.mark.parametrize("text", ["a cat -raw6", "a cat -v6x", "a cat -- ar6"])
def test_a_name_with_what_it_does_not_take_glued_to_it_is_text(text: str) -> None:
    assert read(text) == (text, ())


def test_a_name_with_a_dash_is_one_name() -> None:
    assert split("a cat --s-bend 5")[1] == (Flag("s-bend", "5", "--s-bend 5"),)


def test_slips_are_parameters_where_they_are_looked_for() -> None:
    assert read("a cat -ar 16:9 --v6 --raw") == (
        "a cat",
        (
            Flag("ar", "16:9", "-ar 16:9", slip=True),
            Flag("v", "6", "--v6", slip=True),
            Flag("raw", "", "--raw"),
        ),
    )
    assert split("a cat -ar 16:9") == ("a cat -ar 16:9", ())


@given(st.text() | st.text(st.sampled_from("a -:v79r.")))
def test_no_word_of_a_prompt_is_lost(text: str) -> None:
    prompt = clean(text)
    for words, flags in (read(prompt), split(prompt)):
        assert " ".join([words, *(flag.typed for flag in flags)]).strip() == prompt
    assert sorted(text_first(prompt).split()) == sorted(prompt.split())
