"""What may be asked of production: from a plan to the lots that come out of it."""

from datetime import date

from attrs import frozen

from manchengo.domain.ids import LotId, ProductId, ProductionOrderId
from manchengo.domain.lot.commands import Role
from manchengo.domain.values import Quantity


@frozen(kw_only=True)
class MaterialPick:
    """A quantity of one lot, for one ingredient."""

    lot_id: LotId
    product_id: ProductId
    quantity: Quantity


@frozen(kw_only=True)
class Output:
    """A lot that was produced. ``expires_on`` None: computed from the product's shelf life."""

    lot_id: LotId
    code: str
    product_id: ProductId
    quantity: Quantity
    expires_on: date | None = None
    role: Role = Role.MAIN


@frozen(kw_only=True)
class PlanProduction:
    """Plans ``planned`` of a product by the recipe in force on ``on``.

    ``code``: the number of the order; unique among production orders. ``planned``: above zero, in
    any unit the product converts from.

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
    """Reserves every ingredient by the product's policy, all or nothing.

    Refused: ``NotEnoughMaterials``, ``WrongState``.
    """

    order_id: ProductionOrderId
    on: date


@frozen(kw_only=True)
class ConsumeMaterial:
    """Records how much of a scanned lot was poured. A lot that was not proposed needs a reason.

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
class TakeBackMaterial:
    """Takes back what was poured of a lot, of an order that is started: it is in the lot again, as
    if it had not been poured, whatever became of the lot since.

    ``quantity``: above zero, in any unit the product converts from; None: all that was poured of
    the lot.

    Refused: ``NotPouredThatMuch``, ``NothingToDo``, ``OutOfOrder``, ``PartOfAPiece``, ``TooFine``,
    ``UnitsDiffer``, ``WrongState``.
    """

    order_id: ProductionOrderId
    lot_id: LotId
    on: date
    quantity: Quantity | None = None


@frozen(kw_only=True)
class CompleteProduction:
    """Records what was produced and what was lost.

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
    """Cancels the order: what was not poured becomes free, what was poured stays poured.

    Refused: ``OutOfOrder``, ``ReasonMissing``, ``WrongState``.
    """

    order_id: ProductionOrderId
    on: date
    reason: str


@frozen(kw_only=True)
class ReopenProduction:
    """Reopens an order that was completed or cancelled by mistake. The lots that came out of it are
    void: nothing was done with them. What it had let go is reserved again, as far as nobody else
    has taken it.

    Refused: ``LotRecalledForGood``, ``LotWasUsed``, ``OutOfOrder``, ``ReasonMissing``,
    ``WrongState``.
    """

    order_id: ProductionOrderId
    on: date
    reason: str


@frozen(kw_only=True)
class Produce:
    """A whole production in one command: plan it, consume materials by policy, produce the lots.

    ``code``: the number of the order; unique among production orders. ``planned``: above zero, in
    any unit the product converts from. ``outputs``: the lots made, by-products included. ``lost``:
    in the unit of the product, with a reason.

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
    | TakeBackMaterial
    | CompleteProduction
    | CancelProduction
    | ReopenProduction
    | Produce
)
