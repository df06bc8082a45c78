"""Suppliers, clients, products and recipes: lists, and one entry with all that is known of it."""

from collections.abc import Callable
from datetime import date
from typing import Any

from attrs import field, fields, frozen

from manchengo import commands as asked
from manchengo import withheld
from manchengo.ports.rows import (
    ClientRow,
    FinishedProductRow,
    ProductRow,
    RawProductRow,
    RecipeIngredientRow,
    RecipeRow,
    SupplierRow,
)
from manchengo.ports.store import Snapshot
from manchengo_cli.database import opened
from manchengo_cli.output import Column, Lines, Table, answer
from manchengo_cli.session import Session
from manchengo_presenters import words
from manchengo_presenters.formatting import day, number, percent, plain, plain_money
from manchengo_presenters.language import N_, _, ngettext
from manchengo_presenters.parsing import quantity
from manchengo_workplace import lookups

Shape = dict[str, Any]


@frozen(kw_only=True)
class Register:
    """One register: where its entries are, how one is found, shown and archived."""

    kind: str
    rows: tuple[Any, ...]
    find: Callable[[Snapshot, str], Any]
    archived: Callable[[Any], Any]
    columns: tuple[str, ...]
    more: Callable[[Snapshot, Any], Shape] = field(default=lambda _snapshot, _row: {})


def _recipe_facts(snapshot: Snapshot, row: RecipeRow) -> Shape:
    parts = list(snapshot.rows(RecipeIngredientRow, recipe_id=row.id, version=row.version))

    def said(part: RecipeIngredientRow) -> Shape:
        product = lookups.product_of(snapshot, part.product_id)
        return {"product": product.code, "quantity": plain(part.quantity), "unit": part.unit}

    return {
        "ingredients": [said(part) for part in parts if not part.by_product],
        "by_products": [said(part) for part in parts if part.by_product],
    }


REGISTERS = {
    "supplier": Register(
        kind="supplier",
        rows=(SupplierRow,),
        find=lambda snapshot, code: lookups.coded(snapshot, SupplierRow, code),
        archived=lambda row: asked.ArchiveSupplier(supplier_id=row.id),
        columns=("code", "name", "commune", "phone"),
    ),
    "client": Register(
        kind="client",
        rows=(ClientRow,),
        find=lambda snapshot, code: lookups.coded(snapshot, ClientRow, code),
        archived=lambda row: asked.ArchiveClient(client_id=row.id),
        columns=("code", "name", "category", "commune", "phone"),
    ),
    "product": Register(
        kind="product",
        rows=(RawProductRow, FinishedProductRow),
        find=lookups.product,
        archived=lambda row: asked.ArchiveProduct(product_id=row.id),
        columns=("code", "kind", "name", "unit", "price", "shelf_life_days", "allocation"),
    ),
    "recipe": Register(
        kind="recipe",
        rows=(RecipeRow,),
        find=lambda snapshot, code: lookups.recipe(snapshot, lookups.product(snapshot, code)),
        archived=lambda row: asked.ArchiveRecipe(recipe_id=row.id),
        columns=("product", "version", "batch", "valid_from"),
        more=_recipe_facts,
    ),
}

TITLES = {
    "code": N_("Code"),
    "kind": N_("Kind"),
    "name": N_("Name"),
    "name_ar": N_("Arabic name"),
    "commune": N_("Commune"),
    "address": N_("Address"),
    "phone": N_("Telephone"),
    "email": N_("E-mail"),
    "nif": N_("NIF"),
    "nis": N_("NIS"),
    "rc": N_("RC"),
    "ai": N_("AI"),
    "category": N_("Category"),
    "minimum_shelf_life_days": N_("Freshness asked"),
    "unit": N_("Unit"),
    "shelf_life_days": N_("Shelf life"),
    "price": N_("Price before tax"),
    "vat_class": N_("TVA"),
    "allocation": N_("Leaves first"),
    "release_required": N_("Waits for release"),
    "gtin": N_("Bar code"),
    "archived": N_("Archived"),
    "product": N_("Product"),
    "version": N_("Version"),
    "batch": N_("For"),
    "expected_yield": N_("Expected yield"),
    "valid_from": N_("In force from"),
    "ingredients": N_("Ingredients"),
    "by_products": N_("By-products"),
}
FIGURES = {"price", "batch", "shelf_life_days"}


