"""A file that came in row by row goes out whole, where nothing since depends on it."""

from collections.abc import Iterable

import pytest
from attrs import evolve, fields

from manchengo import Manchengo, Role
from manchengo.application.dependants import MENTIONS
from manchengo.application.views.rebuild import digest
from manchengo.commands import (
    ChangeClient,
    ChangeProduct,
    ChangeSupplier,
    Command,
    DeactivateUser,
    DefineRecipe,
    DraftInvoice,
    EnrolDevice,
    FinishImport,
    RegisterClient,
    RegisterProduct,
    RegisterSupplier,
    RegisterUser,
    StartImport,
    UndoImport,
)
from manchengo.domain import ids
from manchengo.domain.access import LastAdministrator, NotPermitted, Permission
from manchengo.domain.errors import AlreadyExists, ReasonMissing, Unknown, WrongState
from manchengo.domain.ids import (
    ClientId,
    CommitId,
    DeviceId,
    ImportId,
    ProductId,
    RecipeId,
    SupplierId,
    UserId,
)
from manchengo.domain.import_batch import (
    EntriesUndone,
    ImportFinished,
    ImportKind,
    ImportStarted,
    ImportUndone,
    SomethingDependsOnIt,
)
from manchengo.domain.product import ProductKind
from manchengo.domain.recipe import Ingredient
from manchengo.domain.resolution import ResolveItem, Way, item_id_of
from manchengo.domain.values import Unit
from manchengo.ports.rows import VIEWS, ImportRow, SupplierRow
from tests.support.billing import CHEESE_LINE, a_credit, a_draft, bill_id, issued, paid
from tests.support.dairy import (
    A_DAIRY,
    CHEESE,
    MILK,
    RECIPE,
    SHOP,
    a_line,
    an_id,
    blocked,
    closed,
    confirmed,
    corrected,
    day,
    delivered,
    dinars,
    gone,
    in_opening_stock,
    in_store,
    kg,
    litres,
    loaded,
    made,
    ordered,
    planned,
    prepared,
    received,
    sold,
    stayed,
    written_off,
)
from tests.support.given import Asked, Given, Step, everything, given, one_by_one, somebody
from tests.support.plant import Plant

FILE = ImportId(an_id("a file"))
ANOTHER_FILE = ImportId(an_id("another file"))
OPENED = StartImport(
    import_id=FILE, kind=ImportKind.LOTS, file_name="lots.csv", digest="ab" * 32, on=day(0)
)
DONE = FinishImport(import_id=FILE, accepted=2, unchanged=1, refused=0)
UNDO = UndoImport(import_id=FILE, reason=" wrong file ")


def opened(file: ImportId) -> StartImport:
    return evolve(OPENED, import_id=file)


def imported(dairy: Manchengo, *rows: Step, file: ImportId = FILE) -> Manchengo:
    """The dairy, after these rows of that file."""
    dairy.execute(opened(file))
    with dairy.batch(import_id=file) as batch:
        for number, row in enumerate(one_by_one(rows)):
            batch.execute(row, command_id=CommitId(an_id(f"{file} {number}")))
    return dairy


def after_import(before: Iterable[Step], *rows: Step, since: Iterable[Step] = ()) -> Given:
    """What was there, then the rows of the file, then what was done since."""
    dairy = imported(given(*before).dairy, *rows)
    for command in one_by_one(since):
        dairy.execute(command)
    return Given(dairy)


def undoing(history: Given, file: ImportId = FILE) -> Asked:
    return history.when(evolve(UNDO, import_id=file))


def undone(entries: int, file: ImportId = FILE) -> EntriesUndone:
    return EntriesUndone(import_id=file, entries=entries)


# --------------------------------------------------------------------------------------- its life


def test_a_file_is_opened_and_closed() -> None:
    given().when(OPENED).then(
        ImportStarted(
            import_id=FILE,
            kind=ImportKind.LOTS,
            file_name="lots.csv",
            digest="ab" * 32,
            on=day(0),
        )
    )
    given(OPENED).when(DONE).then(ImportFinished(accepted=2, unchanged=1, refused=0))


def test_a_file_is_opened_once() -> None:
    given(OPENED).when(OPENED).refused(AlreadyExists, kind="import", reference=str(FILE))


@pytest.mark.parametrize("step", [DONE, UNDO])
def test_a_file_never_opened_is_neither_closed_nor_undone(step: Command) -> None:
    given(A_DAIRY).when(step).refused(Unknown, kind="import", reference=str(FILE))


