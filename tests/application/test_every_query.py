"""Every question that the library answers, asked in every role: what of the answer can be read."""

from collections.abc import Callable, Iterator, Mapping
from inspect import isfunction
from typing import Any

import pytest
from attrs import evolve, fields, has

from manchengo import ListQuery, Manchengo, Money, Role
from manchengo.application.charts import Charts
from manchengo.application.dashboard import Dashboard
from manchengo.application.lists import Lists
from manchengo.application.stock import Stock
from manchengo.commands import ChangeClient, ChangeSupplier
from manchengo.domain.access import NotPermitted, Permission
from manchengo.domain.ids import CommitId
from manchengo.domain.ledger import Movement
from manchengo.ports.rows import VIEWS, Row
from tests.application.test_reading import CONTACTS, TALEB, may_read, takes
from tests.support.billing import GROSS, a_draft, allocated, issued, paid
from tests.support.dairy import (
    A_DAIRY,
    CHEESE,
    FARM,
    MONDAY,
    RENNET,
    SHOP,
    a_line,
    an_id,
    blocked,
    corrected,
    day,
    delivered,
    dinars,
    in_store,
    kg,
    litres,
    lot_id,
    millilitres,
    ordered,
    planned,
    prepared,
    received,
    sold,
    started,
    written_off,
)
from tests.support.given import given, open_dairy, somebody
from tests.support.pricing import THE_SHOP_PAYS_BY_IT, WHOLESALE, a_price

BLOCKED = CommitId(an_id("what was blocked"))
HISTORY = (
    *(A_DAIRY, TALEB),
    ChangeSupplier(supplier_id=FARM, identity=TALEB.identity),
    ChangeClient(client_id=SHOP, identity=TALEB.identity),
    *(received("L1", litres(90)), corrected("L1", price=dinars(70))),
    *(in_store("T1", kg(5)), received("R1", millilitres(90), of=RENNET)),
    received("L0", litres(1), on=day(-2), expires=day(-1)),
    received("L2", litres(1), expires=day(3)),
    *(sold("S1", kg(2)), delivered("V1", order="S1"), ordered("S2", a_line(kg(1)), on=day(-1))),
    *(sold("S3", kg(1)), prepared("V3", order="S3")),
    *(WHOLESALE, THE_SHOP_PAYS_BY_IT, a_price(dinars(980))),
    *(planned("O1", kg(1)), started("O1"), planned("O2", kg(1))),
    *(a_draft("F1"), issued("F1"), paid("P1", GROSS), allocated("P1", "F1", GROSS)),
)

PARTIES, PRICES = Permission.READ_PARTIES, Permission.READ_PRICES
KEYS, VERIFY, REBUILD = Permission.MANAGE_KEYS, Permission.VERIFY, Permission.REBUILD

Asked = Callable[[Manchengo], object]

NOTHING_SECRET: Mapping[str, Asked] = {
    "Manchengo.price_list": lambda dairy: dairy.price_list("GROS"),
    "Manchengo.recipe": lambda dairy: dairy.recipe("TOMME"),
    "Manchengo.lot": lambda dairy: dairy.lot("L1"),
    "Manchengo.production_order": lambda dairy: dairy.production_order("O1"),
    "Manchengo.delivery": lambda dairy: dairy.delivery("V1"),
    "Manchengo.trace": lambda dairy: dairy.trace(lot_id("L1")),
    "Manchengo.simulate_recall": lambda dairy: dairy.simulate_recall(lot_id("L1")),
    "Manchengo.starting_lots": lambda dairy: dairy.starting_lots("S1"),
    "Manchengo.lots_received": lambda dairy: dairy.lots_received("F01", MONDAY),
    "Stock.on_hand": lambda dairy: dairy.stock.on_hand(CHEESE),
    "Stock.preview": lambda dairy: dairy.stock.preview(CHEESE, kg(1)),
    "Lists.count": lambda dairy: [dairy.lists.count(kind) for kind in VIEWS],
    "Dashboard.figures": lambda dairy: dairy.dashboard.figures(),
    "Dashboard.to_load": lambda dairy: dairy.dashboard.to_load(),
    "Dashboard.exchange": lambda dairy: dairy.dashboard.exchange(),
    "Dashboard.unsent": lambda dairy: dairy.dashboard.unsent(),
    "Charts.moved": lambda dairy: dairy.charts.moved(
        CHEESE, Movement.PRODUCTION, first=MONDAY, last=MONDAY
    ),
    "Charts.on_hand": lambda dairy: dairy.charts.on_hand(CHEESE, first=MONDAY, last=MONDAY),
    "Charts.yields": lambda dairy: dairy.charts.yields(CHEESE, first=MONDAY, last=MONDAY),
    "Charts.expiring_each_day": lambda dairy: dairy.charts.expiring_each_day(
        CHEESE, first=MONDAY, last=MONDAY
    ),
}
"""Answered alike in every role."""

