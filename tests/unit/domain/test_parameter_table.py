"""The table of parameters: each row is whole, and fits the others."""

from datetime import date

import pytest

from domain.parameter_table import BY_NAME, DEFAULT_MODEL, DEFAULT_SINCE, TABLE, model_named
from domain.parameters import Model, Parameter

ROWS = pytest.mark.parametrize("row", TABLE, ids=lambda row: row.name)


def test_no_name_is_there_twice() -> None:
    names = [name for row in TABLE for name in (row.name, *row.also)]
    assert sorted(names) == sorted(BY_NAME)
    assert [row.name for row in TABLE] == sorted(row.name for row in TABLE)


@ROWS
def test_a_row_says_who_says_so_and_when(row: Parameter) -> None:
    assert row.source.page
    assert date(2023, 1, 1) < row.source.of < date(2100, 1, 1)


@ROWS
def test_a_row_names_only_others_of_the_table(row: Parameter) -> None:
    for other in row.excludes:
        assert row.name in BY_NAME[other].excludes
    assert row.needs == "" or row.needs in BY_NAME


@ROWS
def test_a_row_has_a_model_and_values_that_can_be_told(row: Parameter) -> None:
    assert row.values
    for values in row.values.values():
        assert values.is_nothing or values.told
        assert values.cheapest == "" or values.admits(values.cheapest)
    assert all(
        cost.times > 1 and cost.most in {0, max(cost.most, cost.times)} for cost in row.costs
    )


@ROWS
def test_what_costs_more_can_be_asked_for(row: Parameter) -> None:
    for price in row.costs:
        assert price.value == "" or row.admits(price.value, None)
        assert row.cost(price.value) == price


def test_the_cheapest_of_several_values_is_the_one_to_offer() -> None:
    quality = BY_NAME["quality"]
    assert [quality.cost(value) for value in (".25", ".5", "1")] == [None] * 3
    for values in quality.values.values():
        assert quality.cost(values.cheapest) is None


@pytest.mark.parametrize(
    ("name", "value", "model"),
    [
        ("v", "8.2", Model.V8_2),
        ("v", "8.1", Model.V8_1),
        ("v", "8", None),
        ("v", "7", Model.V7),
        ("v", "7.0", Model.V7),
        ("v", "6.1", Model.V6),
        ("v", "5.2", Model.V5),
        ("v", "4", Model.V5),
        ("v", "99", None),
        ("niji", "7", Model.NIJI_7),
        ("niji", "6", Model.NIJI_6),
        ("niji", "5", Model.NIJI_6),
        ("niji", "", None),
    ],
)
def test_a_version_is_a_model_if_it_is_known(name: str, value: str, model: Model | None) -> None:
    assert model_named(name, value) == model


def test_the_default_model_is_dated() -> None:
    assert (Model.V8_2, date(2026, 7, 24)) == (DEFAULT_MODEL, DEFAULT_SINCE)
