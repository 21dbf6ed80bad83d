"""What the shop does: place an order, list the open ones, find products."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models.catalog import Category, Product
from app.models.sales import Customer, Order, OrderLine, OrderStatus


def place_order(session: Session, customer: Customer, quantities: Mapping[Product, int]) -> Order:
    """Makes an order of the products at their prices of today."""
    lines = [
        OrderLine(position=position, product=product, quantity=quantity, unit_price=product.price)
        for position, (product, quantity) in enumerate(quantities.items(), start=1)
    ]
    order = Order(
        tenant_id=customer.tenant_id,
        customer=customer,
        status=OrderStatus.placed,
        placed_at=func.now(),
        lines=lines,
    )
    session.add(order)
    session.flush()
    return order


def open_orders(session: Session) -> list[Order]:
    """The orders that wait for someone, oldest first (served by the partial index)."""
    waiting = Order.status.in_([OrderStatus.placed, OrderStatus.paid])
    return list(session.scalars(select(Order).where(waiting).order_by(Order.placed_at)))


def products_with(session: Session, attributes: dict[str, Any]) -> list[Product]:
    """The products that have all these attributes."""
    return list(session.scalars(select(Product).where(Product.attributes.contains(attributes)).order_by(Product.sku)))


def products_in(session: Session, category: str) -> list[Product]:
    """The products of a category."""
    query = select(Product).join(Product.categories).where(Category.name == category).order_by(Product.sku)
    return list(session.scalars(query))
