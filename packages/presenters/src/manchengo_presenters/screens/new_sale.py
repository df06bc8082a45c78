"""A new order of a client: line by line, with the lots that it would take."""

import json
from collections.abc import Callable, Mapping
from datetime import date
from uuid import UUID

from attrs import evolve, frozen

from manchengo import UnitPrice
from manchengo.application.choices import Choices
from manchengo.application.offered_prices import OfferedPrice, price_for
from manchengo.application.reading import withheld
from manchengo.application.unit_of_work import UnitOfWork
from manchengo.commands import PlaceSalesOrder, Sell
from manchengo.domain.access import Permission
from manchengo.domain.ids import ClientId, ProductId
from manchengo.domain.sales_order import OrderLine
from manchengo.domain.values import Quantity, Unit
from manchengo.ports.rows import FinishedProductRow
from manchengo.ports.store import Snapshot
from manchengo_presenters import confirmations, entering, field_values, parsing, words
from manchengo_presenters.formatting import day
from manchengo_presenters.language import _
from manchengo_presenters.open_orders import client_choices
from manchengo_presenters.screens.allocation_view import ProductAllocation, proposals
from manchengo_presenters.screens.form import Form
from manchengo_presenters.screens.screen import Screen
from manchengo_presenters.screens.screen_context import ScreenContext

FIELDS = ("client", "wanted_on", "product", "quantity", "price")
OF_A_LINE = ("product", "quantity", "price")
BESIDE = {
    "NothingToDo": "product",
    "OutOfOrder": "wanted_on",
    "PartOfAPiece": "quantity",
    "ProductTwice": "product",
    "TooFine": "quantity",
}
"""By the name of a refusal, the field that it is about."""


@frozen(kw_only=True)
class Offer:
    """A product that may be ordered. ``price``: what is recorded where none is typed, "" for who
    may not read it.
    """

    product_id: ProductId
    words: str
    unit: Unit
    price: str


@frozen(kw_only=True)
class DraftLine:
    """A line of the order that is being typed; ``price`` None: what the client pays for it, which
    ``price_words`` say.
    """

    product_id: ProductId
    product: str
    quantity: Quantity
    price: UnitPrice | None
    price_words: str

    @property
    def quantity_words(self) -> str:
        """As it is shown."""
        return words.measure(self.quantity)


@frozen(kw_only=True)
class Registers:
    """What is chosen from: clients by id and words, and products."""

    clients: tuple[tuple[str, str], ...]
    offers: tuple[Offer, ...]


LINES = "lines"
"""Under which the lines are kept beside the fields."""


