"""What somebody does with prompts of their own: sends one again."""

from __future__ import annotations

from itertools import dropwhile

from discord.ext import commands

from cogs.base import THE_LATEST, AtelierCog, Context, changing
from cogs.choice import LATEST_PROMPT
from cogs.errors import Refused
from cogs.extension import add_cog
from cogs.pointing import is_code
from cogs.prompts import checked
from domain.content import UUID
from domain.generation import Generation, Origin
from domain.prompt_changes import amended


class PersonalCog(AtelierCog, name="Personal"):
    """Send prompts again."""

    @changing()
    async def again(self, ctx: Context, *, rest: str = "") -> None:
        """Send a prompt once more, changed as said: a new generation, at the usual cost."""
        source, more = await self._source(ctx, rest)
        if not source.prompt:
            raise Refused(self.replies.say(self.words.personal.prompt_deleted, source))
        if not more:
            self.refuse_costs(source)
        prompt = checked(ctx.message, amended(source.prompt, more), self.atelier.settings)
        note = self.replies.say(self.words.personal.again, source)
        await self.accept(ctx, prompt, Origin(parent_id=source.id), notes=[note])

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
