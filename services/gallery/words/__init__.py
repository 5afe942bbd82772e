"""Every sentence of the pages, by language. What the words stand for is told by their names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from domain.generation import OriginKind, ProblemKind, Status
from domain.slots import Slot


@dataclass(frozen=True, slots=True, kw_only=True)
class PageWords:
    """One language; `{name}`s are facts."""

    language: str
    title: str
    skip: str

    find: str
    find_hint: str
    person: str
    everybody: str
    state: str
    any_state: str
    states: Mapping[str, str]  #: by the names in `source`
    search: str
    clear: str

    generations: str
    found: str
    nothing_found: str
    nothing_yet: str
    older: str
    loading: str
    no_more: str
    at_work: str
    by: str
    stages: Mapping[Status, str]
    star: str
    no_picture: str
    removed: str
    grid_of: str
    percent: str

    back: str
    prompt: str
    copy: str
    copied: str
    parameters: str
    asked: str
    accepted: str
    finished: str
    code: str
    pictures: str
    picture: Mapping[Slot, str]
    full_size: str
    family: str
    this_one: str
    made_by: Mapping[OriginKind, str]
    made_of: str
    problems: Mapping[ProblemKind, str]
    said: str

    locked: str
    locked_why: str
    ask_for_link: str
    password: str
    enter: str
    wrong_password: str
    too_many_tries: str

    not_found: str
    not_found_why: str
    unavailable: str
    unavailable_why: str
