"""Turns Supabase Storage's refusals into our errors.

It sends nearly all errors as HTTP 400, with the real status in the body. If the body is not its own
(a gateway's page), the status of the response counts.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

from storage3.exceptions import StorageApiError

from domain.errors import FileTooLarge, StoreRefused, StoreUnavailable
from services.storage import CONTENT_TYPE
from services.supabase import KEY, translated

UNAUTHORIZED, FORBIDDEN, NOT_FOUND, CONFLICT = 401, 403, 404, 409
TOO_LARGE, WRONG_TYPE = 413, 415
_LATER = frozenset({408, 423, 425, 429})  # 423: another client is writing the same object
_SERVERS_OWN = 500  # and above
WHERE = "in the Supabase dashboard, under Storage"
_REMEDIES = {
    UNAUTHORIZED: KEY,
    FORBIDDEN: "SUPABASE_KEY may not do that: it must be the project's secret key",
    NOT_FOUND: "the bucket {bucket} is not there: start again, which makes it",
    TOO_LARGE: "the bucket {bucket} takes no file of that size: raise its file size limit, or "
    f"the project's, {WHERE}",
    WRONG_TYPE: f"the bucket {{bucket}} does not take {CONTENT_TYPE}: allow that type in it",
}


def status_of(error: StorageApiError) -> int:
    """Return the real HTTP status; 0 if there is none."""
    text = str(error.status)
    return int(text) if text.isdecimal() else 0


@contextmanager
def explained(bucket: str) -> Generator[None]:
    """Turn the client's errors into `StoreUnavailable`, or `StoreRefused` with what to do."""
    try:
        with translated():
            try:
                yield
            except StorageApiError as error:
                raise _explanation(error, bucket) from error
    except (KeyError, TypeError, ValueError) as error:
        # The response lacks what the client expects: it came from another server.
        raise StoreUnavailable(
            f"Supabase's answer cannot be read: {type(error).__name__}"
        ) from error


def _explanation(error: StorageApiError, bucket: str) -> StoreRefused | StoreUnavailable:
    status = status_of(error)
    words = " ".join(f"{status} {error.code}: {error.message}".split())[:200]
    if status in _LATER or status == CONFLICT or status >= _SERVERS_OWN:
        return StoreUnavailable(f"Supabase Storage answers {words}")
    remedy = _REMEDIES.get(status, "Supabase Storage refuses").format(bucket=bucket)
    kind = FileTooLarge if status == TOO_LARGE else StoreRefused
    return kind(f"{remedy} ({words})")
