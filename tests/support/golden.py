"""One example of every event ever shipped, kept to the byte so that none becomes unreadable.

    python -m tests.support.golden

writes an example of each event version that has none yet into ``tests/golden/events``. It never
touches a file that is there: those are what past programs wrote, and programs only come after.
"""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from manchengo import Role, codec
from manchengo.domain.access import UserDeactivated, UserRegistered, UserRolesChanged
from manchengo.domain.allocation import Policy
from manchengo.domain.audit_anchor import AuditAnchored
from manchengo.domain.billing import totals
from manchengo.domain.client import ClientArchived, ClientDetailsChanged, ClientRegistered
from manchengo.domain.credit_note import CreditNoteDrafted, CreditNoteIssued
from manchengo.domain.delivery import (
    DeliveryCancelled,
    DeliveryDispatched,
    DeliveryLoaded,
    DeliveryPrepared,
    DeliveryReceived,
    DeliveryReopened,
    DeliveryReturned,
    DeliveryUnloaded,
    Disposition,
    ReturnLine,
)
from manchengo.domain.device import DeviceEnrolled, DeviceWithdrawn, QuotaLifted, RenewalAllowed
from manchengo.domain.genesis import PlantFounded
from manchengo.domain.identity import Identity
from manchengo.domain.ids import (
    CommitId,
    DeviceId,
    ImportId,
    InvitationId,
    PriceListId,
    UserId,
)
from manchengo.domain.import_batch import (
    EntriesUndone,
    ImportFinished,
    ImportKind,
    ImportStarted,
    ImportUndone,
    ImportUndoneInPart,
)
from manchengo.domain.invitations import (
    InvitationRedeemed,
    PersonInvitationWithdrawn,
    PersonInvited,
)
from manchengo.domain.invoice import (
    InvoiceCredited,
    InvoiceDrafted,
    InvoiceIssued,
    InvoicePaid,
    InvoicePaymentReversed,
)
from manchengo.domain.label_keys import (
    LabelKeyCopy,
    LabelKeyGranted,
    LabelKeyMade,
    LabelKeysRequested,
    LabelKeyWithdrawn,
)
from manchengo.domain.lot import commands as lots
from manchengo.domain.lot.events import (
    LotBlocked,
    LotConsumed,
    LotCorrected,
    LotCounted,
    LotCountTakenBack,
    LotDelivered,
    LotProduced,
    LotQuarantined,
    LotRecalled,
    LotReceived,
    LotReleased,
    LotReserved,
    LotReturned,
    LotSentBack,
    LotTakenBack,
    LotUnreserved,
    LotVoided,
    LotWrittenOff,
    OpeningStockEntered,
)
from manchengo.domain.payment import (
    Cheque,
    PaymentAllocated,
    PaymentMode,
    PaymentReceived,
    PaymentVoided,
)
from manchengo.domain.person_keys import KeyAdmitted, KeyWithdrawn
from manchengo.domain.plant import ServerKeyChanged, SigningRequired
from manchengo.domain.plant_details import PlantDetailsChanged
from manchengo.domain.price_list import (
    PriceListArchived,
    PriceListDetailsChanged,
    PriceListRegistered,
    PriceSet,
)
from manchengo.domain.product import (
    ProductArchived,
    ProductDensitySet,
    ProductDetailsChanged,
    ProductKind,
    ProductRegistered,
    VatClass,
)
from manchengo.domain.production_order import (
    MaterialConsumed,
    MaterialPick,
    MaterialTakenBack,
    ProductionCancelled,
    ProductionCompleted,
    ProductionMade,
    ProductionPlanned,
    ProductionReopened,
    ProductionStarted,
)
from manchengo.domain.recipe import ByProduct, Ingredient, RecipeArchived, RecipeDefined
from manchengo.domain.resolution import (
    Claim,
    ClaimKind,
    ItemJudgedAgain,
    ItemOpened,
    ItemResolved,
    ItemSetAside,
    ItemTakenUp,
    Matter,
    Way,
    item_id_of,
)
from manchengo.domain.sales_order import (
    SalesOrderCancelled,
    SalesOrderClosed,
    SalesOrderConfirmed,
    SalesOrderDelivered,
    SalesOrderPlaced,
    SalesOrderReopened,
    StockPick,
)
from manchengo.domain.supplier import SupplierArchived, SupplierDetailsChanged, SupplierRegistered
from manchengo.domain.unit_price import UnitPrice
from manchengo.domain.values import Density, Money, Percent, Unit
from manchengo.events import EVENTS
from tests.support.billing import CHEESE_LINE, TRANSPORT_LINE, bill_id, note_id, payment_id
from tests.support.dairy import (
    CHEESE,
    FARM,
    MILK,
    RECIPE,
    RENNET,
    SHOP,
    WHEY,
    a_priced_line,
    an_id,
    an_output,
    day,
    dinars,
    kg,
    litres,
    lot_id,
    make_id,
    millilitres,
    sale_id,
    van_id,
)

