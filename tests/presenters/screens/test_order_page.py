"""One production order: what it takes, what is asked before it is recorded, who may do what."""

import asyncio
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from manchengo import Role
from manchengo import commands as c
from manchengo.domain.ids import ProductionOrderId
from manchengo.domain.lot.commands import Expiry
from manchengo_presenters.screens.office import SignedIn
from manchengo_presenters.screens.order_detail import OrderDetail
from manchengo_presenters.screens.order_forms import (
    CompleteForm,
    EndForm,
    PourForm,
    TakeBackForm,
)
from manchengo_presenters.screens.order_page import OrderPage, Step
from manchengo_presenters.screens.scans import Looked
from manchengo_presenters.screens.screen import Screen
from tests.support.making import bring, order_page, plan, start, with_cheese
from tests.support.office_in_memory import (
    TODAY,
    OfficeInMemory,
    WindowInMemory,
    context,
    execute,
)
from tests.support.receiving import receive

NB = "\u00a0"
DRIVER = SignedIn(name="karim", roles=frozenset({Role.DRIVER}))


def seen(screen: OrderPage) -> OrderDetail:
    assert screen.detail is not None
    return screen.detail


def steps(screen: OrderPage) -> tuple[Step, ...]:
    return screen.steps


def next_step(screen: OrderPage) -> Step | None:
    return screen.next_step


def yesterday() -> date:
    return TODAY - timedelta(days=1)


def pouring(screen: OrderPage) -> PourForm:
    screen.begin_pouring()
    assert isinstance(screen.form, PourForm)
    return screen.form


def completing(screen: OrderPage) -> CompleteForm:
    asyncio.run(screen.take(Step.COMPLETE))
    assert isinstance(screen.form, CompleteForm)
    return screen.form


def running(*litres: str, kilograms: int = 20) -> tuple[OfficeInMemory, ProductionOrderId]:
    """An order that runs, into which all that it takes was poured."""
    office, _lots = with_cheese(*litres)
    order_id = start(office, kilograms)
    screen = order_page(office, order_id)
    while not seen(screen).is_poured:
        pouring(screen)
        asyncio.run(screen.confirm())
        assert screen.form is None
    return office, order_id


def test_a_planned_order_says_what_it_would_take_and_why_not_others() -> None:
    office, lots = with_cheese("60", "80", "540")
    execute(office, c.BlockLot(lot_id=lots[1], on=TODAY, reason="antibiotiques"))
    screen = order_page(office, plan(office, 20))
    detail = seen(screen)
    assert detail.facts[:3] == (
        ("Prévu pour le", "24/11/2026"),
        ("Prévu", f"20{NB}kg"),
        ("Selon la recette", f"19,6{NB}kg"),
    )
    (milk,) = detail.materials
    assert (milk.name, milk.needed, milk.missing) == ("Lait de vache", f"200{NB}L", "")
    assert [lot.amount for lot in milk.picks] == [f"60{NB}L", f"140{NB}L"]
    assert [lot.why for lot in milk.skipped] == ["bloqué"]
    assert steps(screen) == (Step.START, Step.CANCEL)
    assert next_step(screen) is Step.START


def test_what_is_missing_is_said_and_a_start_is_not_offered() -> None:
    office, _lots = with_cheese("188")
    order_id = plan(office, 20)
    screen = order_page(office, order_id)
    (milk,) = seen(screen).materials
    assert milk.missing == f"Lait de vache{NB}: il manque 12{NB}L."
    assert seen(screen).is_short
    assert steps(screen) == (Step.CANCEL,)
    assert next_step(screen) is None
    asyncio.run(screen.start())
    assert screen.problem is not None
    assert screen.problem.name == "NotEnoughMaterials"
    receive(office, "12")
    asyncio.run(screen.load())
    assert steps(screen) == (Step.START, Step.CANCEL)


