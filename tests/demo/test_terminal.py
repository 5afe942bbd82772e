import pytest
from prompt_toolkit.output import ColorDepth

from demo.terminal import PictureProtocol, TerminalAbilities, read_terminal

TRUE = {"TERM": "xterm-256color", "COLORTERM": "truecolor"}


@pytest.mark.parametrize(
    ("environment", "colours", "pictures"),
    [
        ({"TERM": "xterm"}, ColorDepth.DEPTH_4_BIT, None),
        ({"TERM": "xterm-256color"}, ColorDepth.DEPTH_8_BIT, PictureProtocol.HALF_BLOCKS),
        (TRUE, ColorDepth.DEPTH_24_BIT, PictureProtocol.HALF_BLOCKS),
        (TRUE | {"TERM": "xterm-kitty"}, ColorDepth.DEPTH_24_BIT, PictureProtocol.KITTY),
        (TRUE | {"KITTY_WINDOW_ID": "1"}, ColorDepth.DEPTH_24_BIT, PictureProtocol.KITTY),
        (TRUE | {"TERM_PROGRAM": "iTerm.app"}, ColorDepth.DEPTH_24_BIT, PictureProtocol.ITERM),
        (TRUE | {"LC_TERMINAL": "iTerm2"}, ColorDepth.DEPTH_24_BIT, PictureProtocol.ITERM),
        (TRUE | {"TERM": "foot"}, ColorDepth.DEPTH_24_BIT, PictureProtocol.SIXEL),
        ({"TERM": "xterm-sixel-256color"}, ColorDepth.DEPTH_8_BIT, PictureProtocol.SIXEL),
    ],
)
def test_what_a_terminal_can_show_is_in_its_environment(
    environment: dict[str, str], colours: ColorDepth, pictures: PictureProtocol | None
) -> None:
    assert read_terminal(environment) == TerminalAbilities(
        colours=colours, pictures=pictures, links="KITTY_WINDOW_ID" in environment
    )


def test_without_colours_there_are_no_pictures_either() -> None:
    kitty = TRUE | {"TERM": "xterm-kitty", "VTE_VERSION": "7600"}
    assert read_terminal(kitty | {"NO_COLOR": "1"}) == TerminalAbilities()
    assert read_terminal(kitty | {"NO_COLOR": ""}) == read_terminal(kitty)


@pytest.mark.parametrize("inside", [{"TMUX": "socket"}, {"TERM": "screen-256color"}])
def test_a_multiplexer_hides_the_terminal_around_it(inside: dict[str, str]) -> None:
    around = TRUE | {"KITTY_WINDOW_ID": "1"}
    assert read_terminal(around | inside) == read_terminal(TRUE)
