"""What Atelier does, without what it says: the services behind the cogs."""

from services.atelier import Atelier, attach

VERSION = "0.1.0"
"""The same as in pyproject.toml; the project runs from its folder and is not installed."""

__all__ = ["VERSION", "Atelier", "attach"]
