"""What Atelier does, without what it says: the services behind the cogs."""

from services.atelier import Atelier, attach

__all__ = ["Atelier", "attach"]
