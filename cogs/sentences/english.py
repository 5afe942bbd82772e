"""The sentences in English."""

from __future__ import annotations

from cogs.sentences import Sentences
from cogs.sentences.english_collection import COLLECTION
from cogs.sentences.english_help import HELP, HELP_GROUPS
from cogs.sentences.english_limits import LIMITS, QUOTAS
from cogs.sentences.english_personal import PERSONAL
from cogs.sentences.english_problems import PROBLEMS, UPSCALE_PROBLEMS
from domain.errors import PromptFault
from domain.generation import Status
from domain.reasons import Reason
from domain.requests import Objection
from domain.slots import Slot

ENGLISH = Sentences(
    stages={
        Status.QUEUED: "waiting for its turn",
        Status.SUBMITTING: "asking Midjourney",
        Status.SUBMITTED: "Midjourney is painting",
        Status.GRID_COMPLETED: "grid saved",
        Status.VARIATIONS_IN_PROGRESS: "fetching the upscales",
        Status.COMPLETED: "done",
        Status.FAILED: "failed",
        Status.CANCELLED: "cancelled",
        Status.NEEDS_ATTENTION: "needs your attention",
    },
    problems=PROBLEMS,
    upscale_problems=UPSCALE_PROBLEMS,
    reasons={
        Reason.SILENCE: "Midjourney didn't answer, twice in a row",
        Reason.HUMAN_CHECK: "Midjourney is asking for a human check",
        Reason.CAPTCHA: "Discord is asking for a captcha",
        Reason.BLOCKED: "Discord is blocking the account",
        Reason.MOVED: "everything is in another database now, where the work goes on",
        Reason.LOGGED_OUT: "Discord no longer accepts the account's token",
        Reason.NO_HISTORY: (
            "I'm not allowed to read this channel's history, where its answer may be"
        ),
        Reason.UNREACHABLE: "Discord can't be reached",
        Reason.RATE_LIMITED: "Discord is asking me to slow down",
        Reason.MIDJOURNEY_FULL: "Midjourney's queue is full",
        Reason.NO_IMAGINE: "this channel doesn't offer Midjourney's `/imagine`",
        Reason.LOOKING_UP: "looking for Midjourney's `/imagine`",
        Reason.VARIATION: "variations",
        Reason.REROLL: "another grid",
        Reason.DEAD_LINK: "its link no longer works",
        Reason.STRANGE_LINK: "its link points somewhere else",
        Reason.NOT_LOADED: "the download failed",
        Reason.NOT_A_PICTURE: "the file is broken, too big or not a picture",
        Reason.TOO_MANY_PIXELS: "it has more than 40 million pixels, which is the most I keep",
        Reason.NO_MEMORY: "this machine has too little memory or time for it",
        Reason.NO_DISK: "I can't write it to my disk",
        Reason.TOO_LARGE: "the file is larger than the image store takes",
        Reason.NOT_STORED: "the image store refused it; my log says why",
    },
    prompt_faults={
        PromptFault.EMPTY: (
            "Describe the picture first, then add parameters: `{prefix}imagine a cat --ar 16:9`"
        ),
        PromptFault.TOO_LONG: "That's {length:,} characters; the limit is {limit:,}. Cut {over:,}.",
        PromptFault.MENTION: "A prompt can't mention anybody: leave out {found}.",
        PromptFault.MULTIPLIES: "One prompt makes one grid: leave out {found}.",
        PromptFault.LINK: "Prompts can't have pictures or links here: leave out {found}.",
        PromptFault.COSTLY: (
            "{found} costs as much as {times} ordinary grids and is off here: leave it out. "
            "(An owner can allow it: `{setting}`.)"
        ),
        PromptFault.PARAMETER: "{found} doesn't work: Midjourney takes {allowed}.",
        PromptFault.VALUE: (
            "{found} doesn't work: {parameter} takes no value. Put other words before the "
            "parameters."
        ),
        PromptFault.NO_VALUE: (
            "{parameter} needs a value: add one after it, or leave {parameter} out."
        ),
        PromptFault.MISSPELT: "Midjourney doesn't read {found} as a parameter.",
        PromptFault.MODEL: "{found} doesn't work with {other}: leave it out.",
        PromptFault.NEEDS: "{found} only works with {other}: leave it out.",
        PromptFault.EXCLUDES: "{found} and {other} don't go together: leave out {found}.",
        PromptFault.SHAPE: "{found} doesn't work with {other}, which takes up to {allowed}.",
    },
    quotas=QUOTAS,
    limits=LIMITS,
    limited="Limits: {limits}",
    saved="I save each grid and its {pictures}. A prompt can have up to {length:,} characters.",
    saved_alone=(
        "I only save the grid; `{prefix}upscale` saves more. A prompt can have up to {length:,} "
        "characters."
    ),
    account_settings=(
        "Midjourney's own settings belong to the account I use; an owner can change them."
    ),
    objections={
        Objection.ENDED: "There's nothing to cancel: `{code}` has ended ({stage}).",
        Objection.RUNNING: (
            "`{code}` is still in progress: {stage}. `{prefix}status {code}` shows how far it is."
        ),
        Objection.NOTHING_MISSING: (
            "`{code}` already has all its pictures. `{prefix}show {code}` shows them."
        ),
        Objection.REFUSED: (
            "Midjourney refused the prompt of `{code}` and would refuse it again. Change it and "
            "send it with `{prefix}imagine`."
        ),
        Objection.MAY_COST_TWICE: (
            "Midjourney may already have accepted `{code}`. If its grid is in the channel, reply "
            "to it with `{prefix}adopt {code}`. If not, `{prefix}retry {code} again` sends the "
            "prompt again, which may cost twice; `{prefix}cancel {code}` closes it."
        ),
        Objection.CANCELLED_LATE: (
            "`{code}` was cancelled after it was sent, so Midjourney may have made it. If its grid "
            "is in the channel, reply to it with `{prefix}adopt {code}`. If not, `{prefix}retry "
            "{code} again` sends the prompt again, which may cost twice."
        ),
        Objection.NO_GRID: (
            "The grid of `{code}` isn't saved, so there's no button to press. `{prefix}status "
            "{code}` says why."
        ),
        Objection.NO_GRID_YET: (
            "`{code}` isn't ready yet: {stage}. Try again when its grid is here."
        ),
        Objection.HAS_GRID: (
            "`{code}` already has a grid of its own ({stage}). `{prefix}show {code}` shows what's "
            "saved."
        ),
        Objection.STORED: "{picture} of `{code}` is already saved. `{prefix}show {code}` shows it.",
        Objection.NO_BUTTON: (
            "The grid of `{code}` has no button for that. "
            "Send its prompt again with `{prefix}imagine`."
        ),
        Objection.COST_ALREADY: (
            "Midjourney already had `{code}`, and may have charged for it. `{prefix}retry {code} "
            "again` sends it again, which costs once more."
        ),
        Objection.ARCHIVED: "The pictures of `{code}` were deleted; only its details are kept.",
    },
    help=HELP,
    help_groups=HELP_GROUPS,
    help_replies=(
        "Reply to Midjourney's grid or to a message of mine, and no code is needed: "
        "`{prefix}upscale 2`, `{prefix}vary 3`, `{prefix}show`, or just `U2`, `V3`, `🔄`."
    ),
    personal=PERSONAL,
    collection=COLLECTION,
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
    suggestion="Try {found}.",
    questions=(
        "If the grid is there, reply to it with `{prefix}adopt {code}`. If not, `{prefix}retry "
        "{code} again` sends the prompt again, which may cost twice; `{prefix}cancel {code}` "
        "closes it."
    ),
    starting="🎨 `{code}` · starting",
    queued="🎨 `{code}` · queued, {ahead}",
    next="up next",
    now="starting now",
    ahead="{place} ahead",
    costs="costs as much as {times} ordinary grids",
    costly_again=(
        "`{code}` asks for {found}, which costs as much as {times} ordinary grids and is off here. "
        "(An owner can allow it: `{setting}`.)"
    ),
    paused_meanwhile="paused ({reason})",
    retrying="🔁 `{code}` · picking it up again, {ahead}",
    fetching="🔍 `{code}` · fetching {picture}, {ahead}",
    adopting="📥 `{code}` · keeping that grid, {ahead}",
    varied="V{number} of `{code}`",
    rerolled="another grid of `{code}`",
    cancelled="🛑 `{code}` is cancelled; it hadn't started.",
    cancelled_running=(
        "🛑 `{code}` is cancelled: I've stopped following it. Midjourney may still finish it."
    ),
    unknown_code="There's no generation {code}. `{prefix}history` lists yours.",
    no_code="Which one? Add its code, or reply to its message: `{prefix}{command} {code}`",
    reaction_late=(
        "I was away when you reacted, maybe a long time ago. Type `{command}` if you still want it."
    ),
    unheld="Nobody keeps this one yet. `{prefix}adopt` does.",
    unheld_job="Nobody keeps this one yet. Reply to its finished grid with `{prefix}adopt`.",
    not_yours="`{code}` belongs to {name}; only {name} or an owner can do that.",
    no_generation_yet="You haven't made anything yet. Try `{prefix}imagine a cat`.",
    which_picture="Which picture? Add a number from 1 to 4: `{prefix}{command} {code} 2`",
    not_a_grid="That isn't a finished Midjourney grid. Reply to the grid itself.",
    grid_taken="That grid already belongs to `{code}`.",
    grid_awaited=(
        "That may be the grid that `{code}` is waiting for: its prompt is the same. "
        "Please try again when `{code}` has ended."
    ),
    reply_to_grid="Reply to a Midjourney grid with `{prefix}adopt`.",
    pictures_removed="its pictures were deleted",
    queue_empty="The queue is empty. Try `{prefix}imagine a cat`.",
    queue_head="{waiting} waiting",
    queue_more="+{more} more",
    yours="yours",
    history_empty="Nothing here yet.",
    history_more="More: `{prefix}history {count} {whose} {page}`",
    bad_number="I need a number from 1 to {limit}, not {found}.",
    no_pictures_yet="`{code}` has no pictures yet: {stage}.",
    what_next="Next: {commands}. You can also react, or reply without the code.",
    what_next_by_reply="Next: {commands}. You can also reply without the code.",
    any_number="1️⃣ to 4️⃣",
    gallery_here="🖼️ The gallery is at <{link}>, on the machine I run on.",
    gallery_link="🖼️ The gallery: <{link}>\nThis link expires {until}. Keep it in this channel.",
    no_gallery="There's no gallery: its address can't be used. My log says why.",
    in_gallery="In the gallery: <{link}>",
    asked_at="asked {asked}, took {took}",
    asked="asked {age}",
    delete_first=(
        "This deletes the pictures and the prompt of `{code}` for good. Sure? Then type "
        "`{prefix}delete {code} yes`."
    ),
    delete_running="`{code}` is still in progress: {stage}. Type `{prefix}cancel {code}` first.",
    deleted=(
        "🗑️ The pictures and the prompt of `{code}` are deleted; its dates are kept. Discord and "
        "browsers may still show copies of the pictures."
    ),
    deleted_prompt="(deleted)",
    held_back="{reason}; trying again {when}.",
    put_off="It wasn't accepted; trying again {when}.",
    paused="⏸️ Paused. I still take prompts; `{prefix}resume` continues.",
    paused_already="It's already paused; `{prefix}resume` continues.",
    resumed="▶️ Back to work.",
    not_paused="It wasn't paused.",
    stopped=(
        "⏸️ {owners} The queue has stopped: {reason}. Log in to Discord with the bot's account and "
        "do what it asks, then type `{prefix}resume`. Nothing in the queue is lost."
    ),
    stopped_by_silence=(
        "⏸️ {owners} The queue has stopped: {reason}. Check status.midjourney.com, then type "
        "`{prefix}resume`. Nothing in the queue is lost."
    ),
    health=(
        "gateway {gateway} ms · database {database} ms · storage {storage} ms · up {uptime} · "
        "version {version} · {state}"
    ),
    running="running",
    nobody_meant="Who? Mention them, or give their id: `{prefix}{command} @Ann`",
    allowed="✅ {name} can use me now.",
    allowed_already="✅ {name} could already use me.",
    denied="⛔ {name} can't use me any more.",
    denied_already="⛔ {name} couldn't use me anyway.",
    owner_stays="👑 {name} is an owner (set in `OWNER_IDS`), so I can't change that.",
    owners_only="Only the bot's owners can do that.",
    not_allowed="You can't use this bot here; ask an owner to add you.",
    saving_delayed="A picture is ready in Discord; saving it is taking longer (attempt {number}).",
    unanswered="No answer from Midjourney yet; I'm still watching.",
    reconnecting="Reconnecting to Discord… You don't need to do anything.",
    lacking="I'm missing permissions in this channel: {names}. I can't work without them.",
    slow_mode=(
        "Slow mode ({seconds} s) is on in this channel, so my answers will be late. Turn it off, "
        "or let me manage messages."
    ),
    database_away=(
        "My database isn't answering. Nothing is lost: I won't send anything until it's back, and "
        "then I'll carry on by myself."
    ),
    database_back="My database is answering again; I'm carrying on.",
    history_closed=(
        "I'm not allowed to read this channel's history, so I can't find what I miss. Give my "
        "account the permission `read_message_history`, and I'll carry on by myself."
    ),
    history_open="I can read this channel's history again; I'm carrying on.",
    no_database="I can't save anything right now; I'll do this as soon as I can.",
    no_history="Discord won't let me read the channel right now; I'll do this as soon as I can.",
    cannot_look="I can't look that up right now. Ask me again in a minute.",
    offline=(
        "I was offline from {since} to {until}, and {count} commands are too old to run now. "
        "Please send them again."
    ),
    offline_one=(
        "I was offline from {since} to {until}, and one command is too old to run now. Please send "
        "it again."
    ),
    unknown_command="There's no command {name}. `{prefix}help` lists them all.",
    also="Also: {names}",
    parameters="Midjourney's parameters, after the prompt: {names}",
    dear="These cost more than an ordinary grid: {names}",
    too_dear="Off here, because they cost more than an ordinary grid: {names}",
    factor="{parameter} ({times} times)",
    nearest="Did you mean `{prefix}{name}`?",
    midjourneys="I don't do {name}. Use Midjourney's own command or button for it.",
    unexpected="Something went wrong (reference `{reference}`). Nothing is lost; try again.",
)
