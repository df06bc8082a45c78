"""Charts in words: what came in, what was there, what expires, and what makes gave."""

from collections.abc import Sequence
from contextlib import nullcontext
from datetime import date, timedelta

from attrs import frozen

from manchengo.application.charts import Charts, DayQuantity, DayYield
from manchengo.domain.ids import ProductId
from manchengo.ports.store import Snapshot
from manchengo_presenters import words
from manchengo_presenters.formatting import NO_BREAK, day, number, percent
from manchengo_presenters.language import _
from manchengo_presenters.screens.lot_line import SOON_DAYS

STOCK_DAYS = 30
"""Days of stock that are looked back on, today among them."""

HORIZON = 30
"""Days from today on of which it is shown what expires."""

YIELD_DAYS = 90
"""Days of makes that are looked back on."""

WHOLE = 1_000
"""A yield of 100 %, in tenths of a percent."""


@frozen(kw_only=True)
class Bar:
    """One day. ``amount``: how high it is, as the others of its chart; ``words``: the amount as it
    is read; ``is_marked``: the words of the chart are about it.
    """

    day: date
    amount: int
    words: str
    is_marked: bool = False

    @property
    def sentence(self) -> str:
        """The day and the amount."""
        return _("{name}: {value}").format(name=day(self.day), value=self.words)


@frozen(kw_only=True)
class Chart:
    """``figure``: the one that matters most, ``detail``: what it is. ``bars``: the first day first;
    empty where there is nothing to draw, which ``detail`` then says. ``line``: an amount to compare
    the bars with, ``line_words``: what it is.
    """

    name: str
    title: str
    figure: str
    detail: str
    bars: tuple[Bar, ...] = ()
    line: int | None = None
    line_words: str = ""

    @property
    def read_aloud(self) -> str:
        """All that the drawing shows, for who does not see it: days without anything are left
        out.
        """
        days = (bar.sentence for bar in self.bars if bar.amount)
        about = _("{name}: {value}").format(name=self.title, value=self.figure)
        separator = f"{NO_BREAK}; "
        return f"{about}, {self.detail}. {separator.join(days)}".strip()


def charts_of(snapshot: Snapshot) -> Charts:
    """Figures of that moment, among whatever else is read of it."""
    return Charts(lambda: nullcontext(snapshot))


def received_chart(received: Sequence[Bar]) -> Chart:
    """The litres that came in, day by day; the last is today."""
    return Chart(
        name="chart",
        title=_("Litres that came in"),
        figure=received[-1].words,
        detail=_("today, and the 13 days before"),
        bars=tuple(received),
    )


def stock_chart(charts: Charts, product_id: ProductId, today: date) -> Chart:
    """What was there of a product as each day ended; the last is today."""
    first = today - timedelta(days=STOCK_DAYS - 1)
    points = charts.on_hand(product_id, first=first, last=today)
    is_drawn = any(point.quantity.thousandths for point in points)
    drawn = _("today, and the {days} days before").format(days=number(STOCK_DAYS - 1))
    nothing = _("Nothing was there in these {days} days.").format(days=number(STOCK_DAYS))
    bars = tuple(_bar(point, is_marked=point.day == today) for point in points)
    return Chart(
        name="stock-over-time",
        title=_("Stock over time"),
        figure=words.measure(points[-1].quantity),
        detail=drawn if is_drawn else nothing,
        bars=bars if is_drawn else (),
    )


def expiry_chart(charts: Charts, product_id: ProductId, today: date) -> Chart:
    """What expires of a product in the days that come; the first is today."""
    last = today + timedelta(days=HORIZON - 1)
    points = charts.expiring_each_day(product_id, first=today, last=last)
    near = today + timedelta(days=SOON_DAYS)
    soon = sum(point.quantity.thousandths for point in points if point.day <= near)
    is_drawn = any(point.quantity.thousandths for point in points)
    drawn = _("within {near} days; {days} days are shown").format(
        near=number(SOON_DAYS), days=number(HORIZON)
    )
    nothing = _("Nothing expires in the next {days} days.").format(days=number(HORIZON))
    bars = tuple(_bar(point, is_marked=point.day <= near) for point in points)
    return Chart(
        name="expiry-horizon",
        title=_("What expires"),
        figure=words.measure(points[0].quantity.with_thousandths(soon)),
        detail=drawn if is_drawn else nothing,
        bars=bars if is_drawn else (),
    )


def yield_chart(charts: Charts, product_id: ProductId, today: date) -> Chart:
    """What the makes of a product gave of what was planned, the last one last; makes that were
    completed on one day are one.
    """
    first = today - timedelta(days=YIELD_DAYS - 1)
    made = charts.yields(product_id, first=first, last=today)
    title = _("Yield per make")
    if not made:
        nothing = _("No make was completed in these {days} days.").format(days=number(YIELD_DAYS))
        return Chart(name="yields", title=title, figure="–", detail=nothing)
    below = sum(_tenths(each) < WHOLE for each in made)
    detail = _("of what was planned, the last time; {count} below").format(count=number(below))
    bars = tuple(_yield_bar(each, is_marked=each is made[-1]) for each in made)
    return Chart(
        name="yields",
        title=title,
        figure=percent(_tenths(made[-1]) * 10),
        detail=detail,
        bars=bars,
        line=WHOLE,
        line_words=_("line: 100 %"),
    )


def _bar(point: DayQuantity, *, is_marked: bool) -> Bar:
    return Bar(
        day=point.day,
        amount=max(0, point.quantity.thousandths),
        words=words.measure(point.quantity),
        is_marked=is_marked,
    )


def _yield_bar(each: DayYield, *, is_marked: bool) -> Bar:
    return Bar(
        day=each.day,
        amount=_tenths(each),
        words=_("{percent} ({obtained} of {planned})").format(
            percent=percent(_tenths(each) * 10),
            obtained=words.measure(each.obtained),
            planned=words.measure(each.planned),
        ),
        is_marked=is_marked,
    )


def _tenths(each: DayYield) -> int:
    """What came out of what was planned, in tenths of a percent, rounded half up."""
    planned = each.planned.thousandths
    return (each.obtained.thousandths * WHOLE * 2 + planned) // (2 * planned)
