"""Parameters: which pass, and what is told of the others."""

from dataclasses import replace

import pytest

from domain.errors import BadPrompt, PromptFault
from domain.parameter_table import DEFAULT_MODEL
from domain.parameters import Costly
from domain.prompt_check import check
from tests.unit.domain.refused import parameter, refusal

VERSIONS = f"{DEFAULT_MODEL[1:]}, 7, 6.1 …"


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
        "--quality 1",
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
        "--sd",
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
        ("--v seven", "--v", "seven", VERSIONS),
        ("--v", "--v", "", VERSIONS),
        ("--s 1001", "--s", "1001", "0-1000"),
        ("--s -1", "--s", "-1", "0-1000"),
        ("--s 0.5", "--s", "0.5", "0-1000"),
        ("--stylize", "--stylize", "", "0-1000"),
        ("--c 101", "--c", "101", "0-100"),
        ("--w 3001", "--w", "3001", "0-3000"),
        ("--q 0", "--q", "0", "1, 2, 4"),
        ("--q 5", "--q", "5", "1, 2, 4"),
        ("--stop 9", "--stop", "9", "10-100"),
        ("--stop 101", "--stop", "101", "10-100"),
        ("--seed 4294967296", "--seed", "4294967296", "0-4294967295"),
        ("--seed x", "--seed", "x", "0-4294967295"),
        ("--iw 3.5", "--iw", "3.5", "0-3"),
        ("--iw", "--iw", "", "0-3"),
        ("--niji x", "--niji", "x", "7, 6 …"),
        ("--sv 9", "--sv", "9", "1-8"),
        ("--q 3", "--q", "3", "1, 2, 4"),
        ("--q 0.5 --v 7", "--q", "0.5", "1, 2, 4"),
        ("--q 4 --v 6.1", "--q", "4", ".25, .5, 1, 2"),
        ("--iw 2.5 --niji 7", "--iw", "2.5", "0-2"),
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
    assert told == parameter(typed.partition(" --")[0], name, value, allowed)


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
        ("--q 0", "1"),
        ("--iw 3.5", "3"),
        ("--seed 4294967296", "4294967295"),
        ("--stop 9", "10"),
        ("--s x", ""),
        ("--ar 3", ""),
        ("--ar 3:2,", "3:2"),
        ("--s 5000,", "1000"),
        ("--v 7.", "7"),
        ("--tile 1", ""),
        ("--q 5", "1"),
        ("--q 3", "1"),
        ("--q 3 --v 6", "1"),
        ("--ar 16x9", "16:9"),
        ("--ar 16 : 9", "16:9"),
        ("--ar 16 9", "16:9"),
        ("--ar 16/9", "16:9"),
        ("--ar 16\u00d79", "16:9"),
        ("--ar=16:9", "16:9"),
        ("--ar:16:9", "16:9"),
        ('--ar "16:9"', "16:9"),
        ("--ar 1.5:1", "3:2"),
        ("--ar 16:9 in a hat", "16:9"),
        ("--ar 0:0", ""),
        ("--ar wide", ""),
        ('--s "250"', "250"),
        ("--c 10%", ""),
        ("--s5000", "1000"),
    ],
)
def test_a_wrong_number_is_told_with_the_nearest_that_will_do(typed: str, nearest: str) -> None:
    assert refusal(f"a cat {typed}").nearest == nearest
    if nearest:
        check(f"a cat {refusal(f'a cat {typed}').name} {nearest}")


def test_the_first_wrong_parameter_is_the_one_that_is_told() -> None:
    assert refusal("a cat --v 7 --c 500 --s 5000").name == "--c"


def against(fault: PromptFault, found: str, other: str) -> BadPrompt:
    return BadPrompt(fault, found=found, name=found.split(maxsplit=1)[0], other=other)


@pytest.mark.parametrize(
    ("text", "found", "other"),
    [
        ("a cat --stop 80 --v 7", "--stop 80", "--v 7"),
        ("a cat --v 8.2 --stop 5", "--stop 5", "--v 8.2"),
        ("a cat --hd --v 7", "--hd", "--v 7"),
        ("a cat --hd --niji 7", "--hd", "--niji 7"),
        ("a cat --sd --version 6.1", "--sd", "--version 6.1"),
        ("a cat --q 1 --v 8.1", "--q 1", "--v 8.1"),
        ("a cat --ow 50 --v 8.2", "--ow 50", "--v 8.2"),
        ("a cat --cw 50 --v 7.0", "--cw 50", "--v 7.0"),
        ("a cat --turbo --v 8.1", "--turbo", "--v 8.1"),
    ],
)
def test_what_the_model_does_not_take_is_told_with_it(text: str, found: str, other: str) -> None:
    assert refusal(text) == against(PromptFault.MODEL, found, other)


