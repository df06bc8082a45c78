"""A printed paper is a fact with a number: it stands, or is a claim until somebody decides."""

import json
from collections.abc import Callable

import pytest
from attrs import evolve

from manchengo import Role, codec
from manchengo.application.bill_series import (
    NumberOfAnotherDevice,
    NumberSkipsOne,
    next_bill_number,
)
from manchengo.application.judged_otherwise import judged_otherwise
from manchengo.commands import ChangeRoles, DeactivateUser, WithdrawKey
from manchengo.domain.access import NotPermitted
from manchengo.domain.commit import Authorship, Commit, Verdict
from manchengo.domain.credit_note import MoreThanBilledAtRate
from manchengo.domain.errors import AlreadyExists, Refused
from manchengo.domain.invoice import AlreadyBilled
from manchengo.domain.resolution import ResolveItem, Way, item_id_of
from manchengo.memory import MemoryStore
from manchengo.ports.rows import CreditNoteRow, InvoiceRow, ResolutionItemRow
from tests.application.test_authors import of_a_newer_program, sent
from tests.support.billing import (
    CHEESE_LINE,
    GROSS,
    TRANSPORT_LINE,
    a_credit,
    a_draft,
    bill_id,
    credit_issued,
    issued,
    note_id,
)
from tests.support.dairy import A_DAIRY, day, delivered, in_store, kg, sold
from tests.support.given import Step
from tests.support.people import (
    AMINA,
    IN_THE_VAN,
    KARIM,
    enrolled,
    plant_of_two,
    public,
    recorded,
)
from tests.support.plant import Device, Plant
from tests.support.signers import admitting, signer_of

WHOLE = (CHEESE_LINE, TRANSPORT_LINE)
SIX_KILOS = evolve(CHEESE_LINE, quantity=kg(6))
YEAR = f"{day(2):%Y}"


def of_series(mark: str, count: int, series: str = "FAC") -> str:
    return f"{series}-{YEAR}-{mark}-{count:06}"


@pytest.fixture
def plant() -> Plant:
    """Two devices, A and B, and a delivery that left."""
    plant = Plant()
    office, phone = plant.device(), plant.device()
    office.does(A_DAIRY, in_store("T1", kg(20)), sold("S1", kg(10)), delivered("V1", order="S1"))
    for device, mark in ((office, "A"), (phone, "B")):
        office.does(enrolled(device, AMINA, mark=mark))
    office.does(a_draft("F1"), issued("F1", number="F-1"))
    plant.settle()
    return plant


def outcome(plant: Plant, commit: Commit) -> tuple[Verdict, str, str | None]:
    """The verdict, its reason, and why the item is open; the same at every device."""
    assert len(plant.digests()) == 1
    with plant.store.reading() as snapshot:
        entry = snapshot.entry(commit.id)
        item = snapshot.get(ResolutionItemRow, item_id_of(commit.id))
        assert entry is not None
        assert not list(judged_otherwise(snapshot, scratch=MemoryStore()))
    for device in plant.devices:
        assert device.dairy.verify().sound
    return entry.verdict, entry.reason, item.matter if item else None


def stands(refusal: type[Refused]) -> tuple[Verdict, str, str | None]:
    return Verdict.ACCEPTED, refusal.__name__, "contested"


def claimed(refusal: type[Refused]) -> tuple[Verdict, str, str | None]:
    return Verdict.REJECTED, refusal.__name__, "rejected"


def invoice(device: Device, code: str) -> InvoiceRow:
    with device.store.reading() as snapshot:
        row = snapshot.get(InvoiceRow, bill_id(code))
    assert row is not None
    return row


# ------------------------------------------------------------------------- what stands all the same


def test_one_delivery_on_two_invoices_stands_and_is_looked_at(plant: Plant) -> None:
    office, phone = plant.devices
    (_, first) = office.does(
        a_draft("F2", deliveries=("V1",)), issued("F2", number=of_series("A", 1))
    )
    (_, second) = phone.does(
        a_draft("F3", deliveries=("V1",)), issued("F3", number=of_series("B", 1))
    )
    office.push()
    phone.push()
    plant.settle()
    assert outcome(plant, first) == (Verdict.ACCEPTED, "", None)
    assert outcome(plant, second) == stands(AlreadyBilled)
    assert invoice(office, "F3").number == of_series("B", 1)
    with office.store.reading() as snapshot:
        (item,) = snapshot.rows(ResolutionItemRow)
    assert json.loads(item.facts) == {"delivery": "V1", "invoice": of_series("A", 1)}


