"""What became of all that people asked for: what is lost, and which fault explains a failure.

Nothing here drives anything. The records come from `soak.evidence`: what the sandbox saw of people
and of requests, what the bot has kept, and which faults there were.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from domain.effects import TOLD
from domain.generation import ProblemKind, Status

KILLED = "killed"
"""The trouble of a process that was ended by a signal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A command that asks for a generation, as a person typed it."""

    message_id: int
    prompt: str
    answered: bool  #: the bot has replied to it


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A generation as the bot has kept it; each asks for a prompt of its own."""

    code: str
    prompt: str
    command_id: int
    status: Status
    problems: frozenset[ProblemKind]  #: of the generation and of its pictures
    since: float
    until: float  #: when it last changed
    told: bool  #: its final notice is in the channel
    broken: tuple[str, ...]  #: pictures whose files are not what the row says
    strange: tuple[str, ...]  #: pictures of another job than its own


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestSeen:
    """A request to Midjourney; `causes` are the faults that it met, by name."""

    prompt: str  #: of its generation; empty for a press of Midjourney's Cancel
    nonce: str
    paid: bool  #: an /imagine that Midjourney has accepted, or may have
    causes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class TroubleSeen:
    """A fault that is not about one request, and when it lasted (seconds since 1970)."""

    name: str
    since: float
    until: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Everything that the accounting goes by; `cancels` are the codes that people cancelled."""

    commands: Sequence[Command]
    rows: Sequence[Kept]
    requests: Sequence[RequestSeen]
    troubles: Sequence[TroubleSeen]
    cancels: frozenset[str] = frozenset()


@dataclass(slots=True)
class Account:
    """The numbers, and a sentence for each thing that must not have happened."""

    asked: int = 0
    completed: int = 0
    cancelled: int = 0
    refused: int = 0  #: answered, and no generation
    failed: Counter[str] = field(default_factory=Counter[str])  #: by reason and cause
    waiting: Counter[str] = field(default_factory=Counter[str])  #: for a person, likewise
    lost: list[str] = field(default_factory=list[str])
    mixed_up: list[str] = field(default_factory=list[str])
    paid_twice: list[str] = field(default_factory=list[str])
    requests: int = 0
    requested: int = 0  #: generations for which anything was requested

    @property
    def ok(self) -> bool:
        """Whether nothing happened that must not."""
        return not (self.lost or self.mixed_up or self.paid_twice)

    @property
    def requests_per_generation(self) -> float | None:
        """How many requests a generation took; five where nothing goes wrong."""
        return self.requests / self.requested if self.requested else None


EXPLAINED_BY: Mapping[ProblemKind, tuple[str, ...]] = MappingProxyType(
    {
        ProblemKind.REFUSED: ("refusal",),
        ProblemKind.BROKEN: ("refusal",),
        ProblemKind.STOPPED: ("job",),
        ProblemKind.NO_ANSWER: ("job", "refusal", "answer", "event", "result", "foreign", KILLED),
        ProblemKind.NOT_SENT: ("answer", "request"),
        ProblemKind.ACCOUNT: ("answer", "request"),
        ProblemKind.BAD_PICTURE: ("download",),
        ProblemKind.NO_BUTTON: ("buttons",),
        ProblemKind.FORM: ("job",),
    }
)
"""The beginnings of the names of faults that may lead to a problem; none: it is always a defect."""
UNSETTLED = frozenset(Status) - TOLD - {Status.CANCELLED}


def account(evidence: Evidence) -> Account:
    """Say what became of everything."""
    found = Account(asked=len(evidence.commands), requests=len(evidence.requests))
    found.requested = len({request.prompt for request in evidence.requests} - {""})
    by_command = {row.command_id: row for row in evidence.rows}
    for command in evidence.commands:
        if command.message_id not in by_command:
            found.refused += command.answered
            found.lost += [f"{command.prompt}: no generation, no answer"] * (not command.answered)
    for row in evidence.rows:
        _settle(found, row, evidence)
        found.lost += [f"{row.code}: {slot} is not what the row says" for slot in row.broken]
        found.mixed_up += [f"{row.code}: {slot} is another's" for slot in row.strange]
    found.paid_twice += _paid_twice(evidence.requests)
    return found


def _settle(found: Account, row: Kept, evidence: Evidence) -> None:
    if row.status in UNSETTLED:
        found.lost.append(f"{row.code}: still {row.status.value} at the end")
        return
    if row.status in TOLD and not row.told:
        found.lost.append(f"{row.code}: {row.status.value}, and nobody was told")
    match row.status:
        case Status.COMPLETED:
            found.completed += 1
        case Status.CANCELLED:
            found.cancelled += 1
            if row.code not in evidence.cancels:
                found.lost.append(f"{row.code}: cancelled, and nobody asked for that")
        case _:
            _explain(found, row, evidence)


def _explain(found: Account, row: Kept, evidence: Evidence) -> None:
    """Count a failure with its cause; without one, the picture is lost."""
    numbers = found.waiting if row.status == Status.NEEDS_ATTENTION else found.failed
    met = frozenset(causes_of(row, evidence))
    for problem in sorted(row.problems) or [None]:
        beginnings = () if problem is None else EXPLAINED_BY.get(problem, ())
        causes = sorted(name for name in met if name.startswith(beginnings)) if beginnings else []
        reason = "no reason" if problem is None else problem.value
        numbers[f"{reason} ({', '.join(causes) or 'no fault'})"] += 1
        if not causes:
            found.lost.append(f"{row.code}: {row.status.value}, {reason}, and no fault explains it")


def causes_of(row: Kept, evidence: Evidence) -> Iterator[str]:
    """Give the faults that the requests of a generation met, and those of its time."""
    for request in evidence.requests:
        if request.prompt == row.prompt:
            yield from request.causes
    for trouble in evidence.troubles:
        if trouble.since <= row.until and row.since <= trouble.until:
            yield trouble.name


def _paid_twice(requests: Sequence[RequestSeen]) -> Iterator[str]:
    paid: dict[str, int] = defaultdict(int)
    for request in requests:
        paid[request.prompt] += request.paid
    yield from (f"{prompt}: {count} times" for prompt, count in paid.items() if count > 1)
    nonces = Counter(request.nonce for request in requests)
    yield from (f"nonce {nonce}: {count} requests" for nonce, count in nonces.items() if count > 1)
