"""Find and go anywhere: whatever a screen shows one of, and screens, as one types."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from attrs import frozen

from manchengo.application.lists import Lists
from manchengo.domain.allocation import Standing
from manchengo.domain.names import comparison_key, search_key, search_words
from manchengo.ports.lists import Condition, ListQuery, OneOf
from manchengo.ports.rows import (
    ClientRow,
    DeliveryRow,
    DeviceRow,
    FinishedLotRow,
    FinishedProductRow,
    InvoiceRow,
    PriceListRow,
    ProductionOrderRow,
    RawLotRow,
    RawProductRow,
    RecipeRow,
    Row,
    SalesOrderRow,
    SupplierRow,
    UserRow,
)
from manchengo_presenters import words
from manchengo_presenters.formatting import number
from manchengo_presenters.invoices import number_shown
from manchengo_presenters.language import N_, _
from manchengo_presenters.screens.line_choice import LineChoice
from manchengo_presenters.screens.screen import Screen
from manchengo_presenters.screens.screen_context import ScreenContext
from manchengo_presenters.screens.screen_table import SCREENS, screen_of

MOST_OF_A_KIND = 5
"""Hits of one kind that are shown: who sees too many types on."""

LEAST_LETTERS = 3
"""Of a word that says which kind of thing is looked for: "de" does not."""

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
    rows that it names. ``title``: what it is called. ``where``: which of the rows these are.
    ``screen``: where they lead; None: to the screen that shows one of them.
    """

    rows: tuple[type[Row], ...]
    kind: str
    detail: Callable[[Any, Named], str]
    title: Callable[[Any, Named], str] = lambda row, _named: str(row.code)
    where: tuple[Condition, ...] = ()
    screen: Screen | None = None

    @property
    def leads_to(self) -> Screen | None:
        """The screen of one of them; None where there is none."""
        return self.screen or screen_of(self.rows[0])

    def asked(self, text: str) -> str:
        """What is searched among these: ``text`` without the words for what they are, so that
        "facture ziani" finds the invoices of Ziani.
        """
        words_, kind = search_words(text), search_words(_(self.kind))
        is_named = any(word in kind and len(word) >= LEAST_LETTERS for word in words_)
        return " ".join(word for word in words_ if not (is_named and word in kind))


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


def _of_recall(lot: RawLotRow | FinishedLotRow, named: Named) -> str:
    product: Any = named[lot.product_id]
    return " · ".join(filter(None, (product.name, lot.standing_reason)))


def _of_recipe(row: RecipeRow, named: Named) -> str:
    product: Any = named[row.product_id]
    version = _("Version {number}").format(number=number(row.version))
    archived = _("archived") if row.archived else ""
    return " · ".join(filter(None, (product.name, version, archived)))


def _code_of_product(row: RecipeRow, named: Named) -> str:
    product: Any = named[row.product_id]
    code: str = product.code
    return code


def _of_person(row: UserRow, _named: Named) -> str:
    return words.roles(row.roles.split()) if row.active else _("gone")


def _of_device(row: DeviceRow, named: Named) -> str:
    person: Any = named.get(row.user_id)
    state = _("withdrawn") if row.withdrawn else ""
    return " · ".join(filter(None, (row.mark, person.name if person else "", state)))


def _name_of(row: UserRow | DeviceRow, _named: Named) -> str:
    return row.name


def _of_register(row: Any, _named: Named) -> str:
    name: str = row.name
    return name


SOURCES = (
    Source(rows=(RawLotRow, FinishedLotRow), kind=N_("Lot"), detail=_of_lot),
    Source(rows=(RawProductRow, FinishedProductRow), kind=N_("Product"), detail=_of_register),
    Source(rows=(SupplierRow,), kind=N_("Supplier"), detail=_of_register),
    Source(rows=(ClientRow,), kind=N_("Client"), detail=_of_register),
    Source(rows=(PriceListRow,), kind=N_("Price list"), detail=_of_register),
    Source(rows=(SalesOrderRow,), kind=N_("Order"), detail=_of_client("sales_order")),
    Source(rows=(ProductionOrderRow,), kind=N_("Production order"), detail=_of_production),
    Source(rows=(DeliveryRow,), kind=N_("Delivery"), detail=_of_client("delivery")),
    Source(
        rows=(InvoiceRow,),
        kind=N_("Invoice"),
        detail=_of_client("invoice"),
        title=lambda row, _named: number_shown(row),
    ),
    Source(rows=(RecipeRow,), kind=N_("Recipe"), detail=_of_recipe, title=_code_of_product),
    Source(
        rows=(RawLotRow, FinishedLotRow),
        kind=N_("Recall"),
        detail=_of_recall,
        where=(OneOf("standing", (Standing.RECALLED,)),),
        screen=Screen.LOT_RECALL,
    ),
    Source(rows=(UserRow,), kind=N_("Person"), detail=_of_person, title=_name_of),
    Source(rows=(DeviceRow,), kind=N_("Device"), detail=_of_device, title=_name_of),
)
"""What can be found, once a screen shows one of it (``ScreenEntry.of``)."""


class Finder(LineChoice[Hit]):
    """``query``: what was typed. ``hits``: what has these words. ``is_open``: whether
    a screen is for this person.
    """

    def __init__(self, context: ScreenContext, is_open: Callable[[Screen], bool]) -> None:
        super().__init__(context.background)
        self._context = context
        self._is_open = is_open
        self._asked = 0
        self.query = ""
        self.hits: tuple[Hit, ...] = ()

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
            self._selected = 0
            self.changed()

    @property
    def lines_shown(self) -> tuple[Hit, ...]:
        """The hits."""
        return self.hits

    async def opened(self, hit: Hit) -> None:
        """To that hit."""
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
        screen = source.leads_to
        if screen is None or not self._is_open(screen):
            return []
        query = ListQuery(search=source.asked(text), where=source.where, descending=True)
        page = lists.page(*source.rows, query=query, size=MOST_OF_A_KIND)
        return [
            Hit(
                kind=_(source.kind),
                title=source.title(row, page.named),
                detail=source.detail(row, page.named),
                screen=screen,
                subject=row.id,  # type: ignore[attr-defined]  # what is found has an id
            )
            for row in page.rows
        ]
