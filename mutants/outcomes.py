"""A plugin for pytest that writes down what became of each test, as JSON.

    pytest -p mutants.outcomes --outcomes=FILE TEST ...

A test passes if its fixtures do, too.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

OPTION = "--outcomes"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(OPTION, metavar="FILE", help="where to write down what became of each test")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption(OPTION):
        config.pluginmanager.register(Outcomes(Path(str(config.getoption(OPTION)))), "outcomes")


class Outcomes:
    """Notes the outcomes, and writes at the end; a test that was skipped has none."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._passed: dict[str, bool] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self._passed[report.nodeid] = False
        elif report.passed and report.when == "call":
            self._passed.setdefault(report.nodeid, True)

    def pytest_sessionfinish(self) -> None:
        self._file.write_text(json.dumps(self._passed), "utf-8")
