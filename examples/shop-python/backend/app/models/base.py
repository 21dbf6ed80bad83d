"""The declarative base and what several models share."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, ForeignKey, Identity, MetaData, func
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """The base of all models; constraints get the names that PostgreSQL would give them."""

    metadata = MetaData(
        naming_convention={
            "pk": "%(table_name)s_pkey",
            "uq": "%(table_name)s_%(column_0_N_name)s_key",
            "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
            "ix": "%(table_name)s_%(column_0_N_name)s_idx",
            "ck": "%(table_name)s_%(constraint_name)s_check",
        }
    )


class Numbered:
    """A table with a number of its own as the primary key."""

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True, sort_order=-2)


class Timestamped:
    """A table that knows when its rows were made."""

    created_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.now(), sort_order=100
    )


class TenantOwned:
    """A table whose every row belongs to one tenant."""

    tenant_id: Mapped[int] = mapped_column(
        ForeignKey("tenants.id", ondelete="CASCADE"), index=True, sort_order=-1
    )


#: The tenant that the transaction works for; no setting, no rows.
CURRENT_TENANT = "NULLIF(current_setting('app.tenant_id', true), '')::bigint"


def rows_only(condition: str) -> dict[str, Any]:
    """Row security for a table's `info`: rows for which the condition holds, for the table's owner too."""
    policy = {"name": "tenant_rows_only", "using": condition, "check": condition}
    return {"rls": {"force": True, "policies": [policy]}}


#: Row security for tables whose rows say which tenant they belong to.
TENANT_ROWS_ONLY = rows_only(f"tenant_id = {CURRENT_TENANT}")
