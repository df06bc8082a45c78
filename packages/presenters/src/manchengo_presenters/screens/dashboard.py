"""What matters this morning: what to use first, what waits, what came in, how long stock lasts."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from itertools import chain, islice, takewhile

from attrs import frozen

from manchengo.application.shelf import LotOnDay, usable_by_expiry
from manchengo.application.stock import ProductStock
from manchengo.domain.access import Permission
from manchengo.domain.ids import ProductId
from manchengo.domain.ledger import Movement
from manchengo.ports.lists import AboveZero, ListQuery
from manchengo.ports.rows import (
    FinishedLotRow,
    MovementRow,
    RawLotRow,
    ResolutionItemRow,
    SalesOrderRow,
)
from manchengo.ports.store import Snapshot
from manchengo_presenters import words
from manchengo_presenters.formatting import NO_BREAK, number
from manchengo_presenters.language import _, ngettext
from manchengo_presenters.screens.charts import Bar, Chart, received_chart
from manchengo_presenters.screens.line_choice import LineChoice
from manchengo_presenters.screens.lot_line import SOON_DAYS, LotLine, Products, is_soon, lot_line
from manchengo_presenters.screens.office import Office
from manchengo_presenters.screens.screen import Screen
from manchengo_presenters.screens.screen_context import ScreenContext
from manchengo_presenters.screens.tones import Tone

SHOWN = 8
"""Lots to use first that are listed."""

PERIOD = 14
"""Days looked back on: for what came in, and for how fast a product goes."""


@frozen(kw_only=True)
class Figure:
    """One figure and what lies behind it."""

    name: str
    label: str
    value: str
    detail: str
    tone: Tone


@frozen(kw_only=True)
class StockLine:
    """A product, how much of it may be used, and how many days that lasts."""

    code: str
    name: str
    usable: str
    lasts: str
    tone: Tone


@frozen(kw_only=True)
class Overview:
    """All that the dashboard shows, of one moment. ``received``: litres that came in each day; None
    where none did.
    """

    figures: tuple[Figure, ...]
    first: tuple[LotLine, ...]
    stock: tuple[StockLine, ...]
    received: Chart | None
    is_empty: bool


class Dashboard(LineChoice[LotLine]):
    """``overview``: None until it is there."""

    def __init__(self, context: ScreenContext) -> None:
        super().__init__(context.background)
        self._office = context.office
        self.context = context
        self.may_receive = context.who.may(Permission.RECEIVE)
        self.overview: Overview | None = None

    async def load(self) -> None:
        """Read it anew; what was shown before stays until then."""
        found = await self.attempt(self._read)
        if found is not None:
            self.overview = found
            self.changed()

    @property
    def lines_shown(self) -> tuple[LotLine, ...]:
        """The lots to be used first."""
        return self.overview.first if self.overview else ()

    async def opened(self, line: LotLine) -> None:
        """To that lot."""
        await self.context.window.go(Screen.LOT, line.lot_id)

    async def receive(self) -> None:
        """To what came in."""
        await self.context.window.go(Screen.RECEPTIONS)

    async def confirm(self) -> None:
        """A new reception."""
        await self.receive()

    def _read(self) -> Overview:
        return overview(self._office)


def overview(office: Office) -> Overview:
    """The dashboard as it is now."""
    lasting = {line.product.id: line.days for line in office.stock_days(PERIOD)}
    with office.reading() as snapshot:
        return _overview(snapshot, _stock(office.stock(), lasting), office.today())


def _overview(snapshot: Snapshot, stock: tuple[StockLine, ...], today: date) -> Overview:
    usable = usable_by_expiry(snapshot, today)
    first = list(islice(usable, SHOWN))
    soon = list(takewhile(lambda held: is_soon(held, today), chain(first, usable)))
    products = Products(snapshot)
    moved = [row for day in _days(today) for row in snapshot.rows(MovementRow, day=day)]
    received = _receipts(moved)
    return Overview(
        figures=(
            _soon(soon, today),
            _orders(snapshot, today),
            _conflicts(snapshot),
            _received(received, today),
        ),
        first=tuple(lot_line(held, products.of(held.row.product_id), today) for held in first),
        stock=stock,
        received=_litres(received, today),
        is_empty=not (moved or first or _holds_something(snapshot)),
    )


def _days(today: date) -> list[date]:
    return [today - timedelta(days=back) for back in reversed(range(PERIOD))]


def _holds_something(snapshot: Snapshot) -> bool:
    lots = ListQuery(where=(AboveZero("quantity_remaining"),))
    return any(snapshot.count(kind, lots, most=1) for kind in (RawLotRow, FinishedLotRow))


def _soon(soon: list[LotOnDay], today: date) -> Figure:
    tomorrow = sum((held.row.expires_on or date.max) <= today + timedelta(days=1) for held in soon)
    detail = ngettext(
        "{count} of them by tomorrow", "{count} of them by tomorrow", tomorrow
    ).format(count=number(tomorrow))
    return Figure(
        name="soon",
        label=_("To use within {days} days").format(days=SOON_DAYS),
        value=_lots(len(soon)),
        detail=detail if soon else _("Nothing presses."),
        tone=Tone.WARN if soon else Tone.GOOD,
    )


def _lots(count: int) -> str:
    return ngettext("{count} lot", "{count} lots", count).format(count=number(count))


def _orders(snapshot: Snapshot, today: date) -> Figure:
    waiting = [
        row
        for status in ("placed", "confirmed", "partly_delivered")
        for row in snapshot.rows(SalesOrderRow, status=status)
    ]
    late = sum(row.due_on < today for row in waiting)
    sentence = ngettext("{count} is late", "{count} are late", late)
    return Figure(
        name="orders",
        label=_("Orders to deliver"),
        value=number(len(waiting)),
        detail=sentence.format(count=number(late)) if late else _("None is late."),
        tone=Tone.BAD if late else Tone.GOOD,
    )


def _conflicts(snapshot: Snapshot) -> Figure:
    waiting = sum(1 for _row in snapshot.rows(ResolutionItemRow, status="open"))
    return Figure(
        name="conflicts",
        label=_("Conflicts to decide"),
        value=number(waiting),
        detail=_("What was recorded waits for a decision.")
        if waiting
        else _("All that was recorded holds."),
        tone=Tone.INFO if waiting else Tone.GOOD,
    )


def _receipts(moved: list[MovementRow]) -> list[MovementRow]:
    """Without those of void lots, which never came: that is recorded on the day of the receipt."""
    void = {row.lot_id for row in moved if row.kind == Movement.VOID}
    return [row for row in moved if row.kind == Movement.RECEIPT and row.lot_id not in void]


def _received(received: list[MovementRow], today: date) -> Figure:
    receipts = [row for row in received if row.day == today]
    amounts: Counter[str] = Counter()
    for row in receipts:
        amounts[row.unit] += row.quantity
    detail = f"{NO_BREAK}· ".join(
        words.measured(amount, unit) for unit, amount in sorted(amounts.items())
    )
    return Figure(
        name="received",
        label=_("Receptions today"),
        value=number(len(receipts)),
        detail=detail or _("Nothing came in yet."),
        tone=Tone.PLAIN,
    )


def _litres(received: list[MovementRow], today: date) -> Chart | None:
    amounts: Counter[date] = Counter()
    for row in received:
        if row.unit == "L":
            amounts[row.day] += row.quantity
    if not amounts:
        return None
    return received_chart(
        [
            Bar(
                day=day,
                amount=amounts[day],
                words=words.measured(amounts[day], "L"),
                is_marked=day == today,
            )
            for day in _days(today)
        ]
    )


def _stock(
    stock: list[ProductStock], lasting: Mapping[ProductId, int | None]
) -> tuple[StockLine, ...]:
    lines = []
    for each in stock:
        if each.on_hand.thousandths <= 0:
            continue
        lasts, tone = _lasting(lasting.get(each.product.id))
        lines.append(
            StockLine(
                code=each.product.code,
                name=each.product.name,
                usable=words.measure(each.usable),
                lasts=lasts,
                tone=tone,
            )
        )
    return tuple(lines)


def _lasting(days: int | None) -> tuple[str, Tone]:
    """How many days it lasts at the pace of the period; "" where nothing was used."""
    if days is None:
        return "", Tone.PLAIN
    sentence = ngettext("{count} day left", "{count} days left", days)
    return sentence.format(count=number(days)), Tone.WARN if days <= SOON_DAYS else Tone.PLAIN
