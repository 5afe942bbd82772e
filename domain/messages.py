"""Parses Midjourney's messages, without any Discord object: `parse(snapshot) -> Heard | None`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypedDict, assert_never

from domain.content import State, last_uuid, read
from domain.events import (
    Action,
    JobFinished,
    JobProgress,
    JobStopped,
    JobWaiting,
    MidjourneyNotice,
)
from domain.generation import Button
from domain.prompt_flags import asks_for_film
from domain.refusals import RefusalClass, asks_for_a_human, classify

MIDJOURNEY_ID = 936929561302675456
"""Midjourney's application and bot user; the same since 2022."""
NIJI_ID = 1022952195194359889
"""The bot user of its sister bot for anime, which writes the same messages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ButtonSnapshot:
    """A message button; `style` is Discord's number: 1 pressed, 2 free, 4 cancel, 5 link."""

    custom_id: str | None
    label: str = ""
    style: int = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachmentSnapshot:
    """A file on a message; its `url` is signed and valid for about a day."""

    filename: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbedSnapshot:
    """An embed: Midjourney's form for refusals and notices."""

    title: str = ""
    description: str = ""
    colour: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageSnapshot:
    """What a message said when it was read, from the gateway or from the history."""

    id: int
    author_id: int
    content: str = ""
    nonce: str | None = None
    flags: int = 0
    reference_id: int | None = None
    interaction_id: int | None = None
    attachments: tuple[AttachmentSnapshot, ...] = ()
    buttons: tuple[ButtonSnapshot, ...] = ()
    embeds: tuple[EmbedSnapshot, ...] = ()


Parsed = JobWaiting | JobProgress | JobStopped | JobFinished | MidjourneyNotice
"""What a message can mean."""

_PRESSED = 1  # Discord's blurple, Midjourney's mark of a pressed button
_EPHEMERAL = 64  # Discord's flag
_CANCEL = "MJ::CancelJob"
_FILM_BUTTON = re.compile(r"MJ::JOB::(video_|animate_\w+_extend::)")
_FILM_FILE = ".mp4"
# Answers to a menu, a rating or a command that makes no picture.
_CHATTER = ("Animating...", "Displaying...", "You have successfully rated")


def parse(snapshot: MessageSnapshot) -> Parsed | None:
    """Return what a message means; None if it is not Midjourney's, or about nothing of interest.

    Never raises. A finished job is one whatever is attached to it; otherwise a refusal counts more
    than the text it is attached to, because moderation edits the progress message itself.
    """
    if snapshot.author_id not in {MIDJOURNEY_ID, NIJI_ID}:
        return None
    job, notice = _job(snapshot), _notice(snapshot)
    if notice is None or isinstance(job, JobFinished):
        return job
    harmless = classify(notice).kind in {RefusalClass.NOTICE, RefusalClass.WAIT}
    return job if job is not None and harmless else notice


class _Common(TypedDict):
    message_id: int
    prompt: str
    action: Action
    index: int | None
    nonce: str | None
    reference_id: int | None
    interaction_id: int | None
    mentioned_id: int | None
    job_id: str | None


def _job(snapshot: MessageSnapshot) -> JobWaiting | JobProgress | JobStopped | JobFinished | None:
    line = read(snapshot.content)
    if line is None:
        return None
    common = _Common(
        message_id=snapshot.id,
        prompt=line.prompt,
        action=Action.FILM if _is_film(snapshot, line.prompt) else line.action,
        index=line.index,
        nonce=snapshot.nonce,
        reference_id=snapshot.reference_id,
        interaction_id=snapshot.interaction_id,
        mentioned_id=line.mentioned_id,
        job_id=_job_id(snapshot) or line.job_id,
    )
    match line.state:
        case State.WAITING:
            return JobWaiting(**common)
        case State.RUNNING:
            return JobProgress(**common, percent=line.percent)
        case State.STOPPED:
            return JobStopped(**common)
        case State.ENDED:
            return _finished(snapshot, common)
        case _:
            assert_never(line.state)


def _is_film(snapshot: MessageSnapshot, prompt: str) -> bool:
    """Whether it is a film, or a clip taken from one.

    The text is that of a new grid. A finished one has buttons or a file of its own. While a picture
    is made into one, it is known by its prompt and by what it replies to, as no `/imagine` does;
    one that `/imagine` itself makes looks like a grid until then.
    """
    return (
        any(_FILM_BUTTON.match(button.custom_id or "") for button in snapshot.buttons)
        or any(attachment.filename.endswith(_FILM_FILE) for attachment in snapshot.attachments)
        or (snapshot.reference_id is not None and asks_for_film(prompt))
    )


def _finished(snapshot: MessageSnapshot, common: _Common) -> JobFinished | None:
    """Return the finished job: its result buttons prove it, because previews are attachments too.

    Buttons without a picture do not: there is nothing to store yet. The edit that adds the picture,
    or the next look into the history, will.
    """
    buttons = tuple(
        Button(button.custom_id, button.label, pressed=button.style == _PRESSED)
        for button in snapshot.buttons
        if button.custom_id and not button.custom_id.startswith(_CANCEL)
    )
    picture = _picture(snapshot, common["job_id"])
    if not buttons or picture is None:
        return None
    return JobFinished(
        **common,
        picture_url=picture.url,
        buttons=buttons,
        flags=snapshot.flags,
    )


def _picture(snapshot: MessageSnapshot, job_id: str | None) -> AttachmentSnapshot | None:
    """Choose the file that is named after the job, else the first."""
    named = (a for a in snapshot.attachments if _file_uuid(a) == job_id)
    return next(named, next(iter(snapshot.attachments), None))


def _job_id(snapshot: MessageSnapshot) -> str | None:
    """Find the job's UUID: it is always in the buttons; a preview only has it in its name."""
    in_buttons = (last_uuid(button.custom_id or "") for button in snapshot.buttons)
    in_files = (_file_uuid(attachment) for attachment in snapshot.attachments)
    return next((uuid for uuid in (*in_buttons, *in_files) if uuid), None)


def _file_uuid(attachment: AttachmentSnapshot) -> str | None:
    return last_uuid(attachment.filename.partition("?")[0])


def _notice(snapshot: MessageSnapshot) -> MidjourneyNotice | None:
    """Read what is not a job: an embed, plain text without a job's bold prompt, a human check."""
    embed = next((e for e in snapshot.embeds if e.title or e.description), None)
    buttons = tuple(button.custom_id for button in snapshot.buttons if button.custom_id)
    if embed is None and not _plain_words(snapshot.content) and not asks_for_a_human(buttons):
        return None
    return MidjourneyNotice(
        message_id=snapshot.id,
        title=embed.title if embed else "",
        text=embed.description if embed else snapshot.content,
        colour=embed.colour if embed else None,
        nonce=snapshot.nonce,
        reference_id=snapshot.reference_id,
        interaction_id=snapshot.interaction_id,
        buttons=buttons,
        private=bool(snapshot.flags & _EPHEMERAL),
    )


def _plain_words(content: str) -> bool:
    return bool(content) and "**" not in content and not content.startswith(_CHATTER)
