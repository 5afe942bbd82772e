"""The table: every value of every switch, and how a generation ends with it.

The outcomes follow the texts in `sandbox/switches.py`. Refusals have their own table in
`refusals.py`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import get_args

from domain.generation import ProblemKind, Status
from sandbox.versions import USUAL, Version

SOON, TOO_LATE = 60.0, 1800.0
"""Seconds of delay within every limit on silence, and beyond all of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One value of a switch, armed for one kind of occasion, and the end with its reason.

    `at_last` is the last status, if a late result changes it. `rare` is for the long run only.
    """

    switch: str
    value: object
    only: str = ""
    times: int = 1
    ends: Status = Status.COMPLETED
    why: ProblemKind | None = None
    says: str = ""
    at_last: Status | None = None
    rare: bool = False

    def __str__(self) -> str:
        return " ".join(str(part) for part in (self.switch, self.value, self.only) if part != "")


def _each(
    switch: str, values: Iterable[object], kinds: Iterable[str] = ("",), **facts: object
) -> list[Case]:
    return [
        Case(switch=switch, value=value, only=kind, **facts)  # pyright: ignore[reportArgumentType] -- any other field of the record
        for value in values
        for kind in kinds
    ]


ASKS = ("imagine", "press")
OTHER_VERSIONS = [version for version in get_args(Version) if version != USUAL]
_RESULTS = ("grid", "solo")
_STEPS = ("waiting", "progress", "grid", "grid edit", "solo", "delete")
_ASKED = {"ends": Status.NEEDS_ATTENTION, "why": ProblemKind.NO_ANSWER}
_NOT_SENT = {"ends": Status.FAILED, "why": ProblemKind.NOT_SENT}
_NO_BUTTON = {"ends": Status.FAILED, "why": ProblemKind.NO_BUTTON}

LOOKS: tuple[Case, ...] = (
    *_each("default_version", (*OTHER_VERSIONS, "unnamed"), rare=True),
    *_each("mode", ("relaxed", "turbo", "fast, stealth"), rare=True),
    *_each("percents", ("back", "repeated", "2023"), rare=True),
    *_each("progress_deleted", ("before", "never"), _RESULTS, rare=True),
    *_each("interaction_fields", ("interaction", "metadata", "neither"), times=100, rare=True),
    *_each("reference_on_final", (False,), rare=True),
    *_each("nonce_on_final", (True,), times=5, rare=True),
    *_each("final_type", (0,), times=5, rare=True),
    *_each("waiting_message", (False,), ("solo",), times=4, rare=True),
    *_each("grid_format", ("png",), rare=True),
    *_each("hd_by_default", (True,), rare=True),
    *_each("picture_grain", (0.1,), rare=True),
    *_each("website_link", ("plain", "none"), rare=True),
    *_each("small_print", ("plain", "bold"), rare=True),
    *_each("echo", ("no dashes", "chosen values", "no stealth", "personalised"), rare=True),
    *_each("account_settings", ("--p abc123",), rare=True),
    *_each("grid_buttons", ("2023",), rare=True),
    *_each("solo_buttons", ("with upscales", "without zoom and pan", "2023"), times=4, rare=True),
)
"""How Midjourney's messages look. Together they are tried always, each alone in the long run."""