def test_a_new_invoice_bills_no_delivery_again(plant: Plant) -> None:
    office = plant.devices[0]
    office.does(a_draft("F2", deliveries=("V1",)), issued("F2"))
    office.does(a_draft("F3", deliveries=("V1",)))
    with pytest.raises(AlreadyBilled) as refused:
        office.does(issued("F3"))
    assert (refused.value.delivery, refused.value.invoice) == ("V1", "F2")
    office.does(a_credit("A2", "F2", *WHOLE), credit_issued("A2"), issued("F3"))


def test_more_credited_than_is_left_stands_and_is_looked_at(plant: Plant) -> None:
    office, phone = plant.devices
    (_, first) = office.does(a_credit("A1", "F1", SIX_KILOS), credit_issued("A1"))
    (_, second) = phone.does(a_credit("A2", "F1", *WHOLE), credit_issued("A2"))
    office.push()
    phone.push()
    plant.settle()
    assert outcome(plant, first) == (Verdict.ACCEPTED, "", None)
    assert outcome(plant, second) == stands(MoreThanBilledAtRate)
    bill = invoice(phone, "F1")
    assert bill.credited > GROSS.centimes
    assert bill.status == "cancelled"
    office.does(a_credit("A3", "F1", SIX_KILOS))
    with pytest.raises(MoreThanBilledAtRate):
        office.does(credit_issued("A3"))


def accountant(plant: Plant) -> None:
    """Karim keeps the accounts on his phone, where he signs."""
    office, phone = plant.devices
    office.does(
        ChangeRoles(user_id=KARIM, roles=frozenset({Role.ACCOUNTANT})),
        admitting(KARIM, phone.id, IN_THE_VAN),
    )
    plant.settle()


def issued_on_the_phone(plant: Plant, *before: Step) -> list[Commit]:
    """Karim issues an invoice; the office records something meanwhile, which comes first."""
    office, phone = plant.devices
    bill = (a_draft("F1"), issued("F1", number=of_series("B", 1)))
    papers = recorded(phone, KARIM, IN_THE_VAN, *bill, role=Role.ACCOUNTANT)
    office.does(*before)
    office.push()
    phone.push()
    plant.settle()
    return papers


def test_who_lost_the_right_since_what_they_had_seen_printed_in_good_faith() -> None:
    plant = plant_of_two()
    accountant(plant)
    for paper in issued_on_the_phone(
        plant, ChangeRoles(user_id=KARIM, roles=frozenset({Role.DRIVER}))
    ):
        assert outcome(plant, paper) == stands(NotPermitted)
    assert invoice(plant.devices[0], "F1").status == "issued"


WITHDRAWING: dict[str, Step] = {
    "the person": DeactivateUser(user_id=KARIM),
    "the key": WithdrawKey(user_id=KARIM, public_key=public(IN_THE_VAN), reason="lost"),
}


@pytest.mark.parametrize("what", WITHDRAWING)
def test_who_was_withdrawn_prints_a_claim_that_can_be_accepted(what: str) -> None:
    """Under the number of that device, whoever accepts it elsewhere."""
    plant = plant_of_two()
    accountant(plant)
    draft, paper = issued_on_the_phone(plant, WITHDRAWING[what])
    assert outcome(plant, draft)[::2] == (Verdict.REJECTED, "rejected")
    assert outcome(plant, paper)[::2] == (Verdict.REJECTED, "rejected")
    office = plant.devices[0]
    for each in (draft, paper):
        office.does(
            ResolveItem(item_id=item_id_of(each.id), way=Way.ACCEPT, reason="seen", on=day(5))
        )
    plant.settle()
    assert invoice(office, "F1").number == of_series("B", 1)


