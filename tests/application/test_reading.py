"""What each role may read: the rest refuses to be read, wherever it is looked at."""

from collections.abc import Callable
from typing import Any

import pytest
from attrs import NOTHING, evolve, fields

from manchengo import Between, Identity, ListQuery, Manchengo, OneOf, Role, withheld
from manchengo.application.conflicting_commits import unseen_commits
from manchengo.application.permitted_snapshot import permitted, whole
from manchengo.application.reading import (
    COLUMNS,
    Reader,
    revealed_by_command,
    revealed_by_event,
)
from manchengo.commands import COMMANDS, NEEDS, RegisterClient
from manchengo.domain.access import NotPermitted, Permission
from manchengo.domain.commit import Recorded
from manchengo.domain.ids import ClientId, CommitId, EventId
from manchengo.domain.resolution import Matter
from manchengo.events import EVENTS
from manchengo.ports.rows import (
    VIEWS,
    ClientRow,
    InvoiceRow,
    LotCorrectionRow,
    PaymentRow,
    RawLotRow,
    ResolutionItemRow,
    Row,
    SalesOrderRow,
    SupplierRow,
)
from manchengo.ports.store import Snapshot
from tests.application.test_permissions import WHO_MAY
from tests.support.dairy import (
    A_DAIRY,
    a_line,
    an_id,
    corrected,
    dinars,
    in_store,
    kg,
    litres,
    lot_id,
    ordered,
    received,
    sale_id,
    written_off,
)
from tests.support.given import given, open_dairy, somebody
from tests.support.plant import Plant

CONTACTS = {"phone", "email", "nif", "nis", "rc", "ai"}
AMOUNTS = {
    *("price", "unit_price", "price_per", "discount"),
    *("net", "vat", "gross", "paid", "credited", "amount", "unallocated"),
    *("reference", "cheque_number", "cheque_dated", "cheque_drawee"),
}
"""By hand, by the names of columns: what is a contact, and what is a price or an amount."""

TELL_CONTACTS = {"supplier.register", "supplier.change", "client.register", "client.change"}
TELL_PRICES = {
    *("product.register", "product.change"),
    *("lot.receive", "lot.enter_opening_stock", "lot.correct"),
    *("sales_order.place", "sales_order.sell", "price_list.set_price"),
    *("invoice.draft", "credit_note.draft", "payment.receive", "payment.allocate"),
}
"""By hand: the commands whose content takes a permission to be read."""

DRIVER, BOSS = somebody(Role.DRIVER), somebody(Role.ADMIN)
TALEB = RegisterClient(
    client_id=ClientId(an_id("Taleb")),
    code="C7",
    name="Taleb",
    identity=Identity(address="rue 3", phone="0560112233", nif="1399"),
)
HISTORY = (
    A_DAIRY,
    TALEB,
    received("L1", litres(9)),
    corrected("L1", price=dinars(70)),
    corrected("L1", reference="BL 2"),
    in_store("T1", kg(9)),
    ordered("S1", a_line(kg(4))),
)


def takes(kind: type[Row], column: str) -> Permission | None:
    """The permission to read that column of that kind of row."""
    if column in CONTACTS:
        return Permission.READ_PARTIES
    if kind is PaymentRow and column == "search_text":  # it holds the references
        return Permission.READ_PRICES
    return Permission.READ_PRICES if column in AMOUNTS else None


def may_read(role: Role, permission: Permission | None) -> bool:
    return permission is None or role in WHO_MAY[permission]


def a_row(kind: type[Any]) -> Any:
    return kind(**{each.name: "x" for each in fields(kind) if each.default is NOTHING})


def refused(look: Callable[[], object]) -> Permission | None:
    """The permission for want of which somebody is told nothing."""
    try:
        look()
    except NotPermitted as refusal:
        return refusal.permission
    return None


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("kind", VIEWS, ids=lambda kind: kind.TABLE)
def test_a_column_is_read_by_those_who_may(kind: type[Row], role: Role) -> None:
    row = Reader(somebody(role)).row(a_row(kind))
    if isinstance(row, ResolutionItemRow):  # by what it is about: see below
        return
    for each in fields(kind):
        permission = takes(kind, each.name)
        missing = None if may_read(role, permission) else permission
        assert refused(lambda name=each.name: getattr(row, name)) is missing, each.name  # type: ignore[misc]
        assert (each.name in withheld(row)) == (missing is not None)
    assert isinstance(row, kind)
    assert kind.__name__ in repr(row)


