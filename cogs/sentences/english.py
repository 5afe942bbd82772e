"""The sentences in English."""

from __future__ import annotations

from cogs.sentences import CommandHelp, Sentences
from domain.errors import PromptFault, QuotaKind
from domain.generation import ProblemKind, Slot, Status
from domain.reasons import Reason
from domain.requests import Objection

ENGLISH = Sentences(
    stages={
        Status.QUEUED: "waiting for its turn",
        Status.SUBMITTING: "asking Midjourney",
        Status.SUBMITTED: "Midjourney is painting",
        Status.GRID_COMPLETED: "grid stored",
        Status.VARIATIONS_IN_PROGRESS: "fetching the upscales",
        Status.COMPLETED: "done",
        Status.FAILED: "failed",
        Status.CANCELLED: "cancelled",
        Status.NEEDS_ATTENTION: "needs your attention",
    },
    problems={
        ProblemKind.REFUSED: (
            "Midjourney refused this: {detail}. Change the prompt and send it again."
        ),
        ProblemKind.BROKEN: (
            "Midjourney could not do this: {detail}. Send the prompt again if you still want it."
        ),
        ProblemKind.NOT_SENT: (
            "Discord did not take the request ({detail}). Nothing was spent; "
            "`{prefix}retry {code}` tries again."
        ),
        ProblemKind.NO_ANSWER: (
            "Midjourney did not answer in time, so it is not known what became of the job. "
            "It is not sent again by itself, since that could cost twice. "
            "Look in the channel for its grid."
        ),
        ProblemKind.STOPPED: (
            "The job was stopped at Midjourney. Send the prompt again if you want it."
        ),
        ProblemKind.BAD_PICTURE: (
            "A picture could not be stored ({detail}). `{prefix}retry {code}` tries again."
        ),
        ProblemKind.NO_BUTTON: (
            "Midjourney's grid has no button for {detail}. "
            "Send the prompt again with `{prefix}imagine`."
        ),
        ProblemKind.ACCOUNT: (
            "The account needs a person first: {detail}. "
            "When an owner has seen to it, `{prefix}retry {code}` goes on."
        ),
        ProblemKind.FORM: (
            "Midjourney answered with a form: its remix mode is on. An owner switches it off with "
            "`/prefer remix`, then `{prefix}retry {code}`."
        ),
        ProblemKind.NO_GRID: (
            "The grid to adopt was not read. Reply to it with `{prefix}adopt {code}` again."
        ),
        ProblemKind.STORAGE: (
            "A picture is ready in Discord, but saving it failed ({detail}). "
            "`{prefix}retry {code}` saves it."
        ),
    },
    upscale_problems={
        ProblemKind.REFUSED: (
            "Midjourney refused an upscale: {detail}. `{prefix}retry {code}` asks once more."
        ),
        ProblemKind.BROKEN: (
            "Midjourney could not make an upscale: {detail}. `{prefix}retry {code}` asks once more."
        ),
        ProblemKind.NO_ANSWER: (
            "Midjourney did not answer for an upscale. `{prefix}retry {code}` asks once more."
        ),
        ProblemKind.STOPPED: (
            "An upscale was stopped at Midjourney. `{prefix}retry {code}` asks for it again."
        ),
    },
    reasons={
        Reason.SILENCE: "Midjourney did not answer, twice in a row",
        Reason.HUMAN_CHECK: "Midjourney asks for a check by a human",
        Reason.CAPTCHA: "Discord asks for a captcha",
        Reason.BLOCKED: "Discord blocks the account",
        Reason.LOGGED_OUT: "Discord does not take the account's token any more",
        Reason.UNREACHABLE: "Discord cannot be reached",
        Reason.NO_IMAGINE: "this channel does not offer Midjourney's `/imagine`",
        Reason.LOOKING_UP: "looking for Midjourney's `/imagine`",
        Reason.VARIATION: "variations",
        Reason.REROLL: "another grid",
        Reason.DEAD_LINK: "its link is dead",
        Reason.STRANGE_LINK: "its link leads elsewhere",
        Reason.NOT_LOADED: "the download failed",
        Reason.NOT_A_PICTURE: "the file is broken, too big, or no picture",
        Reason.NO_DISK: "my disk does not take it",
        Reason.NOT_STORED: "the image store does not take it, and my log says why",
    },
    prompt_faults={
        PromptFault.EMPTY: "Add a prompt: `{prefix}imagine a cat in a hat --ar 3:2`",
        PromptFault.TOO_LONG: "{length:,} characters; the limit is {limit:,}. Cut {over:,}.",
        PromptFault.MENTION: "A prompt cannot mention anybody: leave out {found}.",
        PromptFault.MULTIPLIES: "One prompt makes one grid: leave out {found}.",
        PromptFault.LINK: "Pictures and links cannot be part of a prompt here: leave out {found}.",
        PromptFault.TURBO: "Turbo mode is off here: leave out {found}.",
        PromptFault.VIDEO: "Videos are off here: leave out {found}.",
        PromptFault.PARAMETER: "{found} will not do; Midjourney takes {allowed}.",
        PromptFault.VALUE: (
            "{found} will not do: {parameter} takes no value. Other words go before parameters."
        ),
        PromptFault.NO_VALUE: (
            "{parameter} lacks a value: add one after it, or leave {parameter} out."
        ),
    },
    quotas={
        QuotaKind.QUEUE: (
            "The queue is full ({limit}). Try after one has finished (`{prefix}queue`)."
        ),
        QuotaKind.WAITING: (
            "You have {limit} waiting, which is the limit. Wait for one, or `{prefix}cancel` one."
        ),
        QuotaKind.DAILY: "You have had {limit} in 24 hours, which is the limit. Try later.",
        QuotaKind.COOLDOWN: "A little patience: try again in {wait}.",
        QuotaKind.REFUSALS: (
            "Midjourney refused your last prompts, and counts that against the account. "
            "Try something else in {wait}."
        ),
    },
    objections={
        Objection.ENDED: "`{code}` has ended: {stage}. There is nothing to cancel.",
        Objection.RUNNING: "`{code}` is under way: {stage}. `{prefix}status {code}` shows it.",
        Objection.NOTHING_MISSING: (
            "`{code}` has all its pictures. `{prefix}show {code}` shows them."
        ),
        Objection.REFUSED: (
            "Midjourney refused the prompt of `{code}`, and would again. "
            "Change it and send it with `{prefix}imagine`."
        ),
        Objection.MAY_COST_TWICE: (
            "Midjourney may have accepted `{code}` already. Is its grid in the channel? Reply to "
            "it with `{prefix}adopt {code}`. If not, `{prefix}retry {code} again` sends the prompt "
            "anew, which may cost twice; `{prefix}cancel {code}` closes it."
        ),
        Objection.NO_GRID: (
            "The grid of `{code}` is not stored, so there is no button to press. "
            "`{prefix}status {code}` tells why."
        ),
        Objection.HAS_GRID: (
            "`{code}` has its own grid already: {stage}. "
            "`{prefix}show {code}` shows what is stored."
        ),
        Objection.STORED: "`{code}` has that one already. `{prefix}show {code}` shows it.",
        Objection.NO_BUTTON: (
            "The grid of `{code}` has no button for that. "
            "Send its prompt again with `{prefix}imagine`."
        ),
        Objection.COST_ALREADY: (
            "Midjourney had `{code}` already, and may have charged for it. "
            "`{prefix}retry {code} again` sends it anew, which costs once more."
        ),
        Objection.ARCHIVED: "The pictures of `{code}` were removed; only its facts are kept.",
    },
    help={
        "imagine": CommandHelp(
            usage="<prompt>",
            does="Make a grid and its upscales.",
            example="a lighthouse at dusk --ar 3:2",
        ),
        "status": CommandHelp(
            usage="[code]", does="How one is doing; by default your latest.", example="k7m2qx"
        ),
        "queue": CommandHelp(usage="", does="What is being made, and what waits.", example=""),
        "cancel": CommandHelp(usage="<code>", does="Stop one of yours.", example="k7m2qx"),
        "retry": CommandHelp(usage="<code>", does="Get what one lacks.", example="k7m2qx"),
        "upscale": CommandHelp(usage="<code> <1-4>", does="Store one upscale.", example="k7m2qx 2"),
        "vary": CommandHelp(
            usage="<code> <1-4>", does="Make variations of one.", example="k7m2qx 3"
        ),
        "reroll": CommandHelp(
            usage="<code>", does="Make another grid of its prompt.", example="k7m2qx"
        ),
        "adopt": CommandHelp(
            usage="[code]", does="As a reply to a grid: keep it.", example="k7m2qx"
        ),
        "show": CommandHelp(usage="<code>", does="Links to its pictures.", example="k7m2qx"),
        "history": CommandHelp(
            usage="[how many] [@person|all] [page]",
            does="The latest, newest first.",
            example="10 all",
        ),
        "delete": CommandHelp(usage="<code>", does="Remove its pictures.", example="k7m2qx"),
        "help": CommandHelp(
            usage="[command]", does="Show this, or explain one command.", example="imagine"
        ),
        "health": CommandHelp(usage="", does="How I am doing.", example=""),
        "pause": CommandHelp(
            usage="[reason]", does="Send nothing more to Midjourney.", example="back at noon"
        ),
        "resume": CommandHelp(usage="", does="Go on after a pause or a stop.", example=""),
        "allow": CommandHelp(usage="<@person>", does="Let somebody use me.", example="@Ann"),
        "deny": CommandHelp(usage="<@person>", does="Let somebody use me no more.", example="@Ann"),
    },
    by="by {name}",
    upscales="upscales {stored}/{wanted}",
    picture={
        Slot.GRID: "Grid",
        Slot.UPSCALE_1: "U1",
        Slot.UPSCALE_2: "U2",
        Slot.UPSCALE_3: "U3",
        Slot.UPSCALE_4: "U4",
    },
    labelled="{label}: {text}",
    no_reason="no reason given",
    suggestion="The nearest is {found}.",
    questions=(
        "Reply to its grid with `{prefix}adopt {code}`; or `{prefix}retry {code} again`, which may "
        "cost twice; or `{prefix}cancel {code}`."
    ),
    starting="🎨 `{code}` · starting",
    queued="🎨 `{code}` · queued, {ahead}",
    next="next",
    ahead="{place} ahead",
    paused_meanwhile="paused ({reason})",
    retrying="🔁 `{code}` · going on with what it lacks, {ahead}",
    fetching="🔍 `{code}` · fetching {picture}, {ahead}",
    adopting="📥 `{code}` · keeping that grid, {ahead}",
    cancelled="🛑 `{code}` is cancelled; it had not begun.",
    cancelled_running=(
        "🛑 `{code}` is cancelled: I no longer follow it. Midjourney may still finish it."
    ),
    unknown_code="There is no generation {code}. `{prefix}history` lists yours.",
    no_code="Which one? Add its code, or reply to its message: `{prefix}{command} k7m2qx`",
    not_yours="`{code}` belongs to {name}; only {name} or an owner can do that.",
    no_generation_yet="You have no generation yet. Try `{prefix}imagine a cat`.",
    which_picture="Which picture? Add a number from 1 to 4: `{prefix}{command} {code} 2`",
    not_a_grid="That is not a finished grid of Midjourney's. Reply to the grid itself.",
    grid_taken="That grid is the one of `{code}` already.",
    reply_to_grid="Reply to Midjourney's grid with `{prefix}adopt`.",
    pictures_removed="its pictures were removed",
    queue_empty="The queue is empty. Try `{prefix}imagine a cat`.",
    queue_head="{waiting} waiting",
    queue_more="+{more} more",
    yours="yours",
    history_empty="There is nothing here yet.",
    history_more="More: `{prefix}history {count} {whose} {page}`",
    bad_number="{found} is no number that I take: from 1 to {limit}, please.",
    no_pictures_yet="`{code}` has no pictures yet: {stage}.",
    asked_at="asked {asked}, took {took}",
    asked="asked {age}",
    delete_first=(
        "This removes the pictures of `{code}` for good. Sure? `{prefix}delete {code} yes`"
    ),
    delete_running="`{code}` is under way: {stage}. `{prefix}cancel {code}` first.",
    deleted="🗑️ The pictures and the prompt of `{code}` are gone; its dates are kept.",
    deleted_prompt="(deleted)",
    paused="⏸️ Paused. Prompts are still accepted; `{prefix}resume` goes on.",
    paused_already="It is paused already; `{prefix}resume` goes on.",
    resumed="▶️ Going on.",
    not_paused="Nothing was paused.",
    stopped=(
        "⏸️ {owners} The queue has stopped: {reason}. Open Discord as the bot's account and do what "
        "is asked there, then type `{prefix}resume`. Everything that waits is kept."
    ),
    stopped_by_silence=(
        "⏸️ {owners} The queue has stopped: {reason}. Check status.midjourney.com, then type "
        "`{prefix}resume`. Everything that waits is kept."
    ),
    health=(
        "gateway {gateway} ms · database {database} ms · storage {storage} ms · up {uptime} · "
        "version {version} · {state}"
    ),
    running="running",
    nobody_meant="Whom? Mention the person, or give the id: `{prefix}{command} @Ann`",
    allowed="✅ {name} may use me now.",
    allowed_already="✅ {name} could use me already.",
    denied="⛔ {name} may not use me any more.",
    denied_already="⛔ {name} could not use me anyway.",
    owner_stays="👑 {name} is an owner by my settings, which stays so.",
    owners_only="Only the owners of this bot can do that.",
    not_allowed="You may not use this bot here; ask its owner to add you.",
    saving_delayed="A picture is ready in Discord; saving it is delayed (try {number}).",
    unanswered="No answer from Midjourney yet; I keep watching.",
    reconnecting="Reconnecting to Discord… There is nothing you need to do.",
    lacking="In this channel I lack permissions: {names}. Without them I cannot do my work.",
    slow_mode=(
        "Slow mode ({seconds} s) is on in this channel: my answers will be late. Turn it off, "
        "or let me manage messages."
    ),
    database_away=(
        "My database does not answer. Nothing is lost: I send nothing meanwhile, and go on by "
        "myself when it is back."
    ),
    no_database="I cannot save right now; I will pick this up by myself when I can again.",
    no_history="Discord does not let me look; I will pick this up by myself when it does again.",
    cannot_look="I cannot look that up right now. Ask me again in a minute.",
    offline=(
        "I was offline from {since} to {until}; {count} commands are too old to run now. "
        "Please send them again."
    ),
    offline_one=(
        "I was offline from {since} to {until}; one command is too old to run now. "
        "Please send it again."
    ),
    unknown_command="There is no command {name}. `{prefix}help` lists them all.",
    also="Also: {names}",
    nearest="Did you mean `{prefix}{name}`?",
    unexpected="Something went wrong here (reference `{reference}`). Nothing was lost; try again.",
)
