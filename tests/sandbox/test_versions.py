"""The versions that the sandbox knows."""

from domain.parameter_table import DEFAULT_MODEL
from sandbox.versions import USUAL


def test_the_usual_version_is_the_one_that_the_table_of_parameters_names() -> None:
    assert f"V{USUAL}" == DEFAULT_MODEL
