"""Prompts made clean, and every reason not to send one."""

from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import BadPrompt, PromptFault
from domain.prompt_text import clean, without_command
from domain.prompts import LIMIT, Flag, check, split


def refusal(text: str, limit: int = LIMIT) -> BadPrompt:
    with pytest.raises(BadPrompt) as caught:
        check(text, limit)
    return caught.value


def parameter(found: str, name: str, value: str, allowed: str) -> BadPrompt:
    return BadPrompt(PromptFault.PARAMETER, found=found, name=name, value=value, allowed=allowed)


@given(st.text())
def test_a_prompt_passes_clean_or_is_refused(text: str) -> None:
    with suppress(BadPrompt):
        assert check(text) == without_command(clean(text))


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
    ("text", "fault", "found"),
    [
        ("a cat --turbo", PromptFault.TURBO, "--turbo"),
        ("a cat --v 7 --TURBO --raw", PromptFault.TURBO, "--TURBO"),
        ("a cat --video 1", PromptFault.VIDEO, "--video 1"),
    ],
)
def test_what_costs_more_is_not_sent(text: str, fault: PromptFault, found: str) -> None:
    assert refusal(text) == BadPrompt(fault, found=found)


@pytest.mark.parametrize(
    "parameters",
    [
        "--ar 16:9",
        "--aspect 1:1",
        "--AR 3:2",
        "--v 7",
        "--v 6.1",
        "--version 8.1",
        "--s 0",
        "--s 1000",
        "--stylize 250",
        "--c 0",
        "--chaos 100",
        "--w 0",
        "--weird 3000",
        "--q .25",
        "--q 0.5",
        "--quality 4",
        "--stop 10",
        "--stop 100",
        "--seed 0",
        "--seed 4294967295",
        "--iw 0",
        "--iw 1.75",
        "--iw 3",
        "--no text, people",
        "--tile",
        "--raw",
        "--draft",
        "--style raw",
        "--niji",
        "--niji 7",
        "--p",
        "--p abc123 def456",
        "--profile abc123",
        "--sref 1234567",
        "--sref random",
        "--sw 0",
        "--sw 1000",
        "--cw 0",
        "--cw 100",
        "--ow 1",
        "--ow 1000",
        "--exp 0",
        "--exp 100",
        "--fast",
        "--relax",
        "--stealth",
        "--hd",
        "--brandnew 5 words",
        "--ar 16:9 --v 7 --s 250 --no text",
    ],
)
def test_good_and_unknown_parameters_pass(parameters: str) -> None:
    assert check(f"a cat {parameters}") == f"a cat {parameters}"


@pytest.mark.parametrize(
    ("typed", "name", "value", "allowed"),
    [
        ("--ar 16x9", "--ar", "16x9", "W:H (16:9)"),
        ("--ar 16:0", "--ar", "16:0", "W:H (16:9)"),
        ("--ar 1.5:1", "--ar", "1.5:1", "W:H (16:9)"),
        ("--ar", "--ar", "", "W:H (16:9)"),
        ("--aspect 16:9 blue", "--aspect", "16:9 blue", "W:H (16:9)"),
        ("--v seven", "--v", "seven", "7, 6.1 …"),
        ("--v", "--v", "", "7, 6.1 …"),
        ("--s 1001", "--s", "1001", "0-1000"),
        ("--s -1", "--s", "-1", "0-1000"),
        ("--s 0.5", "--s", "0.5", "0-1000"),
        ("--stylize", "--stylize", "", "0-1000"),
        ("--c 101", "--c", "101", "0-100"),
        ("--w 3001", "--w", "3001", "0-3000"),
        ("--q 0", "--q", "0", "0.25-4"),
        ("--q 5", "--q", "5", "0.25-4"),
        ("--stop 9", "--stop", "9", "10-100"),
        ("--stop 101", "--stop", "101", "10-100"),
        ("--seed 4294967296", "--seed", "4294967296", "0-4294967295"),
        ("--seed x", "--seed", "x", "0-4294967295"),
        ("--iw 3.5", "--iw", "3.5", "0-3"),
        ("--iw", "--iw", "", "0-3"),
        ("--niji x", "--niji", "x", "7, 6 …"),
        ("--ow 0", "--ow", "0", "1-1000"),
        ("--ow 1001", "--ow", "1001", "1-1000"),
        ("--cw 101", "--cw", "101", "0-100"),
        ("--sw 1001", "--sw", "1001", "0-1000"),
        ("--exp 101", "--exp", "101", "0-100"),
        ("--s ٣", "--s", "٣", "0-1000"),
    ],
)
def test_a_wrong_value_is_told_with_what_is_allowed(
    typed: str,
    name: str,
    value: str,
    allowed: str,
) -> None:
    told = replace(refusal(f"a cat {typed}"), nearest="")
    assert told == parameter(typed, name, value, allowed)


@pytest.mark.parametrize("name", ["--no", "--style", "--sref"])
def test_a_value_that_is_lacking_is_told_as_that(name: str) -> None:
    assert refusal(f"a cat {name}") == BadPrompt(PromptFault.NO_VALUE, found=name, name=name)


@pytest.mark.parametrize("name", ["--tile", "--raw", "--draft"])
def test_a_value_where_none_is_taken_is_told_as_that(name: str) -> None:
    assert refusal(f"a cat {name} and a dog") == BadPrompt(
        PromptFault.VALUE, found=f"{name} and a dog", name=name, value="and a dog"
    )


@pytest.mark.parametrize(
    ("typed", "nearest"),
    [
        ("--s 1001", "1000"),
        ("--s -1", "0"),
        ("--s 0.5", "0"),
        ("--s 999.9", "1000"),
        ("--q 0", "0.25"),
        ("--iw 3.5", "3"),
        ("--seed 4294967296", "4294967295"),
        ("--stop 9", "10"),
        ("--s x", ""),
        ("--ar 3", ""),
        ("--ar 3:2,", "3:2"),
        ("--s 5000,", "1000"),
        ("--v 7.", "7"),
        ("--tile 1", ""),
    ],
)
def test_a_wrong_number_is_told_with_the_nearest_that_will_do(typed: str, nearest: str) -> None:
    assert refusal(f"a cat {typed}").nearest == nearest
    if nearest:
        check(f"a cat {typed.split(maxsplit=1)[0]} {nearest}")


def test_what_is_forbidden_may_be_allowed() -> None:
    allowed = frozenset({PromptFault.LINK, PromptFault.TURBO})
    prompt = "https://example.com/a.png a cat --turbo"
    assert check(prompt, allowed=allowed) == prompt
    with pytest.raises(BadPrompt, match="video"):
        check(f"{prompt} --video", allowed=allowed)


def test_the_first_wrong_parameter_is_the_one_that_is_told() -> None:
    assert refusal("a cat --v 7 --c 500 --s 5000").name == "--c"


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
