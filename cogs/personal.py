"""What people do with prompts of their own: send them again, and keep parts of them."""

from __future__ import annotations

from itertools import dropwhile

from discord.ext import commands

from cogs.acceptance import made_from
from cogs.answers import answer
from cogs.attached_services import add_cog
from cogs.base import THE_LATEST, AtelierCog, Context, changing, reading
from cogs.choice import LATEST_PROMPT
from cogs.errors import Refused
from cogs.pointing import is_code
from cogs.prompts import Prompts
from cogs.replies import as_typed, in_one_message, shown
from domain.content import UUID
from domain.generation import Generation, Origin
from domain.prompt_changes import amended
from domain.prompt_parts import (
    NAME_LENGTH,
    PREFERENCE_LENGTH,
    PRESETS,
    WORDS_LENGTH,
    is_name,
    is_parameters,
)
from services.atelier import Atelier

NONE = "none"
LISTED, LISTED_AMONG_MANY, MANY = 100, 30, 10
"""How many characters of a preset a list shows; fewer if it has more than so many lines."""


class PersonalCog(AtelierCog, name="Personal"):
    """Send prompts again; keep parameters that one prefers, and words under a name."""

    def __init__(self, bot: commands.Bot, atelier: Atelier) -> None:
        """Keep the services."""
        super().__init__(bot, atelier)
        self._parts = atelier.prompt_parts
        self._prompts = Prompts(atelier.settings, self._parts, self.replies)

    @changing()
    async def again(self, ctx: Context, *, rest: str = "") -> None:
        """Send a prompt once more, changed as said: a new generation, at the usual cost."""
        self.interpreter.refuse_further_command(ctx.message.content)
        source, more = await self._source(ctx, rest)
        if not source.prompt:
            told = self.replies.say(self.words.personal.prompt_deleted, source)
            raise Refused(told, "prompt_deleted")
        if not more:
            self.refuse_costs(source)
        changed = amended(source.prompt, self._prompts.expanded(more))
        prompt, notes = self._prompts.finished(ctx.message, changed)
        origin = Origin(parent_id=source.id)
        note = made_from(self.replies, source, origin)
        await self.accept(ctx, prompt, origin, notes=[note, *notes])

    @changing()
    async def prefer(self, ctx: Context, *, parameters: str = "") -> None:
        """Keep parameters for the person's own prompts, or tell which are kept."""
        words, person = self.words.personal, ctx.author.id
        if parameters.lower() == NONE:
            await self._parts.set_preferred(person, "", ctx.message.id)
        elif parameters:
            if not is_parameters(parameters):
                raise Refused(self.replies.say(words.only_parameters), "only_parameters")
            kept = self._prompts.part(parameters, PREFERENCE_LENGTH)
            await self._parts.set_preferred(person, kept, ctx.message.id)
        kept = self._parts.preferred_by(person)
        told = words.preferences if kept else words.no_preferences
        await answer(ctx, self.replies.say(told, parameters=as_typed(kept)))

    @changing()
    async def preset(self, ctx: Context, *, rest: str = "") -> None:
        """Keep words under a name for everybody in the channel, or show or remove them."""
        name, given, words = rest.partition("=")
        if not given:
            name, words = (*rest.split(maxsplit=1), "", "")[:2]
        name, words = name.strip().removeprefix("+").lower(), words.strip()
        gone = words.lower() == NONE or (given and not words)
        if not is_name(name) or not (given or gone or not words):
            told = self.replies.say(self.words.personal.preset_form, length=NAME_LENGTH)
            raise Refused(told, "preset_form")
        if gone:
            await self._remove(ctx, name)
        elif given:
            await self._set(ctx, name, self._prompts.expanded(words))
        else:
            await answer(ctx, self._shown(name))

    @reading()
    async def presets(self, ctx: Context) -> None:
        """List the presets of the channel."""
        presets = self._parts.presets.values()
        length = LISTED if len(presets) <= MANY else LISTED_AMONG_MANY
        lines = [f"`+{one.name}` · {shown(one.words, length)}" for one in presets]
        none = self.replies.say(self.words.personal.no_presets)
        await answer(ctx, in_one_message(lines or [none]))

    async def _set(self, ctx: Context, name: str, words: str) -> None:
        kept = self._prompts.part(words, WORDS_LENGTH)
        known = self._parts.presets
        if name in known:
            self._may_change(ctx, name)
        elif len(known) >= PRESETS:
            told = self.replies.say(self.words.personal.preset_limit, limit=PRESETS)
            raise Refused(told, "preset_limit")
        await self._keep(ctx, name, kept)
        told = self.words.personal.preset_set
        await answer(ctx, self.replies.say(told, name=name, words=shown(kept, WORDS_LENGTH)))

    async def _remove(self, ctx: Context, name: str) -> None:
        self._may_change(ctx, name)
        await self._keep(ctx, name, "")
        await answer(ctx, self.replies.say(self.words.personal.preset_removed, name=name))

    async def _keep(self, ctx: Context, name: str, words: str) -> None:
        await self._parts.set_preset(
            name, words, by=ctx.author.id, by_name=ctx.author.display_name, command=ctx.message.id
        )

    def _shown(self, name: str) -> str:
        preset = self._parts.presets.get(name)
        if preset is None:
            raise Refused(self._prompts.unknown(name), "unknown_preset")
        by = self.replies.say(self.words.by, name=shown(preset.by_name))
        return f"`+{name}` · {shown(preset.words, WORDS_LENGTH)} · {by}"

    def _may_change(self, ctx: Context, name: str) -> None:
        """Raise `Refused` unless the person made this preset, or is an owner."""
        preset = self._parts.presets.get(name)
        if preset is None:
            raise Refused(self._prompts.unknown(name), "unknown_preset")
        if preset.by != ctx.author.id and not self.is_owner(ctx):
            told, by = self.words.personal.not_your_preset, shown(preset.by_name)
            raise Refused(self.replies.say(told, preset=name, name=by), "not_your_preset")

    async def _source(self, ctx: Context, text: str) -> tuple[Generation, str]:
        """Return the generation that is meant, by default the person's latest, and the rest."""
        first, more = (*text.split(maxsplit=1), "", "")[:2]
        if await self._names_one(first):
            return await self.find(ctx, first), more
        return await self.find(ctx, "", LATEST_PROMPT), _without_the_latest(text)

    async def _names_one(self, word: str) -> bool:
        """Whether a word is a code or an id, and no part of a prompt.

        A code may read like a word (`sunset`); without a digit in it, it is one only if there is
        such a generation.
        """
        named = word.strip("`")
        if UUID.fullmatch(named):
            return True
        if not is_code(named):
            return False
        has_digit = any(c.isdigit() for c in named)
        return has_digit or await self.atelier.store.get_generation(named) is not None


def _without_the_latest(text: str) -> str:
    """Leave out `the last one` and the like, unless it is the beginning of other words."""
    rest = list(dropwhile(lambda word: word.lower() in THE_LATEST, text.split()))
    return text if rest and rest[0][0].isalnum() else " ".join(rest)


async def setup(bot: commands.Bot) -> None:
    """Load the extension; the services must be attached."""
    await add_cog(PersonalCog, bot, __name__)
