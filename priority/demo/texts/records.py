"""What the texts of the demo exercise are, as plain frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from priority.words import Channel, Destination, Letters, ProposalKind, ReasonSide


@dataclass(frozen=True)
class InThree:
    """The same words in the three languages of the exercise."""

    en: str
    sv: str
    fr: str

    def of(self, locale: str) -> str:
        """The words in one language; KeyError for any other than en, sv and fr."""
        return {"en": self.en, "sv": self.sv, "fr": self.fr}[locale]


class Reach(StrEnum):
    """How a contributor can be reached."""

    EMAIL = "email"
    CODE = "code"  # by nothing but the return code they keep themselves
    LETTER = "letter"
    TELEPHONE = "telephone"


@dataclass(frozen=True)
class Association:
    """An invented association: the host of the exercise or a partner in it."""

    key: str
    name: str
    place: str
    role: str
    about: InThree


@dataclass(frozen=True)
class Person:
    """Somebody of the staff. Contacts and the safeguarding contact have a telephone and hours, the others none."""

    key: str
    name: str
    role: str
    association: str
    locale: str
    email: str
    telephone: str | None
    hours: InThree | None


@dataclass(frozen=True)
class Partner:
    """A body outside the exercise that some texts may be passed on to, when their writers say yes."""

    name: str
    locale: str
    about: str


@dataclass(frozen=True)
class Exercise:
    """What the exercise says of itself, the people it names, and its lists of themes, stages, groups and sides."""

    title: InThree
    introduction: InThree
    run_by: InThree
    example_notice: InThree
    associations: tuple[Association, ...]
    people: tuple[Person, ...]
    partners: tuple[Partner, ...]
    themes: dict[str, InThree]
    stages: dict[str, InThree]
    groups: dict[str, InThree]
    members: dict[str, InThree]
    sides: dict[str, InThree]

    def person(self, key: str) -> Person:
        """The person of that key; StopIteration where there is none."""
        return next(person for person in self.people if person.key == key)

    def people_of(self, role: str) -> tuple[Person, ...]:
        """Everybody with a role: contact, safeguarding, moderator, coordinator, researcher or administrator."""
        return tuple(person for person in self.people if person.role == role)


@dataclass(frozen=True)
class Question:
    """A summary question as the team wrote it; `twin` and `arises_from` name other questions by key."""

    key: str
    number: int
    theme: str
    stage: str
    short: InThree
    text: InThree
    background: InThree
    twin: str | None
    arises_from: str | None


@dataclass(frozen=True)
class Contributor:
    """Somebody who sent texts. `letters` was chosen at sending; a bereaved person stops all letters afterwards."""

    number: int
    locale: str
    group: str
    reach: Reach
    letters: Letters
    erased: bool
    bereaved: bool


@dataclass(frozen=True)
class Part:
    """A stretch of a text, characters `start` to `end`, and where it goes.

    A part for research names its questions. Every other road has an owner (the key of a person) and a sentence in the
    writer's language; an answer already known has its four lines and a source, another partner has a name.
    """

    start: int
    end: int
    text: str
    destination: Destination
    questions: tuple[str, ...]
    owner: str | None
    sentence: str | None
    answer: tuple[str, ...]
    source: str | None
    partner: str | None


@dataclass(frozen=True)
class Softened:
    """A translation that lost the feeling of the original, and one that keeps it."""

    locale: str
    softened: str
    faithful: str


@dataclass(frozen=True)
class Proposal:
    """A text as it was sent. `objects_to` is the question its writer did not want to be joined to."""

    key: str
    contributor: int
    locale: str
    group: str
    theme: str
    stage: str
    kind: ProposalKind
    channel: Channel
    on_behalf: bool
    safeguarding: bool
    objects_to: str | None
    softened: Softened | None
    text: str
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Reason:
    """Why somebody of a side answered high or low in the first round; `locale` is the language it was written in."""

    question: str
    side: str
    stance: ReasonSide
    locale: str
    text: str


@dataclass(frozen=True)
class Layer:
    """What a person agrees to, in one language: a title, its sentences, what follows them, and one button."""

    title: str
    sentences: tuple[str, ...]
    after: str | None
    button: str

    @property
    def words(self) -> int:
        """How many words there are to read, title and button included."""
        return len(" ".join([self.title, *self.sentences, self.after or "", self.button]).split())


@dataclass(frozen=True)
class Section:
    """A heading with its paragraphs."""

    heading: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True)
class SafePage:
    """The page "How your answers are kept safe", in English."""

    title: str
    lead: str
    sections: tuple[Section, ...]


@dataclass(frozen=True)
class DemoTexts:
    """Everything that the demo exercise says and was told; `consent` and `answering` are by locale."""

    exercise: Exercise
    questions: tuple[Question, ...]
    contributors: tuple[Contributor, ...]
    proposals: tuple[Proposal, ...]
    reasons: tuple[Reason, ...]
    consent: dict[str, Layer]
    answering: dict[str, Layer]
    safe_page: SafePage
