"""What an entry dated in the past changes, in words and for programs."""

from collections.abc import Iterable, Iterator
from typing import Any, assert_never

from attrs import frozen

from manchengo.application.by_id import product_of
from manchengo.application.past_changes import (
    CountChange,
    DayBalance,
    OtherPick,
    Paper,
    PaperKind,
    PastChanges,
)
from manchengo.domain.errors import Refused
from manchengo.ports.store import Snapshot
from manchengo_presenters import words
from manchengo_presenters.formatting import day, number, plain
from manchengo_presenters.language import _, ngettext
from manchengo_presenters.refusal_text import sentence

MOST_DAYS = 4
"""Days that are shown of one lot or product: the first ones, and the last."""

MOST_PICKS = 6
"""Makes and deliveries that are named."""


@frozen(kw_only=True)
class BalanceLine:
    """What a lot or a product holds when a day ends: as it is known now, and with the entry.
    ``is_of_lot``: it is of one lot.
    """

    what: str
    is_of_lot: bool
    day: str
    before: str
    after: str
    is_below_zero: bool


@frozen(kw_only=True)
class ChangesInWords:
    """``title``: in a sentence, what it is about. ``notes``: one sentence each. ``is_refused``: the
    rules do not allow it, because of these balances.
    """

    title: str
    balances: tuple[BalanceLine, ...]
    notes: tuple[str, ...]
    is_refused: bool = False


def to_look_at(snapshot: Snapshot, changes: PastChanges | None) -> ChangesInWords | None:
    """The same as ``in_words``; None where there is nothing to look at before it is recorded."""
    words = in_words(snapshot, changes)
    return words if words.balances or words.notes else None


def together(found: Iterable[ChangesInWords | None]) -> ChangesInWords | None:
    """What several entries of one day change, which are recorded together; None where that is
    nothing. Of several, the balances of lots are shown: those of a product would each leave the
    other entries out.
    """
    changes = [each for each in found if each is not None]
    if len(changes) <= 1:
        return next(iter(changes), None)
    refused = [each for each in changes if each.is_refused]
    shown = refused or changes
    return ChangesInWords(
        title=shown[0].title,
        balances=tuple(line for each in shown for line in each.balances if line.is_of_lot),
        notes=tuple(dict.fromkeys(note for each in shown for note in each.notes)),
        is_refused=bool(refused),
    )


def in_words(snapshot: Snapshot, changes: PastChanges | None) -> ChangesInWords:
    """What a person reads before they record the entry."""
    if changes is None:
        return ChangesInWords(
            title=_("This changes nothing of the days before today."), balances=(), notes=()
        )
    if changes.refusal is not None:
        title = _("Recorded on {day}, it would leave:").format(day=day(changes.since))
        is_shown = any(lot.below_zero for lot in changes.lots)
        balances = tuple(_balances(snapshot, changes)) if is_shown else ()
        return ChangesInWords(
            title=title if is_shown else "", balances=balances, notes=(), is_refused=True
        )
    return ChangesInWords(
        title=_("This is dated in the past, and changes what is known since {day}.").format(
            day=day(changes.since)
        ),
        balances=tuple(_balances(snapshot, changes)),
        notes=tuple(_notes(changes)),
    )


def _balances(snapshot: Snapshot, changes: PastChanges) -> Iterator[BalanceLine]:
    for lot in changes.lots:
        if not lot.is_new:  # of a new one, the product says all
            yield from _lines(
                _("Lot {lot}").format(lot=lot.lot), lot.balances, lot.unit, is_of_lot=True
            )
    for product in changes.products:
        name = product_of(snapshot, product.product_id).name
        yield from _lines(name, product.balances, product.unit, is_of_lot=False)


def _lines(
    what: str, balances: tuple[DayBalance, ...], unit: str, *, is_of_lot: bool
) -> Iterator[BalanceLine]:
    shown = balances
    if len(balances) > MOST_DAYS:
        shown = (*balances[: MOST_DAYS - 1], balances[-1])
    for each in shown:
        yield BalanceLine(
            what=what,
            is_of_lot=is_of_lot,
            day=day(each.day),
            before=words.measured(each.before, unit),
            after=words.measured(each.after, unit),
            is_below_zero=each.after < 0,
        )


