"""Every sentence the bot says, by language; `cogs.replies` puts the facts into them.

A sentence says what happened and what to do next. None begins with a command's prefix. A language
that lacks one does not pass the type checker; one that lacks a fact does not pass the tests.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto

from domain.errors import PromptFault, QuotaKind
from domain.generation import ProblemKind, Status
from domain.reasons import Reason
from domain.requests import Objection
from domain.slots import Slot


class HelpGroup(Enum):
    """What commands are listed together in the help, in this order; the first has no heading."""

    FIRST = auto()  #: what people need first
    MORE = auto()  #: about what was made
    PROMPTS = auto()  #: what people keep for their prompts
    FIND = auto()  #: looking back
    AROUND = auto()  #: the queue, the limits, the bot
    OWNERS = auto()  #: for owners only


HELP_GROUPS: Mapping[HelpGroup, tuple[str, ...]] = {
    HelpGroup.FIRST: ("imagine", "status", "show", "cancel"),
    HelpGroup.MORE: ("vary", "reroll", "upscale", "again", "retry", "adopt", "delete"),
    HelpGroup.PROMPTS: ("prefer", "preset", "presets"),
    HelpGroup.FIND: ("history", "search", "fav", "favs", "random", "gallery", "stats"),
    HelpGroup.AROUND: ("queue", "limits", "health", "help"),
    HelpGroup.OWNERS: ("pause", "resume", "allow", "deny"),
}
"""The topics of each group, in the order in which they are listed."""
EXAMPLE = "k7m2qx"
"""The code in examples, where the reader has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandHelp:
    """A command, explained: what it takes, what it does, and an example of what follows it."""

    usage: str = ""
    does: str
    example: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalSentences:
    """What is said of prompts that are sent again, and of what people keep for themselves."""

    again: str  #: a part of an answer: which one it was made of
    prompt_deleted: str
    cancelled_all: str
    cancelled_all_running: str
    nothing_to_cancel: str
    preferred: str  #: a part of an answer: which parameters were added
    preferences: str
    no_preferences: str
    only_parameters: str
    preset_set: str
    preset_removed: str
    preset_form: str
    preset_limit: str
    not_your_preset: str
    no_presets: str
    unknown_preset: str
    nearest_preset: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionSentences:
    """What is said of the channel's pictures, and of people's favourites among them."""

    favourite: str
    favourite_no_more: str
    no_favourites: str
    more: str
    search_what: str
    nothing_found: str
    stats: str
    stats_none: str
    stats_under_way: str  #: instead of the stages of those that are
    stats_waited: str
    stats_problems: str
    stats_people: str
    which_month: str
    problem_names: Mapping[ProblemKind, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentences:
    """One language. `{name}`s are facts; what the words stand for is told by the fields' names."""

    stages: Mapping[Status, str]
    problems: Mapping[ProblemKind, str]
    upscale_problems: Mapping[ProblemKind, str]  #: where one upscale alone is concerned
    reasons: Mapping[Reason, str]  #: a detail in another sentence, or why the queue has stopped
    prompt_faults: Mapping[PromptFault, str]
    quotas: Mapping[QuotaKind, str]  #: where a limit is reached
    limits: Mapping[QuotaKind, str]  #: how high it is, of those that settings can change
    limited: str
    saved: str
    saved_alone: str  #: where no upscale is made unless it is asked for
    account_settings: str
    objections: Mapping[Objection, str]
    help: Mapping[str, CommandHelp]
    help_groups: Mapping[HelpGroup, str]  #: the headings; the title of the whole for the first
    help_replies: str  #: how `U2` and the like work without a code
    personal: PersonalSentences
    collection: CollectionSentences

    by: str
    upscales: str
    picture: Mapping[Slot, str]
    labelled: str
    no_reason: str
    suggestion: str
    questions: str

    starting: str
    queued: str
    next: str
    now: str
    ahead: str
    costs: str
    costly_again: str
    paused_meanwhile: str
    retrying: str
    fetching: str
    adopting: str
    varied: str  #: of which picture a new generation is a variation
    rerolled: str
    cancelled: str
    cancelled_running: str

    unknown_code: str
    no_code: str
    reaction_late: str  #: one that was missed, and may be old
    unheld: str  #: a reply to a grid that no generation holds
    unheld_job: str  #: the same, to something else of Midjourney's
    not_yours: str
    no_generation_yet: str
    which_picture: str
    not_a_grid: str
    grid_taken: str
    grid_awaited: str  #: perhaps the grid of a generation that still waits for its own
    reply_to_grid: str
    pictures_removed: str

    queue_empty: str
    queue_head: str
    queue_more: str
    yours: str
    history_empty: str
    history_more: str
    bad_number: str
    no_pictures_yet: str
    gallery_here: str
    gallery_link: str
    no_gallery: str
    in_gallery: str
    asked_at: str
    what_next: str  #: under the final notice: what can be done with the pictures
    what_next_by_reply: str  #: the same where reactions do nothing
    any_number: str  #: which reactions choose a picture
    asked: str
    delete_first: str
    delete_running: str
    deleted: str
    deleted_prompt: str

    held_back: str
    put_off: str  #: of one that is sent again, for a reason of its own
    paused: str
    paused_already: str
    resumed: str
    not_paused: str
    stopped: str
    stopped_by_silence: str
    health: str
    running: str
    nobody_meant: str
    allowed: str
    allowed_already: str
    denied: str
    denied_already: str
    owner_stays: str

    owners_only: str
    not_allowed: str
    saving_delayed: str
    unanswered: str
    reconnecting: str
    lacking: str
    slow_mode: str
    database_away: str
    database_back: str
    history_closed: str
    history_open: str
    no_database: str
    no_history: str
    cannot_look: str
    offline: str
    offline_one: str
    unknown_command: str
    also: str
    parameters: str
    dear: str
    too_dear: str
    factor: str
    nearest: str
    midjourneys: str  #: to what only Midjourney itself does
    unexpected: str
