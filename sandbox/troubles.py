"""Troubles that a person may make while a sandbox runs, and what should come of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sandbox.switch import ALWAYS

if TYPE_CHECKING:
    from sandbox.server import Sandbox
    from sandbox.switch import Armed, Switch

RETRY_AFTER = 20.0
"""Seconds that Discord asks to wait, where a trouble is about that."""
SLOWER = 60.0
"""Seconds of Midjourney's time by which a slow grid is later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SwitchValue:
    """A value of a switch for its next `times` occasions, of the kind `only` if one is named."""

    switch: str
    value: object
    only: str = ""
    times: float = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxTrouble:
    """One trouble. It is over by itself, after its occasion, unless it is `lasting`.

    `outcome` says in a sentence what the bot should do. With `drops_gateway`, the connections to
    the gateway are cut as well, at once.
    """

    name: str
    title: str
    outcome: str
    values: tuple[SwitchValue, ...] = ()
    drops_gateway: bool = False

    @property
    def lasting(self) -> bool:
        """Whether it stays until it is switched off."""
        return any(each.times == ALWAYS for each in self.values)


TROUBLES: tuple[SandboxTrouble, ...] = (
    SandboxTrouble(
        name="banned-prompt",
        title="Midjourney refuses the prompt as banned",
        outcome="The bot says why, in Midjourney's words, and nothing is sent again.",
        values=(SwitchValue(switch="refusal", value="Banned prompt", only="imagine"),),
    ),
    SandboxTrouble(
        name="human-check",
        title="Midjourney wants to see a human (captcha)",
        outcome="The queue stops and owners are pinged; !resume lets it go on.",
        values=(SwitchValue(switch="job", value="captcha", only="imagine"),),
    ),
    SandboxTrouble(
        name="no-credits",
        title="The account has no credits left",
        outcome="The queue stops and owners are pinged; after !resume it is sent again.",
        values=(SwitchValue(switch="refusal", value="Credits exhausted", only="imagine"),),
    ),
    SandboxTrouble(
        name="queue-full",
        title="Midjourney's queue is full",
        outcome="The bot waits a minute and sends it again.",
        values=(SwitchValue(switch="refusal", value="Queue full", only="imagine"),),
    ),
    SandboxTrouble(
        name="silence",
        title="Midjourney never answers",
        outcome="After a while the bot looks at the history, then asks the person; "
        "nothing is sent again.",
        values=(SwitchValue(switch="job", value="silence", only="imagine"),),
    ),
    SandboxTrouble(
        name="cut-short",
        title="Midjourney stops the job in the middle",
        outcome="The bot says so, and goes on with the next one.",
        values=(SwitchValue(switch="job", value="stopped", only="imagine"),),
    ),
    SandboxTrouble(
        name="slow",
        title="The grid comes a minute later than usual",
        outcome="The bot waits, and everything is stored.",
        values=(SwitchValue(switch="extra_delay", value=SLOWER, only="grid"),),
    ),
    SandboxTrouble(
        name="lost-final",
        title="The message with the grid never reaches the bot",
        outcome="After a while without news the bot finds it in the history.",
        values=(SwitchValue(switch="deliver_event", value="lost", only="grid"),),
    ),
    SandboxTrouble(
        name="pressed-by-hand",
        title="Ben presses U2 before the bot does",
        outcome="His picture is used, and there is no second one.",
        values=(SwitchValue(switch="somebody_presses", value=2),),
    ),
    SandboxTrouble(
        name="expired-link",
        title="The link to the grid has expired (404)",
        outcome="The bot fetches the message again, and uses its fresh link.",
        values=(SwitchValue(switch="answer_download", value="expired", only="grid"),),
    ),
    SandboxTrouble(
        name="broken-picture",
        title="The download of the grid breaks off",
        outcome="Half a picture is never stored: the bot fetches it again.",
        values=(SwitchValue(switch="answer_download", value="truncated", only="grid"),),
    ),
    SandboxTrouble(
        name="too-big",
        title="The grid's file is 300 MB",
        outcome="The bot does not read it to its end, and fetches it again.",
        values=(SwitchValue(switch="answer_download", value="oversize", only="grid"),),
    ),
    SandboxTrouble(
        name="rate-limit",
        title=f"Discord asks the bot to wait {RETRY_AFTER:.0f} seconds (429)",
        outcome="Nothing is sent before that; then the same request is sent once more.",
        values=(
            SwitchValue(switch="answer_interaction", value="429", only="imagine"),
            SwitchValue(switch="retry_after", value=RETRY_AFTER),
        ),
    ),
    SandboxTrouble(
        name="lost-answer",
        title="Discord takes the request, but its answer is lost",
        outcome="The bot never pays twice: it waits for the result, and finds it.",
        values=(SwitchValue(switch="answer_interaction", value="reset", only="imagine"),),
    ),
    SandboxTrouble(
        name="gateway-drop",
        title="The connection to the gateway drops now",
        outcome="The bot connects again, and hears what it missed.",
        drops_gateway=True,
    ),
    SandboxTrouble(
        name="gateway-gap",
        title="The gateway drops just before the grid, for a new session",
        outcome="The bot finds the grid in the history.",
        values=(SwitchValue(switch="gateway_at_result", value="fresh", only="grid"),),
    ),
    SandboxTrouble(
        name="gateway-down",
        title="The gateway takes no connections",
        outcome="The bot goes on trying; when it is off again, it reads what it missed.",
        values=(SwitchValue(switch="answer_connect", value="refuse", times=ALWAYS),),
        drops_gateway=True,
    ),
    SandboxTrouble(
        name="discord-down",
        title="Discord answers every request with 503",
        outcome="The bot keeps on trying; when it is off again, the work is finished.",
        values=(SwitchValue(switch="answer_request", value="503", times=ALWAYS),),
    ),
)


class TroublePanel:
    """Switches troubles of one running sandbox on and off; `KeyError` for an unknown name."""

    def __init__(self, sandbox: Sandbox) -> None:
        """Leave everything as it is."""
        self._sandbox = sandbox
        self._armed: dict[str, list[tuple[Switch[object], Armed[object]]]] = {
            trouble.name: [] for trouble in TROUBLES
        }

    def switch_on(self, name: str) -> None:
        """Make a trouble, or make it once more when it is over."""
        self.switch_off(name)
        trouble = next(each for each in TROUBLES if each.name == name)
        switches = self._sandbox.switches.all()
        for each in trouble.values:
            switch = switches[each.switch]
            armed = switch.arm(each.value, times=each.times, only=each.only)
            self._armed[name].append((switch, armed))
        if trouble.drops_gateway:
            self._sandbox.gateway.drop()

    def switch_off(self, name: str) -> None:
        """Take back what has not happened yet."""
        armed, self._armed[name] = self._armed[name], []
        for switch, each in armed:
            switch.disarm(each)

    def is_on(self, name: str) -> bool:
        """Whether it lasts, or its occasion is still to come."""
        return any(each.left for _, each in self._armed[name])
