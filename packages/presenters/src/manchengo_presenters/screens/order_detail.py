"""One production order in full: what it takes, which lots give it, what came out."""

from collections.abc import Iterator, Sequence
from datetime import date

from attrs import frozen

from manchengo.application.by_id import lot_of, product_of
from manchengo.application.genealogy import AnyLot
from manchengo.application.holds import holds_of_order
from manchengo.application.order_materials import Material, OrderMaterials, order_materials
from manchengo.application.stream_queries import poured_materials
from manchengo.domain.allocation import Pick
from manchengo.domain.ids import LotId, ProductId, ProductionOrderId
from manchengo.domain.lot.commands import Role
from manchengo.domain.values import Quantity
from manchengo.ports.rows import (
    ProductionOrderRow,
    ProductRow,
)
from manchengo.ports.store import Snapshot
from manchengo_presenters import words
from manchengo_presenters.formatting import day, number, percent
from manchengo_presenters.language import _, ngettext
from manchengo_presenters.made_lots import made_lots
from manchengo_presenters.screens.order_line import OrderLine, order_line

SKIPPED_SHOWN = 6
"""Lots passed over that are named."""


@frozen(kw_only=True)
class LotChoice:
    """A lot that may be poured. ``quantity``: so much is reserved, or free, of it. ``unfit``: why
    it may not leave any more; "" where it may.
    """

    lot_id: LotId
    code: str
    entered_on: date
    expires: str
    quantity: Quantity
    unfit: str = ""

    @property
    def amount(self) -> str:
        """The quantity in words."""
        return words.measure(self.quantity)


@frozen(kw_only=True)
class SkippedLot:
    """A lot passed over, and why."""

    lot_id: LotId
    code: str
    why: str


@frozen(kw_only=True)
class MaterialLine:
    """One ingredient. ``left``: what is still to be poured; ``share``: of what is needed, how much
    was poured, from 0 to 1. ``missing``: a sentence, "" where the lots suffice. ``proposed``: the
    lots that were reserved at the start, poured out or not.
    """

    product_id: ProductId
    name: str
    needed: str
    poured: str
    left: Quantity
    share: float
    missing: str
    picks: tuple[LotChoice, ...]
    proposed: tuple[LotId, ...]
    others: tuple[LotChoice, ...]
    skipped: tuple[SkippedLot, ...]

    @property
    def more_skipped(self) -> str:
        """How many lots were passed over besides those that are shown; "" for none."""
        more = len(self.skipped) - SKIPPED_SHOWN
        if more <= 0:
            return ""
        return ngettext("and {count} other", "and {count} others", more).format(count=number(more))


@frozen(kw_only=True)
class PouredLine:
    """One pouring. ``reason``: why another lot than those proposed was taken."""

    lot_id: LotId
    code: str
    product: str
    quantity: str
    unit: str
    day: str
    reason: str


@frozen(kw_only=True)
class OutputLine:
    """One lot that came out. ``role``: "" for the product of the order."""

    lot_id: LotId
    code: str
    product: str
    quantity: str
    role: str


@frozen(kw_only=True)
class OrderDetail:
    """All that is shown of an order. ``facts``: a name and a value each."""

    line: OrderLine
    status: str
    row: ProductionOrderRow
    product: ProductRow
    expected: Quantity
    facts: tuple[tuple[str, str], ...]
    materials: tuple[MaterialLine, ...]
    poured: tuple[PouredLine, ...]
    outputs: tuple[OutputLine, ...]
    by_products: tuple[ProductRow, ...]

    @property
    def is_short(self) -> bool:
        """Whether the lots do not suffice."""
        return any(each.missing for each in self.materials)

    @property
    def is_poured(self) -> bool:
        """Whether all that it takes was poured."""
        return all(not each.left for each in self.materials)


