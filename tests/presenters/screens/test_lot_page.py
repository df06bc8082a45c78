"""One lot: what it holds, what happened to it, what may be decided about it."""

import asyncio

import pytest

from manchengo import Quantity, Role
from manchengo import commands as c
from manchengo.domain.ids import LotId
from manchengo.domain.values import Unit
from manchengo_presenters.screens.lot_page import Judgement, LotDetail, LotPage
from manchengo_presenters.screens.office import SignedIn
from manchengo_presenters.screens.tones import Tone
from tests.support.office_in_memory import TODAY, OfficeInMemory, context, execute, with_milk
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