def show_list(session: Session, kind: str, *, archived: bool) -> None:
    register = REGISTERS[kind]
    with opened(session) as place, place.dairy.reading() as snapshot:
        found = [row for each in register.rows for row in snapshot.rows(each)]
        shapes = [shape(snapshot, row) for row in found if archived or not row.archived]
        shapes.sort(key=lambda each: (each.get("kind", ""), each.get("code") or each["product"]))
        answer(session, shape=lambda: shapes, page=lambda: [table(register, shapes)])


def show_one(session: Session, kind: str, code: str) -> None:
    register = REGISTERS[kind]
    with opened(session) as place, place.dairy.reading() as snapshot:
        row = register.find(snapshot, code)
        answer(
            session,
            shape=lambda: shape(snapshot, row) | register.more(snapshot, row),
            page=lambda: [card(snapshot, register, row)],
        )


def shape(snapshot: Snapshot, row: Any) -> Shape:
    """All that the row says to whoever asked, in JSON; ids are left out, codes stand for them."""
    facts: Shape = {}
    if isinstance(row, RecipeRow):
        facts["product"] = lookups.product_of(snapshot, row.product_id).code
    if isinstance(row, ProductRow):
        facts["kind"] = "MP" if isinstance(row, RawProductRow) else "PF"
    for each in fields(type(row)):
        if each.name in withheld(row):
            continue
        value = getattr(row, each.name)
        match each.name:
            case "id" | "product_id" | "code_key":
                continue
            case "price" | "expected_yield":
                facts[each.name] = plain_money(value)
            case "batch":
                facts[each.name] = plain(value)
            case "valid_from":
                facts[each.name] = value.isoformat()
            case _:
                facts[each.name] = value
    return facts


def table(register: Register, shapes: list[Shape]) -> Table:
    """Without the columns that whoever asked may not read."""
    known = {*TITLES} if not shapes else {name for each in shapes for name in each}
    columns = [name for name in register.columns if name in known]
    return Table(
        [Column(_(TITLES[name]), figures=name in FIGURES) for name in columns],
        [[said(name, each) for name in columns] for each in shapes],
        empty=_("There is none yet. Record one with “manchengo {kind} add”.").format(
            kind=register.kind
        ),
    )


def card(snapshot: Snapshot, register: Register, row: Any) -> Lines:
    """One entry, a line for each thing that is known."""
    facts = shape(snapshot, row) | register.more(snapshot, row)
    told = {
        _(TITLES[name]): said(name, facts)
        for name in TITLES
        if name in facts and said(name, facts) and not (name == "unit" and "batch" in facts)
    }
    longest = max(len(title) for title in told)
    return Lines([f"{title.ljust(longest)}  {value}" for title, value in told.items()])


def said(name: str, facts: Shape) -> str:
    """One fact for people; nothing where there is nothing to say."""
    value = facts.get(name)
    if value in (None, "", False, []):
        return ""
    match name:
        case "price":
            return words.price(_hundredths(value), facts["price_per"], facts["unit"])
        case "expected_yield":
            return percent(_hundredths(value))
        case "shelf_life_days" | "minimum_shelf_life_days":
            return (
                ngettext("{count} day", "{count} days", value).format(count=number(value))
                if value
                else ""
            )
        case "batch":
            return _measured(value, facts["unit"])
        case "unit":
            return words.unit_word(1000, value)
        case "vat_class":
            return words.word(words.VAT_CLASSES, value)
        case "valid_from":
            return day(date.fromisoformat(value))
        case "ingredients" | "by_products":
            return ", ".join(
                f"{part['product']} {_measured(part['quantity'], part['unit'])}" for part in value
            )
        case "archived" | "release_required":
            return _("yes")
        case _:
            return str(value)


def _hundredths(text: str) -> int:
    return int(text.replace(".", ""))


def _measured(text: str, unit: str) -> str:
    return words.measured(quantity(text), unit)
