"""What every file of the project keeps to: small modules, finished work, pages without inline code, clean locks."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

from tests.house.source import ROOT, Module, modules

LONGEST_MODULE = 400
LONGEST_FUNCTION = 60  # without its docstring, which may hold a published table
LOCKS = ("requirements.txt", "requirements-dev.txt")

UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b|\bNotImplementedError\b|^\s*except( Exception)?:\s*(pass)?$")

INLINE = {
    "markup that nobody escaped": re.compile(r"\|\s*safe\b|\bautoescape\s+false"),
    "an inline script": re.compile(r"<script(?![^>]*\ssrc=)", re.IGNORECASE),
    "an inline style": re.compile(r"<style\b|(?<![-\w])style\s*=", re.IGNORECASE),
    "an inline event handler": re.compile(r"\son[a-z]+\s*=\s*[\"']", re.IGNORECASE),
    "a javascript: address": re.compile(r"javascript:", re.IGNORECASE),
}

# The project speaks of itself alone: no paths of a machine it was written on, no private address of a registry.
ELSEWHERE = re.compile(r"(?<![\w.])/(work|root|opt)/|/home/\w+/|--(extra-)?index-url|--find-links|file://")

LOCK_LINE = re.compile(
    r"^(?P<package>[a-z0-9._-]+==[A-Za-z0-9.!+_-]+( ; [^\\#]+)? \\"
    r"|    --hash=sha256:[0-9a-f]{64}( \\)?)$",
)


def tracked(*patterns: str) -> list[Path]:
    """The files of the project: those git knows, and new ones that it does not ignore."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", *patterns],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [path for name in sorted(set(listed.stdout.split("\0"))) if name and (path := ROOT / name).is_file()]


def text_of(path: Path) -> str:
    """The text of a file, empty for pictures and fonts."""
    content = path.read_bytes()
    return "" if b"\0" in content else content.decode()


def long_functions(module: Module) -> list[str]:
    return [
        f"{module.name}:{node.lineno} {node.name}"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and lines_of_code(node) > LONGEST_FUNCTION
    ]


def lines_of_code(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    first = function.body[0]
    docstring = (first.end_lineno or 0) - first.lineno + 1 if ast.get_docstring(function) else 0
    return (function.end_lineno or 0) - function.lineno + 1 - docstring


def unfinished(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if UNFINISHED.search(line)]


def inline_code(text: str) -> list[str]:
    without_comments = re.sub(r"\{#.*?#\}", "", text, flags=re.DOTALL)
    return [what for what, pattern in INLINE.items() if pattern.search(without_comments)]


@pytest.mark.parametrize("module", modules(), ids=lambda module: module.name)
def test_a_module_can_be_read_at_a_sitting(module):
    assert len(module.text.splitlines()) <= LONGEST_MODULE
    assert long_functions(module) == []


@pytest.mark.parametrize("module", modules(), ids=lambda module: module.name)
def test_a_module_holds_no_unfinished_work(module):
    assert unfinished(module.text) == []


@pytest.mark.parametrize(
    "page",
    [str(path.relative_to(ROOT)) for path in tracked("templates", "priority/**/*.html", "priority/**/*.svg")],
)
def test_a_template_has_no_inline_code_and_escapes_what_people_wrote(page):
    found = inline_code((ROOT / page).read_text())
    if page.startswith("templates/mail/"):
        found = [what for what in found if what != "an inline style"]  # mail programs read no style sheet
    assert found == []


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_names_versions_markers_and_hashes_only(lock):
    text = (ROOT / lock).read_text()
    assert [line for line in text.splitlines() if not LOCK_LINE.match(line)] == []
    assert text.count("==") > 10


def test_the_lock_of_the_tests_agrees_with_the_lock_that_runs():
    versions = [set(re.findall(r"^(\S+==\S+.*) \\$", (ROOT / lock).read_text(), re.MULTILINE)) for lock in LOCKS]
    assert versions[0] <= versions[1]


def test_every_wanted_package_is_locked():
    wanted = re.findall(r"^([A-Za-z][\w.-]*)", (ROOT / "requirements.in").read_text(), re.MULTILINE)
    assert {f"{name.lower()}==" for name in wanted} <= set(
        re.findall(r"^\S+?==", (ROOT / "requirements.txt").read_text(), re.MULTILINE)
    )


def test_the_project_speaks_of_itself_alone():
    said = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in tracked()
        if path != Path(__file__)
        for number, line in enumerate(text_of(path).splitlines(), 1)
        if ELSEWHERE.search(line)
    ]
    assert said == []


def test_make_lists_every_command():
    makefile = (ROOT / "Makefile").read_text()
    phony = set(re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE).group(1).split())
    told = subprocess.run(["make", "--no-print-directory"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert set(re.findall(r"^make (\w+)", told, re.MULTILINE)) == phony


@pytest.mark.parametrize(
    "line", ["x = 1  # TODO: more", "    except Exception:", "    except: pass", "raise NotImplementedError"]
)
def test_unfinished_work_is_caught(line):
    assert unfinished(line)


@pytest.mark.parametrize(
    "markup",
    [
        "{{ words|safe }}",
        "<script>go()</script>",
        '<p style="color: red">',
        "<style>p {}</style>",
        '<button onclick="go()">',
        '<a href="javascript:go()">',
    ],
)
def test_inline_code_is_caught(markup):
    assert inline_code(markup)


@pytest.mark.parametrize(
    "markup",
    [
        '<script type="module" src="/static/js/rank.js"></script>',
        '<div data-style="x" class="safe">{{ words }}</div>',
        "{# never words|safe here #}",
        '<p>Your question = "on hold"</p>',
    ],
)
def test_clean_markup_passes(markup):
    assert inline_code(markup) == []


def test_a_long_function_is_caught():
    body = "\n".join(["    x = 1"] * LONGEST_FUNCTION)
    assert long_functions(Module("a", f"def short():\n    return 1\n\n\ndef long():\n{body}\n")) == ["a:5 long"]


def test_a_docstring_does_not_make_a_function_long():
    table = "\n".join(["    1 2 3"] * LONGEST_FUNCTION)
    assert long_functions(Module("a", f'def told():\n    """A table.\n\n{table}\n    """\n    return 1\n')) == []


@pytest.mark.parametrize(
    "line", ["flask==3.1.3", "--index-url https://example.org/simple", "    # via flask", "flask>=3 \\"]
)
def test_a_foreign_line_in_a_lock_is_caught(line):
    assert not LOCK_LINE.match(line)


PARTS_OF_A_DECISION = ["Context", "Decision", "Consequences", "Source", "What would change our mind"]


def test_every_decision_is_listed_numbered_and_whole():
    folder = ROOT / "docs/decisions"
    records = sorted(path.name for path in folder.glob("[0-9]*.md"))
    assert [int(name[:4]) for name in records] == list(range(1, len(records) + 1))
    assert re.findall(r"^\| \[\d{4}\]\((\S+)\)", (folder / "README.md").read_text(), re.MULTILINE) == records
    for name in records:
        text = (folder / name).read_text()
        assert re.match(rf"# {name[:4]}: \S", text), name
        assert re.findall(r"^## (.*)$", text, re.MULTILINE) == PARTS_OF_A_DECISION, name


def test_every_link_between_documents_leads_somewhere():
    broken = [
        f"{path.relative_to(ROOT)}: {target}"
        for path in tracked("*.md", "docs/**/*.md")
        for target in re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", path.read_text())
        if not (path.parent / target).exists()
    ]
    assert broken == []
