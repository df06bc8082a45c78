"""What happens to one lot: it comes in, is counted, judged, lost or sent back."""

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from manchengo_cli.commands import options
from manchengo_cli.commands.steps import Steps
from manchengo_cli.session import Context, Session
from manchengo_cli.typed_values import AMOUNT, DATE, SCANNED, SUPPLIER, flag
from manchengo_cli.typer_commands import Operation
from manchengo_presenters.language import N_, _

if TYPE_CHECKING:
    from manchengo.application.choices import Choices
    from manchengo.application.genealogy import AnyLot
    from manchengo.commands import ReceiveLot
    from manchengo_cli.pages.things import Thing

app = typer.Typer()


def lots() -> "Thing[AnyLot]":
    """What most of these commands are about."""
    from manchengo_cli.pages.lots import LOTS

    return LOTS


lot_steps = Steps(app, lots, options.Lot)


@app.command(
    "receive",
    cls=Operation,
    epilog="manchengo receive LAIT-V 1250,5 --supplier F001\n"
    "manchengo receive SEL 25kg --supplier F040 --price 45 --reference BL-118",
)
def receive(
    ctx: Context,
    product: options.RawMaterial,
    quantity: options.Quantity,
    supplier: Annotated[str, SUPPLIER.option("--supplier")],
    expires: options.Expires = None,
    price: options.Price = None,
    reference: options.DeliveryNote = None,
    quarantined: options.Quarantine = False,
    code: options.Code = None,
    label: options.LabelFile = None,
    scan: Annotated[
        str | None,
        SCANNED.option(
            "--scan",
            N_(
                "The code that the supplier printed, as a scanner types it: their lot and the last "
                "day are taken from it."
            ),
        ),
    ] = None,
) -> None:
    from manchengo.ports.rows import SupplierRow
    from manchengo_cli.executing import carry_out
    from manchengo_presenters import entering
    from manchengo_presenters.confirmations import lot_made
    from manchengo_workplace import lookups

    scanned = None
    if scan is not None:
        from manchengo_workplace.scanned_reception import ScannedReception

        scanned = ScannedReception.of(scan)

    def build(choices: "Choices") -> "ReceiveLot":
        known = lookups.product(choices.snapshot, product)
        if scanned is not None:
            scanned.must_be_of(choices.snapshot, known)
        return entering.reception(
            choices,
            known,
            lookups.coded(choices.snapshot, SupplierRow, supplier).id,
            lookups.quantity(quantity, known),
            expires=expires or (scanned.code.last_day if scanned else None),
            price=price,
            reference=reference or (scanned.code.batch if scanned else ""),
            quarantined=quarantined,
            code=code,
        )

    record = scanned.record if scanned else None
    carry_out(Session.of(ctx), build, lot_made, label=label, scan=record)


@app.command(
    "opening-stock",
    cls=Operation,
    help=N_(
        "It has no supplier and no production order: traces end there and say so. --on is"
        " the day of the opening stock. Only an administrator may enter one."
    ),
    epilog="manchengo opening-stock GOUDA-KG 42,5 --on 01/10/2026 --dated 12/09/2026 --cost 900",
)
def opening_stock(
    ctx: Context,
    product: options.Product,
    quantity: options.Quantity,
    dated: Annotated[
        date | None,
        DATE.option(
            "--dated", N_("When it was received or made; that of the opening stock when left out.")
        ),
    ] = None,
    expires: options.Expires = None,
    cost: Annotated[
        Any,
        AMOUNT.option(
            "--cost", N_("What one unit of it cost, in dinars; 0,35/100 is the cost of a hundred.")
        ),
    ] = None,
    quarantined: options.Quarantine = False,
    code: options.Code = None,
) -> None:
    from manchengo import Money
    from manchengo.commands import EnterOpeningStock
    from manchengo.domain.ids import LotId
    from manchengo.ports.rows import FinishedLotRow, RawLotRow, RawProductRow
    from manchengo_cli.executing import carry_out
    from manchengo_presenters import confirmations
    from manchengo_workplace import lookups

    def build(choices: "Choices") -> EnterOpeningStock:
        known = lookups.product(choices.snapshot, product)
        prefix = "MP" if isinstance(known, RawProductRow) else "PF"
        return EnterOpeningStock(
            lot_id=LotId(choices.id("lot_id")),
            code=choices.code(code, prefix, RawLotRow, FinishedLotRow),
            product_id=known.id,
            on=choices.day,
            dated=dated,
            quantity=lookups.quantity(quantity, known),
            expires_on=expires,
            unit_price=cost or Money(0),
            quarantined=quarantined,
        )

    carry_out(Session.of(ctx), build, confirmations.opening_stock)


