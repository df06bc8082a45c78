"""Codes that are scanned at a window, whatever it shows, without a window."""

import asyncio

import pytest
from attrs import evolve

from manchengo.commands import ChangeProduct, WithdrawLabelKey
from manchengo.domain.access import Role
from manchengo.domain.ids import CommitId, LotId, ProductId
from manchengo.domain.label import Label, LabelKind
from manchengo.ports.rows import RawLotRow, RawProductRow
from manchengo_presenters.screens.lot_page import LotPage
from manchengo_presenters.screens.receptions import Receptions
from manchengo_presenters.screens.scans import Looked
from manchengo_presenters.screens.screen import Screen
from manchengo_presenters.screens.screen_table import SCREENS
from manchengo_presenters.screens.shell import Shell
from manchengo_qr.payload import label_text
from manchengo_qr.site_keys import SiteKey, SiteKeys
from manchengo_workplace import label_keys
from tests.presenters.screens.test_shell import at_work
from tests.support.labels import LOT
from tests.support.office_in_memory import OfficeInMemory, ScansInMemory, execute, with_milk
from tests.support.receiving import receive

SUPPLIERS_CODE = "010340123412341617261212" + "10L77"
"""What a supplier printed: the article, its last day, its lot."""

FRENCH = "&é\"'(-è_çà"
"""What the keys 1 to 9 and 0 type on a French keyboard."""


@pytest.fixture
def office() -> OfficeInMemory:
    office = with_milk()
    with office.dairy.batch() as batch:
        device_id = office.actor.device_id
        make = label_keys.first_key(batch.transaction, device_id)
        batch.execute(make, command_id=CommitId(office.ids.new()))
    return office


@pytest.fixture
def lot_id(office: OfficeInMemory) -> LotId:
    return receive(office)


def label_of(office: OfficeInMemory, lot_id: LotId) -> str:
    with office.reading() as snapshot:
        keys = label_keys.site_keys(snapshot)
    return label_text(Label(kind=LabelKind.RAW_MATERIAL_LOT, subject=lot_id), keys)


def milk_of(office: OfficeInMemory) -> ProductId:
    with office.reading() as snapshot:
        return ProductId(next(iter(snapshot.rows(RawProductRow))).id)


def scan(shell: Shell, text: str) -> str:
    """What is said about it."""
    shell.notice = ""
    asyncio.run(shell.scan(text))
    return shell.notice


def test_a_label_leads_to_its_lot(office: OfficeInMemory, lot_id: LotId) -> None:
    shell = at_work(office)
    label = label_of(office, lot_id)
    assert scan(shell, label) == ""
    assert isinstance(shell.shown, LotPage)
    assert shell.shown.lot_id == lot_id
    assert office.scanned == [label]


def test_a_label_leads_to_its_lot_from_what_lies_over_the_screen(
    office: OfficeInMemory, lot_id: LotId
) -> None:
    shell = at_work(office)
    asyncio.run(shell.show_finder())
    scan(shell, label_of(office, lot_id).lower())
    assert (shell.screen, shell.overlay) == (Screen.LOT, None)


def test_a_code_that_is_typed_leads_to_its_lot(office: OfficeInMemory, lot_id: LotId) -> None:
    with office.reading() as snapshot:
        row = snapshot.get(RawLotRow, lot_id)
    assert row is not None
    shell = at_work(office)
    scan(shell, f" {row.code.lower()} ")
    assert shell.screen is Screen.LOT


