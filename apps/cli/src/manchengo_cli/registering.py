"""Suppliers, clients, products and recipes are recorded, changed and archived by their codes."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from attrs import evolve

from manchengo import Money, Percent, Unit
from manchengo import commands as asked
from manchengo.domain.allocation import Policy
from manchengo.domain.errors import AlreadyExists
from manchengo.domain.identity import Identity
from manchengo.domain.ids import ClientId, ProductId, RecipeId, SupplierId
from manchengo.domain.product import ProductKind, VatClass
from manchengo.domain.recipe import WHOLE_YIELD, ByProduct, Ingredient
from manchengo.domain.values import Density
from manchengo.ports.rows import ClientRow, PartyRow, RecipeRow, SupplierRow
from manchengo.ports.store import Snapshot
from manchengo_cli.executing import carry_out
from manchengo_cli.output import Part
from manchengo_cli.pages.registers import REGISTERS, card
from manchengo_cli.session import Session
from manchengo_presenters.language import _
from manchengo_presenters.measures import Line, Measure
from manchengo_workplace import lookups
from manchengo_workplace.proposing import Choices

Given = dict[str, Any]

IDENTITY = ("address", "phone", "email", "nif", "nis", "rc", "ai")


def add_supplier(session: Session, code: str, name: str, given: Given) -> None:
    def ask(choices: Choices) -> asked.RegisterSupplier:
        return asked.RegisterSupplier(
            supplier_id=SupplierId(choices.id("supplier_id")),
            code=code,
            name=name,
            commune=given["commune"] or "",
            identity=_identity(Identity(), given),
        )

    _carry_out(session, ask, "supplier", code)


def change_supplier(session: Session, code: str, name: str | None, given: Given) -> None:
    def ask(choices: Choices) -> asked.ChangeSupplier:
        row = lookups.coded(choices.snapshot, SupplierRow, code)
        return asked.ChangeSupplier(
            supplier_id=row.id,
            name=name,
            commune=given["commune"],
            identity=_changed_identity(row, given),
        )

    _carry_out(session, ask, "supplier", code)


def add_client(session: Session, code: str, name: str, given: Given) -> None:
    def ask(choices: Choices) -> asked.RegisterClient:
        return asked.RegisterClient(
            client_id=ClientId(choices.id("client_id")),
            code=code,
            name=name,
            category=given["category"] or "",
            commune=given["commune"] or "",
            identity=_identity(Identity(), given),
            minimum_shelf_life_days=given["freshness"] or 0,
        )

    _carry_out(session, ask, "client", code)


def change_client(session: Session, code: str, name: str | None, given: Given) -> None:
    def ask(choices: Choices) -> asked.ChangeClient:
        row = lookups.coded(choices.snapshot, ClientRow, code)
        return asked.ChangeClient(
            client_id=row.id,
            name=name,
            category=given["category"],
            commune=given["commune"],
            identity=_changed_identity(row, given),
            minimum_shelf_life_days=given["freshness"],
        )

    _carry_out(session, ask, "client", code)


def add_product(session: Session, code: str, name: str, kind: str, unit: str, given: Given) -> None:
    def ask(choices: Choices) -> asked.RegisterProduct:
        return asked.RegisterProduct(
            product_id=ProductId(choices.id("product_id")),
            code=code,
            kind=ProductKind(kind),
            name=name,
            unit=Unit(unit),
            price=given["price"] or Money(0),
            name_ar=given["name_ar"] or "",
            shelf_life_days=given["shelf_life"],
            vat_class=VatClass(given["vat"] or VatClass.NORMAL),
            allocation=Policy(given["allocation"] or Policy.FIFO),
            release_required=bool(given["release"]),
            gtin=given["gtin"] or "",
        )

    _carry_out(session, ask, "product", code)


def change_product(session: Session, code: str, name: str | None, given: Given) -> None:
    def ask(choices: Choices) -> asked.ChangeProduct:
        return asked.ChangeProduct(
            product_id=lookups.product(choices.snapshot, code).id,
            name=name,
            name_ar=given["name_ar"],
            shelf_life_days=given["shelf_life"],
            price=given["price"],
            vat_class=VatClass(given["vat"]) if given["vat"] else None,
            allocation=Policy(given["allocation"]) if given["allocation"] else None,
            release_required=given["release"],
            gtin=given["gtin"],
        )

    _carry_out(session, ask, "product", code)


def set_density(session: Session, code: str, grams: int, valid_from: date | None) -> None:
    def ask(choices: Choices) -> asked.SetDensity:
        return asked.SetDensity(
            product_id=lookups.product(choices.snapshot, code).id,
            density=Density(grams),
            valid_from=choices.settle(
                valid_from, "valid_from", read=date.fromisoformat, otherwise=lambda: choices.day
            ),
        )

    _carry_out(session, ask, "product", code)


def define_recipe(
    session: Session,
    code: str,
    *,
    batch: Measure,
    ingredients: list[Line],
    by_products: list[Line],
    expected: int | None,
    valid_from: date | None,
    new: bool,
) -> None:
    """A recipe's first version (``new``), or its next one."""

    def ask(choices: Choices) -> asked.DefineRecipe:
        snapshot = choices.snapshot
        made = lookups.product(snapshot, code)
        known = next(snapshot.rows(RecipeRow, product_id=made.id, limit=1), None)
        if new and known is not None and not choices.repeated:
            raise AlreadyExists(kind="recipe", reference=code)
        if not new:
            known = lookups.recipe(snapshot, made)
        return asked.DefineRecipe(
            recipe_id=known.id if known else RecipeId(choices.id("recipe_id")),
            product_id=made.id,
            batch=lookups.quantity(batch, made),
            ingredients=tuple(_part(Ingredient, snapshot, line) for line in ingredients),
            by_products=tuple(_part(ByProduct, snapshot, line) for line in by_products),
            expected_yield=WHOLE_YIELD if expected is None else Percent(expected),
            valid_from=choices.settle(
                valid_from, "valid_from", read=date.fromisoformat, otherwise=lambda: choices.day
            ),
        )

    _carry_out(session, ask, "recipe", code)


def archive(session: Session, kind: str, code: str) -> None:
    register = REGISTERS[kind]

    def told(_snapshot: Snapshot, _command: Any) -> Iterable[Part]:
        yield _("{code} is archived: nothing new may use it.").format(code=code)

    carry_out(
        session,
        lambda choices: register.archived(register.find(choices.snapshot, code)),
        told,
    )


def _part(kind: Any, snapshot: Snapshot, line: Line) -> Any:
    product = lookups.product(snapshot, line.code)
    return kind(product.id, lookups.quantity(line.measure, product))


def _identity(known: Identity, given: Given) -> Identity:
    return evolve(known, **{name: given[name] for name in IDENTITY if given[name] is not None})


def _changed_identity(row: PartyRow, given: Given) -> Identity | None:
    """The identity with what is given in place of what was; None when none of it is given."""
    if all(given[name] is None for name in IDENTITY):
        return None
    return _identity(Identity(**{name: getattr(row, name) for name in IDENTITY}), given)


def _carry_out(session: Session, ask: Any, kind: str, code: str) -> None:
    """Do it, and show the entry of the register as it is now."""
    register = REGISTERS[kind]
    carry_out(
        session,
        ask,
        lambda snapshot, _command: [card(snapshot, register, register.find(snapshot, code))],
    )
