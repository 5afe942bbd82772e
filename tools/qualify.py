"""Rewrites a module of the tree so that it works as part of the package `atelier`.

Only names of modules change, where they stand; every line keeps its number.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator

PACKAGE = "atelier"
_PROGRAM = "python bot.py"
_LOGGERS = {"get_logger", "getLogger"}
_Change = tuple[int, int, bytes]
"""From which byte of the source to which, and what stands there instead."""


class CannotQualify(Exception):
    """An import has a form that would bind another name inside the package."""


def qualified(source: str, modules: Collection[str]) -> str:
    """Return the source with all that names one of our modules naming it inside the package.

    `modules` are the full names of all of them, packages too. Imports change, and texts: names of
    modules, names of loggers, and how the program is called. Raises `CannotQualify`.
    """
    data = source.encode()
    starts = [0]
    for line in data.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    changes = list(_Qualifier(data, starts, modules).all_changes(ast.parse(source)))
    for begin, end, text in sorted(changes, reverse=True):
        data = data[:begin] + text + data[end:]
    return data.decode()


class _Qualifier:
    """The changes to one module."""

    def __init__(self, data: bytes, starts: list[int], modules: Collection[str]) -> None:
        self._data = data
        self._starts = starts
        self._modules = set(modules)
        self._tops = {name.partition(".")[0] for name in modules}

    def all_changes(self, tree: ast.Module) -> Iterator[_Change]:
        """Yield them in no order; they do not overlap."""
        for node in ast.walk(tree):
            match node:
                case ast.ImportFrom(level=0, module=str(name)) if self._is_ours(name):
                    begin, end = self._span(node)
                    found = re.compile(rb"from\s+").match(self._data, begin, end)
                    assert found is not None  # noqa: S101 -- the parser has seen it
                    yield found.end(), found.end(), f"{PACKAGE}.".encode()
                case ast.Import(names=names):
                    yield from self._of_import(node, names)
                case ast.Call(args=[ast.Constant(value=str(name)) as text, *_]) if ast.unparse(
                    node.func
                ).rpartition(".")[2] in _LOGGERS and self._is_ours(name):
                    yield self._in_text(text, name, f"{PACKAGE}.{name}")
                case ast.Constant(value=str(name)) if "." in name and name in self._modules:
                    yield self._in_text(node, name, f"{PACKAGE}.{name}")
                case ast.Constant(value=str(text)) if _PROGRAM in text:
                    yield self._in_text(node, _PROGRAM, PACKAGE)
                case _:
                    pass

    def _of_import(self, node: ast.Import, names: list[ast.alias]) -> Iterator[_Change]:
        """`import config` is `from atelier import config`, as the name `config` must be bound."""
        if not any(self._is_ours(alias.name) for alias in names):
            return
        begin, end = self._span(node)
        parent, _, name = f"{PACKAGE}.{names[0].name}".rpartition(".")
        if len(names) > 1 or ("." in names[0].name and names[0].asname is None):
            raise CannotQualify(f"line {node.lineno}: {ast.unparse(node)}")
        alias = "" if names[0].asname is None else f" as {names[0].asname}"
        yield begin, end, f"from {parent} import {name}{alias}".encode()

    def _in_text(self, node: ast.Constant, old: str, new: str) -> _Change:
        begin, end = self._span(node)
        literal = self._data[begin:end]
        if old.encode() not in literal:
            raise CannotQualify(f"line {node.lineno}: {old!r} is written in parts")
        return begin, end, literal.replace(old.encode(), new.encode())

    def _is_ours(self, name: str) -> bool:
        return name.partition(".")[0] in self._tops

    def _span(self, node: ast.stmt | ast.expr) -> tuple[int, int]:
        assert node.end_lineno is not None  # noqa: S101 -- the parser always says where it ends
        assert node.end_col_offset is not None  # noqa: S101 -- as above
        return (
            self._starts[node.lineno - 1] + node.col_offset,
            self._starts[node.end_lineno - 1] + node.end_col_offset,
        )