class NewSale(Form):
    """``registers``: None until they are there. ``lines``: those that are typed. ``proposed``: the
    lots that they would take for the client who is chosen. ``offered``: what that client pays for
    a product where no price is typed; empty for who may not read prices.
    """

    def __init__(self, context: ScreenContext) -> None:
        super().__init__(context.background, dict.fromkeys(FIELDS, ""), beside=BESIDE)
        self._office = context.office
        self.context = context
        self.registers: Registers | None = None
        self.lines: tuple[DraftLine, ...] = ()
        self.proposed: tuple[ProductAllocation, ...] = ()
        self.offered: Mapping[ProductId, OfferedPrice] = {}

    async def load(self) -> None:
        """Read anew what is chosen from, and what the lines would take; what was typed stays."""
        known = None if self.registers is None else (self.registers, self.proposed, self.offered)
        found = await self.attempt_again(self._read, known)
        if found is not None:
            self.registers, self.proposed, self.offered = found
            self.lines = tuple(map(self._with_price, self.lines))
            self.changed()

    def chosen_beside(self) -> dict[str, str]:
        """The lines."""
        return {LINES: json.dumps([_as_text(line) for line in self.lines])} if self.lines else {}

    def choose_beside(self, draft: Mapping[str, str]) -> None:
        """With the lines; what they would take is read next."""
        self.lines = tuple(map(_from_text, json.loads(draft.get(LINES, "[]"))))
        self.proposed = ()

    async def choose(self, name: str, key: str) -> None:
        """That client, or that product."""
        self.put(name, key)
        self.changed()
        if self.values["client"]:
            await self.load()

    @property
    def offer(self) -> Offer | None:
        """The product of the line that is typed."""
        offers = self.registers.offers if self.registers else ()
        chosen = self.values["product"]
        return next((each for each in offers if str(each.product_id) == chosen), None)

    @property
    def quantity_label(self) -> str:
        """With the unit of the product."""
        chosen = self.offer
        if chosen is None:
            return _("Quantity")
        return _("Quantity ({unit})").format(unit=words.unit_word(2_000, chosen.unit))

    @property
    def price_hint(self) -> str:
        """What is recorded where nothing is typed."""
        chosen = self.offer
        if chosen is None or not self._price_of(chosen):
            return ""
        offered = self.offered.get(chosen.product_id)
        if offered is None or offered.price_list is None or offered.since is None:
            return _("Left blank: {price}.").format(price=self._price_of(chosen))
        _code, name = offered.price_list
        return _("Left blank: {price}, price list {name} since {day}.").format(
            price=self._price_of(chosen), name=name, day=day(offered.since)
        )

    def _price_of(self, offer: Offer) -> str:
        """What is recorded of that product where no price is typed."""
        offered = self.offered.get(offer.product_id)
        if offered is None:
            return offer.price
        return words.price(offered.price.centimes, offered.price.per, offer.unit)

    def _with_price(self, line: DraftLine) -> DraftLine:
        """The line with what the client who is chosen pays."""
        offers = self.registers.offers if self.registers else ()
        offer = next((each for each in offers if each.product_id == line.product_id), None)
        if line.price is not None or offer is None:
            return line
        return evolve(line, price_words=self._price_of(offer))

    @property
    def is_line_begun(self) -> bool:
        """Whether something is typed that is not among the lines yet."""
        return any(self.values[name].strip() for name in OF_A_LINE)

    async def add_line(self) -> None:
        """Take what is typed among the lines; its fields are blank again."""
        self.require(("product", "quantity"))
        if self._take_line():
            await self.load()

    async def remove_line(self, line: DraftLine) -> None:
        """Leave that line out, and no other: a second press of its button does nothing."""
        self.lines = tuple(each for each in self.lines if each is not line)
        self.changed()
        await self.load()

    async def order_what_is_left(self, proposed: ProductAllocation) -> None:
        """Ask no more of that product than there is."""
        left = proposed.left
        kept = []
        for line in self.lines:
            if line.product_id == proposed.product_id:
                line = evolve(line, quantity=min(line.quantity, left))
                left -= line.quantity
            if line.quantity:
                kept.append(line)
        self.lines = tuple(kept)
        self.changed()
        await self.load()

    async def reserve(self) -> None:
        """Record the order, and reserve its lots."""
        await self._record(Sell)

    async def place(self) -> None:
        """Record the order; nothing is reserved yet."""
        await self._record(PlaceSalesOrder)

    async def confirm(self) -> None:
        """Record the order, and reserve its lots."""
        await self.reserve()

    async def _record(self, kind: type[Sell | PlaceSalesOrder]) -> None:
        if self.is_busy:
            return
        asked = self._asked(kind)
        if asked is None:
            return
        sent, lines = dict(self.values), self.lines

        def sentence(snapshot: Snapshot, order: Sell | PlaceSalesOrder) -> str:
            return next(iter(confirmations.sales_order(snapshot, order.order_id, order.on)))

        done = await self.attempt(lambda: self._office.record(asked, sentence))
        if done is None:
            return

        def restore() -> None:
            self.lines = lines
            self.put_back(sent)

        self.lines, self.proposed = (), ()
        self.fill()
        command, window = done.command, self.context.window
        assert isinstance(command, Sell | PlaceSalesOrder), "it is what was asked for"
        window.tell(done, restore)
        await window.go(Screen.SALES)
        await window.go(Screen.SALE, command.order_id)

    def _asked(
        self, kind: type[Sell | PlaceSalesOrder]
    ) -> Callable[[Choices], Sell | PlaceSalesOrder] | None:
        needed = ("product", "quantity") if self.is_line_begun or not self.lines else ()
        self.require(("client", *needed))
        wanted_on = self.read("wanted_on", parsing.day)
        if needed and not self._take_line():
            return None
        if not self.is_right:
            return None
        assert wanted_on is None or isinstance(wanted_on, date)
        client_id = ClientId(UUID(self.values["client"]))
        lines = tuple(OrderLine(line.product_id, line.quantity, line.price) for line in self.lines)
        return lambda choices: entering.sales_order(
            kind, choices, client_id, lines, wanted_on=wanted_on
        )

    def _take_line(self) -> bool:
        """Whether what is typed of a line is right; then it is among the lines."""
        quantity = self.read("quantity", lambda text: parsing.quantity(text, least=1))
        price = self.read("price", field_values.unit_price)
        chosen = self.offer
        self.require_found("product", chosen)
        if not self.is_right or chosen is None:
            return False
        assert isinstance(quantity, int)
        assert price is None or isinstance(price, UnitPrice)
        line = DraftLine(
            product_id=chosen.product_id,
            product=chosen.words,
            quantity=Quantity(quantity, chosen.unit),
            price=price,
            price_words=words.price(price.centimes, price.per, chosen.unit)
            if price is not None
            else self._price_of(chosen),
        )
        self.lines = (*self.lines, line)
        self.fill(client=self.values["client"], wanted_on=self.values["wanted_on"])
        return True

    def _read(
        self,
    ) -> tuple[Registers, tuple[ProductAllocation, ...], Mapping[ProductId, OfferedPrice]]:
        client = self.values["client"]
        with self._office.reading() as snapshot:
            registers = _registers(snapshot)
            offered = self._read_prices(snapshot, ClientId(UUID(client))) if client else {}
        if not (client and self.lines):
            return registers, (), offered
        proposed = proposals(self._office, self._wanted(), client_id=ClientId(UUID(client)))
        return registers, proposed, offered

    def _read_prices(
        self, snapshot: Snapshot, client_id: ClientId
    ) -> Mapping[ProductId, OfferedPrice]:
        """Of the products of the lines, and of the one that is typed."""
        if not self.context.who.may(Permission.READ_PRICES):
            return {}
        typed = self.offer
        products = dict.fromkeys(
            [line.product_id for line in self.lines] + ([typed.product_id] if typed else [])
        )
        work, today = UnitOfWork(snapshot), self._office.today()
        found = {each: price_for(work, client_id, each, today) for each in products}
        return {each: offered for each, offered in found.items() if offered}

    def _wanted(self) -> dict[ProductId, Quantity]:
        sums: dict[ProductId, Quantity] = {}
        for line in self.lines:
            before = sums.get(line.product_id)
            sums[line.product_id] = before + line.quantity if before else line.quantity
        return sums


def _as_text(line: DraftLine) -> dict[str, str]:
    return {
        "product_id": str(line.product_id),
        "product": line.product,
        "quantity": str(line.quantity),
        "price": str(line.price) if line.price else "",
        "price_words": line.price_words,
    }


def _from_text(kept: Mapping[str, str]) -> DraftLine:
    return DraftLine(
        product_id=ProductId(UUID(kept["product_id"])),
        product=kept["product"],
        quantity=Quantity.parse(kept["quantity"]),
        price=UnitPrice.parse(kept["price"]) if kept["price"] else None,
        price_words=kept["price_words"],
    )


def _registers(snapshot: Snapshot) -> Registers:
    products = sorted(
        (row for row in snapshot.rows(FinishedProductRow) if not row.archived),
        key=lambda row: row.name,
    )
    return Registers(
        clients=client_choices(snapshot),
        offers=tuple(_offer(row) for row in products),
    )


def _offer(row: FinishedProductRow) -> Offer:
    price = ""
    if "price" not in withheld(row) and row.price:
        price = words.price(row.price, row.price_per, row.unit)
    return Offer(
        product_id=row.id, words=f"{row.name} ({row.code})", unit=Unit(row.unit), price=price
    )
