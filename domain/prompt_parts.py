"""Parts of prompts that are kept for later: what a person prefers, and the presets of a channel.

A preset is used by its name, as in `a cat +noir`. Other words with a plus stay: `1+1`, `C++`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from domain.errors import BadPrompt, PromptFault
from domain.parameters import Costly
from domain.prompt_changes import beside, joined
from domain.prompt_check import MOST, check
from domain.prompt_flags import Flag, plain, read, split, text_first
from domain.prompt_text import clean

if TYPE_CHECKING:
    from domain.ports import Outcome

NAME_LENGTH, WORDS_LENGTH, PRESETS = 20, 500, 30
"""How long the name and the words of a preset may be, in characters, and how many a channel has."""
PREFERENCE_LENGTH = 200
"""How long the parameters that a person prefers may be: an answer still shows all of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """Words of a channel under a name; `by` is who may change them besides the owners."""

    channel_id: int
    name: str
    words: str
    by: int
    by_name: str


class PartStore(Protocol):
    """What is asked of the database about parts of prompts.

    A call that the database cannot answer raises `StoreUnavailable`. The mark of handled commands
    moves with each change to `command`.
    """

    async def list_preferences(self) -> dict[int, str]:
        """Return what people prefer, by their ids."""
        ...

    async def set_preference(
        self, person_id: int, parameters: str, *, fence: int, command: int
    ) -> Outcome:
        """Keep what a person prefers, nothing if it is empty; ALREADY when that was so."""
        ...

    async def list_presets(self, channel_id: int) -> list[Preset]:
        """Return the presets of a channel, by name."""
        ...

    async def set_preset(self, preset: Preset, *, fence: int, command: int) -> Outcome:
        """Keep a preset, or take it away if it has no words; ALREADY when that was so.

        Whoever made it first stays its author.
        """
        ...


def check_part(
    text: str, limit: int, *, links: bool = False, costly: frozenset[Costly] = frozenset()
) -> str:
    """Return a part as it is kept, or raise `BadPrompt` with its first fault as in a prompt."""
    part = text_first(clean(text))
    if len(part) > limit:
        raise BadPrompt(PromptFault.TOO_LONG, length=len(part), limit=limit)
    words, flags = read(part)
    whole = f"a {part}" if flags and not words else part
    check(whole, MOST, links=links, costly=costly)
    return part


def is_parameters(text: str) -> bool:
    """Whether a text has no words besides parameters, neither before nor behind them."""
    return not read(text_first(clean(text)))[0]


def is_name(text: str) -> bool:
    """Whether a preset can have this name."""
    return len(text) <= NAME_LENGTH and re.fullmatch(_NAME, text) is not None


def preset_names(prompt: str) -> list[str]:
    """Return the names of presets in the text of a prompt, in lower case."""
    return [name.lower() for name in _USED.findall(_split(prompt)[0])]


def expanded(prompt: str, presets: Mapping[str, str]) -> str:
    """Return a prompt with the words of its presets, all of which must be known.

    Their parameters go behind those of the prompt, which count more; so do those of an earlier
    preset.
    """
    if not preset_names(prompt):
        return prompt
    text, own = _split(prompt)
    flags = list(own)

    def words(found: re.Match[str]) -> str:
        its_text, its_flags = split(presets[found[1].lower()])
        flags.extend(beside(flags, its_flags))
        return its_text

    return joined(_USED.sub(words, text), flags)


def _split(prompt: str) -> tuple[str, tuple[Flag, ...]]:
    return split(plain(prompt))


_NAME = r"[^\W\d_][\w-]*"
_USED = re.compile(rf"(?<!\S)\+({_NAME})(?=[\s,.;:!?)]|\Z)")
