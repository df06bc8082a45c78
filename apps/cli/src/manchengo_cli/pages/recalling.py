"""What a recall reaches: the lots with their mass balance, the deliveries, the clients."""

from collections.abc import Iterable
from typing import Any

from manchengo.application.genealogy import CLAIMED, LotBalance, RecallReport
from manchengo.commands import RecallLot
from manchengo.domain.allocation import Standing
from manchengo_cli.database import opened
from manchengo_cli.executing import execute
from manchengo_cli.output import Column, Lines, Part, Table, answer
from manchengo_cli.pages.heard import completeness_page
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
from manchengo_workplace import lookups


def show_simulation(session: Session, code: str) -> None:
    """What a recall would reach; nothing is changed."""
    with opened(session) as workplace:
        with workplace.dairy.reading() as snapshot:
            lot = lookups.lots_labelled(snapshot, code)[0]
        found = workplace.dairy.simulate_recall(lot.id)
        answer(
            session,
            shape=lambda: report_shape(found, simulated=True),
            page=lambda: report_page(found, _("Simulated: nothing was changed.")),
        )


def carry_out_recall(session: Session, code: str, reason: str) -> None:
    with opened(session, acts=True) as workplace:
        done = execute(
            workplace,
            session,
            lambda choices: RecallLot(
                lot_id=lookups.lots_labelled(choices.snapshot, code)[0].id,
                on=choices.day,
                reason=reason,
            ),
        )
        with workplace.dairy.reading() as snapshot:
            lot = lookups.lots_labelled(snapshot, code)[0]
        found = workplace.dairy.simulate_recall(lot.id)
        answer(
            session,
            shape=lambda: (
                commit_shape(done.command, done.commit, done.doubts)
                | {"recall": report_shape(found, simulated=False)}
            ),
            page=lambda: report_page(
                found, _("Recalled: nothing can be made from these lots or sold any more.")
            ),
        )


def report_shape(found: RecallReport, *, simulated: bool) -> dict[str, Any]:
    return {
        "simulated": simulated,
        "lots": [balance_shape(balance) for balance in found.lots],
        "deliveries": [
            {"lot": lot, **shipment_shape(shipment)} for lot, shipment in found.shipments
        ],
        "clients": list(found.clients),
        **places_of_lots_shape(found),
        "completeness": completeness_shape(found.completeness),
    }


def balance_shape(balance: LotBalance) -> dict[str, Any]:
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


def report_page(found: RecallReport, outcome: str) -> Iterable[Part]:
    yield outcome
    yield reach(found)
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


def reach(found: RecallReport) -> str:
    """As in ``3 lots, 12 livraisons, 8 clients``."""
    lots, ships, clients = len(found.lots), len(found.shipments), len(found.clients)
    return ", ".join(
        (
            ngettext("{count} lot", "{count} lots", lots).format(count=number(lots)),
            ngettext("{count} delivery", "{count} deliveries", ships).format(count=number(ships)),
            ngettext("{count} client", "{count} clients", clients).format(count=number(clients)),
        )
    )


def balances_table(found: RecallReport) -> Table:
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
