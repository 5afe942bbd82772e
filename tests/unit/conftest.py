import logging
import sys
import threading
from collections.abc import Generator

import pytest

import config
from tests.unit.variables import REQUIRED


@pytest.fixture
def required(monkeypatch: pytest.MonkeyPatch) -> None:
    """Set the variables that are required, and nothing else."""
    for field in config.Settings.model_fields:
        monkeypatch.delenv(field.upper(), raising=False)
    for name, value in REQUIRED.items():
        monkeypatch.setenv(name, value)


@pytest.fixture(autouse=True)
def crashes_as_before() -> Generator[None]:
    """Give back what `main` changes for the whole process, to pytest's own ears."""
    before = threading.excepthook, sys.unraisablehook
    yield
    threading.excepthook, sys.unraisablehook = before
    logging.captureWarnings(capture=False)
