"""What is said of prompts that are sent again, and of what people keep, in French."""

from cogs.sentences import PersonalSentences

PERSONAL = PersonalSentences(
    again="`{code}` à nouveau",
    prompt_deleted="La description de `{code}` a été supprimée : je ne peux pas la renvoyer.",
    cancelled_all="🛑 Annulées ({count}) : {codes}.",
    cancelled_all_running="J'ai cessé de suivre `{code}` ; Midjourney peut encore la terminer.",
    nothing_to_cancel="Vous n'avez rien en attente ni en cours.",
    preferred="avec vos paramètres {parameters}",
    preferences=(
        "J'ajoute {parameters} à vos descriptions, sauf si elles disent autre chose. "
        "`{prefix}prefer none` pour arrêter."
    ),
    no_preferences=(
        "J'envoie vos descriptions telles quelles. `{prefix}prefer --ar 3:2` l'ajoute à chacune."
    ),
    only_parameters=(
        "Je ne peux ajouter que des paramètres : `{prefix}prefer --ar 3:2 --s 200`. Pour des mots, "
        "il y a `{prefix}preset`."
    ),
    preset_set=(
        "`+{name}` veut maintenant dire : {words}. Utilisez-le ainsi : `{prefix}imagine un chat "
        "+{name}`"
    ),
    preset_removed="`+{name}` n'existe plus.",
    preset_form=(
        "Écrivez-le ainsi : `{prefix}preset noir = film noir, pluie`. Le nom est un seul mot, de "
        "{length} lettres et chiffres au plus."
    ),
    preset_limit=(
        "Il y a {limit} raccourcis, c'est la limite. Supprimez-en d'abord un : `{prefix}preset "
        "noir none`"
    ),
    not_your_preset=(
        "`+{preset}` appartient à {name} ; seuls {name} et les responsables peuvent le changer."
    ),
    no_presets="Pas encore de raccourcis. `{prefix}preset noir = film noir, pluie` en ajoute un.",
    unknown_preset="Il n'y a pas de raccourci {name}. `{prefix}presets` pour les voir tous.",
    nearest_preset="Il n'y a pas de raccourci {name}. Vouliez-vous dire {near} ?",
)
