"""What happens to a lot outside an order: reception, quality, losses, counts, recall."""

from attrs import evolve as changed
from attrs import frozen

from manchengo.application.books import Books
from manchengo.application.genealogy import Links, is_known, made_from
from manchengo.application.handlers.recalls import recall_at_birth
from manchengo.domain.aggregates import LOT, SUPPLIER
from manchengo.domain.errors import Refused, Unknown, reason_given
from manchengo.domain.lot.commands import (
    CorrectLot,
    CountLot,
    EnterLot,
    FlagRecalled,
    PublicLotCommand,
    ReceiveLot,
    SendBackToSupplier,
    WriteOffLot,
)
from manchengo.domain.opening_stock import EnterOpeningStock
from manchengo.domain.product import ProductKind
from manchengo.domain.recall import RecallLot
from manchengo.ports.rows import FinishedLotRow, RawLotRow


@frozen(kw_only=True)
class NotARawMaterial(Refused):
    """Only raw materials are received from a supplier."""

    product: str


def receive(books: Books, command: ReceiveLot) -> None:
    books.new(LOT, command.lot_id)
    books.new_code("lot", command.code, RawLotRow, FinishedLotRow)
    books.load(SUPPLIER, command.supplier_id).active()
    product = books.product(command.product_id).active()
    if product.kind is not ProductKind.RAW:
        raise NotARawMaterial(product=product.code)
    books.ask(
        command.lot_id,
        changed(
            command,
            quantity=product.whole_in_stock_unit(command.quantity, command.on),
            expires_on=product.expiry(command.expires_on, on=command.on),
            quarantined=command.quarantined or product.release_required,
        ),
    )
    recall_at_birth(books, command.lot_id, code=command.code, material=None, on=command.on)


def enter_opening_stock(books: Books, command: EnterOpeningStock) -> None:
    books.new(LOT, command.lot_id)
    books.new_code("lot", command.code, RawLotRow, FinishedLotRow)
    product = books.product(command.product_id).active()
    dated = command.dated or command.on
    books.ask(
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


def step(books: Books, command: PublicLotCommand) -> None:
    """What the lot alone decides."""
    books.lot(command.lot_id)
    books.ask(command.lot_id, command)


def take_out(books: Books, command: WriteOffLot | SendBackToSupplier) -> None:
    lot = books.lot(command.lot_id)
    quantity = books.product(lot.product_id).whole_in_stock_unit(
        command.quantity, command.on, beside=(lot.on_hand,)
    )
    books.ask(command.lot_id, changed(command, quantity=quantity))


def count(books: Books, command: CountLot) -> None:
    lot = books.lot(command.lot_id)
    counted = books.product(lot.product_id).whole_in_stock_unit(
        command.counted, command.on, beside=(lot.on_hand,)
    )
    books.ask(command.lot_id, changed(command, counted=counted))


def correct(books: Books, command: CorrectLot) -> None:
    """The supplier may be archived since: the correction says where the lot came from then."""
    books.lot(command.lot_id)
    if command.supplier_id is not None:
        books.load(SUPPLIER, command.supplier_id)
    books.ask(command.lot_id, command)


def recall(books: Books, command: RecallLot) -> None:
    """The lot, then every lot made from it, however deep. Of a lot that is only claimed, those of
    the books that may be made from it.
    """
    is_claimed = books.find(LOT, command.lot_id) is None
    if is_claimed and not is_known(Links(books.snapshot), command.lot_id):
        raise Unknown(kind=LOT.name, reference=str(command.lot_id))
    reason_given(command.reason, "recall")
    itself = () if is_claimed else (command.lot_id,)
    for lot_id in (*itself, *made_from(books.snapshot, command.lot_id)):
        books.ask(
            lot_id,
            FlagRecalled(
                lot_id=lot_id, source=command.lot_id, on=command.on, reason=command.reason
            ),
        )
