"""The installed library is discord.py-self, whole, and nothing has overwritten it."""

import importlib.util
from importlib.metadata import version

import discord


def test_the_library_is_the_one_for_user_accounts() -> None:
    assert hasattr(discord, "SlashCommand")
    assert importlib.util.find_spec("discord.app_commands") is None


def test_the_library_has_the_version_the_code_relies_on() -> None:
    assert version("discord.py-self") == "2.1.0"
    assert discord.__version__ == "2.1.0"


def test_the_name_of_the_other_library_is_taken_by_the_stand_in() -> None:
    assert version("discord.py") == "2.3.0+provided.by.discord.py.self"
