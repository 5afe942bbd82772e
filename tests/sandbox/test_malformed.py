"""Requests that no Discord client sends: they are refused as a bad form, but recorded."""

import asyncio
from collections.abc import Mapping
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox import Sandbox
from tests.sandbox.clients import FIRST_VERSION, IMAGINE, MIDJOURNEY, Client, Json

COMMAND = 2
PRESS = 3
MODAL = 5
FIELD = {"type": 4, "custom_id": "prompt", "value": "a cat"}
FORM = {"id": "7", "custom_id": "MJ::form", "components": ({"type": 1, "components": (FIELD,)},)}

MALFORMED: list[tuple[Json, str]] = [
    ({"type": [COMMAND]}, "type"),
    ({"type": "2"}, "type"),
    ({"type": None}, "type"),
    ({"data": [1]}, "data"),
    ({"data": {"options": [1]}}, "data.options.0"),
    ({"data": {"options": {"name": "prompt"}}}, "data.options"),
    ({"data": {"options": [{"name": "prompt"}]}}, "data.options.0.value"),
    ({"data": {"options": [{}, {"name": "prompt", "value": [1]}]}}, "data.options.1.value"),
    ({"type": PRESS, "message_id": "abc"}, "message_id"),
    ({"type": PRESS, "message_id": -1}, "message_id"),
    ({"type": MODAL, "data": {}}, "data.id"),
    ({"type": MODAL, "data": {"id": "9" * 21}}, "data.id"),
    ({"type": MODAL, "data": {"id": "7", "components": 1}}, "data.components"),
    (
        {"type": MODAL, "data": {"id": "7", "components": [{"components": [{}]}]}},
        "data.components.0.components.0.value",
    ),
]


@pytest.mark.parametrize(("changes", "field"), MALFORMED, ids=str)
async def test_a_malformed_field_is_named(
    client: Client, sandbox: Sandbox, changes: Json, field: str
) -> None:
    status, body = await client.interact(client.command("a cat") | changes)
    assert (status, body["code"]) == (400, 50035)
    found = body["errors"]
    for part in field.split("."):
        found = found[part]
    assert found["_errors"][0]["message"]
    assert [(asked.kind, asked.status) for asked in sandbox.interactions] == [("unknown", 400)]


NO_OBJECT = [b"{", b"[1]", b"\xff", b"[" * 100_000, rb'{"type": "\ud800"}']


@pytest.mark.parametrize("raw", NO_OBJECT, ids=lambda raw: raw[:9])
async def test_what_is_no_object_of_json_is_recorded(
    client: Client, sandbox: Sandbox, raw: bytes
) -> None:
    status, body = await client.rest("POST", "/interactions", data=raw)
    assert (status, body["code"]) == (400, 50109)
    assert [(asked.kind, asked.status) for asked in sandbox.interactions] == [("unknown", 400)]


async def test_an_answer_that_is_armed_waits_for_an_interaction_that_can_be_read(
    client: Client, sandbox: Sandbox
) -> None:
    sandbox.switches.answer_interaction.arm("captcha")
    await client.interact({"type": 9})
    await client.interact(client.command("a cat"))
    assert [asked.kind for asked in sandbox.interactions] == ["unknown", "imagine"]
    assert not any(asked.accepted for asked in sandbox.interactions)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


def near(good: Any) -> st.SearchStrategy[Any]:
    """Draw a value like that one, with some places changed."""
    whole: st.SearchStrategy[Any] = st.just(good)
    if isinstance(good, Mapping):
        parts = cast("Mapping[str, Any]", good).items()
        whole = st.fixed_dictionaries({name: near(part) for name, part in parts})
    elif isinstance(good, tuple):
        whole = st.tuples(*map(near, cast("tuple[Any, ...]", good)))
    return st.one_of(*[whole] * 7, JSON)


BODY = {"application_id": MIDJOURNEY, "nonce": "1", "message_id": "1", "message_flags": 0}
OPTION = {"type": 3, "name": "prompt", "value": "a cat"}
IMAGINE_IT = {"id": IMAGINE, "version": FIRST_VERSION, "name": "imagine", "options": (OPTION,)}
BODIES = st.one_of(
    near(BODY | {"type": COMMAND, "data": IMAGINE_IT}),
    near(BODY | {"type": PRESS, "data": {"custom_id": "MJ::x"}}),
    near(BODY | {"type": MODAL, "data": FORM}),
)


async def post(bodies: list[object]) -> None:
    async with Sandbox(speed=200, seed=7, picture_size=64) as sandbox, Client(sandbox) as client:
        await client.connect()
        place = {"guild_id": str(sandbox.guild_id), "channel_id": str(sandbox.channel_id)}
        here = place | {"session_id": client.session_id}
        statuses: list[int] = []
        for body in bodies:
            sent = cast("Json", body) | here if isinstance(body, dict) else body
            status, _ = await client.rest("POST", "/interactions", json=sent)
            assert status == 204 or 400 <= status < 500
            statuses.append(status)
        assert [asked.status for asked in sandbox.interactions] == statuses


@settings(deadline=None, max_examples=30)
@given(st.lists(BODIES, min_size=5, max_size=20))
def test_any_body_is_taken_or_refused_and_recorded(bodies: list[object]) -> None:
    asyncio.run(post(bodies))
