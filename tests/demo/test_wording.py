from pathlib import Path

import pytest

from demo.wording import (
    changed,
    describe,
    farewell,
    grid_address,
    served,
    shows_the_end,
    speaker,
    stored,
)
from tests.demo.builders import PERSON, PROMPT, from_midjourney, message, progress, waiting


def test_people_are_called_by_their_names_and_midjourney_by_its_own() -> None:
    assert speaker(message(name="ann")) == "ann"
    assert speaker(from_midjourney()) == "midjourney"


def test_what_people_say_is_kept_in_full_and_in_its_markup() -> None:
    said = ("🎨 `k7m2qx` · a cat", "▓░ **25%**")
    assert describe(message("\n".join(said))) == said


FILES = [
    {"filename": name, "url": f"http://127.0.0.1:1/{name}?hm=1&"} for name in ("a.png", "b_1.png")
]


def test_files_are_named_and_on_demand_with_their_addresses() -> None:
    said = message("done", attachments=FILES)
    assert describe(said) == ("done", "a.png, b_1.png")
    assert describe(said, addresses=True) == (
        "done",
        "a.png",
        "-# http://127.0.0.1:1/a.png?hm=1&",
        "b_1.png",
        "-# http://127.0.0.1:1/b_1.png?hm=1&",
    )


@pytest.mark.parametrize(
    ("said", "address"),
    [
        (f"{PROMPT}{PERSON} (fast)", FILES[0]["url"]),
        (f"{PROMPT}Variations (Strong) by {PERSON} (fast)", FILES[0]["url"]),
        (f"{PROMPT}{PERSON} (63%) (fast)", None),
        (f"{PROMPT}Image #2 {PERSON}", None),
    ],
)
def test_a_grid_is_what_midjourney_has_finished_and_no_upscale(
    said: str, address: str | None
) -> None:
    assert grid_address(from_midjourney(said, attachments=FILES)) == address
    assert grid_address(message(said, attachments=FILES)) is None


@pytest.mark.parametrize(
    ("stage", "is_end"),
    [("done", True), ("failed", True), ("cancelled", True), ("Midjourney is painting", False)],
)
def test_the_status_message_shows_when_all_has_ended(stage: str, *, is_end: bool) -> None:
    assert shows_the_end(("🎨 a cat, done", f"▓▓▓▓░ 44% · {stage} · 0:02")) is is_end


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
    assert describe(message(progress(63)["content"])) == (progress(63)["content"],)


def test_what_midjourney_says_besides_jobs_is_shown_in_full() -> None:
    embeds = [{"title": "Banned prompt", "description": "Sorry!\nNo."}, {"color": 1}]
    assert describe(from_midjourney(embeds=embeds)) == ("Banned prompt", "Sorry!", "No.")


def test_only_new_lines_of_an_edit_are_told() -> None:
    before, after = describe(waiting()), describe(progress(20))
    assert changed(("a cat", "▓░ 25%"), ("a cat", "▓▓ 50%")) == ("▓▓ 50%",)
    assert changed(before, after) == ("/imagine 20 %",)
    assert changed(after, after) == ()


def test_pictures_are_named_by_folder_and_by_address() -> None:
    place = Path("/d/pictures/17")
    assert stored("k7m2qx", place) == ("The grid and the upscales of k7m2qx are in", str(place))
    assert stored("k7m2qx", None) == ("The grid and the upscales of k7m2qx are in Supabase.",)
    assert served("17", "http://127.0.0.1:8764/")[-1] == "http://127.0.0.1:8764/17/grid.png"


def test_at_the_end_it_is_said_where_the_pictures_are() -> None:
    assert farewell(Path("/d/pictures"), 5) == ("Your 5 pictures are in", "/d/pictures")
    assert farewell(Path("/d/pictures"), 1) == ("Your picture is in", "/d/pictures")
    assert farewell(Path("/d/pictures"), 0) == farewell(None, 0) == ("No pictures were made.",)
    assert "which ends with the demo" in farewell(None, 5)[0]
