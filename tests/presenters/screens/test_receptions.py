"""Receptions: what is proposed, what is recorded, what is wrong beside its field."""

import asyncio

import pytest

from manchengo import Role
from manchengo.commands import ReceiveLot
from manchengo.ports.rows import RawLotRow
from manchengo_presenters.screens.problem import Problem
from manchengo_presenters.screens.receptions import MOST_LISTED, Receptions
from tests.support.office_in_memory import OfficeInMemory, WindowInMemory, context, with_milk
from tests.support.receiving import receive, receptions

NB = "\u00a0"
NNB = "\u202f"


@pytest.fixture
def office() -> OfficeInMemory:
    return with_milk()


def test_a_reception_is_recorded_and_listed(office: OfficeInMemory) -> None:
    screen = receptions(office)
    screen.put("quantity", "1 250,5")
    screen.put("reference", "BL-118")
    asyncio.run(screen.receive())
    assert screen.arrivals is not None
    ((day, (line,)),) = screen.arrivals.days
    assert day == "24/11/2026"
    assert (line.product, line.quantity) == ("Lait de vache", f"1{NNB}250,5{NB}L")
    assert line.supplier == "Ferme Aït Oumeziane"


def test_what_was_taken_back_is_there_to_be_corrected(office: OfficeInMemory) -> None:
    window = WindowInMemory()
    screen = receptions(office, window)
    screen.put("quantity", "5400")
    screen.put("reference", "BL-118")
    asyncio.run(screen.receive_and_label())
    assert screen.values["quantity"] == ""
    assert screen.label is not None
    assert window.done[-1].can_be_taken_back
    assert window.restore is not None
    window.restore()
    assert screen.label is None, "the lot is there no more"
    assert (screen.values["quantity"], screen.values["reference"]) == ("5400", "BL-118")


def test_after_a_reception_the_supplier_stays(office: OfficeInMemory) -> None:
    screen = receptions(office)
    supplier, number = screen.values["supplier"], screen.number
    screen.put("quantity", "10")
    asyncio.run(screen.receive())
    assert screen.values["supplier"] == supplier
    assert screen.values["quantity"] == ""
    assert screen.number > number, "the fields have to be drawn anew"


def test_expiry_and_price_are_proposed(office: OfficeInMemory) -> None:
    screen = receptions(office)
    assert screen.expiry_hint == f"Laissé vide{NB}: 27/11/2026."
    assert screen.price_hint == f"Laissé vide{NB}: 45,00{NB}DA."
    assert screen.quantity_label == "Quantité (L)"


def test_nothing_is_proposed_before_a_material_is_chosen(office: OfficeInMemory) -> None:
    screen = Receptions(context(office))
    assert (screen.expiry_hint, screen.price_hint) == ("", "")
    assert screen.quantity_label == "Quantité"


