"""Reads the numbers off the results page, as a person would."""

from __future__ import annotations

import html
import re

ROW = re.compile(r'<tr data-key="(?P<key>[^"]+)">(?P<cells>.*?)</tr>', re.DOTALL)
CELL = re.compile(r"<t[dh][^>]*>(.*?)</t[dh]>", re.DOTALL)
ITEM = re.compile(
    r'<span class="place num">(?P<place>\d+).*?<div class="ranked__question"><p[^>]*>(?P<text>.*?)</p>', re.DOTALL
)
REGION = '<div class="scroll" tabindex="0" role="region" aria-label="{}">'


def plain(markup):
    """The text of a piece of HTML."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", markup)).split())


def ranked(page):
    """Places and questions of the list, in the order of the page."""
    return [(int(item["place"]), plain(item["text"])) for item in ITEM.finditer(page)]


def table(page, name):
    """By question key the cells of a named table, as text."""
    _before, found, after = page.partition(REGION.format(name))
    assert found, f"there is no table {name!r}"
    rows = ROW.finditer(after.partition("</table>")[0])
    return {row["key"]: [plain(cell) for cell in CELL.findall(row["cells"])] for row in rows}
