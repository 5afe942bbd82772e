"""Which faults there are, how often each comes, and a record of those that came."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from random import Random

from sandbox.refusals import REFUSALS
from sandbox.server import Sandbox
from sandbox.switch import Switch
from soak.accounting import TroubleSeen


@dataclass(frozen=True, slots=True, kw_only=True)
class RandomFault:
    """A value of a switch, for one kind of occasion; `name` begins with what it is about."""

    name: str
    switch: str
    value: object
    only: str = ""
    times: int = 1
    weight: float = 1.0


_ASKS = ("imagine", "press")
_RESULTS = ("grid", "solo")
_STEPS = ("waiting", "progress", "grid", "grid edit", "solo", "delete")
_ROUTES = (
    "POST /channels/{channel}/messages",
    "PATCH /channels/{channel}/messages/{message}",
    "GET /channels/{channel}/messages",
    "GET /guilds/{guild}/application-command-index",
)


def _each(
    about: str,
    switch: str,
    values: Iterable[object],
    kinds: Iterable[str] = ("",),
    weight: float = 1.0,
) -> list[RandomFault]:
    return [
        RandomFault(name=f"{about} {value}", switch=switch, value=value, only=kind, weight=weight)
        for value in values
        for kind in kinds
    ]


_SLOW = 0.1
"""The weight of what costs a minute or more of the bot's own time: it still has to come."""
FAULTS: tuple[RandomFault, ...] = (
    *_each("answer", "answer_interaction", ("429", "502", "504", "reset", "close", "late"), _ASKS),
    *_each("answer", "answer_interaction", ("stale version", "new command"), ("imagine",)),
    *_each("answer", "answer_interaction", ("500", "503", "404"), ("press",), weight=_SLOW),
    *_each("answer", "answer_interaction", ("500", "403", "stall"), ("imagine",), weight=_SLOW),
    *_each("answer", "answer_interaction", ("401", "captcha", "blocked"), _ASKS, weight=_SLOW),
    *_each("event", "deliver_event", ("twice", "lost", "late"), _STEPS),
    *_each("event", "deliver_event", ("no author", "no content"), ("progress", "grid edit")),
    *_each("gateway", "gateway_at_result", ("resume", "fresh"), _RESULTS),
    *_each("gateway", "answer_connect", ("refuse", "hang up")),
    *_each("acknowledge", "acknowledge", ("late", "nothing", "failure"), _ASKS),
    *_each("job", "job", ("vanished", "stopped"), _ASKS, weight=0.3),
    *_each("job", "job", ("silence", "stalled", "modal", "captcha"), _ASKS, weight=_SLOW),
    *_each("foreign", "foreign_job", ("own account", "somebody else")),
    *_each("foreign", "foreign_job", ("own account, same prompt",)),
    *_each("later", "extra_delay", (60.0,), ("waiting", "grid", "solo")),
    *_each("result", "ephemeral_result", (True,), _RESULTS, weight=0.3),
    *_each("press", "somebody_presses", (1, 2, 3, 4), weight=0.5),
    *_each("buttons", "grid_buttons", ("without U3",), weight=0.3),
    *_each("order", "finish_after_next", (True,), ("solo",)),
    *_each(
        "download",
        "answer_download",
        ("truncated", "html", "404", "expired", "redirect", "empty", "wrong kind", "reset"),
        _RESULTS,
    ),
    *_each("download", "answer_download", ("stall", "slow"), _RESULTS, weight=_SLOW),
    *_each("request", "answer_request", ("504 done", "429", "502", "500", "reset"), _ROUTES),
    *_each("look", "progress_deleted", ("before", "never"), _RESULTS),
    *_each("look", "reference_on_final", (False,)),
    *_each("look", "final_type", (0,)),
    *_each("look", "waiting_message", (False,), ("solo",)),
    *_each("refusal", "refusal", REFUSALS, _ASKS, weight=_SLOW),
)


class Troublemaker:
    """Arms faults at random, no two of one switch at once, and notes when each was used up."""

    def __init__(self, sandbox: Sandbox, random: Random) -> None:
        """Arm nothing yet."""
        self.count = 0
        self._sandbox = sandbox
        self._random = random
        self._open: list[tuple[RandomFault, float]] = []
        self._past: list[TroubleSeen] = []

    def make(self) -> None:
        """Arm one more, or cut the connection to the gateway."""
        self.count += 1
        if self._random.random() < 1 / 30:
            forget = self._random.random() < 1 / 2
            self._sandbox.gateway.drop(forget=forget)
            self.note("event lost in a gap")
            return
        [fault] = self._random.choices(FAULTS, [fault.weight for fault in FAULTS])
        switch = self._switch(fault)
        if not switch.pending:
            switch.arm(fault.value, only=fault.only, times=fault.times)
            self._open.append((fault, self._sandbox.clock.now()))

    def note(self, name: str) -> None:
        """Note a trouble of this moment."""
        now = self._sandbox.clock.now()
        self._past.append(TroubleSeen(name=name, since=now, until=now))

    def look(self) -> None:
        """Note which faults are used up."""
        now = self._sandbox.clock.now()
        over = [each for each in self._open if not self._switch(each[0]).pending]
        self._past += [TroubleSeen(name=f.name, since=since, until=now) for f, since in over]
        self._open = [each for each in self._open if each not in over]

    def end(self) -> tuple[TroubleSeen, ...]:
        """Disarm everything, and return all troubles there were; what was not met was none."""
        self.look()
        self._open.clear()
        self._sandbox.switches.reset()
        return tuple(self._past)

    def _switch(self, fault: RandomFault) -> Switch[object]:
        return getattr(self._sandbox.switches, fault.switch)
