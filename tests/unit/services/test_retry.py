"""The log line of a retry: what is tried again, and nothing of what it was called with."""

from __future__ import annotations

import json
from collections.abc import Generator

import pytest
import stamina

from domain.errors import StoreUnavailable
from services.retry import when_available
from tests.unit.services.log_harness import configured


class FlakyStore:
    """Does not answer the first time."""

    def __init__(self) -> None:
        self.calls = 0

    async def create_generation(self, prompt: str, *, fence: int) -> str:
        self.calls += 1
        if self.calls == 1:
            raise StoreUnavailable("the disk is full")
        return f"{prompt} {fence}"


@pytest.fixture(autouse=True)
def at_once() -> Generator[None]:
    with stamina.set_testing(testing=True, attempts=2):
        yield


@pytest.mark.usefixtures("logs_as_before")
async def test_a_retry_is_logged_by_the_name_of_what_failed_without_its_arguments() -> None:
    stream = configured("json")
    assert await when_available(FlakyStore().create_generation, "a secret fox", fence=7)
    (line,) = map(json.loads, stream.getvalue().splitlines())
    line.pop("time")
    assert line == {
        "at": "warning",
        "event": "trying_again",
        "what": "FlakyStore.create_generation",
        "failures": 1,
        "seconds": 0.0,
        "error": "StoreUnavailable",
        "why": "the disk is full",
    }


@pytest.mark.usefixtures("logs_as_before")
async def test_a_function_of_a_function_has_a_name_too() -> None:
    stream, store = configured("json"), FlakyStore()

    async def put() -> None:
        await store.create_generation("", fence=1)

    await when_available(put)
    (line,) = map(json.loads, stream.getvalue().splitlines())
    assert line["what"].endswith("a_name_too.put")
