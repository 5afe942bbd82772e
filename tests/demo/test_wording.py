from pathlib import Path

import pytest

from demo.wording import changed, describe, plain, served, speaker, stored
from tests.demo.builders import PERSON, PROMPT, from_midjourney, message, progress, waiting


def test_people_are_called_by_their_names_and_midjourney_by_its_own() -> None:
    assert speaker(message(name="ann")) == "ann"
    assert speaker(from_midjourney()) == "midjourney"


def test_what_people_say_is_shown_in_full() -> None:
    assert describe(message("🎨 `k7m2qx` · a cat\n▓░ **25%**")) == ("🎨 k7m2qx · a cat", "▓░ 25%")


def test_files_are_counted() -> None:
    said = message("done", attachments=[{"filename": "a.png"}, {"filename": "b.png"}])
    assert describe(said) == ("done", "(2 files attached)")


@pytest.mark.parametrize(
    ("content", "shown"),
    [
        (f"{PROMPT}{PERSON} (Waiting to start)", "/imagine accepted, waiting to start"),
        (f"{PROMPT}{PERSON} (63%) (fast)", "/imagine 63 %"),
        (f"{PROMPT}{PERSON} (Stopped)", "/imagine stopped"),
        (f"{PROMPT}{PERSON} (fast)", "/imagine finished"),
        (
            f"Upscaling image #2 with {PROMPT}{PERSON} (Waiting to start)",
            "U2 accepted, waiting to start",
        ),
        (f"{PROMPT}Image #2 {PERSON}", "U2 finished"),
        (f"{PROMPT}Variations (Strong) by {PERSON} (20%) (fast)", "variation 20 %"),
    ],
)
def test_midjourneys_jobs_are_shown_in_short(content: str, shown: str) -> None:
    assert describe(from_midjourney(content)) == (shown,)


def test_a_person_who_writes_like_midjourney_is_shown_in_full() -> None:
    assert describe(message(progress(63)["content"])) == (f"a cat --v 8.2 - {PERSON} (63%) (fast)",)


def test_what_midjourney_says_besides_jobs_is_shown_in_full() -> None:
    embeds = [{"title": "Banned prompt", "description": "Sorry!\nNo."}, {"color": 1}]
    assert describe(from_midjourney(embeds=embeds)) == ("Banned prompt", "Sorry!", "No.")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (r"a \*cat\* in \`code\`", "a *cat* in `code`"),
        (r"C:\temp and snake_case", r"C:\temp and snake_case"),
        ("a\x1b[2Jb\udcffc\td", "a [2Jb c d"),
    ],
)
def test_markdown_is_undone_and_nothing_can_move_the_cursor(text: str, shown: str) -> None:
    assert plain(text) == shown


def test_only_new_lines_of_an_edit_are_told() -> None:
    before, after = describe(waiting()), describe(progress(20))
    assert changed(("a cat", "▓░ 25%"), ("a cat", "▓▓ 50%")) == ("▓▓ 50%",)
    assert changed(before, after) == ("/imagine 20 %",)
    assert changed(after, after) == ()


def test_pictures_are_named_by_folder_and_by_address() -> None:
    assert stored("17", Path("/d/pictures")) == ("The grid and the upscales are in /d/pictures/17",)
    assert stored("17", None) == ("The grid and the upscales are in Supabase",)
    assert "http://127.0.0.1:8764/17/grid.png" in served("17", "http://127.0.0.1:8764/")[0]
