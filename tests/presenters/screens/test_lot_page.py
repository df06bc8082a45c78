"""One lot: what it holds, what happened to it, what may be decided about it."""

import asyncio

import pytest

from manchengo import Quantity, Role
from manchengo import commands as c
from manchengo.domain.ids import LotId
from manchengo.domain.values import Unit
from manchengo_presenters.screens.label_file import LabelPaper
from manchengo_presenters.screens.lot_actions import Judgement, Removal
from manchengo_presenters.screens.lot_page import LotDetail, LotPage, Side
from manchengo_presenters.screens.office import SignedIn
from manchengo_presenters.screens.order_forms import CompleteForm
from manchengo_presenters.screens.order_page import Step
from manchengo_presenters.screens.problem import Problem
from manchengo_presenters.screens.screen import Screen
from manchengo_presenters.screens.tones import Tone
from tests.support.making import order_page, start, with_cheese
from tests.support.office_in_memory import (
    TODAY,
    OfficeInMemory,
    WindowInMemory,
    context,
    execute,
    with_milk,
)
from tests.support.receiving import receive

ADMIN = SignedIn(name="amina", roles=frozenset({Role.ADMIN}))
DRIVER = SignedIn(name="karim", roles=frozenset({Role.DRIVER}))
NB = "\u00a0"


@pytest.fixture
def office() -> OfficeInMemory:
    return with_milk()


def lot_page(office: OfficeInMemory, lot_id: LotId, who: SignedIn = ADMIN) -> LotPage:
    screen = LotPage(context(office, who=who), lot_id)
    asyncio.run(screen.load())
    return screen


def detail(office: OfficeInMemory, lot_id: LotId) -> LotDetail:
    found = lot_page(office, lot_id).detail
    assert found is not None
    return found


def test_a_lot_says_what_it_is_and_what_happened(office: OfficeInMemory) -> None:
    lot_id = receive(office)
    execute(
        office,
        c.WriteOffLot(
            lot_id=lot_id, quantity=Quantity(40_000, Unit.L), on=TODAY, reason="bidon renversé"
        ),
    )
    found = detail(office, lot_id)
    assert found.line.on_hand == f"500{NB}L"
    assert found.facts == (
        ("Reçu le", "24/11/2026"),
        ("DLC", "27/11/2026"),
        ("Au départ", f"540{NB}L"),
        ("Fournisseur", "Ferme Aït Oumeziane"),
        ("Prix", f"45,00{NB}DA"),
    )
    lost, came = found.movements
    assert (lost.quantity, lost.reason) == (f"\u221240{NB}L", "bidon renversé")
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
    execute(office, c.RecallLot(lot_id=lot_id, on=TODAY, reason="listeria"))
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
    assert [each.words for each in Judgement] == [
        "Libérer",
        "Mettre en quarantaine",
        "Bloquer",
    ]


def test_what_is_free_is_written_off_or_sent_back_with_a_reason(office: OfficeInMemory) -> None:
    lot_id = receive(office)
    screen = lot_page(office, lot_id)
    assert screen.removals == (Removal.WRITE_OFF, Removal.SEND_BACK, Removal.VOID)
    screen.begin(Removal.WRITE_OFF)
    assert screen.takes_quantity
    assert screen.quantity_label == "Quantité (L)"
    assert screen.values["quantity"] == "540"
    screen.put("quantity", "600")
    screen.put("reason", "bidon renversé")
    asyncio.run(screen.decide())
    assert list(screen.errors) == ["quantity"]
    screen.put("quantity", "40")
    asyncio.run(screen.decide())
    assert screen.deciding is None
    assert screen.detail is not None
    assert screen.detail.line.on_hand == f"500{NB}L"
    screen.begin(Removal.SEND_BACK)
    screen.put("reason", "tourné")
    asyncio.run(screen.decide())
    assert screen.detail.line.on_hand == f"0{NB}L"


