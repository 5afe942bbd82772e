"""Nothing is too long to read at once; ruff checks how much a function does."""

import ast
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

LINES_OF_A_FILE = 350
LINES_OF_A_FUNCTION = 40
METHODS_OF_A_CLASS = 15
LARGER_CLASSES = {
    "GenerationStore": "all that is asked of the database, as one protocol",
    "SupabaseGenerationStore": "a method for each question of that protocol",
    "SqliteGenerationStore": "as above, with a private one for each transaction",
    "SqliteReader": "the questions among them",
    "StoreMachine": "a rule for each operation of a store",
    "MessagesApi": "a method for each route of Discord's REST interface for messages",
    "Gateway": "a method for each operation of the gateway",
    "Midjourney": "a method for each kind of request that Midjourney's bot takes",
    "Sandbox": "what tests and the demo do with the sandbox and ask of it, a line each",
    "Pen": "a method for each way to hold it, and for each kind of shape",
    "Orchestrator": "what everybody else does with the work and sees of it, a line each",
    "Replies": "a method for each fact that goes into a sentence",
    "DiscordConnection": "what the library tells of the gateway and the channel, a line each",
    "SimulatedWorld": "what a story does in the model and sees of it, a line each",
    "SimulatedMidjourney": "a method for each course that a job can take",
    "Troubles": "a method for each kind of trouble",
    "Invariants": "a method for each thing that must always hold",
    "MemoryStore": "a method for each question of the protocol of stores",
    "ChannelHarness": "what tests do in the channel and see of it, a line each",
}
"""Why they are not parted: each is one table of many small methods."""

ROOT = Path(__file__).parents[1]


def files() -> Iterator[Path]:
    yield from ROOT.glob("*.py")
    for folder in ROOT.glob("[!.]*/"):
        yield from folder.rglob("*.py")


@cache
def nodes() -> list[tuple[Path, ast.AST]]:
    """Return every function and class, in whatever it stands."""
    return [
        (path, node)
        for path in files()
        for node in statements(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    ]


def statements(node: ast.AST) -> Iterator[ast.AST]:
    """Yield every statement in a node, but no expression, which are most of what `walk` visits."""
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.expr):
            yield child
            yield from statements(child)


def functions() -> Iterator[tuple[str, int]]:
    """Return the name and the length of every function, those in classes and functions, too."""
    for path, node in nodes():
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{path.relative_to(ROOT)}: {node.name}", (node.end_lineno or 0) - node.lineno + 1


def classes() -> list[tuple[str, int]]:
    """Return the name of every class, and how many methods it has."""
    return [
        (node.name, sum(isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef) for n in node.body))
        for _, node in nodes()
        if isinstance(node, ast.ClassDef)
    ]


def test_no_file_is_long() -> None:
    lengths = {str(p.relative_to(ROOT)): len(p.read_text("utf-8").splitlines()) for p in files()}
    assert "bot.py" in lengths
    assert {name: n for name, n in lengths.items() if n > LINES_OF_A_FILE} == {}


def test_no_function_is_long() -> None:
    found = list(functions())
    assert "bot.py: main" in dict(found)
    assert [(name, length) for name, length in found if length > LINES_OF_A_FUNCTION] == []


def test_classes_with_many_methods_have_a_reason() -> None:
    larger = {name for name, methods in classes() if methods > METHODS_OF_A_CLASS}
    assert larger == LARGER_CLASSES.keys()


def test_no_two_classes_have_one_name() -> None:
    counts = Counter(name for name, _ in classes())
    assert [name for name, count in counts.items() if count > 1] == []
