"""The harness of these tests: it changes the library only while it is open."""

from __future__ import annotations

import base64
import hashlib
from contextlib import suppress
from importlib.metadata import files
from pathlib import Path

import discord

from tests.cogs.channel_harness import open_channel
from tests.dpytest_shim import FakeState, backend, dpytest_on_this_library, factories


def mended() -> tuple[object, ...]:
    """Return everything that is changed for dpytest."""
    return (
        getattr(discord, "AutoShardedClient", None),
        FakeState.__init__,
        factories.make_message_dict,
        factories.dict_from_message,
        backend.FakeHttp,
    )


async def test_library_is_as_it_was_when_the_room_is_left(tmp_path: Path) -> None:
    before = mended()
    assert before[0] is None
    async with open_channel(tmp_path):
        assert not set(before) & set(mended())
    assert mended() == before


def test_library_is_as_it_was_also_after_a_failure() -> None:
    before = mended()
    with suppress(ZeroDivisionError), dpytest_on_this_library():
        raise ZeroDivisionError
    assert mended() == before


def test_no_file_of_the_library_differs_from_its_release() -> None:
    """The package that dpytest asks for has many files of the same names."""
    release = [file for file in files("discord.py-self") or () if file.hash is not None]
    assert len(release) > 100
    for file in release:
        assert file.hash is not None
        digest = hashlib.new(file.hash.mode, file.read_binary()).digest()
        assert base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == file.hash.value, file
