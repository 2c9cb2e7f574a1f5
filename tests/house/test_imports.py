"""Imports only point down, and what chance, time and identity are is passed in. The table is the plan of the house."""

from __future__ import annotations

import ast
import sys
from graphlib import CycleError, TopologicalSorter

import pytest

from tests.house.source import Import, Module, imports, modules

FOUNDATIONS = {"foundations", "words"}

# A room, and the rooms it may import besides itself. The order is the picture's, from the bottom to the top.
MAY_IMPORT: dict[str, set[str]] = {
    "aggregation": set(),
    "words": set(),
    "foundations": {"words"},
    "models": FOUNDATIONS,
    "policy": {"models"} | FOUNDATIONS,
    "adapters": {"models"} | FOUNDATIONS,
    "queries": {"models", "aggregation", "policy"} | FOUNDATIONS,
    "services": {"models", "aggregation", "adapters", "policy", "queries"} | FOUNDATIONS,
    "exports": {"queries", "aggregation"} | FOUNDATIONS,
    "web": {"services", "queries", "policy", "exports"} | FOUNDATIONS,
    "app": {"web", "services", "queries", "policy", "exports", "adapters", "models"} | FOUNDATIONS,
    "demo": {"services", "queries"} | FOUNDATIONS,
    "jobs": {"services", "queries"} | FOUNDATIONS,
    "cli": {"services", "queries", "exports", "demo", "jobs", "app"} | FOUNDATIONS,
}

# Rooms that the type checker alone may look into: a guard's annotation names what it loaded, and asks it nothing.
FOR_TYPES_ONLY: dict[str, set[str]] = {room: {"models"} for room in ("web", "demo", "cli")}

# Modules directly in `priority/` that are not a room of that name.
FOUNDATION_MODULES = {
    "clock",
    "config",
    "contact",
    "database",
    "errors",
    "extensions",
    "ids",
    "keys",
    "moments",
    "schema",
    "texts",
}

HTTP = {"flask", "flask_wtf", "wtforms", "werkzeug"}
DATABASE = {"sqlalchemy", "flask_sqlalchemy", "alembic", "sqlite3"}
STATISTICS = {"numpy", "scipy"}

# Libraries that a room must do without.
REFUSED_LIBRARIES: dict[str, set[str]] = {
    "words": HTTP | DATABASE | STATISTICS,
    "models": HTTP | STATISTICS,
    "policy": HTTP | STATISTICS,
    "services": HTTP,
    "queries": HTTP,
    "exports": HTTP | DATABASE,
    "web": DATABASE | STATISTICS,
}

# What a room may take from a library it is refused: a busy or stale database becomes a page in plain words.
EXCEPTIONS_OF_LIBRARIES: dict[str, tuple[str, ...]] = {"web": ("sqlalchemy.exc.", "sqlalchemy.orm.exc.")}

# Libraries besides Python's own that a room may use at all; other rooms are free within the table above.
ONLY_LIBRARIES: dict[str, set[str]] = {
    "aggregation": {"numpy", "scipy", "pyarrow"},  # the last an extra, imported where a Parquet file is opened
    "words": {"flask_babel"},
    "models": {"sqlalchemy"},
}

AT_THE_TOP = {"web", "app", "cli", "demo", "jobs"}

# What nobody below the top asks of the world: it is passed in, or comes from `clock.now()`.
ASKED_OF_THE_WORLD = {
    "datetime.datetime.now": "the time is clock.now()",
    "datetime.datetime.utcnow": "the time is clock.now()",
    "datetime.datetime.today": "the time is clock.now()",
    "datetime.date.today": "the time is clock.now()",
    "time.time": "the time is clock.now()",
    "flask_login.current_user": "the person is passed in",
}
SEEDED = {"default_rng", "Generator", "BitGenerator", "SeedSequence", "PCG64", "Philox", "RandomState"}


def room_of(name: str) -> str | None:
    """The room a dotted name of ours lies in; None for the package `priority` itself and for libraries."""
    package, _, rest = name.partition(".")
    if package == "aggregation":
        return "aggregation"
    part = rest.partition(".")[0]
    if package != "priority":
        return None
    return "foundations" if part in FOUNDATION_MODULES else part if part in MAY_IMPORT else None


def library_of(name: str) -> str | None:
    """The library a dotted name comes from; None for ours and for Python's own."""
    top = name.partition(".")[0]
    return None if top in sys.stdlib_module_names or top in {"priority", "aggregation"} else top


def broken_rules(module: Module) -> list[str]:
    """One sentence for each import or call of a module that the plan of the house refuses."""
    room = room_of(module.name)
    if room is None:
        return [] if module.name == "priority" else [f"{module.name} lies in no room of the house"]
    found = [
        f"{module.name}:{name.line} {room} may not import {name.name}"
        for name in imports(module)
        if _refuses(room, name)
    ]
    return found if room in AT_THE_TOP or module.name == "priority.clock" else [*found, *_asks_the_world(module)]


def _refuses(room: str, name: Import) -> bool:
    target, library = room_of(name.name), library_of(name.name)
    if target:
        visible = FOR_TYPES_ONLY.get(room, set()) if name.for_types_only else set()
        return target not in {room} | MAY_IMPORT[room] | visible
    if library and not name.name.startswith(EXCEPTIONS_OF_LIBRARIES.get(room, ("-",))):
        return library in REFUSED_LIBRARIES.get(room, set()) or library not in ONLY_LIBRARIES.get(room, {library})
    return False


