"""What a recall reaches: the lots with their mass balance, the deliveries, the clients."""

from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from manchengo import StartingLots
from manchengo.application.genealogy import LotBalance, RecallReport, Shipment
from manchengo_cli.database import opened
from manchengo_cli.executing import execute_all
from manchengo_cli.output import Column, Lines, Part, Table, answer, tabled
from manchengo_cli.pages.heard import completeness_page
from manchengo_cli.pages.papers import RecallFile
from manchengo_cli.pages.starting import start_shape
from manchengo_cli.person_secret import is_at_a_terminal
from manchengo_cli.session import Session
from manchengo_presenters import entering, words
from manchengo_presenters.beginnings import Start, lots_to_recall, start_line
from manchengo_presenters.command_shapes import commit_shape
from manchengo_presenters.completeness import completeness_shape
from manchengo_presenters.formatting import day, plain
from manchengo_presenters.language import _
from manchengo_presenters.lot_places import (
    claimed,
    place_text,
    places_of_lots_shape,
    shipment_shape,
)
from manchengo_presenters.recall_words import (
    balance_sentences,
    drill_over,
    first_codes,
    has_claims,
    reach_words,
    still_here,
)
from manchengo_workplace.recall_drills import RecallDrill
from manchengo_workplace.workplace import Workplace


def show_simulation(session: Session, asked: Start, paper: RecallFile) -> None:
    """What a recall would reach; nothing is changed."""
    with opened(session) as workplace:
        start, found = _reached(workplace, asked)
        paper.write(workplace, start, found)
        answer(
            session,
            shape=lambda: report_shape(start, found, simulated=True) | {**paper.shape},
            page=lambda: (
                *report_page(start, found, _("Simulated: nothing was changed.")),
                *paper.page,
            ),
        )


def drill_recall(session: Session, asked: Start, paper: RecallFile) -> None:
    """The same list, marked as a drill. At a terminal the drill lasts until the person says that it
    is over.
    """
    with opened(session, acts=True) as workplace:
        drill = RecallDrill.begun(workplace)
        start, found = _reached(workplace, asked)
        paper.write(workplace, start, found)
        if session.json:
            minutes = drill.end(workplace, start, found)
            shape = report_shape(start, found, simulated=True) | {"drill": {"minutes": minutes}}
            answer(session, shape=lambda: shape | {**paper.shape}, page=lambda: ())
            return
        answer(session, shape=dict, page=lambda: (*drill_page(start, found), *paper.page))
        if is_at_a_terminal():
            with suppress(EOFError):
                input(_("Press Enter once everybody on the list was called. "))
        minutes = drill.end(workplace, start, found)
        answer(session, shape=dict, page=lambda: (drill_over(found, minutes),))


def carry_out_recall(session: Session, asked: Start, reason: str, paper: RecallFile) -> None:
    """One recall of each lot that the reference stands for, all or none."""
    with opened(session, acts=True) as workplace:
        first, *others = execute_all(
            workplace, session, lambda choices: entering.recalls(choices, asked, reason)
        )
        start, found = _reached(workplace, asked)
        paper.write(workplace, start, found)
        answer(
            session,
            shape=lambda: (
                commit_shape(first.command, first.commit, first.doubts)
                | {"recall": report_shape(start, found, simulated=False)}
                | {"commits": [str(each.commit.id) for each in (first, *others)]}
                | {**paper.shape}
            ),
            page=lambda: (*report_page(start, found, _said()), *paper.page),
        )


def _said() -> str:
    return _("Recalled: nothing can be made from these lots or sold any more.")


def _reached(workplace: Workplace, asked: Start) -> tuple[StartingLots, RecallReport]:
    start = asked.lots(workplace.dairy)
    return start, workplace.dairy.simulate_recall(*lots_to_recall(start))


def drill_page(start: StartingLots, found: RecallReport) -> Iterable[Part]:
    """The report of a recall that is only practised."""
    yield _("DRILL. Nothing is recalled, nothing is recorded but that it was practised.")
    yield from report_page(start, found, _("This is what a recall would reach."))
    yield _("DRILL.")


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
        "begun_with": start_shape(start, first_codes(start, found)),
    }


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
    line = start_line(start, first_codes(start, found))
    if line:
        yield line
    yield reach_words(found)
    yield from completeness_page(found.completeness)
    yield balances_table(found)
    if found.shipments:
        yield shipments_table(found)
    held = still_here(found)
    if held:
        yield _("To be held back or looked at here:")
        yield Lines([f"  {lot or '?'}\u00a0: {place_text(each)}" for lot, each in held])
    if has_claims(found):
        yield _(
            "What is claimed was recorded and is not accepted: it may have left all the same. "
            "See “manchengo conflicts”."
        )
    yield from balance_sentences(found)


def balances_table(found: RecallReport) -> Table:
    """What became of each lot, as a table."""

    def figure_text(figure: int, unit: str) -> str:
        return words.measured(figure, unit) if figure else ""

    return tabled(
        found.lots,
        Column(
            _("Lot"), lambda each: f"{each.lot or '?'} {claimed()}" if each.claimed else each.lot
        ),
        Column(_("Product"), lambda each: each.product_name),
        Column(_("Came in"), lambda each: figure_text(each.entered, each.unit), figures=True),
        Column(_("Consumed"), lambda each: figure_text(each.consumed, each.unit), figures=True),
        Column(_("Delivered"), lambda each: figure_text(each.delivered, each.unit), figures=True),
        Column(_("Returned"), lambda each: figure_text(each.returned, each.unit), figures=True),
        Column(
            _("Lost or sent back"),
            lambda each: figure_text(each.written_off + each.sent_back, each.unit),
            figures=True,
        ),
        Column(_("Adjusted"), lambda each: figure_text(each.adjusted, each.unit), figures=True),
        Column(_("Left"), lambda each: words.measured(each.on_hand, each.unit), figures=True),
    )


def shipments_table(found: RecallReport) -> Table:
    """Which client received what, as a table."""

    def delivery(each: Shipment) -> str:
        return f"{each.delivery} {claimed()}".strip() if each.claimed else each.delivery

    return tabled(
        found.shipments,
        Column(_("Client"), lambda of: of[1].client_name),
        Column(_("Code"), lambda of: of[1].client),
        Column(_("Delivery"), lambda of: delivery(of[1])),
        Column(_("Date"), lambda of: day(of[1].day)),
        Column(_("Lot"), lambda of: of[0]),
        Column(
            _("Quantity"), lambda of: words.measure(of[1].quantity - of[1].returned), figures=True
        ),
    )
