"""Every page that anybody can reach in the demo is held to the laws of the house.

A visitor of each role follows every link from where their sign-in leads. Each page must parse as HTML5, have one h1, a
title, labelled fields, no id twice, a human's name and telephone number, nothing inline and nothing from elsewhere.
Looking at pages must change nothing in the database but a session's last-seen.
"""

from __future__ import annotations

import re
import warnings
from collections import deque
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

import html5lib
import pytest
from sqlalchemy import text

from priority.app import create_app
from priority.cli.demo import load_first
from priority.cli.doors import lines
from priority.database import commit
from priority.extensions import db
from tests.conftest import settings_in
from tests.web.conftest import Browser

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

    from flask import Flask

pytestmark = pytest.mark.slow
ENOUGH = 150  # pages a role; the demo has many proposals that look alike
OF_A_KIND = 8  # pages of one route a role: the demo has seven rounds
NO_LABEL_NEEDED = {"hidden", "submit", "button"}


@pytest.fixture(scope="module")
def demo(tmp_path_factory, migrated) -> Iterator[Flask]:
    """The application with the demo loaded."""
    folder = tmp_path_factory.mktemp("demo")
    (folder / "priority.db").write_bytes(migrated.read_bytes())
    app = create_app(settings_in(folder, environment="development", trusted_hosts=("127.0.0.1", "localhost")))
    with app.app_context():
        load_first()
        commit()
        app.config["DOORS"] = dict(_doors())
        commit()
        yield app
        db.session.remove()
        db.engine.dispose()


def _doors() -> Iterator[tuple[str, str]]:
    for line in lines("http://localhost"):
        found = re.match(r"\s+(\w+).*?http://localhost(/in/\S+)", line)
        if found:
            yield found.groups()


ROLES = ["nobody", "contributor", "panelist", "moderator", "coordinator", "researcher", "administrator"]


@pytest.mark.parametrize("role", ROLES)
def test_every_page_keeps_the_laws_of_the_house(demo, role):
    client, start = _come_in(demo, role)
    before = _contents()
    pages = dict(_walk(demo, client, start))
    print(f"\n{role}: {len(pages)} pages")
    assert pages
    found = [f"{path}: {fault}" for path, html in pages.items() for fault in faults(html)]
    assert not found, "\n".join(found[:30])
    assert _contents() == before


def test_every_route_was_looked_at(demo):
    """What no role can reach by following links is a dead end, or a page nobody asked for."""
    seen = set()
    for role in ROLES:
        client, start = _come_in(demo, role)
        db.session.execute(text('DELETE FROM "limit"'))
        db.session.commit()
        seen |= {_endpoint(demo, path) for path, _ in _walk(demo, client, start)}
    looked_at = {rule.endpoint for rule in demo.url_map.iter_rules() if "GET" in rule.methods}
    assert sorted(looked_at - seen) == sorted(NOT_LINKED)


# Reached in the course of acting, or without a link on purpose; the whole path of `tests/browser` walks them.
NOT_LINKED = {
    "static",
    "office.healthz",
    "office.inbox",  # in development only, named by `priority run`
    "entry.link",  # comes by mail
    "open.landing",  # comes with a newsletter, a poster, or a slip
    "open.mine",  # for guests, who have a code and no sign-in
    "admin.sorting",  # while an exercise is being sorted
    "admin.publish",  # once its last round has closed
    "answer.check",
    "answer.thanks",
    "answer.sort_page",
    "answer.order",
    "answer.why",  # after an answer that changed
    "answer.choose_page",  # the only round of choosing in the demo is closed, and none is of best and worst
    "answer.set_page",
    "answer.suggest",  # the round of the demo that takes suggestions is closed
    "moderate.reasons_page",  # nobody in the demo gave a reason, or suggested a question
    "moderate.suggestions_page",
    "moderate.suggestion",
    "answer.changes",  # before the first page of a round whose list changed
}


def _come_in(demo: Flask, role: str):
    client = Browser(demo)
    if role == "nobody":
        return client, "/"
    door = demo.config["DOORS"][role]
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(door).text).group(1)
    arrived = client.post(door, data={"csrf_token": token})
    assert arrived.status_code == 303, arrived.text
    return client, arrived.headers["Location"]


