"""Models of SQLModel, of two classes that share columns."""

import enum
import uuid
from datetime import datetime
from decimal import Decimal
from typing import List, Optional

from sqlalchemy import JSON, Column, DateTime, Index, func
from sqlmodel import Field, Relationship, SQLModel


class Rank(str, enum.Enum):
    low = "low"
    high = "high"


class Named(SQLModel):
    name: str = Field(index=True, max_length=40)
    rank: Rank = Rank.low


class Team(Named, table=True):
    id: Optional[int] = Field(default=None, primary_key=True)
    heroes: List["Hero"] = Relationship(back_populates="team")


class Hero(Named, table=True):
    __table_args__ = (Index("hero_rank", "rank", postgresql_where="rank = 'high'"), {"schema": "people"})

    id: uuid.UUID = Field(default_factory=uuid.uuid4, primary_key=True)
    team_id: Optional[int] = Field(default=None, foreign_key="team.id", ondelete="CASCADE")
    wage: Decimal = Field(default=0, max_digits=8, decimal_places=2, unique=True)
    facts: dict = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    born: Optional[datetime] = Field(default=None, sa_type=DateTime(timezone=True), sa_column_kwargs={"server_default": func.now()})
    team: Optional[Team] = Relationship(back_populates="heroes")
