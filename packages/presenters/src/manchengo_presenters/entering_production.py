"""Commands of production that several apps build alike: from what a person said to the command."""

from collections.abc import Sequence
from datetime import date

from attrs import frozen

from manchengo.application.choices import Choices
from manchengo.commands import CompleteProduction, PlanProduction
from manchengo.domain.ids import LotId, ProductionOrderId
from manchengo.domain.lot.commands import Role
from manchengo.domain.production_order import Output
from manchengo.domain.values import Quantity
from manchengo.ports.rows import ProductionOrderRow, ProductRow


@frozen
class Obtained:
    """So much of a product came out."""

    product: ProductRow
    quantity: Quantity


def plan(
    choices: Choices, product: ProductRow, quantity: Quantity, *, code: str | None = None
) -> PlanProduction:
    """A new order, under the next free code unless one is given."""
    return PlanProduction(
        order_id=ProductionOrderId(choices.id("order_id")),
        code=choices.code(code, "OF", ProductionOrderRow),
        product_id=product.id,
        planned=quantity,
        on=choices.day,
    )


def complete(
    choices: Choices,
    order: ProductionOrderRow,
    main: Obtained,
    by_products: Sequence[Obtained] = (),
    *,
    lost: Quantity | None = None,
    loss_reason: str = "",
    expires: date | None = None,
    lot: str | None = None,
) -> CompleteProduction:
    """The end of that order; the lot made bears the code of the order unless another is given."""
    return CompleteProduction(
        order_id=order.id,
        outputs=outputs(
            choices,
            main,
            by_products,
            code=choices.made_lot_code(lot, order.code),
            expires=expires,
        ),
        on=choices.day,
        lost=lost,
        loss_reason=loss_reason,
    )


def outputs(
    choices: Choices,
    main: Obtained,
    by_products: Sequence[Obtained],
    *,
    code: str,
    expires: date | None,
) -> tuple[Output, ...]:
    """The lot made, unless nothing came out, and one lot for each by-product."""
    found: list[tuple[Obtained, str, date | None, Role]] = []
    if main.quantity:
        found.append((main, code, expires, Role.MAIN))
    for number, beside in enumerate(by_products, start=2):
        found.append((beside, f"{code}-{number}", None, Role.BY_PRODUCT))
    return tuple(
        Output(
            lot_id=LotId(choices.id("outputs", index, "lot_id")),
            code=lot_code,
            product_id=each.product.id,
            quantity=each.quantity,
            expires_on=last_day,
            role=role,
        )
        for index, (each, lot_code, last_day, role) in enumerate(found)
    )
