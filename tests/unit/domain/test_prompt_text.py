"""The characters of a prompt: what stays, what goes, what becomes plain."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.prompt_check import check
from domain.prompt_text import clean, is_blank, on_one_line, unjoined, without_command

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466"
ASTRONAUT = "\U0001f469\U0001f3fd\u200d\U0001f680"
HEALER = "\U0001f9d1\u200d\u2695\ufe0f"
RAINBOW = "\U0001f3f3\ufe0f\u200d\U0001f308"
PIRATES = "\U0001f3f4\u200d\u2620\ufe0f"
NODDING = "\U0001f642\u200d\u2195\ufe0f"
SHAKING = "\U0001f642\u200d\u2194\ufe0f"
SCOTLAND = "\U0001f3f4" + "".join(chr(0xE0000 + ord(c)) for c in "gbsct") + "\U000e007f"
PERSIAN = "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"
SINHALA = "\u0d9a\u0dca\u200d\u0dc2"
HINDI = "\u0915\u094d\u200c\u0937"
SIGNS = (
    "a -\u2014\u2013\u200b\u2019e\u0301\n:v7\u200c\u200d\U0001f468\U0001f3f4"
    "\U000e0067\U000e007f\u0645\u094d\ufe0f"
)
MALAYALAM = "\u0d05\u0d35\u0d28\u0d4d\u200d"


@pytest.mark.parametrize(
    ("typed", "cleaned"),
    [
        ("a cat", "a cat"),
        ("  a \t cat \n", "a cat"),
        ("a cat\nin a hat\r\non a mat", "a cat in a hat on a mat"),
        ("a\u00a0cat\u2028in\u3000a hat", "a cat in a hat"),
        ("a\x00 c\x07at", "a cat"),
        ("a c\u200bat\ufeff \u2060in\u00ad a hat", "a cat in a hat"),
        ("a \u202ecat\u202c \u2066in\u2069", "a cat in"),
        ("a cat \ud83d", "a cat"),
        ("e\u0301te\u0301", "\u00e9t\u00e9"),
        ("e\u200b\u0301", "\u00e9"),
        ("\u201ca cat\u201d, Ann\u2019s", '"a cat", Ann\'s'),
        ("\u201ea\u201f \u2018b\u201a\u201b", "\"a\" 'b''"),
        ("a cat \u2014ar 16:9", "a cat --ar 16:9"),
        ("a cat \u2013v 7 \u2014stylize 50", "a cat --v 7 --stylize 50"),
        ("a cat \u2014AR 16:9", "a cat --AR 16:9"),
        ("\u2014ar 16:9", "--ar 16:9"),
        ("a cat \u2014repeat 3", "a cat --repeat 3"),
        ("a cat \u2014 a hat", "a cat \u2014 a hat"),
        ("a cat\u2014ar 16:9", "a cat\u2014ar 16:9"),
        ("a cat \u2014arch \u2014s-bend", "a cat --arch --s-bend"),
        ("a cat \u2014ar 16:9 \u2014hd", "a cat --ar 16:9 --hd"),
        ("a cat \u2013v 7 \u2013stealth", "a cat --v 7 --stealth"),
        ("a cat \u2014\u00e9toile", "a cat --\u00e9toile"),
        ("a cat \u2014\u2014ar 3:2", "a cat --ar 3:2"),
        ("a cat -\u2013ar 3:2", "a cat --ar 3:2"),
        ("a cat \u2014 a turtle", "a cat \u2014 a turtle"),
        ("Paris, 1890\u20131910", "Paris, 1890\u20131910"),
        ("Paris \u20141910", "Paris \u20141910"),
        ("a \U0001f408 cat", "a \U0001f408 cat"),
        ("", ""),
        ("\u200b\n", ""),
    ],
)
def test_a_prompt_is_made_clean(typed: str, cleaned: str) -> None:
    assert clean(typed) == cleaned


@given(st.text() | st.text(st.sampled_from(SIGNS)))
def test_what_is_clean_stays_as_it_is(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@given(st.text())
def test_a_clean_prompt_can_be_sent(text: str) -> None:
    """One line that every encoder takes."""
    cleaned = clean(text)
    assert "\n" not in cleaned
    assert cleaned.encode().decode() == cleaned


@pytest.mark.parametrize(
    "joined",
    [
        *(FAMILY, ASTRONAUT, HEALER, RAINBOW, PIRATES, NODDING, SHAKING, SCOTLAND),
        *(PERSIAN, SINHALA, HINDI, MALAYALAM),
    ],
)
def test_a_joiner_stays_where_it_joins(joined: str) -> None:
    assert clean(f"a {joined} cat") == f"a {joined} cat"
    assert clean(joined) == joined
    assert check(joined) == joined
    assert on_one_line(joined) == joined
    assert not set(unjoined(joined)) & set("\u200c\u200d\U000e007f")


@pytest.mark.parametrize(
    ("typed", "cleaned"),
    [
        ("@every\u200done", "@everyone"),
        ("@\u200ceveryone", "@everyone"),
        ("@\u200beveryone", "@everyone"),
        ("a\u200d cat", "a cat"),
        ("\u200da cat\u200c", "a cat"),
        ("\U0001f468\u200d cat", "\U0001f468 cat"),
        ("\U0001f468\u200c\U0001f469", "\U0001f468\U0001f469"),
        ("\U0001f468\u200d\u200d\U0001f469", "\U0001f468\U0001f469"),
        ("\U0001f468\u200b\u200d\U0001f469", "\U0001f468\u200d\U0001f469"),
        ("\u0645\u200c cat", "\u0645 cat"),
        ("a cat" + "".join(chr(0xE0000 + ord(c)) for c in "hidden"), "a cat"),
        ("\U0001f3f4\U000e0067\U000e0062", "\U0001f3f4"),
        ("\U0001f3f4" + "\U000e0067" * 9 + "\U000e007f", "\U0001f3f4"),
    ],
)
def test_a_joiner_that_joins_nothing_only_hides(typed: str, cleaned: str) -> None:
    assert clean(typed) == cleaned


@pytest.mark.parametrize("joiner", ["\u200b", "\u200c", "\u200d", "\ufeff", "\U000e0065"])
def test_everyone_is_seen_whatever_is_put_into_it(joiner: str) -> None:
    assert "@everyone" in clean(f"a cat @every{joiner}one")


@pytest.mark.parametrize(
    "pasted",
    [
        "imagine prompt: a cat",
        "/imagine prompt: a cat",
        "/imagine prompt:a cat",
        "/imagine prompt a cat",
        "/imagine a cat",
        "prompt: a cat",
        "Prompt : a cat",
        "IMAGINE PROMPT: a cat",
        "/imagine prompt: prompt: a cat",
    ],
)
def test_the_command_is_no_part_of_what_was_pasted(pasted: str) -> None:
    assert without_command(pasted) == "a cat"
    assert check(f"  {pasted} --ar 3:2") == "a cat --ar 3:2"


@pytest.mark.parametrize(
    "text",
    ["imagine a cat", "imagine prompt service", "/imagined", "a prompt: write", "promptly: x"],
)
def test_words_that_only_look_like_the_command_stay(text: str) -> None:
    assert without_command(text) == text


def test_the_command_alone_is_nothing() -> None:
    assert without_command("/imagine prompt:") == ""
    assert without_command("/imagine") == ""


def test_a_joiner_alone_cannot_be_seen() -> None:
    assert is_blank("\u094d\u200d")
    assert not is_blank(FAMILY)
