"""Counts what a run leaves out: tests that were deselected, and tests skipped, with their places.

    pytest -m "not long" --left-out=FILE

writes it down as JSON, for `dev.py test` to say. With xdist it is each worker that chooses, all of
them alike, and the reports of what was skipped come to where they are gathered.
"""

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

OPTION = "--left-out"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(OPTION, metavar="FILE", help="where to write down what was not run")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption(OPTION):
        config.pluginmanager.register(LeftOut(config), "left out")


class LeftOut:
    """Counts, and writes at the end."""

    def __init__(self, config: pytest.Config) -> None:
        self._worker: dict[str, Any] | None = getattr(config, "workeroutput", None)
        self._file = Path(str(config.getoption(OPTION)))
        self._not_chosen = 0
        self._skipped: Counter[str] = Counter()

    def pytest_deselected(self, items: Sequence[pytest.Item]) -> None:
        self._not_chosen += len(items)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        self._not_chosen = getattr(node, "workeroutput", {}).get(OPTION, self._not_chosen)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._skipped[report.location[0]] += report.skipped and not hasattr(report, "wasxfail")

    def pytest_sessionfinish(self, exitstatus: int) -> None:
        if self._worker is not None:
            self._worker[OPTION] = self._not_chosen
            return
        if exitstatus not in {pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED}:
            return  # it was interrupted: nobody knows what else it would have run
        skipped = {place: count for place, count in self._skipped.items() if count}
        self._file.write_text(json.dumps({"not_chosen": self._not_chosen, "skipped": skipped}))
