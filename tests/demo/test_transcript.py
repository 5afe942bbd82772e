import io

import pytest

from demo.markup import PLAIN, MarkupReader
from demo.screen import PlainScreen
from demo.transcript import Transcript
from demo.wording import Lines
from tests.builders import NOW
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
def grids() -> list[str]:
    """Return the addresses of the grids that are to be shown."""
    return []


@pytest.fixture
def transcript(screen: Recorder, grids: list[str]) -> Transcript:
    markup = MarkupReader(style=PLAIN, now=lambda: NOW)
    return Transcript(screen, markup, grids.append)


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


def test_times_are_words_and_as_they_pass_they_are_no_news(
    screen: Recorder, transcript: Transcript
) -> None:
    asked = f"asked <t:{int(NOW.timestamp()) - 5}:R>"
    transcript.hear("MESSAGE_CREATE", message(f"{asked}\n25%"))
    transcript.hear("MESSAGE_UPDATE", message(f"{asked}\n50%"))
    assert screen.asked == [
        ("say", "atelier", ("asked 5 s ago", "25%"), False),
        ("follow", "atelier", ("asked 5 s ago", "50%"), ("50%",), False),
    ]


def test_the_progress_of_what_has_ended_leaves(screen: Recorder, transcript: Transcript) -> None:
    transcript.hear("MESSAGE_CREATE", message("▓░ 50% · Midjourney is painting · 0:20"))
    transcript.hear("MESSAGE_UPDATE", message("▓▓ 100% · done · 0:41"))
    assert screen.asked[-1] == ("leave", "atelier")


def test_files_that_are_asked_for_again_come_with_their_addresses(
    screen: Recorder, transcript: Transcript
) -> None:
    files = [{"filename": "a.png", "url": "http://127.0.0.1:1/a.png"}]
    transcript.hear("MESSAGE_CREATE", message("done", attachments=files))
    transcript.hear("MESSAGE_UPDATE", message("done", attachments=files))
    transcript.hear("MESSAGE_CREATE", message("here", id="2", attachments=files))
    shown = [asked[2] for asked in screen.asked]
    assert shown == [
        ("done", "a.png"),
        ("done", "a.png"),
        ("here", "a.png", "http://127.0.0.1:1/a.png"),
    ]


def test_a_finished_grid_is_shown_once(grids: list[str], transcript: Transcript) -> None:
    files = [{"filename": "a.webp", "url": "http://127.0.0.1:1/a.webp"}]
    for event, content in [
        ("MESSAGE_UPDATE", progress(63)["content"]),
        ("MESSAGE_CREATE", progress(63)["content"].replace("(63%) ", "")),
        ("MESSAGE_UPDATE", progress(63)["content"].replace("(63%) ", "")),
    ]:
        transcript.hear(event, from_midjourney(content, id=content, attachments=files))
    assert grids == ["http://127.0.0.1:1/a.webp"]
