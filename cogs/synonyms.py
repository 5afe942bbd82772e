"""Other words for the commands, by language; all of them are understood in every language.

They are looked up after all commands' names, so they take none from another bot that has these
cogs. A word whose command doesn't exist here is not understood.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

SYNONYMS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "en": {
        "imagine": (
            *("img", "image", "draw", "generate", "gen", "create", "paint"),
            *("dream", "make", "picture", "render"),
        ),
        "status": ("stat", "state", "progress", "eta"),
        "queue": ("waiting", "jobs", "tasks"),
        "cancel": ("stop", "abort", "nevermind"),
        "retry": ("resubmit", "resend"),
        "upscale": ("up", "upsample", "enlarge"),
        "vary": ("variation", "variations", "variant", "variants", "var"),
        "reroll": ("re-roll", "regenerate", "regen"),
        "again": ("redo", "repeat", "rerun"),
        "adopt": ("keep", "save"),
        "show": ("view", "open", "pictures", "images", "results", "result", "links", "download"),
        "history": ("recent",),
        "prefer": ("preference", "preferences", "prefs", "defaults"),
        "random": ("surprise", "any"),
        "search": ("grep", "lookup"),
        "stats": ("statistics",),
        "fav": ("star",),
        "favs": ("stars",),
        "delete": ("del", "rm", "erase"),
        "help": ("commands", "command", "cmds", "usage", "menu", "start"),
        "health": ("uptime", "version"),
        "limits": ("settings", "setting", "info", "config", "limit", "quota", "about"),
        "resume": ("unpause", "continue"),
    },
    "fr": {
        "imagine": (
            *("dessine", "dessiner", "génère", "générer", "crée", "créer", "peins", "peindre"),
            *("imaginer", "fais"),
        ),
        "status": ("état", "statut", "avancement"),
        "queue": ("file", "attente"),
        "cancel": ("annule", "annuler", "arrête", "arrêter"),
        "retry": ("réessaie", "réessaye", "réessayer"),
        "upscale": ("agrandis", "agrandir", "agrandissement"),
        "vary": ("varie", "varier", "variante", "variantes"),
        "again": ("encore", "refais", "refaire"),
        "adopt": ("garde", "garder", "adopte", "adopter"),
        "show": ("montre", "montrer", "voir", "affiche", "afficher", "liens"),
        "history": ("historique", "liste"),
        "gallery": ("galerie",),
        "prefer": ("préfère", "préférence", "préférences"),
        "preset": ("raccourci",),
        "presets": ("raccourcis",),
        "random": ("hasard", "aléatoire"),
        "search": ("cherche", "chercher", "recherche", "trouve"),
        "stats": ("statistiques",),
        "fav": ("favori", "favorite"),
        "favs": ("favoris", "favorites"),
        "delete": ("supprime", "supprimer", "efface", "effacer"),
        "help": ("aide", "commandes"),
        "health": ("santé",),
        "limits": ("réglages", "réglage", "paramètres", "limites", "infos"),
        "resume": ("reprends", "reprendre"),
        "allow": ("autorise", "autoriser"),
        "deny": ("interdis", "interdire"),
    },
}
"""The words for each command, by its own name."""

UNSURE: Mapping[str, str] = {
    "roll": "reroll",
    "more": "reroll",
    "remix": "vary",
    "relance": "retry",
}
"""Words that may mean something else, or that other bots take too: the person is asked."""

MIDJOURNEYS = frozenset(
    {"animate", "blend", "describe", "fast", "inpaint", "outpaint", "pan", "relax", "shorten"}
    | {"stealth", "subscribe", "tune", "turbo", "zoom"}
)
"""What only Midjourney itself does."""

EXPLAIN = frozenset({"help", "?", "aide", "-h", "--help"})
"""What is typed after a command's name to have it explained."""

SIGNS: Mapping[str, str] = {"🔄": "reroll", "🔁": "reroll"}
"""The signs of buttons, and of reactions, that people type like a command."""


def folded(word: str) -> str:
    """Return a word as it is compared: in lower case, without accents and variants of emoji."""
    parts = unicodedata.normalize("NFD", word.casefold())
    return "".join(part for part in parts if unicodedata.category(part) != "Mn")


TOPICS: Mapping[str, str] = {
    folded(word): topic
    for words in SYNONYMS.values()
    for topic, synonyms in words.items()
    for word in synonyms
}
