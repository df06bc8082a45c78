"""A client's order on one line of a list."""

from datetime import date

from attrs import frozen

from manchengo.application.reading import withheld
from manchengo.domain.ids import SalesOrderId
from manchengo.domain.sales_order import LIVING
from manchengo.ports.rows import ClientRow, SalesOrderRow
from manchengo_presenters import words
from manchengo_presenters.formatting import day, days_away, money
from manchengo_presenters.screens.tones import Tone, tone_of_order


@frozen(kw_only=True)
class SaleLine:
    """``wanted``: the day by which the client wants it, "" where he named none; ``away``: how far
    the day is by which it is due, "" once nothing is waited for. ``net``: "" for who may not read
    prices.
    """

    order_id: SalesOrderId
    code: str
    client: str
    ordered: str
    wanted: str
    away: str
    away_tone: Tone
    net: str
    state: str
    tone: Tone


def sale_line(row: SalesOrderRow, client: ClientRow, today: date) -> SaleLine:
    """The line of that order."""
    is_open = row.status in LIVING
    wanted = row.wanted_on
    is_late = is_open and row.due_on < today
    is_due = is_open and wanted == today
    return SaleLine(
        order_id=row.id,
        code=row.code,
        client=client.name,
        ordered=day(row.day),
        wanted=day(wanted) if wanted else "",
        away=days_away(row.due_on, today) if is_late or (is_open and wanted) else "",
        away_tone=Tone.BAD if is_late else Tone.WARN if is_due else Tone.PLAIN,
        net="" if "net" in withheld(row) else money(row.net),
        state=words.state("sales_order", row.status),
        tone=Tone.BAD if is_late else tone_of_order(row.status),
    )
