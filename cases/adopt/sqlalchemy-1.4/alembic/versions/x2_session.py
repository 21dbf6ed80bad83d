"""session

Revision ID: x2
Revises: x1
Create Date: 2023-03-02 09:00:00
"""
import sqlalchemy as sa
from alembic import op
from sqlalchemy import orm

revision = "x2"
down_revision = "x1"

Base = orm.declarative_base()


class Thing(Base):
    __tablename__ = "things"
    id = sa.Column(sa.Integer, primary_key=True)
    note = sa.Column(sa.Text)
    length = sa.Column(sa.Integer)


def upgrade():
    with op.batch_alter_table("things") as batch:
        batch.add_column(sa.Column("length", sa.Integer))
        batch.alter_column("price", type_=sa.Numeric(12, 2), existing_type=sa.Numeric(10, 2))
        batch.create_check_constraint("price_is_positive", "price >= 0")
    session = orm.Session(bind=op.get_bind())
    for thing in session.query(Thing).order_by(Thing.id):
        thing.length = len(thing.note)
    session.flush()
    with session.begin_nested():
        session.add(Thing(note="added", length=5))
    try:
        with session.begin_nested():
            session.add(Thing(id=1, note="twice"))
            session.flush()
    except sa.exc.IntegrityError:
        pass
    session.commit()


def downgrade():
    op.execute("DELETE FROM things WHERE note = 'added'")
    with op.batch_alter_table("things") as batch:
        batch.drop_constraint("price_is_positive")
        batch.alter_column("price", type_=sa.Numeric(10, 2), existing_type=sa.Numeric(12, 2))
        batch.drop_column("length")