def test_what_no_screen_shows_says_what_it_is(
    office: OfficeInMemory, lot_id: LotId, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(SCREENS, Screen.LOT, evolve(SCREENS[Screen.LOT], of=()))
    shell = at_work(office)
    said = scan(shell, label_of(office, lot_id))
    assert "Lait de vache" in said
    assert "En stock\u00a0: 540\u00a0L" in said
    assert shell.screen is Screen.DASHBOARD


def test_a_code_of_another_dairy_says_so(office: OfficeInMemory) -> None:
    theirs = SiteKeys((SiteKey(id=1, secret=b"t" * 32),))
    assert "ne vient pas de cette fromagerie" in scan(at_work(office), label_text(LOT, theirs))


def test_a_label_under_a_key_that_is_not_here_says_so(office: OfficeInMemory) -> None:
    theirs = SiteKeys((SiteKey(id=2, secret=b"t" * 32),))
    assert "une clé que cet appareil n’a pas" in scan(at_work(office), label_text(LOT, theirs))


def test_a_garbled_code_says_so(office: OfficeInMemory, lot_id: LotId) -> None:
    label = label_of(office, lot_id)
    changed = label[:-1] + ("B" if label[-1] == "C" else "C")
    assert "mal lue" in scan(at_work(office), changed)


def test_a_label_under_a_key_that_leaked_says_so(office: OfficeInMemory, lot_id: LotId) -> None:
    label = label_of(office, lot_id)
    execute(office, WithdrawLabelKey(number=1, reason="imprimante volée"))
    assert "clé" in scan(at_work(office), label)


def test_a_label_of_what_has_not_come_yet_says_so(office: OfficeInMemory) -> None:
    absent = LotId(LOT.subject)
    shell = at_work(office)
    assert scan(shell, label_of(office, absent)) != ""
    assert shell.screen is Screen.DASHBOARD


def test_no_code_of_ours_says_so(office: OfficeInMemory) -> None:
    assert "n’est ni une étiquette" in scan(at_work(office), "WIFI:S:visiteurs;;")


@pytest.mark.parametrize("keyboard", ["American", "French"])
def test_a_code_of_a_supplier_is_read_on_every_keyboard(
    office: OfficeInMemory, keyboard: str
) -> None:
    typed = SUPPLIERS_CODE
    if keyboard == "French":
        typed = typed.translate(str.maketrans("1234567890", FRENCH))
    said = scan(at_work(office), typed)
    assert said.startswith("Code d’un fournisseur L77")
    assert "12/12/2026" in said


def test_a_code_of_a_supplier_leads_to_a_reception_that_says_what_it_says(
    office: OfficeInMemory,
) -> None:
    execute(office, ChangeProduct(product_id=milk_of(office), gtin="3401234123416"))
    shell = at_work(office)
    said = scan(shell, SUPPLIERS_CODE)
    assert (shell.screen, "L77" in said) == (Screen.RECEPTIONS, True)
    form = shell.shown
    assert isinstance(form, Receptions)
    assert form.material is not None
    assert form.values["product"] == str(milk_of(office))
    assert (form.values["reference"], form.values["expires"]) == ("L77", "12/12/2026")


def test_a_code_of_a_supplier_fills_in_a_reception_that_has_begun(office: OfficeInMemory) -> None:
    shell = at_work(office)
    asyncio.run(shell.go(Screen.RECEPTIONS))
    form = shell.shown
    assert isinstance(form, Receptions)
    form.put("quantity", "250")
    milk = str(milk_of(office))
    form.put("product", milk)
    form.put("expires", "30/11/2026")
    said = scan(shell, "010340123412341610L78")
    assert "L78" in said
    assert "Aucune de nos matières premières n’a ce code-barres" in said
    assert (form.values["quantity"], form.values["reference"]) == ("250", "L78")
    assert form.values["product"] == milk, "the code is of no material: the person chose one"
    assert form.values["expires"] == "30/11/2026", "the code does not say it"


def test_who_may_not_receive_is_told_what_the_suppliers_code_is() -> None:
    shell = at_work(OfficeInMemory(roles=frozenset({Role.DRIVER})))
    before = shell.screen
    assert "L77" in scan(shell, SUPPLIERS_CODE)
    assert shell.screen == before


def test_a_screen_may_take_a_code_itself(
    office: OfficeInMemory, lot_id: LotId, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[Looked] = []

    async def scanned(_self: Receptions, looked: Looked) -> bool:
        taken.append(looked)
        return True

    monkeypatch.setattr(Receptions, "scanned", scanned)
    shell = at_work(office)
    asyncio.run(shell.go(Screen.RECEPTIONS))
    asyncio.run(shell.show_finder())
    label = label_of(office, lot_id)
    scan(shell, label)
    assert [each.subject for each in taken] == [lot_id]
    assert (office.scanned, shell.screen, shell.overlay) == ([label], Screen.RECEPTIONS, None)


def test_nothing_is_scanned_behind_a_lock(office: OfficeInMemory, lot_id: LotId) -> None:
    shell = at_work(office)
    asyncio.run(shell.lock())
    scan(shell, label_of(office, lot_id))
    assert office.scanned == []


def test_a_picture_of_a_code_is_scanned(office: OfficeInMemory, lot_id: LotId) -> None:
    shell = at_work(office)
    asyncio.run(shell.scan_picture(label_of(office, lot_id).encode(), "photo.jpg"))
    assert shell.screen is Screen.LOT


def test_a_picture_without_a_code_says_so(office: OfficeInMemory) -> None:
    shell = at_work(office)
    asyncio.run(shell.scan_picture(b"", "chat.jpg"))
    assert shell.notice == "chat.jpg\u00a0: aucun code."


def test_a_code_that_is_scanned_again_at_once_is_said_to_be(
    office: OfficeInMemory, lot_id: LotId, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell = at_work(office)
    label = label_of(office, lot_id)
    scan(shell, label)
    monkeypatch.setattr(ScansInMemory, "look", lambda *_: None)
    assert scan(shell, label) == "Déjà scanné."
    assert isinstance(shell.shown, LotPage), "and the lot stays open"
