"""The grammar of job messages: what people typed must never be taken for what Midjourney said."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.content import Line, State, last_uuid, read
from domain.events import Action

US = 1180000000000000001
JOB = "0b5c7d1e-3f42-4a86-9d10-5e7f8a9b0c1d"
OTHER = "c3d4e5f6-0718-4293-a4b5-c6d7e8f90a1b"

PIECES = [
    "*",
    "**",
    "** - ",
    "\n",
    "-# ",
    " - <@1>",
    "(31%)",
    "(Stopped)",
    "Image #2 ",
    "—",
    OTHER,
    "[",
]
texts = st.one_of(st.text(), st.lists(st.sampled_from(PIECES)).map("".join))
lines = texts.map(lambda text: text.replace("\n", " "))  # as Midjourney does with every prompt


def line(**facts: Any) -> Line:
    """Return the line of a running `/imagine`, with some facts changed."""
    usual: dict[str, Any] = {
        "prompt": "a cat",
        "action": Action.IMAGINE,
        "index": None,
        "mentioned_id": US,
        "state": State.ENDED,
        "percent": 0,
        "job_id": None,
    }
    return Line(**usual | facts)


@pytest.mark.parametrize(
    ("tail", "facts"),
    [
        ("<@{}> (Waiting to start)", {"state": State.WAITING}),
        ("<@{}> (waiting to start)", {"state": State.WAITING}),
        ("<@{}> (paused)", {"state": State.WAITING}),
        ("<@{}> (paused) (relaxed)", {"state": State.WAITING}),
        ("<@{}> (relaxed, paused)", {"state": State.WAITING}),
        ("<@{}> (0%) (fast)", {"state": State.RUNNING}),
        ("<@{}> (31%) (fast)", {"state": State.RUNNING, "percent": 31}),
        ("<@{}> (31%) (fast, stealth)", {"state": State.RUNNING, "percent": 31}),
        ("<@{}> (31%) (relaxed)", {"state": State.RUNNING, "percent": 31}),
        ("<@{}> (31%) (relaxed, stealth)", {"state": State.RUNNING, "percent": 31}),
        ("<@{}> (31%) (turbo)", {"state": State.RUNNING, "percent": 31}),
        ("<@{}> (31%) (turbo, stealth)", {"state": State.RUNNING, "percent": 31}),
        ("<@{}> (31%)", {"state": State.RUNNING, "percent": 31}),
        ("<@{}> (31%) (paused) (relaxed)", {"state": State.RUNNING, "percent": 31}),
        ("<@{}> (100%) (fast)", {"state": State.RUNNING, "percent": 100}),
        ("<@{}> (Stopped)", {"state": State.STOPPED}),
        ("<@{}> (31%) (Stopped)", {"state": State.STOPPED}),
        ("<@{}> (1000%) (fast)", {}),
        ("<@{}> (fast)", {}),
        ("<@!{}> (fast)", {}),
        ("<@{}>", {}),
        ("<@{}> (fast)\n-# or so (31%)", {}),
        ("<@{}> (fast)\n-# **New** - try [v8](<https://x>)", {}),
        ("<@{}> (fast)\n-# **New** - ask <@5> (Stopped)", {}),
        ("<@{}> (fast)\n-# one\n-# **two** - <@5> (Stopped)\n-# ", {}),
        (f"<@{{}}> [(Open)](<https://midjourney.com/jobs/{JOB}>) (fast)", {"job_id": JOB}),
        (f"<@{{}}> [(Open)](<https://www.midjourney.com/jobs/{JOB}?i=0>)", {"job_id": JOB}),
        (f"<@{{}}> (fast)\n-# {OTHER}", {}),
        ("Image #1 <@{}>", {"action": Action.UPSCALE, "index": 1}),
        ("Image #4 <@{}>", {"action": Action.UPSCALE, "index": 4}),
        ("Image #0 <@{}>", {"action": Action.OTHER}),
        ("Image #5 <@{}>", {"action": Action.OTHER}),
        ("Image #12 <@{}>", {"action": Action.OTHER}),
        ("Variations by <@{}> (fast)", {"action": Action.VARIATION}),
        ("Variations (Strong) by <@{}> (fast)", {"action": Action.VARIATION}),
        ("Variations (Subtle) by <@{}> (fast)", {"action": Action.VARIATION}),
        ("Variations (Region) by <@{}> (fast)", {"action": Action.VARIATION}),
        (
            "Variations (Strong) by <@{}> (31%) (fast)",
            {"action": Action.VARIATION, "state": State.RUNNING, "percent": 31},
        ),
        ("Remix by <@{}> (fast)", {"action": Action.REMIX}),
        ("Remix (Subtle) by <@{}> (fast)", {"action": Action.REMIX}),
        ("Zoom Out by <@{}> (fast)", {"action": Action.OTHER}),
        ("Pan Left by <@{}> (fast)", {"action": Action.OTHER}),
        ("Pan Right by <@{}> (fast)", {"action": Action.OTHER}),
        ("Pan Up by <@{}> (fast)", {"action": Action.OTHER}),
        ("Pan Down by <@{}> (fast)", {"action": Action.OTHER}),
        ("Upscaled by <@{}> (fast)", {"action": Action.OTHER}),
        ("Upscaled (2x) by <@{}> (fast)", {"action": Action.OTHER}),
        (
            "Upscaling (Creative) by <@{}> (46%) (fast)",
            {"action": Action.OTHER, "state": State.RUNNING, "percent": 46},
        ),
        ("Something New by <@{}> (fast)", {"action": Action.OTHER}),
    ],
)
def test_every_ending_says_what_it_says(tail: str, facts: dict[str, Any]) -> None:
    assert read(f"**a cat** - {tail.format(US)}") == line(**facts)


@pytest.mark.parametrize(
    ("prefix", "facts"),
    [
        ("Upscaling image #3 with ", {"action": Action.UPSCALE, "index": 3}),
        ("Making variations for image #2 with prompt ", {"action": Action.VARIATION, "index": 2}),
        ("Creating video with prompt ", {"action": Action.OTHER}),
        ("Upscaling image #7 with ", {"action": Action.OTHER}),
        ("Doing something new with ", {"action": Action.OTHER}),
    ],
)
def test_a_waiting_message_may_say_beforehand_what_it_is(
    prefix: str,
    facts: dict[str, Any],
) -> None:
    content = f"{prefix}**a cat** - <@{US}> (Waiting to start)"
    assert read(content) == line(state=State.WAITING, **facts)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "**",
        "****",
        "** - ",
        "*** - <@1>",
        "Animating...",
        "**a cat**",
        "**a cat** - ",
        "**a cat** - nobody (31%)",
        "**a cat** - <@> (31%)",
        "**a cat** - <@ann> (31%)",
        f"**a cat** - <@{'1' * 21}> (31%)",
        f"**a cat** - <@{'1' * 5000}> (31%)",
        "**a cat** - \n<@1> (31%)",
        "a cat - <@1> (31%) (fast)",
        "a cat** - <@1> (31%) (fast)",
    ],
)
def test_what_is_no_job_message_is_nothing(content: str) -> None:
    assert read(content) is None


def test_thousands_of_digits_are_no_percent() -> None:
    """Python refuses to make a number of them; reading must not raise for it."""
    assert read(f"**a cat** - <@{US}> ({'9' * 5000}%) (fast)") == line()


@given(lines)
def test_no_prompt_is_taken_for_the_progress(prompt: str) -> None:
    content = f"**{prompt}** - <@{US}> (31%) (fast)\n-# small print"
    assert read(content) == line(prompt=prompt, state=State.RUNNING, percent=31)


@given(lines, st.lists(lines, max_size=3))
def test_small_print_changes_nothing_whatever_it_says(prompt: str, prints: list[str]) -> None:
    content = f"**{prompt}** - <@{US}> (31%) (fast)" + "".join(f"\n-# {each}" for each in prints)
    assert read(content) == line(prompt=prompt, state=State.RUNNING, percent=31)


@given(lines)
def test_no_prompt_is_taken_for_the_kind_of_job(prompt: str) -> None:
    content = f"**{prompt}** - Image #3 <@{US}>"
    assert read(content) == line(prompt=prompt, action=Action.UPSCALE, index=3)


@given(lines)
def test_no_prompt_is_taken_for_the_prefix(prompt: str) -> None:
    content = f"Upscaling image #1 with **{prompt}** - <@{US}> (Waiting to start)"
    facts: dict[str, Any] = {"action": Action.UPSCALE, "index": 1, "state": State.WAITING}
    assert read(content) == line(prompt=prompt, **facts)


@given(st.text() | st.lists(st.sampled_from([*PIECES, "<@1>", " by ", "(fast)"])).map("".join))
def test_reading_never_raises(content: str) -> None:
    assert read(content) is None or content.count("**") > 1


@pytest.mark.parametrize(
    ("name", "found"),
    [
        (f"{JOB}_grid_0.webp", JOB),
        (f"owner_a_cat_{JOB}.png", JOB),
        (f"{JOB}_0_0.png", JOB),
        (f"{JOB}_1_step_12.jpeg", JOB),
        (f"owner_{OTHER}_{JOB}.webp", JOB),
        (f"owner_{JOB.upper()}.webp", JOB),
        ("owner_a_cat.webp", None),
        ("0b5c7d1e3f424a869d105e7f8a9b0c1d.webp", None),
    ],
)
def test_the_job_id_is_the_last_one_in_a_name(name: str, found: str | None) -> None:
    assert last_uuid(name) == found
