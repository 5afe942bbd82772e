"""Every way in which Discord or Midjourney may deviate from the usual, by name.

Tests use the switches, and the documentation is printed from this list. What is marked "unknown" is
not known about the real Midjourney, so both variants must work.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Literal

from sandbox.switch import Switch

Denial = Literal[
    "401", "403", "404", "429", "429 global", "500", "503", "blocked", "captcha", "cloudflare"
]
AfterAcceptance = Literal["502", "504", "reset", "close", "stall", "late"]
Outdated = Literal["stale version", "new command", "bad form"]
InteractionAnswer = Literal["normal"] | Outdated | Denial | AfterAcceptance
RequestAnswer = Literal["normal", "502", "504", "504 done", "reset", "stall"] | Denial
DownloadAnswer = Literal[
    "normal", "truncated", "html", "oversize", "stall", "404", "403", "expired", "redirect",
    "slow", "empty", "no length", "wrong kind", "reset",
]  # fmt: skip
ConnectAnswer = Literal["normal", "refuse", "hang up"]
RefusalPlace = Literal["usual", "answer", "edit", "reply"]
EventFate = Literal["told", "twice", "thrice", "lost", "late", "no author", "no content"]
Acknowledgement = Literal["success", "late", "nothing", "failure"]
JobFate = Literal["runs", "silence", "captcha", "modal", "stopped", "stalled", "vanished"]
GatewayState = Literal["steady", "resume", "fresh"]
Percents = Literal["rising", "back", "repeated", "2023"]
ForeignJob = Literal["none", "own account", "own account, same prompt", "somebody else"]

STEPS = ("waiting", "progress", "grid", "grid edit", "solo", "delete", "refusal")
ASKS = ("imagine", "press", "modal")
PICTURES = ("grid", "solo", "preview", "upload")


@dataclass
class Switches:
    """The list, in the order in which a generation meets them."""

    # What Discord does.
    answer_connect: Switch[ConnectAnswer] = field(
        default_factory=lambda: Switch(
            "normal",
            "A new gateway connection is refused (503), or hung up on right after the handshake.",
            "The process stays alive, connects again without haste, and reads history.",
        )
    )
    answer_request: Switch[RequestAnswer] = field(
        default_factory=lambda: Switch(
            "normal",
            "A REST call is answered with an error; `only` is its method and path, such as "
            "'POST /channels/{channel}/messages'. '504 done' does the work first; blocked is the "
            "403 of code 10008 that stands for abuse; cloudflare is a 429 in HTML.",
            "Retried with a limit where that is safe; no picture is kept from its place. Where "
            "/imagine is looked up, a 401, a block or a captcha stops the queue, and a 403 or 404 "
            "fails the generation.",
        )
    )
    answer_interaction: Switch[InteractionAnswer] = field(
        default_factory=lambda: Switch(
            "normal",
            "How POST /interactions is answered. 502, 504, reset (of the TCP connection), close "
            "(without a word), stall (no answer ever) and late (204 after 40 s of Midjourney's "
            "time) come after Discord has accepted, so that the job runs; the others mean that "
            "nothing was accepted. 'stale version' edits /imagine, and 'new command' replaces it, "
            "so that asking again with what was known fails again; 'bad form' says only that.",
            "One POST per paid request. After an accepted one the result is found by its ids; "
            "after a refusal it is sent again with a new nonce, or stops, by the kind of refusal.",
            ASKS,
        )
    )
    retry_after: Switch[float] = field(
        default_factory=lambda: Switch(
            1.0,
            "The seconds that an answer 429 asks to wait.",
            "Nothing is sent before that time is over; too long a time is reported.",
        )
    )
    answer_download: Switch[DownloadAnswer] = field(
        default_factory=lambda: Switch(
            "normal",
            "How the CDN answers a good link: a body cut short, HTML instead of a picture, 300 "
            "MiB, silence, 404, 403, a link that expired early, a redirect to another host, one "
            "byte per second, an empty body, no Content-Length, another kind of file under a "
            "picture's name, a connection reset. With 'no length' the picture is good.",
            "Never stored as a picture; the message is fetched again and the download repeated.",
            PICTURES,
        )
    )
    link_life: Switch[int] = field(
        default_factory=lambda: Switch(
            86_400,
            "For how many seconds a link to an attachment is good.",
            "The message is fetched again, and its fresh link used.",
        )
    )
    deliver_event: Switch[EventFate] = field(
        default_factory=lambda: Switch(
            "told",
            "How the gateway tells a step of Midjourney's: twice, thrice, never (history still has "
            "it), after the next event, or, which only edits do, with a field missing.",
            "The same end as always; a lost step is found in history.",
            STEPS,
        )
    )
    gateway_at_result: Switch[GatewayState] = field(
        default_factory=lambda: Switch(
            "steady",
            "The gateway drops just before a result is posted; resume replays it, fresh means a "
            "new session that was told nothing.",
            "The result is found, by replay or in history.",
            ("grid", "solo"),
        )
    )
    # What Midjourney does with a request.
    acknowledge: Switch[Acknowledgement] = field(
        default_factory=lambda: Switch(
            "success",
            "What the gateway says of the interaction while the job runs all the same: "
            "INTERACTION_SUCCESS, the same after the first message, nothing, or "
            "INTERACTION_FAILURE with reason 2 (no answer within 3 s).",
            "The first message is proof enough; a failure alone is no answer 'not accepted'.",
            ASKS,
        )
    )
    refusal: Switch[str] = field(
        default_factory=lambda: Switch(
            "",
            "The title of an answer in place of a result, or beside it: one of failures.py, or any "
            "other for a failure that nobody knows.",
            "As the list of titles below says.",
            ASKS,
        )
    )
    refusal_place: Switch[RefusalPlace] = field(
        default_factory=lambda: Switch(
            "usual",
            "Where a refusal appears: in the usual place of its row; as an answer to the "
            "interaction; as an edit of the progress message; or as a reply to it.",
            "The same as in its usual place, as far as it tells which request it is about, and a "
            "stop is one anyway; but an /imagine that has begun is never sent again: it fails.",
            ASKS,
        )
    )
    refusal_ephemeral: Switch[bool] = field(
        default_factory=lambda: Switch(
            True,  # noqa: FBT003 - a switch's value
            "Whether a refusal that answers the interaction is shown to the asker only.",
            "The same; an ephemeral one that falls into a gap is lost, and a person asked.",
        )
    )
    job: Switch[JobFate] = field(
        default_factory=lambda: Switch(
            "runs",
            "What becomes of an accepted request: it runs; nothing is ever heard of it; a human "
            "check (captcha) or a form (modal) stands before it; or having begun, it is stopped, "
            "stays where it is for ever, or its message vanishes.",
            "Stored, or failed, or asked about, within the limits of time; the queue moves on.",
            ASKS,
        )
    )
    foreign_job: Switch[ForeignJob] = field(
        default_factory=lambda: Switch(
            "none",
            "Another job begins in the channel at the same moment.",
            "It is ignored.",
        )
    )
    finish_after_next: Switch[bool] = field(
        default_factory=lambda: Switch(
            False,  # noqa: FBT003 - a switch's value
            "A result waits until another one of its kind has been posted.",
            "Every result finds its own place.",
            ("grid", "solo"),
        )
    )
    extra_delay: Switch[float] = field(
        default_factory=lambda: Switch(
            0.0,
            "Seconds of Midjourney's time by which a step comes later than usual.",
            "Waited for up to the limit; what comes after it still finds its own row.",
            ("waiting", "grid", "solo"),
        )
    )
    somebody_presses: Switch[int] = field(
        default_factory=lambda: Switch(
            0,
            "As soon as a grid is there, ben presses U1-U4 of this number.",
            "His picture is taken; the button is not pressed again.",
        )
    )
    # How Midjourney's messages look.
    mode: Switch[str] = field(
        default_factory=lambda: Switch(
            "fast",
            "The mode at the end of a text: fast, relaxed (paused in silence for ten minutes "
            "first), turbo, or with ', stealth' behind it.",
            "The same.",
        )
    )
    percents: Switch[Percents] = field(
        default_factory=lambda: Switch(
            "rising",
            "How the percents go: also back, or the same twice, or from 0 in the steps of 2023.",
            "Progress that is shown never goes back.",
        )
    )
    progress_deleted: Switch[Literal["after", "before", "never"]] = field(
        default_factory=lambda: Switch(
            "after",
            "When the progress message goes, seen from the final one.",
            "The same.",
        )
    )
    interaction_fields: Switch[Literal["both", "interaction", "metadata", "neither"]] = field(
        default_factory=lambda: Switch(
            "both",
            "Which fields name the interaction: the old `interaction` on the first answer, "
            "`interaction_metadata` on all (unknown for finals), or neither.",
            "The same: neither is relied on.",
        )
    )
    reference_on_final: Switch[bool] = field(
        default_factory=lambda: Switch(
            True,  # noqa: FBT003 - a switch's value
            "Whether a finished grid refers to its progress message; in 2023 it did not.",
            "Matched by the job's uuid in the preview and in the buttons.",
        )
    )
    nonce_on_final: Switch[bool] = field(
        default_factory=lambda: Switch(
            False,  # noqa: FBT003 - a switch's value
            "Whether a result carries the nonce too (unknown for 2026).",
            "The same: a nonce never tells progress from final.",
        )
    )
    final_type: Switch[Literal[19, 0]] = field(
        default_factory=lambda: Switch(
            19,
            "The message type of results: 19 is a reply, 0 plain (unknown).",
            "The same.",
        )
    )
    waiting_message: Switch[bool] = field(
        default_factory=lambda: Switch(
            True,  # noqa: FBT003 - a switch's value
            "Whether a press is answered by a waiting message before its solo.",
            "The solo is recognised by its reference and number.",
        )
    )
    ephemeral_result: Switch[bool] = field(
        default_factory=lambda: Switch(
            False,  # noqa: FBT003 - a switch's value
            "Whether a result is shown to the asker only, with another kind of link.",
            "Stored from the live event, or asked about: history never shows it.",
            ("grid", "solo"),
        )
    )
    grid_format: Switch[Literal["webp", "png"]] = field(
        default_factory=lambda: Switch(
            "webp",
            "The kind of file a grid is; it was PNG until 2024.",
            "The same: what is stored is PNG.",
        )
    )
    website_link: Switch[Literal["markdown", "plain", "none"]] = field(
        default_factory=lambda: Switch(
            "markdown",
            "How the text of a grid links to the website.",
            "The same.",
        )
    )
    small_print: Switch[Literal["none", "plain", "bold"]] = field(
        default_factory=lambda: Switch(
            "none",
            "Whether a second line follows the text: plain words, or bold ones that imitate it.",
            "The same.",
        )
    )
    echo_changes: Switch[bool] = field(
        default_factory=lambda: Switch(
            False,  # noqa: FBT003 - a switch's value
            "Whether short links differ between the first and the final echo of a prompt.",
            "The same: text decides nothing while ids can.",
        )
    )
    grid_buttons: Switch[Literal["all", "2023", "without U3", "without U"]] = field(
        default_factory=lambda: Switch(
            "all",
            "Which buttons a grid has: in 2023 no link, later some of U1-U4 may be missing.",
            "The same; a picture without a button is given up, and the others are stored.",
        )
    )
    solo_buttons: Switch[Literal["v7", "v8.1", "2023"]] = field(
        default_factory=lambda: Switch(
            "v7",
            "Which buttons a solo has: version 8.1 lacks the upscales, 2023 had two in all.",
            "The same.",
        )
    )

    def all(self) -> dict[str, Switch[object]]:
        """Return every switch by its name."""
        return {each.name: getattr(self, each.name) for each in fields(self)}

    def reset(self) -> None:
        """Return every switch to its usual value."""
        for switch in self.all().values():
            switch.reset()
