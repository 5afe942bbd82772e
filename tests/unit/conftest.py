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
