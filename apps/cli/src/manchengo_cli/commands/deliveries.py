"""Delivering: at once (``deliver``), or scan by scan; and what comes back."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from manchengo_cli.commands import options
from manchengo_cli.commands.steps import ListedSteps
from manchengo_cli.session import Context, Session
from manchengo_cli.typed_values import FILE, NAME_OR_NONE, RETURN_LINE, TEXT, flag
from manchengo_cli.typer_commands import Group, Operation, SessionCommand
from manchengo_presenters.language import N_
from manchengo_presenters.measures import Line

if TYPE_CHECKING:
    from manchengo.application.choices import Choices
    from manchengo.ports.rows import DeliveryRow
    from manchengo_cli.pages.things import ListedThing

app = typer.Typer()
steps = typer.Typer(cls=Group, name="delivery", no_args_is_help=True)
app.add_typer(steps)


def deliveries() -> "ListedThing[DeliveryRow]":
    """What these commands are about."""
    from manchengo_cli.pages.deliveries import DELIVERIES

    return DELIVERIES


delivery = ListedSteps(steps, deliveries, options.Delivery)


@app.command(
    "deliver",
    cls=Operation,
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
    epilog='manchengo return BL-20261123-001 PF-OF-20261120-001=2 --reason "emballage abîmé"',
)
def return_(
    ctx: Context,
    note: options.Delivery,
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

    deliveries().carry_out(Session.of(ctx), note, build)


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


delivery.add(
    "load",
    "LoadLot",
    "manchengo delivery load BL-20261123-001 PF-OF-20261120-001 22",
    explanation=N_("Record what was loaded of a lot."),
    needs={"lot": options.Lot, "quantity": options.Quantity},
    takes={"override_reason": options.Override},
)
delivery.add(
    "unload",
    "UnloadLot",
    "manchengo delivery unload BL-20261123-001 PF-OF-20261120-001",
    explanation=N_("Take a lot off the van before it leaves: all of it, or so much."),
    needs={"lot": options.Lot},
    takes={"quantity": options.QuantityOrAll},
)
delivery.add(
    "dispatch",
    "DispatchDelivery",
    "manchengo delivery dispatch BL-20261123-001 --carrier Karim",
    explanation=N_("The van leaves with what was loaded."),
    takes={
        "carrier": options.Carrier,
        "short_reason": Annotated[
            str, TEXT.option("--short", N_("Why it leaves with less than was to be loaded."))
        ],
    },
)
delivery.add(
    "received",
    "ConfirmReception",
    'manchengo delivery received BL-20261123-001 --by "Mme Ziani"',
    explanation=N_("The client has it: who took it, and the proof."),
    needs={"received_by": Annotated[str, NAME_OR_NONE.option("--by", N_("Who took it."))]},
    takes={
        "proof": Annotated[str, TEXT.option("--proof", N_("A note, or where the photo is."))],
    },
)
delivery.add(
    "cancel",
    "CancelDelivery",
    'manchengo delivery cancel BL-20261123-001 --reason "route coupée"',
    explanation=N_("The van does not leave; the order keeps its lots."),
    needs={"reason": options.Reason},
)
delivery.add(
    "reopen",
    "ReopenDelivery",
    'manchengo delivery reopen BL-20261123-001 --reason "erreur de client"',
    explanation=N_("Reopen a delivery received or cancelled by mistake: it is as it was before."),
    needs={"reason": options.Reason},
)
delivery.add_list(N_("The deliveries that are not over."), "manchengo delivery list --all")
delivery.add_show(N_("One delivery, lot by lot."), "manchengo delivery show BL-20261123-001")


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
    force: options.Force = False,
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
    from manchengo_presenters import entering
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
        deliveries().confirmation,
        label=label,
    )