CASES: tuple[Case, ...] = (
    # Discord accepted it, or said how long to wait: one request is accepted, and its result found.
    *_each(
        "answer_interaction",
        ("429", "502", "reset", "late"),
        ASKS,
    ),
    *_each(
        "answer_interaction", ("429 global", "cloudflare", "504", "close", "stall"), ASKS, rare=True
    ),
    *_each("answer_interaction", ("stale version", "new command", "bad form"), ("imagine",)),
    # Discord did not accept it, but nobody can know that. A button may be pressed again.
    *_each("answer_interaction", ("500", "503"), ("imagine",), **_ASKED),
    *_each("answer_interaction", ("500", "503"), ("press",)),
    # A permanent refusal.
    *_each("answer_interaction", ("403",), ASKS, **_NOT_SENT, says="HTTP 403, code 50013"),
    *_each("answer_interaction", ("404",), ("imagine",), **_NOT_SENT, says="HTTP 404, code 10008"),
    # A button that its message no longer has: the live one is pressed.
    *_each("answer_interaction", ("404",), ("press",)),
    # How Discord delivers Midjourney's messages.
    *_each("deliver_event", ("twice", "lost"), _STEPS),
    *_each("deliver_event", ("thrice", "late"), _STEPS, rare=True),
    *_each("deliver_event", ("no author", "no content"), ("progress", "grid edit")),
    *_each("gateway_at_result", ("resume", "fresh"), _RESULTS),
    # What Midjourney does with a request.
    *_each("acknowledge", ("late", "nothing", "failure"), ASKS),
    *_each("job", ("silence", "stalled"), ("imagine",), **_ASKED),
    *_each("job", ("silence", "stalled"), ("press",)),
    *_each("job", ("vanished",), ("imagine",), ends=Status.FAILED, why=ProblemKind.STOPPED),
    *_each("job", ("vanished",), ("press",)),
    *_each("job", ("modal",), ("imagine",), **_ASKED),
    *_each("job", ("modal",), ("press",)),
    *_each("job", ("stopped",), ASKS, ends=Status.FAILED, why=ProblemKind.STOPPED),
    *_each("foreign_job", ("own account", "own account, same prompt", "somebody else")),
    *_each("finish_after_next", (True,), ("solo",)),
    *_each("extra_delay", (SOON,), ("waiting", "grid", "solo")),
    *_each("extra_delay", (TOO_LATE,), ("grid",), **_ASKED, at_last=Status.COMPLETED),
    *_each("extra_delay", (TOO_LATE,), ("waiting",), **_ASKED, at_last=Status.COMPLETED, rare=True),
    *_each(
        "extra_delay",
        (TOO_LATE,),
        ("solo",),
        rare=True,
        ends=Status.FAILED,
        why=ProblemKind.NO_ANSWER,
        at_last=Status.COMPLETED,
    ),
    *_each("somebody_presses", (1, 2, 3, 4)),
    *_each("ephemeral_result", (True,), _RESULTS),
    *_each("grid_buttons", ("without U3", "without U"), **_NO_BUTTON),
    *LOOKS,
)

_DOWNLOADS = ("truncated", "html", "oversize", "404", "403", "expired", "redirect", "empty")
DOWNLOADS: tuple[Case, ...] = (
    *_each("answer_download", (*_DOWNLOADS, "no length", "wrong kind"), ("grid",)),
    *_each("answer_download", (*_DOWNLOADS, "no length", "wrong kind"), ("solo",), rare=True),
    *_each("answer_download", ("reset",), _RESULTS, times=2),  # aiohttp repeats it once by itself
    *_each("answer_download", ("stall", "slow"), _RESULTS),
)
"""What the CDN does; the picture is fetched again."""

STOPS: tuple[Case, ...] = (
    *_each("answer_interaction", ("401", "blocked", "captcha"), ASKS),
    *_each("job", ("captcha",), ("imagine",), **_ASKED),
    *_each("job", ("captcha",), ("press",)),
)
"""What stops the queue. The end is the one after a person has let it go on."""

HISTORY = "GET /channels/{channel}/messages"
LOOK_UP = "GET /guilds/{guild}/application-command-index"
_ROUTES = (
    "POST /channels/{channel}/messages",
    "PATCH /channels/{channel}/messages/{message}",
    HISTORY,
    LOOK_UP,
)
_PASSING = ("504 done", "429")
_ALSO = ("502", "504", "reset", "429 global", "500", "503", "cloudflare")
_LASTING, _FOR_EVER = ("401", "403"), ("404", "blocked", "captcha")
REQUESTS: tuple[Case, ...] = (
    *_each("answer_request", _PASSING, _ROUTES),
    *_each("answer_request", _ALSO, _ROUTES, rare=True),
    *_each("answer_request", _LASTING, _ROUTES[:-1]),
    *_each("answer_request", _FOR_EVER, _ROUTES[:-1], rare=True),
    *_each("answer_request", ("403", "404"), (LOOK_UP,), **_NOT_SENT),
)
"""What Discord answers to all but interactions; nothing of it keeps a picture from its place."""

LOOK_UP_STOPS: tuple[Case, ...] = tuple(
    _each("answer_request", ("401", "blocked", "captcha"), (LOOK_UP,))
)
"""The same, of the request without which nothing can be sent."""

BY_THEMSELVES = frozenset(
    {
        ("answer_connect", "refuse"),
        ("answer_connect", "hang up"),
        ("ready_megabytes", 6.0),
        ("answer_request", "stall"),
        ("echo_changes", True),
        ("finish_after_next", True),
        ("link_life", 0),
        ("retry_after", 600.0),
        ("unknown_session", "refused"),
        ("refusal_ephemeral", False),
        *(("refusal_place", place) for place in ("answer", "edit", "reply")),
    },
)
"""What has a test of its own: `test_by_themselves.py`, `test_links.py`, `test_refusals.py`, or
`test_gaps.py` and `test_large_ready.py` of the folder above."""
