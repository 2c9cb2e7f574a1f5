"""People: staff with roles, contributors, panelists, and the ways each of them comes in."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from priority.models.organisations import Exercise, StakeholderGroup
from priority.schema import Base, Created, Key, Line, LocaleCode, Moment, Pk, Prose, PublicId, Secret, worded
from priority.words import Channel, Letters, Purpose, RoleName, SessionKind


class Person(Base):
    """Somebody of the staff of an organisation. The address is kept encrypted and found by a keyed digest."""

    __tablename__ = "person"
    __table_args__ = (UniqueConstraint("organisation_id", "address_lookup"),)

    id: Mapped[Pk]
    public_id: Mapped[PublicId]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    name: Mapped[Line]
    address: Mapped[Secret]
    address_lookup: Mapped[Secret] = mapped_column(index=True)
    locale: Mapped[LocaleCode]
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[Created]

    roles: Mapped[list[Role]] = relationship(back_populates="person")


class Role(Base):
    """What a person may be: in the whole organisation, or in one exercise of it."""

    __tablename__ = "role"
    __table_args__ = (
        Index("uq_role_exercise", "person_id", "organisation_id", "exercise_id", "name", unique=True),
        Index(
            "uq_role_everywhere",
            "person_id",
            "organisation_id",
            "name",
            unique=True,
            sqlite_where=text("exercise_id IS NULL"),
            postgresql_where=text("exercise_id IS NULL"),
        ),
    )

    id: Mapped[Pk]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    exercise_id: Mapped[int | None] = mapped_column(ForeignKey("exercise.id"))
    name: Mapped[RoleName] = mapped_column(worded(RoleName))

    person: Mapped[Person] = relationship(back_populates="roles")


class Contributor(Base):
    """Somebody who proposes questions, with an e-mail address or only a return code."""

    __tablename__ = "contributor"

    id: Mapped[Pk]
    public_id: Mapped[PublicId]
    exercise_id: Mapped[int] = mapped_column(ForeignKey("exercise.id"), index=True)
    group_id: Mapped[int | None] = mapped_column(ForeignKey("stakeholder_group.id"))
    locale: Mapped[LocaleCode]
    channel: Mapped[Channel] = mapped_column(worded(Channel))
    letters: Mapped[Letters] = mapped_column(worded(Letters))
    address: Mapped[Secret | None]
    address_lookup: Mapped[Secret | None] = mapped_column(index=True)
    code_number: Mapped[int] = mapped_column(default=1)
    code_hash: Mapped[Secret] = mapped_column(unique=True)
    created_at: Mapped[Created]
    erased_at: Mapped[Moment | None]

    exercise: Mapped[Exercise] = relationship()
    group: Mapped[StakeholderGroup | None] = relationship()


class Panelist(Base):
    """An invited rater: one address, one salt, one group. Deactivated, not deleted, while a round is open.

    `salt` with the exercise's key gives the key of this person's ballots; without the salt nobody can work it out.
    Somebody with two roles has the key of an `other_group` until they have chosen whose view they give.
    """

    __tablename__ = "panelist"
    __table_args__ = (
        UniqueConstraint("exercise_id", "address_lookup"),
        UniqueConstraint("salt"),
        CheckConstraint("NOT active OR observer OR salt IS NOT NULL", name="active_has_salt"),
    )

    id: Mapped[Pk]
    public_id: Mapped[PublicId]
    exercise_id: Mapped[int] = mapped_column(ForeignKey("exercise.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    group_id: Mapped[int] = mapped_column(ForeignKey("stakeholder_group.id"))
    other_group: Mapped[Key | None]
    name: Mapped[Secret | None]
    address: Mapped[Secret | None]
    address_lookup: Mapped[Secret | None]
    salt: Mapped[Secret | None]
    locale: Mapped[LocaleCode]
    active: Mapped[bool] = mapped_column(default=True)
    observer: Mapped[bool] = mapped_column(default=False)
    link_number: Mapped[int] = mapped_column(default=1)
    link_hash: Mapped[Secret] = mapped_column(unique=True)
    code_hash: Mapped[Secret] = mapped_column(unique=True)
    created_at: Mapped[Created]
    erased_at: Mapped[Moment | None]

    exercise: Mapped[Exercise] = relationship()
    group: Mapped[StakeholderGroup] = relationship()


class Session(Base):
    """Somebody is signed in on a device. A panelist's session has a fixed end and never says when it was last seen."""

    __tablename__ = "session"
    __table_args__ = (
        CheckConstraint("kind = 'staff' OR last_seen_at IS NULL", name="only_staff_are_seen"),
        CheckConstraint(
            "(kind = 'staff' AND person_id IS NOT NULL AND panelist_id IS NULL AND contributor_id IS NULL) OR "
            "(kind = 'panelist' AND person_id IS NULL AND panelist_id IS NOT NULL AND contributor_id IS NULL) OR "
            "(kind = 'contributor' AND person_id IS NULL AND panelist_id IS NULL AND contributor_id IS NOT NULL)",
            name="belongs_to_one",
        ),
    )

    token_hash: Mapped[Secret] = mapped_column(primary_key=True)
    kind: Mapped[SessionKind] = mapped_column(worded(SessionKind))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    panelist_id: Mapped[int | None] = mapped_column(ForeignKey("panelist.id"), index=True)
    contributor_id: Mapped[int | None] = mapped_column(ForeignKey("contributor.id"), index=True)
    expires_at: Mapped[Moment]
    last_seen_at: Mapped[Moment | None]

    person: Mapped[Person | None] = relationship()
    panelist: Mapped[Panelist | None] = relationship()
    contributor: Mapped[Contributor | None] = relationship()


