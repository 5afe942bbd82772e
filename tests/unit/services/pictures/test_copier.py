"""From a link to a stored picture, or to the reason why there is none."""

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Collection, Generator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import cast

import pytest
import stamina
from structlog.testing import capture_logs

from domain.archive import StoredObject
from domain.errors import (
    AtelierError,
    ChannelUnavailable,
    DownloadFailed,
    FileTooLarge,
    ForbiddenLink,
    LinkExpired,
    NotAPicture,
    NotTranscoded,
    StoreRefused,
    StoreUnavailable,
    TooManyPixels,
)
from domain.events import GivenUp, PictureStored
from domain.generation import Problem, ProblemKind
from domain.messages import MessageSnapshot
from domain.reasons import Reason
from domain.slots import Slot
from services.pictures.copier import LONGEST_PAUSE, PASSING_SECONDS, TRIES, PictureCopier
from services.pictures.download import PictureFetcher, VerifiedPicture
from tests.builders import generation
from tests.fakes import FakeClock


class Fetcher:
    """Always has the picture."""

    @asynccontextmanager
    async def fetch(self, url: str) -> AsyncGenerator[VerifiedPicture]:
        yield VerifiedPicture(path=Path("picture.png"), sha256="0f", size=3, width=2, height=1)


class Images:
    """Fails in the given ways, one after the other, then stores."""

    def __init__(self, *failures: AtelierError) -> None:
        self.failures = list(failures)
        self.puts = 0

    async def put(self, key: str, source: Path) -> None:
        self.puts += 1
        if self.failures:
            raise self.failures.pop(0)

    async def url(self, key: str) -> str:
        return key

    def path(self, key: str) -> Path | None:
        return None

    def list_generations(self) -> AsyncIterator[frozenset[str]]:
        raise NotImplementedError

    async def list_objects(self, generation_id: str) -> list[StoredObject]:
        raise NotImplementedError

    async def delete(self, keys: Collection[str]) -> None:
        raise NotImplementedError

    async def close(self) -> None:
        """Hold nothing."""


class SteppingClock(FakeClock):
    """Lets the time of a sleep pass at once."""

    async def sleep(self, seconds: float) -> None:
        self.jump(seconds)


class Reader:
    """Knows no message."""

    async def read(self, message_id: int) -> MessageSnapshot | None:
        return None


@pytest.fixture(autouse=True)
def no_waiting() -> Generator[None]:
    with stamina.set_testing(testing=True, attempts=100, cap=True):
        yield


async def copied(
    images: Images,
    tell: Callable[[int], None] = lambda _: None,
    clock: FakeClock | None = None,
) -> PictureStored | GivenUp:
    async def delayed(number: int) -> None:
        tell(number)

    copier = PictureCopier(
        cast("PictureFetcher", Fetcher()), images, Reader(), clock or SteppingClock()
    )
    return await copier.copy(generation(), Slot.GRID, delayed)


@pytest.mark.parametrize("failure", [StoreUnavailable("away"), LinkExpired("old")], ids=repr)
async def test_what_may_pass_is_tried_again(failure: AtelierError) -> None:
    images = Images(failure)
    assert isinstance(await copied(images), PictureStored)
    assert images.puts == 2


async def test_an_image_store_that_is_away_is_waited_for_and_each_further_try_is_told() -> None:
    told: list[int] = []
    images = Images(*[StoreUnavailable("away")] * (TRIES * 4))
    with capture_logs() as logs:
        assert isinstance(await copied(images, told.append), PictureStored)
    assert images.puts == TRIES * 4 + 1
    assert [log["event"] for log in logs].count("storing_delayed") == 1
    assert told == list(range(2, TRIES * 4 + 2))


@pytest.mark.parametrize(
    ("failure", "problem"),
    [
        (StoreRefused("no such key"), Problem(ProblemKind.STORAGE, "grid: not_stored")),
        (FileTooLarge("raise the limit"), Problem(ProblemKind.STORAGE, "grid: too_large")),
        (
            TooManyPixels("8000 x 8000 pixels"),
            Problem(ProblemKind.BAD_PICTURE, "grid: too_many_pixels"),
        ),
    ],
    ids=repr,
)
async def test_what_will_not_change_ends_this_picture_at_once_and_nothing_else(
    failure: AtelierError, problem: Problem
) -> None:
    images = Images(failure)
    given_up = await copied(images)
    assert isinstance(given_up, GivenUp)
    assert given_up.problem == problem
    assert images.puts == 1


@pytest.mark.parametrize(
    ("failure", "reason"),
    [
        (LinkExpired("HTTP 404"), Reason.DEAD_LINK),
        (ForbiddenLink("elsewhere"), Reason.STRANGE_LINK),
        (NotAPicture("animated"), Reason.NOT_A_PICTURE),
    ],
    ids=repr,
)
async def test_what_keeps_a_picture_away_is_given_as_a_reason_and_not_as_english(
    failure: AtelierError, reason: Reason
) -> None:
    given_up = await copied(Images(*[failure] * TRIES))
    assert isinstance(given_up, GivenUp)
    assert given_up.problem == Problem(ProblemKind.BAD_PICTURE, f"grid: {reason}")


@pytest.mark.parametrize(
    ("failure", "reason"),
    [
        (DownloadFailed("TimeoutError"), Reason.NOT_LOADED),
        (NotTranscoded("it took too long"), Reason.NO_MEMORY),
        (ChannelUnavailable("message 1 cannot be read"), Reason.UNREACHABLE),
    ],
    ids=repr,
)
async def test_what_may_pass_is_tried_for_a_quarter_of_an_hour_and_told(
    failure: AtelierError, reason: Reason
) -> None:
    clock, told = SteppingClock(), list[int]()
    images = Images(*[failure] * 100)
    given_up = await copied(images, told.append, clock)
    assert isinstance(given_up, GivenUp)
    assert given_up.problem == Problem(ProblemKind.BAD_PICTURE, f"grid: {reason}")
    assert PASSING_SECONDS <= clock.monotonic() <= PASSING_SECONDS + LONGEST_PAUSE
    assert images.puts < 30
    assert told == list(range(2, images.puts + 1))


async def test_a_minute_without_network_costs_no_picture() -> None:
    """Troubles that pass count for nothing against a link that was dead in between."""
    failures: list[AtelierError] = [DownloadFailed("no network"), LinkExpired("old")] * (TRIES - 1)
    assert isinstance(await copied(Images(*failures)), PictureStored)
