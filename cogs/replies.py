"""Every sentence the bot says. Nothing in it pings, and nothing begins with a command prefix."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import discord

from domain.errors import BadPrompt, PromptFault
from domain.generation import Generation, Problem, ProblemKind, Slot, Status
from domain.pause import Pause
from services.letters import Accepted

PROMPT_SHOWN = 200
"""Characters of a prompt inside a message, so that five links still fit Discord's 2,000."""
BAR_CELLS = 10

_STAGES = {
    Status.QUEUED: "waiting for its turn",
    Status.SUBMITTING: "asking Midjourney",
    Status.SUBMITTED: "Midjourney is painting",
    Status.GRID_COMPLETED: "grid stored",
    Status.VARIATIONS_IN_PROGRESS: "fetching the upscales",
    Status.COMPLETED: "done",
    Status.FAILED: "failed",
    Status.CANCELLED: "cancelled",
    Status.NEEDS_ATTENTION: "needs your attention",
}

_PROBLEMS = {
    ProblemKind.REFUSED: "Midjourney refused this: {detail}. Change the prompt and send it again.",
    ProblemKind.BROKEN: (
        "Midjourney could not do this: {detail}. Send the prompt again if you still want it."
    ),
    ProblemKind.NOT_SENT: "Discord did not take the request ({detail}). Nothing was spent.",
    ProblemKind.NO_ANSWER: (
        "Midjourney did not answer in time, so it is not known whether the job was accepted. "
        "It is not sent again by itself, since that could cost twice. "
        "Look in the channel for its grid."
    ),
    ProblemKind.STOPPED: "The job was stopped at Midjourney. Send the prompt again if you want it.",
    ProblemKind.BAD_PICTURE: "A picture could not be stored: {detail}.",
    ProblemKind.NO_BUTTON: "Midjourney's grid has no button for {detail}.",
    ProblemKind.ACCOUNT: "The account needs a person first: {detail}.",
    ProblemKind.STORAGE: "A picture is ready in Discord, but saving it failed: {detail}.",
}

_PROMPT_FAULTS = {
    PromptFault.EMPTY: "Add a prompt: `{prefix}imagine a cat in a hat --ar 3:2`",
    PromptFault.TOO_LONG: "{length:,} characters; the limit is {limit:,}. Cut {over:,}.",
    PromptFault.MENTION: "A prompt cannot mention anybody: leave out {found}.",
    PromptFault.MULTIPLIES: "One prompt makes one grid: leave out {found}.",
    PromptFault.LINK: "Pictures and links cannot be part of a prompt here: leave out {found}.",
    PromptFault.TURBO: "Turbo mode is off here: leave out {found}.",
    PromptFault.VIDEO: "Videos are off here: leave out {found}.",
    PromptFault.PARAMETER: "{found} will not do; Midjourney takes {allowed}.",
}


def shown(prompt: str) -> str:
    """Return a prompt as it may be repeated: cut, without markdown, without mentions."""
    cut = prompt if len(prompt) <= PROMPT_SHOWN else prompt[: PROMPT_SHOWN - 1] + "…"
    return discord.utils.escape_mentions(discord.utils.escape_markdown(cut))


def as_typed(text: str) -> str:
    """Return what a person typed as it was typed, where markdown has no meaning."""
    cut = " ".join(text.split())[:PROMPT_SHOWN].replace("`", "'")
    return f"`{discord.utils.escape_mentions(cut)}`"


