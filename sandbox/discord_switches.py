"""The ways in which Discord may deviate from the usual: what it answers, and what it delivers."""

from __future__ import annotations

from dataclasses import dataclass, field
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
EventFate = Literal["told", "twice", "thrice", "lost", "late", "no author", "no content"]
GatewayState = Literal["steady", "resume", "fresh"]

STEPS = ("waiting", "progress", "grid", "grid edit", "solo", "delete", "refusal")
ASKS = ("imagine", "press", "modal")
PICTURES = ("grid", "solo", "preview", "upload")


@dataclass
class DiscordSwitches:
    """The switches about Discord itself."""

    answer_connect: Switch[ConnectAnswer] = field(
        default_factory=lambda: Switch(
            "normal",
            "A new gateway connection is refused (503), or closed right after the handshake.",
            "The process stays alive, pauses before it reconnects, and reads the history.",
        )
    )
    ready_megabytes: Switch[float] = field(
        default_factory=lambda: Switch(
            0.0,
            "How many million bytes READY has more than usual, as for an account in many servers.",
            "The bot connects, and does its work as always.",
        )
    )
    answer_request: Switch[RequestAnswer] = field(
        default_factory=lambda: Switch(
            "normal",
            "A REST call gets an error; `only` is its method and path, such as "
            "'POST /channels/{channel}/messages'. '504 done' does the work first; blocked is a 403 "
            "with code 10008, which means abuse; cloudflare is a 429 in HTML.",
            "Retried a limited number of times where that is safe; every picture is still stored. "
            "When /imagine is looked up, a 401, a block or a captcha stops the queue, and a 403 or "
            "404 fails the generation.",
        )
    )
    answer_interaction: Switch[InteractionAnswer] = field(
        default_factory=lambda: Switch(
            "normal",
            "How POST /interactions is answered. 502, 504, reset (of the TCP connection), close "
            "(without an answer), stall (never answers) and late (204 after 40 s of Midjourney's "
            "time) happen after Discord has accepted the request, so the job runs; the others mean "
            "that nothing was accepted. 'stale version' edits /imagine, and 'new command' replaces "
            "it, so a retry with the old data fails again; 'bad form' is only the error.",
            "One POST per paid request. If it was accepted, the result is found by its ids. If it "
            "was refused, the kind of refusal decides: send it again with a new nonce, or stop.",
            ASKS,
        )
    )
    unknown_session: Switch[Literal["taken", "refused"]] = field(
        default_factory=lambda: Switch(
            "taken",
            "Whether an interaction may name a session that doesn't exist, as clients without a "
            "gateway make one up. Then nobody gets its INTERACTION events, only the messages.",
            "The same; if it is refused, it is sent again in the next session.",
        )
    )
    retry_after: Switch[float] = field(
        default_factory=lambda: Switch(
            1.0,
            "How many seconds a 429 asks to wait.",
            "Nothing is sent before that time is over; a wait that is too long is reported.",
        )
    )
    answer_download: Switch[DownloadAnswer] = field(
        default_factory=lambda: Switch(
            "normal",
            "How the CDN answers a good link: a truncated body, HTML instead of a picture, 300 "
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
            "How many seconds a link to an attachment works.",
            "The message is fetched again, and its fresh link is used.",
        )
    )
    deliver_event: Switch[EventFate] = field(
        default_factory=lambda: Switch(
            "told",
            "How the gateway delivers a step of Midjourney's: twice, three times, never (history "
            "still has it), after the next event, or (only for edits) with a field missing.",
            "The result is the same; a lost step is found in the history.",
            STEPS,
        )
    )
    gateway_at_result: Switch[GatewayState] = field(
        default_factory=lambda: Switch(
            "steady",
            "The gateway drops just before a result is posted; resume replays it, fresh means a "
            "new session without a replay.",
            "The result is found, by replay or in the history.",
            ("grid", "solo"),
        )
    )
