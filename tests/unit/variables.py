"""Variables of the environment for tests, and how they are loaded."""

import base64
import json
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import pytest

import config

TOKEN = ".".join(("a" * 24, "b" * 6, "c" * 30))
PASSWORD = "hunter" * 2
PROXY = f"http://ann:{PASSWORD}@proxy.example"
CHANNEL = 200_000_000_000_000_002
OWNER = 100_000_000_000_000_001
FRIEND = 100_000_000_000_000_002
REQUIRED = MappingProxyType(
    {
        "DISCORD_TOKEN": TOKEN,
        "DISCORD_CHANNEL_ID": str(CHANNEL),
        "OWNER_IDS": str(OWNER),
    }
)
PROJECT = MappingProxyType({"SUPABASE_URL": "https://abc.supabase.co", "SUPABASE_KEY": "s" * 30})


def load_with(variables: Mapping[str, str]) -> config.Settings:
    """Load with some variables more, or others."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in variables.items():
            patch.setenv(name, value)
        return config.load(None)


def load_from_file(tmp_path: Path, text: str, encoding: str = "utf-8") -> config.Settings:
    """Load with a `.env` of that text."""
    env_file = tmp_path / ".env"
    env_file.write_text(text, encoding=encoding)
    return config.load(env_file)


def problems_with(variables: Mapping[str, str]) -> list[str]:
    """Return what is said about wrong variables."""
    with pytest.raises(config.SettingsError) as caught:
        load_with(variables)
    return caught.value.problems


def key_of(role: str) -> str:
    """Return a key of the older kind: a JWT that says whose rights it gives."""
    payload = base64.urlsafe_b64encode(json.dumps({"role": role}).encode()).decode().rstrip("=")
    return f"header.{payload}.signature"
