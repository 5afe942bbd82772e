"""The sentences in French."""

from __future__ import annotations

from cogs.sentences import Help, Sentences
from domain.errors import PromptFault, QuotaKind
from domain.generation import ProblemKind, Slot, Status
from domain.reasons import Reason
from domain.requests import Objection

FRENCH = Sentences(
    stages={
        Status.QUEUED: "attend son tour",
        Status.SUBMITTING: "demande à Midjourney",
        Status.SUBMITTED: "Midjourney peint",
        Status.GRID_COMPLETED: "grille enregistrée",
        Status.VARIATIONS_IN_PROGRESS: "récupère les agrandissements",
        Status.COMPLETED: "terminé",
        Status.FAILED: "échec",
        Status.CANCELLED: "annulé",
        Status.NEEDS_ATTENTION: "a besoin de vous",
    },
    problems={
        ProblemKind.REFUSED: (
            "Midjourney a refusé : {detail}. Changez la description et renvoyez-la."
        ),
        ProblemKind.BROKEN: (
            "Midjourney n'a pas pu le faire : {detail}. Renvoyez la description si vous la voulez "
            "toujours."
        ),
        ProblemKind.NOT_SENT: (
            "Discord n'a pas pris la demande ({detail}). Rien n'a été dépensé ; "
            "`{prefix}retry {code}` réessaie."
        ),
        ProblemKind.NO_ANSWER: (
            "Midjourney n'a pas répondu à temps : on ne sait pas si la demande a été acceptée. "
            "Elle n'est pas renvoyée d'elle-même, car elle pourrait coûter deux fois. "
            "Cherchez sa grille dans le salon."
        ),
        ProblemKind.STOPPED: (
            "Le travail a été arrêté chez Midjourney. Renvoyez la description si vous le voulez."
        ),
        ProblemKind.BAD_PICTURE: (
            "Une image n'a pas pu être enregistrée ({detail}). "
            "`{prefix}retry {code}` pour réessayer."
        ),
        ProblemKind.NO_BUTTON: (
            "La grille de Midjourney n'a pas de bouton pour {detail}. "
            "Renvoyez la description avec `{prefix}imagine`."
        ),
        ProblemKind.ACCOUNT: (
            "Le compte demande d'abord une intervention humaine : {detail}. "
            "Quand un responsable s'en sera occupé, `{prefix}retry {code}` pour continuer."
        ),
        ProblemKind.FORM: (
            "Midjourney a répondu par un formulaire : son mode remix est actif. Un responsable "
            "l'éteint avec `/prefer remix`, puis `{prefix}retry {code}`."
        ),
        ProblemKind.NO_GRID: (
            "La grille à adopter n'a pas été lue. Répondez-lui encore avec `{prefix}adopt {code}`."
        ),
        ProblemKind.STORAGE: (
            "Une image est prête dans Discord, mais son enregistrement a échoué ({detail}). "
            "`{prefix}retry {code}` pour réessayer."
        ),
    },
    upscale_problems={
        ProblemKind.REFUSED: (
            "Midjourney a refusé un agrandissement : {detail}. `{prefix}retry {code}` le redemande."
        ),
        ProblemKind.BROKEN: (
            "Midjourney n'a pas pu faire un agrandissement : {detail}. "
            "`{prefix}retry {code}` le redemande."
        ),
        ProblemKind.NO_ANSWER: (
            "Midjourney n'a pas répondu pour un agrandissement. "
            "`{prefix}retry {code}` le redemande."
        ),
        ProblemKind.STOPPED: (
            "Un agrandissement a été arrêté chez Midjourney. `{prefix}retry {code}` le redemande."
        ),
    },
    reasons={
        Reason.SILENCE: "Midjourney n'a pas répondu, deux fois de suite",
        Reason.HUMAN_CHECK: "Midjourney veut voir un humain",
        Reason.CAPTCHA: "Discord demande un captcha",
        Reason.BLOCKED: "Discord bloque le compte",
        Reason.LOGGED_OUT: "Discord n'accepte plus le jeton du compte",
        Reason.UNREACHABLE: "Discord est injoignable",
        Reason.NO_IMAGINE: "ce salon ne propose pas le `/imagine` de Midjourney",
        Reason.LOOKING_UP: "en cherchant le `/imagine` de Midjourney",
        Reason.VARIATION: "des variations",
        Reason.REROLL: "une autre grille",
        Reason.DEAD_LINK: "son lien est mort",
        Reason.STRANGE_LINK: "son lien mène ailleurs",
        Reason.NOT_LOADED: "le téléchargement a échoué",
        Reason.NOT_A_PICTURE: "le fichier est abîmé, trop gros, ou n'est pas une image",
        Reason.NO_DISK: "mon disque ne la prend pas",
        Reason.NOT_STORED: "le stockage d'images la refuse, et mon journal dit pourquoi",
    },
    prompt_faults={
        PromptFault.EMPTY: (
            "Ajoutez une description : `{prefix}imagine un chat avec un chapeau --ar 3:2`"
        ),
        PromptFault.TOO_LONG: ("{length} caractères ; la limite est {limit}. Enlevez-en {over}."),
        PromptFault.MENTION: "Une description ne peut appeler personne : enlevez {found}.",
        PromptFault.MULTIPLIES: "Une description fait une grille : enlevez {found}.",
        PromptFault.LINK: (
            "Images et liens ne peuvent pas faire partie d'une description ici : enlevez {found}."
        ),
        PromptFault.TURBO: "Le mode turbo est désactivé ici : enlevez {found}.",
        PromptFault.VIDEO: "Les vidéos sont désactivées ici : enlevez {found}.",
        PromptFault.PARAMETER: "{found} ne convient pas ; Midjourney accepte {allowed}.",
        PromptFault.VALUE: (
            "{found} ne convient pas : {parameter} n'accepte aucune valeur. "
            "Les autres mots se mettent avant les paramètres."
        ),
        PromptFault.NO_VALUE: (
            "Il manque une valeur à {parameter} : ajoutez-la juste après, ou enlevez {parameter}."
        ),
    },
    quotas={
        QuotaKind.QUEUE: (
            "La file est pleine ({limit}). Réessayez quand une image est finie (`{prefix}queue`)."
        ),
        QuotaKind.WAITING: (
            "Vous en avez {limit} en attente, c'est la limite. Attendez, ou annulez-en une "
            "(`{prefix}cancel`)."
        ),
        QuotaKind.DAILY: "Vous en avez eu {limit} en 24 heures, c'est la limite. Plus tard !",
        QuotaKind.COOLDOWN: "Un peu de patience : réessayez dans {wait}.",
        QuotaKind.REFUSALS: (
            "Midjourney a refusé vos dernières descriptions, et le compte en répond. "
            "Essayez autre chose dans {wait}."
        ),
    },
    objections={
        Objection.ENDED: "`{code}` est fini : {stage}. Il n'y a rien à annuler.",
        Objection.RUNNING: "`{code}` est en cours : {stage}. `{prefix}status {code}` le montre.",
        Objection.NOTHING_MISSING: (
            "`{code}` a toutes ses images. `{prefix}show {code}` les montre."
        ),
        Objection.REFUSED: (
            "Midjourney a refusé la description de `{code}`, et la refuserait encore. "
            "Changez-la et envoyez-la avec `{prefix}imagine`."
        ),
        Objection.MAY_COST_TWICE: (
            "Midjourney a peut-être déjà accepté `{code}`. Sa grille est-elle dans le salon ? "
            "Répondez-lui avec `{prefix}adopt {code}`. Sinon `{prefix}retry {code} again` renvoie "
            "la description, ce qui peut coûter deux fois ; `{prefix}cancel {code}` le ferme."
        ),
        Objection.NO_GRID: (
            "La grille de `{code}` n'est pas enregistrée : il n'y a aucun bouton sur lequel "
            "appuyer. `{prefix}status {code}` pour savoir pourquoi."
        ),
        Objection.HAS_GRID: (
            "`{code}` a déjà sa propre grille : {stage}. "
            "`{prefix}show {code}` pour voir ce qui est enregistré."
        ),
        Objection.STORED: "`{code}` a déjà celle-là. `{prefix}show {code}` la montre.",
        Objection.NO_BUTTON: (
            "La grille de `{code}` n'a pas de bouton pour cela. "
            "Renvoyez sa description avec `{prefix}imagine`."
        ),
        Objection.COST_ALREADY: (
            "Midjourney avait déjà reçu `{code}`, et l'a peut-être facturé. "
            "`{prefix}retry {code} again` le renvoie, ce qui coûte une fois de plus."
        ),
        Objection.AWAITS_ADOPTION: (
            "`{code}` attend sa grille : répondez à la grille avec `{prefix}adopt {code}`."
        ),
        Objection.ARCHIVED: (
            "Les images de `{code}` ont été supprimées ; seules ses données sont gardées."
        ),
    },
    help={
        "imagine": Help(
            usage="<description>",
            does="Fait une grille et ses agrandissements.",
            example="un phare au crépuscule --ar 3:2",
        ),
        "status": Help(
            usage="[code]", does="Où en est une image ; sinon la dernière.", example="k7m2qx"
        ),
        "queue": Help(usage="", does="Ce qui se fait, et ce qui attend.", example=""),
        "cancel": Help(usage="<code>", does="Arrête une des vôtres.", example="k7m2qx"),
        "retry": Help(usage="<code>", does="Va chercher ce qui manque.", example="k7m2qx"),
        "upscale": Help(
            usage="<code> <1-4>", does="Enregistre un agrandissement.", example="k7m2qx 2"
        ),
        "vary": Help(usage="<code> <1-4>", does="Fait des variations.", example="k7m2qx 3"),
        "reroll": Help(usage="<code>", does="Refait une grille.", example="k7m2qx"),
        "adopt": Help(usage="[code]", does="En réponse à une grille : la garde.", example="k7m2qx"),
        "show": Help(usage="<code>", does="Les liens vers ses images.", example="k7m2qx"),
        "history": Help(
            usage="[combien] [@personne|all] [page]",
            does="Les dernières d'abord.",
            example="10 all",
        ),
        "delete": Help(usage="<code>", does="Supprime ses images.", example="k7m2qx"),
        "help": Help(
            usage="[commande]", does="Montre ceci, ou explique une commande.", example="imagine"
        ),
        "health": Help(usage="", does="Comment je vais.", example=""),
        "pause": Help(
            usage="[raison]", does="N'envoie plus rien à Midjourney.", example="retour à midi"
        ),
        "resume": Help(usage="", does="Reprend après une pause ou un arrêt.", example=""),
        "allow": Help(usage="<@personne>", does="Laisse quelqu'un m'utiliser.", example="@Ann"),
        "deny": Help(
            usage="<@personne>", does="Ne laisse plus quelqu'un m'utiliser.", example="@Ann"
        ),
    },
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
    suggestion="Le plus proche est {found}.",
    questions=(
        "Répondez à sa grille avec `{prefix}adopt {code}` ; ou `{prefix}retry {code} again`, qui "
        "peut coûter deux fois ; ou `{prefix}cancel {code}`."
    ),
    starting="🎨 `{code}` · commence",
    queued="🎨 `{code}` · en file, {ahead}",
    next="la suivante",
    ahead="{place} devant",
    paused_meanwhile="en pause ({reason})",
    retrying="🔁 `{code}` · continue avec ce qui manque, {ahead}",
    fetching="🔍 `{code}` · va chercher {picture}, {ahead}",
    adopting="📥 `{code}` · garde cette grille, {ahead}",
    cancelled="🛑 `{code}` est annulé ; rien n'avait commencé.",
    cancelled_running=(
        "🛑 `{code}` est annulé : je cesse de le suivre. Midjourney peut encore le finir."
    ),
    unknown_code="Il n'y a pas d'image {code}. `{prefix}history` montre les vôtres.",
    no_code="Laquelle ? Ajoutez son code, ou répondez à son message : `{prefix}{command} k7m2qx`",
    not_yours="`{code}` est à {name} ; seuls {name} ou un responsable peuvent faire cela.",
    no_generation_yet="Vous n'avez pas encore d'image. Essayez `{prefix}imagine un chat`.",
    which_picture="Quelle image ? Ajoutez un nombre de 1 à 4 : `{prefix}{command} {code} 2`",
    not_a_grid="Ce n'est pas une grille finie de Midjourney. Répondez à la grille elle-même.",
    grid_taken="Cette grille est déjà celle de `{code}`.",
    reply_to_grid="Répondez à la grille de Midjourney avec `{prefix}adopt`.",
    pictures_removed="ses images ont été supprimées",
    queue_empty="La file est vide. Essayez `{prefix}imagine un chat`.",
    queue_head="{waiting} en attente",
    queue_more="+{more} de plus",
    yours="à vous",
    history_empty="Il n'y a encore rien ici.",
    history_more="Suite : `{prefix}history {count} {whose} {page}`",
    bad_number="{found} n'est pas un nombre possible : de 1 à {limit}, s'il vous plaît.",
    no_pictures_yet="`{code}` n'a pas encore d'images : {stage}.",
    asked_at="demandé {asked}, durée {took}",
    asked="demandé {age}",
    delete_first=(
        "Ceci supprime pour toujours les images de `{code}`. Sûr ? `{prefix}delete {code} yes`"
    ),
    delete_running="`{code}` est en cours : {stage}. `{prefix}cancel {code}` d'abord.",
    deleted="🗑️ Les images et la description de `{code}` ont disparu ; ses dates restent.",
    deleted_prompt="(supprimé)",
    paused="⏸️ En pause. Les descriptions sont encore acceptées ; `{prefix}resume` reprend.",
    paused_already="C'est déjà en pause ; `{prefix}resume` reprend.",
    resumed="▶️ On continue.",
    not_paused="Rien n'était en pause.",
    stopped=(
        "⏸️ {owners} La file s'est arrêtée : {reason}. Ouvrez Discord avec le compte du bot, faites "
        "ce qui est demandé, puis tapez `{prefix}resume`. Tout ce qui attend est gardé."
    ),
    stopped_by_silence=(
        "⏸️ {owners} La file s'est arrêtée : {reason}. Consultez status.midjourney.com, puis tapez "
        "`{prefix}resume`. Tout ce qui attend est gardé."
    ),
    health=(
        "passerelle {gateway} ms · base {database} ms · stockage {storage} ms · "
        "actif depuis {uptime} · version {version} · {state}"
    ),
    running="en marche",
    nobody_meant="Qui ? Mentionnez la personne, ou donnez l'id : `{prefix}{command} @Ann`",
    allowed="✅ {name} peut m'utiliser maintenant.",
    allowed_already="✅ {name} pouvait déjà m'utiliser.",
    denied="⛔ {name} ne peut plus m'utiliser.",
    denied_already="⛔ {name} ne pouvait de toute façon pas m'utiliser.",
    owner_stays="👑 {name} est responsable par mes réglages, et le reste.",
    owners_only="Seuls les responsables de ce bot peuvent faire cela.",
    not_allowed="Vous ne pouvez pas utiliser ce bot ici ; demandez à son responsable.",
    saving_delayed="Une image est prête dans Discord ; l'enregistrer prend du retard.",
    unanswered="Midjourney n'a pas encore répondu ; je continue de guetter.",
    lacking="Il me manque des droits dans ce salon : {names}. Sans eux je ne peux pas travailler.",
    slow_mode=(
        "Le mode lent ({seconds} s) est actif dans ce salon : mes réponses tarderont. Coupez-le, "
        "ou laissez-moi gérer les messages."
    ),
    database_away=(
        "Ma base de données ne répond pas. Rien n'est perdu : je n'envoie rien et reprendrai seul."
    ),
    no_database="Je ne peux rien enregistrer en ce moment ; je m'en occupe dès que je le peux.",
    no_history="Discord ne me laisse pas lire ; je m'en occupe dès que je le peux.",
    cannot_look="Je ne peux pas le chercher en ce moment. Redemandez dans une minute.",
    offline=(
        "J'étais absent de {since} à {until} ; {count} commandes sont trop vieilles pour "
        "être faites. Merci de les renvoyer."
    ),
    offline_one=(
        "J'étais absent de {since} à {until} ; une commande est trop vieille pour "
        "être faite. Merci de la renvoyer."
    ),
    unknown_command="Il n'y a pas de commande {name}. `{prefix}help` les montre toutes.",
    also="Aussi : {names}",
    nearest="Vouliez-vous dire `{prefix}{name}` ?",
    unexpected=(
        "Quelque chose a échoué ici (référence `{reference}`). Rien n'est perdu ; réessayez."
    ),
)
