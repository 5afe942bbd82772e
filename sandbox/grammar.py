"""Midjourney's messages as of 2026: their texts and buttons."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sandbox import versions
from sandbox.job_kinds import CANCEL
from sandbox.prompts import split_flags

if TYPE_CHECKING:
    from sandbox.people import Json
    from sandbox.switches import SoloButtons

_GREY, _BLURPLE, _RED, _LINK = 2, 1, 4, 5  # Discord's button styles
SMALL_PRINT = {
    "none": "",
    "plain": "\n-# You can find this picture on the website, too",
    "bold": "\n-# **New** - ask <@5> how to find it on the website (Stopped)",
}


def waiting(prompt: str, person: str, before: str = "") -> str:
    """Return the first text; `person` is a mention, `before` such as "Upscaling image #1 with "."""
    return f"{before}**{prompt}** - {person} (Waiting to start)"


def paused(prompt: str, person: str, mode: str, by: str = "") -> str:
    """Return the text of a relaxed job that is waiting for its turn."""
    return f"**{prompt}** - {by}{person} (paused) ({mode})"


def progress(prompt: str, person: str, percent: int, mode: str, by: str = "") -> str:
    """Return the text while drawing; `by` is such as "Variations (Strong) by ", `mode` "fast"."""
    return f"**{prompt}** - {by}{person} ({percent}%) ({mode})"


def grid(prompt: str, person: str, mode: str, by: str = "", link: str = "") -> str:
    """Return the text of a finished grid; `link` is one of `website_link`."""
    return f"**{prompt}** - {by}{person} {link}({mode})"


def website_link(job: str, form: str) -> str:
    """Return the link to the website within a text: "markdown", "plain" or "none"."""
    words = "(Open on website for full quality)"
    if form == "markdown":
        return f"[{words}](<https://midjourney.com/jobs/{job}>) "
    return f"{words} " if form == "plain" else ""


def stopped(prompt: str, person: str, by: str = "") -> str:
    """Return the text of a cancelled job; its last preview stays."""
    return f"**{prompt}** - {by}{person} (Stopped)"


def solo(prompt: str, person: str, index: int) -> str:
    """Return the text of one picture taken from a grid: no percent, no mode."""
    return f"**{prompt}** - Image #{index} {person}"


def filename(person: str, prompt: str, job: str, suffix: str) -> str:
    """Return the attachment's name: person, a few words of the prompt, the job's uuid."""
    text, _ = split_flags(prompt)
    words = re.sub(r"[^A-Za-z0-9]+", "_", text)[:48].strip("_")
    return f"{person}_{words}_{job}.{suffix}"


def cancel_button(job: str) -> tuple[Json, ...]:
    """Return the Cancel button of a job that a button started."""
    return _rows([_button("Cancel Job", f"MJ::{CANCEL}::ByJobid::{job}", style=_RED)])


def captcha(job: str) -> Json:
    """Return the fields of the event that asks for a human check."""
    return {
        "custom_id": f"MJ::iframe::{job}",
        "title": "Action required to continue",
        "iframe_path": f"/captcha/embedded/{job}",
    }


def form(prompt: str, job: str) -> Json:
    """Return the fields of the event that shows a form with the prompt."""
    field: Json = {
        "type": 4,
        "custom_id": "MJ::RemixModal::new_prompt",
        "label": "New prompt",
        "style": 2,
        "value": prompt,
        "required": True,
    }
    return {
        "custom_id": f"MJ::RemixModal::{job}",
        "title": "Remix Prompt",
        "components": [{"type": 1, "components": [field]}],
    }


def action_button(label: str, custom_id: str) -> tuple[Json, ...]:
    """Return one grey button, such as an appeal below a refusal."""
    return _rows([_button(label, custom_id)])


def grid_buttons(job: str, which: str = "all") -> tuple[Json, ...]:
    """Return U1-U4 with reroll, and V1-V4 with the website link; `which` may leave some out."""
    numbers = range(1, 5)
    ups = [_button(f"U{n}", f"MJ::JOB::upsample::{n}::{job}") for n in numbers]
    variations = [_button(f"V{n}", f"MJ::JOB::variation::{n}::{job}") for n in numbers]
    link = [] if which == "2023" else [_website(job, "\u200b")]
    missing = {"without U3": {"U3"}, "without U": {each["label"] for each in ups}}.get(which, set())
    shown = [each for each in ups if each["label"] not in missing]
    return _rows([*shown, _reroll(job), *variations, *link])


def solo_buttons(
    job: str, prompt: str = "", which: SoloButtons = "of its version"
) -> tuple[Json, ...]:
    """Return the buttons of a single picture; each contains the picture's own uuid.

    Which there are depends on the version that its prompt names; in 2023 there were two.
    """
    if which == "2023":
        return _rows(
            [
                _button("Make Variations", f"MJ::JOB::variation::1::{job}::SOLO"),
                _website(job, "Web"),
            ]
        )
    major, own = versions.major(prompt), f"::1::{job}::SOLO"
    upscale = f"MJ::JOB::upsample_{versions.UPSCALERS.get(major, 'v7')}_2x"
    named = [
        ("Upscale (Subtle)", f"{upscale}_subtle{own}"),
        ("Upscale (Creative)", f"{upscale}_creative{own}"),
        ("Vary (Subtle)", "MJ::JOB::low_variation" + own),
        ("Vary (Strong)", "MJ::JOB::high_variation" + own),
        ("Vary (Region)", "MJ::Inpaint" + own),
        ("Zoom Out 2x", "MJ::Outpaint::50" + own),
        ("Zoom Out 1.5x", "MJ::Outpaint::75" + own),
        ("Custom Zoom", f"MJ::CustomZoom::{job}"),
        ("Pan left", "MJ::JOB::pan_left" + own),
        ("Pan right", "MJ::JOB::pan_right" + own),
        ("Pan up", "MJ::JOB::pan_up" + own),
        ("Pan down", "MJ::JOB::pan_down" + own),
        ("Animate (High motion)", "MJ::JOB::animate_high" + own),
        ("Animate (Low motion)", "MJ::JOB::animate_low" + own),
        ("Favorite", f"MJ::BOOKMARK::{job}"),
    ]
    lacks = _LACKS[which] if major in versions.WITH_FEWER_BUTTONS else ()
    shown = [_button(*each) for each in named if not each[0].startswith(lacks)]
    return _rows([*shown, _website(job, "Web")])


_OF_V7 = ("Vary (Region)", "Custom Zoom")
_LACKS: dict[str, tuple[str, ...]] = {
    "of its version": (*_OF_V7, "Upscale"),
    "with upscales": _OF_V7,
    "without zoom and pan": (*_OF_V7, "Upscale", "Zoom", "Pan"),
}
"""The beginnings of the labels that newer versions lack: as one source says, or another one."""


def film_buttons(job: str) -> tuple[Json, ...]:
    """Return the buttons of a film: four that look like a grid's U1-U4, and its reroll."""
    prefix = "MJ::JOB::video_virtual_upscale"
    clips = [_button(f"U{n}", f"{prefix}::{n}::{job}") for n in range(1, 5)]
    return _rows([*clips, _reroll(job), _website(job, "\u200b")])


