"""The desktop on a real database: what screens ask for, proved, refused and shared."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from attrs import evolve

from manchengo import Role
from manchengo.application.choices import Choices
from manchengo.application.last_recorded import last_recorded
from manchengo.commands import BlockLot, CountLot, ReceiveLot, TakeBackCount, WriteOffLot
from manchengo.domain.ids import LotId, SupplierId
from manchengo.domain.label import Label, LabelKind
from manchengo.domain.values import Quantity, Unit
from manchengo.ports.audit import AuditKind, AuditQuery
from manchengo.ports.rows import RawLotRow, RawProductRow, SupplierRow
from manchengo.ports.store import Snapshot
from manchengo_desktop.compose import DeviceOffice
from manchengo_desktop.compose.typed_secrets import Passphrases, Secrets
from manchengo_desktop.demo import demo_dairy
from manchengo_presenters import entering
from manchengo_presenters.screens.dashboard import PERIOD, overview
from manchengo_presenters.screens.label_file import LabelPaper
from manchengo_presenters.screens.office import (
    Access,
    NewDairy,
    Recorded,
    Restoration,
)
from manchengo_presenters.screens.problem import Problem
from manchengo_qr.drawing import draw, png
from manchengo_qr.payload import label_text
from manchengo_workplace import label_keys
from manchengo_workplace.opening import opened
from tests.documents.test_papers import NOTE, RECALL

PASSPHRASE = "chevre lampe tiroir pont"
SECRET = "nuage vis papier olive"
OTHER_SECRET = "moulin clou serviette bleu"
DAIRY = NewDairy(
    name="Fromagerie du Djurdjura", admin="amina", passphrase=PASSPHRASE, secret=SECRET
)


@pytest.fixture(autouse=True)
def _sessions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))


@pytest.fixture
def office(tmp_path: Path) -> Iterator[DeviceOffice]:
    office = DeviceOffice(tmp_path / "atelier.db")
    yield office
    office.close()


@pytest.fixture
def recovery_key(office: DeviceOffice) -> str:
    return office.create(DAIRY)


@pytest.fixture
def at_work(office: DeviceOffice, recovery_key: str) -> DeviceOffice:
    office.sign_in("amina", SECRET, print)
    office.record(lambda choices: entering.new_supplier(choices, "Ferme"), told)
    office.record(lambda choices: entering.new_material(choices, "Lait", Unit.L, 3), told)
    return office


def told(snapshot: Snapshot, command: object) -> str:
    return f"{type(command).__name__} at {snapshot.head()}"


def receive(office: DeviceOffice) -> Recorded:
    def build(choices: Choices) -> ReceiveLot:
        (supplier,) = choices.snapshot.rows(SupplierRow)
        (milk,) = choices.snapshot.rows(RawProductRow)
        return entering.reception(
            choices,
            milk,
            SupplierId(supplier.id),
            Quantity(540_000, Unit.L),
            expires=None,
            price=None,
            reference="",
            quarantined=False,
        )

    return office.record(build, told)


def lot_of(done: Recorded) -> LotId:
    assert isinstance(done.command, ReceiveLot)
    return done.command.lot_id


def block(office: DeviceOffice, lot_id: LotId, reason: str) -> Recorded:
    return office.record(
        lambda choices: BlockLot(lot_id=lot_id, on=choices.day, reason=reason), told
    )


def test_a_database_is_made_encrypted_and_nobody_is_signed_in(office: DeviceOffice) -> None:
    assert office.access() is Access.NO_DATABASE
    assert office.create(DAIRY)
    assert office.access() is Access.OPEN
    assert office.path.read_bytes()[:6] != b"SQLite"
    assert office.dairy_name() == "Fromagerie du Djurdjura"
    assert [person.name for person in office.people()] == ["amina"]
    with pytest.raises(Problem) as refused:
        office.stock()
    assert refused.value.name == "Locked"
    assert list(office.path.parent.rglob("*.session")) == [], "no terminal acts for her"


def test_a_weak_secret_names_its_field_and_leaves_no_database(office: DeviceOffice) -> None:
    for field, weak in (
        ("passphrase", NewDairy(name="", admin="amina", passphrase="amina", secret=SECRET)),
        ("secret", NewDairy(name="", admin="amina", passphrase=PASSPHRASE, secret="12345678")),
    ):
        with pytest.raises(Problem) as refused:
            office.create(weak)
        assert (refused.value.name, refused.value.field) == ("SecretTooWeak", field)
        assert office.access() is Access.NO_DATABASE


def test_a_closed_database_takes_its_own_passphrase(office: DeviceOffice) -> None:
    office.create(DAIRY)
    office.close()
    assert office.access() is Access.CLOSED
    with pytest.raises(Problem) as refused:
        office.open("une autre phrase")
    assert refused.value.name == "WrongKey"
    office.open(PASSPHRASE)
    assert office.access() is Access.OPEN


def test_only_the_right_secret_lets_somebody_act(office: DeviceOffice) -> None:
    office.create(DAIRY)
    with pytest.raises(Problem) as refused:
        office.sign_in("amina", "pas la bonne", print)
    assert refused.value.name == "WrongSecret"
    assert office.is_locked()
    signed_in = office.sign_in("amina", SECRET, print)
    assert (signed_in.name, signed_in.roles) == ("amina", frozenset({Role.ADMIN}))
    assert not office.is_locked()
    assert office.stock() == []


def test_who_is_locked_out_reads_and_records_nothing(at_work: DeviceOffice) -> None:
    at_work.lock()
    with pytest.raises(Problem) as refused:
        receive(at_work)
    assert refused.value.name == "Locked"
    with pytest.raises(Problem), at_work.reading():
        pass


def test_a_lot_is_received_judged_and_seen(at_work: DeviceOffice) -> None:
    before = at_work.revision()
    done = receive(at_work)
    assert done.sentence.startswith("ReceiveLot at "), "said once it is stored"
    assert at_work.revision() != before
    block(at_work, lot_of(done), "antibiotiques")
    with pytest.raises(Problem) as refused:
        block(at_work, lot_of(done), "")
    assert refused.value.name == "ReasonMissing"


def test_what_the_window_took_back_is_passed_over_at_the_command_line(
    at_work: DeviceOffice,
) -> None:
    first, second = receive(at_work), receive(at_work)
    (undone,) = at_work.take_back(second)
    assert undone.sentence.startswith("Annulé")
    assert not undone.can_be_taken_back
    with at_work.reading() as snapshot:
        last = last_recorded(snapshot, at_work._at_work.actor)
    assert last is not None
    assert last.id == first.commit_id
    at_work.take_back(first)
    with pytest.raises(Problem, match="annulé"):
        block(at_work, lot_of(first), "trop tard")


def test_two_windows_see_each_other_s_work(at_work: DeviceOffice) -> None:
    other = DeviceOffice(at_work.path)
    other.open(PASSPHRASE)
    other.sign_in("amina", SECRET, print)
    before = other.revision()
    receive(at_work)
    assert other.revision() != before
    assert [line.on_hand for line in other.stock()] == [Quantity(540_000, Unit.L)]
    other.close()


def test_a_device_without_a_server_says_so(at_work: DeviceOffice) -> None:
    status = at_work.exchange_status()
    assert status.server == ""
    assert status.pending > 0
    assert status.oldest is not None
    assert status.last is None


def test_a_backup_is_brought_back(at_work: DeviceOffice, recovery_key: str, tmp_path: Path) -> None:
    receive(at_work)
    copy = tmp_path / "copie.db"
    with opened(
        at_work.path, passphrases=Passphrases(PASSPHRASE), secrets=Secrets(SECRET), acts=True
    ) as workplace:
        workplace.backup(copy, whole=True)
    elsewhere = DeviceOffice(tmp_path / "neuf" / "atelier.db")
    elsewhere.restore(Restoration(source=copy, passphrase=PASSPHRASE))
    assert elsewhere.people() == [], "the keys of people are in no backup"
    with pytest.raises(Problem) as refused:
        elsewhere.begin_with_code("amina", "AAAA-AAAA-AAAA-AAAA-AAAA-AAAA", OTHER_SECRET)
    assert refused.value.name == "WrongCode"
    elsewhere.begin_with_code("amina", recovery_key, OTHER_SECRET)
    elsewhere.sign_in("amina", OTHER_SECRET, print)
    with elsewhere.reading() as snapshot:
        noted = snapshot.audit_page(AuditQuery(kinds=(AuditKind.SESSION,)), limit=2)
    assert [each.entry.outcome for each in noted] == ["done", "WrongCode"]
    assert [line.on_hand for line in elsewhere.stock()] == [Quantity(540_000, Unit.L)]
    elsewhere.close()


def test_a_backup_that_is_not_there_is_said(office: DeviceOffice, tmp_path: Path) -> None:
    with pytest.raises(Problem) as refused:
        office.restore(Restoration(source=tmp_path / "rien.db", passphrase=PASSPHRASE))
    assert refused.value.name == "BackupMissing"


def test_the_demonstration_has_something_on_every_screen() -> None:
    with demo_dairy() as demo:
        office = DeviceOffice(demo.path)
        office.open(demo.passphrase)
        office.sign_in(demo.person, demo.secret, print)
        seen = overview(office)
        days = {line.product.code: line.days for line in office.stock_days(PERIOD)}
        office.close()
    assert len(seen.first) == 8
    assert seen.received is not None
    assert len(seen.received.bars) == 14
    assert all(bar.amount for bar in seen.received.bars)
    assert seen.figures[1].value == "3"
    lasting = {line.code: line.lasts for line in seen.stock if line.lasts}
    assert lasting.keys() == {code for code in lasting if days[code] is not None} != set()
    assert all(str(days[code]) in words for code, words in lasting.items())
    assert not demo.path.exists()


def test_counts_recorded_together_all_stay_or_none(at_work: DeviceOffice) -> None:
    lots = [lot_of(receive(at_work)) for _ in range(2)]
    today = at_work.today()

    def counts(second_day: date) -> list[CountLot]:
        return [
            CountLot(lot_id=lot, counted=Quantity(1_000, Unit.L), on=day, reason="Renversé")
            for lot, day in zip(lots, (today, second_day), strict=True)
        ]

    def on_hand() -> list[int]:
        with at_work.reading() as snapshot:
            rows = [snapshot.get(RawLotRow, lot) for lot in lots]
        return [row.quantity_remaining for row in rows if row]

    before = on_hand()
    with pytest.raises(Problem) as refused:
        at_work.record_all(lambda _: counts(today - timedelta(days=1)))
    assert (refused.value.name, on_hand()) == ("BeforeItCame", before)
    done = at_work.record_all(lambda _: counts(today))
    assert [each.warnings for each in done] == [(), ()]
    assert on_hand() == [1_000, 1_000]
    with at_work.reading() as snapshot:
        head = snapshot.head()
    undone = at_work.take_back(*done)
    assert on_hand() == before
    assert [each.command for each in undone] == [
        TakeBackCount(
            lot_id=lot, counted=Quantity(1_000, Unit.L), on=today, reason="saisi par erreur"
        )
        for lot in lots
    ]
    at_work.take_back(*done)
    with at_work.reading() as snapshot:
        assert snapshot.head() == head + 2, "once"


def test_counts_recorded_together_are_taken_back_together_or_not_at_all(
    at_work: DeviceOffice,
) -> None:
    lots, today = [lot_of(receive(at_work)) for _ in range(2)], at_work.today()
    done = at_work.record_all(
        lambda _: [
            CountLot(lot_id=lot, counted=Quantity(700_000, Unit.L), on=today) for lot in lots
        ]
    )
    write_off = WriteOffLot(
        lot_id=lots[0], quantity=Quantity(600_000, Unit.L), on=today, reason="x"
    )
    at_work.record(lambda _: write_off, lambda *_: "")
    with pytest.raises(Problem) as refused:
        at_work.take_back(*done)
    assert refused.value.name == "LeftSinceTheCount"
    with at_work.reading() as snapshot:
        rows = [snapshot.get(RawLotRow, lot) for lot in lots]
    assert [row.quantity_remaining for row in rows if row] == [100_000, 700_000]


def test_a_label_is_a_pdf_under_the_key_of_the_site(at_work: DeviceOffice) -> None:
    lot_id = lot_of(receive(at_work))
    for paper in LabelPaper:
        file = at_work.labels.file([lot_id], paper)
        assert file.name.startswith("etiquette-MP-")
        assert file.content[:5] == b"%PDF-"
    several = at_work.labels.file([lot_id, lot_id], LabelPaper.SHEET)
    assert several.name == f"etiquette-{at_work.today():%Y%m%d}.pdf"
    with at_work.reading() as snapshot:
        several_noted, one_noted = snapshot.audit_page(
            AuditQuery(kinds=(AuditKind.EXPORT,)), limit=2
        )
    assert one_noted.entry.action == several_noted.entry.action == "export.labels"
    assert (one_noted.entry.count, one_noted.entry.user_id) == (3, at_work.actor.user_id)


def test_a_paper_that_is_printed_is_noted_in_the_audit(at_work: DeviceOffice) -> None:
    for content in (at_work.papers.delivery_note(NOTE), at_work.papers.recall(RECALL)):
        assert content[:5] == b"%PDF-"
    with at_work.reading() as snapshot:
        noted = snapshot.audit_page(AuditQuery(kinds=(AuditKind.EXPORT,)), limit=9)
    said = {each.entry.action: json.loads(each.entry.facts) for each in noted}
    assert said["export.delivery_note"] == {"delivery": NOTE.code}
    assert said["export.recall_list"] == {
        "begun_with": RECALL.begun_with,
        "calls": len(RECALL.calls),
        "telephones": True,
    }


def test_who_is_locked_out_prints_no_label(at_work: DeviceOffice) -> None:
    lot_id = lot_of(receive(at_work))
    at_work.lock()
    with pytest.raises(Problem) as raised:
        at_work.labels.file([lot_id], LabelPaper.LARGE)
    assert raised.value.name == "Locked"


def test_what_is_unlikely_is_said_before_it_is_recorded(at_work: DeviceOffice) -> None:
    year = timedelta(days=900)
    command = receive(at_work).command
    assert isinstance(command, ReceiveLot)
    long_past = evolve(command, on=at_work.today() - year)
    (sentence,) = at_work.doubts(lambda _choices: long_past)
    assert f"{long_past.on:%d/%m/%Y}" in sentence


# --------------------------------------------------------------------------------------- scans


def label_of(office: DeviceOffice, done: Recorded) -> str:
    """What the label of that reception says; its first label makes the key of the labels."""
    keys = label_keys.printing_keys(office._at_work)
    assert isinstance(done.command, ReceiveLot)
    return label_text(Label(kind=LabelKind.RAW_MATERIAL_LOT, subject=done.command.lot_id), keys)


def scans_of(office: DeviceOffice) -> list[tuple[str, str]]:
    with office.reading() as snapshot:
        return [
            (each.action, each.outcome)
            for each in reversed(snapshot.audit(limit=9))
            if each.action.startswith("scan.")
        ]


def test_what_is_scanned_is_recorded(at_work: DeviceOffice) -> None:
    done = receive(at_work)
    label = label_of(at_work, done)
    looked = at_work.scans.look(label)
    assert looked is not None
    assert isinstance(done.command, ReceiveLot)
    assert (looked.rows, looked.subject) == (RawLotRow, done.command.lot_id)
    assert at_work.scans.look(label) is None, "a scanner that is held on a label reads it again"
    with pytest.raises(Problem) as refused:
        at_work.scans.look(label[:-1] + ("B" if label[-1] == "C" else "C"))
    assert refused.value.name == "LabelNotAuthentic"
    assert scans_of(at_work) == [("scan.look", "done"), ("scan.look", "LabelNotAuthentic")]


def test_a_picture_of_a_label_is_read(at_work: DeviceOffice) -> None:
    assert at_work.scans.codes_in(png(draw("NCLCCCC")), "code.png") == ("NCLCCCC",)
    with pytest.raises(Problem) as refused:
        at_work.scans.codes_in(b"not a picture", "lettre.pdf")
    assert refused.value.name == "NotAPicture"
    assert "lettre.pdf" in refused.value.sentence