def order_detail(snapshot: Snapshot, order_id: ProductionOrderId, today: date) -> OrderDetail:
    """That order at that moment."""
    row = snapshot.get(ProductionOrderRow, order_id)
    assert row is not None, "it was opened where it is listed"
    product = product_of(snapshot, row.product_id)
    taken = order_materials(snapshot, order_id, on=today)
    unfit = {
        hold.lot: words.word(words.SKIPPED, hold.why)
        for hold in holds_of_order(snapshot, order_id, today)
        if hold.why
    }
    return OrderDetail(
        line=order_line(row, product, today),
        status=row.status,
        row=row,
        product=product,
        expected=taken.expected,
        facts=tuple(_facts(row, taken)),
        materials=tuple(_material(snapshot, each, unfit) for each in taken.materials),
        poured=tuple(_poured(snapshot, order_id)),
        outputs=tuple(_outputs(snapshot, order_id)),
        by_products=tuple(product_of(snapshot, each) for each in taken.by_products),
    )


def _facts(row: ProductionOrderRow, taken: OrderMaterials) -> Iterator[tuple[str, str]]:
    yield _("Planned for"), day(row.day)
    yield _("Planned"), words.measured(row.planned, row.unit)
    yield _("By the recipe"), words.measure(taken.expected)
    if row.completed_on is not None:
        yield _("Completed on"), day(row.completed_on)
        yield _("Obtained"), words.measured(row.obtained, row.unit)
        yield _("Yield"), _yield(row.obtained, taken.expected)
    if row.lost:
        yield _("Lost"), words.measured(row.lost, row.unit)
    if row.reason:
        yield _("Reason"), row.reason


def _yield(obtained: int, expected: Quantity) -> str:
    """Of what the recipe gives, how much came out, to a tenth of a percent."""
    tenths = (obtained * 1_000 * 2 + expected.thousandths) // (2 * expected.thousandths)
    return _("{percent} of the recipe").format(percent=percent(tenths * 10))


def _material(snapshot: Snapshot, each: Material, unfit: dict[str, str]) -> MaterialLine:
    product = product_of(snapshot, each.product_id)
    left = max(0, each.needed.thousandths - each.poured.thousandths)
    missing = ""
    if each.missing:
        missing = _("{product}: {quantity} missing.").format(
            product=product.name, quantity=words.measure(each.missing)
        )
    return MaterialLine(
        product_id=each.product_id,
        name=product.name,
        needed=words.measure(each.needed),
        poured=words.measure(each.poured),
        left=each.needed.with_thousandths(left),
        share=min(1.0, each.poured.thousandths / each.needed.thousandths),
        missing=missing,
        picks=_choices(snapshot, each.picks, unfit),
        proposed=each.proposed,
        others=_choices(snapshot, each.others, {}),
        skipped=tuple(
            SkippedLot(
                lot_id=passed.lot_id,
                code=lot_of(snapshot, passed.lot_id).code,
                why=words.word(words.SKIPPED, passed.reason),
            )
            for passed in each.skipped
        ),
    )


def _choices(
    snapshot: Snapshot, picks: Sequence[Pick], unfit: dict[str, str]
) -> tuple[LotChoice, ...]:
    return tuple(_choice(lot_of(snapshot, pick.lot_id), pick, unfit) for pick in picks)


def _choice(row: AnyLot, pick: Pick, unfit: dict[str, str]) -> LotChoice:
    return LotChoice(
        lot_id=pick.lot_id,
        code=row.code,
        entered_on=row.entered_on,
        expires=day(row.expires_on) if row.expires_on else _("does not expire"),
        quantity=pick.quantity,
        unfit=unfit.get(row.code, ""),
    )


def _poured(snapshot: Snapshot, order_id: ProductionOrderId) -> Iterator[PouredLine]:
    for scan in poured_materials(snapshot, order_id):
        yield PouredLine(
            lot_id=scan.lot_id,
            code=lot_of(snapshot, scan.lot_id).code,
            product=product_of(snapshot, scan.product_id).name,
            quantity=words.measure(scan.quantity),
            unit=scan.quantity.unit.value,
            day=day(scan.on),
            reason=scan.override_reason,
        )


def _outputs(snapshot: Snapshot, order_id: ProductionOrderId) -> Iterator[OutputLine]:
    for row in made_lots(snapshot, order_id):
        yield OutputLine(
            lot_id=row.id,
            code=row.code,
            product=product_of(snapshot, row.product_id).name,
            quantity=words.measured(row.quantity_initial, row.unit),
            role=_("by-product") if row.role == Role.BY_PRODUCT else "",
        )
