"""Models that use what PostgreSQL's dialect knows, for SQLAlchemy 1.4 and 2."""

import enum

import sqlalchemy
from sqlalchemy import (
    DDL,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Computed,
    Date,
    DateTime,
    Enum,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    Interval,
    LargeBinary,
    MetaData,
    Numeric,
    Sequence,
    SmallInteger,
    String,
    Table,
    Text,
    Time,
    UniqueConstraint,
    cast,
    desc,
    event,
    func,
    literal_column,
    text,
)
from sqlalchemy.dialects.postgresql import (
    ARRAY,
    BIT,
    CIDR,
    ENUM,
    INET,
    INT4RANGE,
    JSONB,
    MACADDR,
    TSTZRANGE,
    TSVECTOR,
    UUID,
    ExcludeConstraint,
)
from sqlalchemy.orm import declarative_base, relationship

CONVENTION = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
Base = declarative_base(metadata=MetaData(naming_convention=CONVENTION))
tenant = MetaData(schema="tenant")
plain = MetaData()
every = [Base.metadata, tenant, plain]


def of_newer(**options):
    """What 1.4 does not know."""
    return options if sqlalchemy.__version__ >= "2" else {}


class Mood(enum.Enum):
    glad = "Glad"
    sad = "it's sad"


class Room(Base):
    __tablename__ = "rooms"
    __table_args__ = (
        CheckConstraint("size > 0 AND name NOT LIKE '100%'", name="size"),
        UniqueConstraint("name", "size", **of_newer(postgresql_include=["mood"])),
        UniqueConstraint("size", "code", name="late", deferrable=True, initially="DEFERRED"),
        dict({"comment": "the hotel's, all 100% of them"}, **of_newer(postgresql_with={"fillfactor": 70})),
    )
    id = Column(BigInteger, Identity(always=True, start=100, increment=5, cycle=True), primary_key=True)
    name = Column(String(40), nullable=False, index=True, comment="what's on the door")
    code = Column(String(8), server_default=text("upper('x')"), unique=True)
    size = Column(Numeric(8, 2), server_default="1.5", nullable=False)
    double = Column(Numeric(9, 2), Computed("size * 2", persisted=True))
    mood = Column(Enum(Mood, name="mood", values_callable=lambda moods: [mood.value for mood in moods]))
    open = Column(Boolean(name="is_open", create_constraint=True), server_default=text("true"))
    tags = Column(ARRAY(Text, dimensions=2), server_default="{}")
    extra = Column(JSONB(none_as_null=True), server_default=text("'{\"a\": \"b:c%\"}'::jsonb"))
    key = Column(UUID(as_uuid=True), server_default=func.gen_random_uuid())
    words = Column(TSVECTOR, Computed("to_tsvector('english', name)", persisted=True))
    bookings = relationship("Booking", back_populates="room")


Index("rooms_words", Room.words, postgresql_using="gin", postgresql_with={"fastupdate": "off"})
Index("rooms_lower", func.lower(Room.name), postgresql_ops={"lower_1": "text_pattern_ops"})
Index("rooms_open", desc(Room.size), Room.name, postgresql_where=Room.open.is_(True), unique=True)
Index("rooms_cover", Room.code, postgresql_include=["name"])
Index("rooms_extra", Room.extra, postgresql_using="gin", postgresql_ops={"extra": "jsonb_path_ops"})
Index("rooms_cast", cast(Room.code, Text), text("(extra ->> 'a')"))


class Booking(Base):
    __tablename__ = "bookings"
    __table_args__ = (
        ExcludeConstraint(
            (literal_column("int4range(room_id::int, room_id::int, '[]')"), "&&"),
            ("during", "&&"),
            name="no_overlap",
            using="gist",
            where=text("NOT cancelled"),
            deferrable=True,
        ),
        {"prefixes": ["UNLOGGED"]},
    )
    id = Column(Integer, Sequence("booking_ids", start=10, increment=2, minvalue=10), primary_key=True)
    room_id = Column(
        ForeignKey("rooms.id", ondelete="SET NULL", onupdate="CASCADE", deferrable=True, initially="IMMEDIATE")
    )
    during = Column(TSTZRANGE, nullable=False)
    cancelled = Column(Boolean, nullable=False, server_default=text("false"))
    room = relationship("Room", back_populates="bookings")


class Suite(Room):
    __tablename__ = "Suites"
    id = Column(ForeignKey("rooms.id"), primary_key=True)
    floor = Column("floor of", SmallInteger, Identity(), nullable=False)


one = Table("one", tenant, Column("id", Integer, primary_key=True), Column("other", ForeignKey("tenant.other.id")))
other = Table(
    "other",
    tenant,
    Column("id", Integer, primary_key=True),
    Column("one", ForeignKey("tenant.one.id", use_alter=True, name="back")),
    Column("state", ENUM("on", "off", name="state", schema="tenant")),
    Column("states", ARRAY(ENUM("on", "off", name="state", schema="tenant"))),
)
Table("elsewhere", tenant, Column("n", Integer, autoincrement=False, primary_key=True), schema="Else where")

parts = Table(
    "parts",
    plain,
    Column("at", Date, primary_key=True),
    Column("kind", String, primary_key=True),
    Column("many", Integer, Sequence("parts_many", schema="tenant"), server_default=Sequence("parts_many", schema="tenant").next_value()),
    postgresql_partition_by="RANGE (at)",
)
kinds = Table(
    "kinds",
    plain,
    Column("a", BIT(3)),
    Column("b", BIT(varying=True)),
    Column("c", CIDR),
    Column("d", INET),
    Column("e", MACADDR),
    Column("f", INT4RANGE),
    Column("g", Interval(second_precision=3)),
    Column("h", LargeBinary),
    Column("i", Time(timezone=True)),
    Column("j", DateTime(timezone=True), server_default=func.now(), onupdate=func.now()),
    Column("k", String(collation="C")),
    Column("l", Numeric),
)
event.listen(parts, "after_create", DDL("CREATE TABLE parts_2024 PARTITION OF parts FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')"))
event.listen(parts, "after_create", DDL("CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN NULL; END$$"))
event.listen(parts, "after_create", DDL("CREATE TRIGGER %(table)s_t BEFORE INSERT ON %(fullname)s FOR EACH ROW EXECUTE FUNCTION nothing()"))
event.listen(plain, "after_create", DDL("CREATE VIEW kinds_of_parts AS SELECT kind, '5%%' AS five FROM parts"))
heirs = Table("heirs", plain, Column("more", Text), postgresql_inherits="kinds")
heirs.add_is_dependent_on(kinds)
ForeignKeyConstraint([other.c.id], [one.c.id], name="self", match="FULL", ondelete="CASCADE")


@event.listens_for(plain, "after_create")
def commented(target, connection, **_):
    connection.execute(text("COMMENT ON VIEW kinds_of_parts IS 'what''s there'"))