FOLDER = Path(__file__).resolve().parents[1] / "golden" / "events"

AT_LAW = Identity(
    address="12, rue des Frères Ouali — Tizi Ouzou",
    phone="026 11 22 33",
    email="contact@example.dz",
    nif="000115012345678",
    nis="001234567890123",
    rc="15/00-0123456B01",
    ai="15012345678",
)
BATCH = ImportId(an_id("an import"))
A_COMMIT = CommitId(an_id("a commit"))
POURED = Claim(
    kind=ClaimKind.POURED,
    subject=lot_id("L1"),
    cause=make_id("O1"),
    code="O1",
    product_id=None,
    quantity=litres(80),
)
PICK = StockPick(lot_id=lot_id("T1"), product_id=CHEESE, quantity=kg("2.5"))
BILL = (CHEESE_LINE, TRANSPORT_LINE)

EXAMPLES: tuple[Any, ...] = (
    SupplierRegistered(
        supplier_id=FARM, code="F01", name="Ferme Aït Ali", commune="1501", identity=AT_LAW
    ),
    SupplierDetailsChanged(name="Ferme Aït Ali & fils", commune=None, identity=AT_LAW),
    SupplierArchived(),
    ClientRegistered(
        client_id=SHOP,
        code="C01",
        name="Épicerie El Baraka",
        category="détaillant",
        commune="1501",
        identity=AT_LAW,
        price_list="GROS",
        minimum_shelf_life_days=20,
    ),
    ClientDetailsChanged(
        name=None,
        category="grossiste",
        commune="1601",
        identity=None,
        price_list="",
        minimum_shelf_life_days=0,
    ),
    ClientArchived(),
    ProductRegistered(
        product_id=CHEESE,
        code="TOMME",
        kind=ProductKind.FINISHED,
        name="Tomme",
        name_ar="جبن",
        unit=Unit.KG,
        shelf_life_days=60,
        price=Money(120_000),
        vat_class=VatClass.NORMAL,
        allocation=Policy.FIFO,
        release_required=True,
        gtin="6130000000012",
        net_quantity="250 g",
        storage="2 à 6 °C",
        fat="45 % sur extrait sec",
        allergens="lait",
        allergens_ar="حليب",
    ),
    ProductDetailsChanged(
        name=None,
        name_ar=None,
        shelf_life_days=45,
        price=Money(130_000),
        vat_class=VatClass.REDUCED,
        allocation=Policy.FEFO,
        release_required=False,
        gtin=None,
        net_quantity="300 g",
        storage="4 °C",
        fat="",
        allergens=None,
        allergens_ar=None,
    ),
    ProductDensitySet(density=Density(1032), valid_from=day(0)),
    ProductArchived(),
    PriceListRegistered(
        price_list_id=PriceListId(an_id("wholesalers")), code="GROS", name="Tarif grossistes"
    ),
    PriceListDetailsChanged(name="Tarif demi-gros"),
    PriceSet(product_id=CHEESE, price=UnitPrice(98_000, per=10), from_day=day(0)),
    PriceListArchived(),
    RecipeDefined(
        recipe_id=RECIPE,
        product_id=CHEESE,
        version=2,
        batch=kg(10),
        ingredients=(Ingredient(MILK, litres(100)), Ingredient(RENNET, millilitres(30))),
        by_products=(ByProduct(WHEY, litres(85)),),
        expected_yield=Percent(9_500),
        valid_from=day(0),
    ),
    RecipeArchived(),
    LotReceived(
        lot_id=lot_id("L1"),
        code="L1",
        product_id=MILK,
        supplier_id=FARM,
        on=day(0),
        expires_on=day(3),
        quantity=litres("250.5"),
        unit_price=dinars(58),
        supplier_reference="bon 12",
        quarantined=True,
    ),
    LotProduced(
        lot_id=lot_id("T1"),
        code="T1",
        product_id=CHEESE,
        order_id=make_id("O1"),
        on=day(0),
        expires_on=None,
        quantity=kg("9.25"),
        role=lots.Role.MAIN,
        quarantined=False,
    ),
    OpeningStockEntered(
        lot_id=lot_id("T0"),
        code="T0",
        product_id=CHEESE,
        kind=ProductKind.FINISHED,
        on=day(0),
        dated=day(-20),
        expires_on=day(40),
        quantity=kg("42.5"),
        unit_price=dinars("812.40"),
        quarantined=False,
    ),
    LotQuarantined(on=day(0), reason="odeur"),
    LotBlocked(on=day(0), reason="antibiotiques"),
    LotReleased(on=day(1), reason="analyse 7"),
    LotRecalled(source=lot_id("L1"), on=day(2), reason="listeria"),
    LotReserved(owner=make_id("O1"), quantity=litres(100), on=day(0)),
    LotUnreserved(owner=sale_id("S1"), quantity=kg(1), on=day(0)),
    LotConsumed(order_id=make_id("O1"), quantity=litres(100), on=day(0)),
    LotDelivered(delivery_id=van_id("V1"), order_id=sale_id("S1"), quantity=kg(5), on=day(1)),
    LotReturned(delivery_id=van_id("V1"), quantity=kg(1), on=day(2), reason="boîte abîmée"),
    LotSentBack(quantity=litres(20), on=day(0), reason="acidité"),
    LotWrittenOff(quantity=litres("0.001"), on=day(0), reason="renversé"),
    LotCounted(counted=litres(0), on=day(0), reason="inventaire"),
    LotCorrected(
        on=day(1),
        reason="étiquette mal lue",
        expiry=lots.Expiry(day(9)),
        supplier_id=FARM,
        supplier_reference="BL-118",
        unit_price=dinars("61.50"),
    ),
    ProductionPlanned(
        order_id=make_id("O1"),
        code="O1",
        product_id=CHEESE,
        recipe_id=RECIPE,
        recipe_version=1,
        planned=kg(10),
        needs=(Ingredient(MILK, litres(100)), Ingredient(RENNET, millilitres(30))),
        on=day(0),
    ),
    ProductionStarted(
        picks=(MaterialPick(lot_id=lot_id("L1"), product_id=MILK, quantity=litres(100)),),
        on=day(0),
    ),
    MaterialConsumed(
        lot_id=lot_id("L2"),
        product_id=MILK,
        quantity=litres(40),
        on=day(0),
        override_reason="L1 inaccessible",
    ),
    ProductionCompleted(
        outputs=(
            an_output("T1", kg("9.25"), expires=day(60)),
            an_output("W1", litres(85), of=WHEY, role=lots.Role.BY_PRODUCT),
        ),
        lost=kg("0.75"),
        loss_reason="collé à la cuve",
        on=day(0),
    ),
    ProductionMade(
        order_id=make_id("O2"),
        code="O2",
        product_id=CHEESE,
        recipe_id=RECIPE,
        recipe_version=1,
        planned=kg(10),
        needs=(Ingredient(MILK, litres(100)), Ingredient(RENNET, millilitres(30))),
        picks=(
            MaterialPick(lot_id=lot_id("L1"), product_id=MILK, quantity=litres(60)),
            MaterialPick(lot_id=lot_id("L2"), product_id=MILK, quantity=litres(40)),
            MaterialPick(lot_id=lot_id("R1"), product_id=RENNET, quantity=millilitres(30)),
        ),
        outputs=(an_output("T2", kg("9.25"), expires=day(60)),),
        lost=kg("0.75"),
        loss_reason="collé à la cuve",
        on=day(0),
    ),
    ProductionCancelled(reason="cuve percée", on=day(0)),
    ProductionReopened(outputs=(lot_id("T1"), lot_id("T2")), reason="trop tôt", on=day(1)),
    SalesOrderPlaced(
        order_id=sale_id("S1"),
        code="S1",
        client_id=SHOP,
        lines=(a_priced_line(kg("2.5")),),
        on=day(0),
        wanted_on=day(5),
    ),
    SalesOrderConfirmed(picks=(PICK,), on=day(0)),
    SalesOrderDelivered(delivery_id=van_id("V1"), shipped=(PICK,), on=day(1)),
    SalesOrderCancelled(reason="trop tard", on=day(1)),
    SalesOrderClosed(reason="", on=day(1)),
    SalesOrderReopened(
        picks=(StockPick(lot_id=lot_id("T1"), product_id=CHEESE, quantity=kg("0.5")),),
        reason="le client attend le reste",
        on=day(1),
    ),
    DeliveryPrepared(
        delivery_id=van_id("V1"),
        code="V1",
        order_id=sale_id("S1"),
        client_id=SHOP,
        proposed=(PICK,),
        on=day(1),
    ),
    DeliveryLoaded(
        lot_id=lot_id("T1"), product_id=CHEESE, quantity=kg("2.5"), on=day(1), override_reason=""
    ),
    LotVoided(on=day(1), reason="saisi deux fois"),
    LotCountTakenBack(counted=litres(410), on=day(1), reason="mauvais bac"),
    LotTakenBack(order_id=make_id("O1"), quantity=litres("1.5"), on=day(0)),
    MaterialTakenBack(
        lot_id=lot_id("L1"),
        product_id=MILK,
        quantity=litres("1.5"),
        poured_on=day(0),
        on=day(1),
    ),
    DeliveryUnloaded(lot_id=lot_id("T1"), product_id=CHEESE, quantity=kg("0.5"), on=day(1)),
    DeliveryDispatched(carrier="Ali", short_reason="rupture", on=day(1)),
    DeliveryReceived(received_by="Karim", proof="signature:1", on=day(1)),
    DeliveryReturned(
        lines=(ReturnLine(lot_id=lot_id("T1"), quantity=kg(1), disposition=Disposition.DESTROY),),
        reason="boîte abîmée",
        on=day(2),
    ),
    DeliveryCancelled(reason="panne", on=day(1)),
    DeliveryReopened(received_by="Karim", reason="pas le bon client", on=day(2)),
    InvoiceDrafted(
        invoice_id=bill_id("F1"),
        client_id=SHOP,
        lines=BILL,
        delivery_ids=(van_id("V1"),),
        on=day(1),
    ),
    InvoiceIssued(
        number="2026/0001",
        buyer_name="Épicerie El Baraka",
        buyer=AT_LAW,
        totals=totals(BILL),
        on=day(2),
        due_on=day(32),
    ),
    InvoicePaid(payment_id=payment_id("P1"), amount=dinars("1234.56"), on=day(3)),
    InvoicePaymentReversed(payment_id=payment_id("P1"), amount=dinars("1234.56"), on=day(9)),
    InvoiceCredited(credit_note_id=note_id("A1"), amount=dinars(100), on=day(4)),
    CreditNoteDrafted(
        credit_note_id=note_id("A1"),
        invoice_id=bill_id("F1"),
        lines=(CHEESE_LINE,),
        reason="trop salé",
        on=day(3),
    ),
    CreditNoteIssued(number="AV2026/0001", totals=totals([CHEESE_LINE]), on=day(4)),
    PaymentReceived(
        payment_id=payment_id("P1"),
        client_id=SHOP,
        amount=dinars(5000),
        mode=PaymentMode.CHEQUE,
        reference="bordereau 7",
        cheque=Cheque(number="0042", dated=day(2), drawee="BADR"),
        on=day(3),
    ),
    PaymentAllocated(invoice_id=bill_id("F1"), amount=dinars("1234.56"), on=day(3)),
    PaymentVoided(reason="impayé", on=day(9)),
    UserRegistered(
        user_id=UserId(an_id("Nadia")), name="Nadia", roles=(Role.SALES, Role.ACCOUNTANT)
    ),
    UserRolesChanged(roles=(Role.PRODUCTION,)),
    UserDeactivated(),
    ImportStarted(
        import_id=BATCH,
        kind=ImportKind.LOTS,
        file_name="réceptions.csv",
        digest="ab" * 32,
        on=day(0),
    ),
    ImportFinished(accepted=120, unchanged=3, refused=2),
    ImportUndoneInPart(reason="mauvais fichier", back_to=CommitId(an_id("row 117"))),
    ImportUndone(reason="mauvais fichier"),
    EntriesUndone(import_id=BATCH, entries=2),
    DeviceEnrolled(
        device_id=DeviceId(an_id("the phone")),
        name="téléphone de l'atelier",
        mark="B",
        public_key="ab" * 32,
        user_id=UserId(an_id("Nadia")),
    ),
    DeviceWithdrawn(reason="perdu"),
    RenewalAllowed(),
    QuotaLifted(),
    AuditAnchored(
        device_id=DeviceId(an_id("the phone")),
        sequence=12,
        record_hash="3d" * 32,
        signature="4e" * 64,
    ),
    KeyAdmitted(family_id=DeviceId(an_id("the phone")), public_key="cd" * 32),
    KeyWithdrawn(public_key="cd" * 32, reason="téléphone volé"),
    PersonInvited(
        invitation_id=InvitationId(an_id("the invitation")),
        public_key="ef" * 31 + "00",
        expires_on=date(2026, 12, 1),
        invited_by=UserId(an_id("Amina")),
    ),
    InvitationRedeemed(invitation_id=InvitationId(an_id("the invitation"))),
    PersonInvitationWithdrawn(
        invitation_id=InvitationId(an_id("the invitation")), reason="code perdu"
    ),
    PlantFounded(
        name="Laiterie des Oliviers",
        founder_id=UserId(an_id("Amina")),
        founder="Amina",
        family_id=DeviceId(an_id("her device")),
        public_key="5a" * 32,
        recovery_id=InvitationId(an_id("the recovery key")),
        recovery_key="6b" * 32,
        nonce="7c" * 32,
    ),
    SigningRequired(unsigned_until=date(2026, 12, 31)),
    LabelKeyMade(
        number=1,
        fingerprint="ab" * 32,
        copies=(
            LabelKeyCopy(
                device_id=DeviceId(an_id("her device")), box_key="cd" * 32, sealed="4d4e" * 66
            ),
        ),
    ),
    LabelKeysRequested(device_id=DeviceId(an_id("the phone")), box_key="ef" * 32),
    LabelKeyGranted(
        number=1,
        copies=(
            LabelKeyCopy(
                device_id=DeviceId(an_id("the phone")), box_key="ef" * 32, sealed="4d4f" * 66
            ),
        ),
    ),
    LabelKeyWithdrawn(number=1, reason="téléphone volé"),
    PlantDetailsChanged(
        name="Fromagerie Djurdjura",
        legal_form="SARL",
        activity="Fabrication de fromages",
        capital="1 000 000 DA",
        address="Zone d'activité, 15000 Tizi Ouzou",
        phone="026 11 22 33",
        email=None,
        nif="001516000123456",
        nis="001515010012345",
        rc="15/00-0013767 B 20",
        ai="15010123456",
        approval="15 123",
    ),
    ServerKeyChanged(former_key="11" * 32, public_key="22" * 32),
    ItemOpened(
        item_id=item_id_of(A_COMMIT),
        commit_id=A_COMMIT,
        matter=Matter.REJECTED,
        command_type="production_order.consume",
        refusal="NotEnoughInLot",
        facts='{"lot":"L1"}',
        claims=(POURED,),
        user_id=UserId(an_id("Nadia")),
        device_id=DeviceId(an_id("the phone")),
        recorded_at=datetime(2026, 1, 5, 8, tzinfo=UTC),
        on=day(0),
    ),
    ItemJudgedAgain(matter=None, refusal="", facts="{}", claims=()),
    ItemResolved(way=Way.OTHER_LOT, reason="étiquette mal lue", on=day(1)),
    ItemSetAside(reason="téléphone inconnu", on=day(1)),
    ItemTakenUp(reason="programme à jour", on=day(1)),
)


def path_of(name: str, version: int) -> Path:
    return FOLDER / f"{name}.v{version}.json"


def missing() -> list[Path]:
    """The files that today's event versions lack."""
    current = [path_of(name, schema.version) for name, schema in EVENTS.items()]
    return [path for path in current if not path.exists()]


def main() -> None:
    lacking = set(missing())
    for event in EXAMPLES:
        name = codec.events.name(event)
        path = path_of(name, codec.events.version(name))
        if path in lacking:
            path.write_bytes(codec.events.encode(event) + b"\n")
            print(f"+ {path.name}")


if __name__ == "__main__":
    main()
