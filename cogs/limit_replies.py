"""What `!limits` says: what is saved of each prompt, and how much a person may ask for."""

from __future__ import annotations

from datetime import timedelta

from cogs.replies import Replies, duration
from domain.acceptance import REFUSALS
from domain.errors import QuotaKind
from domain.quota import REFUSALS_WITHIN
from domain.slots import Slot
from services.settings import ServiceSettings


def limit_lines(replies: Replies, settings: ServiceSettings, *, owner: bool) -> list[str]:
    """Return the lines; of the limits, only those that are on, and that hold for an owner."""
    words = replies.sentences
    pictures = ", ".join(words.picture[Slot(number)] for number in settings.auto_upscale)
    saved = words.saved if pictures else words.saved_alone
    limits = [
        replies.say(words.limits[kind], limit=limit, wait=duration(wait))
        for kind, (limit, wait) in _limits(settings).items()
        if (limit or wait) and (kind == QuotaKind.QUEUE or not owner)
    ]
    return [
        replies.say(saved, pictures=pictures, length=settings.prompt_limit),
        *([replies.say(words.limited, limits=" · ".join(limits))] if limits else []),
        words.account_settings,
    ]


def _limits(settings: ServiceSettings) -> dict[QuotaKind, tuple[int, timedelta]]:
    """Return how many each limit allows, and how long it has people wait."""
    quota, none = settings.quota, timedelta()
    return {
        QuotaKind.QUEUE: (quota.queue, none),
        QuotaKind.WAITING: (quota.waiting, none),
        QuotaKind.DAILY: (quota.daily, none),
        QuotaKind.COOLDOWN: (0, timedelta(seconds=quota.cooldown)),
        QuotaKind.REFUSALS: (REFUSALS, REFUSALS_WITHIN),
    }
