"""A fortnight at the dairy in which everything happens once: every view has a row of it.

Milk of two mornings, a cheese with whey beside it, a second cheese made of the first, an order
half delivered, a box that came back, a count, a recall, a bill paid in part and credited in part,
and a file imported by mistake.
"""

from attrs import evolve

from manchengo import Manchengo, Role
from manchengo.commands import (
    ArchiveSupplier,
    ChangeClient,
    ChangeProduct,
    ConfirmReception,
    DefineRecipe,
    EnrolDevice,
    FinishImport,
    RegisterProduct,
    RegisterSupplier,
    RegisterUser,
    SetDensity,
    StartImport,
    UndoImport,
)
from manchengo.domain.delivery import Disposition
from manchengo.domain.identity import Identity
from manchengo.domain.ids import (
    CommitId,
    DeviceId,
    ImportId,
    ProductId,
    RecipeId,
    SupplierId,
    UserId,
)
from manchengo.domain.import_batch import ImportKind
from manchengo.domain.lot.commands import Expiry
from manchengo.domain.lot.commands import Role as Came
from manchengo.domain.product import ProductKind
from manchengo.domain.recipe import ByProduct, Ingredient
from manchengo.domain.values import Density, Unit
from tests.support.billing import (
    CHEESE_LINE,
    a_credit,
    a_draft,
    allocated,
    credit_issued,
    issued,
    paid,
)
from tests.support.dairy import (
    A_DAIRY,
    CHEESE,
    FARM,
    MILK,
    RENNET,
    SHOP,
    WHEY,
    a_line,
    abandoned,
    an_id,
    an_output,
    blocked,
    called_off,
    came_back,
    closed,
    completed,
    confirmed,
    corrected,
    counted,
    day,
    dinars,
    gone,
    kg,
    litres,
    loaded,
    millilitres,
    ordered,
    planned,
    poured,
    prepared,
    quarantined,
    recalled,
    received,
    released,
    sent_back,
    sold,
    started,
    stayed,
    van_id,
    written_off,
)
from tests.support.given import one_by_one, open_dairy
from tests.support.pricing import THE_SHOP_PAYS_BY_IT, WHOLESALE, a_price

SPREAD = ProductId(an_id("spread"))
MISTAKE = ImportId(an_id("a file imported by mistake"))

A_SPREAD = (
    RegisterProduct(
        product_id=SPREAD,
        code="CREME",
        kind=ProductKind.FINISHED,
        name="Crème de tomme",
        unit=Unit.KG,
        price=dinars(900),
        shelf_life_days=30,
    ),
    DefineRecipe(
        recipe_id=RecipeId(an_id("the recipe of the spread")),
        product_id=SPREAD,
        batch=kg(2),
        ingredients=(Ingredient(CHEESE, kg(1)), Ingredient(MILK, litres(1))),
        by_products=(ByProduct(WHEY, litres("0.1")),),
        valid_from=day(0),
    ),
)
"""Half cheese, half milk, molten together."""

