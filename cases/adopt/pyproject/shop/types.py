import sqlalchemy as sa

MOOD = sa.Enum("good", "bad", name="mood")
