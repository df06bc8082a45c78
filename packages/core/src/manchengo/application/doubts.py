"""What the rules allow, and what is most often a slip of the finger.

A screen asks before it records; a command line and an import record, and warn. A doubt carries
facts; its sentence is in the catalogue of the presenters.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

from attrs import frozen

from manchengo.application.unit_of_work import UnitOfWork
from manchengo.commands import (
    Command,
    CompleteProduction,
    PlanProduction,
    PrepareDelivery,
    Produce,
)
from manchengo.domain.aggregates import PRODUCT, PRODUCTION_ORDER, RECIPE
from manchengo.domain.errors import Refused
from manchengo.domain.lot.commands import Role
from manchengo.domain.product import Product
from manchengo.domain.production_order import Completed, Output, Planned, Started
from manchengo.domain.recipe import expected_output
from manchengo.domain.values import Quantity
from manchengo.ports.rows import RecipeRow
from manchengo.ports.store import Snapshot

TOMORROW = timedelta(days=1)
A_YEAR = timedelta(days=366)
A_DAY = timedelta(days=1)
LONG_AGO = timedelta(days=2 * 366)
"""Notes of last year are still typed in; an older date is more likely a mistyped year."""

BEFORE_MANCHENGO = datetime(2026, 1, 1, tzinfo=UTC)
"""No clock that is right says so."""

INTENTIONS = (PlanProduction, PrepareDelivery)
"""Commands that people write down before the day for which they are meant."""

LEAST_YIELD, MOST_YIELD = Fraction(3, 4), Fraction(5, 4)
"""A year of one dairy's makes lies between nine tenths and slightly above the recipe's yield."""


@frozen(kw_only=True)
class FarAhead:
    """The day lies beyond tomorrow (for a plan: beyond a year)."""

    on: date
    today: date


@frozen(kw_only=True)
class LongPast:
    """The day lies more than two years back."""

    on: date
    today: date


@frozen(kw_only=True)
class UnlikelyYield:
    """The output is far from what the recipe gives for the input. A declared loss counts as output
    where there is too little.
    """

    order: str
    expected: Quantity
    obtained: Quantity


@frozen(kw_only=True)
class DoubtfulClock:
    """The clock of this device says ``now``, and the entry before is of ``before``; None where no
    clock that is right says so, whatever was before.
    """

    now: datetime
    before: datetime | None


Doubt = FarAhead | LongPast | UnlikelyYield | DoubtfulClock


def doubts(snapshot: Snapshot, command: Command, *, today: date) -> tuple[Doubt, ...]:
    """What a person should look at again, before or after the command is executed. None for a
    command that makes no sense: the rules refuse it when it is executed.
    """
    return (*_of_day(command, today), *_of_yield(snapshot, command))


def of_day(on: date, today: date, *, ahead: timedelta = TOMORROW) -> FarAhead | LongPast | None:
    """What is unlikely about a business date."""
    if (on - today) > ahead:
        return FarAhead(on=on, today=today)
    if (today - on) > LONG_AGO:
        return LongPast(on=on, today=today)
    return None


def of_clock(now: datetime, before: datetime | None) -> DoubtfulClock | None:
    """What is unlikely about the clock of a device, which dates whatever nobody dates by hand. A
    computer whose battery is empty begins in 1970 each time that it is switched on.
    """
    if now < BEFORE_MANCHENGO:
        return DoubtfulClock(now=now, before=None)
    if before is not None and (before - now > A_DAY or now - before > A_YEAR):
        return DoubtfulClock(now=now, before=before)
    return None


def _of_day(command: Command, today: date) -> Iterator[Doubt]:
    on = getattr(command, "on", None)
    if isinstance(on, date):
        doubt = of_day(on, today, ahead=A_YEAR if isinstance(command, INTENTIONS) else TOMORROW)
        if doubt is not None:
            yield doubt


def _of_yield(snapshot: Snapshot, command: Command) -> Iterator[Doubt]:
    try:
        match command:
            case Produce():
                yield from _made_at_once(UnitOfWork(snapshot), command)
            case CompleteProduction():
                yield from _completed(UnitOfWork(snapshot), command)
            case _:
                pass
    except Refused:
        return


def _made_at_once(work: UnitOfWork, command: Produce) -> Iterator[Doubt]:
    product = work.load(PRODUCT, command.product_id)
    row = next(work.snapshot.rows(RecipeRow, product_id=product.id, limit=1), None)
    if row is None:
        return
    recipe = work.load(RECIPE, row.id).in_force(command.on, product=product.code)
    planned = product.in_stock_unit(command.planned, command.on)
    expected = expected_output(recipe, planned)
    yield from _compared(product, command.code, command, least=expected, most=expected)


def _completed(work: UnitOfWork, command: CompleteProduction) -> Iterator[Doubt]:
    order = work.load(PRODUCTION_ORDER, command.order_id)
    started = order.started if isinstance(order, Completed) else order
    if not isinstance(started, Started):
        return
    plan = started.plan
    recipe = work.load(RECIPE, plan.recipe_id).versions[plan.recipe_version - 1]
    shares = list(_shares(plan, started))
    least, most = (
        expected_output(recipe, plan.planned, share=share) for share in (min(shares), max(shares))
    )
    product = work.load(PRODUCT, plan.product_id)
    yield from _compared(product, plan.code, command, least=least, most=most)


def _shares(plan: Planned, started: Started) -> Iterator[Fraction]:
    """Of each ingredient, how much of what the plan needs was really poured."""
    for need in plan.needs:
        poured = sum(
            scan.quantity.thousandths
            for scan in started.consumed
            if scan.product_id == need.product_id
        )
        yield Fraction(poured, need.quantity.thousandths or 1)


def _compared(
    product: Product,
    code: str,
    command: Produce | CompleteProduction,
    *,
    least: Quantity,
    most: Quantity,
) -> Iterator[Doubt]:
    obtained = _main(product, command.outputs, command.on)
    lost = command.lost or obtained.with_thousandths(0)
    with_loss = obtained + product.in_stock_unit(lost, command.on)
    if obtained.thousandths > MOST_YIELD * most.thousandths:
        yield UnlikelyYield(order=code, expected=most, obtained=obtained)
    elif with_loss.thousandths < LEAST_YIELD * least.thousandths:
        yield UnlikelyYield(order=code, expected=least, obtained=obtained)


def _main(product: Product, outputs: Iterable[Output], on: date) -> Quantity:
    total = Quantity(0, product.unit)
    for output in outputs:
        if output.role is Role.MAIN:
            total += product.in_stock_unit(output.quantity, on)
    return total
