"""The project's own source, read as trees: what the tests of the house look at."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
PACKAGES = ("priority", "aggregation")


@dataclass(frozen=True)
class Module:
    """One file of Python: its dotted name, its text, and whether it is a package's `__init__`."""

    name: str
    text: str
    is_package: bool = False

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, self.name)


@dataclass(frozen=True)
class Import:
    """One imported name in full, `priority.models.Exercise`, and whether only the type checker follows it."""

    name: str
    line: int
    for_types_only: bool = False


def modules() -> list[Module]:
    """Every module of both packages."""
    return [module_of(path) for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]


def module_of(path: Path) -> Module:
    parts = path.relative_to(ROOT).with_suffix("").parts
    is_package = parts[-1] == "__init__"
    return Module(".".join(parts[:-1] if is_package else parts), path.read_text(), is_package)


def imports(module: Module) -> list[Import]:
    """Every import of a module, wherever it stands; relative ones are written out in full."""
    typed = {id(node) for block in _type_checking_blocks(module.tree) for node in ast.walk(block)}
    return [
        Import(name, node.lineno, id(node) in typed) for node in ast.walk(module.tree) for name in _names(node, module)
    ]


def _type_checking_blocks(tree: ast.Module) -> Iterator[ast.stmt]:
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
            yield from node.body


def _names(node: ast.AST, module: Module) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [f"{_origin(node, module)}.{alias.name}" for alias in node.names]
    return []


def _origin(node: ast.ImportFrom, module: Module) -> str:
    if not node.level:
        return node.module or ""
    package = module.name.split(".") if module.is_package else module.name.split(".")[:-1]
    package = package[: len(package) - node.level + 1]
    return ".".join([*package, *filter(None, [node.module])])
