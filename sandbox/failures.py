"""Midjourney's refusals and notices, as data: what they say, where they appear, what they mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from sandbox.grammar import action_button

if TYPE_CHECKING:
    from sandbox.people import Json

RED, YELLOW, AMBER, GREY = 16711680, 16776960, 16239475, 9807270

# answer: a new message that answers the interaction, with its nonce, in place of any work.
# notice: the same, but the job goes on.
# queue: the same, but the job begins a minute later, with a message that has no nonce.
# edit: the progress message is edited in the middle of the work, which ends.
# reply: a new message that refers to the progress message (or the grid), without a nonce.
Place = Literal["answer", "notice", "queue", "edit", "reply"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """One row. `outcome` is what a generation should come to."""

    title: str
    outcome: str
    place: Place = "answer"
    colour: int = RED
    description: str = "Please check what you sent, and try again."
    footer: bool = True  # whether the footer repeats `/imagine <prompt>`
    plain: bool = False  # the title is the message's text, and there is no embed
    button: str = ""  # the label of a button below it

    def embeds(self, prompt: str) -> tuple[Json, ...]:
        """Return the embeds of the message."""
        if self.plain:
            return ()
        embed: Json = {
            "type": "rich",
            "title": self.title,
            "description": self.description,
            "color": self.colour,
        }
        if self.footer and prompt:
            embed["footer"] = {"text": f"/imagine {prompt}"}
        return (embed,)

    def content(self) -> str:
        """Return the text of the message."""
        return self.title if self.plain else ""

    def components(self) -> tuple[Json, ...]:
        """Return the button, if there is one."""
        if not self.button:
            return ()
        name = self.button.replace(" ", "")
        return action_button(self.button, f"MJ::{name}::sandbox")


_FAIL, _STRIKE = "fail: the person's prompt", "fail: the person's prompt, which counts as a strike"
_STOP, _LATER = "stop the queue and tell the owners", "not accepted: try again later"
_TITLES: tuple[Failure, ...] = (
    Failure(
        title="Invalid parameter",
        outcome=_FAIL,
        description="Unrecognized parameter(s): `--foo`",
    ),
    Failure(title="Invalid prompt", outcome=_FAIL),
    Failure(title="Empty prompt", outcome=_FAIL),
    Failure(title="Invalid link", outcome=_FAIL, colour=AMBER),
    Failure(title="Invalid link!", outcome=_FAIL, place="reply"),
    Failure(title="Invalid request", outcome="fail and tell the owners"),
    Failure(title="Banned prompt", outcome=_STRIKE),
    Failure(title="Banned prompt detected", outcome=_STRIKE),
    Failure(title="Banned image prompt", outcome=_STRIKE),
    Failure(
        title="Action needed to continue",
        outcome="fail: never appeal",
        description="Our AI moderator is unsure about this prompt.",
        button="Appeal",
    ),
    Failure(title="Request cancelled due to image filters", outcome=_FAIL, place="edit"),
    Failure(title="Request cancelled due to output filters", outcome=_FAIL, place="edit"),
    Failure(
        title="Job queued",
        outcome="keep waiting",
        place="queue",
        colour=YELLOW,
        description="There are many jobs; yours will start soon.",
    ),
    Failure(title="Queue full", outcome=_LATER, footer=False),
    Failure(title="Slow Down", outcome=_LATER, footer=False),
    Failure(
        title="Job action restricted",
        outcome="look for the step's result; fail the step when there is none",
        description="You can request another upscale for this image in a moment.",
        footer=False,
    ),
    Failure(
        title="You can request another upscale for this image",
        outcome="the same",
        footer=False,
    ),
    Failure(
        title="Sorry! Could not complete the job!",
        outcome="try again at most once",
        place="reply",
        colour=GREY,
    ),
    Failure(title="Duplicate images detected", outcome="fail", place="edit"),
    Failure(title="Failed to process your command :c", outcome=_LATER, plain=True),
    Failure(title="There was an error processing your request", outcome=_LATER, plain=True),
    Failure(title="Internal Error", outcome=_LATER),
    Failure(title="Credits exhausted", outcome=_STOP, button="Buy Fast Hours"),
    Failure(title="Subscription required", outcome=_STOP, button="Manage Account"),
    Failure(title="Subscription paused", outcome=_STOP, button="Manage Account"),
    Failure(title="Plan Cancelled", outcome=_STOP, button="Manage Account"),
    Failure(
        title="Pending mod message",
        outcome=_STOP,
        description="You have been blocked for 30 minutes.",
        button="Acknowledge",
    ),
    Failure(title="Blocked", outcome=f"{_STOP}, never try again"),
    Failure(title="Tos not accepted", outcome=_STOP, button="Accept ToS"),
    Failure(title="Action required to continue", outcome=_STOP, button="Captcha"),
    Failure(title="Please complete the task", outcome=_STOP, button="Captcha"),
    Failure(
        title="Fast time running low",
        outcome="none: a notice, the job goes on",
        place="notice",
        colour=AMBER,
    ),
)
FAILURES = {failure.title: failure for failure in _TITLES}


def failure_called(title: str) -> Failure:
    """Return the row of that title; any other title is a red answer that nobody knows."""
    return FAILURES.get(title) or Failure(title=title, outcome="fail, and keep the raw event")
