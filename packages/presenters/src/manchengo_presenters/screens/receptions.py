"""What suppliers bring: a form beside what came in these days."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from uuid import UUID

from attrs import frozen

from manchengo import Quantity, UnitPrice
from manchengo.application.by_id import lot_of, product_of
from manchengo.application.choices import Choices
from manchengo.application.genealogy import AnyLot
from manchengo.application.reading import withheld
from manchengo.commands import ReceiveLot
from manchengo.domain.ids import LotId, ProductId, SupplierId
from manchengo.domain.ledger import Movement
from manchengo.domain.values import Unit
from manchengo.ports.rows import MovementRow, RawLotRow, RawProductRow, SupplierRow
from manchengo.ports.rows.lots import VOIDED
from manchengo.ports.store import Snapshot
from manchengo_presenters import confirmations, entering, field_values, parsing, words
from manchengo_presenters.formatting import day, number
from manchengo_presenters.language import _, ngettext
from manchengo_presenters.screens.first_entries import MaterialForm, SupplierForm
from manchengo_presenters.screens.form import Form
from manchengo_presenters.screens.label_form import LabelForm
from manchengo_presenters.screens.late_entry import LateEntry
from manchengo_presenters.screens.line_choice import LineChoice
from manchengo_presenters.screens.lot_line import Products
from manchengo_presenters.screens.scans import Looked, sentence
from manchengo_presenters.screens.screen import Screen
from manchengo_presenters.screens.screen_context import ScreenContext

DAYS = 7
"""Days of receptions that are listed."""

MOST_LISTED = 50
"""Receptions that are listed at most: a browser draws no more of them without a pause."""

FIELDS = ("supplier", "product", "quantity", "expires", "price", "reference", "day")
QUARANTINED = "quarantined"
"""Under which the quarantine is kept beside the fields."""

BESIDE = {
    "Archived": "product",
    "ExpiresBeforeReception": "expires",
    "NotARawMaterial": "product",
    "NothingToDo": "quantity",
    "PartOfAPiece": "quantity",
    "TooFine": "quantity",
    "UnitsDiffer": "quantity",
}
"""By the name of a refusal, the field that it is about."""


@frozen(kw_only=True)
class Choice:
    """A supplier or a material that may be chosen. ``key``: its id; ``unit``, ``days`` and
    ``price``: of a material.
    """

    key: str
    words: str
    unit: str = ""
    days: int | None = None
    price: str = ""


@frozen(kw_only=True)
class ReceptionLine:
    """What came in."""

    lot_id: LotId
    code: str
    product: str
    quantity: str
    supplier: str


@frozen(kw_only=True)
class Arrivals:
    """What is chosen from, and ``days``: what came in, the last day first. ``unlisted``: says how
    many more came in these days; "" for none.
    """

    suppliers: tuple[Choice, ...]
    materials: tuple[Choice, ...]
    days: tuple[tuple[str, tuple[ReceptionLine, ...]], ...]
    unlisted: str


class Receptions(LineChoice[ReceptionLine], Form):
    """``arrivals``: None until they are there. ``new_supplier`` and ``new_material``: for the first
    ones, without which nothing can be received. ``label``: of the lot that came last, to be
    printed; None where nobody asked for it. ``late``: what the reception changes of days before
    today.
    """

    def __init__(self, context: ScreenContext) -> None:
        super().__init__(context.background, dict.fromkeys(FIELDS, ""), beside=BESIDE)
        self._office = context.office
        self.context = context
        self.arrivals: Arrivals | None = None
        self.is_quarantined = False
        self.label: LabelForm | None = None
        self.late = LateEntry(self, context.office)
        self._is_to_be_labelled = False
        self.new_supplier = SupplierForm(context, self.load)
        self.new_material = MaterialForm(context, self.load)

    async def load(self) -> None:
        """Read anew what is chosen from and what came in; what was typed stays."""
        found = await self.attempt_again(self._read, self.arrivals)
        if found is not None:
            self.arrivals = found
            self.changed()

    def choose(self, name: str, key: str) -> None:
        """That supplier, or that material."""
        self.put(name, key)
        self.changed()

    def set_quarantined(self, is_quarantined: bool) -> None:
        """Whether the lot waits until somebody has looked at it."""
        self.late.withdraw()
        self.is_quarantined = is_quarantined
        self.changed()

    @property
    def open_forms(self) -> Mapping[str, Form]:
        """With those of the first supplier and the first material."""
        firsts = {"supplier": self.new_supplier, "material": self.new_material}
        return {"": self, **(firsts if self.lacks else {})}

    def chosen_beside(self) -> dict[str, str]:
        """The quarantine, which is ticked and not typed."""
        return {QUARANTINED: "1"} if self.is_quarantined else {}

    def choose_beside(self, draft: Mapping[str, str]) -> None:
        """With the quarantine."""
        self.is_quarantined = QUARANTINED in draft

    @property
    def material(self) -> Choice | None:
        """The material that is chosen."""
        known = self.arrivals.materials if self.arrivals else ()
        return next((each for each in known if each.key == self.values["product"]), None)

    @property
    def lacks(self) -> bool:
        """Whether there is no supplier or no material to choose yet."""
        known = self.arrivals
        return known is not None and not (known.suppliers and known.materials)

    @property
    def quantity_label(self) -> str:
        """With the unit of the material."""
        chosen = self.material
        if chosen is None:
            return _("Quantity")
        return _("Quantity ({unit})").format(unit=words.unit_word(2_000, chosen.unit))

    @property
    def expiry_hint(self) -> str:
        """What is recorded where nothing is typed."""
        chosen = self.material
        if chosen is None:
            return ""
        if chosen.days is None:
            return _("Left blank: it does not expire.")
        last = self.late.on + timedelta(days=chosen.days)
        return _("Left blank: {day}.").format(day=day(last))

    def put(self, name: str, text: str) -> None:
        """What the person typed; the expiry that is proposed follows the day."""
        self.late.withdraw()
        super().put(name, text)
        if name == "day":
            self.changed()

    @property
    def price_hint(self) -> str:
        """What is recorded where nothing is typed."""
        chosen = self.material
        if chosen is None or not chosen.price:
            return ""
        return _("Left blank: {price}.").format(price=chosen.price)

    async def scanned(self, looked: Looked) -> bool:
        """What a supplier printed fills in what it says; the rest stays as it was typed."""
        goods = looked.goods
        if goods is None or self.is_busy or self.late.shown is not None:
            return False
        says = {
            "product": str(goods.product_id or ""),
            "reference": goods.batch,
            "expires": day(goods.last_day) if goods.last_day else "",
        }
        self.put_back(self.values | {name: text for name, text in says.items() if text})
        self.context.window.say(sentence(looked.view))
        return True

    async def receive_and_label(self) -> None:
        """Record it, and offer its label to be printed."""
        await self._receive(is_labelled=True)

    def end_label(self) -> None:
        """Print no label, or no more."""
        self.label = None
        self.changed()

    async def receive(self) -> None:
        """Record it; the fields are blank again, and the supplier stays."""
        await self._receive(is_labelled=False)

    async def _receive(self, *, is_labelled: bool) -> None:
        """What it changes of the past is shown first."""
        if self.is_busy or self.late.shown is not None:
            return
        asked = self._asked()
        if asked is None:
            return
        self._is_to_be_labelled = is_labelled
        await self.late.record(asked, lambda: self._record(asked))

    async def _record(self, asked: Callable[[Choices], ReceiveLot]) -> None:
        on = self.late.on
        done = await self.attempt(
            lambda: self._office.record(
                asked,
                lambda snapshot, command: next(iter(confirmations.lot_made(snapshot, command))),
                on=on,
            )
        )
        if done is None:
            return
        assert isinstance(done.command, ReceiveLot), "it was built so"
        lots = (done.command.lot_id,)
        sent = dict(self.values)
        self.is_quarantined = False
        self.label = LabelForm(self.context, lots) if self._is_to_be_labelled else None
        self.fill(supplier=sent["supplier"])
        self.context.window.tell(done, lambda: self._begin_again(sent))
        await self.load()

    def _begin_again(self, sent: dict[str, str]) -> None:
        """The lot was taken back: it needs no label, and what was typed is there again."""
        self.label = None
        self.put_back(sent)

    async def confirm(self) -> None:
        """Record it, and offer its label; what is to be looked at first is confirmed."""
        if self.late.shown is not None:
            await self.late.confirm()
        else:
            await self.receive_and_label()

    @property
    def lines_shown(self) -> tuple[ReceptionLine, ...]:
        """What came in, the last day first."""
        days = self.arrivals.days if self.arrivals else ()
        return tuple(line for _day, lines in days for line in lines)

    async def opened(self, line: ReceptionLine) -> None:
        """To that lot."""
        await self.context.window.go(Screen.LOT, line.lot_id)

    def _asked(self) -> Callable[[Choices], ReceiveLot] | None:
        self.require(("supplier", "product", "quantity"))
        chosen = self.material
        self.require_found("product", chosen)
        quantity = self.read("quantity", lambda text: parsing.quantity(text, least=1))
        expires = self.read("expires", parsing.day)
        price = self.read("price", field_values.unit_price)
        self.late.check()
        if not self.is_right or chosen is None:
            return None
        assert isinstance(quantity, int)
        assert expires is None or isinstance(expires, date)
        assert price is None or isinstance(price, UnitPrice)
        product_id = ProductId(UUID(chosen.key))
        supplier_id = SupplierId(UUID(self.values["supplier"]))
        amount = Quantity(quantity, Unit(chosen.unit))
        reference, is_quarantined = self.values["reference"].strip(), self.is_quarantined

        def build(choices: Choices) -> ReceiveLot:
            return entering.reception(
                choices,
                product_of(choices.snapshot, product_id),
                supplier_id,
                amount,
                expires=expires,
                price=price,
                reference=reference,
                quarantined=is_quarantined,
            )

        return build

    def _read(self) -> Arrivals:
        today = self._office.today()
        with self._office.reading() as snapshot:
            return arrivals(snapshot, today)


def arrivals(snapshot: Snapshot, today: date) -> Arrivals:
    """What may be received, and what was in these days."""
    suppliers = sorted(
        (row for row in snapshot.rows(SupplierRow) if not row.archived), key=lambda row: row.name
    )
    materials = sorted(
        (row for row in snapshot.rows(RawProductRow) if not row.archived), key=lambda row: row.name
    )
    products = Products(snapshot)
    days, room, unlisted = [], MOST_LISTED, 0
    for back in range(DAYS):
        on = today - timedelta(days=back)
        came = [
            row
            for moved in snapshot.rows(MovementRow, day=on)
            if moved.kind == Movement.RECEIPT
            and (row := lot_of(snapshot, moved.lot_id)).status != VOIDED
        ]
        came.sort(key=lambda row: row.code, reverse=True)
        if listed := came[:room]:
            days.append((day(on), tuple(_line(snapshot, row, products) for row in listed)))
        room -= len(listed)
        unlisted += len(came) - len(listed)
    return Arrivals(
        suppliers=tuple(
            Choice(key=str(row.id), words=_named(row.name, row.code)) for row in suppliers
        ),
        materials=tuple(_material(row) for row in materials),
        days=tuple(days),
        unlisted=_unlisted(unlisted),
    )


def _unlisted(count: int) -> str:
    if not count:
        return ""
    return ngettext(
        "And {count} other lot: see the list of lots.",
        "And {count} other lots: see the list of lots.",
        count,
    ).format(count=number(count))


def _named(name: str, code: str) -> str:
    return f"{name} ({code})"


def _material(row: RawProductRow) -> Choice:
    price = ""
    if "price" not in withheld(row) and row.price:
        price = words.price(row.price, row.price_per, row.unit)
    return Choice(
        key=str(row.id),
        words=_named(row.name, row.code),
        unit=row.unit,
        days=row.shelf_life_days,
        price=price,
    )


def _line(snapshot: Snapshot, row: AnyLot, products: Products) -> ReceptionLine:
    supplier_id = row.supplier_id if isinstance(row, RawLotRow) else None
    supplier = snapshot.get(SupplierRow, supplier_id) if supplier_id else None
    return ReceptionLine(
        lot_id=LotId(row.id),
        code=row.code,
        product=products.of(row.product_id).name,
        quantity=words.measured(row.quantity_initial, row.unit),
        supplier=supplier.name if supplier else "",
    )
