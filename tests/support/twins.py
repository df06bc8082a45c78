"""Two things of one kind whose codes differ in spelling alone, of every kind that has a code."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any
from uuid import UUID

from attrs import evolve, frozen

from manchengo import Manchengo
from manchengo.commands import Command, RegisterClient, RegisterProduct, RegisterSupplier
from manchengo.domain.ids import ClientId, ProductId, SupplierId
from manchengo.domain.product import ProductKind
from manchengo.domain.values import Unit
from manchengo.memory import CountingIds
from tests.support.dairy import (
    A_DAIRY,
    CHEESE,
    an_id,
    day,
    dinars,
    in_opening_stock,
    in_store,
    kg,
    litres,
    ordered,
    planned,
    prepared,
    received,
    sold,
)
from tests.support.dairy import a_line as a_line_of
from tests.support.given import History, events_of, given, one_by_one

CODE = "CRÈME 1"
SPELT = ("crème 1", "CRE\u0300ME 1", " CRÈME\u00a0 1", "CRÈ\u00adME 1")
"""The same code as people read it: other case, other letters, other spaces, a hidden character."""

READY = (A_DAIRY, in_store("T1", kg(10)), sold("S1", kg(2)))
ANOTHER = an_id("another of the same code")


@frozen
class Coded:
    """``first`` gives something that code; ``id``: the field of its identifier."""

    kind: str
    first: Any
    id: str
    find: Callable[[Manchengo, str], Any]

    def again(self, spelt: str) -> Any:
        """The same command about something else, with that code."""
        return evolve(self.first, **{self.id: ANOTHER, "code": spelt})


def _product(kind: ProductKind) -> Command:
    return RegisterProduct(
        product_id=ProductId(an_id("crème")),
        code=CODE,
        kind=kind,
        name="Crème",
        unit=Unit.L,
        price=dinars(400),
    )


OF_EVERY_KIND = {
    "supplier": Coded(
        "supplier",
        RegisterSupplier(supplier_id=SupplierId(an_id("crème")), code=CODE, name="Aït Ali"),
        "supplier_id",
        Manchengo.supplier,
    ),
    "client": Coded(
        "client",
        RegisterClient(client_id=ClientId(an_id("crème")), code=CODE, name="El Baraka"),
        "client_id",
        Manchengo.client,
    ),
    "raw material": Coded("product", _product(ProductKind.RAW), "product_id", Manchengo.product),
    "finished product": Coded(
        "product", _product(ProductKind.FINISHED), "product_id", Manchengo.product
    ),
    "lot": Coded("lot", received(CODE, litres(5), on=day(1)), "lot_id", Manchengo.lot),
    "lot of the opening stock": Coded(
        "lot", in_opening_stock(CODE, kg(5), of=CHEESE, on=day(1)), "lot_id", Manchengo.lot
    ),
    "production order": Coded(
        "production_order",
        planned(CODE, kg(1), on=day(1)),
        "order_id",
        Manchengo.production_order,
    ),
    "sales order": Coded(
        "sales_order", ordered(CODE, a_line_of(kg(1))), "order_id", Manchengo.sales_order
    ),
    "delivery": Coded(
        "delivery", prepared(CODE, order="S1", on=day(1)), "delivery_id", Manchengo.delivery
    ),
}


def id_of_before(coded: Coded, number: int) -> UUID:
    return an_id(f"{coded.kind} {number} of before")


def as_of_before(coded: Coded, *spelt: str) -> Iterator[object]:
    """What a program stored that compared codes letter by letter."""
    for number, code in enumerate(spelt):
        command = evolve(coded.first, **{coded.id: id_of_before(coded, number), "code": code})
        yield from events_of(given(READY).when(command).done())


def keep_twins(dairy: Manchengo, *codes: str) -> None:
    """Bring two of each kind into a database, as a program of before left them."""
    for command in one_by_one(READY):
        dairy.execute(command)
    names = OF_EVERY_KIND.keys() - {"finished product", "lot of the opening stock"}
    keep(
        dairy,
        [event for name in sorted(names) for event in as_of_before(OF_EVERY_KIND[name], *codes)],
    )


def keep(dairy: Manchengo, events: Iterable[object]) -> None:
    """Store events with no rule asked."""
    history = History(ids=CountingIds(5_000_000))
    for event in events:
        history.add(dairy, event)
