"""What `!help` says of each command, in French."""

from cogs.sentences import CommandHelp, HelpGroup

HELP = {
    "imagine": CommandHelp(
        usage="<description>",
        does="Faire une grille et ses agrandissements.",
        example="un phare au crépuscule --ar 3:2",
    ),
    "status": CommandHelp(usage="[code]", does="Voir où en est une image.", example="k7m2qx"),
    "show": CommandHelp(usage="[code]", does="Avoir les liens vers ses images.", example="k7m2qx"),
    "cancel": CommandHelp(
        usage="[code|all]", does="Annuler une des vôtres, ou toutes.", example="k7m2qx"
    ),
    "again": CommandHelp(
        usage="[code] [mots ou paramètres]",
        does="Renvoyer une description.",
        example="de nuit --ar 9:16",
    ),
    "prefer": CommandHelp(
        usage="[paramètres]", does="Vos paramètres par défaut.", example="--ar 3:2"
    ),
    "preset": CommandHelp(
        usage="<nom> = <mots>", does="Garder des mots sous +nom.", example="noir = film noir"
    ),
    "presets": CommandHelp(does="Lister les raccourcis."),
    "queue": CommandHelp(does="Voir ce qui est en cours et ce qui attend."),
    "retry": CommandHelp(usage="[code]", does="Récupérer ce qui manque.", example="k7m2qx"),
    "upscale": CommandHelp(
        usage="[code] <1-4>", does="Enregistrer un agrandissement.", example="k7m2qx 2"
    ),
    "vary": CommandHelp(usage="[code] <1-4>", does="Faire des variations.", example="k7m2qx 3"),
    "reroll": CommandHelp(usage="[code]", does="Refaire une grille.", example="k7m2qx"),
    "adopt": CommandHelp(
        usage="[code]", does="Répondre à une grille pour la garder.", example="k7m2qx"
    ),
    "history": CommandHelp(
        usage="[combien] [@personne|all] [page]",
        does="Lister les plus récentes.",
        example="10 all",
    ),
    "limits": CommandHelp(does="Voir ce que j'enregistre, et les limites."),
    "gallery": CommandHelp(does="Obtenir un lien vers toutes les images."),
    "fav": CommandHelp(
        usage="[code]", does="L'ajouter aux favorites, ou l'en retirer.", example="k7m2qx"
    ),
    "favs": CommandHelp(
        usage="[@personne|all] [page]", does="Lister les favorites.", example="all"
    ),
    "random": CommandHelp(does="En voir une au hasard."),
    "search": CommandHelp(
        usage="<mots>", does="Chercher dans les descriptions.", example="phare crépuscule"
    ),
    "stats": CommandHelp(usage="[mois]", does="Voir le bilan d'un mois.", example="2026-10"),
    "delete": CommandHelp(
        usage="<code>", does="Supprimer images et description.", example="k7m2qx"
    ),
    "help": CommandHelp(
        usage="[commande]",
        does="Afficher cette liste ou expliquer une commande.",
        example="imagine",
    ),
    "health": CommandHelp(does="Voir comment je vais."),
    "pause": CommandHelp(
        usage="[raison]", does="Ne plus rien envoyer à Midjourney.", example="retour à midi"
    ),
    "resume": CommandHelp(does="Reprendre après une pause ou un arrêt."),
    "allow": CommandHelp(
        usage="<@personne>", does="Autoriser quelqu'un à m'utiliser.", example="@Ann"
    ),
    "deny": CommandHelp(usage="<@personne>", does="Retirer ce droit à quelqu'un.", example="@Ann"),
}

HELP_GROUPS = {
    HelpGroup.FIRST: "Atelier",
    HelpGroup.MORE: "À partir d'une image",
    HelpGroup.PROMPTS: "Pour toutes vos descriptions",
    HelpGroup.FIND: "Retrouver des images",
    HelpGroup.AROUND: "La file et le bot",
    HelpGroup.OWNERS: "Pour les responsables",
}
