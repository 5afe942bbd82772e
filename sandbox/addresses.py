"""The addresses of a sandbox, also for another process."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Protocol, Self


class Addresses(Protocol):
    """The addresses of a sandbox: of a `Sandbox`, or as `python -m sandbox` printed them."""

    @property
    def api_base(self) -> str:
        """Return the base URL of REST."""
        ...

    @property
    def gateway_url(self) -> str:
        """Return the URL of the gateway."""
        ...

    @property
    def cdn_base(self) -> str:
        """Return the base URL of attachments."""
        ...


@dataclass(frozen=True, slots=True)
class SandboxAddresses:
    """The addresses of a sandbox in another process."""

    api_base: str
    gateway_url: str
    cdn_base: str

    @classmethod
    def of(cls, sandbox: Addresses) -> Self:
        """Return those of this sandbox."""
        return cls(sandbox.api_base, sandbox.gateway_url, sandbox.cdn_base)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read what `as_json` returned."""
        return cls(**json.loads(text))

    def as_json(self) -> str:
        """Return them as text, for another process."""
        return json.dumps(asdict(self))
