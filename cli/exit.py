"""The exit codes of the process, and how what prints ends."""

import os
import sys
from collections.abc import Callable
from enum import IntEnum


class Exit(IntEnum):
    """How the process ends."""

    DONE = 0
    FAILED = 1
    LEASE_HELD = 75
    STORE_REFUSED = 76
    TOKEN_REFUSED = 77
    SETTINGS_WRONG = 78


def unless_nobody_reads(prints: Callable[[], int]) -> int:
    """Run what prints; end without a word where its reader has had enough, such as `head`."""
    try:
        code = prints()
        sys.stdout.flush()
    except BrokenPipeError:
        # The interpreter flushes once more at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.FAILED
    return code
