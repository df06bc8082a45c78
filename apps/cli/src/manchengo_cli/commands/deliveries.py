"""Delivering: at once (``deliver``), or scan by scan; and what comes back."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from manchengo_cli import listing
from manchengo_cli.commands import options
from manchengo_cli.session import Context, Session
from manchengo_cli.signatures import optional, taking
from manchengo_cli.typed_values import FILE, NAME_OR_NONE, RETURN_LINE, TEXT, flag
from manchengo_cli.typer_commands import Group, Operation, SessionCommand
from manchengo_presenters.language import N_
from manchengo_presenters.measures import Line

if TYPE_CHECKING:
    from manchengo.application.choices import Choices
    from manchengo.ports.rows import DeliveryRow

app = typer.Typer()
steps = typer.Typer(cls=Group, name="delivery", no_args_is_help=True)
app.add_typer(steps, help=N_("Deliveries, step by step."))


@app.command(
    "deliver",
    cls=Operation,
    help=N_("Load all that is reserved for an order and let it leave, at once."),
    epilog='manchengo deliver CC-20261123-001 --carrier "Karim, camionnette"',
)
def deliver(
    ctx: Context,
    order: options.SalesOrder,
    carrier: options.Carrier = "",
    code: options.Code = None,
    label: options.LabelFile = None,
) -> None:
    from manchengo.commands import Deliver

    new_delivery(ctx, Deliver, order, code, label, carrier=carrier)


@app.command(
    "return",
    cls=Operation,
    help=N_("Take back from a client what a delivery brought."),
    epilog='manchengo return BL-20261123-001 PF-OF-20261120-001=2 --reason "emballage abîmé"',
)
def return_(
    ctx: Context,
    delivery: options.Delivery,
    lines: Annotated[list[Line], RETURN_LINE.argument(N_("What came back, lot by lot."))],
    reason: options.Reason,
    destroy: Annotated[
        bool, flag("--destroy", N_("It is not sold again: write it off at once."))
    ] = False,
) -> None:
    from manchengo.commands import ReturnDelivery
    from manchengo.domain.delivery import Disposition, ReturnLine
    from manchengo_workplace import lookups

    def build(row: "DeliveryRow", choices: "Choices") -> ReturnDelivery:
        lots = [(lookups.lot(choices.snapshot, line.code), line.measure) for line in lines]
        return ReturnDelivery(
            delivery_id=row.id,
            lines=tuple(
                ReturnLine(
                    lot_id=lot.id,
                    quantity=lookups.lot_quantity(measure, lot),
                    disposition=Disposition.DESTROY if destroy else Disposition.RESTOCK,
                )
                for lot, measure in lots
            ),
            on=choices.day,
            reason=reason,
        )

    of_a_delivery(ctx, delivery, build)


@steps.command(
    "prepare",
    cls=Operation,
    help=N_("Propose the lots to load: what is reserved for the order."),
    epilog="manchengo delivery prepare CC-20261123-001",
)
def prepare(
    ctx: Context,
    order: options.SalesOrder,
    code: options.Code = None,
    label: options.LabelFile = None,
) -> None:
    from manchengo.commands import PrepareDelivery

    new_delivery(ctx, PrepareDelivery, order, code, label)


@steps.command(
    "load",
    cls=Operation,
    help=N_("Record what was loaded of a lot."),
    epilog="manchengo delivery load BL-20261123-001 PF-OF-20261120-001 22",
)
def load(
    ctx: Context,
    delivery: options.Delivery,
    lot: options.Lot,
    quantity: options.Quantity,
    reason: options.Override = "",
) -> None:
    from manchengo.commands import LoadLot
    from manchengo_workplace import lookups

    def build(row: "DeliveryRow", choices: "Choices") -> LoadLot:
        loaded = lookups.lot(choices.snapshot, lot)
        return LoadLot(
            delivery_id=row.id,
            lot_id=loaded.id,
            quantity=lookups.lot_quantity(quantity, loaded),
            on=choices.day,
            override_reason=reason,
        )

    of_a_delivery(ctx, delivery, build)


@steps.command(
    "unload",
    cls=Operation,
    help=N_("Take a lot off the van before it leaves: all of it, or so much."),
    epilog="manchengo delivery unload BL-20261123-001 PF-OF-20261120-001",
)
def unload(
    ctx: Context,
    delivery: options.Delivery,
    lot: options.Lot,
    quantity: options.QuantityOrAll = None,
) -> None:
    from manchengo.commands import UnloadLot
    from manchengo_workplace import lookups

    def build(row: "DeliveryRow", choices: "Choices") -> UnloadLot:
        loaded = lookups.lot(choices.snapshot, lot)
        return UnloadLot(
            delivery_id=row.id,
            lot_id=loaded.id,
            quantity=None if quantity is None else lookups.lot_quantity(quantity, loaded),
            on=choices.day,
        )

    of_a_delivery(ctx, delivery, build)


@steps.command(
    "dispatch",
    cls=Operation,
    help=N_("The van leaves with what was loaded."),
    epilog="manchengo delivery dispatch BL-20261123-001 --carrier Karim",
)
def dispatch(
    ctx: Context,
    delivery: options.Delivery,
    carrier: options.Carrier = "",
    short: Annotated[
        str, TEXT.option("--short", N_("Why it leaves with less than was to be loaded."))
    ] = "",
) -> None:
    from manchengo.commands import DispatchDelivery

    of_a_delivery(
        ctx,
        delivery,
        lambda row, choices: DispatchDelivery(
            delivery_id=row.id, on=choices.day, carrier=carrier, short_reason=short
        ),
    )


@steps.command(
    "received",
    cls=Operation,
    help=N_("The client has it: who took it, and the proof."),
    epilog='manchengo delivery received BL-20261123-001 --by "Mme Ziani"',
)
def received(
    ctx: Context,
    delivery: options.Delivery,
    by: Annotated[str, NAME_OR_NONE.option("--by", N_("Who took it."))],
    proof: Annotated[str, TEXT.option("--proof", N_("A note, or where the photo is."))] = "",
) -> None:
    from manchengo.commands import ConfirmReception

    of_a_delivery(
        ctx,
        delivery,
        lambda row, choices: ConfirmReception(
            delivery_id=row.id, on=choices.day, received_by=by, proof=proof
        ),
    )


@steps.command(
    "cancel",
    cls=Operation,
    help=N_("The van does not leave; the order keeps its lots."),
    epilog='manchengo delivery cancel BL-20261123-001 --reason "route coupée"',
)
def cancel(ctx: Context, delivery: options.Delivery, reason: options.Reason) -> None:
    from manchengo.commands import CancelDelivery

    of_a_delivery(
        ctx,
        delivery,
        lambda row, choices: CancelDelivery(delivery_id=row.id, on=choices.day, reason=reason),
    )


@steps.command(
    "reopen",
    cls=Operation,
    help=N_("Reopen a delivery received or cancelled by mistake: it is as it was before."),
    epilog='manchengo delivery reopen BL-20261123-001 --reason "erreur de client"',
)
def reopen(ctx: Context, delivery: options.Delivery, reason: options.Reason) -> None:
    from manchengo.commands import ReopenDelivery

    of_a_delivery(
        ctx,
        delivery,
        lambda row, choices: ReopenDelivery(delivery_id=row.id, on=choices.day, reason=reason),
    )


@steps.command(
    "list",
    cls=SessionCommand,
    help=N_("The deliveries that are not over."),
    epilog="manchengo delivery list --all",
)
@taking(optional(listing.OPTIONS))
def list_(
    ctx: Context,
    everything: options.Everything = False,
    **asked: Any,
) -> None:
    from manchengo.ports.rows import DeliveryRow
    from manchengo_cli.pages import deliveries as pages

    wanted = listing.asked_for(DeliveryRow, asked)
    pages.show_list(Session.of(ctx), everything=everything, asked=wanted)


@steps.command(
    "show",
    cls=SessionCommand,
    help=N_("One delivery, lot by lot."),
    epilog="manchengo delivery show BL-20261123-001",
)
def show(ctx: Context, delivery: options.Delivery) -> None:
    from manchengo_cli.pages import deliveries as pages

    pages.show_one(Session.of(ctx), delivery)


@steps.command(
    "note",
    cls=SessionCommand,
    help=N_("Print the delivery note that goes with the goods, as PDF."),
    epilog="manchengo delivery note BL-20261123-001 --to bon.pdf",
)
def note(
    ctx: Context,
    delivery: options.Delivery,
    to: Annotated[Path, FILE.option("--to", N_("The file to write, whose name ends in .pdf."))],
    force: Annotated[bool, flag("--force", N_("Replace the file where there is one."))] = False,
) -> None:
    from manchengo_cli.pages import papers

    file = papers.PdfFile.of(to, replaces=force)
    papers.print_note(Session.of(ctx), delivery, file)


def new_delivery(
    ctx: Context, kind: Any, order: str, code: str | None, label: Path | None, **more: str
) -> None:
    """A new delivery of an order: ``Deliver`` or ``PrepareDelivery``."""
    from manchengo.ports.rows import SalesOrderRow
    from manchengo_cli.executing import carry_out
    from manchengo_presenters import confirmations, entering
    from manchengo_workplace import lookups

    carry_out(
        Session.of(ctx),
        lambda choices: entering.delivery(
            kind,
            choices,
            lookups.coded(choices.snapshot, SalesOrderRow, order).id,
            code=code,
            **more,
        ),
        lambda snapshot, command: confirmations.delivery(snapshot, command.delivery_id, command.on),
        label=label,
    )


def of_a_delivery(ctx: Context, delivery: str, build: Any) -> None:
    """Ask something of the delivery of that code, and say how it is now."""
    from manchengo.ports.rows import DeliveryRow
    from manchengo_cli.executing import carry_out
    from manchengo_presenters import confirmations
    from manchengo_workplace import lookups

    carry_out(
        Session.of(ctx),
        lambda choices: build(lookups.coded(choices.snapshot, DeliveryRow, delivery), choices),
        lambda snapshot, command: confirmations.delivery(snapshot, command.delivery_id, command.on),
    )