def _asks_the_world(module: Module) -> list[str]:
    known = _full_names(module)
    said = []
    for node in ast.walk(module.tree):
        if not isinstance(node, ast.Name | ast.Attribute):
            continue
        name = _written_out(ast.unparse(node), known)
        if name in ASKED_OF_THE_WORLD:
            said.append(f"{module.name}:{node.lineno} {name}: {ASKED_OF_THE_WORLD[name]}")
        if _is_global_chance(name):
            said.append(f"{module.name}:{node.lineno} {name}: chance comes in as `rng`")
    return said


def _full_names(module: Module) -> dict[str, str]:
    """What a name in the module stands for: {"np": "numpy", "datetime": "datetime.datetime"}."""
    known = {}
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            known |= {
                a.asname or a.name.partition(".")[0]: a.name if a.asname else a.name.partition(".")[0]
                for a in node.names
            }
        if isinstance(node, ast.ImportFrom) and not node.level:
            known |= {a.asname or a.name: f"{node.module}.{a.name}" for a in node.names}
    return known


def _written_out(name: str, known: dict[str, str]) -> str:
    first, dot, rest = name.partition(".")
    return known.get(first, first) + dot + rest


def _is_global_chance(name: str) -> bool:
    for library in ("numpy.random.", "random."):
        if name.startswith(library):
            asked = name.removeprefix(library).partition(".")[0].partition("(")[0]
            return asked not in SEEDED | {"Random", "SystemRandom"}
    return False


@pytest.mark.parametrize("module", modules(), ids=lambda module: module.name)
def test_every_module_keeps_to_the_plan_of_the_house(module):
    assert broken_rules(module) == []


def test_the_plan_itself_only_points_down():
    order = list(TopologicalSorter(MAY_IMPORT).static_order())
    assert set(order) == set(MAY_IMPORT)


def test_no_modules_import_each_other_in_a_circle():
    ours = {module.name for module in modules()}
    graph = {module.name: set(_runtime_imports(module, ours)) - {module.name} for module in modules()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as circle:
        pytest.fail(" imports ".join(reversed(circle.args[1])))


def _runtime_imports(module, ours):
    for name in imports(module):
        if not name.for_types_only:
            target = name.name if name.name in ours else name.name.rpartition(".")[0]
            if target in ours:
                yield target


REFUSED = [
    ("aggregation.borda", "import pandas"),
    ("aggregation.borda", "from priority import words"),
    ("aggregation.borda", "import numpy as np\nnp.random.shuffle([1])"),
    ("aggregation.borda", "from numpy import random\nrandom.rand()"),
    ("aggregation.borda", "from random import shuffle\nshuffle([1])"),
    ("priority.words", "from priority import clock"),
    ("priority.words", "import sqlalchemy"),
    ("priority.models.rounds", "from priority.services import rounds"),
    ("priority.models.rounds", "from ..services.rounds import close"),
    ("priority.models.rounds", "from flask import current_app"),
    ("priority.models.rounds", "import numpy"),
    ("priority.services.rounds", "from flask_wtf import FlaskForm"),
    ("priority.services.rounds", "from priority.web import guard"),
    ("priority.services.rounds", "from priority import exports"),
    ("priority.services.rounds", "import datetime as d\nd.datetime.now()"),
    ("priority.services.rounds", "from datetime import datetime, UTC\nwhen = datetime.now(UTC)"),
    ("priority.services.rounds", "from datetime import date\ndate.today()"),
    ("priority.services.rounds", "from flask_login import current_user\nwho = current_user"),
    ("priority.queries.report", "from priority.services.rounds import close"),
    ("priority.queries.report", "def late():\n    import priority.web.guard"),
    ("priority.web.admin.views", "from priority.models import Exercise"),
    ("priority.web.admin.views", "from sqlalchemy import select"),
    ("priority.web.admin.views", "import numpy as np"),
    ("priority.web.admin.views", "from priority.adapters import mail"),
    ("priority.web.admin.views", "from aggregation import jla"),
    ("priority.clock", "from priority.models import Exercise"),
    ("priority.helpers", "x = 1"),
]

ALLOWED = [
    (
        "aggregation.borda",
        "import numpy as np\nfrom scipy import stats\nimport math\nfrom aggregation.errors import Refused",
    ),
    ("aggregation.bootstrap", "import numpy as np\nrng = np.random.default_rng(7)"),
    ("aggregation.bootstrap", "def draw(rng: 'np.random.Generator'):\n    return rng.random()"),
    ("priority.clock", "from datetime import datetime, UTC\ndatetime.now(UTC)"),
    (
        "priority.models.rounds",
        "from sqlalchemy import select\nfrom priority import words\nfrom priority.schema import Base",
    ),
    (
        "priority.services.rounds",
        "from flask_babel import gettext\nfrom priority import clock\nfrom aggregation import jla",
    ),
    (
        "priority.web.admin.views",
        "from flask import request\nfrom priority.services import rounds\nimport datetime\ndatetime.date.today()",
    ),
    (
        "priority.web.guard",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from priority.models import Person",
    ),
    ("priority.web.errors", "from sqlalchemy.exc import OperationalError"),
    ("priority.cli", "from priority.app import create_app"),
]


@pytest.mark.parametrize(("name", "text"), REFUSED)
def test_a_forbidden_line_is_caught(name, text):
    assert len(broken_rules(Module(name, text))) == 1


@pytest.mark.parametrize(("name", "text"), ALLOWED)
def test_a_fitting_line_passes(name, text):
    assert broken_rules(Module(name, text)) == []


def test_an_import_for_the_type_checker_is_held_to_the_plan_as_well():
    text = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from priority.web import guard"
    assert len(broken_rules(Module("priority.models.rounds", text))) == 1
