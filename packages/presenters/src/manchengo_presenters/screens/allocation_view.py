"""Which lots would be taken of a product, oldest first, and why others are passed over."""

from collections.abc import Iterable, Mapping

from attrs import frozen

from manchengo.application.by_id import lot_of, product_of
from manchengo.application.holds import Hold
from manchengo.domain.allocation import Allocation
from manchengo.domain.ids import ClientId, LotId, ProductId
from manchengo.domain.values import Quantity
from manchengo.ports.store import Snapshot
from manchengo_presenters import words
from manchengo_presenters.formatting import day
from manchengo_presenters.language import _
from manchengo_presenters.screens.office import Office


@frozen(kw_only=True)
class AllocatedLot:
    """``quantity``: what is taken of it; "" where it is passed over, ``why``. ``expires``: "" for
    one that does not.
    """

    code: str
    quantity: str
    entered: str
    expires: str
    why: str = ""


@frozen(kw_only=True)
class ProductAllocation:
    """``picked`` in the order in which they leave, ``passed``: the others. ``left``: what there is,
    in the unit of the product; ``missing``: a sentence, "" where nothing is.
    """

    product_id: ProductId
    product: str
    wanted: str
    picked: tuple[AllocatedLot, ...]
    passed: tuple[AllocatedLot, ...]
    left: Quantity
    missing: str

    @property
    def left_words(self) -> str:
        """What there is; "" where there is nothing."""
        return words.measure(self.left) if self.left else ""


def proposals(
    office: Office, wanted: Mapping[ProductId, Quantity], *, client_id: ClientId
) -> tuple[ProductAllocation, ...]:
    """What would be reserved today for an order of that client; ``wanted``: by product, in its
    unit.
    """
    found = {
        product_id: office.preview(product_id, quantity, client_id=client_id)
        for product_id, quantity in wanted.items()
    }
    with office.reading() as snapshot:
        return tuple(
            _product_allocation(snapshot, product_id, wanted[product_id], allocation)
            for product_id, allocation in found.items()
        )


def _product_allocation(
    snapshot: Snapshot, product_id: ProductId, wanted: Quantity, found: Allocation
) -> ProductAllocation:
    product = product_of(snapshot, product_id)
    left = wanted - found.shortfall
    return ProductAllocation(
        product_id=product_id,
        product=product.name,
        wanted=words.measure(wanted),
        picked=tuple(
            _lot(snapshot, pick.lot_id, quantity=words.measure(pick.quantity))
            for pick in found.picks
        ),
        passed=tuple(
            _lot(snapshot, passed.lot_id, why=words.word(words.SKIPPED, passed.reason))
            for passed in found.skipped
        ),
        left=left,
        missing=_missing(left, wanted) if found.shortfall else "",
    )


def _missing(left: Quantity, wanted: Quantity) -> str:
    if not left:
        return _("Nothing is left; the order asks for {wanted}.").format(
            wanted=words.measure(wanted)
        )
    return _("{left} are left; the order asks for {wanted}.").format(
        left=words.measure(left), wanted=words.measure(wanted)
    )


def _lot(snapshot: Snapshot, lot_id: LotId, *, quantity: str = "", why: str = "") -> AllocatedLot:
    row = lot_of(snapshot, lot_id)
    return AllocatedLot(
        code=row.code,
        quantity=quantity,
        entered=day(row.entered_on),
        expires=day(row.expires_on) if row.expires_on else "",
        why=why,
    )


@frozen(kw_only=True)
class HeldLot:
    """A lot that is reserved for the order; ``why``: why it may not leave any more, "" where it
    may. ``deliveries``: the codes of those in which it is loaded.
    """

    code: str
    quantity: str
    deliveries: str
    why: str


def held_lots(holds: Iterable[Hold]) -> tuple[HeldLot, ...]:
    """What is reserved, in words."""
    return tuple(
        HeldLot(
            code=hold.lot,
            quantity=words.measured(hold.quantity, hold.unit),
            deliveries=", ".join(hold.deliveries),
            why=words.word(words.SKIPPED, hold.why) if hold.why else "",
        )
        for hold in holds
    )
