"""Reactions behave like Discord's."""

from urllib.parse import quote

import pytest

from sandbox import Sandbox
from sandbox.guild import ADD_REACTIONS, READ_MESSAGE_HISTORY
from sandbox.people import OWNER
from tests.sandbox.clients import Client

CROSS = "❌"


def reactions(client: Client, message_id: str) -> str:
    return f"{client.messages}/{message_id}/reactions/{quote(CROSS)}"


async def test_reaction_is_shown_with_its_message_and_lists_its_people(
    client: Client, sandbox: Sandbox
) -> None:
    message = await sandbox.say("ann", "hello")
    assert "reactions" not in message
    address = reactions(client, message["id"])
    sandbox.react("ben", int(message["id"]), CROSS)
    for _ in range(2):  # the second one changes nothing
        assert (await client.rest("PUT", f"{address}/@me"))[0] == 204
    _, (shown,) = await client.rest("GET", client.messages)
    (reaction,) = shown["reactions"]
    assert (reaction["emoji"]["name"], reaction["count"], reaction["me"]) == (CROSS, 2, True)
    _, people = await client.rest("GET", address)
    assert [person["username"] for person in people] == ["atelier", "ben"]
    _, people = await client.rest("GET", f"{address}?limit=1&after={people[0]['id']}")
    assert [person["username"] for person in people] == ["ben"]
    for _ in range(2):
        assert (await client.rest("DELETE", f"{address}/@me"))[0] == 204
    _, people = await client.rest("GET", address)
    assert [person["username"] for person in people] == ["ben"]


async def test_reaction_that_is_asked_for_wrongly_is_refused(
    client: Client, sandbox: Sandbox
) -> None:
    message = await sandbox.say("ann", "hello")
    address = reactions(client, message["id"])
    assert (await client.rest("GET", f"{address}?limit=101"))[0] == 400
    assert (await client.rest("PUT", f"{reactions(client, '1')}/@me"))[0] == 404
    elsewhere = address.replace(str(sandbox.channel_id), "1")
    assert (await client.rest("GET", elsewhere))[0] == 404


@pytest.mark.parametrize("lacking", [ADD_REACTIONS, READ_MESSAGE_HISTORY])
async def test_first_reaction_needs_a_permission_that_joining_in_does_not(
    client: Client, sandbox: Sandbox, lacking: int
) -> None:
    message = await sandbox.say("ann", "hello")
    address = f"{reactions(client, message['id'])}/@me"
    sandbox.guild_setup.taken = lacking
    status, refusal = await client.rest("PUT", address)
    assert (status, refusal["code"]) == (403, 50013)
    sandbox.react(OWNER, int(message["id"]), CROSS)
    status, _ = await client.rest("PUT", address)
    assert status == (204 if lacking == ADD_REACTIONS else 403)


async def test_gateway_tells_who_reacted_to_whose_message(client: Client, sandbox: Sandbox) -> None:
    await client.connect()
    message = await sandbox.say("ann", "hello")
    sandbox.react("ben", int(message["id"]), CROSS)
    added = await client.event("MESSAGE_REACTION_ADD")
    ben, ann = (str(sandbox.people[name].id) for name in ("ben", "ann"))
    assert (added["user_id"], added["message_author_id"]) == (ben, ann)
    assert (added["member"]["user"]["id"], added["emoji"]["name"]) == (ben, CROSS)
    address = reactions(client, message["id"])
    await client.rest("PUT", f"{address}/@me")
    await client.rest("DELETE", f"{address}/@me")
    removed = await client.event("MESSAGE_REACTION_REMOVE")
    assert (removed["message_id"], "member" in removed) == (message["id"], False)
