"""Making cheese: all at once (``produce``), or step by step as the workshop does it."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from manchengo_cli import listing
from manchengo_cli.commands import options
from manchengo_cli.session import Context, Session
from manchengo_cli.signatures import optional, taking
from manchengo_cli.typer_commands import Group, Operation, SessionCommand
from manchengo_presenters.language import N_
from manchengo_presenters.measures import Line, Measure

if TYPE_CHECKING:
    from manchengo.application.choices import Choices
    from manchengo.commands import CompleteProduction, PlanProduction
    from manchengo.ports.rows import ProductionOrderRow, ProductRow
    from manchengo.ports.store import Snapshot
    from manchengo_presenters.entering_production import Obtained

app = typer.Typer()
steps = typer.Typer(cls=Group, name="production", no_args_is_help=True)
app.add_typer(steps, help=N_("Production orders, step by step."))


@app.command(
    "produce",
    cls=Operation,
    help=N_("Make a product at once: take the materials oldest first, yield a lot."),
    epilog="manchengo produce GOUDA-KG 120 --obtained 116,3\n"
    'manchengo produce CAMEM-250 80 --obtained 75 --lost 5 --loss-reason "moules cassés"',
)
def produce(
    ctx: Context,
    product: options.FinishedProduct,
    planned: options.Quantity,
    obtained: options.Obtained = None,
    lot: options.LotCode = None,
    expires: options.Expires = None,
    by_products: options.ByProducts = None,
    lost: options.Lost = None,
    loss_reason: options.LossReason = "",
    code: options.Code = None,
    label: options.LabelFile = None,
) -> None:
    from manchengo.commands import Produce
    from manchengo.domain.ids import ProductionOrderId
    from manchengo.ports.rows import ProductionOrderRow
    from manchengo_cli.executing import carry_out
    from manchengo_presenters import confirmations, entering_production
    from manchengo_workplace import lookups

    def build(choices: "Choices") -> Produce:
        made = lookups.product(choices.snapshot, product)
        order_code = choices.code(code, "OF", ProductionOrderRow)
        return Produce(
            order_id=ProductionOrderId(choices.id("order_id")),
            code=order_code,
            product_id=made.id,
            planned=lookups.quantity(planned, made),
            on=choices.day,
            outputs=entering_production.outputs(
                choices,
                _obtained(made, obtained or planned),
                _by_products(choices, by_products),
                code=choices.made_lot_code(lot, order_code),
                expires=expires,
            ),
            lost=lookups.quantity(lost, made) if lost else None,
            loss_reason=loss_reason,
        )

    carry_out(
        Session.of(ctx),
        build,
        lambda snapshot, command: confirmations.production(snapshot, command.order_id, command.on),
        label=label,
    )


@steps.command(
    "plan",
    cls=Operation,
    help=N_("Plan a make by the recipe in force; nothing is reserved yet."),
    epilog="manchengo production plan GOUDA-KG 120 --on 24/11/2026",
)
def plan(
    ctx: Context,
    product: options.FinishedProduct,
    quantity: options.Quantity,
    code: options.Code = None,
    label: options.LabelFile = None,
) -> None:
    from manchengo_cli.executing import carry_out
    from manchengo_presenters import confirmations, entering_production
    from manchengo_workplace import lookups

    def build(choices: "Choices") -> "PlanProduction":
        made = lookups.product(choices.snapshot, product)
        return entering_production.plan(choices, made, lookups.quantity(quantity, made), code=code)

    carry_out(
        Session.of(ctx),
        build,
        lambda snapshot, command: confirmations.production(snapshot, command.order_id, command.on),
        label=label,
    )


@steps.command(
    "start",
    cls=Operation,
    help=N_("Reserve the materials, oldest first: all of them, or none."),
    epilog="manchengo production start OF-20261124-001",
)
def start(ctx: Context, order: options.ProductionOrder) -> None:
    from manchengo.commands import StartProduction

    of_an_order(ctx, order, lambda row, choices: StartProduction(order_id=row.id, on=choices.day))


@steps.command(
    "pour",
    cls=Operation,
    help=N_("Record what was poured of a lot."),
    epilog="manchengo production pour OF-20261124-001 MP-20261123-001 620",
)
def pour(
    ctx: Context,
    order: options.ProductionOrder,
    lot: options.Lot,
    quantity: options.Quantity,
    reason: options.Override = "",
) -> None:
    from manchengo.commands import ConsumeMaterial
    from manchengo_workplace import lookups

    def build(row: "ProductionOrderRow", choices: "Choices") -> ConsumeMaterial:
        poured = lookups.lot(choices.snapshot, lot)
        return ConsumeMaterial(
            order_id=row.id,
            lot_id=poured.id,
            quantity=lookups.lot_quantity(quantity, poured),
            on=choices.day,
            override_reason=reason,
        )

    of_an_order(ctx, order, build)


@steps.command(
    "take-back",
    cls=Operation,
    help=N_("Take back what was poured of a lot by mistake: all of it, or so much."),
    epilog="manchengo production take-back OF-20261124-001 MP-20261123-001 20",
)
def take_back(
    ctx: Context,
    order: options.ProductionOrder,
    lot: options.Lot,
    quantity: options.QuantityOrAll = None,
) -> None:
    from manchengo.commands import TakeBackMaterial
    from manchengo_workplace import lookups

    def build(row: "ProductionOrderRow", choices: "Choices") -> TakeBackMaterial:
        poured = lookups.lot(choices.snapshot, lot)
        return TakeBackMaterial(
            order_id=row.id,
            lot_id=poured.id,
            quantity=None if quantity is None else lookups.lot_quantity(quantity, poured),
            on=choices.day,
        )

    of_an_order(ctx, order, build)


@steps.command(
    "complete",
    cls=Operation,
    help=N_("Say what came out; what was reserved and not poured goes back."),
    epilog="manchengo production complete OF-20261124-001 --obtained 116,3",
)
def complete(
    ctx: Context,
    order: options.ProductionOrder,
    obtained: options.Obtained = None,
    lot: options.LotCode = None,
    expires: options.Expires = None,
    by_products: options.ByProducts = None,
    lost: options.Lost = None,
    loss_reason: options.LossReason = "",
    label: options.LabelFile = None,
) -> None:
    from manchengo_presenters import entering_production
    from manchengo_workplace import lookups

    def build(row: "ProductionOrderRow", choices: "Choices") -> "CompleteProduction":
        made = lookups.product_of(choices.snapshot, row.product_id)
        return entering_production.complete(
            choices,
            row,
            _obtained(made, obtained or Measure(row.planned, row.unit)),
            _by_products(choices, by_products),
            lost=lookups.quantity(lost, made) if lost else None,
            loss_reason=loss_reason,
            expires=expires,
            lot=lot,
        )

    of_an_order(ctx, order, build, label=label)


@steps.command(
    "cancel",
    cls=Operation,
    help=N_("Stop an order: what was not poured goes back, what was poured stays poured."),
    epilog='manchengo production cancel OF-20261124-001 --reason "cuve en panne"',
)
def cancel(ctx: Context, order: options.ProductionOrder, reason: options.Reason) -> None:
    from manchengo.commands import CancelProduction

    of_an_order(
        ctx,
        order,
        lambda row, choices: CancelProduction(order_id=row.id, on=choices.day, reason=reason),
    )


@steps.command(
    "reopen",
    cls=Operation,
    help=N_("Reopen an order completed or cancelled by mistake; the lots that came out are void."),
    epilog='manchengo production reopen OF-20261124-001 --reason "terminé trop tôt"',
)
def reopen(ctx: Context, order: options.ProductionOrder, reason: options.Reason) -> None:
    from manchengo.commands import ReopenProduction

    of_an_order(
        ctx,
        order,
        lambda row, choices: ReopenProduction(order_id=row.id, on=choices.day, reason=reason),
    )


@steps.command(
    "list",
    cls=SessionCommand,
    help=N_("The production orders that are not over."),
    epilog="manchengo production list --all",
)
@taking(optional(listing.OPTIONS))
def list_(
    ctx: Context,
    everything: options.Everything = False,
    **asked: Any,
) -> None:
    from manchengo.ports.rows import ProductionOrderRow
    from manchengo_cli.pages import production as pages

    wanted = listing.asked_for(ProductionOrderRow, asked)
    pages.show_list(Session.of(ctx), everything=everything, asked=wanted)


@steps.command(
    "show",
    cls=SessionCommand,
    help=N_("One production order: what it needs, what was poured, what came out."),
    epilog="manchengo production show OF-20261124-001",
)
def show(ctx: Context, order: options.ProductionOrder) -> None:
    from manchengo_cli.pages import production as pages

    pages.show_one(Session.of(ctx), order)


def of_an_order(ctx: Context, order: str, build: Any, label: Path | None = None) -> None:
    """Ask something of the production order of that code, and say how it is now."""
    from manchengo.ports.rows import ProductionOrderRow
    from manchengo_cli.executing import carry_out
    from manchengo_presenters import confirmations
    from manchengo_workplace import lookups

    def confirmation(snapshot: "Snapshot", command: Any) -> Any:
        return confirmations.production(snapshot, command.order_id, command.on)

    carry_out(
        Session.of(ctx),
        lambda choices: build(lookups.coded(choices.snapshot, ProductionOrderRow, order), choices),
        confirmation,
        label=label,
    )


def _obtained(made: "ProductRow", measure: Measure) -> "Obtained":
    from manchengo_presenters.entering_production import Obtained
    from manchengo_workplace import lookups

    return Obtained(made, lookups.quantity(measure, made))


def _by_products(choices: "Choices", lines: list[Line] | None) -> "list[Obtained]":
    from manchengo_workplace import lookups

    return [
        _obtained(lookups.product(choices.snapshot, line.code), line.measure)
        for line in lines or []
    ]
