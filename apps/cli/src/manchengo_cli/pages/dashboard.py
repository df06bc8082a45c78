"""What the day asks for, on one page: figures first, then the lists behind them."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from attrs import frozen

from manchengo import Completeness, Figures, Manchengo, Page, ProductId, StockDays, ToLoad
from manchengo.ports.rows import (
    ClientRow,
    FinishedLotRow,
    ProductRow,
    RawLotRow,
    Row,
    SalesOrderRow,
)
from manchengo_cli.database import opened
from manchengo_cli.output import Column, Part, Table, answer, tabled
from manchengo_cli.session import Session
from manchengo_presenters import words
from manchengo_presenters.formatting import day, days_away, moment, number, plain
from manchengo_presenters.language import _, ngettext
from manchengo_workplace import lookups

SHOWN = 10
"""So many lines of each list; its figure says how many there are."""


@frozen(kw_only=True)
class Shown:
    """What the page shows. ``today``: the business day."""

    today: date
    figures: Figures
    expiring: Page[RawLotRow | FinishedLotRow]
    late: Page[SalesOrderRow]
    stock: list[StockDays]
    to_load: list[ToLoad]
    products: Mapping[ProductId, ProductRow]
    exchange: Completeness


def show_dashboard(session: Session) -> None:
    """Answer what the day asks for."""
    with opened(session) as workplace:
        shown = look(workplace.dairy, workplace.clock.today())
        answer(session, shape=lambda: dashboard_shape(shown), page=lambda: dashboard_page(shown))


def look(dairy: Manchengo, today: date) -> Shown:
    """What there is to show."""
    board = dairy.dashboard
    to_load = board.to_load()
    with dairy.reading() as snapshot:
        ids = {line.product_id for each in to_load for line in each.missing}
        products = {each: lookups.product_of(snapshot, each) for each in ids}
    return Shown(
        today=today,
        figures=board.figures(),
        expiring=board.expiring(size=SHOWN),
        late=board.late_orders(size=SHOWN),
        stock=[line for line in board.stock_days() if line.days is not None],
        to_load=to_load,
        products=products,
        exchange=board.exchange(),
    )


# ---------------------------------------------------------------- for programs


def dashboard_shape(shown: Shown) -> dict[str, Any]:
    """The same for programs."""
    figures, unsent = shown.figures, shown.figures.unsent
    known = shown.exchange.known_until
    return {
        "date": shown.today.isoformat(),
        "expired_lots": figures.expired_lots,
        "expiring_lots": figures.expiring_lots,
        "late_orders": figures.late_orders,
        "orders_to_start": figures.orders_to_start,
        "orders_started": figures.orders_started,
        "deliveries_to_load": figures.deliveries_to_load,
        "open_conflicts": figures.open_conflicts,
        "unsent": {
            "commits": unsent.commits,
            "since": unsent.since.isoformat() if unsent.since else None,
        },
        "known_until": known.isoformat() if known else None,
        "expiring": [_expiring_shape(row, shown.expiring.named) for row in shown.expiring.rows],
        "late": [_late_shape(row, shown.late.named) for row in shown.late.rows],
        "stock": [_stock_shape(line) for line in shown.stock],
        "to_load": [_to_load_shape(each, shown.products) for each in shown.to_load],
        "devices": [
            {
                "device": each.name,
                "mark": each.mark,
                "heard_until": each.heard_until.isoformat() if each.heard_until else None,
            }
            for each in shown.exchange.devices
        ],
    }


def _expiring_shape(row: RawLotRow | FinishedLotRow, named: Mapping[UUID, Row]) -> dict[str, Any]:
    assert row.expires_on is not None, "it expires soon"
    return {
        "lot": row.code,
        "product": _product(named, row.product_id).code,
        "expires_on": row.expires_on.isoformat(),
        "on_hand": plain(row.quantity_remaining),
        "unit": row.unit,
    }


def _late_shape(row: SalesOrderRow, named: Mapping[UUID, Row]) -> dict[str, Any]:
    client = _client(named, row.client_id)
    return {
        "order": row.code,
        "client": client.code,
        "client_name": client.name,
        "wanted": row.wanted_on.isoformat() if row.wanted_on else None,
        "due": row.due_on.isoformat(),
        "status": row.status,
    }


def _stock_shape(line: StockDays) -> dict[str, Any]:
    return {
        "product": line.product.code,
        "usable": plain(line.usable.thousandths),
        "used": plain(line.used.thousandths),
        "over_days": line.over_days,
        "days": line.days,
        "unit": line.product.unit,
    }


def _to_load_shape(each: ToLoad, products: Mapping[ProductId, ProductRow]) -> dict[str, Any]:
    return {
        "delivery": each.delivery.code,
        "date": each.delivery.day.isoformat(),
        "missing": [
            {
                "product": products[line.product_id].code,
                "proposed": plain(line.proposed.thousandths),
                "loaded": plain(line.loaded.thousandths),
                "unit": line.proposed.unit.value,
            }
            for line in each.missing
        ],
    }


# ---------------------------------------------------------------- for people


def dashboard_page(shown: Shown) -> Iterable[Part]:
    """The same for people."""
    yield tabled(
        _figures(shown.figures),
        Column(_("Today"), lambda line: line[0]),
        Column(_("How many"), lambda line: number(line[1]), figures=True),
    )
    if shown.expiring.rows:
        yield _("Use first:")
        yield _expiring_table(shown)
    if shown.late.rows:
        yield _("Late orders:")
        yield _late_table(shown)
    if shown.to_load:
        yield _("To load:")
        yield _to_load_table(shown)
    if shown.stock:
        yield _("How long the stock lasts:")
        yield _stock_table(shown)
    yield from _exchange_lines(shown)


def _figures(figures: Figures) -> list[tuple[str, int]]:
    return [
        (_("Lots that expired and still hold something"), figures.expired_lots),
        (_("Lots that expire within a week"), figures.expiring_lots),
        (_("Late orders"), figures.late_orders),
        (_("Production orders to start"), figures.orders_to_start),
        (_("Production orders started"), figures.orders_started),
        (_("Deliveries to load"), figures.deliveries_to_load),
        (_("Conflicts to decide on"), figures.open_conflicts),
    ]


def _expiring_table(shown: Shown) -> Table:
    def last_day(row: RawLotRow | FinishedLotRow) -> date:
        assert row.expires_on is not None, "it expires soon"
        return row.expires_on

    return tabled(
        shown.expiring.rows,
        Column(_("Lot"), lambda row: row.code),
        Column(_("Product"), lambda row: _product(shown.expiring.named, row.product_id).name),
        Column(
            _("On hand"), lambda row: words.measured(row.quantity_remaining, row.unit), figures=True
        ),
        Column(_("Expires on"), lambda row: day(last_day(row))),
        Column("", lambda row: days_away(last_day(row), shown.today)),
    )


def _late_table(shown: Shown) -> Table:
    return tabled(
        shown.late.rows,
        Column(_("Order"), lambda row: row.code),
        Column(_("Client"), lambda row: _client(shown.late.named, row.client_id).name),
        Column(_("Due"), lambda row: day(row.due_on)),
        Column(_("State"), lambda row: words.state("sales_order", row.status)),
    )


def _to_load_table(shown: Shown) -> Table:
    """A line for each product of which something is missing; one that says that all is loaded."""
    lines = [(each.delivery, line) for each in shown.to_load for line in each.missing or (None,)]
    return tabled(
        lines,
        Column(_("Delivery"), lambda of: of[0].code),
        Column(_("Date"), lambda of: day(of[0].day)),
        Column(
            _("Product"),
            lambda of: shown.products[of[1].product_id].name if of[1] else _("all is loaded"),
        ),
        Column(_("Loaded"), lambda of: words.measure(of[1].loaded) if of[1] else "", figures=True),
        Column(
            _("Proposed"), lambda of: words.measure(of[1].proposed) if of[1] else "", figures=True
        ),
    )


def _stock_table(shown: Shown) -> Table:
    return tabled(
        shown.stock[:SHOWN],
        Column(_("Product"), lambda line: line.product.name),
        Column(_("Usable"), lambda line: words.measure(line.usable), figures=True),
        Column(_("Used in 30 days"), lambda line: words.measure(line.used), figures=True),
        Column(
            _("Lasts"),
            lambda line: ngettext("{count} day", "{count} days", line.days or 0).format(
                count=number(line.days or 0)
            ),
            figures=True,
        ),
    )


def _exchange_lines(shown: Shown) -> Iterator[str]:
    exchange, unsent = shown.exchange, shown.figures.unsent
    if exchange.is_alone:
        yield _("This device is alone: it exchanges with no other.")
        return
    if unsent.since is not None:
        yield ngettext(
            "{count} commit waits to be sent since {moment}.",
            "{count} commits wait to be sent, the oldest since {moment}.",
            unsent.commits,
        ).format(count=number(unsent.commits), moment=moment(unsent.since))
    elif exchange.known_until is not None:
        yield _("All is sent; the log of the plant is known up to {moment}.").format(
            moment=moment(exchange.known_until)
        )
    for each in exchange.devices:
        if each.heard_until is not None:
            yield _("  {device} was heard up to {moment}.").format(
                device=each.name, moment=moment(each.heard_until)
            )
        else:
            yield _("  {device} was never heard.").format(device=each.name)


def _product(named: Mapping[UUID, Row], product_id: UUID) -> ProductRow:
    row = named[product_id]
    assert isinstance(row, ProductRow), "a lot is of a product"
    return row


def _client(named: Mapping[UUID, Row], client_id: UUID) -> ClientRow:
    row = named[client_id]
    assert isinstance(row, ClientRow), "an order is a client's"
    return row
