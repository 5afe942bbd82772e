"""What `!help imagine` says of Midjourney's parameters: the rows of the table, in three lines."""

from __future__ import annotations

from cogs.replies import Replies, Times
from domain.parameter_table import BY_NAME, TABLE
from domain.parameters import Costly, Parameter, Price


def parameter_lines(replies: Replies, costly: frozenset[Costly]) -> list[str]:
    """Return what can be written after a prompt, what of it costs more, and what is off here."""
    words = replies.sentences
    dear = [(row, price) for row in TABLE for price in row.costs]
    lines = {
        words.parameters: [f"`{usage(row)}`" for row in TABLE if _is_free(row, costly)],
        words.dear: [_with_its_factor(replies, *one) for one in dear if one[1].kind in costly],
        words.too_dear: [
            _with_its_factor(replies, *one) for one in dear if one[1].kind not in costly
        ],
    }
    return [replies.say(line, names=" · ".join(names)) for line, names in lines.items() if names]


def usage(row: Parameter) -> str:
    """Return a parameter with what it takes, in its newest model."""
    values = row.of(None)
    return f"--{row.name} {'' if values is None else values.told}".strip()


def _is_free(row: Parameter, costly: frozenset[Costly]) -> bool:
    """Whether it is one job at no higher cost, with one of its values, and of use here."""
    needed = BY_NAME[row.needs].costs if row.needs else ()
    useless = any(price.kind not in costly for price in needed)
    return not (row.multiplies or useless or any(not price.value for price in row.costs))


def _with_its_factor(replies: Replies, row: Parameter, price: Price) -> str:
    name = f"--{row.name} {price.value}".strip()
    return replies.say(replies.sentences.factor, parameter=f"`{name}`", times=Times(price))
