"""The exit codes of the process."""

from enum import IntEnum


class Exit(IntEnum):
    """How the process ends."""

    DONE = 0
    FAILED = 1
    LEASE_HELD = 75
    STORE_REFUSED = 76
    TOKEN_REFUSED = 77
    SETTINGS_WRONG = 78
