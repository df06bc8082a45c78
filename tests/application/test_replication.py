"""Devices that disagree and agree again: the core's half of it, without a network."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from uuid import UUID

import pytest
from attrs import evolve

from manchengo import Commit, codec
from manchengo.application.replication import device_log as replica
from manchengo.application.replication import resealing
from manchengo.application.unit_of_work import StateCache
from manchengo.commands import ChangeClient, ChangeProduct
from manchengo.domain.commit import LogEntry, Verdict
from manchengo.domain.ids import CommitId
from manchengo.domain.lot.commands import Expiry
from manchengo.domain.resolution import ResolveItem, Way, item_id_of
from manchengo.ports.rows import (
    ClaimRow,
    ClientRow,
    FinishedLotRow,
    LotCorrectionRow,
    RawLotRow,
    ResolutionItemRow,
)
from manchengo.ports.settings import DEVICE
from manchengo.ports.store import Pending, Store
from tests.support.dairy import (
    A_DAIRY,
    MILK,
    RENNET,
    SHOP,
    corrected,
    day,
    dinars,
    in_opening_stock,
    kg,
    litres,
    lot_id,
    made,
    millilitres,
    planned,
    poured,
    received,
    started,
    written_off,
)
from tests.support.plant import Device, Plant
from tests.support.stores import STORES

THE_MORNING = (
    A_DAIRY,
    received("L1", litres(100)),
    received("L2", litres(100), on=day(1)),
    received("R1", millilitres(600), of=RENNET),
)


@pytest.fixture(params=STORES)
def plant(request: pytest.FixtureRequest) -> Iterator[Plant]:
    with ExitStack() as open_stores:

        def open_store() -> Store:
            return open_stores.enter_context(STORES[request.param]())

        yield Plant(store=open_store(), open_store=open_store)


def check(plant: Plant) -> None:
    assert len(plant.digests()) == 1
    for each in plant.devices:
        assert each.dairy.verify().sound, each.dairy.verify()
        with each.store.reading() as snapshot:
            assert snapshot.count_pending() == 0


def test_what_one_records_the_other_sees(plant: Plant) -> None:
    office, phone = plant.device(), plant.device()
    office.does(THE_MORNING)
    plant.settle()
    phone.does(made("O1", kg(3), on=day(1)))
    plant.settle()
    check(plant)


def test_two_phones_pour_the_same_lot(plant: Plant) -> None:
    office, phone = plant.device(), plant.device()
    office.does(THE_MORNING, planned("O1", kg(8), on=day(1)), planned("O2", kg(8), on=day(1)))
    plant.settle()
    office.does(started("O1", on=day(1)), poured("O1", "L1", litres(80), on=day(1)))
    (start, pour) = phone.does(started("O2", on=day(1)), poured("O2", "L1", litres(80), on=day(1)))
    plant.settle()
    check(plant)
    with phone.store.reading() as snapshot:
        entry = snapshot.entry(pour.id)
        assert entry is not None
        assert entry.verdict is Verdict.REJECTED
        assert entry.reason == "NotEnoughInLot"
        started_ = snapshot.entry(start.id)
        assert started_ is not None
        assert started_.verdict is Verdict.REALLOCATED
        (item,) = snapshot.rows(ResolutionItemRow)
        assert item.id == item_id_of(pour.id)
        (claim,) = snapshot.rows(ClaimRow)
        assert (claim.subject, claim.quantity) == (lot_id("L1"), 80_000)
    office.does(
        ResolveItem(
            item_id=item_id_of(pour.id),
            way=Way.OTHER_LOT,
            lot_id=lot_id("L2"),
            reason="étiquette mal lue",
            on=day(1),
        )
    )
    plant.settle()
    check(plant)
    with phone.store.reading() as snapshot:
        lot = snapshot.get(RawLotRow, lot_id("L2"))
        assert lot is not None
        assert lot.quantity_remaining == 20_000
        (item,) = snapshot.rows(ResolutionItemRow)
        assert (item.status, item.closed_by) == ("closed", "other_lot")


def test_later_writing_of_a_field_holds_whatever_the_order_of_arrival(plant: Plant) -> None:
    office, phone = plant.device(), plant.device()
    office.does(THE_MORNING)
    plant.settle()
    office.does(ChangeClient(client_id=SHOP, name="Avant"))
    phone.clock.at += timedelta(minutes=2)
    phone.does(ChangeClient(client_id=SHOP, name="Après"))
    phone.push()
    plant.settle()
    check(plant)
    with office.store.reading() as snapshot:
        shop = snapshot.get(ClientRow, SHOP)
        assert shop is not None
        assert shop.name == "Après"


def test_a_price_written_by_two_at_once_asks_a_person(plant: Plant) -> None:
    office, phone = plant.device(), plant.device()
    office.does(THE_MORNING)
    plant.settle()
    office.does(ChangeProduct(product_id=MILK, price=dinars(70)))
    phone.does(ChangeProduct(product_id=MILK, price=dinars(80)))
    plant.settle()
    check(plant)
    with office.store.reading() as snapshot:
        (item,) = snapshot.rows(ResolutionItemRow)
        assert item.matter == "contested"


def test_a_copied_database_takes_another_name_and_loses_nothing(plant: Plant) -> None:
    office, phone = plant.device(), plant.device()
    office.does(THE_MORNING)
    plant.settle()
    with phone.store.writing() as transaction:
        transaction.set_setting(DEVICE, str(office.id))
        with office.store.reading() as snapshot:
            transaction.set_tip(office.id, snapshot.tip(office.id))
    office.does(received("L8", litres(8), on=day(1)))
    phone.does(received("L9", litres(9), on=day(1)), written_off("L9", litres(1), on=day(1)))
    plant.settle()
    check(plant)
    assert office.id != phone.id
    with office.store.reading() as snapshot:
        assert snapshot.get(RawLotRow, lot_id("L9")) is not None


def test_a_server_put_back_from_a_backup_is_given_everything_again(plant: Plant) -> None:
    office, phone = plant.device(), plant.device()
    office.does(THE_MORNING)
    plant.settle()
    with plant.store.reading() as snapshot:
        kept = list(snapshot.entries())
    office.does(written_off("L1", litres(1), on=day(1)))
    phone.does(received("L7", litres(7), on=day(1)))
    plant.settle()
    put_back(plant, kept)
    start_over(phone, after=len(kept))
    plant.devices = [phone]
    plant.settle()
    check(plant)
    with plant.store.reading() as snapshot:
        assert snapshot.get(RawLotRow, lot_id("L7")) is not None
        lot = snapshot.get(RawLotRow, lot_id("L1"))
        assert lot is not None
        assert lot.quantity_remaining == 99_000


def put_back(plant: Plant, kept: list[LogEntry]) -> None:
    restored = plant.open_store()
    with restored.writing() as transaction:
        for entry in kept:
            replica.apply(transaction, entry, StateCache())
    plant.store = restored
    plant.state_cache.forget()


def start_over(device: Device, *, after: int) -> None:
    with device.store.writing() as transaction:
        resealing.start_over(
            transaction, after=after, device_id=device.id, state_cache=device.state_cache
        )


def test_a_lost_commit_of_another_is_stored_behind_what_it_follows_now(plant: Plant) -> None:
    """The office lost it and gave its number to another; the phone offers it under its own name,
    behind what it recorded later and offered first. Whoever relies on it still waits behind it.
    """
    office, phone = plant.device(), plant.device()
    office.does(THE_MORNING)
    plant.settle()
    kept = plant.after(0)
    (lost,) = office.does(received("L7", litres(7), on=day(1)))
    office.push()
    phone.pull()
    put_back(plant, kept)
    start_over(phone, after=len(kept))
    plant.receive([unsigned(another_under_its_number(lost))])
    (mine,) = phone.does(written_off("L1", litres(1), on=day(1)))
    plant.receive([unsigned(mine)])
    phone.does(written_off("L7", litres(1), on=day(1)))
    phone.pull()
    with phone.store.reading() as snapshot:
        stored = [each.id for each in snapshot.commits()]
        assert stored.index(mine.id) < stored.index(lost.id)
        assert next(snapshot.pending()).commit.id == lost.id
    assert phone.dairy.verify().sound, phone.dairy.verify()
    plant.devices = [phone]
    plant.settle()
    check(plant)
    with plant.store.reading() as snapshot:
        lot = snapshot.get(RawLotRow, lot_id("L7"))
        assert lot is not None
        assert lot.quantity_remaining == 6_000


def test_ones_own_commit_under_its_former_seal_is_no_sign_of_a_twin(plant: Plant) -> None:
    """The phone seals it again behind another's, when the log has it as it was offered."""
    office, phone = plant.device(), plant.device()
    office.does(THE_MORNING)
    plant.settle()
    kept = plant.after(0)
    (lost,) = office.does(received("L7", litres(7), on=day(1)))
    office.push()
    phone.pull()
    put_back(plant, kept)
    start_over(phone, after=len(kept))
    (mine,) = phone.does(written_off("L1", litres(1), on=day(1)))
    plant.receive([unsigned(another_under_its_number(lost))])
    phone.pull()
    with phone.store.reading() as snapshot:
        assert [each.commit.sequence for each in snapshot.pending()] == [1, 2]
    plant.receive([unsigned(mine)])
    former = phone.id
    phone.pull()
    assert phone.id == former
    plant.devices = [phone]
    plant.settle()
    check(plant)
    assert phone.id == former


