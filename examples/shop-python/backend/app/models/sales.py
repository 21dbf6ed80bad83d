"""Customers and what they order."""

import enum
from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, DateTime, Enum, ForeignKey, Index, Numeric, String, func, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import TENANT_ROWS_ONLY, Base, Numbered, TenantOwned, Timestamped, rows_only
from app.models.catalog import Product


class OrderStatus(enum.Enum):
    """How far an order has come."""

    draft = "draft"
    placed = "placed"
    paid = "paid"
    shipped = "shipped"
    cancelled = "cancelled"


class Customer(Numbered, TenantOwned, Timestamped, Base):
    """Someone who buys from one merchant."""

    __tablename__ = "customers"
    __table_args__ = (
        Index("customers_tenant_id_email_key", "tenant_id", func.lower(text("email")), unique=True),
        {"info": TENANT_ROWS_ONLY},
    )

    email: Mapped[str] = mapped_column(String(320))
    full_name: Mapped[str]

    orders: Mapped[list["Order"]] = relationship(back_populates="customer")


class Order(Numbered, TenantOwned, Timestamped, Base):
    """An order of one customer."""

    __tablename__ = "orders"
    __table_args__ = (
        Index("orders_open_idx", "tenant_id", "placed_at", postgresql_where=text("status IN ('placed', 'paid')")),
        {"info": TENANT_ROWS_ONLY},
    )

    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)
    status: Mapped[OrderStatus] = mapped_column(Enum(OrderStatus, name="order_status"), server_default="draft")
    placed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    note: Mapped[str | None]

    customer: Mapped[Customer] = relationship(back_populates="orders")
    lines: Mapped[list["OrderLine"]] = relationship(
        back_populates="order", cascade="all, delete-orphan", order_by="OrderLine.position"
    )

    @property
    def total(self) -> Decimal:
        """The sum of the lines."""
        return sum((line.unit_price * line.quantity for line in self.lines), Decimal(0))


class OrderLine(Base):
    """One product in an order, at the price it had then."""

    __tablename__ = "order_lines"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity"),
        CheckConstraint("unit_price >= 0", name="unit_price"),
        {"info": rows_only("EXISTS (SELECT 1 FROM orders WHERE orders.id = order_id)")},
    )

    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"), index=True)
    quantity: Mapped[int]
    unit_price: Mapped[Decimal] = mapped_column(Numeric(12, 2))

    order: Mapped[Order] = relationship(back_populates="lines")
    product: Mapped[Product] = relationship()