def _notes(changes: PastChanges) -> Iterator[str]:
    listed = [len(lot.balances) for lot in changes.lots if not lot.is_new]
    listed += [len(product.balances) for product in changes.products]
    unlisted = sum(max(0, days - MOST_DAYS) for days in listed)
    if unlisted:
        yield ngettext(
            "{count} other day changes likewise.", "{count} other days change likewise.", unlisted
        ).format(count=number(unlisted))
    for lot in changes.lots:
        for count in lot.counts:
            yield _count(lot.lot, count, lot.unit)
    for pick in changes.picks[:MOST_PICKS]:
        yield _pick(pick)
    if len(changes.picks) > MOST_PICKS:
        more = len(changes.picks) - MOST_PICKS
        yield ngettext(
            "{count} other make or delivery would have taken it first, too.",
            "{count} other makes and deliveries would have taken it first, too.",
            more,
        ).format(count=number(more))
    if changes.picks:
        yield _("What was taken stays as it is.")
    yield from map(_paper, changes.papers)


def _count(lot: str, count: CountChange, unit: str) -> str:
    return _(
        "The count of {lot} of {day} stands ({counted}); its difference becomes {after} instead of "
        "{before}."
    ).format(
        lot=lot,
        day=day(count.on),
        counted=words.measured(count.counted, unit),
        before=words.measured(count.before, unit),
        after=words.measured(count.after, unit),
    )


def _pick(pick: OtherPick) -> str:
    return _(
        "{order} took {taken} on {day}; {instead} would have gone first, for {quantity}."
    ).format(
        order=pick.order,
        taken=pick.taken,
        day=day(pick.day),
        instead=pick.instead,
        quantity=words.measure(pick.quantity),
    )


def _paper(paper: Paper) -> str:
    facts = {"reference": paper.reference, "day": day(paper.day)}
    match paper.kind:
        case PaperKind.DELIVERY:
            return _(
                "The client signed for all of the delivery note {reference} of {day}: correct it."
            ).format(**facts)
        case PaperKind.INVOICE:
            return _(
                "The invoice {reference} of {day} bills this delivery: check whether a credit note "
                "is due."
            ).format(**facts)
        case PaperKind.RECALL:
            return _(
                "Lot {reference} was recalled on {day}: check the quantities that were announced."
            ).format(**facts)
        case _:
            assert_never(paper.kind)


# ------------------------------------------------------------------------------------- programs


def changes_shape(snapshot: Snapshot, changes: PastChanges | None) -> dict[str, Any]:
    """The same for JSON: quantities are decimal strings in the ``unit`` beside them."""
    if changes is None:
        nothing: dict[str, Any] = {"lots": [], "products": [], "picks": [], "papers": []}
        return {"since": None, "refused": None, **nothing}
    return {
        "since": changes.since.isoformat(),
        "refused": _refused(changes.refusal),
        "lots": [
            {
                "lot": lot.lot,
                "product": product_of(snapshot, lot.product_id).code,
                "unit": lot.unit.value,
                "new": lot.is_new,
                "balances": _balances_shape(lot.balances),
                "counts": [
                    {
                        "day": count.on.isoformat(),
                        "counted": plain(count.counted),
                        "before": plain(count.before),
                        "after": plain(count.after),
                    }
                    for count in lot.counts
                ],
            }
            for lot in changes.lots
        ],
        "products": [
            {
                "product": product_of(snapshot, product.product_id).code,
                "unit": product.unit.value,
                "balances": _balances_shape(product.balances),
            }
            for product in changes.products
        ],
        "picks": [
            {
                "day": pick.day.isoformat(),
                "order": pick.order,
                "taken": pick.taken,
                "instead": pick.instead,
                "quantity": plain(pick.quantity.thousandths),
                "unit": pick.quantity.unit.value,
            }
            for pick in changes.picks
        ],
        "papers": [
            {
                "paper": paper.kind.value,
                "reference": paper.reference,
                "day": paper.day.isoformat(),
            }
            for paper in changes.papers
        ],
    }


def _refused(refusal: Refused | None) -> dict[str, str] | None:
    if refusal is None:
        return None
    return {"error": type(refusal).__name__, "message": sentence(refusal)}


def _balances_shape(balances: Iterable[DayBalance]) -> list[dict[str, str]]:
    return [
        {
            "day": each.day.isoformat(),
            "before": plain(each.before),
            "after": plain(each.after),
        }
        for each in balances
    ]
