"""A working day on one device: whatever people do at a dairy, by chance.

Everything is asked by what this device's own rows say, which may be out of date, or never true.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta
from random import Random
from typing import Any, TypeVar
from uuid import UUID

from attrs import field, frozen

from manchengo import commands as asked
from manchengo.commands import Command
from manchengo.domain.access import Role
from manchengo.domain.billing import BillLine
from manchengo.domain.delivery import Disposition, ReturnLine
from manchengo.domain.identity import Identity
from manchengo.domain.ids import (
    ClientId,
    CommitId,
    CreditNoteId,
    DeliveryId,
    ImportId,
    InvoiceId,
    LotId,
    PaymentId,
    ProductionOrderId,
    SalesOrderId,
    SupplierId,
    UserId,
)
from manchengo.domain.import_batch import ImportKind
from manchengo.domain.payment import PaymentMode
from manchengo.domain.production_order import Output
from manchengo.domain.resolution import ResolveItem, Way
from manchengo.domain.sales_order import OrderLine
from manchengo.domain.values import Density, Money, Percent, Quantity, Unit
from manchengo.ports.rows import (
    ClientRow,
    CreditNoteRow,
    DeliveryLineRow,
    DeliveryRow,
    FinishedLotRow,
    ImportRow,
    InvoiceRow,
    LotRow,
    PaymentRow,
    ProductionOrderRow,
    RawLotRow,
    ResolutionItemRow,
    Row,
    SalesOrderRow,
    SupplierRow,
    UserRow,
)
from manchengo.ports.store import Snapshot
from tests.support.dairy import CHEESE, FARM, MILK, PRICE, RENNET, SHOP, an_id

R = TypeVar("R", bound=Row)
T = TypeVar("T")

IDEAS = 4
UNITS = {MILK: Unit.L, RENNET: Unit.ML, CHEESE: Unit.KG}
FILES = 3
"""So many different files go about; the same one is imported here and there."""


@frozen
class Imported:
    """A file taken in row by row, in one transaction."""

    start: asked.StartImport
    rows: tuple[tuple[Command, CommitId], ...]


Deed = Command | Imported


@frozen
class Day:
    """What the person at the device sees and knows. ``mark``: what tells this device's codes."""

    random: Random
    snapshot: Snapshot
    today: date
    mark: str
    number: int
    missing: frozenset[str] = field(factory=frozenset)

    # ------------------------------------------------------------------------------ choosing

    def one(self, some: list[T]) -> T:
        if not some:
            raise NothingThere
        return self.random.choice(some)

    def row(self, kind: type[R], **equal: Any) -> R:
        return self.one(list(self.snapshot.rows(kind, **equal)))

    def on(self) -> date:
        """Mostly today; now and then somebody writes down what was done before."""
        return self.today - timedelta(days=self.random.choice((0, 0, 0, 0, 0, 1, 2)))

    def id(self) -> UUID:
        return UUID(int=self.random.getrandbits(128), version=4)

    def code(self, letter: str) -> str:
        """Mostly the device's own; sometimes one that anybody might think of."""
        if self.random.random() < 0.12:
            return f"{letter}{self.random.randrange(4)}"
        return f"{letter}-{self.mark}{self.number}"

    def id_for(self, code: str) -> UUID:
        """Where anybody might think of the code, somebody else may also have given the id."""
        common = "-" not in code and self.random.random() < 0.5
        return an_id(code) if common else self.id()

    def amount(self, most: int) -> int:
        """Some of it, or all, or a little too much; in thousandths."""
        chance = self.random.random()
        if chance < 0.25:
            return max(1, most)
        if chance < 0.32:
            return most + 1_000
        return max(1, round(most * self.random.random()))

    def reason(self) -> str:
        return self.one(["goutte", "étiquette", "contrôle"])

    # ------------------------------------------------------------------------------ stock

    def receive(self) -> Deed:
        product = self.one([MILK, MILK, MILK, RENNET])
        code, on = self.code("L"), self.on()
        return asked.ReceiveLot(
            lot_id=LotId(self.id_for(code)),
            code=code,
            product_id=product,
            supplier_id=self.supplier(),
            on=on,
            quantity=Quantity(self.random.randrange(20_000, 160_000), UNITS[product]),
            expires_on=self.one([None, None, on + timedelta(days=self.random.randrange(1, 9))]),
        )

    def supplier(self) -> SupplierId:
        if self.random.random() < 0.8:
            return FARM
        return self.row(SupplierRow).id

    def client(self) -> ClientId:
        if self.random.random() < 0.8:
            return SHOP
        return self.row(ClientRow).id

    def a_lot(self) -> LotRow:
        kind = self.one([RawLotRow, RawLotRow, FinishedLotRow])
        lots: list[LotRow] = [*self.snapshot.rows(kind)]
        return self.one([lot for lot in lots if lot.quantity_remaining] or lots)

    def write_off(self) -> Deed:
        lot = self.a_lot()
        quantity = Quantity(self.amount(lot.quantity_remaining // 3), Unit(lot.unit))
        return asked.WriteOffLot(
            lot_id=lot.id, quantity=quantity, on=self.on(), reason=self.reason()
        )

    def send_back(self) -> Deed:
        lot = self.row(RawLotRow)
        quantity = Quantity(self.amount(lot.quantity_remaining // 3), Unit(lot.unit))
        return asked.SendBackToSupplier(
            lot_id=lot.id, quantity=quantity, on=self.on(), reason=self.reason()
        )

    def count(self) -> Deed:
        lot = self.a_lot()
        seen = max(0, lot.quantity_remaining + self.random.randrange(-9_000, 9_000))
        return asked.CountLot(lot_id=lot.id, counted=Quantity(seen, Unit(lot.unit)), on=self.on())

    def quarantine(self) -> Deed:
        return asked.QuarantineLot(lot_id=self.a_lot().id, on=self.on(), reason=self.reason())

    def block(self) -> Deed:
        return asked.BlockLot(lot_id=self.a_lot().id, on=self.on(), reason=self.reason())

    def release(self) -> Deed:
        kept: list[LotRow] = [
            lot
            for kind in (RawLotRow, FinishedLotRow)
            for lot in self.snapshot.rows(kind)
            if lot.standing != "released"
        ]
        return asked.ReleaseLot(lot_id=self.one(kept).id, on=self.on())

    def recall(self) -> Deed:
        return asked.RecallLot(lot_id=self.a_lot().id, on=self.on(), reason=self.reason())

    # ------------------------------------------------------------------------------ production

    def produce(self) -> Deed:
        code, quantity = self.code("O"), self.some_cheese()
        return asked.Produce(
            order_id=ProductionOrderId(self.id_for(code)),
            code=code,
            product_id=CHEESE,
            planned=quantity,
            on=self.on(),
            outputs=(self.an_output(quantity),),
        )

    def some_cheese(self) -> Quantity:
        return Quantity(self.random.randrange(1_000, 9_000), Unit.KG)

    def an_output(self, quantity: Quantity) -> Output:
        code = self.code("T")
        return Output(
            lot_id=LotId(self.id_for(code)),
            code=code,
            product_id=CHEESE,
            quantity=quantity,
            expires_on=self.one([None, self.today + timedelta(days=self.random.randrange(3, 30))]),
        )

    def plan(self) -> Deed:
        code = self.code("O")
        return asked.PlanProduction(
            order_id=ProductionOrderId(self.id_for(code)),
            code=code,
            product_id=CHEESE,
            planned=self.some_cheese(),
            on=self.on(),
        )

    def start(self) -> Deed:
        order = self.row(ProductionOrderRow, status="planned")
        return asked.StartProduction(order_id=order.id, on=self.on())

    def pour(self) -> Deed:
        order = self.one(
            [row for row in self.snapshot.rows(ProductionOrderRow) if row.status == "started"]
        )
        lot = self.row(RawLotRow)
        return asked.ConsumeMaterial(
            order_id=order.id,
            lot_id=lot.id,
            quantity=Quantity(self.amount(lot.quantity_remaining), Unit(lot.unit)),
            on=self.on(),
            override_reason=self.one(["", "autre cuve"]),
        )

    def complete(self) -> Deed:
        order = self.row(ProductionOrderRow, status="started")
        return asked.CompleteProduction(
            order_id=order.id,
            outputs=(self.an_output(Quantity(max(1, order.planned), Unit.KG)),),
            on=self.on(),
        )

    def cancel_production(self) -> Deed:
        order = self.one(
            [
                row
                for row in self.snapshot.rows(ProductionOrderRow)
                if row.status in ("planned", "started")
            ]
        )
        return asked.CancelProduction(order_id=order.id, on=self.on(), reason=self.reason())

    # ------------------------------------------------------------------------------ sales

    def lines(self) -> tuple[OrderLine, ...]:
        quantity = Quantity(self.random.randrange(500, 5_000), Unit.KG)
        return (OrderLine(product_id=CHEESE, quantity=quantity, unit_price=PRICE),)

    def place(self) -> Deed:
        code = self.code("S")
        return asked.PlaceSalesOrder(
            order_id=SalesOrderId(self.id_for(code)),
            code=code,
            client_id=self.client(),
            lines=self.lines(),
            on=self.on(),
        )

    def sell(self) -> Deed:
        code = self.code("S")
        return asked.Sell(
            order_id=SalesOrderId(self.id_for(code)),
            code=code,
            client_id=self.client(),
            lines=self.lines(),
            on=self.on(),
        )

    def an_order(self, *states: str) -> SalesOrderId:
        return self.one(
            [row.id for row in self.snapshot.rows(SalesOrderRow) if row.status in states]
        )

    def confirm(self) -> Deed:
        return asked.ConfirmSalesOrder(order_id=self.an_order("placed"), on=self.on())

    def cancel_sale(self) -> Deed:
        order = self.an_order("placed", "confirmed")
        return asked.CancelSalesOrder(order_id=order, on=self.on(), reason=self.reason())

    def close_sale(self) -> Deed:
        order = self.an_order("partly_delivered", "delivered")
        return asked.CloseSalesOrder(order_id=order, on=self.on())

    def deliver(self) -> Deed:
        code = self.code("V")
        return asked.Deliver(
            delivery_id=DeliveryId(self.id_for(code)),
            code=code,
            order_id=self.an_order("confirmed", "partly_delivered"),
            on=self.on(),
        )

    def prepare(self) -> Deed:
        code = self.code("V")
        return asked.PrepareDelivery(
            delivery_id=DeliveryId(self.id_for(code)),
            code=code,
            order_id=self.an_order("confirmed", "partly_delivered"),
            on=self.on(),
        )

    def a_van(self, *states: str) -> DeliveryRow:
        return self.one([row for row in self.snapshot.rows(DeliveryRow) if row.status in states])

    def load(self) -> Deed:
        lot = self.row(FinishedLotRow)
        return asked.LoadLot(
            delivery_id=self.a_van("prepared").id,
            lot_id=lot.id,
            quantity=Quantity(self.amount(min(lot.quantity_remaining, 2_000)), Unit.KG),
            on=self.on(),
            override_reason=self.one(["", "plus près"]),
        )

    def dispatch(self) -> Deed:
        return asked.DispatchDelivery(delivery_id=self.a_van("prepared").id, on=self.on())

    def stay(self) -> Deed:
        van = self.a_van("prepared")
        return asked.CancelDelivery(delivery_id=van.id, on=self.on(), reason=self.reason())

    def confirm_reception(self) -> Deed:
        van = self.a_van("dispatched")
        return asked.ConfirmReception(delivery_id=van.id, on=self.on(), received_by="Karim")

    def come_back(self) -> Deed:
        van = self.a_van("dispatched", "received")
        line = self.row(DeliveryLineRow, delivery_id=van.id)
        back = ReturnLine(
            lot_id=line.lot_id,
            quantity=Quantity(self.amount(line.quantity), Unit(line.unit)),
            disposition=self.one([*Disposition]),
        )
        return asked.ReturnDelivery(
            delivery_id=van.id, lines=(back,), on=self.on(), reason=self.reason()
        )

    # ------------------------------------------------------------------------------ registers

    def price(self) -> Deed:
        dinars = self.random.randrange(1, 40)
        return asked.ChangeProduct(
            product_id=self.one([MILK, CHEESE]),
            price=Money(dinars * 10_000),
            name=self.one([None, f"Nom {dinars}"]),
        )

    def change_client(self) -> Deed:
        word = f"{self.mark}{self.number}"
        return asked.ChangeClient(
            client_id=self.client(),
            name=self.one([None, f"Épicerie {word}"]),
            minimum_shelf_life_days=self.one([None, self.random.randrange(9)]),
            identity=self.one([None, Identity(nif=word)]),
        )

    def change_supplier(self) -> Deed:
        word = f"{self.mark}{self.number}"
        return asked.ChangeSupplier(supplier_id=self.supplier(), name=f"Ferme {word}")

    def density(self) -> Deed:
        return asked.SetDensity(
            product_id=MILK,
            density=Density(self.random.randrange(1_025, 1_036)),
            valid_from=self.on(),
        )

    def register_client(self) -> Deed:
        code = self.code("C")
        client = ClientId(self.id_for(code))
        return asked.RegisterClient(client_id=client, code=code, name=f"Client {code}")

    def register_supplier(self) -> Deed:
        code = self.code("F")
        supplier = SupplierId(self.id_for(code))
        return asked.RegisterSupplier(supplier_id=supplier, code=code, name=f"Ferme {code}")

    def archive(self) -> Deed:
        if self.random.random() < 0.5:
            others = [row.id for row in self.snapshot.rows(ClientRow) if row.id != SHOP]
            return asked.ArchiveClient(client_id=self.one(others))
        farms = [row.id for row in self.snapshot.rows(SupplierRow) if row.id != FARM]
        return asked.ArchiveSupplier(supplier_id=self.one(farms))

    # ------------------------------------------------------------------------------ money

    def draft_invoice(self) -> Deed:
        line = BillLine(
            designation="Tomme",
            quantity=Quantity(self.random.randrange(1, 9) * 1_000, Unit.KG),
            unit_price=PRICE,
            vat_rate=Percent(1_900),
            vat_rule="tva.normal@2017",
            product_id=CHEESE,
        )
        return asked.DraftInvoice(
            invoice_id=InvoiceId(self.id()), client_id=self.client(), lines=(line,), on=self.on()
        )

    def issue_invoice(self) -> Deed:
        bill = self.row(InvoiceRow, status="draft")
        return asked.IssueInvoice(invoice_id=bill.id, number=self.code("FA"), on=self.on())

    def credit(self) -> Deed:
        notes = [row for row in self.snapshot.rows(CreditNoteRow) if row.number is None]
        if notes and self.random.random() < 0.6:
            note = self.one(notes)
            return asked.IssueCreditNote(
                credit_note_id=note.id, number=self.code("AV"), on=self.on()
            )
        bill = self.row(InvoiceRow)
        line = BillLine(
            designation="Tomme",
            quantity=Quantity(1_000, Unit.KG),
            unit_price=PRICE,
            vat_rate=Percent(1_900),
            vat_rule="tva.normal@2017",
            product_id=CHEESE,
        )
        return asked.DraftCreditNote(
            credit_note_id=CreditNoteId(self.id()),
            invoice_id=bill.id,
            lines=(line,),
            on=self.on(),
            reason=self.reason(),
        )

    def be_paid(self) -> Deed:
        return asked.ReceivePayment(
            payment_id=PaymentId(self.id()),
            client_id=self.client(),
            amount=Money(self.random.randrange(1, 9) * 100_000),
            mode=self.one([PaymentMode.CASH, PaymentMode.TRANSFER]),
            on=self.on(),
        )

    def allocate_payment(self) -> Deed:
        payment, bill = self.row(PaymentRow), self.row(InvoiceRow)
        return asked.AllocatePayment(
            payment_id=payment.id,
            invoice_id=bill.id,
            amount=Money(self.amount(payment.amount)),
            on=self.on(),
        )

    def void_payment(self) -> Deed:
        payment = self.row(PaymentRow)
        return asked.VoidPayment(payment_id=payment.id, on=self.on(), reason=self.reason())

    # ------------------------------------------------------------------------------ people

    def register_user(self) -> Deed:
        name = self.code("Nadia ")
        user = UserId(self.id_for(name))
        return asked.RegisterUser(user_id=user, name=name, roles=self.roles())

    def roles(self) -> frozenset[Role]:
        return frozenset(self.random.sample([*Role], self.random.randrange(1, 3)))

    def change_roles(self) -> Deed:
        return asked.ChangeRoles(user_id=self.a_user(), roles=self.roles())

    def deactivate(self) -> Deed:
        return asked.DeactivateUser(user_id=self.a_user())

    def a_user(self) -> UserId:
        """Anybody but the one who has to put things right in the end."""
        return self.one([row.id for row in self.snapshot.rows(UserRow) if row.name != "Patron"])

    # ------------------------------------------------------------------------------ files

    def import_file(self) -> Deed:
        """A file of lots or suppliers; the rows have the same command ids wherever it is read."""
        name = f"file {self.random.randrange(FILES)}"
        import_id = ImportId(self.id())
        start = asked.StartImport(
            import_id=import_id,
            kind=ImportKind.LOTS,
            file_name=name,
            digest=name,
            on=self.today,
        )
        same = self.random.random() < 0.7
        rows: list[tuple[Command, CommitId]] = []
        for number in range(3):
            line = f"{name} row {number}" if same else f"{name} row {number} {import_id}"
            code = f"X{name[-1]}{number}"
            command: Command
            if number == 0:
                command = asked.RegisterSupplier(
                    supplier_id=SupplierId(an_id(line)), code=code, name=f"Ferme {code}"
                )
            else:
                command = asked.ReceiveLot(
                    lot_id=LotId(an_id(line)),
                    code=code,
                    product_id=MILK,
                    supplier_id=FARM,
                    on=self.today if same else self.on(),
                    quantity=Quantity(50_000, Unit.L),
                )
            rows.append((command, CommitId(an_id(f"commit of {line} of {self.today}"))))
        return Imported(start, tuple(rows))

    def undo_import(self) -> Deed:
        batch = self.row(ImportRow)
        return asked.UndoImport(import_id=batch.id, reason=self.reason())

    # ------------------------------------------------------------------------------ resolution

    def resolve(self) -> Deed:
        items = list(self.snapshot.rows(ResolutionItemRow))
        opened = [item for item in items if item.status == "open"]
        item = self.one(opened if opened and self.random.random() < 0.9 else items)
        way = self.one([*Way])
        lot = self.one([None, *(row.id for row in self.snapshot.rows(RawLotRow))])
        return ResolveItem(
            item_id=item.id,
            way=way,
            reason=self.reason(),
            on=self.on(),
            lot_id=lot if way is Way.OTHER_LOT else None,
            code=self.code("L") if way is Way.OTHER_CODE else "",
        )


class NothingThere(Exception):
    """There is nothing yet on which this could be done."""


WORK: dict[Callable[[Day], Deed], int] = {
    Day.receive: 8,
    Day.produce: 12,
    Day.plan: 6,
    Day.start: 9,
    Day.pour: 14,
    Day.complete: 8,
    Day.cancel_production: 3,
    Day.sell: 8,
    Day.place: 3,
    Day.confirm: 6,
    Day.cancel_sale: 3,
    Day.close_sale: 2,
    Day.deliver: 8,
    Day.prepare: 5,
    Day.load: 8,
    Day.dispatch: 6,
    Day.stay: 1,
    Day.confirm_reception: 3,
    Day.come_back: 5,
    Day.count: 6,
    Day.write_off: 7,
    Day.send_back: 2,
    Day.quarantine: 2,
    Day.block: 2,
    Day.release: 4,
    Day.recall: 1,
    Day.price: 5,
    Day.change_client: 4,
    Day.change_supplier: 2,
    Day.density: 1,
    Day.register_client: 2,
    Day.register_supplier: 2,
    Day.archive: 1,
    Day.draft_invoice: 2,
    Day.issue_invoice: 2,
    Day.credit: 1,
    Day.be_paid: 2,
    Day.allocate_payment: 3,
    Day.void_payment: 1,
    Day.register_user: 1,
    Day.change_roles: 1,
    Day.deactivate: 1,
    Day.import_file: 3,
    Day.undo_import: 3,
    Day.resolve: 14,
}


def something(day: Day) -> tuple[str, Deed] | None:
    """What somebody does next, by name; None when nothing that comes to mind is possible."""
    for chosen in day.random.choices([*WORK], weights=[*WORK.values()], k=IDEAS):
        with suppress(NothingThere):
            return chosen.__name__, chosen(day)
    return None
