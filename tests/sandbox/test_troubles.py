"""The troubles of the panel, and each switch by its own name."""

import pytest

from sandbox import Sandbox
from sandbox.switch import Switch
from sandbox.switch_table import set_switch, switch_rows
from sandbox.troubles import TROUBLES, SandboxTrouble, TroublePanel


@pytest.mark.parametrize("trouble", TROUBLES, ids=lambda trouble: trouble.name)
def test_a_trouble_turns_switches_that_exist_to_values_that_they_can_have(
    trouble: SandboxTrouble,
) -> None:
    sandbox = Sandbox()
    panel = TroublePanel(sandbox)
    for each in trouble.values:
        set_switch(sandbox.switches, each.switch, each.value)
    panel.switch_on(trouble.name)  # which refuses a kind of occasion that a switch does not have
    assert panel.is_on(trouble.name) == bool(trouble.values)
    panel.switch_off(trouble.name)
    assert not panel.is_on(trouble.name)
    assert all(switch.pending == 0 for switch in sandbox.switches.all().values())


def test_troubles_have_names_of_their_own_and_sentences() -> None:
    assert len({trouble.name for trouble in TROUBLES}) == len(TROUBLES)
    for trouble in TROUBLES:
        assert trouble.outcome.endswith("."), trouble.name
        assert trouble.title[0].isupper(), trouble.name


def test_a_trouble_is_over_after_its_occasion_and_can_be_made_again() -> None:
    sandbox = Sandbox()
    panel = TroublePanel(sandbox)
    for _ in range(2):
        panel.switch_on("silence")
        assert [sandbox.switches.job.take("imagine") for _ in range(2)] == ["silence", "runs"]
        assert not panel.is_on("silence")


def test_a_lasting_trouble_stays_until_it_is_switched_off() -> None:
    sandbox = Sandbox()
    panel = TroublePanel(sandbox)
    panel.switch_on("discord-down")
    panel.switch_on("discord-down")
    assert {sandbox.switches.answer_request.take("GET /users/@me") for _ in range(99)} == {"503"}
    panel.switch_off("discord-down")
    assert sandbox.switches.answer_request.take("GET /users/@me") == "normal"


def test_troubles_of_one_switch_do_not_undo_each_other() -> None:
    sandbox = Sandbox()
    panel = TroublePanel(sandbox)
    panel.switch_on("silence")
    panel.switch_on("cut-short")
    panel.switch_off("silence")
    assert sandbox.switches.job.take("imagine") == "stopped"


def test_an_unknown_trouble_is_a_mistake() -> None:
    panel = TroublePanel(Sandbox())
    for ask in (panel.switch_on, panel.switch_off, panel.is_on):
        with pytest.raises(KeyError):
            ask("rain")


def test_every_switch_is_in_the_table_with_its_values() -> None:
    rows = {row.name: row for row in switch_rows()}
    assert rows.keys() == Sandbox().switches.all().keys()
    assert rows["nonce_on_final"].choices == (False, True)
    assert rows["final_type"].choices == (19, 0)
    assert rows["answer_connect"].choices == ("normal", "refuse", "hang up")
    assert (rows["mode"].usual, rows["mode"].choices) == ("fast", ())


def test_a_switch_is_set_by_its_name() -> None:
    switches = Sandbox().switches
    set_switch(switches, "extra_delay", 60)
    assert (switches.extra_delay.take(), switches.extra_delay.standing) == (60.0, 60.0)
    for name, value in [
        ("rain", True),
        ("final_type", 5),
        ("final_type", False),
        ("extra_delay", "60"),
        ("nonce_on_final", 1),
    ]:
        with pytest.raises(ValueError, match=name):
            set_switch(switches, name, value)


def test_what_was_armed_can_be_taken_back() -> None:
    switch = Switch("usual", "", "")
    first, second = switch.arm("first"), switch.arm("second")
    switch.disarm(first)
    assert (switch.take(), switch.take()) == ("second", "usual")
    switch.disarm(second)
    assert (first.left, second.left, switch.pending) == (0, 0, 0)