def test_an_order_is_started_poured_and_completed() -> None:
    office, _lots = with_cheese("60", "540")
    window = WindowInMemory()
    screen = order_page(office, plan(office, 20), window)
    asyncio.run(screen.confirm())
    assert seen(screen).status == "started"
    assert next_step(screen) is Step.POUR

    form = pouring(screen)
    assert form.values["quantity"] == "60"
    assert form.quantity_label == "Quantité (L)"
    assert form.question == ""
    asyncio.run(screen.confirm())
    assert window.done[-1].sentence == f"Versé dans OF-1{NB}: 60{NB}L de MP-20261124-001."
    assert pouring(screen).values["quantity"] == "140"
    asyncio.run(screen.confirm())
    (milk,) = seen(screen).materials
    assert (milk.poured, milk.share) == (f"200{NB}L", 1.0)
    assert next_step(screen) is Step.COMPLETE

    form_ = completing(screen)
    assert form_.obtained_hint == f"Selon la recette{NB}: 19,6{NB}kg."
    form_.put("obtained", "19")
    form_.put("by_product_P002", "150")
    form_.put("lost", "0,4")
    form_.put("loss_reason", "moule cassé")
    asyncio.run(screen.confirm())
    detail = seen(screen)
    assert screen.form is None
    assert [(each.product, each.quantity, each.role) for each in detail.outputs] == [
        ("Tomme", f"19{NB}kg", ""),
        ("Petit-lait", f"150{NB}L", "sous-produit"),
    ]
    assert ("Rendement", f"96,9{NB}% de la recette") in detail.facts
    assert ("Perdu", f"0,4{NB}kg") in detail.facts
    assert steps(screen) == (Step.REOPEN,)
    asyncio.run(screen.open_lot(detail.outputs[0].lot_id))
    assert window.went == [(Screen.LOT, detail.outputs[0].lot_id)]


def test_another_lot_is_asked_about_and_takes_a_reason() -> None:
    office, _lots = with_cheese("200")
    order_id = start(office, 20)
    other = receive(office, "90")
    screen = order_page(office, order_id)
    form = pouring(screen)
    form.choose("lot", str(other))
    assert form.values["quantity"] == "90"
    assert form.question == f"Proposé{NB}: MP-20261124-001. Prendre celui-ci{NB}?"
    asyncio.run(form.confirm())
    assert list(form.errors) == ["reason"]
    form.choose_reason("Ce lot était déjà ouvert")
    assert form.errors == {}
    asyncio.run(form.confirm())
    (line,) = seen(screen).poured
    assert (line.quantity, line.reason) == (f"90{NB}L", "Ce lot était déjà ouvert")


def test_a_proposed_lot_that_is_older_is_said_to_be() -> None:
    office, _lots = with_cheese()
    bring(office, 200, days_ago=1)
    screen = order_page(office, start(office, 20))
    other = receive(office, "90")
    asyncio.run(screen.load())
    form = pouring(screen)
    form.choose("lot", str(other))
    assert form.question == f"Proposé{NB}: MP-1, plus ancien. Prendre celui-ci{NB}?"


def test_a_lot_that_may_not_leave_any_more_is_named_and_not_poured() -> None:
    office, _lots = with_cheese()
    lot_id = bring(office, 200, days_ago=1)
    screen = order_page(office, start(office, 20))
    correction = c.CorrectLot(
        lot_id=lot_id, on=TODAY, reason="étiquette relue", expiry=Expiry(yesterday())
    )
    execute(office, correction)
    asyncio.run(screen.load())
    (lot,) = seen(screen).materials[0].picks
    assert lot.unfit == "périmé"
    asyncio.run(pouring(screen).confirm())
    assert screen.form is not None
    assert list(screen.form.errors) == ["lot"]


def test_a_label_that_is_scanned_is_poured_next() -> None:
    office, lots = with_cheese("60", "200")
    view: Any = type("View", (), {"code": ""})
    milk, other = (Looked(view=view, subject=each) for each in (lots[1], UUID(int=0)))
    screen = order_page(office, plan(office, 20))
    assert not asyncio.run(screen.scanned(milk))
    asyncio.run(screen.start())
    assert not asyncio.run(screen.scanned(other))
    assert screen.form is None
    assert asyncio.run(screen.scanned(milk))
    assert isinstance(screen.form, PourForm)
    assert screen.form.values["lot"] == str(lots[1])


def test_what_was_poured_by_mistake_is_taken_back() -> None:
    office, _lots = with_cheese("200")
    screen = order_page(office, start(office, 20))
    asyncio.run(pouring(screen).confirm())
    (line,) = seen(screen).poured
    screen.begin_taking_back(line.lot_id)
    form = screen.form
    assert isinstance(form, TakeBackForm)
    assert form.title == f"Reprendre ce qui a été versé de {line.code}"
    form.put("quantity", "500")
    asyncio.run(screen.confirm())
    assert list(form.errors) == ["quantity"]
    form.put("quantity", "20")
    asyncio.run(screen.confirm())
    assert seen(screen).materials[0].poured == f"180{NB}L"
    screen.begin_taking_back(line.lot_id)
    asyncio.run(screen.confirm())
    assert seen(screen).poured == ()
    assert steps(screen) == (Step.POUR, Step.CANCEL), "nothing can come out of it"


