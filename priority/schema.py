"""What every table shares: names of constraints, types of one kind, and the opaque public id."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

from sqlalchemy import JSON, DateTime, Enum, LargeBinary, MetaData, String, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, mapped_column
from sqlalchemy.types import TypeDecorator

from priority import clock, ids

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect

    from priority.words import Worded

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcTime(TypeDecorator[datetime]):
    """A moment, kept in UTC and given back with its zone; a time without a zone is refused."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """The moment as the database keeps it: in UTC, without a zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A time must have a zone.")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """The moment as the code sees it: with its zone."""
        return None if value is None else value.replace(tzinfo=UTC)


Json = JSON().with_variant(JSONB(), "postgresql")


def worded(kind: type[Worded]) -> Enum:
    """A column that holds one of an enum's values, held to them by a CHECK named after the enum."""
    name = re.sub(r"(?<!^)(?=[A-Z])", "_", kind.__name__).lower()
    return Enum(
        kind,
        native_enum=False,
        create_constraint=True,
        name=name,
        length=20,
        values_callable=lambda members: [member.value for member in members],
    )


Pk = Annotated[int, mapped_column(primary_key=True)]
PublicId = Annotated[str, mapped_column(String(26), unique=True, default=ids.new_public_id)]
Moment = Annotated[datetime, mapped_column(UtcTime)]
Created = Annotated[datetime, mapped_column(UtcTime, default=clock.now)]
Line = Annotated[str, mapped_column(String(300))]
Key = Annotated[str, mapped_column(String(40))]
LocaleCode = Annotated[str, mapped_column(String(12))]
Prose = Annotated[str, mapped_column(Text)]
Secret = Annotated[bytes, mapped_column(LargeBinary)]
Document = Annotated[dict[str, Any], mapped_column(Json)]


class Base(DeclarativeBase):
    """The base of every table."""

    metadata = MetaData(naming_convention=NAMES)