@app.command(
    "correct",
    cls=Operation,
    help=N_("The old value stays in the history, with what was done on it."),
    epilog='manchengo correct MP-20261123-001 --expires 15/12/2026 --reason "étiquette mal lue"\n'
    'manchengo correct MP-20261123-001 --supplier F012 --reason "bon de F012"',
)
def correct(
    ctx: Context,
    lot: options.Lot,
    reason: options.Reason,
    expires: Annotated[
        date | None, DATE.option("--expires", N_("The last day of use that is right."))
    ] = None,
    no_expiry: Annotated[bool, flag("--no-expiry", N_("It does not expire."))] = False,
    supplier: Annotated[
        str | None, SUPPLIER.option("--supplier", N_("Whom it really came from."))
    ] = None,
    reference: options.DeliveryNote = None,
    price: Annotated[
        Any,
        AMOUNT.option(
            "--price", N_("Price of one unit, in dinars; 0,35/100 is that of a hundred.")
        ),
    ] = None,
) -> None:
    if expires is not None and no_expiry:
        raise typer.BadParameter(_("Give --expires or --no-expiry, not both."))
    from manchengo.commands import CorrectLot
    from manchengo.domain.lot.commands import Expiry
    from manchengo.ports.rows import SupplierRow
    from manchengo_cli.executing import carry_out
    from manchengo_presenters.corrections import confirmation
    from manchengo_workplace import lookups

    def build(choices: "Choices") -> CorrectLot:
        return CorrectLot(
            lot_id=lookups.lot(choices.snapshot, lot).id,
            on=choices.day,
            reason=reason,
            expiry=Expiry(expires) if expires or no_expiry else None,
            supplier_id=lookups.coded(choices.snapshot, SupplierRow, supplier).id
            if supplier
            else None,
            supplier_reference=reference,
            unit_price=price,
        )

    carry_out(Session.of(ctx), build, confirmation)


lot_steps.add(
    "count",
    "CountLot",
    "manchengo count MP-20261123-001 1180,2 --reason inventaire",
    needs={"counted": options.Quantity},
    takes={"reason": options.Remark},
)
lot_steps.add(
    "write-off",
    "WriteOffLot",
    'manchengo write-off MP-20261123-001 12 --reason "bidon renversé"',
    needs={"quantity": options.Quantity, "reason": options.Reason},
)
lot_steps.add(
    "void",
    "VoidLot",
    'manchengo void MP-20261123-001 --reason "saisi deux fois"',
    needs={"reason": options.Reason},
)
Steps(app, lots, options.RawLot).add(
    "send-back",
    "SendBackToSupplier",
    'manchengo send-back MP-20261123-001 50 --reason "lait acide"',
    needs={"quantity": options.Quantity, "reason": options.Reason},
)
lot_steps.add(
    "quarantine",
    "QuarantineLot",
    'manchengo quarantine MP-20261123-001 --reason "analyse en cours"',
    needs={"reason": options.Reason},
)
lot_steps.add(
    "block",
    "BlockLot",
    'manchengo block MP-20261123-001 --reason "listeria suspectée"',
    needs={"reason": options.Reason},
)
lot_steps.add(
    "release",
    "ReleaseLot",
    "manchengo release MP-20261123-001",
    takes={"reason": options.Remark},
)
