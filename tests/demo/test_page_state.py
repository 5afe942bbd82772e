"""What the page shows beside the channel, from rows and messages."""

import io
from dataclasses import replace

import pytest

from demo.page import browser, state
from demo.page.parts import Contents
from demo.wording import Json
from domain.generation import Generation, Problem, ProblemKind, Status, Step
from domain.slots import Slot
from services.database.rows import to_row
from tests.builders import NOW, generation, picture
from tests.demo.builders import PERSON, PROMPT, message, progress, waiting

LARGE = 2**53
PROGRESS = Step(intended_at=NOW, nonce="7", accepted_at=NOW, progress_message_id=1)


def shown(*rows: Generation) -> Json:
    return state.database_state(Contents([to_row(row) for row in rows]), lambda _: None)


def test_numbers_that_javascript_cannot_hold_are_text() -> None:
    given = {"ids": [LARGE, LARGE - 1, -LARGE], "on": True, "text": "x", "none": None}
    wanted = {"ids": [str(LARGE), LARGE - 1, str(-LARGE)], "on": True, "text": "x", "none": None}
    assert state.exact(given) == wanted


def test_the_bar_moves_with_midjourneys_own_percent() -> None:
    row = generation(Status.SUBMITTED, progress=25).with_step(Slot.GRID, PROGRESS)
    for told, percent in (
        (None, None),
        (waiting(), None),
        (progress(40), 40),
        (message(f"{PROMPT}{PERSON} (40%) (fast)"), None),  # somebody who imitates it
    ):
        found = state.percent_of(row, {1: told}.get)
        assert found == percent
        assert state.shown_work(row, found)["progress"] == 25 + (percent or 0) / 4
    assert state.percent_of(generation(Status.SUBMITTED), {1: progress(40)}.get) is None


@pytest.mark.parametrize(
    ("step", "stage"),
    [
        (Step(), "to come"),
        (Step(intended_at=NOW), "asked for"),
        (Step(intended_at=NOW, delivered_at=NOW), "sent"),
        (PROGRESS, "accepted"),
        (replace(PROGRESS, message_id=5), "finished"),
        (replace(PROGRESS, message_id=5, picture=picture()), "stored"),
        (replace(PROGRESS, problem=Problem(ProblemKind.STOPPED)), "given up"),
    ],
)
def test_each_picture_has_a_stage_and_the_ids_that_are_known(step: Step, stage: str) -> None:
    row = generation(Status.SUBMITTED, wanted=(Slot.UPSCALE_2,)).with_step(Slot.GRID, step)
    grid, second = state.shown_work(row, None)["steps"]
    assert (grid["slot"], second["slot"]) == ("grid", "upscale_2")
    assert grid["stage"] == stage
    names = ("nonce", "progress_message_id", "message_id")
    known = {name: str(getattr(step, name)) for name in names if getattr(step, name) is not None}
    assert grid["ids"] == known


def test_the_queue_is_in_the_order_of_its_turns() -> None:
    rows = [generation(turn=turn, prompt=f"turn {turn}") for turn in (3, 1, 2)]
    assert [each["prompt"] for each in shown(*rows)["queue"]] == ["turn 1", "turn 2", "turn 3"]


def test_what_is_active_is_shown_or_else_what_changed_last() -> None:
    later = NOW.replace(year=NOW.year + 1)
    active = generation(Status.SUBMITTED, prompt="active")
    done = generation(Status.COMPLETED, prompt="done", updated_at=later)
    failed = generation(Status.FAILED, prompt="failed")
    for rows, wanted in (((done, active), "active"), ((failed, done), "done")):
        assert shown(*rows)["work"]["prompt"] == wanted
    assert shown(generation())["work"] is None


class TerminalStream(io.StringIO):
    """A stream that says that it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("platform", "environment", "wanted"),
    [
        ("linux", {"DISPLAY": ":0"}, True),
        ("linux", {"WAYLAND_DISPLAY": "wayland-0"}, True),
        ("linux", {}, False),
        ("darwin", {}, True),
        ("darwin", {"SSH_CONNECTION": "somewhere"}, False),
        ("linux", {"DISPLAY": ":0", "CI": "true"}, False),
    ],
)
def test_a_browser_is_wanted_where_somebody_sits_at_a_display(
    platform: str, environment: dict[str, str], *, wanted: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.platform", platform)
    assert browser.is_wanted(TerminalStream(), environment) == wanted
    assert not browser.is_wanted(io.StringIO(), environment)


def test_a_browser_that_would_take_the_terminal_is_not_used(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    opened: list[str] = []

    class Graphical(browser.webbrowser.BackgroundBrowser):
        def open(self, url: str, new: int = 0, autoraise: bool = True) -> bool:
            opened.append(url)
            return True

    lynx = browser.webbrowser.GenericBrowser("lynx")
    for found, wanted in ((Graphical("firefox"), True), (lynx, False)):
        monkeypatch.setattr(browser.webbrowser, "get", lambda found=found: found)
        assert browser.show("http://127.0.0.1:1/") == wanted
    assert opened == ["http://127.0.0.1:1/"]