def duration(span: timedelta) -> str:
    """Return `0:41` or `1:02:03`."""
    minutes, seconds = divmod(max(0, int(span.total_seconds())), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def accepted(accepted: Accepted) -> str:
    """Answer an accepted command with its code and its true place."""
    code = accepted.generation.code
    if accepted.pause is not None:
        return f"🎨 `{code}` · queued, {accepted.place} ahead · {_pause(accepted.pause)}"
    if accepted.place == 0:
        return f"🎨 `{code}` · starting"
    return f"🎨 `{code}` · queued, {accepted.place} ahead"


def _pause(pause: Pause) -> str:
    return f"paused ({shown(pause.words)})" if pause.words else "paused"


def paused(prefix: str) -> str:
    """Say that nothing is sent any more."""
    return f"⏸️ Paused. Prompts are still accepted; `{prefix}resume` goes on."


def paused_already(prefix: str) -> str:
    """Say that it was so before."""
    return f"It is paused already; `{prefix}resume` goes on."


def resumed() -> str:
    """Say that it goes on."""
    return "▶️ Going on."


def not_paused() -> str:
    """Say that nothing was paused."""
    return "Nothing was paused."


def owners_only() -> str:
    """Turn away those who do not administer."""
    return "Only the owners of this bot can do that."


def stopped(pause: Pause, owners: Sequence[int], prefix: str) -> str:
    """Call the owners: what was said, and what they must do."""
    called = " ".join(f"<@{owner}>" for owner in owners)
    return (
        f"⏸️ {called} The queue has stopped: {shown(pause.words)}. "
        "Open Discord as the bot's account and do what is asked there, "
        f"then type `{prefix}resume`. Everything that waits is kept."
    )


def status(generation: Generation, percent: int | None, now: datetime) -> str:
    """Return the whole status message: who and what, stage, bar, percent, pictures, time."""
    whole = overall(generation, percent)
    filled = round(whole / 100 * BAR_CELLS)
    parts = [
        f"{'▓' * filled}{'░' * (BAR_CELLS - filled)} {whole:.0f}%",
        _stage(generation, percent),
    ]
    if generation.wanted and generation.step(Slot.GRID).picture is not None:
        parts.append(_upscales(generation))
    parts.append(duration(_took(generation, now)))
    lines = [
        f"🎨 `{generation.code}` · {shown(generation.prompt)} · by {shown(generation.author_name)}",
        " · ".join(parts),
    ]
    if generation.problem is not None:
        lines.append(problem(generation.problem))
    return "\n".join(lines)


def overall(generation: Generation, percent: int | None) -> float:
    """Return 0 to 100: the row's progress, with Midjourney's own percent between 25 and 50."""
    if generation.status == Status.SUBMITTED and percent is not None:
        return generation.progress + percent / 100 * 25
    return generation.progress


def _stage(generation: Generation, percent: int | None) -> str:
    if generation.status == Status.SUBMITTED and percent is not None:
        return f"{_STAGES[generation.status]}, {percent}%"
    return _STAGES[generation.status]


def _upscales(generation: Generation) -> str:
    stored = set(generation.wanted) & set(generation.stored)
    return f"upscales {len(stored)}/{len(generation.wanted)}"


def _took(generation: Generation, now: datetime) -> timedelta:
    """Return the time since the command, or until the end; only a completed one notes its end."""
    over = generation.status in {Status.FAILED, Status.CANCELLED, Status.NEEDS_ATTENTION}
    ended = generation.updated_at if over else generation.completed_at
    return (ended or now) - generation.created_at


def problem(problem: Problem) -> str:
    """Say what went wrong and what to do next."""
    return _PROBLEMS[problem.kind].format(detail=shown(problem.detail) or "no reason given")


def notice(generation: Generation, links: Mapping[Slot, str], now: datetime) -> str:
    """Return the final notice: prompt, person, time taken, and where the pictures are."""
    took = duration(_took(generation, now))
    head = f"`{generation.code}` · {shown(generation.prompt)} · by {shown(generation.author_name)}"
    if generation.status == Status.COMPLETED:
        first = f"✅ {head} · {took}"
    else:
        reason = "" if generation.problem is None else "\n" + problem(generation.problem)
        first = f"⚠️ {head} · {_STAGES[generation.status]}{reason}"
    return "\n".join([first, *(f"{_picture_name(slot)}: {link}" for slot, link in links.items())])


def _picture_name(slot: Slot) -> str:
    return "Grid" if slot == Slot.GRID else f"U{slot.value}"


def bad_prompt(error: BadPrompt, prefix: str) -> str:
    """Say why a prompt was not sent, and what to write instead."""
    return _PROMPT_FAULTS[error.fault].format(
        prefix=prefix,
        length=error.length,
        limit=error.limit,
        over=error.length - error.limit,
        found=as_typed(error.found),
        allowed=error.allowed or "no value there",
    )


def unknown_code(name: str) -> str:
    """Say that there is no such generation."""
    return f"There is no generation {as_typed(name)}."


def unknown_command(name: str, prefix: str) -> str:
    """Say that there is no such command."""
    return f"There is no command {as_typed(name)}. `{prefix}help` lists them all."


def no_generation_yet(prefix: str) -> str:
    """Say that this person has none."""
    return f"You have no generation yet. Try `{prefix}imagine a cat`."


def not_allowed() -> str:
    """Turn a person away, politely."""
    return "You may not use this bot here; ask its owner to add you."


def no_database(prefix: str) -> str:
    """Say that the database is away; whether it took the command before, nobody knows."""
    return (
        "My database does not answer right now. "
        f"Look with `{prefix}status` in a minute, before you send this again."
    )


def unexpected(reference: str) -> str:
    """Say that something failed that nobody thought of; the log has the same reference."""
    return f"Something went wrong here (reference `{reference}`). Nothing was lost; try again."