REVEALING: Mapping[str, tuple[Asked, set[Permission]]] = {
    "Manchengo.product": (lambda dairy: dairy.product("TOMME"), {PRICES}),
    "Manchengo.supplier": (lambda dairy: dairy.supplier("F01"), {PARTIES}),
    "Manchengo.client": (lambda dairy: dairy.client("C7"), {PARTIES}),
    "Manchengo.sales_order": (lambda dairy: dairy.sales_order("S1"), {PRICES}),
    "Stock.by_product": (lambda dairy: dairy.stock.by_product(), {PRICES}),
    "Lists.page": (
        lambda dairy: [dairy.lists.page(kind, query=ListQuery()) for kind in VIEWS],
        {PARTIES, PRICES},
    ),
    "Dashboard.expiring": (lambda dairy: dairy.dashboard.expiring(), {PARTIES, PRICES}),
    "Dashboard.expired": (lambda dairy: dairy.dashboard.expired(), {PARTIES, PRICES}),
    "Dashboard.orders_to_start": (lambda dairy: dairy.dashboard.orders_to_start(), {PRICES}),
    "Dashboard.orders_started": (lambda dairy: dairy.dashboard.orders_started(), {PRICES}),
    "Dashboard.late_orders": (lambda dairy: dairy.dashboard.late_orders(), {PARTIES, PRICES}),
    "Dashboard.stock_days": (lambda dairy: dairy.dashboard.stock_days(), {PRICES}),
}
"""Everybody is answered, and reads of it what they may."""

PERMITTED: Mapping[str, tuple[Asked, Permission]] = {
    "Manchengo.keys": (lambda dairy: dairy.keys(), KEYS),
    "Manchengo.invitations": (lambda dairy: dairy.invitations(), KEYS),
    "Manchengo.verify": (lambda dairy: dairy.verify(), VERIFY),
    "Manchengo.rebuild": (lambda dairy: dairy.rebuild(), REBUILD),
    "Manchengo.price_for": (lambda dairy: dairy.price_for(SHOP, CHEESE), PRICES),
    "Manchengo.undo_of": (
        lambda dairy: dairy.undo_of(BLOCKED, reason="no"),
        Permission.RELEASE_LOTS,
    ),
    "Manchengo.past_changes": (
        lambda dairy: dairy.past_changes(written_off("L1", litres(1))),
        Permission.WRITE_OFF,
    ),
}
"""Nobody is answered without the permission."""

NO_QUESTIONS = {
    *("Manchengo.execute", "Manchengo.build_and_execute", "Manchengo.batch"),  # test_every_door
    *("Manchengo.permit", "Manchengo.reading"),  # test_permissions, test_reading
}


def test_every_question_of_the_library_is_asked() -> None:
    public = {
        f"{kind.__name__}.{name}"
        for kind in (Manchengo, Stock, Lists, Dashboard, Charts)
        for name, member in vars(kind).items()
        if not name.startswith("_") and (isfunction(member) or hasattr(member, "__wrapped__"))
    }
    assert public == {*NOTHING_SECRET, *REVEALING, *PERMITTED, *NO_QUESTIONS}


@pytest.fixture(scope="module")
def dairy() -> Manchengo:
    return given(*HISTORY).dairy


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("question", [*NOTHING_SECRET, *REVEALING])
def test_of_an_answer_nobody_reads_more_than_they_may(
    dairy: Manchengo, question: str, role: Role
) -> None:
    ask, permissions = REVEALING.get(question) or (NOTHING_SECRET.get(question), set())
    assert ask is not None
    answer = ask(open_dairy(dairy.store, actor=somebody(role)))
    assert {*read_of(answer)} == {each for each in permissions if may_read(role, each)}


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("question", PERMITTED)
def test_who_may_not_ask_is_told_nothing(question: str, role: Role) -> None:
    ask, permission = PERMITTED[question]
    store = given(*HISTORY).dairy.store
    boss = open_dairy(store, actor=somebody(Role.ADMIN))
    boss.execute(blocked("L1"), command_id=BLOCKED)
    asking = open_dairy(store, actor=somebody(role))
    if may_read(role, permission):
        ask(asking)
    else:
        with pytest.raises(NotPermitted) as caught:
            ask(asking)
        assert caught.value.permission is permission


def read_of(answer: object) -> Iterator[Permission]:
    """The permissions that it takes to read what can be read in the answer, however deep."""
    if isinstance(answer, Money):
        yield PRICES
    elif isinstance(answer, str):
        if any(each in answer for each in SECRETS):
            yield PARTIES
    elif isinstance(answer, Mapping):
        for each in answer.values():
            yield from read_of(each)
    elif isinstance(answer, list | tuple | set | frozenset):
        for each in answer:
            yield from read_of(each)
    else:
        kind: type[Any] = type(answer)
        for each in fields(kind) if has(kind) else ():
            yield from _read_of_field(answer, each.name)


def _read_of_field(thing: Any, name: str) -> Iterator[Permission]:
    try:
        value = getattr(thing, name)
    except NotPermitted:
        return
    needed = takes(type(thing), name) if isinstance(thing, Row) else None
    if needed is not None and value not in (None, "", 0):
        yield needed
    yield from read_of(value)


IDENTITY = evolve(TALEB.identity, address="")
SECRETS = {value for name in CONTACTS if (value := getattr(IDENTITY, name, ""))}
"""Telephones and numbers of the parties in it, wherever they turn up."""
