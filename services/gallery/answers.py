"""The headers of every answer, and the two kinds of answers that have no file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

if TYPE_CHECKING:
    from yarl import URL

_SECURITY = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",  # with none, forms would not say that they are ours
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex",
}
_PRIVATE = {"Cache-Control": "private, no-cache"}


class Answers:
    """Makes answers that let a browser load our own files and pictures, and nothing else."""

    def __init__(self, bucket: str) -> None:
        """`bucket` is the origin of pictures that are not here; empty for none."""
        pictures = f"'self' {bucket}".rstrip()
        self.headers = _SECURITY | {
            "Content-Security-Policy": (
                f"default-src 'none'; img-src {pictures}; style-src 'self'; script-src 'self'; "
                "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
            )
        }

    def page(self, text: str, status: int = 200) -> web.Response:
        """Return a page."""
        return web.Response(
            text=text, status=status, content_type="text/html", headers=self.headers | _PRIVATE
        )

    def redirect(self, to: URL) -> web.Response:
        """Return the way to another page of ours."""
        headers = self.headers | _PRIVATE | {"Location": str(to)}
        return web.Response(status=303, headers=headers)
