"""What the limits are, and what is said where one is reached, in English."""

from domain.errors import QuotaKind

QUOTAS = {
    QuotaKind.QUEUE: (
        "The queue is full ({limit}). Try again when one has finished (`{prefix}queue`)."
    ),
    QuotaKind.WAITING: (
        "You already have {limit} waiting, which is the limit. Wait a little, or "
        "`{prefix}cancel` one."
    ),
    QuotaKind.DAILY: ("You've asked for {limit} in 24 hours, which is the limit. Try again later."),
    QuotaKind.COOLDOWN: "Please wait {wait} before the next one.",
    QuotaKind.REFUSALS: (
        "Midjourney refused your last prompts, and counts that against the account. "
        "Try something else in {wait}."
    ),
}

LIMITS = {
    QuotaKind.QUEUE: "{limit} waiting in all",
    QuotaKind.WAITING: "{limit} of yours waiting",
    QuotaKind.DAILY: "{limit} of yours in 24 hours",
    QuotaKind.COOLDOWN: "{wait} between two of yours",
    QuotaKind.REFUSALS: "a wait of {wait} after {limit} refused prompts",
}
