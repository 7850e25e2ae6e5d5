"""The declarative base, constraint names and column types that both databases share."""

from typing import Annotated

from sqlalchemy import BigInteger, Integer, MetaData, String, Text
from sqlalchemy.orm import DeclarativeBase, mapped_column


class Base(DeclarativeBase):
    """The base of every table. Times are BIGINT milliseconds, ids are BIGINT."""

    metadata = MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
        }
    )


Id = Annotated[int, mapped_column(BigInteger, primary_key=True, autoincrement=False)]
"""A primary key that the server drew (`kernel/ids.py`)."""
Ref = Annotated[int, mapped_column(BigInteger)]
"""An id of another row."""
Ms = Annotated[int, mapped_column(BigInteger)]
"""Milliseconds since 1970 UTC."""
Count = Annotated[int, mapped_column(BigInteger)]
"""A number that only the server makes: seq, ev, rev."""
Word = Annotated[str, mapped_column(String(64))]
"""A short word of our own: a role, a kind, a code."""
Words = Annotated[str, mapped_column(Text)]
"""Text of any length."""
RowNumber = Annotated[
    int,
    mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
]
"""A number that the database draws, rising with insertion."""
