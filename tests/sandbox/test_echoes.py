"""What a prompt comes back as, when the switches say so."""

from typing import Any

import pytest

from sandbox import Sandbox
from tests.sandbox.clients import Client, grid_of


@pytest.mark.parametrize(
    ("form", "sent", "echo"),
    [
        ("usual", "--ar 3:2 --v 7", "--ar 3:2 --v 7.0"),
        ("usual", "a cat \u2014 a hat --v 7 --stealth", "a cat -- a hat --v 7.0 --stealth"),
        ("no dashes", "a cat \u2014 a hand\u2014made hat --v 7", "a cat a hand made hat --v 7.0"),
        ("no dashes", "a cat \u2013 a well--known hat --v 7", "a cat a well--known hat --v 7.0"),
        ("no dashes", "a cat --v 7 --ar 3:2", "a cat --v 7.0 --ar 3:2"),
        ("chosen values", "a cat --sref random", "a cat --sref 81241"),
        ("chosen values", "a random cat --sref 5 random", "a random cat --sref 5 81243"),
        ("chosen values", "a cat --p --niji", "a cat --p abc123 --niji 7"),
        ("chosen values", "a cat --p ab12 --niji 6", "a cat --p ab12 --niji 6"),
        ("no stealth", "a cat --stealth --v 7 --raw", "a cat --v 7.0 --raw"),
        ("no stealth", "a cat --public --v 7", "a cat --v 7.0"),
        ("personalised", "a cat in a hat --p --v 7", "a cat in a hat --p --v 7.0"),
    ],
)
async def test_the_form_of_an_echo(
    client: Client, sandbox: Sandbox, form: Any, sent: str, echo: str
) -> None:
    sandbox.switches.echo.set(form)
    await client.interact(client.command(sent))
    assert (await client.event("MESSAGE_CREATE"))["content"].startswith(f"**{echo}")


@pytest.mark.parametrize(
    ("settings", "sent", "echo"),
    [
        ("--stealth --p ab12", "a cat --v 7", "a cat --v 7.0 --stealth --p ab12"),
        ("--v 5.1 --hd", "a cat --v 7", "a cat --v 7.0 --hd"),
        ("--niji 5 --p ab12", "a cat --version 7 --p", "a cat --v 7.0 --p"),
        ("--stealth --hd", "a cat --sd --v 7", "a cat --sd --v 7.0 --stealth"),
    ],
)
async def test_the_settings_of_the_account_say_what_the_prompt_does_not(
    client: Client, sandbox: Sandbox, settings: str, sent: str, echo: str
) -> None:
    sandbox.switches.account_settings.set(settings)
    await client.interact(client.command(sent))
    assert (await client.event("MESSAGE_CREATE"))["content"].startswith(f"**{echo}** - ")


async def test_the_grid_of_a_personalised_prompt_says_little(
    client: Client, sandbox: Sandbox
) -> None:
    sandbox.switches.echo.set("personalised")
    grid = await grid_of(client, "a cat in a hat --p --v 7")
    assert grid["content"].startswith("**a cat in a in soft light --p abc123 --v 7.0** - ")
    assert "message_reference" not in grid
    assert "interaction_metadata" not in grid


async def test_the_jobs_of_others_are_repeated_as_usual(sandbox: Sandbox) -> None:
    sandbox.switches.echo.set("no dashes")
    sandbox.switches.account_settings.set("--stealth")
    sandbox.imagine_elsewhere("a cat \u2014 a hat --v 7", "ben")
    heard = await sandbox.wait_for(lambda event, _: event == "MESSAGE_CREATE")
    assert heard["content"].startswith("**a cat -- a hat --v 7.0** - ")
