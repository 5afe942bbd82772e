"""The kinds of jobs that Midjourney's buttons start, with their words around the prompt."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from sandbox.versions import UPSCALERS

_CUSTOM_ID = re.compile(
    r"MJ::(?:JOB::)?(\w+)(?:::(?:ByJobid|50|75))?(?:::(\d))?::([0-9a-f-]{36})(?:::SOLO)?"
)
CANCEL, FAVORITE = "CancelJob", "BOOKMARK"


@dataclass(frozen=True, slots=True)
class ButtonId:
    """What a button's custom id says."""

    action: str  # "upsample", "variation", "reroll", "pan_left" ...
    index: int  # the cell 1-4; 0 for a reroll
    job: str  # the uuid of the picture it belongs to


@dataclass(frozen=True, slots=True, kw_only=True)
class JobKind:
    """A kind of job: what it makes, and its words."""

    makes: Literal["grid", "solo", "hd", "film", "clip"] = "grid"
    waiting: str = ""  # before the prompt until the first percent
    by: str = ""  # between the prompt and the person from the first percent on
    running: str = ""  # the same until it is finished, if that differs
    drops: frozenset[str] = frozenset()  # parameters that the prompt loses
    adds: str = ""  # parameters that are appended
    pace: float = 1.0  # its duration in multiples of a grid's

    @property
    def meanwhile(self) -> str:
        """The words between the prompt and the person while it runs."""
        return self.running or self.by


IMAGINE = JobKind()
FILM = JobKind(makes="film", waiting="Creating video with prompt ", pace=2.0)


def _varied(how: str) -> JobKind:
    return JobKind(by=f"Variations ({how}) by ")


def _panned(where: str, shape: str) -> JobKind:
    return JobKind(
        by=f"Pan {where} by ", drops=frozenset({"--ar", "--aspect"}), adds=f"--ar {shape}", pace=1.1
    )


def _enlarged(how: str) -> JobKind:
    return JobKind(
        makes="hd", running=f"Upscaling ({how}) by ", by=f"Upscaled ({how}) by ", pace=1.8
    )


def _animated(motion: str) -> JobKind:
    return replace(
        FILM,
        drops=frozenset({"--no", "--v", "--niji", "--ar", "--aspect"}),
        adds=f"--motion {motion} --video 1 --aspect 1:1",
    )


_WORKS = {
    "upsample": JobKind(makes="solo", waiting="Upscaling image #{index} with "),
    "variation": replace(
        _varied("Strong"), waiting="Making variations for image #{index} with prompt "
    ),
    "high_variation": _varied("Strong"),
    "low_variation": _varied("Subtle"),
    "pan_left": _panned("Left", "3:2"),
    "pan_right": _panned("Right", "3:2"),
    "pan_up": _panned("Up", "2:3"),
    "pan_down": _panned("Down", "2:3"),
    "Outpaint": JobKind(by="Zoom Out by "),
    **{
        f"upsample_{model}_2x_{how.lower()}": _enlarged(how)
        for model in UPSCALERS.values()
        for how in ("Subtle", "Creative")
    },
    "animate_high": _animated("high"),
    "animate_low": _animated("low"),
    "video_virtual_upscale": JobKind(makes="clip"),
}


def read_button(custom_id: str) -> ButtonId | None:
    """Return what the custom id means, or None if it has another form."""
    found = _CUSTOM_ID.fullmatch(custom_id)
    return ButtonId(found[1], int(found[2] or 0), found[3]) if found else None


def work_of(button: ButtonId, origin: JobKind) -> JobKind | None:
    """Return the kind of job that a button starts; None if it makes no picture.

    A reroll repeats the job that made the picture.
    """
    if button.action == "reroll":
        return replace(origin, waiting="")
    work = _WORKS.get(button.action)
    return work and replace(work, waiting=work.waiting.format(index=button.index))


def remixed(work: JobKind) -> JobKind:
    """Return the same kind of job with a prompt that a person changed."""
    return replace(work, by=work.by.replace("Variations", "Remix"))
