"""A channel with months of history before anybody comes."""

from __future__ import annotations

from sandbox import Sandbox
from sandbox.past_messages import SPACING
from sandbox.snowflakes import seconds_of
from tests.sandbox.clients import MIDJOURNEY, Client


async def test_what_was_said_for_months_is_read_page_by_page() -> None:
    async with Sandbox(past_messages=150) as sandbox, Client(sandbox) as client:
        ids, jobs, page = [0], list[str](), list[object]()
        while len(ids) == 1 or page:
            path = f"{client.messages}?after={ids[-1]}&limit=100"
            _, page = await client.rest("GET", path)
            ids += [int(one["id"]) for one in reversed(page)]
            jobs += [
                one["attachments"][0]["filename"]
                for one in page
                if one["author"]["id"] == MIDJOURNEY
            ]
        assert ids == sorted(set(ids))
        assert len(ids) == 151
        assert len(set(jobs)) == 100
        assert 150 * SPACING <= sandbox.clock.now() - seconds_of(ids[1]) < 151 * SPACING