@pytest.mark.parametrize(
    "text",
    [
        "a cat --stop 80",
        "a cat --stop 80 --v 6.1",
        "a cat --stop 80 --v 99",
        "a cat --stop 80 --v 8.9",
        "a cat --stop 80 --niji",
        "a cat --cw 5 --niji 6",
        "a cat --cw 5 --v 6",
        "a cat --stop 80 --niji 5 --v 7",
        "a cat --sd --v 8.1",
        "a cat --q .5 --v 5.2",
    ],
)
def test_an_unknown_model_may_take_what_any_takes(text: str) -> None:
    """Without a version it is the account's own, and newer ones come."""
    assert check(text) == text


@pytest.mark.parametrize("typed", ["--bs 2", "--motion low", "--loop"])
def test_a_part_of_a_film_needs_the_film(typed: str) -> None:
    assert refusal(f"a cat {typed}") == against(PromptFault.NEEDS, typed, "--video")


@pytest.mark.parametrize(
    ("text", "found", "other"),
    [
        ("a cat --hd --sd", "--hd", "--sd"),
        ("a cat --sd --hd", "--hd", "--sd"),
        ("a cat --tile --edit x", "--tile", "--edit x"),
        ("a cat --edit x --oref y", "--oref y", "--edit x"),
        ("a cat --draft --oref x", "--oref x", "--draft"),
    ],
)
def test_two_that_exclude_each_other_are_told_and_the_dearer_is_to_go(
    text: str, found: str, other: str
) -> None:
    assert refusal(text, costly=frozenset(Costly)) == against(PromptFault.EXCLUDES, found, other)


@pytest.mark.parametrize(
    ("shape", "other", "most"),
    [("6:1", "--hd", "4:1"), ("1:6", "--hd", "1:4"), ("15:1", "--sd", "14:1")],
)
def test_a_picture_that_is_too_long_is_told_with_the_longest(
    shape: str, other: str, most: str
) -> None:
    expected = BadPrompt(
        PromptFault.SHAPE,
        found=f"--ar {shape}",
        name="--ar",
        value=shape,
        allowed=most,
        nearest=most,
        other=other,
    )
    hd = frozenset({Costly.HD})
    assert refusal(f"a cat {other} --ar {shape}", costly=hd) == expected
    assert check(f"a cat {other} --ar {most}", costly=hd)


@pytest.mark.parametrize(
    ("typed", "name", "value"),
    [
        ("--ar16:9", "--ar", "16:9"),
        ("--v6", "--v", "6"),
        ("--v6.1", "--v", "6.1"),
        ("--s250", "--s", "250"),
        ("--chaos50", "--chaos", "50"),
        ("--AR16:9", "--AR", "16:9"),
        ("--niji7", "--niji", "7"),
        ("--iw.5", "--iw", ".5"),
        ("--sref123", "--sref", "123"),
        ("-ar 16:9", "--ar", "16:9"),
        ("-ar16:9", "--ar", "16:9"),
        ("-v 7", "--v", "7"),
        ("---ar 3:2", "--ar", "3:2"),
        ("-- ar 16:9", "--ar", "16:9"),
        ("- -ar 16:9", "--ar", "16:9"),
        ("-tile", "--tile", ""),
        ("-no text", "--no", "text"),
    ],
)
def test_a_slip_is_told_with_what_was_meant(typed: str, name: str, value: str) -> None:
    for more in ("", " --raw"):
        assert refusal(f"a cat {typed}{more}") == BadPrompt(
            PromptFault.MISSPELT, found=typed, name=name, value=value, nearest=value
        )
    meant = f"a cat {name} {value}".strip()
    assert check(meant) == meant


def test_a_slip_starts_as_many_jobs_as_what_was_meant() -> None:
    assert refusal("a cat --r4") == BadPrompt(PromptFault.MULTIPLIES, found="--r4")
    assert refusal("a cat -repeat 4") == BadPrompt(PromptFault.MULTIPLIES, found="-repeat 4")


@pytest.mark.parametrize(
    "text",
    [
        "a cat -- a hat",
        "a well--known cat",
        "a cat -5",
        "a -raw steak",
        "a cat - 3:2",
        "a cat -s",
        "a cat -p abc",
        "a cat --tile2",
        "a cat --seedling",
        "a cat --s-bend",
        "minus -c degrees",
    ],
)
def test_what_only_resembles_a_slip_passes(text: str) -> None:
    assert check(text) == text
