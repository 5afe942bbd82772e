"""Makes HTML of what is shown. Everything is escaped; nothing is inline or from elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from domain.generation import Status
from services.gallery.addresses import ServedUrls, Urls
from services.gallery.source import Page, Wanted
from services.gallery.words.languages import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.gallery.records import Card, Opened

HERE = Path(__file__).parent
QUIET = frozenset({Status.COMPLETED})
"""States that a list does not mention."""


class Pages:
    """The pages in one language."""

    def __init__(self, language: str, prefix: str = "!", urls: Urls | None = None) -> None:
        """Load the templates; `urls` are the server's unless others are given.

        `prefix` is what the bot's commands begin with.
        """
        self._prefix = prefix
        self.words = LANGUAGES[language]
        self._environment = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._shared: dict[str, object] = {
            "words": self.words,
            "urls": urls or ServedUrls(),
            "quiet": QUIET,
        }

    def list(
        self,
        page: Page,
        wanted: Wanted,
        people: tuple[tuple[str, str], ...] = (),
        *,
        following: str | None = None,
        states: Sequence[str] = (),
    ) -> str:
        """Return a page of cards; `following` is the address of the next one.

        `people` and `states` can be chosen from.
        """
        return self._render(
            "list",
            page=page,
            wanted=wanted,
            people=people,
            next=following,
            states=states,
        )

    def card(self, card: Card) -> str:
        """Return one card alone, as it stands in a list."""
        return self._render("one_card", card=card)

    def opened(self, opened: Opened) -> str:
        """Return the page of one generation."""
        return self._render("opened", opened=opened)

    def login(self, form: str, wrong: str = "") -> str:
        """Return the page that asks for the password, or, without a `form` for it, for a link.

        `form` is where it leads, `wrong` what was wrong with the last try.
        """
        why = self.words.locked_why if form else self._for_a_link()
        return self._message(self.words.locked, why, form=form, wrong=wrong, locked=True)

    def not_found(self) -> str:
        """Return the page that says that there is nothing."""
        return self._message(self.words.not_found, self.words.not_found_why)

    def unavailable(self) -> str:
        """Return the page that says that the database does not answer."""
        return self._message(self.words.unavailable, self.words.unavailable_why)

    def _for_a_link(self) -> str:
        return self.words.ask_for_link.format(prefix=self._prefix)

    def _message(
        self, heading: str, why: str, *, form: str = "", wrong: str = "", locked: bool = False
    ) -> str:
        return self._render(
            "message", heading=heading, why=why, form=form, wrong=wrong, locked=locked
        )

    def _render(self, name: str, **facts: object) -> str:
        return self._environment.get_template(f"{name}.html").render(self._shared, **facts)
