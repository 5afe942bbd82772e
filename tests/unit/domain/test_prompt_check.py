"""Every reason not to send a prompt but those of its parameters, and what is sent."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import BadPrompt, PromptFault
from domain.prompt_check import check
from domain.prompt_flags import plain
from tests.unit.domain.refused import refusal


@given(st.text())
def test_a_prompt_passes_clean_or_is_refused(text: str) -> None:
    with suppress(BadPrompt):
        sent = check(text)
        assert sent == plain(text) == check(sent)


@pytest.mark.parametrize(
    "text", ["", "  ", "\u200b", "--ar 16:9", " \u2014ar 16:9 --v 7", "--tile"]
)
def test_nothing_but_parameters_is_empty(text: str) -> None:
    assert refusal(text) == BadPrompt(PromptFault.EMPTY)


@pytest.mark.parametrize(
    "text",
    [
        "\u3164",
        "\u2800 \u2800",
        "\u034f",
        "\u115f\u1160",
        "\uffa0",
        "\ufe0f",
        "\u2065",
        "\U0001d159",
    ],
)
def test_what_nobody_can_see_is_empty(text: str) -> None:
    for flags in ("", " --ar 16:9"):
        assert refusal(text + flags) == BadPrompt(PromptFault.EMPTY)
    assert check(f"a{text}cat") == f"a{text}cat"


@pytest.mark.parametrize("text", ["\u2764\ufe0f", "\ud55c", "?", "\U0001fae8", "\U0001fae9"])
def test_a_sign_that_is_seen_is_a_prompt(text: str) -> None:
    """Also one that is newer than Python knows."""
    assert check(text) == text


def test_a_long_prompt_is_refused_with_its_length() -> None:
    assert check("a" * 1500) == "a" * 1500
    assert refusal("a" * 1501) == BadPrompt(PromptFault.TOO_LONG, length=1501, limit=1500)
    assert refusal("a cat", limit=4) == BadPrompt(PromptFault.TOO_LONG, length=5, limit=4)


def test_the_length_is_that_of_the_clean_prompt() -> None:
    assert check(" a   cat\u200b ", limit=5) == "a cat"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a cat @everyone", "@everyone"),
        ("a cat @here", "@here"),
        ("a cat @\u200beveryone", "@everyone"),
        ("<@1180000000000000002> as a cat", "<@1180000000000000002>"),
        ("<@!1180000000000000002> as a cat", "<@!1180000000000000002>"),
        ("<@&1180000000000000003> as cats", "<@&1180000000000000003>"),
        ("a cat --no <@1>", "<@1>"),
    ],
)
def test_a_prompt_calls_nobody(text: str, found: str) -> None:
    assert refusal(text) == BadPrompt(PromptFault.MENTION, found=found)


@pytest.mark.parametrize("text", ["a cat @ann", "a cat <3", "<#12> in bold", "a cat @ home"])
def test_what_calls_nobody_is_no_mention(text: str) -> None:
    assert check(text) == text


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("https://example.com/cat.png a cat", "https://example.com/cat.png"),
        ("a cat HTTP://EXAMPLE.com", "HTTP://EXAMPLE.com"),
        ("a cat <https://example.com/x> on a mat", "https://example.com/x"),
        ("a cat --sref https://example.com/style.png", "https://example.com/style.png"),
        ("a cat --cref https://example.com/ann.png --cw 50", "https://example.com/ann.png"),
        ("a cat --oref https://example.com/ann.png", "https://example.com/ann.png"),
        ("a cat --edit https://example.com/ann.png", "https://example.com/ann.png"),
    ],
)
def test_a_prompt_has_no_links(text: str, found: str) -> None:
    assert refusal(text) == BadPrompt(PromptFault.LINK, found=found)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a {red, green} cat", "{red, green}"),
        ("a cat --ar {1:1, 2:1}", "{1:1, 2:1}"),
        ("a {red, {dark, light} green} cat", "{dark, light}"),
        ("a {red} cat", "{red}"),
        ("a cat --repeat 4", "--repeat 4"),
        ("a cat --r 4 --v 7", "--r 4"),
        ("a cat --R", "--R"),
    ],
)
def test_one_prompt_is_one_job(text: str, found: str) -> None:
    assert refusal(text) == BadPrompt(PromptFault.MULTIPLIES, found=found)


def test_a_lone_brace_is_only_a_brace() -> None:
    assert check("a cat } in { a hat") == "a cat } in { a hat"


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("--ar 16:9 a cat", "a cat --ar 16:9"),
        ("--ar 16:9 --v 7 a cat --raw", "a cat --ar 16:9 --v 7 --raw"),
        ("--tile a cat", "a cat --tile"),
        ("--niji a cat", "a cat --niji"),
        ("--niji 7 a cat", "a cat --niji 7"),
        ("--sref 123 random a cat", "a cat --sref 123 random"),
        ("--style raw a cat", "a cat --style raw"),
        ("\u2014ar 16:9 a cat", "a cat --ar 16:9"),
        ("/imagine prompt: --ar 16:9 a cat", "a cat --ar 16:9"),
        ("a cat --ar 16:9", "a cat --ar 16:9"),
    ],
)
def test_parameters_before_the_text_go_behind_it(typed: str, sent: str) -> None:
    assert check(typed) == sent
    assert check(sent) == sent


def test_pictures_to_edit_pass_where_links_may() -> None:
    pictures = "--edit https://example.com/a.png https://example.com/b.png"
    for typed in (f"a cat {pictures} --v 8.2", f"{pictures} a cat --v 8.2"):
        assert check(typed, links=True) == f"a cat {pictures} --v 8.2"
    for older in ("--v 7", "--niji 7"):
        assert refusal(f"a cat {pictures} {older}", links=True).fault == PromptFault.MODEL
    assert refusal("a cat --edit", links=True).fault == PromptFault.NO_VALUE


@pytest.mark.parametrize(
    "text", ["--no hats a cat", "--new thing a cat", "--ar 16:9, a cat", "--p abc a cat"]
)
def test_where_the_value_may_be_the_text_nothing_is_moved(text: str) -> None:
    assert refusal(text) == BadPrompt(PromptFault.EMPTY)


def test_a_slip_before_the_text_is_told_all_the_same() -> None:
    assert refusal("--ar16:9 a cat").found == "--ar16:9"
    assert refusal("-ar 16:9 a cat").found == "-ar 16:9"
