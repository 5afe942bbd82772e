"""What a command does, as `!help` says it, and as it says itself when it is asked."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from discord.ext import commands

from cogs.parameter_list import parameter_lines
from cogs.replies import Replies
from cogs.synonyms import EXPLAIN, folded
from domain.parameters import Costly

Command = commands.Command[Any, ..., Any]


class Explanations:
    """The lines of `help`, in the bot's words."""

    def __init__(self, replies: Replies, costly: Collection[Costly]) -> None:
        """Keep the sentences, and which costly parameters are allowed."""
        self._replies = replies
        self._costly = frozenset(costly)

    def place(self, command: Command) -> int:
        """Return the place of a command in the list: what people need first comes first."""
        topics = list(self._replies.sentences.help)
        topic = command.extras.get("topic", "")
        return topics.index(topic) if topic in topics else len(topics)

    def short_line(self, command: Command, prefix: str) -> str:
        """Return what can be typed, and what it is for; usage is left to `!help <command>`."""
        topic = self._replies.sentences.help.get(command.extras.get("topic", ""))
        if topic is None:
            return self.line(command, prefix)
        return f"`{f'{prefix}{command.name} {topic.example}'.strip()}` {topic.does}"

    def line(self, command: Command, prefix: str) -> str:
        """Return a command's usage and purpose; commands of other cogs bring their own."""
        name = f"{prefix}{command.name}"
        topic = self._replies.sentences.help.get(command.extras.get("topic", ""))
        if topic is None:
            return f"`{name}` {command.short_doc}".strip()
        text = f"`{f'{name} {topic.usage}'.strip()}` {topic.does}"
        return f"{text} `{f'{name} {topic.example}'.strip()}`" if topic.example else text

    def whole(self, command: Command, prefix: str) -> str:
        """Return its line, its short forms, and for a prompt its parameters."""
        names = ", ".join(f"`{prefix}{alias}`" for alias in command.aliases)
        also = [self._replies.say(self._replies.sentences.also, names=names)] if names else []
        is_prompt = command.extras.get("topic") == "imagine"
        about = parameter_lines(self._replies, self._costly) if is_prompt else []
        return "\n".join([self.line(command, prefix), *also, *about])


def asks_to_explain(text: str) -> bool:
    """Whether what follows a command's name only asks what it does."""
    return folded(text.strip()) in EXPLAIN