class SignInToken(Base):
    """A link that somebody asked for: single use and short-lived, unless `reusable`. Hashes only."""

    __tablename__ = "sign_in_token"
    __table_args__ = (
        CheckConstraint("(person_id IS NULL) <> (contributor_id IS NULL)", name="belongs_to_one"),
        CheckConstraint("tries BETWEEN 0 AND 10", name="tries"),
    )

    id: Mapped[Pk]
    public_id: Mapped[PublicId]
    token_hash: Mapped[Secret] = mapped_column(unique=True)
    code_hash: Mapped[Secret]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    contributor_id: Mapped[int | None] = mapped_column(ForeignKey("contributor.id"))
    tries: Mapped[int] = mapped_column(default=0)
    reusable: Mapped[bool] = mapped_column(default=False)
    expires_at: Mapped[Moment]
    used_at: Mapped[Moment | None]

    person: Mapped[Person | None] = relationship()
    contributor: Mapped[Contributor | None] = relationship()


class ConsentText(Base):
    """The exact words somebody agreed to; a new version is a new row."""

    __tablename__ = "consent_text"
    __table_args__ = (UniqueConstraint("exercise_id", "audience", "purpose", "locale", "version"),)

    id: Mapped[Pk]
    exercise_id: Mapped[int] = mapped_column(ForeignKey("exercise.id"))
    audience: Mapped[SessionKind] = mapped_column(worded(SessionKind))
    purpose: Mapped[Purpose] = mapped_column(worded(Purpose))
    locale: Mapped[LocaleCode]
    version: Mapped[int]
    text: Mapped[Prose]
    created_at: Mapped[Created]


class Consent(Base):
    """Somebody agreed to one purpose in the words of one text, and perhaps withdrew."""

    __tablename__ = "consent"
    __table_args__ = (CheckConstraint("(contributor_id IS NULL) <> (panelist_id IS NULL)", name="belongs_to_one"),)

    id: Mapped[Pk]
    text_id: Mapped[int] = mapped_column(ForeignKey("consent_text.id"))
    contributor_id: Mapped[int | None] = mapped_column(ForeignKey("contributor.id"), index=True)
    panelist_id: Mapped[int | None] = mapped_column(ForeignKey("panelist.id"), index=True)
    given_at: Mapped[Moment]
    withdrawn_at: Mapped[Moment | None]

    text: Mapped[ConsentText] = relationship()


class Interest(Base):
    """A declaration of interests that goes with a role or a place in the group."""

    __tablename__ = "interest"
    __table_args__ = (CheckConstraint("(role_id IS NULL) <> (panelist_id IS NULL)", name="belongs_to_one"),)

    id: Mapped[Pk]
    role_id: Mapped[int | None] = mapped_column(ForeignKey("role.id"))
    panelist_id: Mapped[int | None] = mapped_column(ForeignKey("panelist.id"))
    text: Mapped[Prose]
    declared_at: Mapped[Moment]
