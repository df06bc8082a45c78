"""What happened to a production order."""

from datetime import date

from attrs import frozen

from manchengo.domain.ids import LotId, ProductId, ProductionOrderId, RecipeId
from manchengo.domain.production_order.commands import MaterialPick, Output
from manchengo.domain.recipe import Ingredient
from manchengo.domain.values import Quantity


@frozen(kw_only=True)
class ProductionPlanned:
    """An order was planned by a version of a recipe."""

    order_id: ProductionOrderId
    code: str
    product_id: ProductId
    recipe_id: RecipeId
    recipe_version: int
    planned: Quantity
    needs: tuple[Ingredient, ...]
    on: date


@frozen(kw_only=True)
class ProductionStarted:
    """It was started, with these lots reserved."""

    picks: tuple[MaterialPick, ...]
    on: date


@frozen(kw_only=True)
class MaterialConsumed:
    """A scanned lot was poured into it."""

    lot_id: LotId
    product_id: ProductId
    quantity: Quantity
    on: date
    override_reason: str


@frozen(kw_only=True)
class MaterialTakenBack:
    """A part of what was poured of a lot on the day ``poured_on`` was not, the last scans first."""

    lot_id: LotId
    product_id: ProductId
    quantity: Quantity
    poured_on: date
    on: date


@frozen(kw_only=True)
class ProductionCompleted:
    """It yielded these lots."""

    outputs: tuple[Output, ...]
    lost: Quantity | None
    loss_reason: str
    on: date


@frozen(kw_only=True)
class ProductionMade:
    """A whole production in one event, plan and outcome: all of ``picks`` was poured, that same
    day.
    """

    order_id: ProductionOrderId
    code: str
    product_id: ProductId
    recipe_id: RecipeId
    recipe_version: int
    planned: Quantity
    needs: tuple[Ingredient, ...]
    picks: tuple[MaterialPick, ...]
    outputs: tuple[Output, ...]
    lost: Quantity | None
    loss_reason: str
    on: date


@frozen(kw_only=True)
class ProductionCancelled:
    """It is not made."""

    reason: str
    on: date


@frozen(kw_only=True)
class ProductionReopened:
    """It is as before it was completed or cancelled; ``outputs``, the lots that had come out, are
    void.
    """

    outputs: tuple[LotId, ...]
    reason: str
    on: date


ProductionOrderEvent = (
    ProductionPlanned
    | ProductionStarted
    | MaterialConsumed
    | MaterialTakenBack
    | ProductionCompleted
    | ProductionMade
    | ProductionCancelled
    | ProductionReopened
)