def another_under_its_number(commit: Commit) -> Commit:
    """Of the same author and in the same place of their chain, with nothing done."""
    return codec.sealed(evolve(commit, id=CommitId(UUID(int=99)), events=()))


def unsigned(commit: Commit) -> Pending:
    return Pending(commit=commit, effective=None, seal=None, signature=b"")


def test_the_later_correction_of_a_lot_holds_and_a_person_is_asked(plant: Plant) -> None:
    office, phone = plant.device(), plant.device()
    office.does(THE_MORNING)
    plant.settle()
    office.does(corrected("L1", on=day(1), expiry=Expiry(day(3)), reference="bon 12"))
    phone.clock.at += timedelta(minutes=2)
    phone.does(corrected("L1", on=day(1), expiry=Expiry(day(9)), reason="another label"))
    phone.push()
    plant.settle()
    check(plant)
    with office.store.reading() as snapshot:
        lot = snapshot.get(RawLotRow, lot_id("L1"))
        assert lot is not None
        assert (lot.expires_on, lot.supplier_reference) == (day(9), "bon 12")
        (item,) = snapshot.rows(ResolutionItemRow)
        assert (item.matter, item.facts) == ("contested", '{"fields":["expiry"]}')
        assert {row.after for row in snapshot.rows(LotCorrectionRow)} == {
            day(9).isoformat(),
            "bon 12",
        }