def clip_buttons(job: str) -> tuple[Json, ...]:
    """Return the buttons of a clip taken from a film."""
    prefix = "MJ::JOB::animate"
    kinds = (("Extend (High motion)", "high"), ("Extend (Low motion)", "low"))
    return _rows([_button(label, f"{prefix}_{kind}_extend::1::{job}") for label, kind in kinds])


def pressed(components: tuple[Json, ...], custom_id: str) -> tuple[Json, ...]:
    """Return the rows with one button coloured, as Midjourney does after a press."""
    return tuple(
        row
        | {
            "components": [
                button | {"style": _BLURPLE} if button.get("custom_id") == custom_id else button
                for button in row["components"]
            ]
        }
        for row in components
    )


def is_pressed(components: tuple[Json, ...], custom_id: str) -> bool:
    """Return whether somebody pressed this button before."""
    return any(
        button.get("custom_id") == custom_id and button["style"] == _BLURPLE
        for row in components
        for button in row["components"]
    )


def _button(label: str, custom_id: str, *, style: int = _GREY) -> Json:
    return {"type": 2, "style": style, "label": label, "custom_id": custom_id}


def _reroll(job: str) -> Json:
    return _button("", f"MJ::JOB::reroll::0::{job}::SOLO") | {"emoji": {"name": "\U0001f504"}}


def _website(job: str, label: str) -> Json:
    url = f"https://www.midjourney.com/jobs/{job}"
    return {"type": 2, "style": _LINK, "label": label, "url": url}


def _rows(buttons: list[Json]) -> tuple[Json, ...]:
    """Put up to five buttons in a row, Discord's maximum; ids are numbered across rows."""
    numbered = [button | {"id": n} for n, button in enumerate(buttons, start=1)]
    return tuple(
        {"type": 1, "components": numbered[start : start + 5]}
        for start in range(0, len(numbered), 5)
    )
