"""The bucket of the pictures: created if it is missing, and checked at the start."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import uuid4

from storage3.exceptions import StorageApiError
from storage3.types import BaseBucket

from domain.errors import FileTooLarge, StoreRefused
from services.storage import CONTENT_TYPE
from services.storage.supabase.refusals import (
    CONFLICT,
    NOT_FOUND,
    TOO_LARGE,
    WHERE,
    explained,
    status_of,
)
from services.supabase import Supabase

MAX_BYTES = 50_000_000
"""The limit per file: the most of Supabase's free plan. A grid in HD may come near it."""
_ENOUGH_BYTES = 32 * 1024 * 1024
"""What a bucket must take to be used at all: more than any picture but a grid in HD needs."""
_TYPES = frozenset({CONTENT_TYPE, "image/*"})
_MEGABYTES = f"{MAX_BYTES // 1_000_000} MB"
_PROJECTS_LIMIT = (
    "the Supabase project's own limit on the size of files is too low: raise its global file size "
    f"limit to {_MEGABYTES} {WHERE} settings"
)


async def prepare_bucket(project: Supabase, name: str, *, public: bool) -> list[str]:
    """Create the bucket if it is missing; return the problems, each with its solution.

    An existing bucket is never changed: who may see its content is not ours to decide. Raises
    `StoreUnavailable` if Supabase does not answer.
    """
    problems: list[str] = []
    try:
        found = await _find(project, name)
        if found:
            problems.extend(_problems(found, public=public))
        # Storage gives no bucket a limit above the project's: one that has its own needs no look.
        if found is None or found.file_size_limit is None:
            await _make(project, name, public=public, limit=_ENOUGH_BYTES if found else MAX_BYTES)
        if not problems:
            await _write(project, name)
    except StoreRefused as error:
        problems.append(f"{error}.")
    return problems


async def check_rules(project: Supabase, name: str, size: int) -> None:
    """Raise `StoreRefused` if the bucket is not there or refuses pictures of `size` bytes.

    That is `FileTooLarge` where the size is the reason. Raises `StoreUnavailable` if Supabase does
    not answer.
    """
    with explained(name):
        bucket = await project.client.storage.get_bucket(name)
    for reason in _refusals_of_size(bucket, size):
        raise FileTooLarge(reason)
    for reason in _refusals_of_type(bucket):
        raise StoreRefused(reason)


async def check_size(project: Supabase, name: str, size: int) -> None:
    """Raise `StoreRefused` if the bucket, or the project, takes no picture of `size` bytes."""
    with explained(name):
        bucket = await project.client.storage.get_bucket(name)
    for reason in _refusals_of_size(bucket, size):
        raise FileTooLarge(reason)
    if bucket.file_size_limit is None:
        await _make(project, name, public=bucket.public, limit=size)


async def _find(project: Supabase, name: str) -> BaseBucket | None:
    with explained(name):
        try:
            return await project.client.storage.get_bucket(name)
        except StorageApiError as error:
            if status_of(error) != NOT_FOUND:
                raise
    return None


async def _make(project: Supabase, name: str, *, public: bool, limit: int) -> None:
    """Create the bucket, unless it exists; raise `StoreRefused` if no bucket may have that limit.

    Storage compares the limit with the project's before it looks for the bucket. So this is also
    how to learn whether the project allows enough for a bucket that exists.
    """
    with explained(name):
        try:
            await project.client.storage.create_bucket(
                name,
                options={
                    "public": public,
                    "file_size_limit": limit,
                    "allowed_mime_types": [CONTENT_TYPE],
                },
            )
        except StorageApiError as error:
            if status_of(error) == TOO_LARGE:
                raise StoreRefused(_PROJECTS_LIMIT) from error
            if status_of(error) != CONFLICT:
                raise


def _problems(bucket: BaseBucket, *, public: bool) -> Iterator[str]:
    is_public = "public" if bucket.public else "private"
    if bucket.public != public:
        wanted = "public" if public else "private"
        setting = f"SUPABASE_BUCKET_PUBLIC={'true' if bucket.public else 'false'}"
        yield (
            f"The bucket {bucket.name} is {is_public}, but is to be {wanted}: "
            f"change it {WHERE}, or set {setting}."
        )
    for reason in (*_refusals_of_size(bucket, _ENOUGH_BYTES), *_refusals_of_type(bucket)):
        yield f"{reason}."


def _refusals_of_size(bucket: BaseBucket, size: int) -> Iterator[str]:
    if bucket.file_size_limit is not None and bucket.file_size_limit < size:
        yield (
            f"the bucket {bucket.name} takes files up to {bucket.file_size_limit} bytes only: "
            f"raise its file size limit to {_MEGABYTES} {WHERE}"
        )


def _refusals_of_type(bucket: BaseBucket) -> Iterator[str]:
    if bucket.allowed_mime_types and _TYPES.isdisjoint(bucket.allowed_mime_types):
        yield f"the bucket {bucket.name} does not take {CONTENT_TYPE}: allow it {WHERE}"


async def _write(project: Supabase, name: str) -> None:
    """Write a file and delete it, to check that the key allows it."""
    bucket = project.client.storage.from_(name)
    trial = f"trial-{uuid4()}.png"  # another process may be starting, too
    with explained(name):
        await bucket.upload(trial, b"\x89PNG", {"content-type": CONTENT_TYPE})
        await bucket.remove([trial])
