"""What the limits are, and what is said where one is reached, in French."""

from domain.errors import QuotaKind

QUOTAS = {
    QuotaKind.QUEUE: (
        "La file est pleine ({limit}). Réessayez quand une image sera terminée (`{prefix}queue`)."
    ),
    QuotaKind.WAITING: (
        "Vous en avez {limit} en attente, c'est la limite. Attendez, ou annulez-en une "
        "(`{prefix}cancel`)."
    ),
    QuotaKind.DAILY: (
        "Vous en avez demandé {limit} en 24 heures, c'est la limite. Réessayez plus tard."
    ),
    QuotaKind.COOLDOWN: "Attendez {wait} avant la prochaine.",
    QuotaKind.REFUSALS: (
        "Midjourney a refusé vos dernières descriptions, et cela nuit au compte. "
        "Essayez autre chose dans {wait}."
    ),
}

LIMITS = {
    QuotaKind.QUEUE: "{limit} en attente en tout",
    QuotaKind.WAITING: "{limit} des vôtres en attente",
    QuotaKind.DAILY: "{limit} des vôtres en 24 heures",
    QuotaKind.COOLDOWN: "{wait} entre deux des vôtres",
    QuotaKind.REFUSALS: "{wait} d'attente après {limit} descriptions refusées",
}
