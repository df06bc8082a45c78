"""Find and go anywhere: lots, products, parties, orders, deliveries and screens, as one types."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from attrs import frozen

from manchengo.application.lists import Lists
from manchengo.domain.names import comparison_key, search_key, search_words
from manchengo.ports.lists import ListQuery
from manchengo.ports.rows import (
    ClientRow,
    DeliveryRow,
    FinishedLotRow,
    FinishedProductRow,
    InvoiceRow,
    ProductionOrderRow,
    RawLotRow,
    RawProductRow,
    Row,
    SalesOrderRow,
    SupplierRow,
)
from manchengo_presenters import words
from manchengo_presenters.language import N_, _
from manchengo_presenters.screens.bills_shown import number_shown
from manchengo_presenters.screens.screen import Screen
from manchengo_presenters.screens.screen_context import ScreenContext
from manchengo_presenters.screens.screen_table import SCREENS, screen_of
from manchengo_presenters.screens.view_model import ScreenModel

MOST_OF_A_KIND = 5
"""Hits of one kind that are shown: who sees too many types on."""

Named = Mapping[UUID, Row]


@frozen(kw_only=True)
class Hit:
    """One line. ``kind`` and ``detail``: what it is; ``screen`` and ``subject``: where it leads."""

    kind: str
    title: str
    detail: str
    screen: Screen
    subject: UUID | None = None


@frozen(kw_only=True)
class Source:
    """Rows that are found as one kind of thing. ``detail``: says what one of them is, given the
    rows that it names. ``title``: what it is called.
    """

    rows: tuple[type[Row], ...]
    kind: str
    detail: Callable[[Any, Named], str]
    title: Callable[[Any], str] = lambda row: str(row.code)


def _of_lot(lot: RawLotRow | FinishedLotRow, named: Named) -> str:
    product: Any = named[lot.product_id]
    return f"{product.name} · {words.measured(lot.quantity_remaining, lot.unit)}"


def _of_production(order: ProductionOrderRow, named: Named) -> str:
    product: Any = named[order.product_id]
    return f"{product.name} · {words.state('production_order', order.status)}"


def _of_client(kind: str) -> Callable[[Any, Named], str]:
    def detail(row: SalesOrderRow | DeliveryRow | InvoiceRow, named: Named) -> str:
        client: Any = named[row.client_id]
        return f"{client.name} · {words.state(kind, row.status)}"

    return detail


def _of_register(row: Any, _named: Named) -> str:
    name: str = row.name
    return name


SOURCES = (
    Source(rows=(RawLotRow, FinishedLotRow), kind=N_("Lot"), detail=_of_lot),
    Source(rows=(RawProductRow, FinishedProductRow), kind=N_("Product"), detail=_of_register),
    Source(rows=(SupplierRow,), kind=N_("Supplier"), detail=_of_register),
    Source(rows=(ClientRow,), kind=N_("Client"), detail=_of_register),
    Source(rows=(SalesOrderRow,), kind=N_("Order"), detail=_of_client("sales_order")),
    Source(rows=(ProductionOrderRow,), kind=N_("Production order"), detail=_of_production),
    Source(rows=(DeliveryRow,), kind=N_("Delivery"), detail=_of_client("delivery")),
    Source(
        rows=(InvoiceRow,), kind=N_("Invoice"), detail=_of_client("invoice"), title=number_shown
    ),
)
"""What can be found, once a screen shows one of it (``ScreenEntry.of``)."""


class Finder(ScreenModel):
    """``query``: what was typed. ``hits``: what has these words. ``selected``: the hit under ↑ and
    ↓. ``is_open``: whether a screen is for this person.
    """

    def __init__(self, context: ScreenContext, is_open: Callable[[Screen], bool]) -> None:
        super().__init__(context.background)
        self._context = context
        self._is_open = is_open
        self._asked = 0
        self.query = ""
        self.hits: tuple[Hit, ...] = ()
        self.selected = 0

    async def load(self) -> None:
        """Find it anew."""
        await self.set_query(self.query)

    async def set_query(self, text: str) -> None:
        """Find what has these words. Of two that are asked for, the last is shown."""
        self.query = text
        self._asked += 1
        asked = self._asked
        found = await self.attempt(lambda: self._find(text))
        if found is not None and asked == self._asked:
            self.hits = found
            self.selected = 0
            self.changed()

    def move(self, step: int) -> None:
        """Select another hit."""
        self.selected = min(max(self.selected + step, 0), max(0, len(self.hits) - 1))
        self.changed()

    async def enter(self) -> None:
        """To the hit that is selected."""
        await self.open(self.selected)

    async def open(self, place: int) -> None:
        """To that hit."""
        if place < len(self.hits):
            hit = self.hits[place]
            await self._context.window.go(hit.screen, hit.subject)

    def _find(self, text: str) -> tuple[Hit, ...]:
        hits = [*self._screens(text)]
        if search_words(text):
            lists = self._context.office.lists()
            for source in SOURCES:
                hits += self._of(source, lists, text)
        typed = comparison_key(text)
        return tuple(sorted(hits, key=lambda hit: comparison_key(hit.title) != typed))

    def _screens(self, text: str) -> list[Hit]:
        wanted = search_words(text)
        return [
            Hit(kind=_("Screen"), title=screen.words, detail="", screen=screen)
            for screen, entry in SCREENS.items()
            if entry.group is not None
            and self._is_open(screen)
            and all(word in search_key(screen.words) for word in wanted)
        ]

    def _of(self, source: Source, lists: Lists, text: str) -> list[Hit]:
        """The latest first."""
        screen = screen_of(source.rows[0])
        if screen is None or not self._is_open(screen):
            return []
        query = ListQuery(search=text, descending=True)
        page = lists.page(*source.rows, query=query, size=MOST_OF_A_KIND)
        return [
            Hit(
                kind=_(source.kind),
                title=source.title(row),
                detail=source.detail(row, page.named),
                screen=screen,
                subject=row.id,  # type: ignore[attr-defined]  # what is found has an id
            )
            for row in page.rows
        ]
