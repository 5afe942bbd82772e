"""What the bot says of a month: how many, what became of them, and by whom."""

from __future__ import annotations

from cogs.replies import Replies, duration, in_one_message, shown
from domain.collection import Statistics
from domain.generation import ENDED, Status


class StatisticsReplies:
    """Describes what was asked for within some time."""

    def __init__(self, replies: Replies) -> None:
        """Keep the words of one bot."""
        self._replies = replies
        self._words = replies.sentences
        self._own = replies.sentences.collection

    def of_month(self, month: str, found: Statistics) -> str:
        """Return all that is known of a month."""
        say = self._replies.say
        if not found.count:
            return say(self._own.stats_none, month=month)
        lines = [say(self._own.stats, month=month, count=found.count), self._statuses(found)]
        if found.waited is not None:
            average, longest = map(duration, found.waited)
            lines.append(say(self._own.stats_waited, average=average, longest=longest))
        if found.problems:
            lines.append(say(self._own.stats_problems, problems=self._problems(found)))
        lines.append(say(self._own.stats_people, people=self._people(found)))
        return in_one_message(lines)

    def _statuses(self, found: Statistics) -> str:
        counts = {
            self._words.stages[status]: found.statuses.get(status, 0)
            for status in Status
            if status in ENDED
        }
        counts[self._own.stats_under_way] = found.count - sum(counts.values())
        return " · ".join(
            self._replies.labelled(label, str(count)) for label, count in counts.items() if count
        )

    def _problems(self, found: Statistics) -> str:
        most_first = sorted(found.problems.items(), key=lambda one: (-one[1], one[0]))
        names = self._own.problem_names
        return " · ".join(f"{names[kind]} ({count})" for kind, count in most_first)

    def _people(self, found: Statistics) -> str:
        named = " · ".join(f"{shown(name)} ({count})" for name, count in found.people)
        more = self._replies.say(self._words.queue_more, more=found.others)
        return f"{named} · {more}" if found.others else named
