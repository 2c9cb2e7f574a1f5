"""Every locked package is listed in docs/licences.md under the licence it declares, and that licence suits us."""

from __future__ import annotations

import re
from email.message import Message
from importlib import metadata

import pytest
from packaging.markers import Marker

from tests.house.source import ROOT

PERMISSIVE = {"MIT", "MIT-0", "BSD-2-Clause", "BSD-3-Clause", "0BSD", "Apache-2.0", "ISC", "PSF-2.0"}
PERMISSIVE |= {"Unlicense", "ZPL-2.1", "Zlib", "CC0-1.0"}
WEAK_COPYLEFT = {"MPL-2.0", "LGPL-2.1-or-later", "LGPL-3.0-only", "LGPL-3.0-or-later"}
AT_RUN_TIME = PERMISSIVE | WEAK_COPYLEFT
IN_TESTS = AT_RUN_TIME | {"GPL-2.0-or-later", "GPL-3.0-or-later"}

# How packages without an SPDX expression say it, in their classifiers or in their licence field; the first that fits.
IN_OTHER_WORDS = [
    ("MIT", "MIT"),
    ("BSD", "BSD-3-Clause"),
    ("Apache", "Apache-2.0"),
    ("Mozilla Public License 2.0", "MPL-2.0"),
    ("Unlicense", "Unlicense"),
    ("ZPL 2.1", "ZPL-2.1"),
]


def locked(file: str) -> set[str]:
    return set(re.findall(r"^([A-Za-z0-9._-]+)==", (ROOT / file).read_text(), re.MULTILINE))


def table(heading: str) -> dict[str, str]:
    """The rows under a heading of docs/licences.md: {package: licence}."""
    section = (ROOT / "docs/licences.md").read_text().split(f"## {heading}\n")[1].split("\n## ")[0]
    rows = [line.strip("|").split("|") for line in section.splitlines() if line.startswith("|")]
    return {row[0].strip(): row[1].strip() for row in rows[2:]}


def declared(package: Message) -> str:
    """The licence a package declares, as SPDX; empty where it declares none that we can read."""
    expression = package.get("License-Expression")
    if expression:
        return expression
    said = [c for c in package.get_all("Classifier") or [] if c.startswith("License ::")]
    text = " ".join([*said, (package.get("License") or "").partition("\n")[0]])
    return next((spdx for words, spdx in IN_OTHER_WORDS if words in text), "")


def suits(licence: str, accepted: set[str]) -> bool:
    """Every part joined by AND must be accepted, of parts joined by OR one; nothing declared never suits."""
    parts = [part.split(" OR ") for part in licence.replace("(", "").replace(")", "").split(" AND ")]
    return all(any(one.strip() in accepted for one in part) for part in parts)


LOCK = (ROOT / "requirements-dev.txt").read_text()
RUNS = locked("requirements.txt")
TESTS = locked("requirements-dev.txt") - RUNS

# Packages whose metadata is silent, with the words of their own licence file that settle it.
BY_LICENCE_FILE = {"axe-playwright-python": ("MIT", "Permission is hereby granted, free of charge")}


def test_the_tables_name_what_is_locked_and_nothing_else():
    assert set(table("What runs")) == RUNS
    assert set(table("What tests")) == TESTS


@pytest.mark.parametrize("name", sorted(RUNS | TESTS))
def test_a_package_has_the_licence_we_say(name):
    listed = (table("What runs") | table("What tests"))[name]
    assert suits(listed, AT_RUN_TIME if name in RUNS else IN_TESTS)
    if not belongs_here(name):
        return
    package = metadata.distribution(name)
    if name in BY_LICENCE_FILE:
        licence, words = BY_LICENCE_FILE[name]
        assert words in licence_file(package)
        assert listed == licence
    else:
        assert listed == declared(package.metadata)


def belongs_here(name: str) -> bool:
    """False where every line of the lock for the package is for another platform or another Python."""
    markers = re.findall(rf"^{re.escape(name)}==\S+(?: ; (.*))? \\$", LOCK, re.MULTILINE)
    return any(not marker or Marker(marker).evaluate() for marker in markers)


def licence_file(package: metadata.Distribution) -> str:
    return next(file.read_text() for file in package.files or [] if file.name.startswith("LICEN"))


def test_what_we_ship_of_others_is_listed_and_carries_its_licence():
    folders = {path.name: path for path in (ROOT / "priority/static/vendor").iterdir() if path.is_dir()}
    assert set(table("What we ship of others")) == set(folders)
    for folder in folders.values():
        assert [path for path in folder.iterdir() if re.match(r"(?i)(OFL|LICEN[SC]E)", path.name)]


@pytest.mark.parametrize(
    ("licence", "fits"),
    [
        ("MIT", True),
        ("GPL-3.0-only", False),
        ("GPL-3.0-only OR MIT", True),
        ("MIT AND GPL-3.0-only", False),
        ("(MIT OR GPL-3.0-only) AND MPL-2.0", True),
        ("", False),
    ],
)
def test_a_licence_is_judged_by_all_its_parts(licence, fits):
    assert suits(licence, AT_RUN_TIME) is fits


@pytest.mark.parametrize(
    ("field", "words", "licence"),
    [
        ("Classifier", "License :: OSI Approved :: BSD License", "BSD-3-Clause"),
        ("License", "ZPL 2.1", "ZPL-2.1"),
        ("License", "Proprietary", ""),
    ],
)
def test_a_licence_is_read_from_what_a_package_says(field, words, licence):
    package = Message()
    package[field] = words
    assert declared(package) == licence
