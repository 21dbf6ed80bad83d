"""What is sold."""

from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Numeric, String, Table, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import TENANT_ROWS_ONLY, Base, Numbered, TenantOwned, Timestamped, rows_only

product_categories = Table(
    "product_categories",
    Base.metadata,
    Column("product_id", ForeignKey("products.id", ondelete="CASCADE"), primary_key=True),
    Column("category_id", ForeignKey("categories.id", ondelete="CASCADE"), primary_key=True, index=True),
    # Products are under row security themselves, so this sees those of the tenant only.
    info=rows_only("EXISTS (SELECT 1 FROM products WHERE products.id = product_id)"),
)


class Category(Numbered, TenantOwned, Base):
    """A shelf of the shop; a product may stand on several."""

    __tablename__ = "categories"
    __table_args__ = (UniqueConstraint("tenant_id", "name"), {"info": TENANT_ROWS_ONLY})

    name: Mapped[str]

    products: Mapped[list["Product"]] = relationship(secondary=product_categories, back_populates="categories")


class Product(Numbered, TenantOwned, Timestamped, Base):
    """Something for sale."""

    __tablename__ = "products"
    __table_args__ = (
        UniqueConstraint("tenant_id", "sku"),
        CheckConstraint("price >= 0", name="price"),
        Index("products_attributes_idx", "attributes", postgresql_using="gin"),
        {"info": TENANT_ROWS_ONLY},
    )

    sku: Mapped[str] = mapped_column(String(40))
    name: Mapped[str]
    price: Mapped[Decimal] = mapped_column(Numeric(12, 2))
    attributes: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'::jsonb"))

    categories: Mapped[list[Category]] = relationship(secondary=product_categories, back_populates="products")
