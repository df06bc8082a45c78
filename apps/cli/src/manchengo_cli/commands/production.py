"""Making cheese: all at once (``produce``), or step by step as the workshop does it."""

from typing import TYPE_CHECKING

import typer

from manchengo_cli.commands import options
from manchengo_cli.commands.steps import ListedSteps
from manchengo_cli.session import Context, Session
from manchengo_cli.typer_commands import Group, Operation
from manchengo_presenters.language import N_
from manchengo_presenters.measures import Line, Measure

if TYPE_CHECKING:
    from manchengo.application.choices import Choices
    from manchengo.commands import CompleteProduction, PlanProduction
    from manchengo.ports.rows import ProductionOrderRow, ProductRow
    from manchengo_cli.pages.things import ListedThing
    from manchengo_presenters.entering_production import Obtained

app = typer.Typer()
steps = typer.Typer(cls=Group, name="production", no_args_is_help=True)
app.add_typer(steps)


def orders() -> "ListedThing[ProductionOrderRow]":
    """What these commands are about."""
    from manchengo_cli.pages.production import ORDERS

    return ORDERS


production = ListedSteps(steps, orders, options.ProductionOrder)


@app.command(
    "produce",
    cls=Operation,
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
    from manchengo_presenters import entering_production
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

    carry_out(Session.of(ctx), build, orders().confirmation, label=label)


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
    from manchengo_presenters import entering_production
    from manchengo_workplace import lookups

    def build(choices: "Choices") -> "PlanProduction":
        made = lookups.product(choices.snapshot, product)
        return entering_production.plan(choices, made, lookups.quantity(quantity, made), code=code)

    carry_out(Session.of(ctx), build, orders().confirmation, label=label)


production.add(
    "start",
    "StartProduction",
    "manchengo production start OF-20261124-001",
    explanation=N_("Reserve the materials, oldest first: all of them, or none."),
)
production.add(
    "pour",
    "ConsumeMaterial",
    "manchengo production pour OF-20261124-001 MP-20261123-001 620",
    explanation=N_("Record what was poured of a lot."),
    needs={"lot": options.Lot, "quantity": options.Quantity},
    takes={"override_reason": options.Override},
)
production.add(
    "take-back",
    "TakeBackMaterial",
    "manchengo production take-back OF-20261124-001 MP-20261123-001 20",
    explanation=N_("Take back what was poured of a lot by mistake: all of it, or so much."),
    needs={"lot": options.Lot},
    takes={"quantity": options.QuantityOrAll},
)


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

    orders().carry_out(Session.of(ctx), order, build, label=label)


production.add(
    "cancel",
    "CancelProduction",
    'manchengo production cancel OF-20261124-001 --reason "cuve en panne"',
    explanation=N_("Stop an order: what was not poured goes back, what was poured stays poured."),
    needs={"reason": options.Reason},
)
production.add(
    "reopen",
    "ReopenProduction",
    'manchengo production reopen OF-20261124-001 --reason "terminé trop tôt"',
    explanation=N_(
        "Reopen an order completed or cancelled by mistake; the lots that came out are void."
    ),
    needs={"reason": options.Reason},
)
production.add_list(
    N_("The production orders that are not over."), "manchengo production list --all"
)
production.add_show(
    N_("One production order: what it needs, what was poured, what came out."),
    "manchengo production show OF-20261124-001",
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
