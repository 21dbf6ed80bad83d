"""What the shop does, on the schema that the migrations made."""

from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.models.accounts import Tenant
from app.models.catalog import Category, Product
from app.models.sales import Customer, Order, OrderStatus
from app.shop import open_orders, place_order, products_in, products_with


def product(tenant: Tenant, sku: str, price: str = "2.50", **more: object) -> Product:
    return Product(tenant_id=tenant.id, sku=sku, name=sku.title(), price=Decimal(price), **more)


def customer(tenant: Tenant, email: str = "ada@example.org") -> Customer:
    return Customer(tenant_id=tenant.id, email=email, full_name="Ada")


def test_an_order_keeps_the_prices_of_its_day(session: Session, tenants: tuple[Tenant, Tenant]) -> None:
    tea, pot = product(tenants[0], "tea"), product(tenants[0], "pot", "19.90")
    session.add_all([tea, pot])
    order = place_order(session, customer(tenants[0]), {tea: 3, pot: 1})
    tea.price = Decimal("9.99")
    session.commit()
    session.expire_all()
    assert [line.quantity for line in order.lines] == [3, 1]
    assert order.total == Decimal("27.40")


def test_open_orders_are_those_placed_and_paid(session: Session, tenants: tuple[Tenant, Tenant]) -> None:
    tea = product(tenants[0], "tea")
    session.add(tea)
    ada = customer(tenants[0])
    first, second, third = (place_order(session, ada, {tea: 1}) for _ in range(3))
    second.status = OrderStatus.paid
    third.status = OrderStatus.shipped
    session.flush()
    assert {order.id for order in open_orders(session)} == {first.id, second.id}


def test_an_order_is_a_draft_unless_it_says_otherwise(session: Session, tenants: tuple[Tenant, Tenant]) -> None:
    order = Order(tenant_id=tenants[0].id, customer=customer(tenants[0]))
    session.add(order)
    session.flush()
    assert order.status is OrderStatus.draft


def test_products_are_found_by_attribute_and_category(session: Session, tenants: tuple[Tenant, Tenant]) -> None:
    drinks = Category(tenant_id=tenants[0].id, name="Drinks")
    session.add_all(
        [
            product(tenants[0], "tea", attributes={"colour": "green", "loose": True}, categories=[drinks]),
            product(tenants[0], "pot", attributes={"colour": "green"}),
            product(tenants[0], "cup", categories=[drinks]),
        ]
    )
    session.flush()
    assert [found.sku for found in products_with(session, {"colour": "green"})] == ["pot", "tea"]
    assert [found.sku for found in products_in(session, "Drinks")] == ["cup", "tea"]


def test_the_database_refuses_what_makes_no_sense(session: Session, tenants: tuple[Tenant, Tenant]) -> None:
    session.add(customer(tenants[0], "Ada@example.org"))
    session.flush()
    for wrong in (product(tenants[0], "tea", "-1"), customer(tenants[0], "ada@EXAMPLE.org")):
        with pytest.raises(IntegrityError), session.begin_nested():
            session.add(wrong)
            session.flush()


def test_deleting_an_order_deletes_its_lines(session: Session, tenants: tuple[Tenant, Tenant]) -> None:
    tea = product(tenants[0], "tea")
    session.add(tea)
    order = place_order(session, customer(tenants[0]), {tea: 1})
    session.delete(order)
    session.flush()
    assert session.scalars(select(Order)).all() == []
