"""The benchmark of the queries, as people start it; test_queries.py tests its claims."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import __main__ as command
from benchmarks.queries import QUESTIONS, Cost

pytestmark = pytest.mark.postgres

ROOT = Path(__file__).parents[2]


@pytest.mark.long
def test_it_asks_everything_of_both_sizes_and_says_so_as_json() -> None:
    asked = ["queries", "--few", "500", "--many", "1000", "--json"]
    ended = subprocess.run(
        [sys.executable, "-m", "benchmarks", *asked],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    result = json.loads(ended.stdout)
    assert (result["rows"], result["ok"]) == ({"few": 500, "many": 1000}, True)
    assert [query["name"] for query in result["queries"]] == list(QUESTIONS)
    by_id = result["queries"][0]
    assert 0 < by_id["pages"]["few"] <= by_id["pages"]["many"] < 20
    assert (by_id["limit"], by_id["ok"]) == (2.0, True)
    assert "filling 1,000 rows: 100 %" in ended.stderr


@pytest.mark.parametrize(("many", "code"), [(20, 0), (21, 1)])
def test_a_question_over_the_limit_is_a_failure(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], many: int, code: int
) -> None:
    def measured(*_: object) -> list[Cost]:
        return [Cost(name="by id", question="q", few=10, many=many)]

    monkeypatch.setattr(command.queries, "costs", measured)
    monkeypatch.setattr(sys, "argv", ["bench", "queries"])
    assert command.main() == code
    out, err = capsys.readouterr()
    assert ("over 2" in out) == ("by id" in err) == (code == 1)
