from pathlib import Path

import pytest

from demo.arguments import Options, read


def test_without_arguments_it_stays_up_at_midjourneys_own_pace() -> None:
    assert read([]) == Options(
        prompt=None, speed=1.0, data=None, supabase=False, json=False, pictures=True
    )


def test_everything_can_be_said() -> None:
    arguments = ["--once", "a cat --ar 3:2", "--speed", "2.5", "--data", "here", "--json"]
    wanted = Options(prompt="a cat --ar 3:2", speed=2.5, data=Path("here"), json=True)
    assert read(arguments) == wanted
    assert read(["--no-pictures"]) == Options(pictures=False)


def test_the_page_can_be_left_unopened() -> None:
    assert read(["--no-browser"]) == Options(browser=False)


def test_a_project_of_this_machine_can_be_asked_for() -> None:
    assert read(["--supabase"]) == Options(supabase=True)


def test_an_empty_prompt_is_for_the_bot_to_refuse() -> None:
    assert read(["--once", ""]).prompt == ""


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--json"], "demo: --json needs --once.\n"),
        (["cat"], "demo: unrecognized arguments: cat.\n"),
        (["--once"], "demo: argument --once: expected one argument.\n"),
        (
            ["--data", "here", "--supabase"],
            "demo: argument --supabase: not allowed with argument --data.\n",
        ),
        (["--spee", "2"], "demo: unrecognized arguments: --spee 2.\n"),
    ],
)
def test_a_bad_argument_ends_with_2_and_one_sentence(
    arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        read(arguments)
    assert (end.value.code, capsys.readouterr().err) == (2, sentence)


@pytest.mark.parametrize("speed", ["0", "-1", "nan", "inf", "1001", "fast"])
def test_a_speed_that_makes_no_sense_is_refused(
    speed: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        read([f"--speed={speed}"])
    sentence = f"demo: argument --speed: '{speed}' is not a number from 0.1 to 1000.\n"
    assert capsys.readouterr().err == sentence


def test_ctrl_c_is_the_way_out_but_no_way_to_a_picture() -> None:
    assert Options().exit_when_stopped == 0
    assert Options(prompt="a cat").exit_when_stopped == 130