def test_who_never_had_the_right_prints_a_claim() -> None:
    """On a device that asks for no role."""
    plant = plant_of_two()
    office, phone = plant.devices
    office.does(admitting(KARIM, phone.id, IN_THE_VAN))
    plant.settle()
    draft, paper = issued_on_the_phone(plant)
    assert [outcome(plant, each)[0] for each in (draft, paper)] == [Verdict.REJECTED] * 2


def seeing(place: int, log_hash: bytes) -> Callable[[Commit, Authorship], bytes]:
    """Has what is signed from here on say that its author had seen that place of the log."""
    sealed = codec.authored_hash

    def lying(commit: Commit, part: Authorship) -> bytes:
        object.__setattr__(part, "seen", evolve(part.seen, global_seq=place, log_hash=log_hash))
        return sealed(commit, part)

    return lying


def test_a_place_that_is_not_of_this_log_gives_no_right(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who has no right any more, and says that they had seen a log in which they had it."""
    plant = plant_of_two()
    accountant(plant)
    with plant.store.reading() as snapshot:
        place, other = snapshot.cursor(), bytes(32)
    office, phone = plant.devices
    office.does(ChangeRoles(user_id=KARIM, roles=frozenset({Role.DRIVER})))
    plant.settle()
    with monkeypatch.context() as patch:
        patch.setattr(codec, "authored_hash", seeing(place, other))
        paper, _ = recorded(
            phone, KARIM, IN_THE_VAN, a_draft("F1"), issued("F1"), role=Role.ACCOUNTANT
        )
    assert paper.authorship is not None
    assert paper.authorship.seen.log_hash == other
    phone.push()
    plant.settle()
    assert outcome(plant, paper) == claimed(NotPermitted)


# ------------------------------------------------------------------------------- what is claimed


@pytest.mark.parametrize("mark", ["A", "a"])
def test_a_number_of_anothers_series_is_refused(plant: Plant, mark: str) -> None:
    phone = plant.devices[1]
    phone.does(a_draft("F2"))
    with pytest.raises(NumberOfAnotherDevice):
        phone.does(issued("F2", number=of_series(mark, 1)))


@pytest.mark.parametrize(
    ("number", "refusal"),
    [
        (of_series("B", 2), NumberSkipsOne),
        (f"FAC-{YEAR}-000002", NumberSkipsOne),
        ("f-1", AlreadyExists),
    ],
)
def test_a_number_that_is_not_the_next_of_its_own_series_is_refused(
    plant: Plant, number: str, refusal: type[Refused]
) -> None:
    phone = plant.devices[1]
    phone.does(a_draft("F2"))
    with pytest.raises(refusal):
        phone.does(issued("F2", number=number))
    phone.does(issued("F2", number=of_series("B", 1)))


def a_paper(kind: str, code: str, number: str) -> tuple[Step, Step]:
    if kind == "invoice":
        return a_draft(code), issued(code, number=number)
    return a_credit(code, "F1", SIX_KILOS), credit_issued(code, number=number)


@pytest.mark.parametrize("kind", ["invoice", "credit note"])
def test_a_device_that_means_harm_takes_no_number_of_anothers_series(
    plant: Plant, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the paper that the other printed offline would be refused for it."""
    office, phone = plant.devices
    number = of_series("A", 1, "FAC" if kind == "invoice" else "AV")
    with monkeypatch.context() as patch:
        patch.setattr("manchengo.application.bill_series._may_number", lambda *_: True)
        (_, stolen) = phone.does(a_paper(kind, "X1", number))
    phone.push()
    (_, honest) = office.does(a_paper(kind, "X2", number))
    plant.settle()
    assert outcome(plant, stolen) == claimed(NumberOfAnotherDevice)
    assert outcome(plant, honest) == (Verdict.ACCEPTED, "", None)


def test_nor_does_it_tear_a_gap_into_that_series(
    plant: Plant, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was refused counts as given, but for the device alone whose series it is."""
    office, phone = plant.devices
    number = of_series("A", 1)
    with monkeypatch.context() as patch:
        patch.setattr("manchengo.application.bill_series._may_number", lambda *_: True)
        phone.does(a_paper("invoice", "X1", number))
    plant.settle()
    with office.store.reading() as snapshot, monkeypatch.context() as patch:
        patch.setattr("manchengo.application.bill_series.own_mark", lambda _: "A")
        assert next_bill_number(snapshot, day(2), InvoiceRow) == number
    office.does(a_draft("X2"))
    with pytest.raises(NumberSkipsOne):
        office.does(issued("X2", number=of_series("A", 2)))
    (honest,) = office.does(issued("X2", number=number))
    plant.settle()
    assert outcome(plant, honest) == (Verdict.ACCEPTED, "", None)


def test_of_two_that_print_one_number_the_second_is_claimed_and_the_next_follows(
    plant: Plant,
) -> None:
    """A restored device and its twin; what each printed next is no gap."""
    office, phone = plant.devices
    office.does(a_draft("F2"), issued("F2", number="X-1"))
    phone.does(a_draft("F3"))
    (taken,) = phone.does(issued("F3", number="X-1"))
    office.push()
    phone.push()
    plant.settle()
    assert outcome(plant, taken) == claimed(AlreadyExists)
    (item,) = items(plant)
    assert json.loads(item.facts)["existing"] == "X-1"


def test_after_a_paper_that_was_refused_the_next_number_is_no_gap(plant: Plant) -> None:
    """Both issue one draft apart: one thing cannot bear two numbers."""
    office, phone = plant.devices
    office.does(a_draft("F2"))
    plant.settle()
    office.does(issued("F2", number=of_series("A", 1)))
    (refused,) = phone.does(issued("F2", number=of_series("B", 1)))
    (_, after) = phone.does(a_draft("F3"), issued("F3", number=of_series("B", 2)))
    office.push()
    phone.push()
    plant.settle()
    assert outcome(plant, refused)[:2] == (Verdict.REJECTED, "WrongState")
    assert outcome(plant, after) == (Verdict.ACCEPTED, "", None)


def test_after_a_paper_that_cannot_be_judged_yet_the_next_number_is_no_gap() -> None:
    """A newer program wrote something about its draft, which nobody here can read."""
    plant = plant_of_two()
    office, phone = plant.devices
    accountant(plant)
    office.does(a_draft("F1"))
    plant.settle()
    unread = of_a_newer_program(phone, KARIM, bill_id("F1"), kind="invoice", signer=IN_THE_VAN)
    assert sent(plant, phone, unread).verdict is Verdict.PARKED
    (parked,) = office.does(issued("F1", number=of_series("A", 1)))
    (_, after) = office.does(a_draft("F2"), issued("F2", number=of_series("A", 2)))
    office.push()
    plant.settle()
    assert outcome(plant, parked)[0] is Verdict.PARKED
    assert outcome(plant, after) == (Verdict.ACCEPTED, "", None)


def test_a_renewed_device_keeps_the_series_of_its_former_id(plant: Plant) -> None:
    """What it printed under that one was not in the log yet."""
    office, phone = plant.devices
    (_, before) = phone.does(a_draft("F2"), issued("F2", number=of_series("B", 1)))
    key = public(signer_of("device", phone.id))
    phone.become_another()
    office.does(evolve(enrolled(phone, AMINA, mark="C"), public_key=key))
    office.push()
    plant.settle()
    assert before.device_id != phone.id
    assert outcome(plant, before) == (Verdict.ACCEPTED, "", None)


def items(plant: Plant) -> list[ResolutionItemRow]:
    with plant.store.reading() as snapshot:
        return list(snapshot.rows(ResolutionItemRow))


def test_a_paper_that_stands_is_looked_at_once_and_closed(plant: Plant) -> None:
    office, phone = plant.devices
    office.does(a_credit("A1", "F1", SIX_KILOS), credit_issued("A1"))
    (_, second) = phone.does(a_credit("A2", "F1", *WHOLE), credit_issued("A2"))
    office.push()
    phone.push()
    plant.settle()
    office.does(ResolveItem(item_id=item_id_of(second.id), way=Way.VOID, reason="seen", on=day(5)))
    plant.settle()
    assert [item.status for item in items(plant)] == ["closed"]
    with office.store.reading() as snapshot:
        note = snapshot.get(CreditNoteRow, note_id("A2"))
    assert note is not None
    assert note.number == "A2"
