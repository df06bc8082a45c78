"""Screens without a window: what they show, what may be done, what they say when it may not."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

import pytest

from manchengo import Quantity, Role
from manchengo import commands as c
from manchengo.domain.ids import LotId
from manchengo.domain.values import Unit
from manchengo_presenters.screens.dashboard import Dashboard
from manchengo_presenters.screens.exchange_words import exchange_words
from manchengo_presenters.screens.lot_list import PAGE, Filter, LotList
from manchengo_presenters.screens.lot_page import LotDetail, LotPage, judgement_words
from manchengo_presenters.screens.office import (
    ExchangeStatus,
    Judgement,
    NewMaterial,
    SignedIn,
)
from manchengo_presenters.screens.problem import Problem
from manchengo_presenters.screens.receptions import Receptions
from manchengo_presenters.screens.tones import Tone
from tests.support.office_in_memory import NOON, TODAY, OfficeInMemory, at_once

ADMIN = SignedIn(name="amina", roles=frozenset({Role.ADMIN}))
DRIVER = SignedIn(name="karim", roles=frozenset({Role.DRIVER}))
NB = "\u00a0"
NNB = "\u202f"
T = TypeVar("T")


@pytest.fixture
def office() -> OfficeInMemory:
    """A dairy with a farm and its milk, which keeps three days."""
    office = OfficeInMemory()
    office.add_supplier("Ferme Aït Oumeziane")
    office.add_material(NewMaterial(name="Lait de vache", unit=Unit.L, shelf_life_days=3))
    return office


def receptions(office: OfficeInMemory) -> Receptions:
    screen = Receptions(office, at_once)
    asyncio.run(screen.load())
    assert screen.arrivals is not None
    screen.choose("supplier", screen.arrivals.suppliers[0].key)
    screen.choose("product", screen.arrivals.materials[0].key)
    return screen


def receive(office: OfficeInMemory, litres: str = "540", *, expires: str = "") -> LotId:
    screen = receptions(office)
    screen.put("quantity", litres)
    screen.put("expires", expires)
    asyncio.run(screen.receive())
    assert screen.received is not None, (screen.errors, screen.problem)
    assert screen.received.lot_id is not None
    return screen.received.lot_id


# -------------------------------------------------------------------------------- receptions


def test_a_reception_is_recorded_and_listed(office: OfficeInMemory) -> None:
    screen = receptions(office)
    screen.put("quantity", "1 250,5")
    screen.put("reference", "BL-118")
    asyncio.run(screen.receive())
    assert screen.received is not None
    assert screen.arrivals is not None
    ((day, (line,)),) = screen.arrivals.days
    assert day == "24/11/2026"
    assert (line.product, line.quantity) == ("Lait de vache", f"1{NNB}250,5{NB}L")
    assert line.supplier == "Ferme Aït Oumeziane"


def test_a_reception_is_taken_back_and_what_was_typed_is_there_to_be_corrected(
    office: OfficeInMemory,
) -> None:
    screen = receptions(office)
    assert not screen.can_take_back
    screen.put("quantity", "5400")
    screen.put("reference", "BL-118")
    asyncio.run(screen.receive())
    assert screen.can_take_back
    assert screen.values["quantity"] == ""
    asyncio.run(screen.take_back())
    assert screen.received is not None
    assert screen.received.sentence.endswith("annulé.")
    assert screen.arrivals is not None
    assert screen.arrivals.days == ()
    assert (screen.values["quantity"], screen.values["reference"]) == ("5400", "BL-118")
    assert not screen.can_take_back, "it is taken back once"


def test_what_was_used_meanwhile_is_not_taken_back_and_says_so(office: OfficeInMemory) -> None:
    screen = receptions(office)
    screen.put("quantity", "540")
    asyncio.run(screen.receive())
    assert screen.received is not None
    lot_id = screen.received.lot_id
    assert lot_id is not None
    office.record(
        c.WriteOffLot(lot_id=lot_id, quantity=Quantity(1_000, Unit.L), on=TODAY, reason="renversé"),
        "Jeté.",
    )
    asyncio.run(screen.take_back())
    assert screen.problem is not None
    assert screen.arrivals is not None
    assert len(screen.arrivals.days) == 1


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
    screen = Receptions(office, at_once)
    assert (screen.expiry_hint, screen.price_hint) == ("", "")
    assert screen.quantity_label == "Quantité"


@pytest.mark.parametrize(
    ("field", "text", "sentence"),
    [
        ("quantity", "", "À remplir."),
        ("quantity", "beaucoup", "Ce n'est pas un nombre"),
        ("quantity", "0", "Zéro n'a pas de sens ici"),
        ("expires", "31/02/2026", "Ce jour n'existe pas"),
        ("expires", "23/11/2026", "24/11/2026"),
        ("price", "cher", "Ce n'est pas un nombre"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(
    office: OfficeInMemory, field: str, text: str, sentence: str
) -> None:
    screen = receptions(office)
    screen.put("quantity", "10")
    screen.put(field, text)
    asyncio.run(screen.receive())
    assert sentence.replace("’", "'") in screen.errors[field].replace("’", "'")
    assert list(screen.errors) == [field]
    assert screen.received is None
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
    assert screen.received is not None
    assert screen.received.lot_id is not None
    assert detail(office, screen.received.lot_id).line.state == "en quarantaine"
    assert not screen.is_quarantined, "the next lot is not"


def test_a_dairy_without_supplier_or_material_lacks_them() -> None:
    screen = Receptions(OfficeInMemory(), at_once)
    assert not screen.lacks, "nobody knows before it is loaded"
    asyncio.run(screen.load())
    assert screen.lacks


def test_a_list_that_cannot_be_read_says_why(office: OfficeInMemory) -> None:
    screen = Receptions(office, at_once)
    office.fault = Problem("DatabaseCorrupt", "La base est endommagée.")
    asyncio.run(screen.load())
    assert screen.arrivals is None
    assert screen.problem is not None
    assert screen.problem.sentence == "La base est endommagée."
    asyncio.run(screen.load())
    assert screen.arrivals is not None
    assert screen.problem is None


# -------------------------------------------------------------------------------------- lots


def loaded_lots(office: OfficeInMemory) -> LotList:
    screen = LotList(office, at_once, print)
    asyncio.run(screen.load())
    return screen


def codes(screen: LotList) -> list[str]:
    assert screen.page is not None
    return [line.code for line in screen.page.lines]


def test_lots_to_be_used_first_come_first(office: OfficeInMemory) -> None:
    late = receive(office, expires="30/12/2026")
    early = receive(office, expires="25/11/2026")
    screen = loaded_lots(office)
    assert screen.page is not None
    assert [line.lot_id for line in screen.page.lines] == [early, late]
    first = screen.page.lines[0]
    assert (first.expires, first.away, first.state) == ("25/11/2026", "demain", "à consommer")
    assert (first.tone, first.away_tone) == (Tone.WARN, Tone.WARN)


def test_no_lot_is_missed_or_shown_twice_over_pages(office: OfficeInMemory) -> None:
    for number in range(PAGE * 2 + 7):
        receive(office, f"{number + 1}")
    screen = loaded_lots(office)
    assert screen.range_words == "1–50 sur 107"
    seen = codes(screen)
    for words in ("51–100 sur 107", "101–107 sur 107"):
        asyncio.run(screen.turn(1))
        assert screen.range_words == words
        seen += codes(screen)
    assert len(seen) == len(set(seen)) == 107
    asyncio.run(screen.turn(1))
    assert screen.range_words == "101–107 sur 107", "there is no page behind the last"
    asyncio.run(screen.turn(-1))
    assert codes(screen) == seen[50:100]


def test_what_is_received_meanwhile_shifts_no_page(office: OfficeInMemory) -> None:
    for number in range(PAGE + 2):
        receive(office, f"{number + 1}", expires="30/12/2026")
    screen = loaded_lots(office)
    first = codes(screen)
    receive(office, expires="25/11/2026")
    asyncio.run(screen.turn(1))
    assert not set(codes(screen)) & set(first)


def test_filters_and_words_narrow_the_list(office: OfficeInMemory) -> None:
    soon, later = receive(office), receive(office, expires="30/12/2026")
    office.judge_lot(later, Judgement.BLOCK, "antibiotiques")
    screen = loaded_lots(office)
    asyncio.run(screen.set_filter(Filter.BLOCKED))
    assert screen.page is not None
    assert [line.lot_id for line in screen.page.lines] == [later]
    asyncio.run(screen.set_filter(Filter.SOON))
    assert [line.lot_id for line in screen.page.lines] == [soon]
    asyncio.run(screen.clear())
    asyncio.run(screen.set_search("lait VACHE"))
    assert len(screen.page.lines) == 2
    asyncio.run(screen.set_search("fromage"))
    assert (codes(screen), screen.is_narrowed) == ([], True)
    assert screen.range_words == "0 lot"
    asyncio.run(screen.clear())
    assert (len(codes(screen)), screen.is_narrowed) == (2, False)


def test_arrows_stay_on_the_page_and_enter_opens(office: OfficeInMemory) -> None:
    first, second = receive(office, expires="25/11/2026"), receive(office)
    opened: list[LotId] = []
    screen = LotList(office, at_once, opened.append)
    screen.move(1)
    screen.open()
    asyncio.run(screen.load())
    screen.move(-1)
    screen.open()
    screen.move(5)
    screen.open()
    assert opened == [first, second]


def test_of_two_searches_the_last_is_shown(office: OfficeInMemory) -> None:
    """A search that was asked for first may answer last."""
    receive(office)
    held: list[asyncio.Event] = []

    async def slowly(work: Callable[[], T]) -> T:
        answer = work()
        if held:
            await held.pop().wait()
        return answer

    async def run() -> LotList:
        screen = LotList(office, slowly, print)
        gate = asyncio.Event()
        held.append(gate)
        first = asyncio.create_task(screen.set_search("fromage"))
        await asyncio.sleep(0)
        await screen.set_search("lait")
        gate.set()
        await first
        return screen

    assert len(codes(asyncio.run(run()))) == 1


# --------------------------------------------------------------------------------------- lot


def lot_page(office: OfficeInMemory, lot_id: LotId, who: SignedIn = ADMIN) -> LotPage:
    screen = LotPage(office, at_once, who, lot_id)
    asyncio.run(screen.load())
    return screen


def detail(office: OfficeInMemory, lot_id: LotId) -> LotDetail:
    found = lot_page(office, lot_id).detail
    assert found is not None
    return found


def test_a_lot_says_what_it_is_and_what_happened(office: OfficeInMemory) -> None:
    lot_id = receive(office)
    office.record(
        c.WriteOffLot(
            lot_id=lot_id, quantity=Quantity(40_000, Unit.L), on=TODAY, reason="bidon renversé"
        ),
        "",
    )
    found = detail(office, lot_id)
    assert found.line.on_hand == f"500{NB}L"
    assert found.facts == (
        ("Reçu le", "24/11/2026"),
        ("DLC", "27/11/2026"),
        ("Au départ", f"540{NB}L"),
        ("Fournisseur", "Ferme Aït Oumeziane"),
    )
    lost, came = found.movements
    assert (lost.quantity, lost.reason) == (f"-40{NB}L", "bidon renversé")
    assert came.quantity == f"+540{NB}L"


def test_what_may_be_decided_follows_the_state(office: OfficeInMemory) -> None:
    lot_id = receive(office)
    screen = lot_page(office, lot_id)
    screen.begin(Judgement.BLOCK)
    asyncio.run(screen.decide())
    assert screen.errors == {"reason": "À remplir."}
    screen.put("reason", "antibiotiques")
    asyncio.run(screen.decide())
    assert screen.deciding is None
    assert screen.detail is not None
    assert screen.detail.aside == f"Bloqué{NB}: antibiotiques"
    assert screen.judgements == (Judgement.RELEASE,)
    screen.begin(Judgement.RELEASE)
    asyncio.run(screen.decide())
    again = lot_page(office, lot_id)
    assert again.judgements == (Judgement.QUARANTINE, Judgement.BLOCK)
    assert again.detail is not None
    assert again.detail.aside == ""


def test_a_recalled_lot_takes_no_decision_any_more(office: OfficeInMemory) -> None:
    lot_id = receive(office)
    office.record(c.RecallLot(lot_id=lot_id, on=TODAY, reason="listeria"), "")
    screen = lot_page(office, lot_id)
    assert screen.judgements == ()
    assert screen.detail is not None
    assert screen.detail.aside == f"Rappelé{NB}: listeria"
    assert screen.detail.line.tone is Tone.BAD


def test_who_may_not_decide_is_offered_nothing_and_refused_if_forced(
    office: OfficeInMemory,
) -> None:
    lot_id = receive(office)
    office.roles = DRIVER.roles
    screen = lot_page(office, lot_id, DRIVER)
    assert screen.judgements == ()
    screen.begin(Judgement.BLOCK)
    screen.put("reason", "pour voir")
    asyncio.run(screen.decide())
    assert screen.problem is not None
    assert screen.problem.name == "NotPermitted"
    assert screen.deciding is Judgement.BLOCK, "what was typed stays"


def test_every_judgement_has_its_words() -> None:
    assert [judgement_words(each) for each in Judgement] == [
        "Libérer",
        "Mettre en quarantaine",
        "Bloquer",
    ]


# --------------------------------------------------------------------------------- dashboard


def test_an_empty_dairy_has_an_empty_dashboard() -> None:
    screen = Dashboard(OfficeInMemory(), at_once)
    asyncio.run(screen.load())
    assert screen.overview is not None
    assert screen.overview.is_empty
    assert [figure.value for figure in screen.overview.figures] == [
        "0 lot",
        "0",
        "0",
        "0",
    ]


def test_the_dashboard_says_what_presses(office: OfficeInMemory) -> None:
    receive(office, "540", expires="25/11/2026")
    receive(office, "1 200", expires="30/12/2026")
    screen = Dashboard(office, at_once)
    asyncio.run(screen.load())
    seen = screen.overview
    assert seen is not None
    soon, orders, conflicts, received = seen.figures
    assert (soon.value, soon.detail, soon.tone) == ("1 lot", "dont 1 d'ici demain", Tone.WARN)
    assert (orders.tone, conflicts.tone) == (Tone.GOOD, Tone.GOOD)
    assert (received.value, received.detail) == ("2", f"1{NNB}740{NB}L")
    assert [line.expires for line in seen.first] == ["25/11/2026", "30/12/2026"]
    assert len(seen.received) == 14
    assert (seen.received[-1].day, seen.received[-1].amount) == (TODAY, 1_740_000)
    (milk,) = seen.stock
    assert (milk.usable, milk.lasts) == (f"1{NNB}740{NB}L", "")


def test_a_reception_that_was_taken_back_never_came(office: OfficeInMemory) -> None:
    receive(office, "540")
    form = receptions(office)
    form.put("quantity", "5400")
    asyncio.run(form.receive())
    asyncio.run(form.take_back())
    screen = Dashboard(office, at_once)
    asyncio.run(screen.load())
    assert screen.overview is not None
    received = screen.overview.figures[-1]
    assert (received.value, received.detail) == ("1", f"540{NB}L")
    assert screen.overview.received[-1].amount == 540_000


# ---------------------------------------------------------------------------------- exchange


@pytest.mark.parametrize(
    ("pending", "oldest", "last", "title", "detail", "tone"),
    [
        (0, None, 1, "À jour", "10:59", Tone.GOOD),
        (1, 1, 1, "1 saisie à envoyer", "10:59", Tone.PLAIN),
        (14, 30, 30, "Hors ligne", "14 saisies à envoyer", Tone.WARN),
        (0, None, 30, "Hors ligne", "10:30", Tone.PLAIN),
        (0, None, None, "Hors ligne", "", Tone.PLAIN),
        (3, 2 * 24 * 60, 1, "Non envoyé depuis 2 jours", "3 saisies à envoyer", Tone.WARN),
        (3, 3 * 24 * 60, 1, "Non envoyé depuis 3 jours", "3 saisies à envoyer", Tone.BAD),
    ],
)
def test_the_exchange_is_said_from_the_first_entry_that_waits(
    pending: int, oldest: int | None, last: int | None, title: str, detail: str, tone: Tone
) -> None:
    """``oldest`` and ``last``: so many minutes ago."""
    status = ExchangeStatus(
        server="https://laiterie.test",
        pending=pending,
        oldest=None if oldest is None else NOON - timedelta(minutes=oldest),
        last=None if last is None else NOON - timedelta(minutes=last),
    )
    shown = exchange_words(status, NOON, NOON.tzinfo)
    assert (shown.title, shown.detail, shown.tone) == (title, detail, tone)


def test_a_device_without_a_server_works_alone() -> None:
    status = ExchangeStatus(server="", pending=12, oldest=NOON, last=None)
    shown = exchange_words(status, NOON, NOON.tzinfo)
    assert (shown.title, shown.tone) == ("Travaille seul", Tone.PLAIN)
