"""What Atelier does, without what it says. `services.attach` gives a bot its services.

Nothing is imported before it is asked for: who needs one small service loads no other.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from services.atelier import Atelier, attach

__all__ = ["Atelier", "attach"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from services import atelier  # noqa: PLC0415 -- this is the point

    return getattr(atelier, name)
