"""Every way in which Discord or Midjourney may deviate from the usual, by name.

Tests use the switches, and docs/switches.md is printed from this list. "Unknown" means that nobody
knows what the real Midjourney does, so both variants must work.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Literal, get_args

from sandbox.discord_switches import ASKS, DiscordSwitches
from sandbox.switch import Switch
from sandbox.versions import USUAL, Version

RefusalPlace = Literal["usual", "answer", "edit", "reply"]
Acknowledgement = Literal["success", "late", "nothing", "failure"]
JobFate = Literal["runs", "silence", "captcha", "modal", "stopped", "stalled", "vanished"]
Percents = Literal["rising", "back", "repeated", "2023"]
Echo = Literal["usual", "no dashes", "chosen values", "no stealth", "personalised"]
SoloButtons = Literal["of its version", "with upscales", "without zoom and pan", "2023"]
ForeignJob = Literal["none", "own account", "own account, same prompt", "somebody else"]

VERSIONS = ", ".join(get_args(Version))


@dataclass
class Switches(DiscordSwitches):
    """All switches, in the order in which a generation meets them; Discord's come first."""

    # What Midjourney does with a request.
    acknowledge: Switch[Acknowledgement] = field(
        default_factory=lambda: Switch(
            "success",
            "What the gateway reports about the interaction, while the job runs anyway: "
            "INTERACTION_SUCCESS, the same after the first message, nothing, or "
            "INTERACTION_FAILURE with reason 2 (no answer within 3 s).",
            "The first message is proof enough; a failure alone doesn't mean 'not accepted'.",
            ASKS,
        )
    )
    refusal: Switch[str] = field(
        default_factory=lambda: Switch(
            "",
            "The title of an answer instead of a result, or beside it: one from refusals.py, or "
            "any other title for an unknown failure.",
            "See the list of titles below.",
            ASKS,
        )
    )
    refusal_place: Switch[RefusalPlace] = field(
        default_factory=lambda: Switch(
            "usual",
            "Where a refusal appears: in the usual place for its title; as an answer to the "
            "interaction; as an edit of the progress message; or as a reply to it.",
            "The same as in its usual place, if it shows which request it is about; a stop counts "
            "in any case. But an /imagine that has begun is never sent again: it fails.",
            ASKS,
        )
    )
    refusal_ephemeral: Switch[bool] = field(
        default_factory=lambda: Switch(
            True,  # noqa: FBT003 - a switch's value
            "Whether a refusal that answers the interaction is shown to the asker only.",
            "The same; an ephemeral one is lost if it falls into a gap, then a person is asked.",
        )
    )
    job: Switch[JobFate] = field(
        default_factory=lambda: Switch(
            "runs",
            "What happens to an accepted request: it runs; nothing is ever heard of it; a human "
            "check (captcha) or a form (modal) comes first; or, after it has begun, it is stopped, "
            "stalls for good, or its message vanishes.",
            "Stored, failed, or a person is asked, within the time limits; the queue moves on.",
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
            "A result waits until another one of the same kind has been posted.",
            "Every result is matched to its own generation.",
            ("grid", "solo"),
        )
    )
    extra_delay: Switch[float] = field(
        default_factory=lambda: Switch(
            0.0,
            "How much later than usual a step comes, in seconds of Midjourney's time.",
            "Waited for up to the limit; anything later is still matched to its own row.",
            ("waiting", "grid", "solo"),
        )
    )
    somebody_presses: Switch[int] = field(
        default_factory=lambda: Switch(
            0,
            "As soon as a grid is there, ben presses the U button with this number (1-4).",
            "His picture is used; the button is not pressed again.",
        )
    )
    # How Midjourney's messages look.
    default_version: Switch[Version | Literal["unnamed"]] = field(
        default_factory=lambda: Switch(
            USUAL,
            f"The version of a prompt that names none, by the account's settings: {VERSIONS}. The "
            "echo names it, unless it is 'unnamed'; the buttons are the version's.",
            "The same.",
        )
    )
    mode: Switch[str] = field(
        default_factory=lambda: Switch(
            "fast",
            "The mode at the end of a message: fast, relaxed (with ten silent minutes first), "
            "turbo, or any of these with ', stealth' after it.",
            "The same.",
        )
    )
    percents: Switch[Percents] = field(
        default_factory=lambda: Switch(
            "rising",
            "How the percentage changes: it may go back, or repeat, or rise from 0 in the steps of "
            "2023.",
            "The progress shown never goes back.",
        )
    )
    progress_deleted: Switch[Literal["after", "before", "never"]] = field(
        default_factory=lambda: Switch(
            "after",
            "Whether the progress message is deleted after the final one, before it, or never.",
            "The same.",
        )
    )
    interaction_fields: Switch[Literal["both", "interaction", "metadata", "neither"]] = field(
        default_factory=lambda: Switch(
            "both",
            "Which fields name the interaction: the old `interaction` on the first answer, "
            "`interaction_metadata` on all (unknown for finals), or neither.",
            "The same: the bot relies on neither.",
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
            "The message type of results: 19 is a reply, 0 is a plain message (unknown).",
            "The same.",
        )
    )
    waiting_message: Switch[bool] = field(
        default_factory=lambda: Switch(
            True,  # noqa: FBT003 - a switch's value
            "Whether a waiting message answers a button press before its solo comes.",
            "The solo is recognised by its reference and number.",
        )
    )
    ephemeral_result: Switch[bool] = field(
        default_factory=lambda: Switch(
            False,  # noqa: FBT003 - a switch's value
            "Whether a result is shown to the asker only, with another kind of link.",
            "Stored from the live event, or a person is asked: the history never shows it.",
            ("grid", "solo"),
        )
    )
    grid_format: Switch[Literal["webp", "png"]] = field(
        default_factory=lambda: Switch(
            "webp",
            "The file type of a grid; it was PNG until 2024.",
            "The same: it is stored as PNG.",
        )
    )
    hd_by_default: Switch[bool] = field(
        default_factory=lambda: Switch(
            False,  # noqa: FBT003 - a switch's value
            "Whether the account's own settings make every grid HD, as `--hd` in a prompt does, "
            "unless there is `--sd`: twice as wide and as high.",
            "The same: stored pixel by pixel.",
        )
    )
    picture_grain: Switch[float] = field(
        default_factory=lambda: Switch(
            0.0,
            "How much noise is in the pictures, from 0 to 1: with 0.1, files are as large as those "
            "of photos.",
            "The same.",
        )
    )
    website_link: Switch[Literal["markdown", "plain", "none"]] = field(
        default_factory=lambda: Switch(
            "markdown",
            "How a grid's message links to the website.",
            "The same.",
        )
    )
    small_print: Switch[Literal["none", "plain", "bold"]] = field(
        default_factory=lambda: Switch(
            "none",
            "Whether a second line follows the text: plain words, or bold ones that look like it.",
            "The same.",
        )
    )
    echo: Switch[Echo] = field(
        default_factory=lambda: Switch(
            "usual",
            "What a prompt of the account comes back as: without its long dashes; with the values "
            "that Midjourney chooses, for `--sref random`, `--p` and `--niji`; without `--stealth` "
            "and `--public`; or, if it is personalised, in a grid with other last words, and "
            "without reference and interaction.",
            "The same: in a gap it is recognised by its text, unless two could fit.",
        )
    )
    account_settings: Switch[str] = field(
        default_factory=lambda: Switch(
            "",
            "The parameters that the account's own settings add to a prompt that doesn't have "
            "them, such as '--p abc123 --stealth'.",
            "The same.",
        )
    )
    echo_changes: Switch[bool] = field(
        default_factory=lambda: Switch(
            False,  # noqa: FBT003 - a switch's value
            "Whether short links differ between the first and the final echo of a prompt.",
            "The same: text is not used for matching while there are ids.",
        )
    )
    grid_buttons: Switch[Literal["all", "2023", "without U3", "without U"]] = field(
        default_factory=lambda: Switch(
            "all",
            "Which buttons a grid has: no link in 2023; later, some of U1-U4 may be missing.",
            "The same; a picture without a button is skipped, and the others are stored.",
        )
    )
    solo_buttons: Switch[SoloButtons] = field(
        default_factory=lambda: Switch(
            "of its version",
            "Which buttons a solo has: version 8 lacks upscales, Vary (Region) and Custom Zoom. By "
            "one source it has upscales, by another one neither zoom nor pan. 2023 had two buttons "
            "in all.",
            "The same.",
        )
    )

    def all(self) -> dict[str, Switch[object]]:
        """Return the switches by name."""
        return {each.name: getattr(self, each.name) for each in fields(self)}

    def reset(self) -> None:
        """Set every switch back to its usual value."""
        for switch in self.all().values():
            switch.reset()
