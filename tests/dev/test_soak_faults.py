"""The faults of a soak: all can be armed, and each is noted from then until it was met."""

from __future__ import annotations

from random import Random
from typing import Literal

import pytest

from sandbox import Sandbox
from sandbox.switches import Switches
from soak.accounting import EXPLAINED_BY
from soak.troubles import FAULTS, RandomFault, Troublemaker


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.name} {fault.only}".strip())
def test_a_fault_can_be_armed(fault: RandomFault) -> None:
    switch = Switches().all()[fault.switch]
    switch.arm(fault.value, only=fault.only, times=fault.times)
    assert switch.take(fault.only) == fault.value
    assert switch.pending == 0


def test_every_explanation_is_a_fault_that_can_come() -> None:
    made = {*(fault.name for fault in FAULTS), "killed"}
    explained = {beginning for names in EXPLAINED_BY.values() for beginning in names}
    assert [one for one in explained if not any(name.startswith(one) for name in made)] == []


def seen(troublemaker: Troublemaker) -> list[str]:
    return [trouble.name for trouble in troublemaker.end()]


def test_a_fault_is_noted_when_it_was_met(monkeypatch: pytest.MonkeyPatch) -> None:
    sandbox = Sandbox()
    troublemaker = only(sandbox, monkeypatch, "answer_interaction", "502")
    troublemaker.make()
    troublemaker.look()
    sandbox.switches.answer_interaction.take("imagine")
    assert seen(troublemaker) == ["answer 502"]


def test_what_was_not_met_was_no_trouble_and_is_disarmed(monkeypatch: pytest.MonkeyPatch) -> None:
    sandbox = Sandbox()
    troublemaker = only(sandbox, monkeypatch, "answer_interaction", "502")
    troublemaker.make()
    assert seen(troublemaker) == []
    assert sandbox.switches.answer_interaction.take("imagine") == "normal"


def test_one_switch_has_one_fault_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    sandbox = Sandbox()
    troublemaker = only(sandbox, monkeypatch, "answer_interaction", "502")
    for _ in range(20):
        troublemaker.make()
    assert sandbox.switches.answer_interaction.pending == 1


def only(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, switch: str, value: Literal["502"]
) -> Troublemaker:
    """Leave a single fault to choose from."""
    fault = RandomFault(name=f"answer {value}", switch=switch, value=value)
    monkeypatch.setattr("soak.troubles.FAULTS", (fault,))
    return Troublemaker(sandbox, Random(1))  # noqa: S311 -- repeatable on purpose