@pytest.mark.parametrize(("step", "name"), [(DONE, "finish"), (UNDO, "undo")])
def test_what_was_undone_is_over(step: Command, name: str) -> None:
    given(OPENED, UNDO).when(step).refused(
        WrongState, kind="import", id=FILE, code="lots.csv", state="undone", step=name
    )


def test_undoing_has_a_reason() -> None:
    given(OPENED).when(evolve(UNDO, reason=" ")).refused(ReasonMissing, step="undo")


def test_a_driver_undoes_no_file() -> None:
    given(OPENED).when(UNDO, by=somebody(Role.DRIVER)).refused(NotPermitted)


@pytest.mark.parametrize(
    ("role", "permission"),
    [(Role.SALES, Permission.RECEIVE), (Role.PRODUCTION, Permission.RECEIVE), (Role.SUPPLY, None)],
)
def test_undoing_asks_for_the_right_of_what_is_undone(
    role: Role, permission: Permission | None
) -> None:
    by = after_import(A_DAIRY, received("L1", litres(1))).when(UNDO, by=somebody(role))
    if permission is None:
        by.done()
    else:
        by.refused(NotPermitted, permission=permission)


def test_undoing_asks_for_the_right_of_what_a_decision_in_it_did() -> None:
    """A decision on a conflict that came by a file did something: that is undone with it."""
    plant = Plant()
    office, phone = plant.device(), plant.device()
    office.does(A_DAIRY, received("L1", litres(100)))
    plant.settle()
    office.does(received("L2", litres(1)))
    office.push()
    (late,) = phone.does(evolve(received("L3", litres(1)), code="L2"))
    plant.settle()
    decided = ResolveItem(
        item_id=item_id_of(late.id), way=Way.OTHER_CODE, reason="vu", on=day(0), code="L4"
    )
    imported(office.dairy, decided)
    sales = office.acting_as(somebody(Role.SALES))
    with pytest.raises(NotPermitted) as caught:
        sales.execute(UNDO)
    assert caught.value.permission is Permission.RECEIVE


@pytest.mark.parametrize(
    ("since", "status"),
    [((), "interrupted"), ((DONE,), "finished"), ((DONE, UNDO), "undone"), ((UNDO,), "undone")],
)
def test_a_file_shows_how_it_ended(since: tuple[Command, ...], status: str) -> None:
    with given(OPENED, since).dairy.store.reading() as snapshot:
        (row,) = snapshot.rows(ImportRow, digest="ab" * 32)
    assert row.status == status


# ----------------------------------------------------------------------------------- undone whole

L1, L2 = received("L1", litres(10)), received("L2", litres(20))


def test_what_a_file_created_never_was_the_last_row_first() -> None:
    undoing(after_import(A_DAIRY, L1, L2)).then(
        undone(1), undone(1), ImportUndone(reason="wrong file")
    )


def test_after_undoing_everything_shows_as_before_the_file() -> None:
    before = given(A_DAIRY, in_store("T1", kg(5))).dairy
    rows = (L1, sold("S1", kg(2)), delivered("V1", order="S1"), blocked("T1"))
    dairy = imported(given(A_DAIRY, in_store("T1", kg(5))).dairy, rows)
    assert dairy.stock.on_hand(CHEESE) == kg(3)
    dairy.execute(UNDO)
    assert dairy.verify().sound
    for product in (CHEESE, MILK):
        assert dairy.stock.on_hand(product) == before.stock.on_hand(product)
        assert dairy.stock.on_hand(product, at=day(0)) == before.stock.on_hand(product)
    assert dairy.stock.preview(CHEESE, kg(9)) == before.stock.preview(CHEESE, kg(9))


def test_a_lot_that_a_file_changed_keeps_the_life_it_had_before() -> None:
    history = after_import([A_DAIRY, L1, written_off("L1", litres(1))], blocked("L1"))
    dairy = undoing(history).then(undone(1), ImportUndone(reason="wrong file"))
    assert dairy.stock.preview(MILK, litres(99)).shortfall == litres(90)


def test_several_rows_about_one_thing_are_undone_together() -> None:
    rows = (L1, written_off("L1", litres(1)), blocked("L1"))
    undoing(after_import(A_DAIRY, rows)).then(undone(3), ImportUndone(reason="wrong file"))


