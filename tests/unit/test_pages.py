"""The documentation matches the code: log lines, statuses, modules, links."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.commands import parse
from domain.generation import Status

ROOT = Path(__file__).parents[2]
PAGES = (*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *(ROOT / "tests").rglob("README.md"))
LOGGED = re.compile(r'log\.(\w+)\(\s*"(\w+)"')
COMMAND = re.compile(r"bot\.py ([a-z]+)((?: [^`\s#;&|()]+)*)")
RESERVED = {"at", "level", "event", "time", "logger", "exception"}
"""What `services/logs.py` itself puts into a line."""
LINK = re.compile(r"\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)")


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def modules(*folders: str) -> list[Path]:
    return [path for folder in folders for path in (ROOT / folder).rglob("*.py")]


def logged() -> Iterator[tuple[str, str]]:
    """Return the level and the name of every line that the program can log."""
    for path in (ROOT / "bot.py", *modules("cli", "cogs", "services")):
        for found in LOGGED.finditer(path.read_text(encoding="utf-8")):
            yield found[1], found[2]


def fields() -> Iterator[str]:
    """Return the name of every field that a line is given."""
    for path in (ROOT / "bot.py", *modules("cli", "cogs", "services")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(func=ast.Attribute(value=ast.Name("log")), keywords=given):
                    yield from (each.arg for each in given if each.arg)
                case _:
                    pass


def test_no_field_takes_the_place_of_what_every_line_has() -> None:
    names = set(fields())
    assert "gen" in names
    assert names & RESERVED == set()


@pytest.mark.parametrize("name", sorted({n for at, n in logged() if at in {"warning", "error"}}))
def test_every_warning_and_error_is_explained(name: str) -> None:
    assert f"`{name}`" in read("docs/reliability.md")


def test_every_line_that_is_named_can_be_logged() -> None:
    """What else looks like the name of a line is a status, or the table of events."""
    named = set(re.findall(r"`([a-z]+(?:_[a-z]+)+)`", read("docs/reliability.md")))
    assert named - {*Status, "generation_events"} <= {name for _, name in logged()}


@pytest.mark.parametrize("page", ["docs/reliability.md", "docs/architecture.md"])
def test_every_status_has_a_row(page: str) -> None:
    rows = re.findall(r"^\| `(\w+)` \|", read(page), re.MULTILINE)
    assert [row for row in rows if row in set(Status)] == list(Status)


@pytest.mark.parametrize("folder", ["domain", "services", "cli", "cogs"])
def test_every_module_has_its_place(folder: str) -> None:
    chapter = read("docs/architecture.md").split(f"### {folder}\n")[1].split("\n#")[0]
    own = {path.stem for path in (ROOT / folder).glob("*.py")} - {"__init__"}
    assert set(re.findall(r"`(\w+)`", chapter.split("| --- |")[1])) >= own


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    for target, anchor in LINK.findall(page.read_text(encoding="utf-8")):
        path = page.parent / target if target else page
        assert path.exists()
        if anchor:
            assert anchor in {slug(title) for title in headings(path)}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_command_can_be_typed(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, arguments in COMMAND.findall(page.read_text(encoding="utf-8")):
        with pytest.raises(SystemExit, match="0"):
            parse([name, "--help"])
        if words := arguments.replace("[", "").replace("]", "").split():
            assert parse([name, *words]).command == name


def test_files_to_edit_are_there() -> None:
    named = re.findall(r"`([\w./]+/[\w./]+|\w+\.md|\.env\.example)`", read("docs/midjourney.md"))
    assert len(named) > 20
    assert [name for name in named if not (ROOT / name).exists()] == []


def headings(page: Path) -> list[str]:
    return re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)


def slug(title: str) -> str:
    """Return GitHub's anchor for a heading."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")
