"""What is said of the channel's pictures, and of people's favourites among them, in French."""

from cogs.sentences import CollectionSentences
from domain.generation import ProblemKind

COLLECTION = CollectionSentences(
    favourite="⭐ `{code}` est maintenant une de vos favorites. `{prefix}favs` pour les voir.",
    favourite_no_more="`{code}` n'est plus une de vos favorites.",
    no_favourites="Pas encore de favorites. `{prefix}fav k7m2qx` en ajoute une.",
    more="Suite : `{prefix}{command}`",
    search_what=(
        "Que chercher ? Ajoutez des mots de la description : `{prefix}search phare crépuscule`"
    ),
    nothing_found="Aucune description ici ne contient cela.",
    stats="📊 **{month}** · {count} au total",
    stats_none="Rien n'a été demandé en {month}.",
    stats_under_way="en cours",
    stats_waited="Attente avant que Midjourney accepte : {average} en moyenne, {longest} au plus.",
    stats_problems="Raisons des échecs : {problems}",
    stats_people="Par : {people}",
    which_month="Il me faut un mois, pas {found}. Écrivez-le ainsi : `{prefix}stats 2026-10`.",
    problem_names={
        ProblemKind.REFUSED: "refusée par Midjourney",
        ProblemKind.BROKEN: "abandonnée par Midjourney",
        ProblemKind.NOT_SENT: "pas acceptée par Discord",
        ProblemKind.NO_ANSWER: "pas de réponse de Midjourney",
        ProblemKind.STOPPED: "arrêtée chez Midjourney",
        ProblemKind.BAD_PICTURE: "image impossible à enregistrer",
        ProblemKind.NO_BUTTON: "un bouton manquait",
        ProblemKind.ACCOUNT: "le compte demandait une intervention",
        ProblemKind.FORM: "Midjourney demandait un formulaire",
        ProblemKind.NO_GRID: "grille illisible",
        ProblemKind.STORAGE: "refusée par le stockage",
        ProblemKind.FILM: "devenue un film",
    },
)