def test_every_column_that_takes_a_permission_is_there() -> None:
    listed = {
        (kind, column): permission
        for permission, kinds in COLUMNS.items()
        for kind, columns in kinds.items()
        for column in columns
    }
    by_hand = {
        (kind, each.name): permission
        for kind in VIEWS
        for each in fields(kind)
        if (permission := takes(kind, each.name)) is not None
    }
    assert listed == by_hand


def test_every_content_that_takes_a_permission_is_named_by_hand() -> None:
    both = {Permission.READ_PARTIES, Permission.READ_PRICES}
    revealed = {name: revealed_by_command(name) for name in COMMANDS}
    assert revealed.pop("resolution.report_reused_id") == both, "it holds another command"
    assert revealed_by_command("lot.of_a_newer_program") == both
    assert revealed_by_event("lot.of_a_newer_program") == both
    assert {
        name for name, each in revealed.items() if Permission.READ_PARTIES in each
    } == TELL_CONTACTS
    assert {
        name for name, each in revealed.items() if Permission.READ_PRICES in each
    } == TELL_PRICES


@pytest.mark.parametrize("role", list(Role))
def test_nobody_gives_a_command_that_they_may_not_read(role: Role) -> None:
    for name, schema in COMMANDS.items():
        if role in WHO_MAY[NEEDS[schema.type]] and name != "resolution.report_reused_id":
            assert all(role in WHO_MAY[each] for each in revealed_by_command(name)), name


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("name", EVENTS)
def test_the_content_of_an_event_is_read_by_those_who_may(name: str, role: Role) -> None:
    event = Recorded(
        id=EventId(an_id("event")),
        aggregate_type=name.partition(".")[0],
        aggregate_id=an_id("thing"),
        event_type=name,
        schema_version=1,
        payload=b"{}",
        version=1,
    )
    seen = Reader(somebody(role)).event(event)
    missing = {each for each in revealed_by_event(name) if role not in WHO_MAY[each]}
    assert refused(lambda: seen.payload) in (missing or (None,))
    assert seen.aggregate_id == event.aggregate_id


# ------------------------------------------------------------------------------ a driver looks


def of_a_driver(dairy: Manchengo) -> Manchengo:
    return open_dairy(dairy.store, actor=DRIVER)


PARTIES, PRICES = {Permission.READ_PARTIES}, {Permission.READ_PRICES}

LOOKS: dict[str, tuple[Callable[[Snapshot], object], set[Permission]]] = {
    "get": (
        lambda snapshot: snapshot.get(ClientRow, TALEB.client_id).phone,  # type: ignore[union-attr]
        PARTIES,
    ),
    "rows": (
        lambda snapshot: [row.nif for row in snapshot.rows(SupplierRow)],
        PARTIES,
    ),
    "looking for a value": (
        lambda snapshot: list(snapshot.rows(ClientRow, phone="0560112233")),
        PARTIES,
    ),
    "an amount": (
        lambda snapshot: snapshot.get(SalesOrderRow, sale_id("S1")).net,  # type: ignore[union-attr]
        PRICES,
    ),
    "a value on a page": (
        lambda snapshot: [row.nif for row in snapshot.page(SupplierRow, ListQuery(), limit=9)],
        PARTIES,
    ),
    "a value of a row with an id": (
        lambda snapshot: [
            row.phone for row in snapshot.rows_with_ids(ClientRow, [TALEB.client_id]).values()
        ],
        PARTIES,
    ),
    "filtering a list": (
        lambda snapshot: snapshot.page(
            ClientRow, ListQuery(where=(OneOf("phone", ("0560112233",)),)), limit=9
        ),
        PARTIES,
    ),
    "sorting a list": (
        lambda snapshot: snapshot.page(InvoiceRow, ListQuery(sort="gross"), limit=9),
        PRICES,
    ),
    "searching a list": (
        lambda snapshot: snapshot.page(PaymentRow, ListQuery(search="cheque 12"), limit=9),
        PRICES,
    ),
    "counting a list": (
        lambda snapshot: snapshot.count(
            SalesOrderRow, ListQuery(where=(Between("net", first=1),)), most=9
        ),
        PRICES,
    ),
    "commit": (
        lambda snapshot: [
            found.command
            for each in list(whole(snapshot).commits())
            if (found := snapshot.commit(each.id))
        ],
        PARTIES | PRICES,
    ),
    "commits": (
        lambda snapshot: [each.command for each in snapshot.commits()],
        PARTIES | PRICES,
    ),
    "pending": (
        lambda snapshot: [each.commit.command for each in snapshot.pending()],
        PARTIES | PRICES,
    ),
    "the events of what is pending": (
        lambda snapshot: [
            event.payload for each in snapshot.pending() for event in each.commit.events
        ],
        PARTIES | PRICES,
    ),
    "stream": (
        lambda snapshot: [each.event.payload for each in snapshot.stream(lot_id("L1"))],
        PRICES,
    ),
    "streams": (
        lambda snapshot: [each.payload for _, events in snapshot.streams() for each in events],
        PARTIES | PRICES,
    ),
    "audit": (lambda snapshot: snapshot.audit(limit=1), {Permission.READ_AUDIT}),
    "audit_records": (lambda snapshot: list(snapshot.audit_records()), {Permission.READ_AUDIT}),
    "received_audit": (lambda snapshot: list(snapshot.received_audit()), {Permission.READ_AUDIT}),
    "received_audit_under": (
        lambda snapshot: snapshot.received_audit_under(bytes(32)),
        {Permission.READ_AUDIT},
    ),
}


