"""What a recall reaches: the lots with their mass balance, the deliveries, the clients."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Any

from manchengo import LotId, ReferenceKind, StartingLots
from manchengo.application.choices import Choices
from manchengo.application.genealogy import CLAIMED, LotBalance, RecallReport
from manchengo.commands import RecallLot
from manchengo.domain.allocation import Standing
from manchengo_cli.database import opened
from manchengo_cli.executing import execute_all
from manchengo_cli.output import Column, Lines, Part, Table, answer
from manchengo_cli.pages.heard import completeness_page
from manchengo_cli.pages.starting import Start, start_line, start_shape
from manchengo_cli.person_secret import is_at_a_terminal
from manchengo_cli.session import Session
from manchengo_presenters import words
from manchengo_presenters.command_shapes import commit_shape
from manchengo_presenters.completeness import completeness_shape
from manchengo_presenters.formatting import day, number, plain
from manchengo_presenters.language import _, ngettext
from manchengo_presenters.lot_places import (
    Place,
    claimed,
    place_text,
    places_of_lots_shape,
    shipment_shape,
)
from manchengo_presenters.recall_reach import recall_reach
from manchengo_workplace.recall_drills import RecallDrill
from manchengo_workplace.workplace import Workplace


def show_simulation(session: Session, asked: Start) -> None:
    """What a recall would reach; nothing is changed."""
    with opened(session) as workplace:
        start, found = _reached(workplace, asked)
        answer(
            session,
            shape=lambda: report_shape(start, found, simulated=True),
            page=lambda: report_page(start, found, _("Simulated: nothing was changed.")),
        )


def drill_recall(session: Session, asked: Start) -> None:
    """The same list, marked as a drill. At a terminal the drill lasts until the person says that it
    is over.
    """
    with opened(session, acts=True) as workplace:
        drill = RecallDrill.begun(workplace)
        start, found = _reached(workplace, asked)
        if session.json:
            minutes = drill.end(workplace, start, found)
            shape = report_shape(start, found, simulated=True) | {"drill": {"minutes": minutes}}
            answer(session, shape=lambda: shape, page=lambda: ())
            return
        answer(session, shape=dict, page=lambda: drill_page(start, found))
        if is_at_a_terminal():
            with suppress(EOFError):
                input(_("Press Enter once everybody on the list was called. "))
        minutes = drill.end(workplace, start, found)
        answer(session, shape=dict, page=lambda: drill_over_page(found, minutes))


def carry_out_recall(session: Session, asked: Start, reason: str) -> None:
    """One recall of each lot that the reference stands for, all or none."""

    def build(choices: Choices) -> Sequence[RecallLot]:
        lots = _begun_with(asked.lots_in(choices.snapshot))
        return [RecallLot(lot_id=each, on=choices.day, reason=reason) for each in lots]

    with opened(session, acts=True) as workplace:
        first, *others = execute_all(workplace, session, build)
        start, found = _reached(workplace, asked)
        answer(
            session,
            shape=lambda: (
                commit_shape(first.command, first.commit, first.doubts)
                | {"recall": report_shape(start, found, simulated=False)}
                | {"commits": [str(each.commit.id) for each in (first, *others)]}
            ),
            page=lambda: report_page(
                start, found, _("Recalled: nothing can be made from these lots or sold any more.")
            ),
        )


def _reached(workplace: Workplace, asked: Start) -> tuple[StartingLots, RecallReport]:
    start = asked.lots(workplace.dairy)
    return start, workplace.dairy.simulate_recall(*_begun_with(start))


def _begun_with(start: StartingLots) -> Sequence[LotId]:
    """Of lots that bear one code, the first: a recall reaches the others by their label."""
    return start.lots[:1] if start.kind is ReferenceKind.LOT else start.lots


def drill_page(start: StartingLots, found: RecallReport) -> Iterable[Part]:
    """The report of a recall that is only practised."""
    yield _("DRILL. Nothing is recalled, nothing is recorded but that it was practised.")
    yield from report_page(start, found, _("This is what a recall would reach."))
    yield _("DRILL.")


def drill_over_page(found: RecallReport, minutes: int) -> Iterable[Part]:
    """How far the practised recall reached, and how long it took."""
    yield ngettext(
        "DRILL over: {reach}, in {count} minute. It is in the audit.",
        "DRILL over: {reach}, in {count} minutes. It is in the audit.",
        minutes,
    ).format(reach=_reach(found), count=number(minutes))


def report_shape(start: StartingLots, found: RecallReport, *, simulated: bool) -> dict[str, Any]:
    """The report of a recall as JSON."""
    return {
        "simulated": simulated,
        "lots": [balance_shape(balance) for balance in found.lots],
        "deliveries": [
            {"lot": lot, **shipment_shape(shipment)} for lot, shipment in found.shipments
        ],
        "clients": list(found.clients),
        **places_of_lots_shape(found),
        "completeness": completeness_shape(found.completeness),
        "begun_with": start_shape(start, _codes(start, found)),
    }


def _reach(found: RecallReport) -> str:
    return recall_reach(len(found.lots), len(found.shipments), len(found.clients))


def _codes(start: StartingLots, found: RecallReport) -> list[str]:
    """Of the lots with which it begins: they are the first of those it reaches."""
    return [each.lot for each in found.lots[: len(_begun_with(start))]]


def balance_shape(balance: LotBalance) -> dict[str, Any]:
    """What became of a lot, as JSON; figures are decimals in its unit."""
    figures = (
        "entered",
        "returned",
        "adjusted",
        "consumed",
        "delivered",
        "sent_back",
        "written_off",
        "on_hand",
    )
    return {
        "lot": balance.lot,
        "kind": balance.kind,
        "product": balance.product,
        "unit": balance.unit,
        **{name: plain(getattr(balance, name)) for name in figures},
        "balanced": balance.balanced,
        "standing": balance.standing,
        "claimed": balance.claimed,
    }


def report_page(start: StartingLots, found: RecallReport, outcome: str) -> Iterable[Part]:
    """The report of a recall as an operator reads it. ``outcome``: the sentence that it begins
    with.
    """
    yield outcome
    line = start_line(start, _codes(start, found))
    if line:
        yield line
    yield _reach(found)
    yield from completeness_page(found.completeness)
    yield balances_table(found)
    if found.shipments:
        yield shipments_table(found)
    still_here: list[tuple[str, Place]] = [
        *found.loaded,
        *found.orders,
        *found.reserved,
        *found.claims,
    ]
    if still_here:
        yield _("To be held back or looked at here:")
        yield Lines([f"  {lot or '?'}\u00a0: {place_text(each)}" for lot, each in still_here])
    if _has_claims(found):
        yield _(
            "What is claimed was recorded and is not accepted: it may have left all the same. "
            "See “manchengo conflicts”."
        )
    late = [each.lot for each in found.lots if each.standing not in {Standing.RECALLED, CLAIMED}]
    if late and found.lots[0].standing == Standing.RECALLED:
        yield _("Reached by the recall and not recalled yet: {lots}. Recall the lot again.").format(
            lots=", ".join(late)
        )
    unbalanced = [balance.lot for balance in found.lots if not balance.balanced]
    if unbalanced:
        yield _("The mass balance does not close for: {lots}.").format(lots=", ".join(unbalanced))
    else:
        yield _("The mass balance of every lot closes to the gram.")


def _has_claims(found: RecallReport) -> bool:
    ships = (*found.shipments, *found.loaded)
    return bool(
        found.claims
        or any(each.claimed for each in found.lots)
        or any(each.claimed for _lot, each in ships)
        or any(each.claimed for _lot, each in found.orders)
    )


def balances_table(found: RecallReport) -> Table:
    """What became of each lot, as a table."""

    def figure_text(figure: int, unit: str) -> str:
        return words.measured(figure, unit) if figure else ""

    return Table(
        [
            Column(_("Lot")),
            Column(_("Product")),
            Column(_("Came in"), figures=True),
            Column(_("Consumed"), figures=True),
            Column(_("Delivered"), figures=True),
            Column(_("Returned"), figures=True),
            Column(_("Lost or sent back"), figures=True),
            Column(_("Adjusted"), figures=True),
            Column(_("Left"), figures=True),
        ],
        [
            (
                f"{each.lot or '?'} {claimed()}" if each.claimed else each.lot,
                each.product,
                figure_text(each.entered, each.unit),
                figure_text(each.consumed, each.unit),
                figure_text(each.delivered, each.unit),
                figure_text(each.returned, each.unit),
                figure_text(each.written_off + each.sent_back, each.unit),
                figure_text(each.adjusted, each.unit),
                words.measured(each.on_hand, each.unit),
            )
            for each in found.lots
        ],
        empty="",
    )


def shipments_table(found: RecallReport) -> Table:
    """Which client received what, as a table."""
    return Table(
        [
            Column(_("Client")),
            Column(_("Code")),
            Column(_("Delivery")),
            Column(_("Date")),
            Column(_("Lot")),
            Column(_("Quantity"), figures=True),
        ],
        [
            (
                each.client_name,
                each.client,
                f"{each.delivery} {claimed()}".strip() if each.claimed else each.delivery,
                day(each.day),
                lot,
                words.measure(each.quantity - each.returned),
            )
            for lot, each in found.shipments
        ],
        empty="",
    )