def test_a_pouring_that_is_taken_back_at_once_is_there_to_be_corrected() -> None:
    office, _lots = with_cheese("200")
    window = WindowInMemory()
    screen = order_page(office, start(office, 20), window)
    form = pouring(screen)
    form.put("quantity", "20")
    asyncio.run(form.confirm())
    assert window.done[-1].can_be_taken_back
    assert window.restore is not None
    window.restore()
    assert screen.form is form
    assert form.values["quantity"] == "20"


def test_an_unlikely_yield_is_doubted_before_it_is_recorded() -> None:
    office, order_id = running("200")
    screen = order_page(office, order_id)
    form = completing(screen)
    form.put("obtained", "9,8")
    asyncio.run(form.confirm())
    (doubt,) = form.doubts
    assert f"19,6{NB}kg" in doubt
    assert form.button == "Enregistrer quand même"
    assert seen(order_page(office, order_id)).status == "started"

    form.put("obtained", "19")
    assert form.doubts == ()
    form.put("obtained", "9,8")
    asyncio.run(form.confirm())
    asyncio.run(form.confirm())
    assert seen(screen).status == "completed"


@pytest.mark.parametrize(
    ("field", "text", "beside"),
    [
        ("obtained", "", "obtained"),
        ("obtained", "beaucoup", "obtained"),
        ("lost", "1", "loss_reason"),
        ("expires", "23/11/2026", "expires"),
        ("by_product_P002", "0", "by_product_P002"),
    ],
)
def test_what_is_wrong_with_an_end_stands_beside_its_field(
    field: str, text: str, beside: str
) -> None:
    office, order_id = running("200")
    form = completing(order_page(office, order_id))
    form.put("obtained", "19")
    form.put(field, text)
    asyncio.run(form.confirm())
    assert list(form.errors) == [beside]
    assert form.problem is None


def test_an_order_is_cancelled_and_reopened_with_a_reason() -> None:
    office, _lots = with_cheese("200")
    screen = order_page(office, start(office, 20))
    asyncio.run(screen.take(Step.CANCEL))
    form = screen.form
    assert isinstance(form, EndForm)
    assert (form.button, form.title[:8]) == ("Annuler l’ordre", "Annuler ")
    asyncio.run(screen.confirm())
    assert list(form.errors) == ["reason"]
    form.put("reason", "cuve en panne")
    asyncio.run(screen.confirm())
    assert seen(screen).status == "cancelled"
    assert ("Motif", "cuve en panne") in seen(screen).facts
    asyncio.run(screen.take(Step.REOPEN))
    assert isinstance(screen.form, EndForm)
    assert screen.form.button == "Rouvrir"
    screen.form.put("reason", "annulé trop tôt")
    asyncio.run(screen.confirm())
    assert seen(screen).status == "started"


def test_a_form_that_is_left_records_nothing_and_one_in_use_keeps_what_was_typed() -> None:
    office, _lots = with_cheese("200")
    screen = order_page(office, start(office, 20))
    form = pouring(screen)
    form.put("quantity", "20")
    asyncio.run(screen.load())
    assert form.values["quantity"] == "20"
    screen.leave_form()
    assert screen.form is None
    assert seen(screen).poured == ()


def test_who_may_not_produce_is_offered_nothing_and_refused_if_forced() -> None:
    office, _lots = with_cheese("200")
    order_id = plan(office, 20)
    theirs = OrderPage(context(office, who=DRIVER), order_id)
    asyncio.run(theirs.load())
    assert theirs.steps == ()
    asyncio.run(theirs.take(Step.CANCEL))
    assert theirs.form is None
    office.roles = DRIVER.roles
    asyncio.run(theirs.start())
    assert theirs.problem is not None
    assert theirs.problem.name == "NotPermitted"


def test_every_step_has_its_words() -> None:
    assert [each.words for each in Step] == [
        "Lancer",
        "Verser",
        "Terminer",
        "Annuler l’ordre",
        "Rouvrir",
    ]


def test_what_is_pressed_while_the_order_is_read_anew_is_not_lost() -> None:
    office, _lots = with_cheese("200")
    screen = order_page(office, plan(office, 20))
    read = screen._read

    def read_while_somebody_presses() -> OrderDetail:
        assert not screen.is_busy
        return read()

    screen._read = read_while_somebody_presses  # type: ignore[method-assign]  # in the middle of it
    asyncio.run(screen.load())
    assert seen(screen).status == "planned"


def test_why_a_step_was_refused_stays_while_the_order_is_read_anew() -> None:
    office, _lots = with_cheese("188")
    screen = order_page(office, plan(office, 20))
    asyncio.run(screen.start())
    asyncio.run(screen.load())
    assert screen.problem is not None
    asyncio.run(screen.take(Step.CANCEL))
    assert screen.problem is None, "another step is begun"