A_FORTNIGHT = (
    A_DAIRY,
    A_SPREAD,
    RegisterUser(user_id=UserId(an_id("Nadia")), name="Nadia", roles=frozenset({Role.SALES})),
    SetDensity(product_id=MILK, density=Density(1032), valid_from=day(0)),
    ChangeClient(client_id=SHOP, identity=Identity(nif="0002"), minimum_shelf_life_days=10),
    ChangeProduct(product_id=CHEESE, price=dinars(1250)),
    WHOLESALE,
    a_price(dinars(1100)),
    a_price(dinars(1150), from_day=day(9)),
    THE_SHOP_PAYS_BY_IT,
    # The milk of two mornings, and what became of some of it.
    received("L1", litres(80), expires=day(4)),
    received("L2", litres(80), on=day(1), expires=day(5)),
    received("L3", kg("103.2"), on=day(1)),
    received("R1", millilitres(500), of=RENNET),
    quarantined("L3", on=day(1)),
    released("L3", on=day(2)),
    sent_back("L3", litres(20), on=day(2)),
    written_off("L1", litres(2), on=day(0)),
    # A cheese with its whey, and another that was given up half way.
    planned("O1", kg(12), on=day(1)),
    started("O1", on=day(1)),
    poured("O1", "L1", litres(78), on=day(1)),
    poured("O1", "L3", litres(40), on=day(2), reason="L2 under L3"),
    poured("O1", "R1", millilitres(36), on=day(1)),
    completed(
        "O1",
        an_output("T1", kg(8)),
        an_output("T2", kg("3.5")),
        an_output("W1", litres(100), of=WHEY, role=Came.BY_PRODUCT),
        on=day(2),
        lost=kg("0.5"),
        loss_reason="rind",
    ),
    planned("O2", kg(2), on=day(2)),
    started("O2", on=day(2)),
    poured("O2", "L2", litres(5), on=day(2)),
    abandoned("O2", on=day(2)),
    # A spread of the first cheese.
    planned("O3", kg(2), of=SPREAD, on=day(3)),
    started("O3", on=day(3)),
    poured("O3", "T2", kg(1), on=day(3)),
    poured("O3", "L2", litres(1), on=day(3)),
    completed("O3", an_output("C1", kg(2), of=SPREAD), on=day(3)),
    # Sold, delivered in part, some of it back.
    sold("S1", kg(6), on=day(4)),
    prepared("V1", order="S1", on=day(4)),
    loaded("V1", "T1", kg(4), on=day(4)),
    loaded("V1", "T2", kg(1), on=day(4)),
    gone("V1", on=day(4), carrier="Ali"),
    ConfirmReception(delivery_id=van_id("V1"), on=day(4), received_by="Karim", proof="photo:1"),
    came_back("V1", "T1", kg(1), on=day(5)),
    came_back("V1", "T2", kg("0.2"), then=Disposition.DESTROY, on=day(5)),
    prepared("V2", order="S1", on=day(5)),
    stayed("V2", on=day(5)),
    closed("S1", on=day(6)),
    ordered("S2", a_line(kg(1)), a_line(litres(10), of=WHEY), on=day(6)),
    confirmed("S2", on=day(6)),
    called_off("S2", on=day(6)),
    sold("S3", kg(2), on=day(6)),
    # Quality and the shelf.
    counted("R1", millilitres(460), on=day(7)),
    corrected("R1", on=day(7), expiry=Expiry(day(200)), reference="bon 7"),
    counted("L2", litres(75), on=day(1)),
    blocked("W1", on=day(7)),
    recalled("L1", on=day(8)),
    # The accountant.
    a_draft("F1", deliveries=("V1",)),
    issued("F1"),
    paid("P1", dinars(5000)),
    allocated("P1", "F1", dinars(4000)),
    a_credit("A1", "F1", evolve(CHEESE_LINE, quantity=kg(1))),
    credit_issued("A1"),
    a_draft("F2"),
    ArchiveSupplier(supplier_id=FARM),
    EnrolDevice(
        device_id=DeviceId(an_id("the phone")),
        name="téléphone de l'atelier",
        mark="",
        public_key="ab" * 32,
        user_id=UserId(an_id("Karim")),
    ),
)


def a_fortnight(dairy: Manchengo | None = None) -> Manchengo:
    """The dairy at the end of it, the import undone."""
    dairy = dairy or open_dairy()
    for command in one_by_one(A_FORTNIGHT):
        dairy.execute(command)
    dairy.execute(
        StartImport(
            import_id=MISTAKE,
            kind=ImportKind.SUPPLIERS,
            file_name="fournisseurs.csv",
            digest="00",
            on=day(9),
        )
    )
    with dairy.batch(import_id=MISTAKE) as batch:
        for number in range(2):
            batch.execute(
                RegisterSupplier(
                    supplier_id=SupplierId(an_id(f"mistake {number}")),
                    code=f"X{number}",
                    name="?",
                ),
                command_id=CommitId(an_id(f"row {number}")),
            )
    dairy.execute(FinishImport(import_id=MISTAKE, accepted=2, unchanged=0, refused=0))
    dairy.execute(UndoImport(import_id=MISTAKE, reason="wrong file"))
    return dairy
