"""What a command does, as `!help` says it, and as it says itself when it is asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from discord.ext import commands

from cogs.limit_replies import limit_lines
from cogs.parameter_list import parameter_lines
from cogs.replies import Replies
from cogs.sentences import EXAMPLE, HELP_GROUPS
from cogs.synonyms import EXPLAIN, folded
from services.settings import ServiceSettings

Command = commands.Command[Any, ..., Any]
_GROUPS = {topic: group for group, topics in HELP_GROUPS.items() for topic in topics}
_PLACES = {topic: place for place, topic in enumerate(_GROUPS)}


class Explanations:
    """The lines of `help`, in the bot's words. Examples name a code of the reader's."""

    def __init__(self, replies: Replies, settings: ServiceSettings) -> None:
        """Keep the sentences, and the settings that they tell of."""
        self._replies = replies
        self._words = replies.sentences
        self._settings = settings

    def listed(self, known: Iterable[Command], prefix: str, code: str) -> Iterator[str]:
        """Yield the lines of the list: the groups with their headings, and what can be typed.

        Usage is left to `!help <command>`. What other cogs bring comes last.
        """
        ordered = sorted(known, key=lambda command: _PLACES.get(_topic(command), len(_PLACES)))
        heading = None
        for command in ordered:
            group = _GROUPS.get(_topic(command), heading)
            if group is not None and group != heading:
                heading = group
                yield f"**{self._words.help_groups[group]}**"
            yield self._short_line(command, prefix, code)

    def line(self, command: Command, prefix: str, code: str = EXAMPLE) -> str:
        """Return a command's usage and purpose; commands of other cogs bring their own."""
        name = f"{prefix}{command.name}"
        topic = self._words.help.get(_topic(command))
        if topic is None:
            return f"`{name}` {command.short_doc}".strip()
        text = f"`{f'{name} {topic.usage}'.strip()}` {topic.does}"
        example = topic.example.replace(EXAMPLE, code)
        return f"{text} `{f'{name} {example}'.strip()}`" if example else text

    def whole(self, command: Command, prefix: str, code: str, *, owner: bool) -> str:
        """Return its line and its short forms; for a prompt its parameters and limits, too."""
        names = ", ".join(f"`{prefix}{alias}`" for alias in command.aliases)
        also = [self._replies.say(self._words.also, names=names)] if names else []
        about = self._about_prompts(owner=owner) if _topic(command) == "imagine" else []
        return "\n".join([self.line(command, prefix, code), *also, *about])

    def _short_line(self, command: Command, prefix: str, code: str) -> str:
        topic = self._words.help.get(_topic(command))
        if topic is None:
            return self.line(command, prefix)
        example = topic.example.replace(EXAMPLE, code)
        return f"`{f'{prefix}{command.name} {example}'.strip()}` {topic.does}"

    def _about_prompts(self, *, owner: bool) -> list[str]:
        return [
            *parameter_lines(self._replies, frozenset(self._settings.costly)),
            *limit_lines(self._replies, self._settings, owner=owner),
            self._replies.say(self._words.help_replies),
        ]


def _topic(command: Command) -> str:
    return str(command.extras.get("topic", ""))


def asks_to_explain(text: str) -> bool:
    """Whether what follows a command's name only asks what it does."""
    return folded(text.strip()) in EXPLAIN
