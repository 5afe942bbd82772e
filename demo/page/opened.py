"""The page of a running demo."""

from __future__ import annotations

from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING

from demo.actions import ACTIONS
from demo.bot_settings import COMMAND_PREFIX
from demo.page.actions import Actions
from demo.page.databases import SqliteView
from demo.page.feed import About, PageFeed, Sources
from demo.page.parts import Control
from demo.page.server import page_served
from demo.page.store_outage import SECONDS, locked_file, locked_project, store_outage
from sandbox.people import ACCOUNT
from sandbox.troubles import TroublePanel
from services.stores import DATABASE

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from pathlib import Path

    from yarl import URL

    from demo.bot_process import DemoBot
    from demo.page.parts import DatabaseView
    from demo.project import Project
    from demo.session import DemoSession


@asynccontextmanager
async def open_page(stage: DemoSession, data: Path, project: Project | None) -> AsyncGenerator[URL]:
    """Serve the page until the block ends; `data` is where everything is without a project."""
    sandbox, panel = stage.sandbox, TroublePanel(stage.sandbox)
    people = [name for name, who in sandbox.people.items() if name != ACCOUNT and not who.bot]
    about = About(
        prefix=COMMAND_PREFIX,
        gallery=stage.bot.gallery,
        people=people,
        controls=[*_controls(stage.bot), _outage(data, project)],
    )
    database = _database(data, project)
    feed = PageFeed(sandbox, Sources(database=database, bot=stage.bot, troubles=panel), about)
    stage.bot.subscribe(feed.look)
    try:
        async with page_served(feed, Actions(sandbox, panel, about)) as url:
            yield url
    finally:
        await database.close()


def _database(data: Path, project: Project | None) -> DatabaseView:
    if project is None:
        return SqliteView(data / DATABASE)
    from demo.page.project_view import ProjectView  # noqa: PLC0415 -- its client takes a second

    return ProjectView(project.url, project.key)


def _outage(data: Path, project: Project | None) -> Control:
    if project is None:
        return store_outage(partial(locked_file, data / DATABASE), SECONDS)
    return store_outage(partial(locked_project, project.database), SECONDS)


def _controls(bot: DemoBot) -> list[Control]:
    return [
        Control(
            name=action.name,
            title=action.title,
            outcome=action.outcome,
            run=partial(action.run, bot),
        )
        for action in ACTIONS
    ]
