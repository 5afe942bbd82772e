"""`.env.example` documents all variables: it lists each one with its real default."""

import re
from pathlib import Path

import pytest

import config

EXAMPLE = Path(config.__file__).with_name(".env.example")
REQUIRED = {
    "DISCORD_TOKEN": "token",
    "DISCORD_CHANNEL_ID": "100000000000000001",
    "OWNER_IDS": "100000000000000002",
}
LINE = re.compile(r"^(#?)([A-Z_]+)=(.*)$", re.MULTILINE)
INTERNAL = {"allow_everybody"}  # set by ALLOWED_USER_IDS=*


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in config.Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def test_every_variable_is_there_once_and_nothing_else() -> None:
    names = [name for _, name, _ in LINE.findall(EXAMPLE.read_text())]
    assert sorted(names) == sorted(
        field.upper() for field in config.Settings.model_fields if field not in INTERNAL
    )


def test_only_what_is_required_is_asked_for() -> None:
    lines = LINE.findall(EXAMPLE.read_text())
    assert {name for mark, name, _ in lines if not mark} == set(REQUIRED)


def test_the_defaults_are_those_of_the_program(tmp_path: Path) -> None:
    """Enabling every line that has a value changes nothing."""
    required = "".join(f"{name}={value}\n" for name, value in REQUIRED.items())
    lines = LINE.findall(EXAMPLE.read_text())
    given = "".join(f"{name}={value}\n" for _, name, value in lines if value)
    (tmp_path / "bare").write_text(required)
    (tmp_path / "full").write_text(required + given)
    assert config.load(tmp_path / "full") == config.load(tmp_path / "bare")
    assert "COMMAND_PREFIX=!" in given


def test_every_variable_has_a_word_before_it() -> None:
    """A comment stands above each, or above the group that it closes."""
    described = re.findall(r"^# .+\n(?:#?[A-Z_]+=.*\n)+", EXAMPLE.read_text(), re.MULTILINE)
    found = {name for block in described for _, name, _ in LINE.findall(block)}
    assert found == {name for _, name, _ in LINE.findall(EXAMPLE.read_text())}
