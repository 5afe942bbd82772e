"""Midjourney's refusals and notices: their text, where they appear, and their effect."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from sandbox.grammar import action_button

if TYPE_CHECKING:
    from sandbox.people import Json

RED, YELLOW, AMBER, GREY = 16711680, 16776960, 16239475, 9807270

# answer: a new message that answers the interaction, with its nonce; no job starts.
# notice: the same, but the job goes on.
# queue: the same, but the job begins a minute later, with a message that has no nonce.
# edit: the progress message is edited in the middle of the job, which ends.
# reply: a new message that refers to the progress message (or the grid), without a nonce.
Place = Literal["answer", "notice", "queue", "edit", "reply"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptedRefusal:
    """One refusal or notice; `outcome` says how a generation should end, in a sentence below."""

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
        """Return the message's button, if it has one."""
        if not self.button:
            return ()
        name = self.button.replace(" ", "")
        return action_button(self.button, f"MJ::{name}::sandbox")


# How a request ends: a sentence for each class in `domain/refusals.py`; a test compares them.
REFUSED = "fails, with Midjourney's text; after two in a row the author must wait ten minutes"
FAILS = "fails, with Midjourney's text"
PAID = "already paid: an /imagine fails, with Midjourney's text; a button is pressed again"
FULL = "not accepted: nothing is sent for a minute, longer each time; then this one again"
LATER = "not accepted: sent again after a minute, at most five times in all"
OPEN = "unclear if accepted: the bot waits, then asks a person; a button is pressed again"
WAITS = "accepted: the bot waits for it"
STOPS = "not accepted: the queue stops and owners are pinged; sent again when the queue resumes"
CHECKED = (
    "unclear if accepted: the queue stops, owners are pinged; the bot waits, then asks a person"
)
GOES_ON = "only a notice: the job goes on"
_TITLES: tuple[ScriptedRefusal, ...] = (
    ScriptedRefusal(
        title="Invalid parameter",
        outcome=REFUSED,
        description="Unrecognized parameter(s): `--foo`",
    ),
    ScriptedRefusal(title="Invalid prompt", outcome=REFUSED),
    ScriptedRefusal(title="Empty prompt", outcome=REFUSED),
    ScriptedRefusal(title="Invalid link", outcome=REFUSED, colour=AMBER),
    ScriptedRefusal(title="Invalid link!", outcome=REFUSED, place="reply"),
    ScriptedRefusal(title="Invalid request", outcome=FAILS),
    ScriptedRefusal(title="Banned prompt", outcome=REFUSED),
    ScriptedRefusal(title="Banned prompt detected", outcome=REFUSED),
    ScriptedRefusal(title="Banned image prompt", outcome=REFUSED),
    ScriptedRefusal(
        title="Action needed to continue",
        outcome=REFUSED,
        description="Our AI moderator is unsure about this prompt.",
        button="Appeal",
    ),
    ScriptedRefusal(title="Request cancelled due to image filters", outcome=REFUSED, place="edit"),
    ScriptedRefusal(title="Request cancelled due to output filters", outcome=REFUSED, place="edit"),
    ScriptedRefusal(
        title="Job queued",
        outcome=WAITS,
        place="queue",
        colour=YELLOW,
        description="There are many jobs; yours will start soon.",
    ),
    ScriptedRefusal(title="Queue full", outcome=FULL, footer=False),
    ScriptedRefusal(title="Slow Down", outcome=FULL, footer=False),
    ScriptedRefusal(
        title="Job action restricted",
        outcome=OPEN,
        description="You can request another upscale for this image in a moment.",
        footer=False,
    ),
    ScriptedRefusal(
        title="You can request another upscale for this image",
        outcome=OPEN,
        footer=False,
    ),
    ScriptedRefusal(
        title="Sorry! Could not complete the job!",
        outcome=PAID,
        place="reply",
        colour=GREY,
    ),
    ScriptedRefusal(title="Duplicate images detected", outcome=REFUSED, place="edit"),
    ScriptedRefusal(title="Failed to process your command :c", outcome=LATER, plain=True),
    ScriptedRefusal(title="There was an error processing your request", outcome=LATER, plain=True),
    ScriptedRefusal(title="Internal Error", outcome=OPEN),
    ScriptedRefusal(title="Bad response", outcome=OPEN),
    ScriptedRefusal(title="Credits exhausted", outcome=STOPS, button="Buy Fast Hours"),
    ScriptedRefusal(title="Subscription required", outcome=STOPS, button="Manage Account"),
    ScriptedRefusal(title="Subscription paused", outcome=STOPS, button="Manage Account"),
    ScriptedRefusal(title="Plan Cancelled", outcome=STOPS, button="Manage Account"),
    ScriptedRefusal(
        title="Pending mod message",
        outcome=STOPS,
        description="You have been blocked for 30 minutes.",
        button="Acknowledge",
    ),
    ScriptedRefusal(title="Blocked", outcome=STOPS),
    ScriptedRefusal(title="Tos not accepted", outcome=STOPS, button="Accept ToS"),
    ScriptedRefusal(title="Action required to continue", outcome=CHECKED, button="Captcha"),
    ScriptedRefusal(title="Please complete the task", outcome=CHECKED, button="Captcha"),
    ScriptedRefusal(
        title="Fast time running low",
        outcome=GOES_ON,
        place="notice",
        colour=AMBER,
    ),
)
REFUSALS = {failure.title: failure for failure in _TITLES}


def refusal_called(title: str) -> ScriptedRefusal:
    """Return the refusal with that title; an unlisted title gives an unknown failure in red."""
    return REFUSALS.get(title) or ScriptedRefusal(title=title, outcome=FAILS)
