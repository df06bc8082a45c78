"""The entries of registers are recorded, changed and archived by their codes."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from manchengo import Percent, commands
from manchengo.application.choices import Choices
from manchengo.commands import Command
from manchengo.domain.errors import AlreadyExists
from manchengo.domain.ids import RecipeId
from manchengo.domain.recipe import WHOLE_YIELD, ByProduct, Ingredient
from manchengo.domain.unit_price import UnitPrice
from manchengo.domain.values import Density
from manchengo.ports.rows import RecipeRow
from manchengo.ports.store import Snapshot
from manchengo_cli.executing import carry_out
from manchengo_cli.output import Part
from manchengo_cli.pages.registers import card
from manchengo_cli.session import Session
from manchengo_presenters.language import _
from manchengo_presenters.measures import Line, Measure
from manchengo_presenters.register_entries import archiving, find, registration
from manchengo_presenters.register_entries import change as changed
from manchengo_presenters.registers import PRICE_LIST, PRODUCT, RECIPE, REGISTERS, Register
from manchengo_workplace import lookups

Given = Mapping[str, Any]
"""What was given, by the names of the fields; None where a field was not."""


def add(session: Session, register: Register, given: Given) -> None:
    """Register a new entry."""

    def build(choices: Choices) -> Command:
        return registration(register, choices.id(register.id), _filled_in(given))

    _carry_out(session, build, register, given["code"])


def change(session: Session, register: Register, code: str, given: Given) -> None:
    """Change the entry of that code: only the fields that are given."""

    def build(choices: Choices) -> Command:
        return changed(register, find(choices.snapshot, register, code), _filled_in(given))

    _carry_out(session, build, register, code)


def _filled_in(given: Given) -> Given:
    return {name: value for name, value in given.items() if value is not None}


def set_density(session: Session, code: str, grams: int, valid_from: date | None) -> None:
    """Set the density of a product, in grams per litre, from that day on or from today."""

    def build(choices: Choices) -> commands.SetDensity:
        return commands.SetDensity(
            product_id=lookups.product(choices.snapshot, code).id,
            density=Density(grams),
            valid_from=choices.settle(
                valid_from, "valid_from", read=date.fromisoformat, otherwise=lambda: choices.day
            ),
        )

    _carry_out(session, build, PRODUCT, code)


def set_price(
    session: Session, code: str, product: str, price: UnitPrice, from_day: date | None
) -> None:
    """Set the price of a product in a price list, from that day on or from today."""

    def build(choices: Choices) -> commands.SetPrice:
        return commands.SetPrice(
            price_list_id=find(choices.snapshot, PRICE_LIST, code).id,
            product_id=lookups.product(choices.snapshot, product).id,
            price=price,
            from_day=choices.settle(
                from_day, "from_day", read=date.fromisoformat, otherwise=lambda: choices.day
            ),
        )

    _carry_out(session, build, PRICE_LIST, code)


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

    def build(choices: Choices) -> commands.DefineRecipe:
        snapshot = choices.snapshot
        made = lookups.product(snapshot, code)
        known = next(snapshot.rows(RecipeRow, product_id=made.id, limit=1), None)
        if new and known is not None and not choices.repeated:
            raise AlreadyExists(kind="recipe", reference=code)
        if not new:
            known = lookups.recipe(snapshot, made)
        return commands.DefineRecipe(
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

    _carry_out(session, build, RECIPE, code)


def archive(session: Session, kind: str, code: str) -> None:
    """Archive the entry of that code."""
    register = REGISTERS[kind]

    def confirmation(_snapshot: Snapshot, _command: Any) -> Iterable[Part]:
        yield _("{code} is archived: nothing new may use it.").format(code=code)

    carry_out(
        session,
        lambda choices: archiving(register, find(choices.snapshot, register, code)),
        confirmation,
    )


def _part(kind: Any, snapshot: Snapshot, line: Line) -> Any:
    product = lookups.product(snapshot, line.code)
    return kind(product.id, lookups.quantity(line.measure, product))


def _carry_out(session: Session, build: Any, register: Register, code: str) -> None:
    """Do it, and show the entry of the register as it is now."""
    carry_out(
        session,
        build,
        lambda snapshot, _command: [card(snapshot, find(snapshot, register, code))],
    )
