"""Every recorded shape of message, and what it means."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.events import (
    Action,
    JobFinished,
    JobMessage,
    JobProgress,
    JobStopped,
    JobWaiting,
)
from domain.generation import Button
from domain.messages import (
    MIDJOURNEY_ID,
    NIJI_ID,
    AttachmentSnapshot,
    ButtonSnapshot,
    EmbedSnapshot,
    MessageSnapshot,
    parse,
)
from tests import mj

CDN = f"https://cdn.discordapp.com/attachments/{mj.CHANNEL_ID}"
SIGNATURE = "?ex=6840f2a1&is=683fa121&hm=3d0f9a&"
GRID_URL = f"{CDN}/1511000000000000777/owner_a_cat_{mj.GRID_JOB}.webp{SIGNATURE}"
SOLO_URL = f"{CDN}/1511000000000000888/owner_a_cat_{mj.SOLO_JOB}.png{SIGNATURE}"


def grid_buttons(*, first_pressed: bool = False) -> tuple[Button, ...]:
    job, numbers = mj.GRID_JOB, range(1, 5)
    return (
        *(
            Button(f"MJ::JOB::upsample::{n}::{job}", f"U{n}", first_pressed and n == 1)
            for n in numbers
        ),
        Button(f"MJ::JOB::reroll::0::{job}::SOLO"),
        *(Button(f"MJ::JOB::variation::{n}::{job}", f"V{n}") for n in numbers),
    )


CAT: dict[str, Any] = {"prompt": "a cat --v 7.0", "mentioned_id": mj.ACCOUNT_ID}
RUNNING: dict[str, Any] = CAT | {"message_id": mj.PROGRESS_ID, "interaction_id": mj.INTERACTION_ID}
PREVIEWED: dict[str, Any] = RUNNING | {"job_id": mj.GRID_JOB}
GRID = JobFinished(
    **CAT,
    message_id=mj.GRID_ID,
    reference_id=mj.PROGRESS_ID,
    job_id=mj.GRID_JOB,
    picture_url=GRID_URL,
    buttons=grid_buttons(),
)


IMAGINES: dict[str, JobMessage] = {
    "imagine_waiting": JobWaiting(**RUNNING, nonce=mj.GRID_NONCE),
    "imagine_paused": JobWaiting(**RUNNING),
    "imagine_progress_first": JobProgress(**RUNNING, percent=20),
    "imagine_progress_preview": JobProgress(**PREVIEWED, percent=51),
    "imagine_progress_relaxed_stealth": JobProgress(**RUNNING, percent=17),
    "imagine_progress_turbo": JobProgress(**RUNNING, percent=93),
    "imagine_progress_paused_midway": JobProgress(**RUNNING, percent=31),
    "imagine_progress_with_a_warning": JobProgress(**RUNNING, percent=31),
    "imagine_progress_with_an_empty_embed": JobProgress(**RUNNING, percent=31),
    "imagine_stopped": JobStopped(**PREVIEWED),
    "imagine_stopped_with_reroll": JobStopped(**PREVIEWED),
    "imagine_final": GRID,
    "imagine_final_small_print": GRID,
    "imagine_final_bold_small_print": GRID,
    "imagine_final_with_a_link_preview": GRID,
    "imagine_final_two_files": GRID,
    "imagine_final_with_nonce": replace(GRID, nonce=mj.GRID_NONCE),
    "imagine_final_without_reference": replace(GRID, reference_id=None),
    "imagine_final_ephemeral": replace(
        GRID,
        flags=64,
        picture_url=GRID_URL.replace("/attachments/", "/ephemeral-attachments/"),
    ),
    "imagine_final_one_unnamed_file": replace(
        GRID, picture_url=f"{CDN}/1511000000000000777/grid.webp{SIGNATURE}"
    ),
    "niji_final": replace(GRID, prompt="a cat --niji 7"),
    "grid_after_press": replace(GRID, buttons=grid_buttons(first_pressed=True)),
}


@pytest.mark.parametrize("name", IMAGINES)
def test_an_imagine_is_read_whole(name: str) -> None:
    assert parse(mj.snapshot(name)) == IMAGINES[name]


NOTHING = (
    "imagine_final_before_its_picture",
    "imagine_final_before_its_buttons",
    "chatter_animating",
    "chatter_displaying",
    "chatter_rated",
    "bold_but_no_job",
    "nothing_at_all",
    "a_person_imitating_midjourney",
)


@pytest.mark.parametrize("name", NOTHING)
def test_what_finishes_nothing_and_says_nothing_is_nothing(name: str) -> None:
    assert parse(mj.snapshot(name)) is None


UPSCALES = ("u_waiting", "u_solo", "u_solo_edited_later")


def test_waiting_for_an_upscale_tells_its_job_and_its_image() -> None:
    assert parse(mj.snapshot("u_waiting")) == JobWaiting(
        **CAT,
        message_id=mj.WAITING_ID,
        action=Action.UPSCALE,
        index=1,
        nonce=mj.SOLO_NONCE,
        reference_id=mj.GRID_ID,
        job_id=mj.SOLO_JOB,
    )


def test_an_upscale_is_read_whole() -> None:
    solo = parse(mj.snapshot("u_solo"))
    assert isinstance(solo, JobFinished)
    assert solo == JobFinished(
        **CAT,
        message_id=mj.SOLO_ID,
        action=Action.UPSCALE,
        index=1,
        reference_id=mj.GRID_ID,
        job_id=mj.SOLO_JOB,
        picture_url=SOLO_URL,
        buttons=solo.buttons,
    )
    assert [button.label for button in solo.buttons] == [
        "Upscale (Subtle)",
        "Upscale (Creative)",
        "Vary (Subtle)",
        "Vary (Strong)",
        "Vary (Region)",
        "Zoom Out 2x",
        "Zoom Out 1.5x",
        "Custom Zoom",
        *[""] * 4,
        "Animate (High motion)",
        "Animate (Low motion)",
        "",
    ]


def test_a_solo_edited_later_is_the_same_solo_with_a_pressed_button() -> None:
    before, after = parse(mj.snapshot("u_solo")), parse(mj.snapshot("u_solo_edited_later"))
    assert isinstance(before, JobFinished)
    assert isinstance(after, JobFinished)
    assert [button.pressed for button in after.buttons[:2]] == [True, False]
    assert replace(after, buttons=before.buttons) == before


KINDS: dict[str, tuple[type[JobMessage], Action, int | None, str | None]] = {
    "v_waiting": (JobWaiting, Action.VARIATION, 2, mj.VARY_JOB),
    "v_progress": (JobProgress, Action.VARIATION, None, mj.VARY_JOB),
    "v_final": (JobFinished, Action.VARIATION, None, mj.VARY_JOB),
    "v_final_subtle": (JobFinished, Action.VARIATION, None, mj.VARY_JOB),
    "v_final_region": (JobFinished, Action.VARIATION, None, mj.VARY_JOB),
    "reroll_waiting": (JobWaiting, Action.IMAGINE, None, mj.VARY_JOB),
    "reroll_final": (JobFinished, Action.IMAGINE, None, mj.VARY_JOB),
    "reroll_final_of_a_variation": (JobFinished, Action.VARIATION, None, mj.VARY_JOB),
    "remix_final": (JobFinished, Action.REMIX, None, mj.VARY_JOB),
    "zoom_waiting": (JobWaiting, Action.IMAGINE, None, mj.OTHER_JOB),
    "zoom_progress": (JobProgress, Action.OTHER, None, mj.OTHER_JOB),
    "zoom_final": (JobFinished, Action.OTHER, None, mj.OTHER_JOB),
    "pan_final": (JobFinished, Action.OTHER, None, mj.OTHER_JOB),
    "hd_upscale_progress": (JobProgress, Action.OTHER, None, mj.OTHER_JOB),
    "hd_upscale_final": (JobFinished, Action.OTHER, None, mj.OTHER_JOB),
    "video_waiting": (JobWaiting, Action.FILM, None, None),
    "video_progress_first": (JobProgress, Action.FILM, None, None),
    "video_progress": (JobProgress, Action.FILM, None, mj.OTHER_JOB),
    "video_final": (JobFinished, Action.FILM, None, mj.OTHER_JOB),
    "video_clip": (JobFinished, Action.FILM, None, mj.CLIP_JOB),
    "u_solo_of_v8": (JobFinished, Action.UPSCALE, 1, mj.SOLO_JOB),
    "u_solo_of_a_fifth_image": (JobFinished, Action.OTHER, None, mj.SOLO_JOB),
    "old_2022_upscaled": (JobFinished, Action.OTHER, None, mj.SOLO_JOB),
    "old_2023_progress": (JobProgress, Action.IMAGINE, None, mj.GRID_JOB),
    "old_2023_final": (JobFinished, Action.IMAGINE, None, mj.GRID_JOB),
    "old_2023_final_words": (JobFinished, Action.IMAGINE, None, mj.GRID_JOB),
    "old_2023_solo": (JobFinished, Action.UPSCALE, 4, mj.SOLO_JOB),
}


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_of_job_is_recognised(name: str) -> None:
    heard = parse(mj.snapshot(name))
    assert isinstance(heard, JobMessage)
    assert (type(heard), heard.action, heard.index, heard.job_id) == KINDS[name]


PROMPTS = {
    "prompt_with_asterisks": "a **very** bold cat* --v 7.0",
    "prompt_with_brackets": "a cat (93%) (Stopped) [(Open on website)] (Waiting to start) --v 7.0",
    "prompt_like_an_upscale": "poster that says Image #2 (50%) --v 7.0",
    "prompt_like_a_whole_message": (
        f"a cat** - <@{mj.PERSON_ID}> (31%) (fast) -# ** - Image #3 <@{mj.PERSON_ID}> --v 7.0"
    ),
    "prompt_with_a_newline": "a cat\nin a hat\n-# small --v 7.0",
    "prompt_with_dashes": "a cat \u2014 a hat \u2013 a mat - <@1> --v 7.0",
    "prompt_with_a_link": "<https://s.mj.run/Ab3dE5fG7hI> a cat --v 7.0",
    "prompt_with_a_job_id": f"{mj.OTHER_JOB} --v 7.0",
    "prompt_that_is_empty": "",
}


@pytest.mark.parametrize("name", PROMPTS)
def test_no_prompt_passes_for_anything_but_a_prompt(name: str) -> None:
    heard = parse(mj.snapshot(name))
    assert isinstance(heard, JobFinished)
    assert replace(heard, picture_url=GRID_URL) == replace(GRID, prompt=PROMPTS[name])


@pytest.mark.parametrize("buttons", ["animate_high", "vary_later", "pan_left"])
def test_a_button_that_nobody_knows_changes_nothing(buttons: str) -> None:
    new = ButtonSnapshot(custom_id=f"MJ::JOB::{buttons}::1::{mj.GRID_JOB}", label="New")
    shown = (*mj.snapshot("imagine_final").buttons, new)
    expected = replace(GRID, buttons=(*GRID.buttons, Button(new.custom_id or "", "New")))
    assert parse(mj.snapshot("imagine_final", buttons=shown)) == expected


def test_every_recorded_message_has_its_test() -> None:
    """Those of refusals are in the tests of the table of failures."""
    tested = {*IMAGINES, *NOTHING, *UPSCALES, *KINDS, *PROMPTS}
    assert tested == {name for name in mj.NAMES if not name.startswith("refusal_")}


def test_the_link_is_kept_byte_for_byte() -> None:
    """A changed or reordered query makes Discord refuse the file."""
    odd = "https://cdn.discordapp.com/attachments/1/2/%C3%A9.webp?hm=b&is=2&ex=1&&"
    picture = AttachmentSnapshot(filename="x.webp", url=odd)
    heard = parse(mj.snapshot("imagine_final", attachments=(picture,)))
    assert heard == replace(GRID, picture_url=odd)


def test_the_job_is_the_one_in_the_buttons_when_the_file_says_otherwise() -> None:
    picture = AttachmentSnapshot(filename=f"{mj.OTHER_JOB}.webp", url=GRID_URL)
    assert parse(mj.snapshot("imagine_final", attachments=(picture,))) == GRID


def test_a_button_without_a_job_leaves_it_to_the_next_one_and_to_the_file() -> None:
    plain = ButtonSnapshot(custom_id="MJ::Something")
    button = ButtonSnapshot(custom_id=f"MJ::BOOKMARK::{mj.OTHER_JOB}")
    by_button = parse(mj.snapshot("imagine_progress_preview", buttons=(plain, button)))
    assert by_button == JobProgress(**RUNNING, job_id=mj.OTHER_JOB, percent=51)
    by_file = parse(mj.snapshot("imagine_progress_preview", buttons=(plain,)))
    assert by_file == JobProgress(**PREVIEWED, percent=51)


def test_a_query_behind_a_file_name_is_not_its_job() -> None:
    name = f"{mj.GRID_JOB}_grid_0.webp?from={mj.OTHER_JOB}"
    picture = AttachmentSnapshot(filename=name, url=GRID_URL)
    heard = parse(mj.snapshot("imagine_progress_first", attachments=(picture,)))
    assert heard == JobProgress(**PREVIEWED, percent=20)


def test_without_buttons_and_names_the_job_is_the_one_in_the_link() -> None:
    button = ButtonSnapshot(custom_id="MJ::Something")
    picture = AttachmentSnapshot(filename="grid.webp", url=GRID_URL)
    heard = parse(mj.snapshot("imagine_final", buttons=(button,), attachments=(picture,)))
    assert heard == replace(GRID, buttons=(Button("MJ::Something"),))


def test_a_cancel_button_finishes_nothing() -> None:
    """A preview is a picture, too: only result buttons make it the result."""
    cancel = ButtonSnapshot(custom_id=f"MJ::CancelJob::ByJobid::{mj.GRID_JOB}", style=4)
    assert parse(mj.snapshot("imagine_final", buttons=(cancel,))) is None


def test_a_nonce_does_not_make_a_result_of_progress_nor_the_other_way_round() -> None:
    progress = parse(mj.snapshot("imagine_progress_preview", nonce="5"))
    assert progress == JobProgress(**PREVIEWED, percent=51, nonce="5")
    assert parse(mj.snapshot("imagine_final", nonce=None)) == GRID


PROMPTED = st.builds(
    "{}**{}** - {}<@{}> {}".format,
    st.sampled_from(["", "Upscaling image #1 with ", "Creating video with prompt "]),
    st.text(),
    st.sampled_from(["", "Image #2 ", "Variations (Strong) by ", "Zoom Out by "]),
    st.integers(0, 2**64),
    st.sampled_from(["", "(31%) (fast)", "(Waiting to start)", "(Stopped)"]) | st.text(),
)
BUTTONS = st.builds(
    ButtonSnapshot,
    custom_id=st.none() | st.sampled_from(["MJ::CancelJob::x", "MJ::Captcha::x"]) | st.text(),
    label=st.text(),
    style=st.integers(),
)
SNAPSHOTS = st.builds(
    MessageSnapshot,
    id=st.integers(0),
    author_id=st.just(MIDJOURNEY_ID),
    content=PROMPTED | st.text(),
    nonce=st.none() | st.text(),
    attachments=st.lists(
        st.builds(AttachmentSnapshot, filename=st.text(), url=st.text()), max_size=2
    ).map(tuple),
    buttons=st.lists(BUTTONS, max_size=3).map(tuple),
    embeds=st.lists(
        st.builds(
            EmbedSnapshot,
            title=st.text(),
            description=st.text(),
            colour=st.none() | st.integers(),
        ),
        max_size=2,
    ).map(tuple),
)


@given(SNAPSHOTS)
def test_reading_never_raises_and_finishes_nothing_without_picture_and_button(
    snapshot: MessageSnapshot,
) -> None:
    heard = parse(snapshot)
    if isinstance(heard, JobFinished):
        assert heard.buttons
        assert heard.picture_url in {attachment.url for attachment in snapshot.attachments}


@given(
    SNAPSHOTS, st.integers(0).filter(lambda author_id: author_id not in {MIDJOURNEY_ID, NIJI_ID})
)
def test_nobody_else_is_listened_to(snapshot: MessageSnapshot, author_id: int) -> None:
    assert parse(replace(snapshot, author_id=author_id)) is None