@pytest.mark.parametrize(("look", "permissions"), LOOKS.values(), ids=LOOKS)
def test_a_driver_is_refused_and_an_administrator_is_not(
    look: Callable[[Snapshot], object], permissions: set[Permission]
) -> None:
    dairy = given(*HISTORY).dairy
    with dairy.reading() as snapshot:
        look(snapshot)
    with (
        pytest.raises(NotPermitted) as caught,
        of_a_driver(dairy).reading() as snapshot,
    ):
        look(snapshot)
    assert caught.value.permission in permissions
    with dairy.store.reading() as log:
        noted = log.audit(limit=1)[0]
    assert (noted.action, noted.outcome, noted.user_id) == ("read", "NotPermitted", DRIVER.user_id)


def test_the_log_of_a_server_is_withheld_too() -> None:
    plant = Plant()
    office = plant.device()
    office.does(*HISTORY)
    plant.settle()
    with plant.store.reading() as log:
        seen = permitted(log, DRIVER)
        for entry in seen.entries():
            again = seen.entry(entry.commit.id)
            assert again is not None
            missing = bool(revealed_by_command(entry.commit.command_type))
            assert ("command" in withheld(entry.commit)) == missing
            assert ("command" in withheld(again.commit)) == missing
            assert entry.commit.command_type == again.commit.command_type


def test_what_the_library_answers_is_withheld_as_well() -> None:
    driver = of_a_driver(given(*HISTORY).dairy)
    client = driver.client("C7")
    assert (client.name, client.address) == ("Taleb", "rue 3")
    assert withheld(client) == CONTACTS
    assert refused(lambda: client.phone) is Permission.READ_PARTIES
    assert refused(lambda: driver.sales_order("S1").net) is Permission.READ_PRICES
    for line in driver.stock.by_product():
        assert refused(lambda row=line.product: row.price) is Permission.READ_PRICES  # type: ignore[misc]
    assert driver.trace(lot_id("L1")).origins.lot == "L1"


def test_who_builds_a_command_reads_no_more() -> None:
    driver = of_a_driver(given(*HISTORY).dairy)

    def curious(snapshot: Snapshot) -> Any:
        (client,) = [row for row in snapshot.rows(ClientRow) if row.code == "C7"]
        return written_off(client.phone, litres(1))

    def together() -> None:
        with driver.batch() as batch:
            batch.execute(curious(batch.snapshot), command_id=CommitId(an_id("curious")))

    for times, build in enumerate((lambda: driver.build_and_execute(curious), together), 1):
        with pytest.raises(NotPermitted) as caught:
            build()
        assert caught.value.permission is Permission.READ_PARTIES
        with driver.store.reading() as log:
            noted = log.audit(limit=1)[0]
        assert (noted.action, noted.outcome, noted.count) == ("read", "NotPermitted", times)
        assert noted.user_id == DRIVER.user_id


def test_a_corrected_price_is_a_price() -> None:
    with of_a_driver(given(*HISTORY).dairy).reading() as snapshot:
        price, reference = snapshot.rows(LotCorrectionRow, lot_id=lot_id("L1"))
    assert withheld(price) == {"before", "after"}
    assert reference.after == "BL 2"


def test_why_an_item_does_not_stand_is_read_by_those_who_may_read_the_command() -> None:
    row = evolve(a_row(ResolutionItemRow), refusal="NotEnoughInLot")
    reader = Reader(DRIVER)
    assert withheld(reader.row(evolve(row, command_type="payment.receive"))) == {"facts"}
    assert withheld(reader.row(evolve(row, command_type="delivery.load"))) == frozenset()
    assert withheld(Reader(BOSS).row(evolve(row, command_type="payment.receive"))) == frozenset()


