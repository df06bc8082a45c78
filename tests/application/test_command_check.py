"""What cannot be read again is never stored: commands are checked whole, and events read back."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from enum import Enum
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin
from uuid import UUID

import pytest
from attrs import evolve, fields, has

from manchengo import Manchengo, MemoryStore, Refused, codec
from manchengo.application import command_check
from manchengo.application.command_check import NotACommand, NotWritable, WrongType
from manchengo.application.refusals import facts
from manchengo.codec import Codec, NotReadBack
from manchengo.commands import (
    NEEDS,
    ChangeClient,
    ChangeProduct,
    ChangeSupplier,
    Command,
    RegisterClient,
    RegisterProduct,
    RegisterSupplier,
)
from manchengo.domain import supplier
from manchengo.domain.errors import CodeMissing, NameMissing, Unknown
from manchengo.domain.ids import ClientId, CommitId, ProductId, SupplierId
from manchengo.domain.product import ProductKind
from manchengo.domain.recipe import Ingredient
from manchengo.domain.supplier import SupplierRegistered
from manchengo.domain.values import Quantity, Unit
from manchengo.memory import CountingIds, SteppingClock
from manchengo.schemas import Schema
from tests.support.dairy import A_DAIRY, FARM, MILK, SHOP, an_id, dinars, litres, received, sold
from tests.support.given import BOSS, everything, given, open_dairy
from tests.support.stores import STORES, OpenStore


def changed(value: Any, **wrong: Any) -> Any:
    """With other values, of whatever type."""
    return evolve(value, **wrong)


NOW = datetime(2026, 1, 6, 7, 45, 12, 345678, tzinfo=UTC)
A_LOT = received("L1", litres(5))
A_FARM = RegisterSupplier(supplier_id=SupplierId(an_id("a farm")), code="F09", name="Benali")
A_ROW = CommitId(an_id("a row"))
AN_ORDER = sold("S1", litres(1))
MILK_USED: Any = Ingredient(MILK, litres(1))
A_SHOP = RegisterClient(client_id=ClientId(an_id("a shop")), code="C09", name="Taleb")
A_MILK = RegisterProduct(
    product_id=ProductId(an_id("goat")),
    code="CHEVRE",
    kind=ProductKind.RAW,
    name="Lait de chèvre",
    unit=Unit.L,
    price=dinars(90),
)

# ------------------------------------------------------------------- every field of every command


def sample(annotation: Any) -> Any:
    """Some value of that type."""
    while hasattr(annotation, "__supertype__"):
        annotation = annotation.__supertype__
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin in (Union, UnionType):
        return sample(next(each for each in arguments if each is not NoneType))
    if origin in (tuple, frozenset):
        return origin([sample(arguments[0])])
    if has(annotation):
        return annotation(*[], **{each.name: sample(each.type) for each in fields(annotation)})
    if issubclass(annotation, Enum):
        return next(iter(annotation))
    known: dict[type, Any] = {
        UUID: UUID(int=7),
        bool: True,
        date: date(2026, 1, 5),
        int: 3,
        str: "a",
        bytes: b"a",
    }
    return known[annotation]


def of_a_near_type(value: Any) -> Any:
    """What is easily taken for it."""
    match value:
        case bool():
            return 1
        case Enum() | UUID():
            return str(value)
        case int():
            return True
        case date():
            return NOW
        case tuple():
            return list(value)
        case frozenset():
            return set(value)
        case _:
            return 12


def spoilt(value: Any) -> Iterator[tuple[str, Any]]:
    """The value with one thing in it of another type, for each thing there; and the way to it."""
    yield "", of_a_near_type(value)
    if isinstance(value, tuple | frozenset):
        for path, wrong in spoilt(next(iter(value))):
            try:
                yield f"[0]{path}", type(value)([wrong])
            except TypeError:  # a set holds no lists
                continue
    elif has(type(value)):
        for each in fields(type(value)):
            for path, wrong in spoilt(getattr(value, each.name)):
                other = evolve(value)
                object.__setattr__(other, each.name, wrong)  # past what the class itself checks
                yield (f".{each.name}{path}", other)


@pytest.mark.parametrize("kind", NEEDS, ids=lambda kind: kind.__name__)
def test_every_value_of_a_command_is_of_its_exact_type(kind: type) -> None:
    command = sample(kind)
    assert command_check.encoded(command) == codec.commands.encode(command)
    ways = [(path.removeprefix("."), each) for path, each in spoilt(command) if path]
    assert {path.partition(".")[0].partition("[")[0] for path, _ in ways} == {
        each.name for each in fields(kind)
    }
    for path, wrong in ways:
        with pytest.raises(WrongType) as caught:
            command_check.encoded(wrong)
        assert caught.value.field == path


@pytest.mark.parametrize("open_store", STORES.values(), ids=STORES)
def test_a_value_of_the_wrong_type_is_refused_and_leaves_nothing(open_store: OpenStore) -> None:
    wrong: dict[str, tuple[Any, str, str]] = {
        "on": (evolve(A_LOT, on=NOW), "date", "datetime"),
        "expires_on": (evolve(A_LOT, expires_on=NOW), "date | None", "datetime"),
        "quarantined": (changed(A_LOT, quarantined="non"), "bool", "str"),
        "kind": (changed(A_MILK, kind="RAW"), "ProductKind", "str"),
        "quantity.thousandths": (evolve(A_LOT, quantity=Quantity(True, Unit.L)), "int", "bool"),
        "lot_id": (changed(A_LOT, lot_id=str(A_LOT.lot_id)), "UUID", "str"),
        "code": (changed(A_LOT, code=None), "str", "NoneType"),
        "lines[0]": (evolve(AN_ORDER, lines=(MILK_USED,)), "OrderLine", "Ingredient"),
    }
    with open_store() as store:
        dairy = open_dairy(store)
        for step in A_DAIRY:
            dairy.execute(step)
        before = everything(store)
        for field, (command, expected, given_type) in wrong.items():
            with pytest.raises(WrongType) as caught:
                dairy.execute(command)
            assert facts(caught.value) == {
                "command": codec.commands.name(command),
                "field": field,
                "expected": expected,
                "given": given_type,
            }
        assert everything(store) == before
        assert dairy.verify().sound


def test_a_batch_checks_too() -> None:
    dairy = given(A_DAIRY).dairy
    with dairy.batch() as batch, pytest.raises(WrongType):
        batch.execute(evolve(A_LOT, on=NOW), command_id=A_ROW)


def test_what_is_no_command_is_refused_and_noted() -> None:
    dairy = open_dairy()
    for given_value, name in (("x", "str"), (None, "NoneType"), (A_DAIRY, "tuple")):
        with pytest.raises(NotACommand) as caught:
            dairy.execute(given_value)  # type: ignore[arg-type]
        assert caught.value.given == name
        with dairy.store.reading() as snapshot:
            assert snapshot.audit(limit=1)[0].action == name


@pytest.mark.parametrize("open_store", STORES.values(), ids=STORES)
def test_ids_are_checked_before_anything_is_looked_up(open_store: OpenStore) -> None:
    with open_store() as store:
        dairy = open_dairy(store)
        for wrong in ("x", "", 7):
            with pytest.raises(WrongType) as caught:
                dairy.execute(A_FARM, command_id=wrong)  # type: ignore[arg-type]
            assert caught.value.field == "command_id"
        with (
            dairy.batch(import_id="f.csv") as batch,  # type: ignore[arg-type]
            pytest.raises(WrongType) as caught,
        ):
            batch.execute(A_FARM, command_id=A_ROW)
        assert caught.value.field == "import_id"
        with pytest.raises(Unknown):
            dairy.trace("L1")  # type: ignore[arg-type]
        with pytest.raises(Unknown):
            dairy.simulate_recall("L1")  # type: ignore[arg-type]
        for by_code in (dairy.lot, dairy.product, dairy.supplier, dairy.sales_order):
            with pytest.raises(Unknown):
                by_code(A_ROW)  # type: ignore[arg-type]


def test_a_clock_whose_day_has_an_hour_is_refused() -> None:
    class Wrong(SteppingClock):
        def today(self) -> date:
            return NOW

    dairy = Manchengo(MemoryStore(), clock=Wrong(), ids=CountingIds(), actor=BOSS)
    with pytest.raises(WrongType) as caught:
        dairy.execute(A_FARM)
    assert (caught.value.field, caught.value.given) == ("on", "datetime")


@pytest.mark.parametrize("open_store", STORES.values(), ids=STORES)
def test_a_text_that_cannot_be_written_is_refused(open_store: OpenStore) -> None:
    with open_store() as store:
        dairy = open_dairy(store)
        for command in (
            evolve(A_FARM, name="Ferme \udcff"),
            evolve(A_FARM, code="\ud800"),
        ):
            with pytest.raises(NotWritable):
                dairy.execute(command)


# ------------------------------------------------------------------------------ codes and names


def test_a_code_of_blanks_is_refused_as_such() -> None:
    for code in ("", " ", "\t\n"):
        given(A_DAIRY).when(evolve(A_LOT, code=code)).refused(CodeMissing, kind="lot")
        given(A_DAIRY).when(evolve(A_FARM, code=code)).refused(CodeMissing, kind="supplier")


@pytest.mark.parametrize("name", ["", " "])
def test_a_name_of_blanks_is_refused_as_such(name: str) -> None:
    steps: tuple[tuple[Command, str], ...] = (
        (evolve(A_FARM, name=name), "supplier"),
        (ChangeSupplier(supplier_id=FARM, name=name), "supplier"),
        (evolve(A_SHOP, name=name), "client"),
        (ChangeClient(client_id=SHOP, name=name), "client"),
        (evolve(A_MILK, name=name), "product"),
        (ChangeProduct(product_id=MILK, name=name), "product"),
    )
    for step, kind in steps:
        given(A_DAIRY).when(step).refused(NameMissing, kind=kind)


# ------------------------------------------------------------------------------------- read back


def test_what_would_be_read_as_something_else_is_not_written() -> None:
    table = Codec({"supplier.registered": Schema(SupplierRegistered)})
    event = SupplierRegistered(
        supplier_id=A_FARM.supplier_id,
        code="F09",
        name="Benali",
        commune="",
        identity=A_FARM.identity,
    )
    assert table.encode_readable(event) == table.encode(event)
    for wrong in ({"code": 9}, {"commune": None}, {"supplier_id": "F09"}, {"identity": "?"}):
        with pytest.raises(NotReadBack):
            table.encode_readable(changed(event, **wrong))


def test_a_rule_that_tells_what_cannot_be_read_stores_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    decided = supplier.decide(None, A_FARM)[0]
    monkeypatch.setattr(supplier, "decide", lambda *_: (changed(decided, commune=16),))
    dairy = open_dairy()
    before = everything(dairy.store)
    with pytest.raises(NotReadBack) as caught:
        dairy.execute(A_FARM)
    assert not isinstance(caught.value, Refused)
    assert everything(dairy.store) == before
    monkeypatch.undo()
    dairy.execute(A_FARM)
    assert dairy.verify().sound