def test_an_interrupted_file_is_undone_too() -> None:
    dairy = given(A_DAIRY, OPENED).dairy
    before = dairy.verify().events

    def breaks_off() -> None:
        with dairy.batch(import_id=FILE) as batch:
            batch.execute(L1, command_id=CommitId(an_id("row")))
            raise ConnectionError

    with pytest.raises(ConnectionError):
        breaks_off()
    assert dairy.verify().events == before
    Given(dairy).when(UNDO).then(ImportUndone(reason="wrong file"))


def test_a_code_and_an_identifier_that_a_file_had_taken_are_free_again() -> None:
    history = after_import(A_DAIRY, L1, since=[UNDO])
    history.when(evolve(L1, quantity=litres(11))).done()
    assert history.dairy.stock.on_hand(MILK) == litres(11)


def test_the_same_file_may_come_in_again_corrected_and_go_out_again() -> None:
    dairy = imported(given(A_DAIRY).dairy, L1)
    dairy.execute(UNDO)
    imported(dairy, evolve(L1, quantity=litres(12)), file=ANOTHER_FILE)
    assert dairy.stock.on_hand(MILK) == litres(12)
    Given(dairy).when(evolve(UNDO, import_id=ANOTHER_FILE)).then(
        undone(1, ANOTHER_FILE), ImportUndone(reason="wrong file")
    )
    assert dairy.stock.on_hand(MILK) == litres(0)


def test_two_files_about_the_same_lots_are_undone_the_last_one_first() -> None:
    cheese = given(A_DAIRY, in_store("T1", kg(5))).dairy
    imported(cheese, sold("S1", kg(2)))
    imported(cheese, delivered("V1", order="S1"), file=ANOTHER_FILE)
    Given(cheese).when(UNDO).refused(
        SomethingDependsOnIt,
        import_id=FILE,
        by_kind="delivery",
        by_code="V1",
        by_import=ANOTHER_FILE,
    )
    cheese.execute(evolve(UNDO, import_id=ANOTHER_FILE))
    cheese.execute(UNDO)
    assert cheese.verify().sound
    assert cheese.stock.preview(CHEESE, kg(5)).shortfall == kg(0)


# ------------------------------------------------------------------ where something depends on it

SHOP_OF_THE_FILE = RegisterClient(client_id=ClientId(an_id("new")), code="C9", name="Neuf")
SALT = ProductId(an_id("salt"))
SALT_OF_THE_FILE = RegisterProduct(
    product_id=SALT,
    code="SEL",
    kind=ProductKind.RAW,
    name="Sel",
    unit=Unit.KG,
    price=dinars(25),
)
RICOTTA = ProductId(an_id("ricotta"))
RICOTTA_OF_THE_FILE = evolve(
    SALT_OF_THE_FILE, product_id=RICOTTA, code="RICOTTA", kind=ProductKind.FINISHED
)
A_RECIPE = DefineRecipe(
    recipe_id=RecipeId(an_id("salted")),
    product_id=RICOTTA,
    batch=kg(1),
    ingredients=(Ingredient(SALT, kg(1)),),
    valid_from=day(0),
)
FARM_OF_THE_FILE = RegisterSupplier(supplier_id=SupplierId(an_id("new")), code="F9", name="Neuve")
BILLED = DraftInvoice(
    invoice_id=bill_id("F1"),
    client_id=SHOP_OF_THE_FILE.client_id,
    lines=(evolve(CHEESE_LINE, product_id=None),),
    on=day(1),
)
SALT_BILLED = evolve(
    BILLED,
    client_id=SHOP,
    lines=(evolve(CHEESE_LINE, product_id=SALT),),
)


