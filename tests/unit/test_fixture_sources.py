"""Each recorded message says how it is known: `tests/fixtures/mj/sources.csv`, a row for each."""

import csv
import re
from typing import NamedTuple

import pytest

from tests import mj

CAPTURED, REPORTED, INFERRED = "captured", "reported", "inferred"
DAY_OR_MONTH = re.compile(r", 20\d\d-[01]\d(-[0-3]\d)?\Z")


class Known(NamedTuple):
    """A row."""

    message: str
    how: str
    source: str
    note: str


with (mj.FOLDER / "sources.csv").open(encoding="utf-8", newline="") as file:
    HEADER, *ROWS = csv.reader(file)
SOURCES = [Known(*row) for row in ROWS]


def test_every_recorded_message_has_its_source_and_no_other_has() -> None:
    assert list(Known._fields) == HEADER
    assert tuple(row.message for row in SOURCES) == mj.NAMES


@pytest.mark.parametrize("row", SOURCES, ids=[row.message for row in SOURCES])
def test_a_source_says_who_saw_it_and_when_or_why_it_is_inferred(row: Known) -> None:
    assert row.how in {CAPTURED, REPORTED, INFERRED}
    if row.how == INFERRED:
        assert (row.source, bool(row.note)) == ("", True)
    else:
        assert "/" in row.source
    if row.how == CAPTURED:
        assert DAY_OR_MONTH.search(row.source)