def _walk(demo: Flask, client, start: str) -> Iterator[tuple[str, str]]:
    """Every page that links lead to from `start`, a few of each route."""
    waiting, known, kinds = deque([start]), {start}, {}
    while waiting and len(known) < ENOUGH * 20:
        path = waiting.popleft()
        kind = _endpoint(demo, path)
        kinds[kind] = kinds.get(kind, 0) + 1
        if kinds[kind] > OF_A_KIND:
            continue
        answer = client.get(path)
        assert answer.status_code in {200, 302, 303}, f"{path}: {answer.status_code}"
        if answer.status_code != 200:
            links = [answer.headers["Location"]]
        elif answer.mimetype != "text/html":
            yield path, ""
            continue
        else:
            yield path, answer.text
            links = re.findall(r'<a\b[^>]*\bhref="([^"#]+)', answer.text)
        for link in links:
            target = urlsplit(urljoin(f"http://localhost{path}", link.replace("&amp;", "&")))
            address = target.path + (f"?{target.query}" if target.query else "")
            if target.netloc in {"localhost", "127.0.0.1:8000"} and address not in known and "/static/" not in address:
                known.add(address)
                waiting.append(address)


def _endpoint(demo: Flask, path: str) -> str:
    return demo.url_map.bind("localhost").match(urlsplit(path).path)[0]


def _contents() -> dict[str, list[tuple[object, ...]]]:
    """Everything in the database but when a session was last seen, and how often something was counted."""
    db.session.remove()
    tables = [table for table in db.metadata.tables if table not in {"session", "limit"}]
    return {table: db.session.execute(text(f'SELECT * FROM "{table}"')).fetchall() for table in tables}


# -- the laws --------------------------------------------------------------------------------------------------------
def faults(html: str) -> list[str]:
    """What is wrong with a page; nothing when all is well. Files have no faults of this kind."""
    if not html:
        return []
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tree = parser.parse(html)
    found = [f"line {where[0]}: {error}" for where, error, _ in parser.errors]
    everything = list(tree.iter())
    ids = [one.get("id") for one in everything if one.get("id")]
    found += [f"id twice: {one}" for one in sorted({one for one in ids if ids.count(one) > 1})]
    found += [f"points to no id: {one}" for one in _dangling(everything, set(ids))]
    headings = [one for one in everything if one.tag == "h1"]
    found += [] if len(headings) == 1 else [f"{len(headings)} h1"]
    title = next((one.text or "" for one in everything if one.tag == "title"), "")
    found += [] if re.search(r"\w.* – Priority$", title) else [f"title: {title!r}"]
    found += [f"no label: {one.get('name')}" for one in _unlabelled(tree, everything)]
    found += [f"inline: {one.tag}" for one in everything if any(k == "style" or k.startswith("on") for k in one.attrib)]
    found += ["inline script" for one in everything if one.tag == "script" and not one.get("src")]
    found += [] if 'href="tel:' in html else ["no telephone number"]
    found += [] if "Would you rather talk to a person?" in html else ["no human"]
    found += [f"POST without a token: {one.get('action')}" for one in everything if _is_bare_post(one)]
    found += ["'None' on the page"] if re.search(r">\s*None\s*<|value=\"None\"", html) else []
    return found


def _dangling(everything: list[Element], ids: set[str]) -> list[str]:
    wanted = [
        name
        for one in everything
        for attribute in ("for", "aria-describedby", "aria-labelledby", "aria-controls")
        for name in (one.get(attribute) or "").split()
    ]
    return [name for name in wanted if name not in ids]


def _unlabelled(tree: Element, everything: list[Element]) -> list[Element]:
    named = {one.get("for") for one in everything if one.tag == "label"}
    wrapped = {id(inner) for one in tree.iter("label") for inner in one.iter()}
    return [
        one
        for one in everything
        if one.tag in {"input", "select", "textarea"}
        and one.get("type") not in NO_LABEL_NEEDED
        and one.get("id") not in named
        and id(one) not in wrapped
        and not one.get("aria-label")
    ]


def _is_bare_post(one: Element) -> bool:
    if one.tag != "form" or (one.get("method") or "").lower() != "post":
        return False
    return not any(inner.get("name") == "csrf_token" for inner in one.iter("input"))


def test_the_laws_find_what_is_wrong():
    bad = (
        "<!doctype html><html lang=en><title>x</title><body onload=x><p id=a><p id=a><h1>One</h1><h1>Two</h1>"
        "<form method=post><input name=q><label for=nothing>x</label></form><script>1</script><b>None</b>"
    )
    said = "\n".join(faults(bad))
    for word in ("id twice", "no id", "2 h1", "title", "no label", "inline", "no telephone", "token", "None"):
        assert word in said