@pytest.mark.parametrize(
    ("row", "since", "kind", "code", "by"),
    [
        # Its own life went on.
        (L1, written_off("L1", litres(1)), "lot", "L1", "lot L1"),
        (L1, blocked("L1"), "lot", "L1", "lot L1"),
        (L1, corrected("L1", reference="bon 12"), "lot", "L1", "lot L1"),
        (in_opening_stock("T5", kg(1)), sold("S1", kg(3)), "lot", "T5", "sales_order S1"),
        (made("T1", kg(1)), sold("S1", kg(3)), "lot", "T1", "sales_order S1"),
        (FARM_OF_THE_FILE, ChangeSupplier(supplier_id=FARM_OF_THE_FILE.supplier_id, name="x"),
            "supplier", "F9", "supplier F9"),
        (SHOP_OF_THE_FILE, ChangeClient(client_id=SHOP_OF_THE_FILE.client_id, name="x"),
            "client", "C9", "client C9"),
        (SALT_OF_THE_FILE, ChangeProduct(product_id=SALT, name="x"),
            "product", "SEL", "product SEL"),
        # Somebody else names it.
        (FARM_OF_THE_FILE, evolve(L1, supplier_id=FARM_OF_THE_FILE.supplier_id),
            "supplier", "F9", "lot L1"),
        (SHOP_OF_THE_FILE,
            evolve(ordered("S1", a_line(kg(1))), client_id=SHOP_OF_THE_FILE.client_id),
            "client", "C9", "sales_order S1"),
        (SHOP_OF_THE_FILE, BILLED, "client", "C9", f"invoice {bill_id('F1')}"),
        (SHOP_OF_THE_FILE, evolve(paid("P1", dinars(1)), client_id=SHOP_OF_THE_FILE.client_id),
            "client", "C9", "payment"),
        (SALT_OF_THE_FILE, received("L1", kg(1), of=SALT), "product", "SEL", "lot L1"),
        (SALT_OF_THE_FILE, ordered("S1", a_line(kg(1), of=SALT)),
            "product", "SEL", "sales_order S1"),
        (SALT_OF_THE_FILE, SALT_BILLED, "product", "SEL", f"invoice {bill_id('F1')}"),
        ((SALT_OF_THE_FILE, RICOTTA_OF_THE_FILE), A_RECIPE, "product", "RICOTTA", "recipe RICOTTA"),
        ((SALT_OF_THE_FILE, RICOTTA_OF_THE_FILE, A_RECIPE), planned("O1", kg(1), of=RICOTTA),
            "recipe", "RICOTTA", "production_order O1"),
        (sold("S1", kg(1)), prepared("V1", order="S1"), "sales_order", "S1", "delivery V1"),
        ((sold("S1", kg(1)), delivered("V1", order="S1")), a_draft("F1", deliveries=("V1",)),
            "delivery", "V1", f"invoice {bill_id('F1')}"),
    ],
)  # fmt: skip
def test_what_something_depends_on_stays_and_what_depends_on_it_is_named(
    row: Step, since: Command, kind: str, code: str, by: str
) -> None:
    cheese = in_store("T0", kg(2))
    milk = in_store("T1", kg(1))[:2]
    history = after_import([A_DAIRY, cheese, milk], row, since=[since])
    by_kind, _space, by_code = by.partition(" ")
    named = {"by_kind": by_kind, **({"by_code": by_code} if by_code else {})}
    undoing(history).refused(
        SomethingDependsOnIt, import_id=FILE, kind=kind, code=code, by_import=None, **named
    )


CONFIRMED_IN_FILE = (A_DAIRY, in_store("T1", kg(5)), ordered("S1", a_line(kg(1))))
CHEAPER = DefineRecipe(
    recipe_id=RECIPE,
    product_id=CHEESE,
    batch=kg(10),
    ingredients=(Ingredient(MILK, litres(90)),),
    valid_from=day(1),
)
KARIM = RegisterUser(user_id=UserId(an_id("karim")), name="Karim", roles=frozenset({Role.DRIVER}))
KARIM_S_PHONE = EnrolDevice(
    device_id=DeviceId(an_id("phone")),
    name="téléphone",
    mark="",
    public_key="ab" * 32,
    user_id=KARIM.user_id,
)


@pytest.mark.parametrize(
    ("before", "row", "since", "kind"),
    [
        # What was there before goes a step back, and something rests on the step.
        (CONFIRMED_IN_FILE, confirmed("S1"), prepared("V1", order="S1"), "sales_order"),
        (A_DAIRY, CHEAPER, planned("O1", kg(1), on=day(1)), "recipe"),
        ((A_DAIRY, a_draft("F1")), issued("F1"), a_credit("F1", "F1", CHEESE_LINE), "invoice"),
        ((CONFIRMED_IN_FILE, confirmed("S1"), prepared("V1", order="S1"),
            loaded("V1", "T1", kg(1))), gone("V1"), a_draft("F1", deliveries=("V1",)), "delivery"),
        # What the file began is named.
        (A_DAIRY, KARIM, KARIM_S_PHONE, "user"),
    ],
)  # fmt: skip
def test_what_rests_on_a_step_keeps_the_step(
    before: Step, row: Step, since: Command, kind: str
) -> None:
    history = after_import([before], row, since=[since])
    undoing(history).refused(SomethingDependsOnIt, import_id=FILE, kind=kind)