def test_two_corrections_of_different_fields_both_hold(plant: Plant) -> None:
    office, phone = plant.device(), plant.device()
    office.does(THE_MORNING)
    plant.settle()
    office.does(corrected("L1", on=day(1), expiry=Expiry(day(3))))
    phone.does(corrected("L1", on=day(2), reference="bon 12", reason="their note"))
    plant.settle()
    check(plant)
    with phone.store.reading() as snapshot:
        lot = snapshot.get(RawLotRow, lot_id("L1"))
        assert lot is not None
        assert (lot.expires_on, lot.supplier_reference) == (day(3), "bon 12")
        rows = list(snapshot.rows(LotCorrectionRow, lot_id=lot_id("L1")))
        assert {(row.field, row.day, row.reason) for row in rows} == {
            ("expiry", day(1), "label misread"),
            ("supplier_reference", day(2), "their note"),
        }
        assert list(snapshot.rows(ResolutionItemRow)) == []


def test_what_was_poured_elsewhere_after_the_corrected_expiry_is_for_a_person(
    plant: Plant,
) -> None:
    office, phone = plant.device(), plant.device()
    office.does(THE_MORNING, planned("O1", kg(2), on=day(1)), started("O1", on=day(1)))
    plant.settle()
    office.does(corrected("L1", on=day(1), expiry=Expiry(day(1))))
    (pour,) = phone.does(poured("O1", "L1", litres(20), on=day(2)))
    office.push()
    plant.settle()
    check(plant)
    with office.store.reading() as snapshot:
        (item,) = snapshot.rows(ResolutionItemRow)
        assert (item.commit_id, item.refusal) == (pour.id, "LotUnfit")
        (claim,) = snapshot.rows(ClaimRow)
        assert (claim.subject, claim.quantity) == (lot_id("L1"), 20_000)


def test_opening_stock_entered_twice_apart_under_one_code_is_for_a_person(plant: Plant) -> None:
    office, phone = plant.device(), plant.device()
    office.does(THE_MORNING)
    plant.settle()
    office.does(in_opening_stock("T0", kg(5), dated=day(-9)))
    (other,) = phone.does(
        evolve(in_opening_stock("T0", kg(6), dated=day(-9)), lot_id=lot_id("another T0"))
    )
    office.push()
    plant.settle()
    check(plant)
    with office.store.reading() as snapshot:
        lot = snapshot.get(FinishedLotRow, lot_id("T0"))
        assert lot is not None
        assert (lot.quantity_remaining, lot.opening_on) == (5_000, day(0))
        (item,) = snapshot.rows(ResolutionItemRow)
        assert (item.commit_id, item.refusal) == (other.id, "AlreadyExists")
        (claim,) = snapshot.rows(ClaimRow)
        assert (claim.kind, claim.subject, claim.cause) == ("received", lot_id("another T0"), None)
    office.does(
        ResolveItem(
            item_id=item.id, way=Way.OTHER_CODE, code="T0-BIS", reason="two boxes", on=day(1)
        )
    )
    plant.settle()
    check(plant)
    with phone.store.reading() as snapshot:
        assert snapshot.get(FinishedLotRow, lot_id("another T0")) is not None
