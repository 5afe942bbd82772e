import io

import pytest

from demo.screen import PlainScreen
from demo.transcript import Transcript
from demo.wording import Lines
from tests.demo.builders import from_midjourney, message, progress, waiting


class Recorder(PlainScreen):
    """A screen that remembers what it was asked to do."""

    def __init__(self) -> None:
        super().__init__(io.StringIO())
        self.asked: list[tuple[object, ...]] = []

    def say(self, name: str, lines: Lines, *, quiet: bool = False) -> None:
        self.asked.append(("say", name, lines, quiet))

    def follow(self, name: str, lines: Lines, news: Lines, *, quiet: bool = False) -> None:
        self.asked.append(("follow", name, lines, news, quiet))

    def leave(self, name: str) -> None:
        self.asked.append(("leave", name))


@pytest.fixture
def screen() -> Recorder:
    return Recorder()


@pytest.fixture
def transcript(screen: Recorder) -> Transcript:
    return Transcript(screen)


def test_a_new_message_is_said(screen: Recorder, transcript: Transcript) -> None:
    transcript.hear("MESSAGE_CREATE", message("hello", "ann"))
    assert screen.asked == [("say", "ann", ("hello",), False)]


def test_an_edit_is_followed_with_its_news(screen: Recorder, transcript: Transcript) -> None:
    transcript.hear("MESSAGE_CREATE", message("a cat\n25%"))
    transcript.hear("MESSAGE_CREATE", message("unrelated", id="2"))
    transcript.hear("MESSAGE_UPDATE", message("a cat\n50%"))
    assert screen.asked[-1] == ("follow", "atelier", ("a cat", "50%"), ("50%",), False)


def test_midjourneys_progress_is_quiet_and_leaves_with_its_message(
    screen: Recorder, transcript: Transcript
) -> None:
    transcript.hear("MESSAGE_CREATE", waiting())
    transcript.hear("MESSAGE_UPDATE", progress(20))
    transcript.hear("MESSAGE_DELETE", progress(20))
    assert screen.asked == [
        ("say", "midjourney", ("/imagine accepted, waiting to start",), True),
        ("follow", "midjourney", ("/imagine 20 %",), ("/imagine 20 %",), True),
        ("leave", "midjourney"),
    ]


def test_a_deleted_message_of_a_person_changes_nothing(
    screen: Recorder, transcript: Transcript
) -> None:
    transcript.hear("MESSAGE_DELETE", message("hello", "ann"))
    assert screen.asked == []


def test_a_button_that_changes_its_colour_is_no_news(
    screen: Recorder, transcript: Transcript
) -> None:
    finished = from_midjourney(waiting()["content"].replace("(Waiting to start)", "(fast)"))
    transcript.hear("MESSAGE_CREATE", finished)
    transcript.hear("MESSAGE_UPDATE", finished)
    assert screen.asked[-1] == ("follow", "midjourney", ("/imagine finished",), (), True)