def test_a_van_loaded_from_a_lot_of_the_file_keeps_the_file() -> None:
    """The make of the cheese and the confirmation of its order came in one file."""
    before = (A_DAIRY, in_store("T1", kg(5))[:2], ordered("S1", a_line(kg(1))))
    loading = (prepared("V1", order="S1"), loaded("V1", "T1", kg(1)))
    history = after_import(before, made("T1", kg(5)), confirmed("S1"), since=loading)
    undoing(history).refused(SomethingDependsOnIt, import_id=FILE)
    history.dairy.execute(gone("V1"))
    assert history.dairy.verify().sound


def test_a_delivery_that_was_cancelled_does_not_keep_the_confirmation() -> None:
    since = (prepared("V1", order="S1"), stayed("V1"))
    history = after_import([CONFIRMED_IN_FILE], confirmed("S1"), since=since)
    undoing(history).done()
    history.dairy.execute(confirmed("S1"))
    assert history.dairy.verify().sound


def test_an_order_closed_in_the_file_is_open_again_with_its_deliveries() -> None:
    history = after_import(
        [CONFIRMED_IN_FILE, sold("S2", kg(2)), delivered("V2", order="S2")], closed("S2")
    )
    undoing(history).done()
    history.dairy.execute(closed("S2"))


def test_somebody_who_gives_rights_is_left() -> None:
    boss = RegisterUser(user_id=UserId(an_id("amina")), name="Amina", roles=frozenset({Role.ADMIN}))
    second = evolve(KARIM, roles=frozenset({Role.ADMIN}))
    history = after_import([boss], second, since=[DeactivateUser(user_id=boss.user_id)])
    undoing(history).refused(LastAdministrator, user="Karim")
    undoing(after_import([boss], second)).done()


def test_every_column_that_names_something_keeps_it_or_is_named_with_it() -> None:
    """A view that comes to name a lot, a client … is asked too before either is undone."""
    kinds = {
        ids.SupplierId: "supplier", ids.ClientId: "client", ids.ProductId: "product",
        ids.RecipeId: "recipe", ids.LotId: "lot", ids.ProductionOrderId: "production_order",
        ids.SalesOrderId: "sales_order", ids.InvoiceId: "invoice", ids.UserId: "user",
    }  # fmt: skip
    naming = {
        (kinds[column.type], rows.TABLE, column.name)
        for rows in VIEWS
        for column in fields(rows)
        if column.type in kinds and column.name != rows.owned_by()
    }
    asked = {
        (kind, rows.TABLE, column)
        for kind, mentions in MENTIONS.items()
        for rows, column in mentions
    }
    assert asked <= naming | {
        # These may be empty: a line that is of no product, a lot of the opening stock.
        ("product", "invoice_lines", "product_id"),
        ("supplier", "lots_mp", "supplier_id"),
        ("production_order", "lots_pf", "order_id"),
    }
    assert naming - asked == {
        # Beside the lot, the order or the recipe that is of the product.
        ("product", "stock_movements", "product_id"),
        ("product", "lot_reservations", "product_id"),
        ("product", "production_orders", "product_id"),
        ("product", "delivery_lines", "product_id"),
        # Beside the sales order, which is of the client.
        ("client", "deliveries", "client_id"),
        # Who recorded what is disputed; the item says so whoever they still are.
        ("user", "resolution_items", "user_id"),
    }


def test_what_does_not_depend_on_it_does_not_keep_it() -> None:
    history = after_import([A_DAIRY, in_store("T0", kg(2))], L1, since=[L2, sold("S1", kg(1))])
    undoing(history).done()
    assert history.dairy.stock.on_hand(MILK) == litres(20)


def test_rows_of_one_file_that_depend_on_each_other_go_together() -> None:
    rows = (
        SALT_OF_THE_FILE,
        RICOTTA_OF_THE_FILE,
        A_RECIPE,
        FARM_OF_THE_FILE,
        evolve(received("L1", kg(1), of=SALT), supplier_id=FARM_OF_THE_FILE.supplier_id),
    )
    history = after_import(A_DAIRY, rows)
    before = everything(given(A_DAIRY).dairy.store)[3]
    undoing(history).done()
    with history.dairy.store.reading() as snapshot:
        assert [row.code for row in snapshot.rows(SupplierRow)] == ["F01"]
        kept = [row for kind in VIEWS for row in snapshot.rows(kind) if kind is not ImportRow]
    assert digest(kept) == before


def test_a_refused_undoing_undoes_nothing_of_the_rows_before_either() -> None:
    history = after_import(A_DAIRY, L1, L2, since=[blocked("L1")])
    undoing(history).refused(SomethingDependsOnIt, kind="lot", code="L1")
    assert history.dairy.stock.on_hand(MILK) == litres(30)
