"""What happens to a lot outside an order: reception, quality, losses, counts, recall."""

from attrs import evolve as changed
from attrs import frozen

from manchengo.application.genealogy import Links, is_known, made_from
from manchengo.application.handlers.recalls import recall_at_birth
from manchengo.application.unit_of_work import UnitOfWork
from manchengo.domain.aggregates import DELIVERY, LOT, SUPPLIER
from manchengo.domain.delivery import DeliveryStatus
from manchengo.domain.errors import Refused, Unknown, reason_given
from manchengo.domain.lot.commands import (
    CorrectLot,
    CountLot,
    EnterLot,
    FlagRecalled,
    PublicLotCommand,
    ReceiveLot,
    SendBackToSupplier,
    TakeBackCount,
    VoidLot,
    WriteOffLot,
)
from manchengo.domain.lot.decide import LotWasUsed
from manchengo.domain.lot.state import Produced
from manchengo.domain.opening_stock import EnterOpeningStock
from manchengo.domain.product import ProductKind
from manchengo.domain.recall import RecallLot
from manchengo.domain.resolution import ClaimKind
from manchengo.ports.rows import DeliveryLineRow

USES = frozenset(ClaimKind) - {ClaimKind.RECEIVED, ClaimKind.PRODUCED, ClaimKind.PREPARED}
"""What somebody may claim to have done with a lot that is there."""


@frozen(kw_only=True)
class NotARawMaterial(Refused):
    """Only raw materials are received from a supplier."""

    product: str


def receive(work: UnitOfWork, command: ReceiveLot) -> None:
    """A lot of raw material comes in, in the stock unit of its product."""
    work.new(LOT, command.lot_id)
    work.new_code("lot", command.code)
    work.load(SUPPLIER, command.supplier_id).active()
    product = work.product(command.product_id).active()
    if product.kind is not ProductKind.RAW:
        raise NotARawMaterial(product=product.code)
    work.ask(
        command.lot_id,
        changed(
            command,
            quantity=product.whole_in_stock_unit(command.quantity, command.on),
            expires_on=product.expiry(command.expires_on, on=command.on),
            quarantined=command.quarantined or product.release_required,
        ),
    )
    recall_at_birth(work, command.lot_id, code=command.code, material=None, on=command.on)


def enter_opening_stock(work: UnitOfWork, command: EnterOpeningStock) -> None:
    """A lot that was here before the first day of this database."""
    work.new(LOT, command.lot_id)
    work.new_code("lot", command.code)
    product = work.product(command.product_id).active()
    dated = command.dated or command.on
    work.ask(
        command.lot_id,
        EnterLot(
            lot_id=command.lot_id,
            code=command.code,
            product_id=product.id,
            kind=product.kind,
            on=command.on,
            dated=dated,
            quantity=product.whole_in_stock_unit(command.quantity, command.on),
            expires_on=product.expiry(command.expires_on, on=dated),
            unit_price=command.unit_price,
            quarantined=command.quarantined or product.release_required,
        ),
    )


def step(work: UnitOfWork, command: PublicLotCommand) -> None:
    """What the lot alone decides."""
    work.lot(command.lot_id)
    work.ask(command.lot_id, command)


def take_out(work: UnitOfWork, command: WriteOffLot | SendBackToSupplier) -> None:
    """Writes a part of the lot off, or sends it back, in the stock unit of its product."""
    lot = work.lot(command.lot_id)
    quantity = work.product(lot.product_id).whole_in_stock_unit(
        command.quantity, command.on, beside=(lot.on_hand,)
    )
    work.ask(command.lot_id, changed(command, quantity=quantity))


def count(work: UnitOfWork, command: CountLot | TakeBackCount) -> None:
    """Records what was counted, or that it was a mistake, in the stock unit of the product."""
    lot = work.lot(command.lot_id)
    counted = work.product(lot.product_id).whole_in_stock_unit(
        command.counted, command.on, beside=(lot.on_hand,)
    )
    work.ask(command.lot_id, changed(command, counted=counted))


def correct(work: UnitOfWork, command: CorrectLot) -> None:
    """The supplier may be archived since: the correction says where the lot came from then."""
    work.lot(command.lot_id)
    if command.supplier_id is not None:
        work.load(SUPPLIER, command.supplier_id)
    work.ask(command.lot_id, command)


@frozen(kw_only=True)
class LotWasMade(Refused):
    """The lot came out of a production order, so it is not void for itself."""

    lot: str


def void(work: UnitOfWork, command: VoidLot) -> None:
    """The lot never came: nothing was done with it, in the log or by a claim that is open."""
    lot = work.lot(command.lot_id)
    if isinstance(lot.origin, Produced):
        raise LotWasMade(lot=lot.code)
    void_untouched(work, command)


def void_untouched(work: UnitOfWork, command: VoidLot) -> None:
    """Raises ``LotWasUsed`` where something was done with the lot; otherwise it is void."""
    work.ask(command.lot_id, command)
    lot = work.lot(command.lot_id)
    if any(Links(work.snapshot).claims(*USES, subject=command.lot_id)):
        raise LotWasUsed(lot=lot.code, use="claimed")
    for line in work.snapshot.rows(DeliveryLineRow, lot_id=command.lot_id):
        van = work.load(DELIVERY, line.delivery_id)
        if van.status is DeliveryStatus.PREPARED:
            raise LotWasUsed(lot=lot.code, use="loaded")


def recall(work: UnitOfWork, command: RecallLot) -> None:
    """The lot, then every lot made from it, however deep. Of a lot that is only claimed: the
    accepted lots that may be made from it.
    """
    is_claimed = work.find(LOT, command.lot_id) is None
    if is_claimed and not is_known(Links(work.snapshot), command.lot_id):
        raise Unknown(kind=LOT.name, reference=str(command.lot_id))
    reason_given(command.reason, "recall")
    itself = () if is_claimed else (command.lot_id,)
    for lot_id in (*itself, *made_from(work.snapshot, command.lot_id)):
        work.ask(
            lot_id,
            FlagRecalled(
                lot_id=lot_id, source=command.lot_id, on=command.on, reason=command.reason
            ),
        )