@pytest.mark.parametrize(
    ("field", "text", "sentence"),
    [
        ("quantity", "", "À remplir."),
        ("quantity", "beaucoup", "Ce n’est pas un nombre"),
        ("quantity", "0", "Zéro n’a pas de sens ici"),
        ("expires", "31/02/2026", "Ce jour n’existe pas"),
        ("expires", "23/11/2026", "24/11/2026"),
        ("price", "cher", "Ce n’est pas un nombre"),
        ("day", "hier", "Ce n’est pas une date"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(
    office: OfficeInMemory, field: str, text: str, sentence: str
) -> None:
    screen = receptions(office)
    screen.put("quantity", "10")
    screen.put(field, text)
    asyncio.run(screen.receive())
    assert sentence in screen.errors[field]
    assert list(screen.errors) == [field]
    assert screen.arrivals is not None
    assert screen.arrivals.days == ()
    assert screen.problem is None


def test_an_error_goes_as_soon_as_the_field_is_put_right(office: OfficeInMemory) -> None:
    screen = receptions(office)
    asyncio.run(screen.receive())
    before = screen.version
    screen.put("quantity", "10")
    assert screen.errors == {}
    assert screen.version > before


def test_who_may_not_receive_is_refused_and_keeps_what_was_typed(office: OfficeInMemory) -> None:
    screen = receptions(office)
    screen.put("quantity", "10")
    office.roles = frozenset({Role.DRIVER})
    asyncio.run(screen.receive())
    assert screen.problem is not None
    assert screen.problem.name == "NotPermitted"
    assert screen.values["quantity"] == "10"


def test_who_may_not_read_prices_is_proposed_none(office: OfficeInMemory) -> None:
    office.roles = frozenset({Role.DRIVER})
    screen = receptions(office)
    assert screen.price_hint == ""


def test_a_lot_may_wait_in_quarantine(office: OfficeInMemory) -> None:
    screen = receptions(office)
    screen.put("quantity", "10")
    screen.set_quarantined(True)
    asyncio.run(screen.receive())
    with office.reading() as snapshot:
        (row,) = snapshot.rows(RawLotRow)
    assert row.standing == "quarantined"
    assert not screen.is_quarantined, "the next lot is not"


def test_a_dairy_without_supplier_or_material_lacks_them() -> None:
    screen = Receptions(context(OfficeInMemory()))
    assert not screen.lacks, "nobody knows before it is loaded"
    asyncio.run(screen.load())
    assert screen.lacks


def test_a_list_that_cannot_be_read_says_why(office: OfficeInMemory) -> None:
    screen = Receptions(context(office))
    office.fault = Problem("DatabaseCorrupt", "La base est endommagée.")
    asyncio.run(screen.load())
    assert screen.arrivals is None
    assert screen.problem is not None
    assert screen.problem.sentence == "La base est endommagée."
    asyncio.run(screen.load())
    assert screen.arrivals is not None
    assert screen.problem is None


def test_a_lot_is_received_and_its_label_offered(office: OfficeInMemory) -> None:
    window = WindowInMemory()
    screen = receptions(office, window)
    screen.put("quantity", "10")
    asyncio.run(screen.confirm())
    command = window.done[-1].command
    assert isinstance(command, ReceiveLot)
    assert screen.label is not None
    assert screen.label.subjects == (command.lot_id,)
    screen.choose("product", _material(screen))
    screen.put("quantity", "20")
    asyncio.run(screen.receive())
    assert screen.label is None, "the next lot is another"


def test_without_a_lot_there_is_no_label(office: OfficeInMemory) -> None:
    screen = receptions(office)
    asyncio.run(screen.receive_and_label())
    assert screen.label is None
    assert list(screen.errors) == ["quantity"]


def _material(screen: Receptions) -> str:
    assert screen.arrivals is not None
    return screen.arrivals.materials[0].key


def test_a_busy_week_lists_the_latest_and_says_how_many_more(office: OfficeInMemory) -> None:
    for litres in range(MOST_LISTED + 2):
        receive(office, str(litres + 1))
    screen = receptions(office)
    assert screen.arrivals is not None
    ((_, lines),) = screen.arrivals.days
    assert (len(lines), lines[0].quantity) == (MOST_LISTED, f"52{NB}L")
    assert screen.arrivals.unlisted == f"Et 2 autres lots{NB}: voyez la liste des lots."


def test_what_came_on_another_day_is_received_on_that_day(office: OfficeInMemory) -> None:
    window = WindowInMemory()
    screen = receptions(office, window)
    assert screen.late.hint == f"Laissé vide{NB}: aujourd’hui, 24/11/2026."
    screen.put("day", "22/11/2026")
    assert screen.expiry_hint == f"Laissé vide{NB}: 25/11/2026."
    screen.put("quantity", "10")
    asyncio.run(screen.receive())
    asyncio.run(screen.late.confirm())
    command = window.done[-1].command
    assert isinstance(command, ReceiveLot)
    assert f"{command.on:%d/%m/%Y}" == "22/11/2026"
    assert command.code == "MP-20261122-001"
    assert screen.values["day"] == "", "the next one came today"
    assert screen.arrivals is not None
    assert [day for day, _lines in screen.arrivals.days] == ["22/11/2026"]


def a_late_one(office: OfficeInMemory, window: WindowInMemory) -> Receptions:
    """Typed and sent, two days after it came."""
    screen = receptions(office, window)
    screen.put("day", "22/11/2026")
    screen.put("quantity", "10")
    asyncio.run(screen.confirm())
    return screen


def test_what_a_late_reception_changes_is_shown_and_nothing_recorded(
    office: OfficeInMemory,
) -> None:
    window = WindowInMemory()
    screen = a_late_one(office, window)
    assert window.done == []
    assert screen.late.shown is not None
    assert "22/11/2026" in screen.late.shown.title
    assert [
        (line.what, line.day, line.before, line.after) for line in screen.late.shown.balances
    ] == [
        ("Lait de vache", "22/11/2026", f"0{NB}L", f"10{NB}L"),
        ("Lait de vache", "24/11/2026", f"0{NB}L", f"10{NB}L"),
    ]
    asyncio.run(screen.receive())
    assert window.done == [], "only what confirms it records it"


def test_a_late_reception_is_confirmed_with_its_label(office: OfficeInMemory) -> None:
    window = WindowInMemory()
    screen = a_late_one(office, window)
    asyncio.run(screen.confirm())
    assert len(window.done) == 1
    assert screen.late.shown is None
    assert screen.label is not None


def test_whoever_corrects_a_late_reception_is_shown_it_anew(office: OfficeInMemory) -> None:
    window = WindowInMemory()
    screen = a_late_one(office, window)
    screen.put("quantity", "12")
    assert screen.late.shown is None
    asyncio.run(screen.receive())
    assert screen.late.shown is not None
    assert screen.late.shown.balances[0].after == f"12{NB}L"
    screen.late.withdraw()
    assert (screen.late.shown, window.done) == (None, [])
    assert screen.values["quantity"] == "12", "what was typed stays"


def test_a_late_reception_that_is_refused_says_so_beside_its_field(office: OfficeInMemory) -> None:
    window = WindowInMemory()
    screen = receptions(office, window)
    screen.put("day", "22/11/2026")
    screen.put("quantity", "10")
    screen.put("expires", "21/11/2026")
    asyncio.run(screen.receive())
    assert "expires" in screen.errors
    assert (screen.late.shown, window.done) == (None, [])


def test_what_it_changes_cannot_be_read_and_nothing_is_recorded(office: OfficeInMemory) -> None:
    window = WindowInMemory()
    screen = receptions(office, window)
    screen.put("day", "22/11/2026")
    screen.put("quantity", "10")
    office.fault = Problem("Damaged", "La base est illisible.")
    asyncio.run(screen.receive())
    assert (screen.late.shown, window.done) == (None, [])
    assert screen.problem is not None
