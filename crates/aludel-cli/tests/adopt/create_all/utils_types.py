"""Types and views of sqlalchemy_utils, and citext of SQLAlchemy's own."""

from sqlalchemy import Column, ForeignKey, Index, Integer, MetaData, Table, Unicode, select
from sqlalchemy.dialects.postgresql import CITEXT
from sqlalchemy_utils import (
    ChoiceType,
    EmailType,
    IPAddressType,
    JSONType,
    LtreeType,
    ScalarListType,
    TSVectorType,
    URLType,
    UUIDType,
    create_materialized_view,
    create_view,
)

metadata = MetaData()
people = Table(
    "people",
    metadata,
    Column("id", UUIDType(binary=False), primary_key=True),
    Column("login", CITEXT, unique=True),
    Column("mail", EmailType, index=True),
    Column("path", LtreeType),
    Column("kind", ChoiceType([("a", "A"), ("b", "B")])),
    Column("number", ChoiceType([(1, "A")], impl=Integer())),
    Column("address", IPAddressType),
    Column("facts", JSONType),
    Column("list", ScalarListType(int)),
    Column("home", URLType),
    Column("words", TSVectorType("mail", weights={"mail": "A"})),
    Column("chief", ForeignKey("people.id")),
    Column("note", Unicode(10)),
)
Index("people_path", people.c.path, postgresql_using="gist")
create_view("mails", select(people.c.mail.label("mail")), metadata)
create_materialized_view("logins", select(people.c.login.label("login")), metadata, indexes=[Index("logins_login", "login")])