@pytest.mark.parametrize(("quantity", "reason"), [("", "tourné"), ("0", "tourné"), ("5", "")])
def test_a_removal_that_says_too_little_is_not_recorded(
    office: OfficeInMemory, quantity: str, reason: str
) -> None:
    screen = lot_page(office, receive(office))
    screen.begin(Removal.WRITE_OFF)
    screen.put("quantity", quantity)
    screen.put("reason", reason)
    asyncio.run(screen.decide())
    assert len(screen.errors) == 1
    assert len(seen(screen).movements) == 1


def seen(screen: LotPage) -> LotDetail:
    assert screen.detail is not None
    return screen.detail


def test_a_lot_that_never_came_is_void_and_one_that_was_used_is_not(
    office: OfficeInMemory,
) -> None:
    screen = lot_page(office, receive(office))
    screen.begin(Removal.VOID)
    assert not screen.takes_quantity
    screen.put("reason", "saisi deux fois")
    asyncio.run(screen.decide())
    assert seen(screen).line.state == "annulé"
    assert screen.removals == ()

    used = receive(office)
    execute(
        office,
        c.WriteOffLot(lot_id=used, quantity=Quantity(1_000, Unit.L), on=TODAY, reason="goûté"),
    )
    assert Removal.VOID not in lot_page(office, used).removals


def test_who_may_not_take_out_of_the_stock_is_offered_nothing(office: OfficeInMemory) -> None:
    screen = lot_page(office, receive(office), DRIVER)
    assert screen.removals == ()
    supply = SignedIn(name="salim", roles=frozenset({Role.PRODUCTION}))
    theirs = lot_page(office, receive(office), supply)
    assert theirs.removals == (Removal.WRITE_OFF, Removal.VOID), "a return takes who receives"


def test_the_trace_of_a_lot_leads_to_what_was_made_of_it() -> None:
    office, (milk,) = with_cheese("200")
    order = order_page(office, start(office, 20))
    order.begin_pouring()
    asyncio.run(order.confirm())
    asyncio.run(order.take(Step.COMPLETE))
    assert isinstance(order.form, CompleteForm)
    order.form.put("obtained", "19")
    asyncio.run(order.confirm())

    window = WindowInMemory()
    screen = LotPage(context(office, window=window), milk)
    asyncio.run(screen.load())
    assert screen.trace is None
    asyncio.run(screen.turn_side())
    assert screen.side is Side.TRACE
    assert screen.trace is not None
    (root,) = screen.trace.origins
    assert (root.depth, root.text) == (0, f"Lait de vache · 200{NB}L · Ferme Aït Oumeziane")
    _milk, cheese = screen.trace.uses
    assert (cheese.depth, cheese.code) == (1, "PF-OF-1")
    assert cheese.text == f"Tomme · 19{NB}kg"
    assert cheese.note == f"(200{NB}L par OF-1)"
    assert not screen.trace.is_cut
    asyncio.run(screen.open(cheese))
    asyncio.run(screen.open(root))
    assert window.went == [(Screen.LOT, cheese.lot_id)]
    asyncio.run(screen.turn_side())
    assert screen.side is Side.MOVEMENTS


def test_a_label_is_printed_on_the_chosen_paper(office: OfficeInMemory) -> None:
    lot_id = receive(office)
    screen = lot_page(office, lot_id)
    asyncio.run(screen.begin_label())
    assert screen.label is not None
    screen.label.choose(LabelPaper.SMALL)
    file = asyncio.run(screen.label.file())
    assert file is not None
    assert file.content == f"SMALL {lot_id}".encode()
    screen.end_label()
    assert screen.label is None


def test_a_label_that_cannot_be_made_takes_nothing_back(office: OfficeInMemory) -> None:
    screen = lot_page(office, receive(office))
    asyncio.run(screen.begin_label())
    office.fault = Problem("NoLabelKey", "Ce poste n’a pas de clé d’étiquettes.")
    assert screen.label is not None
    assert asyncio.run(screen.label.file()) is None
    assert screen.label.not_printed == (
        f"Étiquette non imprimée{NB}; l’enregistrement est bien fait. "
        "Ce poste n’a pas de clé d’étiquettes."
    )
    assert asyncio.run(screen.label.file()) is not None, "tried again"


def test_every_paper_has_its_words() -> None:
    assert [each.words for each in LabelPaper] == ["100 × 50 mm", "50 × 30 mm", "Planche de 24"]
