"""The result of a soak, as text and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from soak.accounting import Account

SHOWN = 20
"""How many sentences of a kind are shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SoakResult:
    """What a soak has found."""

    account: Account
    seconds: float
    restarts: Mapping[str, int]
    faults: int
    mb_per_hour: float | None
    mb: float | None  #: the most that a process held
    settled: bool
    crashes: Sequence[int] = ()  #: exit codes of processes that ended by themselves
    bugs: Counter[str] = field(default_factory=Counter[str])  #: lines of the log, by name

    @property
    def ok(self) -> bool:
        """Whether nothing was lost, mixed up or paid twice, and no bug showed itself."""
        return self.account.ok and not self.bugs


def as_text(result: SoakResult) -> str:
    """Return the whole report."""
    account = result.account
    restarts = ", ".join(f"{count} {name}" for name, count in result.restarts.items())
    lines = [
        f"asked                    {account.asked}",
        f"completed                {account.completed}",
        *_counted("failed", account.failed),
        *_counted("waiting for a person", account.waiting),
        f"cancelled                {account.cancelled}",
        f"refused by a limit       {account.refused}",
        *_listed("lost", account.lost),
        *_listed("mixed up", account.mixed_up),
        *_listed("paid twice", account.paid_twice),
        f"requests per generation  {_number(account.requests_per_generation)}",
        f"memory                   {_memory(result)}",
        f"restarts                 {sum(result.restarts.values())} ({restarts})",
        f"ended by itself          {_codes(result.crashes)}",
        f"faults                   {result.faults}",
        *_counted("bugs in the log", result.bugs),
    ]
    if not result.settled:
        lines.append("Not everything had ended when the time to settle was over.")
    return "\n".join(lines)


def as_json(result: SoakResult) -> dict[str, object]:
    """Return the same facts as one object."""
    account = result.account
    return {
        "ok": result.ok,
        "seconds": round(result.seconds),
        "settled": result.settled,
        "asked": account.asked,
        "completed": account.completed,
        "failed": dict(account.failed),
        "waiting_for_a_person": dict(account.waiting),
        "cancelled": account.cancelled,
        "refused": account.refused,
        "lost": account.lost,
        "mixed_up": account.mixed_up,
        "paid_twice": account.paid_twice,
        "requests": account.requests,
        "requests_per_generation": account.requests_per_generation,
        "mb_per_hour": result.mb_per_hour,
        "mb": result.mb,
        "restarts": dict(result.restarts),
        "ended_by_itself": list(result.crashes),
        "faults": result.faults,
        "bugs": dict(result.bugs),
    }


def _counted(name: str, counts: Mapping[str, int]) -> list[str]:
    total = f"{name:25}{sum(counts.values())}"
    return [total, *(f"  {count:4} {what}" for what, count in sorted(counts.items()))]


def _listed(name: str, sentences: Sequence[str]) -> list[str]:
    more = len(sentences) - SHOWN
    lines = [f"{name:25}{len(sentences)}", *(f"  {each}" for each in sentences[:SHOWN])]
    return [*lines, f"  and {more} more"] if more > 0 else lines


def _number(value: float | None) -> str:
    return "none were sent" if value is None else f"{value:.2f}"


def _memory(result: SoakResult) -> str:
    most = "" if result.mb is None else f"; {result.mb:.0f} MB at most"
    if result.mb_per_hour is None:
        return f"not enough data for a slope{most}"
    return f"{result.mb_per_hour:+.1f} MB per hour{most}"


def _codes(codes: Sequence[int]) -> str:
    counts = Counter(codes)
    return ", ".join(f"{count} times with {code}" for code, count in counts.items()) or "never"
