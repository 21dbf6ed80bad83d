"""Row security keeps each tenant to its own rows, whatever the application asks for."""

from decimal import Decimal

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from app.db import work_for
from app.models.accounts import Tenant, User
from app.models.catalog import Category, Product, product_categories
from app.models.sales import Customer, OrderLine
from app.shop import place_order


def test_a_tenant_sees_only_its_own_rows(session: Session, tenants: tuple[Tenant, Tenant]) -> None:
    for tenant in tenants:
        work_for(session, tenant.id)
        session.add(User(tenant_id=tenant.id, email="owner@example.org", full_name=tenant.name))
        session.flush()
    assert [user.full_name for user in session.scalars(select(User))] == ["Retorts"]
    work_for(session, tenants[0].id)
    assert [user.full_name for user in session.scalars(select(User))] == ["Potions"]


def test_a_tenant_cannot_write_for_another(session: Session, tenants: tuple[Tenant, Tenant]) -> None:
    with pytest.raises(ProgrammingError, match="row-level security"), session.begin_nested():
        session.add(User(tenant_id=tenants[1].id, email="intruder@example.org", full_name="Intruder"))
        session.flush()
    session.add(Category(tenant_id=tenants[0].id, name="Drinks"))
    session.flush()
    with pytest.raises(ProgrammingError, match="row-level security"), session.begin_nested():
        session.execute(update(Category).values(tenant_id=tenants[1].id))


def test_rows_without_a_tenant_follow_what_they_belong_to(session: Session, tenants: tuple[Tenant, Tenant]) -> None:
    drinks = Category(tenant_id=tenants[0].id, name="Drinks")
    tea = Product(tenant_id=tenants[0].id, sku="tea", name="Tea", price=Decimal(1), categories=[drinks])
    session.add(tea)
    place_order(session, Customer(tenant_id=tenants[0].id, email="ada@example.org", full_name="Ada"), {tea: 1})
    session.flush()
    tables = OrderLine.__table__, product_categories
    assert [session.scalar(select(func.count()).select_from(table)) for table in tables] == [1, 1]
    work_for(session, tenants[1].id)
    assert [session.scalar(select(func.count()).select_from(table)) for table in tables] == [0, 0]


def test_without_a_tenant_there_are_no_rows(session: Session, tenants: tuple[Tenant, Tenant]) -> None:
    session.add(User(tenant_id=tenants[0].id, email="owner@example.org", full_name="Owner"))
    session.flush()
    session.execute(text("SELECT set_config('app.tenant_id', '', true)"))
    assert session.scalars(select(User)).all() == []
