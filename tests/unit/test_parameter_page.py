"""The table in docs/commands.md is made of the rows of the code.

After a change of a row, regenerate it: `WRITE_GOLDEN=1 python3 dev.py test -m golden`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cogs.replies import Times
from domain.parameter_table import DEFAULT_MODEL, DEFAULT_SINCE, TABLE
from domain.parameters import Model, Parameter
from tests.golden import assert_golden

PAGE = Path(__file__).parents[2] / "docs/commands.md"
BEGIN, END = "<!-- The rows of domain/parameter_table.py: -->\n", "<!-- End of the rows. -->\n"


def lines() -> Iterator[str]:
    """Yield the table, line by line."""
    yield "| Parameter | Takes | Also | As of | Source |"
    yield "| --- | --- | --- | --- | --- |"
    for row in TABLE:
        names = ", ".join(f"`--{name}`" for name in (row.name, *row.also))
        yield (
            f"| {names} | {takes(row)} | {'; '.join(more(row))} "
            f"| {row.source.of} | {row.source.page} |"
        )
    yield ""
    yield (
        f"Without `--v` and `--niji`, it is the account's own model; Midjourney's default is "
        f"{DEFAULT_MODEL} since {DEFAULT_SINCE}."
    )


def takes(row: Parameter) -> str:
    """Return the values by model: those of most models first, without their names."""
    told = {model: values.told or "nothing" for model, values in row.values.items()}
    groups: dict[str, list[Model]] = {}
    for model in Model:
        if model in told:
            groups.setdefault(told[model], []).append(model)
    if len(groups) == 1 and len(told) == len(Model):
        return next(iter(groups))
    return "; ".join(f"{', '.join(models)}: {text}" for text, models in groups.items())


def more(row: Parameter) -> Iterator[str]:
    """Yield what it excludes, needs, and costs."""
    if row.excludes:
        yield f"not with {', '.join(f'`--{other}`' for other in row.excludes)}"
    if row.needs:
        yield f"only with `--{row.needs}`"
    if row.widest:
        yield f"`--ar` up to {row.widest}:1"
    if row.multiplies:
        yield "several jobs: refused"
    for price in row.costs:
        value = f"`{price.value}` " if price.value else ""
        yield f"{value}costs {Times(price)} times as much: `ALLOW_COSTLY={price.kind}`"


@pytest.mark.golden
def test_the_page_has_the_rows_of_the_code() -> None:
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    assert after
    assert_golden("".join([before, BEGIN, "\n", "\n".join(lines()), "\n\n", END, after]), PAGE)
