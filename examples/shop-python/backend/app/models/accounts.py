"""Tenants and the people who work for them."""

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import TENANT_ROWS_ONLY, Base, Numbered, TenantOwned, Timestamped


class Tenant(Numbered, Timestamped, Base):
    """A merchant."""

    __tablename__ = "tenants"

    slug: Mapped[str] = mapped_column(String(63), unique=True, comment="the merchant's part of the address")
    name: Mapped[str]

    users: Mapped[list["User"]] = relationship(back_populates="tenant", passive_deletes=True)


class User(Numbered, TenantOwned, Timestamped, Base):
    """Someone who works for a merchant."""

    __tablename__ = "users"
    __table_args__ = (UniqueConstraint("tenant_id", "email"), {"info": TENANT_ROWS_ONLY})

    email: Mapped[str] = mapped_column(String(320))
    full_name: Mapped[str]
    is_active: Mapped[bool] = mapped_column(server_default="true")

    tenant: Mapped[Tenant] = relationship(back_populates="users")
