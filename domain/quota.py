"""How much may wait, and how much a person may ask for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.acceptance import REFUSALS, Bounds, Load, Standing, is_refused
from domain.errors import OverQuota, QuotaKind
from domain.generation import Generation

DAY = timedelta(days=1)
REFUSALS_WITHIN = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """The limits; 0 means none. For owners only that of the queue applies."""

    queue: int = 20  #: generations that wait, of all people
    waiting: int = 3  #: generations of one person that wait
    daily: int = 0  #: accepted commands of one person in 24 hours
    cooldown: float = 0  #: seconds between two accepted commands of one person


def bounds(quota: Quota, now: datetime, *, owner: bool) -> Bounds:
    """Return from where on a command of a person would exceed a limit."""
    waiting, since = quota.queue or None, now - DAY
    if owner:
        return Bounds(since=since, waiting=waiting)
    cooldown = timedelta(seconds=quota.cooldown)
    return Bounds(
        since=since,
        waiting=waiting,
        own_waiting=quota.waiting or None,
        own_lately=quota.daily or None,
        own_last=now - cooldown if cooldown else None,
        refused=now - REFUSALS_WITHIN,
    )


def explain(quota: Quota, standing: Standing, now: datetime, *, owner: bool) -> None:
    """Raise `OverQuota` with the reason why a command is one too many."""
    check(quota, standing.load, now, owner=owner)
    if not owner:
        check_refusals(standing.failed, now)


def check(quota: Quota, load: Load, now: datetime, *, owner: bool) -> None:
    """Raise `OverQuota` if one more would exceed a limit."""
    if quota.queue and load.waiting >= quota.queue:
        raise OverQuota(QuotaKind.QUEUE, limit=quota.queue)
    if owner:
        return
    if quota.waiting and load.own_waiting >= quota.waiting:
        raise OverQuota(QuotaKind.WAITING, limit=quota.waiting)
    if quota.daily and load.own_lately >= quota.daily:
        raise OverQuota(QuotaKind.DAILY, limit=quota.daily)
    if quota.cooldown and load.own_last is not None:
        _wait_until(load.own_last + timedelta(seconds=quota.cooldown), now, QuotaKind.COOLDOWN)


def check_refusals(latest: Sequence[Generation], now: datetime) -> None:
    """Raise `OverQuota` if the latest failed generations of a person were refused just now.

    Midjourney counts refused prompts against the account; so a person who keeps trying has to wait.
    """
    refused = [generation.updated_at for generation in latest if is_refused(generation)]
    recent = sorted(at for at in refused if now - at < REFUSALS_WITHIN)
    if len(recent) >= REFUSALS:
        _wait_until(recent[-1] + REFUSALS_WITHIN, now, QuotaKind.REFUSALS)


def _wait_until(then: datetime, now: datetime, kind: QuotaKind) -> None:
    if now < then:
        raise OverQuota(kind, wait=(then - now).total_seconds())
