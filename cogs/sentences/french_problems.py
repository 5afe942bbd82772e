"""What went wrong with a generation, or with an upscale alone, in French."""

from domain.generation import ProblemKind

PROBLEMS = {
    ProblemKind.REFUSED: ("Midjourney a refusé : {detail}. Changez la description et renvoyez-la."),
    ProblemKind.BROKEN: (
        "Midjourney n'y est pas arrivé (« {detail} »). Renvoyez la description si vous voulez "
        "toujours cette image."
    ),
    ProblemKind.NOT_SENT: (
        "Discord n'a pas accepté la demande ({detail}). Rien n'a été dépensé ; "
        "`{prefix}retry {code}` pour réessayer."
    ),
    ProblemKind.NO_ANSWER: (
        "Midjourney n'a pas répondu à temps : je ne sais pas ce que la demande est devenue. Je "
        "ne la renvoie pas de moi-même, car vous pourriez payer deux fois. Cherchez sa grille "
        "dans le salon."
    ),
    ProblemKind.STOPPED: (
        "La demande a été interrompue chez Midjourney. Renvoyez la description si vous voulez "
        "toujours cette image."
    ),
    ProblemKind.BAD_PICTURE: (
        "Une image n'a pas pu être enregistrée ({detail}). `{prefix}retry {code}` pour réessayer."
    ),
    ProblemKind.NO_BUTTON: (
        "La grille de Midjourney n'a pas de bouton pour {detail}. "
        "Renvoyez la description avec `{prefix}imagine`."
    ),
    ProblemKind.ACCOUNT: (
        "Un responsable doit d'abord régler quelque chose : {detail}. Ensuite, `{prefix}retry "
        "{code}` pour reprendre."
    ),
    ProblemKind.FORM: (
        "Midjourney a répondu par un formulaire, car son mode remix est activé. Un responsable "
        "peut le désactiver avec `/prefer remix` ; ensuite, `{prefix}retry {code}`."
    ),
    ProblemKind.NO_GRID: (
        "Je n'ai pas pu lire la grille. Répondez-lui de nouveau avec `{prefix}adopt {code}`."
    ),
    ProblemKind.STORAGE: (
        "Une image est prête dans Discord, mais son enregistrement a échoué ({detail}). "
        "`{prefix}retry {code}` pour réessayer."
    ),
    ProblemKind.FILM: (
        "Midjourney a fait un film. Je n'enregistre que des images ; le film est dans le salon. "
        "Renvoyez la description sans `--video` pour une image."
    ),
}

UPSCALE_PROBLEMS = {
    ProblemKind.REFUSED: (
        "Midjourney a refusé un agrandissement : {detail}. "
        "`{prefix}retry {code}` pour le redemander."
    ),
    ProblemKind.BROKEN: (
        "Midjourney n'a pas réussi un agrandissement (« {detail} »). `{prefix}retry {code}` "
        "pour le redemander."
    ),
    ProblemKind.NOT_SENT: (
        "Discord n'a pas accepté la demande d'un agrandissement ({detail}). Ce qui est "
        "enregistré reste ; `{prefix}retry {code}` pour le redemander."
    ),
    ProblemKind.NO_ANSWER: (
        "Midjourney n'a pas répondu pour un agrandissement. "
        "`{prefix}retry {code}` pour le redemander."
    ),
    ProblemKind.STOPPED: (
        "Un agrandissement a été interrompu chez Midjourney. "
        "`{prefix}retry {code}` pour le redemander."
    ),
}
