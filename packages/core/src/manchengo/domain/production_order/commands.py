"""What may be asked of production: from a plan to the lots that come out of it."""

from datetime import date

from attrs import frozen

from manchengo.domain.ids import LotId, ProductId, ProductionOrderId
from manchengo.domain.lot.commands import Role
from manchengo.domain.values import Quantity


@frozen(kw_only=True)
class MaterialPick:
    """So much of one lot, for one ingredient."""

    lot_id: LotId
    product_id: ProductId
    quantity: Quantity


@frozen(kw_only=True)
class Output:
    """A lot that came out. ``expires_on`` None: reckoned from the product's shelf life."""

    lot_id: LotId
    code: str
    product_id: ProductId
    quantity: Quantity
    expires_on: date | None = None
    role: Role = Role.MAIN


@frozen(kw_only=True)
class PlanProduction:
    """Plan ``planned`` of a product after the recipe in force on ``on``.

    ``code``: the number of the order; no other production order bears it. ``planned``: above zero,
    in any unit the product converts from.

    Refused: ``AlreadyExists``, ``Archived``, ``CodeMissing``, ``NoRecipeInForce``,
    ``NotAFinishedProduct``, ``NothingToDo``, ``PartOfAPiece``, ``TooFine``, ``UnitsDiffer``.
    """

    order_id: ProductionOrderId
    code: str
    product_id: ProductId
    planned: Quantity
    on: date


@frozen(kw_only=True)
class StartProduction:
    """Reserve every ingredient by the product's policy: all of it, or nothing.

    Refused: ``NotEnoughMaterials``, ``WrongState``.
    """

    order_id: ProductionOrderId
    on: date


@frozen(kw_only=True)
class ConsumeMaterial:
    """So much of a scanned lot was poured. Another lot than those proposed needs a reason.

    ``quantity``: above zero, in any unit the product converts from.

    Refused: ``LotNotProposed``, ``LotUnfit``, ``NotAnIngredient``, ``NotEnoughInLot``,
    ``NothingToDo``, ``OutOfOrder``, ``PartOfAPiece``, ``TooFine``, ``UnitsDiffer``, ``WrongState``.
    """

    order_id: ProductionOrderId
    lot_id: LotId
    quantity: Quantity
    on: date
    override_reason: str = ""


@frozen(kw_only=True)
class CompleteProduction:
    """What came out, and what was lost on the way.

    ``outputs``: the lots made, by-products included. ``lost``: in the unit of the product, with a
    reason.

    Refused: ``AlreadyExists``, ``AnotherProductMade``, ``Archived``, ``CodeMissing``,
    ``ExpiresBeforeReception``, ``NotAFinishedProduct``, ``NothingConsumed``, ``NothingToDo``,
    ``OutOfOrder``, ``PartOfAPiece``, ``ReasonMissing``, ``TooFine``, ``UnitsDiffer``,
    ``WrongState``.
    """

    order_id: ProductionOrderId
    outputs: tuple[Output, ...]
    on: date
    lost: Quantity | None = None
    loss_reason: str = ""


@frozen(kw_only=True)
class CancelProduction:
    """Stop here: what was not poured goes back, what was poured stays poured.

    Refused: ``OutOfOrder``, ``ReasonMissing``, ``WrongState``.
    """

    order_id: ProductionOrderId
    on: date
    reason: str


@frozen(kw_only=True)
class Produce:
    """A whole make at once: plan, take the materials by policy, yield the lots.

    ``code``: the number of the order; no other production order bears it. ``planned``: above zero,
    in any unit the product converts from. ``outputs``: the lots made, by-products included.
    ``lost``: in the unit of the product, with a reason.

    Refused: ``AlreadyExists``, ``AnotherProductMade``, ``Archived``, ``CodeMissing``,
    ``ExpiresBeforeReception``, ``NoRecipeInForce``, ``NotAFinishedProduct``,
    ``NotEnoughMaterials``, ``NothingToDo``, ``PartOfAPiece``, ``ReasonMissing``, ``TooFine``,
    ``UnitsDiffer``.
    """

    order_id: ProductionOrderId
    code: str
    product_id: ProductId
    planned: Quantity
    on: date
    outputs: tuple[Output, ...]
    lost: Quantity | None = None
    loss_reason: str = ""


ProductionOrderCommand = (
    PlanProduction
    | StartProduction
    | ConsumeMaterial
    | CompleteProduction
    | CancelProduction
    | Produce
)
