"""The words of the demo exercise: its questions, the texts people sent, its consent and its names, as plain values.

`load_texts` reads the TOML files beside this module and touches no database. Everything in them is made up.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from priority.demo.texts.records import (
    Association,
    Contributor,
    DemoTexts,
    Exercise,
    InThree,
    Layer,
    Part,
    Partner,
    Person,
    Proposal,
    Question,
    Reach,
    Reason,
    SafePage,
    Section,
    Softened,
)
from priority.words import Channel, Destination, Letters, ProposalKind, ReasonSide

__all__ = [
    "Association",
    "Contributor",
    "DemoTexts",
    "Exercise",
    "InThree",
    "Layer",
    "Part",
    "Partner",
    "Person",
    "Proposal",
    "Question",
    "Reach",
    "Reason",
    "SafePage",
    "Section",
    "Softened",
    "load_texts",
]

Table = dict[str, Any]


@cache
def load_texts() -> DemoTexts:
    """Every text of the demo exercise; ValueError where a part is not a stretch of its text."""
    exercise, consent = _read("exercise"), _read("consent")
    contributors = tuple(_contributor(row) for row in _read("contributors")["contributors"])
    writers = {contributor.number: contributor for contributor in contributors}
    known = InThree(**exercise["already_known"])
    return DemoTexts(
        exercise=_exercise(exercise),
        questions=tuple(_question(number, row) for number, row in enumerate(_read("questions")["question"], 1)),
        contributors=contributors,
        proposals=tuple(_proposal(row, writers[row["contributor"]], known) for row in _read("proposals")["proposal"]),
        reasons=tuple(_reason(row) for row in _read("reasons")["reason"]),
        consent={locale: _layer(row) for locale, row in consent["contributor"].items()},
        answering={locale: _layer(row) for locale, row in consent["answering"].items()},
        safe_page=_safe_page(consent["safe_page"]),
    )


def _read(name: str) -> Table:
    """One of the files beside this module."""
    return tomllib.loads(files(__name__).joinpath(f"{name}.toml").read_text("utf-8"))


def _exercise(table: Table) -> Exercise:
    """What the exercise says of itself."""
    return Exercise(
        title=InThree(**table["title"]),
        introduction=InThree(**table["introduction"]),
        run_by=InThree(**table["run_by"]),
        example_notice=InThree(**table["example_notice"]),
        associations=tuple(Association(**{**row, "about": InThree(**row["about"])}) for row in table["association"]),
        people=tuple(_person(row) for row in table["person"]),
        partners=tuple(Partner(**row) for row in table["partner"]),
        themes=_names(table["themes"]),
        stages=_names(table["stages"]),
        groups=_names(table["groups"]),
        members=_names(table["members"]),
        sides=_names(table["sides"]),
    )


def _names(table: Table) -> dict[str, InThree]:
    """Keys with their names in three languages, in the order of the file."""
    return {key: InThree(**names) for key, names in table.items()}


def _person(row: Table) -> Person:
    """Somebody of the staff, with or without a telephone."""
    hours = InThree(**row["hours"]) if "hours" in row else None
    return Person(**{"telephone": None, **row, "hours": hours})


def _question(number: int, row: Table) -> Question:
    """One summary question, its three languages turned from rows into columns."""
    return Question(
        key=row["key"],
        number=number,
        theme=row["theme"],
        stage=row["stage"],
        short=_column(row, "short"),
        text=_column(row, "text"),
        background=_column(row, "background"),
        twin=row.get("twin"),
        arises_from=row.get("arises_from"),
    )


def _column(row: Table, field: str) -> InThree:
    """One field of a question in its three languages."""
    return InThree(en=row["en"][field], sv=row["sv"][field], fr=row["fr"][field])


def _contributor(row: Table) -> Contributor:
    """Somebody who sent texts."""
    known = {**row, "reach": Reach(row["reach"]), "letters": Letters[row["letters"].upper()]}
    return Contributor(**{"erased": False, "bereaved": False, **known})


def _proposal(row: Table, writer: Contributor, known: InThree) -> Proposal:
    """A text with its parts; language and group are its writer's."""
    return Proposal(
        key=row["key"],
        contributor=writer.number,
        locale=writer.locale,
        group=writer.group,
        theme=row["theme"],
        stage=row["stage"],
        kind=ProposalKind[row["kind"].upper()],
        channel=Channel[row["channel"].upper()],
        on_behalf=row.get("on_behalf", False),
        safeguarding=row.get("safeguarding", False),
        objects_to=row.get("objects_to"),
        softened=Softened(**row["softened"]) if "softened" in row else None,
        text=row["text"],
        parts=_parts(row["text"], row["part"], known.of(writer.locale)),
    )


def _parts(text: str, rows: list[Table], known: str) -> tuple[Part, ...]:
    """The parts of a text in order, each found after the one before; a part without words of its own is the whole."""
    parts: list[Part] = []
    for row in rows:
        words = row.get("text", text)
        start = text.index(words, parts[-1].end if parts else 0)
        parts.append(_part(row, words, start, known))
    return tuple(parts)


def _part(row: Table, words: str, start: int, known: str) -> Part:
    """One stretch of a text and its road; an answer already known is brought with the same sentence every time."""
    destination = Destination[row["destination"].upper()]
    return Part(
        start=start,
        end=start + len(words),
        text=words,
        destination=destination,
        questions=tuple(row.get("questions", ())),
        owner=row.get("owner"),
        sentence=known if destination is Destination.ALREADY_KNOWN else row.get("sentence"),
        answer=tuple(row.get("answer", ())),
        source=row.get("source"),
        partner=row.get("partner"),
    )


def _reason(row: Table) -> Reason:
    """A reason for a high or a low answer."""
    return Reason(**{**row, "stance": ReasonSide[row["stance"].upper()]})


def _layer(row: Table) -> Layer:
    """What a person agrees to, in one language."""
    sentences = row["facts"] if "facts" in row else row["sentences"]
    return Layer(title=row["title"], sentences=tuple(sentences), after=row.get("after"), button=row["button"])


def _safe_page(row: Table) -> SafePage:
    """The page about how answers are kept safe."""
    sections = tuple(Section(part["heading"], tuple(part["paragraphs"])) for part in row["section"])
    return SafePage(title=row["title"], lead=row["lead"], sections=sections)