@pytest.mark.parametrize(
    ("matter", "refusal", "facts"),
    [
        (Matter.CONTESTED, "MoreThanDue", {"facts"}),
        (Matter.REJECTED, "MoreThanBilledAtRate", {"facts"}),
        (Matter.REJECTED, "OfANewerProgram", {"facts"}),
        (Matter.REJECTED, "WrongState", set()),
        (Matter.CONTESTED, "", set()),
        (Matter.PARKED, "ValueError", set()),
    ],
)
def test_an_amount_in_what_refuses_it_is_an_amount(
    matter: Matter, refusal: str, facts: set[str]
) -> None:
    """The command that issues a paper names no amount; what speaks against it may."""
    row = evolve(
        a_row(ResolutionItemRow),
        command_type="credit_note.issue",
        matter=matter.value,
        refusal=refusal,
    )
    assert withheld(Reader(DRIVER).row(row)) == facts
    assert withheld(Reader(somebody(Role.PRODUCTION)).row(row)) == (
        facts if refusal == "OfANewerProgram" else set()
    )


@pytest.mark.parametrize(
    "look",
    [
        lambda snapshot: list(snapshot.rows(ResolutionItemRow, facts="{}")),
        lambda snapshot: list(snapshot.rows(LotCorrectionRow, after="70")),
        lambda snapshot: snapshot.count(
            LotCorrectionRow, ListQuery(where=(OneOf("after", ("70",)),)), most=9
        ),
    ],
    ids=["facts", "a corrected price", "in a list"],
)
def test_nobody_looks_for_what_is_withheld_of_some_rows(
    look: Callable[[Snapshot], object],
) -> None:
    with of_a_driver(given(*HISTORY).dairy).reading() as snapshot:
        assert refused(lambda: look(snapshot)) is not None


def test_a_driver_sees_what_stands_against_a_refused_registration() -> None:
    plant = Plant()
    office, phone = plant.device(), plant.device()
    office.does(A_DAIRY)
    plant.settle()
    office.does(TALEB)
    phone.does(evolve(TALEB, client_id=ClientId(an_id("another Taleb"))))
    plant.settle()
    with of_a_driver(phone.dairy).reading() as snapshot:
        (item,) = snapshot.rows(ResolutionItemRow)
        commit = snapshot.commit(item.commit_id)
        assert commit is not None
        (against,) = unseen_commits(snapshot, item, commit)
    assert against.command_type == "client.register"
    assert withheld(against) == {"command"}


def test_two_rows_of_which_something_is_withheld_are_never_the_same() -> None:
    with of_a_driver(given(*HISTORY).dairy).reading() as snapshot:
        first, second = (snapshot.get(RawLotRow, lot_id("L1")) for _ in range(2))
    assert first != second
    assert len({first, second}) == 2


def test_a_driver_searches_lists_by_name() -> None:
    driver = of_a_driver(given(*HISTORY).dairy)
    query = ListQuery(search="taleb", sort="search_text")
    assert [row.code for row in driver.lists.page(ClientRow, query=query).rows] == ["C7"]
    assert driver.lists.count(ClientRow, query=query).rows == 1
    named = driver.lists.page(RawLotRow).named.values()
    assert any(withheld(row) == CONTACTS for row in named)


# ----------------------------------------------------------------------- care for the database

CARES: dict[str, tuple[Callable[[Manchengo], object], Permission]] = {
    "log.verified": (Manchengo.verify, Permission.VERIFY),
    "views.rebuilt": (Manchengo.rebuild, Permission.REBUILD),
    "backup.made": (
        lambda dairy: dairy.permit(Permission.BACK_UP, "backup.made"),
        Permission.BACK_UP,
    ),
}


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize(("action", "cared"), CARES.items(), ids=CARES)
def test_who_may_care_for_the_database(
    action: str, cared: tuple[Callable[[Manchengo], object], Permission], role: Role
) -> None:
    care, permission = cared
    dairy = open_dairy(given(*A_DAIRY).dairy.store, actor=somebody(role))
    assert (refused(lambda: care(dairy)) is None) == may_read(role, permission)
    with dairy.store.reading() as log:
        noted = [(each.action, each.outcome) for each in log.audit(limit=1)]
    if not may_read(role, permission):
        assert noted == [(action, "NotPermitted")]
    else:
        assert noted == ([] if action == "backup.made" else [(action, "done")])


def test_somebody_without_a_role_does_not_even_verify() -> None:
    dairy = open_dairy(given(*A_DAIRY).dairy.store, actor=somebody())
    assert refused(dairy.verify) is Permission.VERIFY
