"""The sentences in French."""

from __future__ import annotations

from cogs.sentences import Sentences
from cogs.sentences.french_collection import COLLECTION
from cogs.sentences.french_help import HELP, HELP_GROUPS
from cogs.sentences.french_limits import LIMITS, QUOTAS
from cogs.sentences.french_personal import PERSONAL
from cogs.sentences.french_problems import PROBLEMS, UPSCALE_PROBLEMS
from domain.errors import PromptFault
from domain.generation import Status
from domain.reasons import Reason
from domain.requests import Objection
from domain.slots import Slot

FRENCH = Sentences(
    stages={
        Status.QUEUED: "attend son tour",
        Status.SUBMITTING: "envoi à Midjourney",
        Status.SUBMITTED: "Midjourney peint",
        Status.GRID_COMPLETED: "grille enregistrée",
        Status.VARIATIONS_IN_PROGRESS: "récupération des agrandissements",
        Status.COMPLETED: "terminée",
        Status.FAILED: "échec",
        Status.CANCELLED: "annulée",
        Status.NEEDS_ATTENTION: "a besoin de vous",
    },
    problems=PROBLEMS,
    upscale_problems=UPSCALE_PROBLEMS,
    reasons={
        Reason.SILENCE: "Midjourney n'a pas répondu, deux fois de suite",
        Reason.HUMAN_CHECK: "Midjourney demande une vérification humaine",
        Reason.CAPTCHA: "Discord demande un captcha",
        Reason.BLOCKED: "Discord bloque le compte",
        Reason.MOVED: "tout a été déplacé vers une autre base de données, où le travail continue",
        Reason.LOGGED_OUT: "Discord n'accepte plus le jeton du compte",
        Reason.NO_HISTORY: (
            "Je n'ai pas le droit de lire l'historique de ce salon, où est peut-être sa réponse"
        ),
        Reason.UNREACHABLE: "Discord est injoignable",
        Reason.RATE_LIMITED: "Discord me demande de ralentir",
        Reason.MIDJOURNEY_FULL: "La file d'attente de Midjourney est pleine",
        Reason.NO_IMAGINE: "la commande `/imagine` de Midjourney est introuvable dans ce salon",
        Reason.LOOKING_UP: "en cherchant la commande `/imagine` de Midjourney",
        Reason.VARIATION: "des variations",
        Reason.REROLL: "une autre grille",
        Reason.DEAD_LINK: "son lien ne fonctionne plus",
        Reason.STRANGE_LINK: "son lien mène ailleurs",
        Reason.NOT_LOADED: "le téléchargement a échoué",
        Reason.NOT_A_PICTURE: "le fichier est abîmé, trop gros, ou n'est pas une image",
        Reason.TOO_MANY_PIXELS: "elle dépasse 40 millions de pixels, le maximum que je garde",
        Reason.NO_MEMORY: "cette machine n'a pas assez de mémoire ou de temps pour elle",
        Reason.NO_DISK: "je ne peux pas l'écrire sur mon disque",
        Reason.TOO_LARGE: "le fichier dépasse la taille que le stockage accepte",
        Reason.NOT_STORED: "le stockage l'a refusée ; mon journal dit pourquoi",
    },
    prompt_faults={
        PromptFault.EMPTY: (
            "D'abord la description, puis les paramètres : `{prefix}imagine un chat --ar 16:9`"
        ),
        PromptFault.TOO_LONG: "{length} caractères ; la limite est de {limit}. Enlevez-en {over}.",
        PromptFault.MENTION: "Une description ne peut mentionner personne : enlevez {found}.",
        PromptFault.MULTIPLIES: "Une description donne une seule grille : enlevez {found}.",
        PromptFault.LINK: (
            "Ici, une description ne peut contenir ni image ni lien : enlevez {found}."
        ),
        PromptFault.COSTLY: (
            "{found} coûte {times:,} fois le prix d'une grille ordinaire, et c'est désactivé ici : "
            "enlevez-le. (Un responsable peut l'autoriser : `{setting}`.)"
        ),
        PromptFault.PARAMETER: "{found} ne fonctionne pas : Midjourney accepte {allowed}.",
        PromptFault.VALUE: (
            "{found} ne fonctionne pas : {parameter} n'accepte aucune valeur. Mettez les autres "
            "mots avant les paramètres."
        ),
        PromptFault.NO_VALUE: (
            "Il manque une valeur à {parameter} : ajoutez-la juste après, ou enlevez {parameter}."
        ),
        PromptFault.MISSPELT: "Midjourney ne reconnaît pas {found} comme paramètre.",
        PromptFault.MODEL: "{found} ne fonctionne pas avec {other} : enlevez-le.",
        PromptFault.NEEDS: "{found} ne fonctionne qu'avec {other} : enlevez-le.",
        PromptFault.EXCLUDES: "{found} et {other} ne vont pas ensemble : enlevez {found}.",
        PromptFault.SHAPE: "{found} ne fonctionne pas avec {other}, qui va jusqu'à {allowed}.",
    },
    quotas=QUOTAS,
    limits=LIMITS,
    limited="Limites : {limits}",
    saved=(
        "J'enregistre chaque grille, puis {pictures}. Une description peut avoir jusqu'à {length} "
        "caractères."
    ),
    saved_alone=(
        "J'enregistre seulement la grille ; `{prefix}upscale` ajoute un agrandissement. Une "
        "description peut avoir jusqu'à {length} caractères."
    ),
    account_settings=(
        "Les réglages de Midjourney sont ceux du compte que j'utilise ; un responsable peut les "
        "changer."
    ),
    objections={
        Objection.ENDED: "Il n'y a rien à annuler : `{code}` n'est plus en cours ({stage}).",
        Objection.RUNNING: (
            "`{code}` est encore en cours : {stage}. `{prefix}status {code}` pour la suivre."
        ),
        Objection.NOTHING_MISSING: (
            "`{code}` a toutes ses images. `{prefix}show {code}` pour les voir."
        ),
        Objection.REFUSED: (
            "Midjourney a refusé la description de `{code}`, et la refuserait encore. "
            "Changez-la et envoyez-la avec `{prefix}imagine`."
        ),
        Objection.MAY_COST_TWICE: (
            "Midjourney a peut-être déjà accepté `{code}`. Sa grille est-elle dans le salon ? "
            "Répondez-lui avec `{prefix}adopt {code}`. Sinon, `{prefix}retry {code} again` renvoie "
            "la description, au risque de payer deux fois ; `{prefix}cancel {code}` l'annule."
        ),
        Objection.CANCELLED_LATE: (
            "`{code}` a été annulée après son envoi : Midjourney l'a peut-être faite. Sa grille "
            "est-elle dans le salon ? Répondez-lui avec `{prefix}adopt {code}`. Sinon, "
            "`{prefix}retry {code} again` renvoie la description, au risque de payer deux fois."
        ),
        Objection.NO_GRID: (
            "La grille de `{code}` n'est pas enregistrée : il n'y a pas de bouton. `{prefix}status "
            "{code}` pour savoir pourquoi."
        ),
        Objection.NO_GRID_YET: (
            "`{code}` n'est pas encore prête : {stage}. Réessayez quand sa grille sera là."
        ),
        Objection.HAS_GRID: (
            "`{code}` a déjà sa propre grille ({stage}). `{prefix}show {code}` pour voir ce qui "
            "est enregistré."
        ),
        Objection.STORED: (
            "{picture} de `{code}` est déjà enregistrée. `{prefix}show {code}` pour la voir."
        ),
        Objection.NO_BUTTON: (
            "La grille de `{code}` n'a pas de bouton pour cela. "
            "Renvoyez sa description avec `{prefix}imagine`."
        ),
        Objection.COST_ALREADY: (
            "Midjourney avait déjà reçu `{code}`, et l'a peut-être facturée. "
            "`{prefix}retry {code} again` la renvoie, ce qui coûte une fois de plus."
        ),
        Objection.ARCHIVED: (
            "Les images de `{code}` ont été supprimées ; seules ses données sont conservées."
        ),
    },
    help=HELP,
    help_groups=HELP_GROUPS,
    help_replies=(
        "En réponse à la grille de Midjourney ou à un de mes messages, pas besoin de code : "
        "`{prefix}upscale 2`, `{prefix}vary 3`, `{prefix}show`, ou simplement `U2`, `V3`, `🔄`."
    ),
    personal=PERSONAL,
    collection=COLLECTION,
    by="par {name}",
    upscales="agrandissements {stored}/{wanted}",
    picture={
        Slot.GRID: "Grille",
        Slot.UPSCALE_1: "U1",
        Slot.UPSCALE_2: "U2",
        Slot.UPSCALE_3: "U3",
        Slot.UPSCALE_4: "U4",
    },
    labelled="{label} : {text}",
    no_reason="sans raison donnée",
    suggestion="Essayez {found}.",
    questions=(
        "Si la grille y est, répondez-lui avec `{prefix}adopt {code}`. Sinon, `{prefix}retry "
        "{code} again` renvoie la description, au risque de payer deux fois ; `{prefix}cancel "
        "{code}` l'annule."
    ),
    starting="🎨 `{code}` · c'est parti",
    queued="🎨 `{code}` · en file d'attente, {ahead}",
    next="la prochaine",
    now="tout de suite",
    ahead="{place} devant",
    costs="coûte {times:,} fois le prix d'une grille ordinaire",
    costly_again=(
        "`{code}` demande {found}, ce qui coûte {times:,} fois le prix d'une grille ordinaire, et "
        "c'est désactivé ici. (Un responsable peut l'autoriser : `{setting}`.)"
    ),
    paused_meanwhile="en pause ({reason})",
    retrying="🔁 `{code}` · je la reprends, {ahead}",
    fetching="🔍 `{code}` · je vais chercher {picture}, {ahead}",
    adopting="📥 `{code}` · je garde cette grille, {ahead}",
    varied="V{number} de `{code}`",
    rerolled="une autre grille de `{code}`",
    cancelled="🛑 `{code}` est annulée ; rien n'avait commencé.",
    cancelled_running=(
        "🛑 `{code}` est annulée : je ne la suis plus. Midjourney peut encore la terminer."
    ),
    unknown_code="Il n'y a pas d'image {code}. `{prefix}history` pour voir les vôtres.",
    no_code="Laquelle ? Ajoutez son code, ou répondez à son message : `{prefix}{command} {code}`",
    reaction_late=(
        "Je n'étais pas là quand vous avez réagi, peut-être il y a longtemps. Tapez `{command}` si "
        "vous le voulez toujours."
    ),
    unheld="Personne n'a encore gardé celle-ci. `{prefix}adopt` pour la garder.",
    unheld_job=(
        "Personne n'a encore gardé celle-ci. Répondez à sa grille terminée avec `{prefix}adopt`."
    ),
    not_yours="`{code}` est à {name} ; il faut être {name} ou responsable pour faire cela.",
    no_generation_yet="Vous n'avez pas encore d'image. Essayez `{prefix}imagine un chat`.",
    which_picture="Quelle image ? Ajoutez un chiffre de 1 à 4 : `{prefix}{command} {code} 2`",
    not_a_grid="Ce n'est pas une grille terminée de Midjourney. Répondez à la grille elle-même.",
    grid_taken="Cette grille est déjà celle de `{code}`.",
    grid_awaited=(
        "C'est peut-être la grille qu'attend `{code}` : son prompt est le même. "
        "Réessayez quand `{code}` sera terminé."
    ),
    reply_to_grid="Répondez à la grille de Midjourney avec `{prefix}adopt`.",
    pictures_removed="ses images ont été supprimées",
    queue_empty="La file est vide. Essayez `{prefix}imagine un chat`.",
    queue_head="{waiting} en attente",
    queue_more="et {more} de plus",
    yours="à vous",
    history_empty="Rien ici pour le moment.",
    history_more="Suite : `{prefix}history {count} {whose} {page}`",
    bad_number="Il me faut un nombre de 1 à {limit}, pas {found}.",
    no_pictures_yet="`{code}` n'a pas encore d'images : {stage}.",
    what_next="Ensuite : {commands}. Vous pouvez aussi réagir, ou répondre sans le code.",
    what_next_by_reply="Ensuite : {commands}. Vous pouvez aussi répondre sans le code.",
    any_number="1️⃣ à 4️⃣",
    gallery_here="🖼️ La galerie est à <{link}>, sur la machine où je tourne.",
    gallery_link="🖼️ La galerie : <{link}>\nCe lien expire {until}. Gardez-le dans ce salon.",
    no_gallery="Il n'y a pas de galerie : son adresse est inutilisable. Mon journal dit pourquoi.",
    in_gallery="Dans la galerie : <{link}>",
    asked_at="demandée à {asked}, faite en {took}",
    asked="demandée {age}",
    delete_first=(
        "Ceci supprime définitivement les images et la description de `{code}`. Vous confirmez ? "
        "Tapez `{prefix}delete {code} yes`."
    ),
    delete_running="`{code}` est encore en cours : {stage}. Tapez d'abord `{prefix}cancel {code}`.",
    deleted=(
        "🗑️ Les images et la description de `{code}` sont supprimées ; ses dates restent. Discord "
        "et les navigateurs peuvent encore montrer des copies des images."
    ),
    deleted_prompt="(supprimée)",
    held_back="{reason} ; nouvel essai {when}.",
    put_off="La demande n'a pas été acceptée ; nouvel essai {when}.",
    paused="⏸️ En pause. J'accepte toujours les descriptions ; `{prefix}resume` pour reprendre.",
    paused_already="C'est déjà en pause ; `{prefix}resume` pour reprendre.",
    resumed="▶️ C'est reparti.",
    not_paused="Je n'étais pas en pause.",
    stopped=(
        "⏸️ {owners} La file s'est arrêtée : {reason}. Ouvrez Discord avec le compte du bot, "
        "faites ce qui est demandé, puis tapez `{prefix}resume`. Rien de ce qui attend n'est perdu."
    ),
    stopped_by_silence=(
        "⏸️ {owners} La file s'est arrêtée : {reason}. Consultez status.midjourney.com, puis tapez "
        "`{prefix}resume`. Rien de ce qui attend n'est perdu."
    ),
    health=(
        "passerelle {gateway} ms · base de données {database} ms · stockage {storage} ms · "
        "actif depuis {uptime} · version {version} · {state}"
    ),
    running="en marche",
    nobody_meant="Qui ? Mentionnez la personne, ou donnez son id : `{prefix}{command} @Ann`",
    allowed="✅ {name} peut maintenant m'utiliser.",
    allowed_already="✅ {name} pouvait déjà m'utiliser.",
    denied="⛔ {name} ne peut plus m'utiliser.",
    denied_already="⛔ {name} ne pouvait déjà pas m'utiliser.",
    owner_stays="👑 {name} est responsable (réglage `OWNER_IDS`) : je ne peux rien y changer.",
    owners_only="Seuls les responsables de ce bot peuvent faire cela.",
    not_allowed="Vous ne pouvez pas utiliser ce bot ici ; demandez à un responsable.",
    saving_delayed="Une image est prête dans Discord ; son enregistrement tarde (essai {number}).",
    unanswered="Midjourney n'a pas encore répondu ; je surveille toujours.",
    reconnecting="Je me reconnecte à Discord… Vous n'avez rien à faire.",
    lacking="Il me manque des permissions ici : {names}. Sans elles, je ne peux pas travailler.",
    slow_mode=(
        "Le mode lent ({seconds} s) est activé dans ce salon : mes réponses tarderont. "
        "Désactivez-le, ou laissez-moi gérer les messages."
    ),
    database_away=(
        "Ma base de données ne répond pas. Rien n'est perdu : je n'envoie rien en attendant, et je "
        "reprendrai de moi-même dès qu'elle répondra."
    ),
    database_back="Ma base de données répond de nouveau ; je continue.",
    history_closed=(
        "Je n'ai pas le droit de lire l'historique de ce salon : je ne peux pas y retrouver ce que "
        "je manque. Donnez à mon compte la permission `read_message_history`, et je continuerai."
    ),
    history_open="Je peux de nouveau lire l'historique de ce salon ; je continue.",
    no_database="Je ne peux rien enregistrer pour le moment ; je le ferai dès que possible.",
    no_history=(
        "Discord ne me laisse pas lire le salon pour le moment ; je le ferai dès que possible."
    ),
    cannot_look="Je ne peux pas consulter cela pour le moment. Redemandez-le-moi dans une minute.",
    offline=(
        "J'étais hors ligne de {since} à {until}, et {count} commandes sont trop anciennes pour "
        "être exécutées. Merci de les renvoyer."
    ),
    offline_one=(
        "J'étais hors ligne de {since} à {until}, et une commande est trop ancienne pour être "
        "exécutée. Merci de la renvoyer."
    ),
    unknown_command="La commande {name} n'existe pas. `{prefix}help` pour les voir toutes.",
    also="Aussi : {names}",
    parameters="Paramètres de Midjourney, après la description : {names}",
    dear="Ceux-ci coûtent plus qu'une grille ordinaire : {names}",
    too_dear="Désactivés ici, car ils coûtent plus qu'une grille ordinaire : {names}",
    factor="{parameter} ({times:,} fois)",
    nearest="Vouliez-vous dire `{prefix}{name}` ?",
    midjourneys="Je ne fais pas {name}. Midjourney a sa propre commande ou son bouton pour cela.",
    unexpected="Une erreur est survenue (référence `{reference}`). Rien n'est perdu ; réessayez.",
)
