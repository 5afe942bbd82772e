"""Parts of prompts that are kept for later, and prompts with presets in them."""

from __future__ import annotations

import pytest

from domain.errors import BadPrompt, PromptFault
from domain.parameters import Costly
from domain.prompt_parts import (
    NAME_LENGTH,
    check_part,
    expanded,
    is_name,
    is_parameters,
    preset_names,
)

PRESETS = {
    "noir": "film noir, rain",
    "wide": "--ar 21:9 --s 50",
    "été": "in warm light --ar 3:2 --v 7",
}


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("a cat", "a cat"),
        ("a cat +noir", "a cat film noir, rain"),
        ("+noir", "film noir, rain"),
        ("a cat, +NOIR, at night", "a cat, film noir, rain, at night"),
        ("a cat +noir. (+noir)", "a cat film noir, rain. (+noir)"),
        ("a cat +noir --ar 3:2", "a cat film noir, rain --ar 3:2"),
        ("a cat +wide", "a cat --ar 21:9 --s 50"),
        ("a cat +wide at night --v 7", "a cat at night --v 7 --ar 21:9 --s 50"),
        ("a cat +wide --ar 1:1", "a cat --ar 1:1 --s 50"),
        ("a cat +été +wide", "a cat in warm light --ar 3:2 --v 7 --s 50"),
        ("a cat +wide +été --niji 7", "a cat in warm light --niji 7 --ar 21:9 --s 50"),
        ("--s 70 a cat +wide", "a cat --s 70 --ar 21:9"),
        ("/imagine prompt: a cat +noir", "a cat film noir, rain"),
        ("a cat\n+noir", "a cat film noir, rain"),
    ],
)
def test_words_of_a_preset_take_its_place_and_parameters_go_behind(typed: str, sent: str) -> None:
    assert expanded(typed, PRESETS) == sent


@pytest.mark.parametrize(
    "typed",
    [
        *("1+1", "C++ logo", "a + b", "a +1", "cat+noir", "++noir", "+ noir", "a +noir's", "a+"),
        *("a cat --no +noir", "+18 club", "+_x", "salt+pepper +", "+noir+wide"),
    ],
)
def test_other_words_with_a_plus_stay(typed: str) -> None:
    assert preset_names(typed) == []
    assert expanded(typed, PRESETS) == typed


def test_names_are_found_in_their_order() -> None:
    assert preset_names("a +Noir, cat +été +unknown-one --no +wide") == [
        "noir",
        "été",
        "unknown-one",
    ]


@pytest.mark.parametrize("name", ["noir", "Été", "film-noir", "x", "n2_b", "a" * NAME_LENGTH])
def test_name_is_a_word_that_begins_with_a_letter(name: str) -> None:
    assert is_name(name)
    assert preset_names(f"a cat +{name}") == [name.lower()]


@pytest.mark.parametrize("name", ["", "2d", "-x", "_x", "a b", "a+b", "a" * (NAME_LENGTH + 1)])
def test_other_names_are_none(name: str) -> None:
    assert not is_name(name)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("--ar 3:2 \u2014v 7", "--ar 3:2 --v 7"),
        ("  film\n noir ", "film noir"),
        ("--ar 3:2 film noir", "film noir --ar 3:2"),
    ],
)
def test_part_is_kept_as_it_will_be_sent(typed: str, kept: str) -> None:
    assert check_part(typed, 500) == kept


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("\u200b", PromptFault.EMPTY),
        ("--ar 3:2,", PromptFault.PARAMETER),
        ("--ar16:9", PromptFault.MISSPELT),
        ("--hd --sd", PromptFault.EXCLUDES),
        ("film <@1>", PromptFault.MENTION),
        ("{red, blue}", PromptFault.MULTIPLIES),
        ("https://e.test/a.png", PromptFault.LINK),
        ("--hd", PromptFault.COSTLY),
        ("a" * 51, PromptFault.TOO_LONG),
    ],
)
def test_part_has_the_faults_of_a_prompt(typed: str, fault: PromptFault) -> None:
    costly = frozenset({Costly.HD}) if "--sd" in typed else frozenset[Costly]()
    with pytest.raises(BadPrompt) as bad:
        check_part(typed, 50, costly=costly)
    assert bad.value.fault == fault


def test_what_the_settings_allow_is_allowed_in_a_part() -> None:
    costly = frozenset({Costly.HD})
    assert check_part("--hd --sref https://e.test/a.png", 50, links=True, costly=costly)


@pytest.mark.parametrize(
    ("text", "so"),
    [
        ("--ar 3:2 --v 7", True),
        ("", True),
        ("a --ar 3:2", False),
        ("ar 3:2", False),
        ("--ar 3:2 a cat", False),
        ("--no text, frames", True),
    ],
)
def test_parameters_are_told_from_words(text: str, so: bool) -> None:
    assert is_parameters(text) == so
